"""Numbers that exist and numbers that do not, to whoever guesses: the same silence, the same work, the same time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest

from mailgate.settings import Store
from mailgate.store.models import Intake
from tests.conversations.conftest import Statements
from tests.stories import Direct, Person

TRIES = 200
MISSING = 900
PROVEN = "here; spf=pass smtp.mailfrom={domain}; dmarc=pass header.from={domain}"


@pytest.fixture
def tickets(juan: Person, ana: Person) -> list[int]:
    """Three tickets of the client, with words and answers on them."""
    for number in (1, 2, 3):
        juan.writes(f"Asunto {number} de la factura", "Buenos días. " + "La factura no sale bien. " * 40)
        ana.replies(ana.receives(), "Hola Juan, lo estamos revisando. " * 20)
    return [1, 2, 3]


GUESSES: dict[str, Callable[[int], tuple[str, str]]] = {
    "a number in the subject": lambda number: (f"Re: [#{number}] La factura", f"Hola, sigue igual {number % 7}."),
    "the state asked for": lambda number: (f"ESTADO [#{number}]", f"estado del ticket {number}"),
}


@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize("who", ["curioso@gratis.co", "otra@otra.co"], ids=["a stranger", "another client"])
def test_two_hundred_guesses_tell_nothing(
    road: Direct,
    person: Callable[..., Person],
    tickets: list[int],
    statements: Statements,
    store: Store,
    who: str,
    guess: str,
) -> None:
    if store.url.startswith("postgresql"):
        pytest.skip("the work is the same on each engine; it is counted on one")
    tries = TRIES if (who, guess) == ("curioso@gratis.co", "a number in the subject") else 20
    road.checked = PROVEN.format(domain=who.partition("@")[2])
    guesser = person(who)
    asked: dict[bool, list[int]] = {True: [], False: []}
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(tries):
        exists = turn % 2 == 0
        number = tickets[turn // 2 % 3] if exists else MISSING + turn // 2 % 3
        before, started = statements.count, time.thread_time()
        guesser.writes(*GUESSES[guess](number))
        took[exists].append(time.thread_time() - started)
        asked[exists].append(statements.count - before)
    guesser.receives_nothing()
    ended = {row.outcome for row in Intake.select().where(Intake.author == who)}
    assert ended == {"held"}
    assert statistics.median(asked[True]) == statistics.median(asked[False]), "as much is asked of the store"
    one, other = statistics.median(took[True]), statistics.median(took[False])
    spread = statistics.median(abs(value - one) for value in took[True])
    assert abs(one - other) < max(5 * spread, 0.3 * one), f"{one:.4f} s and {other:.4f} s, spread {spread:.4f} s"
