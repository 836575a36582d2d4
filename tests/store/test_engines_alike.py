"""What one engine finds the other one finds too, with the letters that people write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailgate.settings import Store
from mailgate.store import audit, holdings, tickets
from mailgate.store.base import transaction

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def opened(subject: str) -> int:
    return tickets.open_ticket(tickets.NewTicket("ana@c.co", "Ana", "soporte@desk.co", subject, "es"), NOW)


@pytest.mark.parametrize("words", ["ÁRBOL", "árbol", "arbol", "  caído EN la  vía"])
def test_a_ticket_is_found_by_its_subject_however_it_is_written(store: Store, words: str) -> None:
    wanted = opened("ÁRBOL caído en la VÍA")
    opened("100 % de la nómina")
    assert [row["number"] for row in tickets.listing(text=words)] == [wanted]
    assert tickets.listing(text=words, status="closed") == []


def test_signs_that_stand_for_others_stand_for_themselves(store: Store) -> None:
    opened("Nómina")
    wanted = opened("100 % de la nómina")
    assert [row["number"] for row in tickets.listing(text="0 %")] == [wanted]
    assert tickets.listing(text="_") == []


def test_every_line_that_names_a_person_is_known_whatever_letters_their_address_has(store: Store) -> None:
    number = opened("No abre")
    with transaction():
        for address in ("juañ@empresa.co", "juan@empresa.co"):
            data = {"recipient": address}
            audit.append(number, "letter-dead", actor="mailgate", now=NOW, why="550 5.1.1 no such user", data=data)
    assert len(holdings.find("Juañ@empresa.co").lines) == 1
    assert len(holdings.find("juan@empresa.co").lines) == 1
