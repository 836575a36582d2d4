"""A mail that many are told of: what their letters have in common is asked of the store once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mailgate.settings import Store
from mailgate.store import people
from tests.conversations.conftest import NOW, Statements
from tests.stories import Person, Received

FURTHER = [f"agente{n}@desk.co" for n in range(10)]


@pytest.fixture
def counted(store: Store, statements: Statements) -> Statements:
    if store.url.startswith("postgresql"):
        pytest.skip("the work is the same on each engine; it is counted on one")
    return statements


def cost(counted: Statements, doing: Callable[[], object]) -> int:
    before = counted.count
    doing()
    return counted.count - before


def test_a_further_reader_of_a_notice_costs_one_statement(juan: Person, ana: Person, counted: Statements) -> None:
    juan.writes("Impresora", "La impresora no imprime la factura.")  # what may be the same matter
    two = cost(counted, lambda: juan.writes("Factura", "La impresora no imprime nada."))
    for address in FURTHER:
        people.save_agent(address, "Agente", NOW)
    twelve = cost(counted, lambda: juan.writes("Recibo", "La impresora no imprime el recibo."))
    assert twelve - two <= len(FURTHER) + 2, f"{two} statements for two agents, {twelve} for twelve"


def test_a_further_guest_of_a_meeting_is_one_letter(
    juan: Person, ana: Person, luis: Person, counted: Statements
) -> None:
    juan.writes("Factura", "No imprime.")
    notice: Received = ana.receives("No imprime.")
    two = cost(counted, lambda: ana.replies(notice, "#reunion 2026-11-25 10:00 60m Cierre de mes"))
    for n in range(10):
        ana.replies(notice, f"#cc invitado{n}@empresa.co")
    twelve = cost(counted, lambda: ana.replies(notice, "#reunion mover 2026-11-26 10:00"))
    assert twelve - two <= 10 * 2 + 2, f"{two} statements for two letters, {twelve} for twelve"
