"""Who works in rounds hears that it should end, whenever it is told so."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator

import pytest

from mailgate import rounds


class Idle(rounds.Rounds):
    """Has nothing to do for half a minute."""

    name = "idle"

    def round(self) -> float:
        return rounds.LONGEST_NAP


def test_told_to_end_while_a_connection_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """It cleared the bell that told it so, and napped: SIGTERM took half a minute, and ended with status 75."""
    idle, opening = Idle(), threading.Event()

    @contextlib.contextmanager
    def slow() -> Iterator[None]:
        opening.set()
        while not (idle.stops() and idle._bell.is_set()):
            time.sleep(0.001)
        yield

    monkeypatch.setattr(rounds, "connection", slow)
    idle.start()
    opening.wait()
    began = time.monotonic()
    idle.stop()
    assert time.monotonic() - began < rounds.LONGEST_NAP / 3
