"""What clients' few words are taken for: 80 sentences that say solved, thanks, or that it still fails."""

from __future__ import annotations

import pytest

from mailgate.desk.requests import Ask, find_request, tells_nothing

TAG = "[#{number}]"
REPLY = "Re: [#1042] La nómina no cierra"

SOLVED = """
Ya se solucionó.
Ya se solucionó, muchas gracias.
Quedó listo, gracias
Ya quedó, mil gracias Ana
Listo, ya funciona. Gracias!
Ya me funciona perfecto, gracias por su ayuda.
Buenos días: ya quedó solucionado. Feliz día.
El problema ya se solucionó
La nómina ya quedó lista, gracias
El problema con la impresora se resolvió. Muchas gracias.
Todo quedó funcionando perfecto, muy amables
Solucionado, gracias
Pueden cerrar el caso, gracias.
Por favor cerrar el ticket. Ya lo solucionamos.
Ya pude ingresar, gracias
Ya no sale el error. Gracias.
Hola Ana, con eso funcionó. Dios la bendiga.
Excelente, ya imprime bien
It is working now, thank you!
That fixed it, thanks a lot.
The problem is solved. Thanks
You can close the ticket.
"""
THANKED = """
Muchas gracias, quedo atento.
Mil gracias!
Gracias por su pronta respuesta
Ok, gracias
Listo, muchas gracias
Perfecto, quedamos pendientes
Muy amable, feliz tarde.
Buenas tardes. Muchas gracias por la atención prestada.
Gracias Luis
Excelente servicio, que Dios los bendiga
Recibido, gracias
De acuerdo, muchas gracias. Cordial saludo.
Vale, quedo atenta a su respuesta
Agradezco su colaboración
Thanks!
Thank you so much for your help
Great, thanks. Have a nice day.
Understood, many thanks
"""
BROKEN = """
Todavía no funciona.
Ya no funciona
Sigue igual, gracias
No se ha solucionado
Gracias, pero sigue saliendo el error
Ya se solucionó pero ahora no imprime
¿Ya se solucionó?
Espero que se solucione pronto, gracias
Cuando esté solucionado me avisan
Se solucionó a medias
La mitad se solucionó
No quedó bien
Quedó igual
No quedó solucionado, gracias
Aún no me deja entrar
No ha quedado listo
Ya funciona la factura, falta la nómina
Funcionó un rato y volvió a fallar
Ayer quedó listo y hoy no abre
Ya lo reinicié y nada
Por favor solucione
Solucione por favor
Esto no está solucionado
Ya no abre
Ya no imprime, gracias
Muchas gracias, quedo atento a que lo solucionen
Gracias. El error ahora es otro.
Solucionado no está
Dicen que ya se solucionó y mentira
Listo, y la otra factura cuándo?
Casi todo quedó listo
Ya quedó listo el reporte, el otro no
It still does not work, thanks
It is not fixed
Is it fixed?
It worked yesterday, today it fails
Thanks, but the error is back
Not solved
Fixed? No.
Please fix it, thank you
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def test_there_are_eighty_sentences() -> None:
    assert len(lines(SOLVED) + lines(THANKED) + lines(BROKEN)) == 80


@pytest.mark.parametrize("sentence", lines(SOLVED))
def test_who_says_that_it_is_solved_is_understood(sentence: str) -> None:
    found = find_request(REPLY, sentence, TAG)
    assert found is not None
    assert found.ask is Ask.SOLVED


@pytest.mark.parametrize("sentence", lines(THANKED))
def test_thanks_are_thanks_and_nothing_more(sentence: str) -> None:
    found = find_request(REPLY, sentence, TAG)
    assert found is not None
    assert found.ask is Ask.THANKS


@pytest.mark.parametrize("sentence", lines(BROKEN))
def test_who_says_that_it_still_fails_is_read_by_a_person(sentence: str) -> None:
    assert find_request(REPLY, sentence, TAG) is None


@pytest.mark.parametrize(
    ("subject", "text", "ask", "number"),
    [
        ("ESTADO", "", Ask.STATUS, None),
        ("estado del ticket 1042", "", Ask.STATUS, 1042),
        ("Estado", "Buenos días, muchas gracias.", Ask.STATUS, None),
        ("[#1042] ESTADO", "ESTADO", Ask.STATUS, 1042),
        ("Consulta", "Estado del ticket #1042\n\nGracias", Ask.STATUS, 1042),
        ("status of ticket 7", "", Ask.STATUS, 7),
        ("MIS TICKETS", "", Ask.MY_TICKETS, None),
        ("", "mis tickets", Ask.MY_TICKETS, None),
        ("Noticias", "", Ask.NEWS, None),
        (REPLY, "SOLUCIONADO", Ask.SOLVED, 1042),
        (REPLY, "Reabrir\n\nSigue saliendo el error 512", Ask.REOPEN, 1042),
        (REPLY, "ACEPTO", Ask.ACCEPT, 1042),
        (REPLY, "BAJA", Ask.STOP, 1042),
        (REPLY, "5", Ask.RATE, 5),
        (REPLY, "★★★★", Ask.RATE, 4),
        (REPLY, "Calificación: 3", Ask.RATE, 3),
        (REPLY, "CERRADO YA", Ask.UNKNOWN, None),
        ("URGENTE", "No puedo facturar desde ayer y hay cola", Ask.URGENT, None),
    ],
)
def test_our_words_count_in_the_first_line_or_a_new_subject(
    subject: str, text: str, ask: Ask, number: int | None
) -> None:
    found = find_request(subject, text, TAG)
    assert found is not None
    assert (found.ask, found.number) == (ask, number)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: [#7] URGENTE", "Ya les mando el pantallazo que pidieron"),  # the ticket's own subject, in a reply
        (REPLY, "7"),
        (REPLY, "El código es 5"),
        ("Ayuda", "No funciona"),
        ("ESTADO", "no me abre"),
        ("Estado de cuenta", "Por favor envíen el estado de cuenta de enero"),
        ("Noticias", "¿Qué noticias hay de la factura que les mandé el lunes? No ha llegado nada."),
    ],
)
def test_other_mails_are_read_by_a_person(subject: str, text: str) -> None:
    assert find_request(subject, text, TAG) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", "Buenos días, no funciona. Gracias"),
        ("Ayuda", "Necesito ayuda por favor"),
        ("URGENTE", "No me funciona el programa\n\nJuan Pérez"),
        ("No funciona", ""),
        ("Problema", "Hola, tengo un error.\nQuedo atento."),
        ("Help", "It doesn't work"),
        ("", ""),
    ],
)
def test_a_mail_that_says_nothing_is_known(subject: str, text: str) -> None:
    assert tells_nothing(subject, text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("", "No funciona la impresora de facturas desde el lunes"),
        ("Impresora", "No funciona"),
        ("Nómina", "Ayuda, por favor"),
        ("No funciona", "Sale el error 512"),
    ],
)
def test_a_mail_that_says_something_is_not_asked_for_more(subject: str, text: str) -> None:
    assert not tells_nothing(subject, text)


@pytest.mark.parametrize(
    ("text", "ask", "name"),
    [
        ("BAJA", Ask.STOP, ""),
        ("Stop", Ask.STOP, ""),
        ("ALTA", Ask.START, ""),
        ("Categoría: Nómina", Ask.CATEGORY, "nomina"),
        ("category: payroll", Ask.CATEGORY, "payroll"),
    ],
)
def test_wishes_are_understood(text: str, ask: Ask, name: str) -> None:
    found = find_request(REPLY, text, TAG)
    assert found is not None
    assert (found.ask, found.name) == (ask, name)
