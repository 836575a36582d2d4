"""The clock at work: duties run when they are due, one clock at a time, and a broken one stops no other."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from mailgate import clock
from mailgate.judgement import Desk
from mailgate.store import turns

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_a_duty_that_fails_stops_no_other(desk: Desk) -> None:
    def broken(desk: Desk, now: datetime) -> int:
        raise ZeroDivisionError

    assert clock.tick(desk, NOW, (broken, lambda desk, now: 3)) == 3


def test_the_clock_of_a_service_ticks_until_it_is_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ticked, told = threading.Event(), threading.Event()

    def duty(desk: Desk, now: datetime) -> int:
        ticked.set()
        return int(turns.first_time("a thing", now))

    monkeypatch.setattr(clock, "DUTIES", (duty,))
    running = clock.Clock(desk, lambda: NOW, told.set)
    running.start()
    assert ticked.wait(20)
    assert told.wait(20)
    running.stop()


def test_a_clock_whose_turn_it_is_not_does_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[datetime] = []
    monkeypatch.setattr(clock, "DUTIES", (lambda desk, now: done.append(now) or 1,))
    running = clock.Clock(desk, lambda: NOW, lambda: None, mine=lambda: False)
    running.start()
    running.stop()
    assert done == []
