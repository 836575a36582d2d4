"""A client's mail on a ticket that is over: it opens again, becomes another one, or changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from mailgate.desk.decision import Decision, Outcome, Reason
from mailgate.desk.facts import Facts, Status, TicketFacts
from mailgate.desk.standing import Rank
from tests.desk.deciding import ANA, CONTACT, JUAN, NOW, TICKET, picture, row, written
from tests.desk.test_filing import FILED

SAME = "La impresora de recepción sigue sin imprimir las facturas."
OTHER = "Necesitamos crear usuarios nuevos para contabilidad y nómina, con permisos distintos."
OVER = replace(
    TICKET,
    status=Status.CLOSED,
    closed_at=NOW - timedelta(days=3),
    said="La impresora de recepción no imprime facturas",
)


def says(text: str, ticket: TicketFacts = OVER, **more: object) -> Decision:
    facts = {name: more.pop(name) for name in list(more) if name in Facts.__slots__}
    known = Facts(contact=CONTACT, ticket=ticket, received_at=NOW, **facts)  # type: ignore[arg-type]
    return written(text, JUAN, Rank.PARTICIPANT, known, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", [Status.SOLVED, Status.CLOSED])
def test_the_same_matter_opens_it_again_and_another_one_is_a_new_ticket_tied_to_it(status: Status) -> None:
    over = replace(OVER, status=status)
    assert row(says(SAME, over)) == "comment client-wrote: reopened notice-comment"
    other = says(OTHER, over)
    assert (row(other), other.reason) == ("ticket opened: linked notice-new", Reason.OTHER_MATTER)
    assert (other.linked_to, other.detail) == (1042, "after #1042: 0% of its words in common")


def test_after_fifteen_days_even_the_same_matter_is_a_new_ticket() -> None:
    for ended, reopens in ((timedelta(days=15), True), (timedelta(days=15, seconds=1), False)):
        late = says(SAME, replace(OVER, closed_at=NOW - ended))
        assert (late.outcome is Outcome.COMMENT) is reopens
    assert (late.reason, late.detail) == (Reason.TOO_LATE, "after #1042: closed on 2026-11-08")
    assert says(SAME, replace(OVER, closed_at=NOW - timedelta(days=4)), reopen_days=3).reason is Reason.TOO_LATE
    assert says(SAME, replace(OVER, closed_at=None)).outcome is Outcome.COMMENT


def test_the_word_opens_it_again_whatever_else_is_said() -> None:
    again = says(f"REABRIR\n\n{OTHER}")
    assert (row(again), again.reason) == ("comment client-wrote: reopened notice-comment", Reason.REOPENED)


def test_who_opens_it_again_and_again_within_a_day_is_kept_for_an_agent_to_look() -> None:
    for times, reopens in ((2, True), (3, False)):
        often = says(SAME, reopened_today=times)
        assert (often.reason is not Reason.REOPENED_OFTEN) is reopens
    assert row(often) == "comment noted: comment-received notice-comment"
    assert says(SAME, reopened_today=3, released_by=ANA.address).reason is not Reason.REOPENED_OFTEN
    assert says(OTHER, reopened_today=3).reason is Reason.OTHER_MATTER


def test_a_pqrs_stays_one_whatever_is_written_on_it_and_so_does_what_an_agent_lets_in() -> None:
    over = replace(FILED, status=Status.CLOSED, closed_at=NOW - timedelta(days=90), said="Cobro doble")
    assert says(OTHER, over).outcome is Outcome.COMMENT
    assert says(OTHER, released_by=ANA.address).outcome is Outcome.COMMENT


WORDS = {
    "Ya se solucionó": "comment noted: notice-comment",
    "Muchas gracias": "comment noted: notice-comment",
    "4 estrellas": "comment noted: ",
    "2 estrellas": "comment noted: notice-comment",  # an agent should know
}


@pytest.mark.parametrize("text", WORDS)
def test_thanks_and_stars_open_nothing(text: str) -> None:
    assert row(says(text)) == WORDS[text]


def test_who_sends_files_wants_them_looked_at_whatever_the_word() -> None:
    files = says("Ya se solucionó", replace(TICKET, status=Status.OPEN), attachments=(picture("factura.png"),))
    assert row(files) == "comment client-wrote: comment-received notice-comment"
    logo = says("Ya se solucionó", replace(TICKET, status=Status.OPEN), attachments=(picture("logo.png", "1@x"),))
    assert logo.reason is Reason.SOLVED
