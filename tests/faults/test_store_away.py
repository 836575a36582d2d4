"""The store is locked, or no store at all, when the service starts or while it runs: wait, put off, go on alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from peewee import sqlite3  # the same library as the service: two of them in one process undo each other's locks

from mailgate import rounds, service
from mailgate.alerts import StoreAlarm
from mailgate.errors import StoreUnavailable
from mailgate.running import started
from mailgate.service import Service
from mailgate.settings import Settings, load
from mailgate.store import base
from mailgate.store.base import close_store
from tests.edges import sink as sinks
from tests.faults.pour import alerts_to
from tests.faults.put_off import PATIENCE, all_goes_on_alone, send


@pytest.fixture
def settings(migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(base, "BUSY_SECONDS", 0.1)
    shutil.copyfile(migrated_sqlite, tmp_path / "mailgate.db")
    environment = {
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
        "MAILGATE_DESK_MANAGEMENT": '["gerencia@desk.co"]',
        "MAILGATE_STORE_URL": f"sqlite:///{tmp_path}/mailgate.db",
        "MAILGATE_RELAY_MAILDIR": str(tmp_path / "letters"),
        "MAILGATE_SMTP_PORT": "0",
        "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
    }
    return load(None, environment)


def lock(settings: Settings, *, alone: bool = True) -> sqlite3.Connection:
    """Somebody else writes and does not end, until he closes; ``alone``: nobody else may even read."""
    other = sqlite3.connect(settings.store.url.removeprefix("sqlite:///"), isolation_level=None, timeout=PATIENCE)
    if alone:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_a_store_that_is_locked_at_the_start_is_waited_for(settings: Settings) -> None:
    other, waits = lock(settings), list[float]()

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        if len(waits) == 3:
            other.close()
        return False

    with started(settings, ("clock", "sender"), wait) as service:
        assert service is not None
        assert service.faults() == []
    assert waits == [1.0, 2.0, 4.0]


def test_who_waits_for_the_store_can_be_stopped(settings: Settings) -> None:
    other = lock(settings)
    with started(settings, ("sender",), lambda seconds: True) as service:
        assert service is None
    other.close()


def test_no_waiting_makes_a_text_a_database(settings: Settings) -> None:
    Path(settings.store.url.removeprefix("sqlite:///")).write_text("surely not a database" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"), started(settings, ("sender",), lambda seconds: False):
        pass


def test_while_the_store_is_locked_senders_are_put_off_and_then_all_goes_on_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "PAUSE", 0.1)
    monkeypatch.setattr(service, "PAUSE", 0.1)
    with Service(settings) as running:
        assert send(running, 1) == 250
        other = lock(settings, alone=False)
        replies = [send(running, number) for number in range(2, 5)]
        other.close()
        assert all(400 <= code < 500 for code in replies), replies
        assert [send(running, number) for number in range(2, 5)] == [250, 250, 250]
        all_goes_on_alone(running, 4)


def test_one_of_many_gateways_tells_that_the_store_is_away(settings: Settings) -> None:
    now = [0.0]
    with sinks.listening() as sink:
        told = load(None, alerts_to(sink.port))
        whose, others = StoreAlarm(told, lambda: now[0]), [StoreAlarm(told, lambda: now[0]) for _ in range(3)]
        for second in range(0, 14 * 60, 2):
            now[0] = second
            whose.fails(StoreUnavailable("connection refused"), ours=True)
            for other in others:
                other.fails(StoreUnavailable("connection refused"), ours=False)
        assert len(sink.letters) == 1
        assert b"connection refused" in sink.letters[0].content


@pytest.fixture(autouse=True)
def nothing_stays_open():
    yield
    close_store()
