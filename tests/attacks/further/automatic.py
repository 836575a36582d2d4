"""Machines that write: absences, bounces of bounces, our own mail come back, loops, many recipients."""

from __future__ import annotations

from tests.attacks.further import ANA, CLIENT, OURS, Case, mail, parts, text_part, verdict

REPLIED = "Auto-Submitted: auto-replied\r\n"


def CASES() -> list[Case]:
    report = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.example\r\n\r\n"
    report += "Final-Recipient: rfc822; mailer-daemon@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    returned = "Content-Type: message/rfc822\r\n\r\n" + mail(
        "MAILER-DAEMON@apolosoft.example", "Undelivered Mail [#1234]", "vuelve\r\n", top="", more=REPLIED
    ).decode(errors="replace")
    bounce = parts(text_part("No."), report, returned, kind="multipart/report; report-type=delivery-status")
    abuse = "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\n\r\n"
    arf = parts(text_part("queja de spam"), abuse, returned, kind="multipart/report; report-type=feedback-report")
    calendar = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:nadie@x\r\n"
        f"DTSTAMP:20260112T140000Z\r\nORGANIZER:mailto:{OURS}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{CLIENT}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    invited = parts(text_part("Aceptado"), text_part(calendar, "text/calendar; method=REPLY"))
    received = "".join(
        f"Received: from h{n}.x.example by h{n + 1}.x.example; Mon, 12 Jan 2026 09:00:00 -0500\r\n" for n in range(120)
    )
    many = "Cc: " + ",\r\n ".join(f"p{n}@tercero.example" for n in range(500)) + "\r\n"
    away = "Estoy fuera de la oficina hasta el 20 de enero.\r\n"
    return [
        Case(
            "C01-vacation-with-headers",
            "an absence that says so (RFC 3834), on an open ticket",
            mail(CLIENT, "Respuesta automatica: [#1234] Falla al facturar", away, more=REPLIED),
            (["no_outgoing"], ["no_command"], ["no_new_ticket"]),
            "ignore",
            ["accept"],
            CLIENT,
        ),
        Case(
            "C03-exchange-oof",
            "Exchange's way of saying it",
            mail(
                CLIENT,
                "Automatic reply: [#1234] Falla",
                away,
                more="X-Auto-Response-Suppress: All\r\nAuto-Submitted: auto-generated\r\n",
            ),
            (["no_outgoing"], ["no_command"], ["no_new_ticket"]),
            "ignore",
            ["accept"],
            "",
        ),
        Case(
            "C07-bounce-of-a-bounce",
            "a report about a report, null return path",
            mail("MAILER-DAEMON@x.example", "Undelivered", bounce[1], top="", mime=bounce[0]),
            (["no_outgoing"], ["no_new_ticket"], ["no_command"]),
            "ignore",
            ["accept"],
            "",
        ),
        Case(
            "C09-empty-path-plain",
            "null return path and nothing else that says a machine wrote",
            mail(
                CLIENT,
                "[#1236] Instalacion",
                "El mensaje no pudo ser entregado a su destinatario.\r\n",
                top="Return-Path: <>\r\n" + verdict("empresa.example"),
            ),
            (["no_outgoing_to", CLIENT],),
            "ignore",
            ["accept", "quarantine"],
            "",
        ),
        Case(
            "C10-auto-generated",
            "a monitoring program of the client",
            mail(CLIENT, "[ALERTA] disco lleno", "disco al 99%\r\n", more="Auto-Submitted: auto-generated\r\n"),
            (["no_outgoing"],),
            "ignore",
            ["accept"],
            CLIENT,
        ),
        Case(
            "C12-own-mail-back",
            "a letter of ours come back by a forwarder: our own From, our loop header",
            mail(
                OURS,
                "[#1234] Falla al facturar",
                "Recibimos su caso.\r\n",
                top=verdict("apolosoft.example"),
                more="X-Mailgate-Loop: aaaaaaaaaaaaaaaa\r\n" + REPLIED,
            ),
            (["no_outgoing"], ["no_new_ticket"], ["no_command"]),
            "ignore",
            ["quarantine"],
            "",
        ),
        Case(
            "C13-from-is-the-desk",
            "a stranger writes in the desk's own name, without any mark",
            mail(OURS, "Re: [#1234] Falla", "#cerrar\r\n", top=verdict("apolosoft.example", "none")),
            (["no_outgoing_to", CLIENT], ["no_outgoing_to", OURS], ["ticket_unchanged", 1234], ["no_command"]),
            "ignore",
            ["quarantine", "reject"],
        ),
        Case(
            "C15-received-loop",
            "120 Received headers",
            mail(CLIENT, "vuelta", "hola\r\n", top=verdict("empresa.example") + received),
            (["no_outgoing"], ["no_new_ticket"], ["next_mail_ok"]),
            "quarantine",
            ["reject", "ignore"],
            CLIENT,
        ),
        Case(
            "C19-five-hundred-cc",
            "an honest contact copies 500 people",
            mail(CLIENT, "para todos", "hola\r\n", more=many),
            (["outgoing_max", 3], ["no_outgoing_to", "p7@tercero.example"]),
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "C22-abuse-report",
            "a feedback report (RFC 5965) about a letter of ours",
            mail("fbl@isp.example", "abuse report", arf[1], mime=arf[0]),
            (["no_outgoing"], ["no_new_ticket"], ["no_command"]),
            "ignore",
            ["accept"],
            "fbl@isp.example",
        ),
        Case(
            "C23-vacation-on-closed",
            "an absence on a closed ticket reopens nothing",
            mail(CLIENT, "Automatic reply: [#1236] Instalacion", away, more=REPLIED),
            (["no_outgoing"], ["no_new_ticket"], ["no_command"]),
            "ignore",
            ["accept"],
            CLIENT,
        ),
        Case(
            "C24-calendar-reply",
            "an answer to an invitation that we did not send",
            mail(CLIENT, "Aceptado: reunion [#1234]", invited[1], mime=invited[0]),
            (["no_outgoing"], ["no_new_ticket"], ["no_command"]),
            "ignore",
            ["accept"],
            CLIENT,
        ),
        Case(
            "C25-agent-is-away",
            "an agent's absence must not reach the client",
            mail(ANA, "Respuesta automatica: [#1234] Falla", "Estoy de vacaciones VAC-771\r\n", more=REPLIED),
            (["no_outgoing_to", CLIENT], ["outgoing_text_absent", "VAC-771"], ["no_command"]),
            "ignore",
            ["accept"],
            ANA,
        ),
        Case(
            "C27-agent-is-away-unmarked",
            "the same without any header: its words alone tell",
            mail(ANA, "Fuera de la oficina Re: [#1234] Falla", "Estoy fuera de la oficina hasta el lunes VAC-772\r\n"),
            (["no_outgoing_to", CLIENT], ["outgoing_text_absent", "VAC-772"], ["no_command"]),
            "ignore",
            ["accept", "quarantine"],
            ANA,
        ),
    ]
