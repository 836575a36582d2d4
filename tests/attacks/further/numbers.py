"""Which ticket: numbers of others, numbers that are none, references and copies that give nothing."""

from __future__ import annotations

from tests.attacks.further import ANA, CLIENT, CURIOUS, EVIL, OTHER, Case, mail, verdict


def CASES() -> list[Case]:
    return [
        Case(
            "B02-other-clients-ticket",
            "a contact of one client writes on the other's number, and asks for its state",
            mail(CLIENT, "ESTADO [#1235]", "estado del ticket 1235\r\n"),
            (
                ["ticket_unchanged", 1235],
                ["outgoing_text_absent", "SECRETO-OTRA"],
                ["outgoing_text_absent", "nomina"],
                ["no_outgoing_to", OTHER],
            ),
            "quarantine",
            ["accept"],
            CLIENT,
        ),
        Case(
            "B04-other-digits",
            "Arabic-Indic and full-width digits in the token",
            mail(CURIOUS, "Re: [#١٢٣٤] [#１２３４]", "hola\r\n"),
            (["ticket_unchanged", 1234], ["survive", 2, 300], ["next_mail_ok"]),
            "accept",
            ["quarantine"],
            CURIOUS,
        ),
        Case(
            "B05-twenty-digits",
            "a number that overflows 64 bits",
            mail(CLIENT, "[#99999999999999999999] factura", "hola\r\n"),
            (["ticket_unchanged", 1234], ["survive", 2, 300], ["next_mail_ok"]),
            "accept",
            ["quarantine"],
            CLIENT,
        ),
        Case(
            "B09-two-subjects",
            "two Subject headers, each with a number",
            mail(OTHER, "[#1235] mio", "hola\r\n", more="Subject: [#1234] suyo\r\n"),
            (["ticket_unchanged", 1234], ["survive", 2, 300], ["next_mail_ok"]),
            "accept",
            ["quarantine", "reject"],
            OTHER,
        ),
        Case(
            "B10-forged-reference",
            "In-Reply-To in our form, with a made-up HMAC, and a reply address likewise",
            mail(
                CURIOUS,
                "Re: su respuesta",
                "hola\r\n",
                more="In-Reply-To: <t1234.aaaaaaaa.bbbbbbbbbbbbbbbb@apolosoft.example>\r\n"
                "References: <t1234.1@apolosoft.example> <t1234.aaaaaaaa.bbbbbbbbbbbbbbbb@apolosoft.example>\r\n",
                to="soporte+t1234.aaaaaaaa.bbbbbbbbbbbbbbbb@apolosoft.example",
            ),
            (["ticket_unchanged", 1234], ["no_outgoing_to", CLIENT], ["outgoing_text_absent", "Falla al facturar"]),
            "quarantine",
            ["accept"],
            CURIOUS,
        ),
        Case(
            "B12-agent-names-two",
            "an agent's answer whose subject names two tickets must reach no wrong client",
            mail(ANA, "Re: [#1234] [#1235] Falla", "SOLO-PARA-UNO\r\n"),
            (["no_outgoing_to", OTHER],),
            "quarantine",
            ["accept"],
            ANA,
        ),
        Case(
            "B13-cc-does-not-join",
            "the client's mail has a stranger in Cc: he gets nothing, now or later",
            mail(CLIENT, "Re: [#1234] Falla al facturar", "sigue igual\r\n", more=f"Cc: {EVIL}\r\n"),
            (["no_outgoing_to", EVIL], ["no_new_ticket"]),
            "accept",
            (),
            CLIENT,
        ),
        Case(
            "B15-ticket-trick",
            "a third service's verification mail to the desk: no ticket of anybody, no answer",
            mail(
                "no-reply@servicio.example",
                "Confirme su cuenta",
                "Su enlace: https://servicio.example/verificar?t=CODIGO-778\r\n",
                top=verdict("servicio.example"),
            ),
            (["no_outgoing"], ["outgoing_text_absent", "CODIGO-778"], ["ticket_unchanged", 1234]),
            "quarantine",
            ["ignore"],
            "no-reply@servicio.example",
        ),
        Case(
            "B17-verification-onto-ticket",
            "the same with a ticket's number in the subject, as the trick needs it",
            mail("no-reply@servicio.example", "Confirme su cuenta [#1234]", "Codigo CODIGO-779\r\n"),
            (["no_outgoing_to", CLIENT], ["ticket_unchanged", 1234], ["outgoing_text_absent", "CODIGO-779"]),
            "quarantine",
            ["ignore"],
            "no-reply@servicio.example",
        ),
    ]
