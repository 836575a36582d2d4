"""A letter to a client that will never arrive: who hears of it."""

from __future__ import annotations

from datetime import date

import pytest

from mailgate.judgement import Desk
from mailgate.letters.orders import tell_undeliverable
from mailgate.store import desk_work, holdings, outbox
from mailgate.store.forgetting import forget
from tests.stories import Direct, Person


@pytest.fixture
def dead(road: Direct, juan: Person, ana: Person, luis: Person) -> int:
    """The acknowledgement to Juan, whose address his server does not know."""
    juan.writes("No imprime", "La factura se queda a medias.")
    for person in (juan, ana, luis):
        person.receives()
    letter = next(row.id for row in outbox.rows(most=1000) if row.recipient == juan.address)
    outbox.record_dead(letter, "550 5.1.1 no such user", road.now)
    return letter


def test_the_agents_hear_what_the_relay_said(dead: int, desk: Desk, road: Direct, ana: Person, luis: Person) -> None:
    tell_undeliverable(desk.office, dead, road.now)
    told = ana.receives("juan@empresa.co", "550 5.1.1 no such user")
    assert "No se pudo entregar una carta a juan@empresa.co" in told.subject
    luis.receives("juan@empresa.co")


def test_who_has_the_ticket_hears_of_it_and_while_they_are_away_somebody_who_is_there(
    dead: int, desk: Desk, road: Direct, ana: Person, luis: Person
) -> None:
    desk_work.assign(1, 1)
    tell_undeliverable(desk.office, dead, road.now)
    ana.receives("550 5.1.1 no such user")
    luis.receives_nothing()
    desk_work.set_away(1, date(2026, 12, 10))
    tell_undeliverable(desk.office, dead, road.now)
    luis.receives("550 5.1.1 no such user")
    ana.receives_nothing()


def test_nobody_hears_of_a_letter_to_a_person_who_was_forgotten(
    dead: int, desk: Desk, road: Direct, juan: Person, ana: Person
) -> None:
    forget(holdings.find(juan.address), by="operator test", now=road.now)
    tell_undeliverable(desk.office, dead, road.now)
    ana.receives_nothing()
