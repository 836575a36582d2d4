"""A backup while mail pours in: it comes to an end, and holds everything that was acknowledged before it began."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailgate.mail.message import Envelope
from mailgate.settings import Store
from mailgate.store import backup, intake
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Intake
from tests.conftest import new_database

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MANY = 150  # mails of 100 kB before the backup: it takes several steps


def arrives(number: int, size: int) -> None:
    raw = f"Subject: caso {number}\r\n\r\n".encode() + b"hola, " * (size // 6)
    intake.accept_many([intake.Arrival(raw, Envelope("a@x.co", ("soporte@desk.co",), "smtp"), NOW)])


def test_a_backup_while_mail_pours_in_ends_and_holds_all_that_was_there(
    store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for number in range(MANY):
        arrives(number, 100_000)
    poured, stop, steps = [0], threading.Event(), list[int]()

    def pour() -> None:
        with connection():
            while not stop.is_set():
                arrives(MANY + poured[0], 600)
                poured[0] += 1

    def step(done: int, of: int) -> None:
        steps.append(done)
        before = poured[0]
        while poured[0] == before:  # between any two steps a mail comes
            stop.wait(0.001)
        assert len(steps) < 50, "it begins anew with each mail and never ends"

    pouring = threading.Thread(target=pour)
    pouring.start()
    try:
        kept = backup.save(store, tmp_path / "copy", step)["intake"]
    finally:
        stop.set()
        pouring.join()
    assert poured[0] > 0, "no mail came meanwhile; the test showed nothing"
    close_store()
    if store.url.startswith("sqlite"):
        elsewhere = Store(url=f"sqlite:///{tmp_path}/restored/mailgate.db")
    else:
        elsewhere = Store(url=new_database(request.getfixturevalue("postgresql_url")))
    restored = backup.restore(elsewhere, tmp_path / "copy")["intake"]
    assert MANY <= restored <= kept
    open_store(elsewhere)
    with connection():
        there = [intake.raw_of(row.digest) for row in Intake.select().order_by(Intake.id).limit(MANY)]
    assert all(raw.startswith(b"Subject: caso %d\r\n" % number) for number, raw in enumerate(there))
