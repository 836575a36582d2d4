"""What a client's few words do: alone they are a request, with more they are words for whoever answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailgate.desk.claims import find_claims
from mailgate.desk.decide import Decision, decide
from mailgate.desk.effects import Rate, SetMessages
from mailgate.desk.facts import ClientFacts, ContactFacts, Facts, Status, TicketFacts
from mailgate.desk.standing import Rank, Standing
from mailgate.mail.message import Address, Envelope, Message, Parts

JUAN = "juan@empresa.co"
CONTACT = ContactFacts(1, JUAN, "Juan", ClientFacts(1, "ABC123", "900123456", "Empresa", "anual", "active"), True)
TICKET = TicketFacts(1042, Status.OPEN, "Caída", JUAN, "Juan", 1, 1, frozenset({JUAN}), "es", "soporte@desk.co")


def says(text: str, ticket: TicketFacts | None = None, subject: str = "") -> Decision:
    subject = subject or ("Re: [#1042] Caída" if ticket else "La impresora no imprime")
    mail = Message(subject=subject, senders=(Address("Juan", JUAN),), parts=Parts(text))
    claims = find_claims(mail, Envelope(JUAN), "[#{number}]")
    rank = Rank.PARTICIPANT if ticket else Rank.CONTACT
    return decide(mail, claims, Facts(contact=CONTACT, ticket=ticket), Standing(rank, JUAN, ("signed",)))


def row(decision: Decision) -> str:
    happening = decision.happening.value if decision.happening else "-"
    return f"{decision.outcome} {happening}: {' '.join(order.letter for order in decision.letters)}"


OPEN = {
    "ESTADO": "request noted: status",
    "MIS TIQUETES": "request noted: my-tickets",
    "AYUDA": "request noted: client-help",
    "SOLUCIONADO": "comment client-solved: solved notice-comment",
    "Gracias": "comment noted: notice-comment",
    "REABRIR": "comment client-wrote: comment-received notice-comment",
    "URGENTE": "comment client-wrote: urgent-offer notice-comment",
    "ESTADO\n\nSigue sin imprimir y ya van tres días.": "comment client-wrote: comment-received notice-comment",
    "Sigue igual": "comment client-wrote: comment-received notice-comment",
    "Cordial saludo": "comment client-wrote: comment-received notice-comment",  # thanks are said, too, or it is none
}
SOLVED = {
    "ESTADO": "request noted: status",
    "SOLUCIONADO": "comment noted: notice-comment",
    "Gracias": "comment noted: notice-comment",
    "REABRIR": "comment client-wrote: reopened notice-comment",
    "URGENTE": "comment client-wrote: reopened urgent-offer notice-comment",
    "ESTADO\n\nSigue sin imprimir y ya van tres días.": "comment client-wrote: reopened notice-comment",
}
NEW = {
    "ESTADO": "request noted: my-tickets",
    "MIS TIQUETES": "request noted: my-tickets",
    "AYUDA": "ticket opened: acknowledgement notice-new",
    "SOLUCIONADO": "ticket opened: acknowledgement notice-new",
    "Gracias": "ticket opened: acknowledgement notice-new",
    "URGENTE": "ticket opened: acknowledgement notice-new urgent-offer",
    "ESTADO\n\nSigue sin imprimir y ya van tres días.": "ticket opened: acknowledgement notice-new",
}


@pytest.mark.parametrize("text", OPEN)
def test_words_on_an_open_ticket(text: str) -> None:
    assert row(says(text, TICKET)) == OPEN[text]


@pytest.mark.parametrize("text", SOLVED)
def test_words_on_a_ticket_that_is_over(text: str) -> None:
    assert row(says(text, replace(TICKET, status=Status.SOLVED))) == SOLVED[text]


@pytest.mark.parametrize("text", NEW)
def test_words_in_a_mail_that_tells_of_a_matter_in_its_subject(text: str) -> None:
    assert row(says(text)) == NEW[text]


@pytest.mark.parametrize(("word", "letter"), [("AYUDA", "client-help"), ("SOLUCIONADO", "my-tickets")])
def test_a_word_as_subject_and_all_of_the_text_is_a_request(word: str, letter: str) -> None:
    assert row(says(word, subject=word)) == f"request noted: {letter}"


def test_stars_are_for_a_ticket_that_is_over() -> None:
    assert says("5 ESTRELLAS", replace(TICKET, status=Status.SOLVED)).effects == (Rate(JUAN, 5),)
    assert not says("5 ESTRELLAS", TICKET).effects


@pytest.mark.parametrize(("word", "wanted"), [("BAJA", False), ("ALTA", True)])
def test_short_messages_end_and_begin_at_a_word(word: str, wanted: bool) -> None:
    assert says(word, TICKET).effects == (SetMessages(JUAN, wanted),)
    assert not says(f"{word}\n\nSigue sin imprimir y ya van tres días.", TICKET).effects


@pytest.mark.parametrize("beside", ["Juan Peña", "Gracias, Juan", "¡Saludos!", "Juan Peña\nContabilidad"])
def test_a_name_or_a_courtesy_beside_a_word_of_ours_says_nothing_more(beside: str) -> None:
    assert row(says(f"ESTADO\n\n{beside}", TICKET)) == OPEN["ESTADO"]


@pytest.mark.parametrize("beside", ["No funciona", "¿Cuándo vienen?"])
def test_a_trouble_or_a_question_beside_it_does(beside: str) -> None:
    assert row(says(f"ESTADO\n\n{beside}", TICKET)) == OPEN["Sigue igual"]
