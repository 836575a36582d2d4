"""A PostgreSQL that says no word any more, though its kernel still takes all that is sent: put off, go on alone.

The line to it leads through this process, which holds back what either side says. That is how a stopped server looks,
or a disk behind it that hangs: no timeout of TCP's ever ends it. What was connected then is never answered any more.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mailgate import rounds, service
from mailgate.service import Service
from mailgate.settings import load
from mailgate.store import base
from mailgate.store.base import close_store
from tests.conftest import new_database
from tests.faults.put_off import PATIENCE, all_goes_on_alone, send

pytestmark = pytest.mark.postgresql


class Line:
    """A port that leads to another one, through somebody who may hold back every word."""

    def __init__(self, port: int) -> None:
        self._to, self._silence, self._holding = port, 0, False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._connect, daemon=True).start()

    def hold(self) -> None:
        """All who are connected hear nothing for good; nor does who connects before ``let_go``."""
        self._silence += 1
        self._holding = True

    def let_go(self) -> None:
        self._holding = False

    def close(self) -> None:
        self._door.close()

    def _connect(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = self._door.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
                born = -1 if self._holding else self._silence
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(one, other, born), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, born: int) -> None:
        with contextlib.suppress(OSError):
            while words := one.recv(65536):
                if born == self._silence:
                    other.sendall(words)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)


@pytest.fixture
def line(postgresql_url: str) -> Iterator[Line]:
    held = Line(urlsplit(postgresql_url).port or 5432)
    yield held
    held.close()
    close_store()


def test_while_postgresql_is_silent_senders_are_put_off_and_then_all_goes_on_alone(
    postgresql_url: str, line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PATIENCE", 1.0)
    monkeypatch.setattr(base, "BUSY_SECONDS", 2)  # libpq knows nothing shorter
    monkeypatch.setattr(rounds, "PAUSE", 0.1)
    monkeypatch.setattr(service, "PAUSE", 0.1)
    parts = urlsplit(new_database(postgresql_url))
    url = f"postgresql://{parts.username}@127.0.0.1:{line.port}{parts.path}"
    settings = load(None, {
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co", "MAILGATE_STORE_URL": url, "MAILGATE_SMTP_PORT": "0",
        "MAILGATE_RELAY_MAILDIR": str(tmp_path / "letters"), "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
    })  # fmt: skip
    with Service(settings) as running:
        assert send(running, 1) == 250
        line.hold()
        began = time.monotonic()
        reply = send(running, 2)
        assert 400 <= reply < 500
        assert time.monotonic() - began < PATIENCE / 2
        line.let_go()
        while (reply := send(running, 2)) != 250:
            assert 400 <= reply < 500
            assert time.monotonic() - began < PATIENCE
        all_goes_on_alone(running, 2)
