"""What a client's mail tells beside its matter: its category, a mobile, or nothing at all (``desk/particulars.py``)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailgate.desk.decision import Decision, Outcome, Reason
from mailgate.desk.effects import NoteWrongMobile, SetCategory, SetMobile
from mailgate.desk.facts import Facts, TicketFacts
from mailgate.desk.standing import Rank
from mailgate.mail.message import Address, Forwarded
from mailgate.settings import load
from tests.desk.deciding import ANA, CONTACT, DESK, JUAN, TICKET, picture, row, written

CATEGORIES = load(None, {"MAILGATE_CATEGORIES_NAMES": '["Nómina", "Facturación"]'}).categories
FACTS = Facts(contact=CONTACT, categories=CATEGORIES)


def says(text: str, ticket: TicketFacts | None = None, *, rank: Rank | None = None, **more: object) -> Decision:
    facts = replace(FACTS, ticket=ticket, **{name: more.pop(name) for name in list(more) if name in Facts.__slots__})  # type: ignore[arg-type]
    rank = rank or (Rank.PARTICIPANT if ticket else Rank.CONTACT)
    return written(text, JUAN, rank, facts, **more)  # type: ignore[arg-type]


def test_a_mobile_is_kept_on_the_ticket() -> None:
    for ticket in (None, TICKET):
        told = says("Sigue sin imprimir la de recepción.\nCelular: 300 123 4567", ticket)
        assert told.effects == (SetMobile("+573001234567"),)


def test_what_is_given_as_a_mobile_and_is_none_is_said_so_once() -> None:
    wrong = "Sigue sin imprimir la de recepción.\nCelular: 300 123"
    comment = says(wrong, TICKET)
    assert comment.effects == (NoteWrongMobile("300 123"),)
    assert row(comment) == "comment client-wrote: mobile-wrong notice-comment"  # in the place of the confirmation
    opened = says(wrong)
    assert opened.effects == (NoteWrongMobile("300 123"),)
    assert row(opened) == "ticket opened: acknowledgement notice-new"  # which says it itself
    assert says(wrong, TICKET, mobile_told=True).effects == ()
    assert row(says(wrong, TICKET, mobile_told=True)) == "comment client-wrote: comment-received notice-comment"
    right = "Sigue sin imprimir la de recepción.\nCelular: 300 123 4567"
    assert says(right, TICKET, mobile_told=True).effects == (SetMobile("+573001234567"),)


def test_who_is_answered_nothing_is_told_nothing_about_their_mobile_either() -> None:
    repeated = says("Sigue sin imprimir la de recepción.\nCelular: 300 123", TICKET, said_before=9)
    assert (row(repeated), repeated.effects) == ("comment noted: notice-comment", ())


def test_only_who_belongs_to_the_ticket_says_where_to_call() -> None:
    holder = says("Celular: 300 123 4567", TICKET, rank=Rank.HOLDER, contact=None)
    assert (holder.reason, holder.effects) == (Reason.PASSED_ON, ())
    held = says("Celular: 300 123 4567", TICKET, rank=Rank.CONTACT)
    assert (held.outcome, held.effects) == (Outcome.HELD, ())


def test_who_tells_nothing_is_asked_in_the_acknowledgement() -> None:
    def about(text: str, **more: object) -> list[str]:
        return [order.about for order in says(text, subject="Ayuda por favor", **more).letters]

    assert about("No funciona") == ["nothing-told", ""]
    assert about("No imprime la impresora de recepción.") == ["", ""]
    assert about("No funciona", attachments=(picture("pantalla.png", "1@x"),)) == ["", ""]


def test_a_new_ticket_is_filed_under_its_category() -> None:
    opened = says("Categoría: nómina\nNo cuadra el pago de vacaciones.")
    assert [effect.category for effect in opened.effects if isinstance(effect, SetCategory)] == ["Nómina"]
    assert not says("No cuadra el pago de vacaciones.").effects
    assert not says("Categoría: nómina\nNo cuadra el pago.", TICKET, rank=Rank.HOLDER, contact=None).effects


def test_a_category_that_an_agent_says_is_the_only_one_and_a_forwarded_mail_gets_none() -> None:
    facts = Facts(agent=ANA, desk=replace(DESK, categories=("Nómina", "Facturación")), categories=CATEGORIES)
    said = written("#categoria facturacion\n\nCategoría: nómina", ANA.address, Rank.AGENT, facts)
    assert [effect.category for effect in said.effects if isinstance(effect, SetCategory)] == ["Facturación"]
    original = (Forwarded(Address("Juan", JUAN), body="No imprime."),)
    forwarded = written("Categoría: nómina", ANA.address, Rank.AGENT, facts, forwarded=original)
    assert (forwarded.outcome, forwarded.effects) == (Outcome.TICKET, ())


@pytest.mark.parametrize("name", ["facturacion", "Facturación"])
def test_one_line_moves_a_ticket_to_another_category(name: str) -> None:
    moved = says(f"Categoría: {name}", TICKET)
    assert (moved.reason, moved.effects) == (Reason.REFILED, (SetCategory("Facturación", "by its client"),))
    assert row(moved) == "comment noted: category-changed notice-comment"
    beside = says(f"Categoría: {name}\n\nY sigue sin cuadrar el pago de las vacaciones.", TICKET)
    assert beside.effects == moved.effects
    assert row(beside) == "comment client-wrote: comment-received notice-comment"


def test_a_category_that_is_none_of_ours_is_helped_with() -> None:
    assert row(says("Categoría: Marketing", TICKET)) == "comment client-wrote: client-help notice-comment"
    assert says("Categoría: Marketing", TICKET).effects == ()


def test_the_line_of_a_category_in_a_first_mail_files_the_ticket_that_it_opens() -> None:
    opened = says("Categoría: nómina")
    assert row(opened) == "ticket opened: acknowledgement notice-new"
    assert [effect.category for effect in opened.effects if isinstance(effect, SetCategory)] == ["Nómina"]
