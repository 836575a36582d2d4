"""Once and only once: keys of what was done, and turns that one holder has at a time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from mailgate.settings import Store
from mailgate.store import turns
from mailgate.store.base import connection, transaction

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TURN = timedelta(minutes=3)


def test_a_thing_is_done_once(store: Store) -> None:
    assert turns.first_time("report:2026-10", NOW)
    assert not turns.first_time("report:2026-10", NOW + timedelta(days=1))
    assert turns.first_time("report:2026-11", NOW)


def test_what_failed_was_not_done(store: Store) -> None:
    def breaks() -> None:
        with transaction():
            assert turns.first_time("report:2026-10", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        breaks()
    assert not turns.was_done("report:2026-10")
    assert turns.first_time("report:2026-10", NOW)


def test_of_many_at_once_one_does_it(store: Store) -> None:
    first: list[bool] = []

    def work() -> None:
        with connection(), transaction():
            first.append(turns.first_time("report:2026-10", NOW))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(first) == [False] * 5 + [True]


def test_a_turn_is_one_holders_until_it_ends(store: Store) -> None:
    assert turns.take_turn("clock", "one", NOW, TURN)
    assert not turns.take_turn("clock", "two", NOW + timedelta(minutes=2), TURN)
    assert turns.take_turn("clock", "one", NOW + timedelta(minutes=2), TURN)
    assert turns.take_turn("clock", "two", NOW + timedelta(minutes=6), TURN), "the turn of who crashed is over"
    assert not turns.take_turn("clock", "one", NOW + timedelta(minutes=7), TURN)
    turns.give_up_turn("clock", "two")
    assert turns.take_turn("clock", "one", NOW + timedelta(minutes=7), TURN)


def test_a_turn_taken_by_a_clock_that_was_wrong_does_not_block_for_ever(store: Store) -> None:
    assert turns.take_turn("clock", "one", NOW + timedelta(days=400), TURN)
    assert turns.take_turn("clock", "two", NOW, TURN)
