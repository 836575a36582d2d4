"""Who says to be whom: agents without proof, verdicts that speak for others, names that look like addresses."""

from __future__ import annotations

from tests.attacks.further import ANA, CLIENT, CLOSE, CURIOUS, EVIL, OURS, Case, mail, parts, text_part, verdict

HARMLESS = (["no_command"], ["ticket_unchanged", 1234], ["no_outgoing_to", CLIENT])
SILENT = (*HARMLESS, ["no_outgoing"])
FALLA = "Re: [#1234] Falla al facturar"


def CASES() -> list[Case]:
    attached = "Content-Type: message/rfc822\r\n\r\n" + mail(ANA, FALLA, CLOSE, top="").decode()
    file = "Content-Type: text/plain; name=ordenes.txt\r\nContent-Disposition: attachment\r\n\r\n#cerrar\r\n"
    head, body = parts(text_part("Ana responde: revisado, mire el adjunto."), attached, file)
    protected = (
        'Content-Type: text/plain; charset=utf-8; protected-headers="v1"\r\nFrom: ana@apolosoft.example\r\n'
        "Subject: Re: [#1234] Falla al facturar\r\n\r\n#cerrar\r\n"
    )
    signature = "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nMIIB\r\n"
    signed = parts(
        protected, signature, kind='multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256'
    )
    evil, ours = verdict("evil.example"), verdict("apolosoft.example")
    return [
        Case(
            "A02-agent-nothing-checked",
            "From an agent through our MX, which found no SPF, DKIM or DMARC at all",
            mail(ANA, FALLA, CLOSE, top=verdict("apolosoft.example", "none")),
            SILENT,
            "quarantine",
            ["reject"],
            ANA,
        ),
        Case(
            "A06-dkim-of-another",
            "dkim=pass d=evil.example says nothing of From apolosoft.example",
            mail(
                ANA,
                FALLA,
                CLOSE,
                top="Authentication-Results: mx.apolosoft.example; dkim=pass header.d=evil.example\r\n"
                "Received: from a by b; Mon, 12 Jan 2026 09:00:00 -0500\r\n",
            ),
            SILENT,
            "quarantine",
            ["reject"],
        ),
        Case(
            "A07-spf-and-dkim-of-another",
            "spf=pass and dkim=pass of the attacker's domain, whose name ends like ours; dmarc=none",
            mail(
                ANA,
                FALLA,
                CLOSE,
                top="Authentication-Results: mx.apolosoft.example; spf=pass smtp.mailfrom=notapolosoft.example;\r\n"
                " dkim=pass header.d=notapolosoft.example header.i=@apolosoft.example.evil.example; dmarc=none\r\n"
                "Received: from a by b; Mon, 12 Jan 2026 09:00:00 -0500\r\n",
            ),
            SILENT,
            "quarantine",
            ["reject"],
        ),
        Case(
            "A09-name-is-an-address",
            "the display name is the agent's address",
            mail('"ana@apolosoft.example" <evil@evil.example>', FALLA, CLOSE, top=evil),
            HARMLESS,
            "quarantine",
            ["accept"],
        ),
        Case(
            "A11-two-from-agent-second",
            "two From headers, the agent in the second",
            mail(EVIL, FALLA, CLOSE, top=evil, more=f"From: {ANA}\r\n"),
            SILENT,
            "quarantine",
            ["reject"],
        ),
        Case(
            "A12-from-list",
            "two mailboxes in one From",
            mail(f"{EVIL}, {ANA}", FALLA, CLOSE, top=evil),
            SILENT,
            "quarantine",
            ["reject"],
        ),
        Case(
            "A13-cr-hides-from",
            "a bare CR in a pad header makes a second From above the one that was checked",
            mail(EVIL, FALLA, CLOSE, top=evil + f"X-Pad: 1\rFrom: {ANA}\r\n"),
            SILENT,
            "quarantine",
            ["reject"],
        ),
        Case(
            "A14-cr-hides-verdict",
            "a bare CR in a header writes our verdict, and the agent's From",
            mail(
                ANA,
                FALLA,
                CLOSE,
                top="X-Pad: 1\rAuthentication-Results: mx.apolosoft.example; dmarc=pass "
                "header.from=apolosoft.example\r\n" + verdict("apolosoft.example", "none"),
            ),
            SILENT,
            "quarantine",
            ["reject"],
        ),
        Case(
            "A15-encoded-angle",
            "an encoded > in the name: decoded before it is parsed, it ends another address",
            mail("=?utf-8?q?ana=40apolosoft=2Eexample=3E?= <evil@evil.example>", FALLA, CLOSE, top=evil),
            HARMLESS,
            "quarantine",
            ["accept", "reject"],
        ),
        Case(
            "A17-suffix-domain",
            "our domain as the beginning of another",
            mail("ana@apolosoft.example.evil.example", FALLA, CLOSE),
            HARMLESS,
            "quarantine",
            ["accept"],
            "ana@apolosoft.example.evil.example",
        ),
        Case(
            "A20-nul-in-from",
            "a NUL inside the address",
            mail("ana@apolosoft.example\0.evil.example", FALLA, CLOSE, top=evil),
            SILENT,
            "quarantine",
            ["reject"],
        ),
        Case(
            "A22-replay-of-old-mail",
            "a genuine mail of the agent, 90 days old, sent again by somebody",
            mail(ANA, FALLA, CLOSE, date="Tue, 14 Oct 2025 09:00:00 -0500"),
            HARMLESS,
            "quarantine",
            ["reject", "ignore"],
            ANA,
        ),
        Case(
            "A26-command-in-attachment",
            "commands in an attached mail and in an attached text",
            mail(ANA, FALLA, body, mime=head),
            (["no_command"],),
            "accept",
            (),
            ANA,
        ),
        Case(
            "A29-licence-and-nit",
            "a stranger knows a client's licence and NIT, and wants its tickets",
            mail(
                CURIOUS,
                "MIS TICKETS",
                "Licencia: LIC-0002\r\nNIT: 900765432-1\r\nEnvienme el historial de mis tickets\r\n",
            ),
            (["ticket_unchanged", 1235], ["outgoing_text_absent", "SECRETO-OTRA"], ["outgoing_text_absent", "nomina"]),
            "accept",
            ["quarantine"],
            CURIOUS,
        ),
        Case(
            "A32-private-headers",
            "our own private headers, written by a stranger",
            mail(
                CURIOUS,
                FALLA,
                CLOSE,
                more="X-Mailgate-Agent: ana@apolosoft.example\r\nX-Mailgate-Loop: no\r\nX-Mailgate-Ticket: 1234\r\n"
                "X-Mailgate-Trusted: yes\r\nX-Mailgate-Role: agent\r\n",
            ),
            HARMLESS,
            "quarantine",
            ["accept"],
            CURIOUS,
        ),
        Case(
            "A33-login-name-in-header",
            "headers that other systems take for a login",
            mail(
                ANA,
                FALLA,
                CLOSE,
                top=verdict("apolosoft.example", "none"),
                more="X-Authenticated-User: ana@apolosoft.example\r\nX-Auth-User: ana@apolosoft.example\r\n"
                "Received-SPF: pass (apolosoft.example)\r\nX-Originating-IP: 127.0.0.1\r\n"
                "ARC-Authentication-Results: i=1; mx.apolosoft.example; dmarc=pass header.from=apolosoft.example\r\n",
            ),
            SILENT,
            "quarantine",
            ["reject"],
        ),
        Case(
            "A34-protected-headers",
            "From and Subject inside the signed part are the agent's",
            mail(CURIOUS, "hola", signed[1], mime=signed[0]),
            HARMLESS,
            "accept",
            ["quarantine"],
            CURIOUS,
        ),
        Case(
            "A35-agent-says-forged",
            "the domain's own DMARC says that the agent's mail is forged, another domain's DKIM passes",
            mail(ANA, FALLA, CLOSE, top=ours.replace("dmarc=pass", "dmarc=fail"), to=OURS),
            SILENT,
            "quarantine",
            ["reject"],
            ANA,
        ),
    ]
