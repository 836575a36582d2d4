"""What clients say in words of their own: stars, thanks, «sí, acepto», «¿en qué va mi ticket?»; and what is not."""

from __future__ import annotations

import pytest

from mailgate.desk.decision import Outcome
from mailgate.desk.effects import Rate
from mailgate.desk.facts import Facts, Status
from mailgate.desk.lifecycle import Happening
from mailgate.desk.requests import Ask, find_request
from mailgate.desk.standing import Rank
from mailgate.desk.stars import find_stars
from tests.desk.deciding import ANA, DESK, written
from tests.desk.test_clients_words import TICKET, replace, says

TAG = "[#{number}]"
REPLY = "Re: [#1042] La nómina no cierra"
CLOSED = replace(TICKET, status=Status.CLOSED)


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("5 gracias", 5),
        ("5. Excelente servicio", 5),
        ("5 excelente servicio, Ana es muy buena", 5),
        ("Un 4", 4),
        ("cinco", 5),
        ("Cinco estrellas", 5),
        ("Les doy 4 estrellas", 4),
        ("le pongo 3 por la demora", 3),
        ("Excelente atencion, calificacion 5", 5),
        ("1 pesimo", 1),
        ("2 muy demorado", 2),
        ("3, se demoraron mucho en contestar", 3),
        ("1, no contestan nunca", 1),
        ("4/5 buen servicio", 4),
        ("5\n\nMuy amables\nJuan Pérez", 5),
        ("5 stars, great service", 5),
        ("4 - good but slow", 4),
    ],
)
def test_stars_are_given_in_many_words_and_open_nothing(text: str, stars: int) -> None:
    decision = says(text, CLOSED)
    assert decision.effects == (Rate("juan@empresa.co", stars),)
    assert decision.happening is Happening.NOTED
    assert [order.letter for order in decision.letters] == ["notice-comment"]  # somebody reads the words


@pytest.mark.parametrize(
    "text",
    [
        "5 facturas quedaron mal",
        "2 usuarios no pueden entrar y el servicio esta lento",
        "1. No abre bien\n2. El servicio falla",
        "3 veces intenté y mal",
        "5 de enero quedo bien",
        "les doy 2 ejemplos",
        "El error 5 sigue",
        "1 solo usuario no puede entrar",
        "una cosa mas, el servicio web",
        "¿5 estrellas?",
        "4.5 es el IVA malo",
    ],
)
def test_what_counts_other_things_is_no_judgement(text: str) -> None:
    assert find_stars(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "oki gracias",
        "Ya quedo muchas grasias",
        "👍",
        "👍🏻 🙏",
        "Mil gracias doña Ana",
        "Muchas gracias por su oportuna respuesta y colaboración",
        "Mil gracias Ana, eres la mejor",
        "ya esta gracias",
        "Todo bien, gracias",
        "Muito obrigado",
    ],
)
def test_thanks_of_whatever_words_reopen_nothing(text: str) -> None:
    assert says(text, CLOSED).happening is Happening.NOTED


@pytest.mark.parametrize(
    "text",
    [
        "gracias me colaboran con la factura",
        "gracias, la factura salió con otro valor",
        "Gracias, no abre",
        "1 sigue fallando",
        "5, pero sigue fallando el cierre",
        "😡",
        "No señora sigue fallando",
    ],
)
def test_who_asks_or_says_that_it_fails_is_heard(text: str) -> None:
    assert says(text, CLOSED).happening is not Happening.NOTED


@pytest.mark.parametrize(
    ("text", "ask", "number"),
    [
        ("Sí, acepto", Ask.ACCEPT, 1042),
        ("ok acepto la tarifa, gracias", Ask.ACCEPT, 1042),
        ("Acepto el cobro", Ask.ACCEPT, 1042),
        ("¿Cuál es el estado de mi ticket?", Ask.STATUS, 1042),
        ("Estado?", Ask.STATUS, 1042),
        ("cómo va mi solicitud?", Ask.STATUS, 1042),
        ("Buenas tardes me pueden decir el estado del ticket 77 por favor", Ask.STATUS, 77),
        ("What is the status of my ticket?", Ask.STATUS, 1042),
        ("ES URGENTE POR FAVOR", Ask.URGENT, 1042),
        ("URGENTE: no puedo facturar", Ask.URGENT, 1042),
        ("Necesito servicio prioritario", Ask.URGENT, 1042),
        ("Reabran el ticket por favor", Ask.REOPEN, 1042),
        ("No más mensajes por favor", Ask.STOP, 1042),
        ("ya se soluciono el inconveniente muchas gracias", Ask.SOLVED, None),
        ("se soluciono el problema de la impresora", Ask.SOLVED, None),
        ("Todo ok gracias", Ask.SOLVED, None),
    ],
)
def test_our_words_among_courtesies(text: str, ask: Ask, number: int | None) -> None:
    found = find_request(REPLY, text, TAG)
    assert found is not None
    assert (found.ask, found.number) == (ask, number)


@pytest.mark.parametrize(
    "text",
    [
        "¿Acepto?",
        "No acepto",
        "Acepto pero sin IVA",
        "Ayuda por favor",
        "no es urgente",
        "¿Es urgente?",
        "El estado de cuenta del cliente no sale",
        "¿Cuál es el estado de la factura electrónica 1020 que no transmite?",
        "no reabran el ticket",
        "Buenas noticias",
        "Se solucionó la mitad",
    ],
)
def test_what_only_sounds_like_them_is_read_by_a_person(text: str) -> None:
    assert find_request(REPLY, text, TAG) is None


@pytest.mark.parametrize(
    "text",
    [
        "👍\n\nJuan Peña reaccionó mediante Gmail",
        "❤️\n\nJuan Peña reacted via Gmail",
        "👎\n\nJuan Peña reaccionó mediante Gmail",
        "Juan Peña reaccionó a tu mensaje:\n\n👍",
        "[Like]  Juan Peña reacted to your message:",
    ],
)
def test_a_tapped_reaction_opens_nothing_and_an_agents_reaches_no_client(text: str) -> None:
    for ticket in (TICKET, CLOSED):
        decision = says(text, ticket)
        assert (decision.outcome, decision.happening) == (Outcome.COMMENT, Happening.NOTED)
        assert [order.letter for order in decision.letters] == ["notice-comment"]
    tapped = written(text, ANA.address, Rank.AGENT, Facts(agent=ANA, ticket=TICKET, desk=DESK))
    assert (tapped.outcome, tapped.letters) == (Outcome.NOTE, ())
    assert find_request(REPLY, "El cliente reaccionó a su mensaje de ayer con otra pregunta", TAG) is None


def test_a_subject_that_begins_with_urgent_gets_the_tariff_and_a_reply_to_it_does_not() -> None:
    told = [order.letter for order in says("Desde ayer.", subject="URGENTE no puedo facturar").letters]
    assert told == ["acknowledgement", "notice-new", "urgent-offer"]
    assert find_request("Re: [#7] URGENTE no puedo facturar", "Va el pantallazo", TAG) is None
    again = says("URGENTE", replace(TICKET, urgent=True))
    assert "urgent-offer" not in [order.letter for order in again.letters]
