"""Who stands still (SIGSTOP, a suspended machine) and goes on when nobody reckons with it any more: each mail once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailgate import ahead, crash
from mailgate.mail.message import Envelope
from mailgate.process import run_due
from mailgate.reader import Reader
from mailgate.settings import Store, load
from mailgate.store import intake
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Comment, Outgoing, Ticket
from mailgate.workplace import desk_of
from tests.conftest import new_database
from tests.faults.gang import Gang
from tests.faults.pour import (
    Pour,
    alerts_among,
    alerts_to,
    found_people,
    free_port,
    judge,
    mail,
    relay,
    settings_for,
    settle,
    tell_long_run,
)
from tests.faults.test_postgresql_gone import Server, server

__all__ = ["server"]  # a fixture

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TOO_LATE = NOW + ahead.LEASE + timedelta(seconds=1)
PATIENCE = 120.0
STILL = 20.0  # seconds, of a worker whose leases are of eight
SILENT, AWAY = 75.0, 180.0  # seconds, of PostgreSQL: longer than anybody waits for an answer; three minutes


def work(url: str, now: datetime, stop_at: str = "") -> int:
    """Work on what is due at that time, standing still at a point on the way; how many mails were taken up."""
    settings = load(None, settings_for(url, 1, 0))
    with Reader(own_addresses=settings.desk.addresses) as reader, connection():
        desk = desk_of(settings, reader.read, now)
        crash.arm(stop_at, how=signal.SIGSTOP)
        return run_due(desk, lambda: now)


def stopped(url: str, point: str) -> subprocess.Popen[bytes]:
    """A worker that has a mail in hand and stands still."""
    words = f"open_store(Store(url={url!r}))\nwork({url!r}, NOW, {point!r})\nclose_store()"
    program = f"from tests.faults.test_stopped import NOW, Store, close_store, open_store, work\n{words}"
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, how = os.waitpid(worker.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(how), "it ended before it came to that point"
    return worker


def on_the_desk() -> tuple[int, int, int]:
    return Ticket.select().count(), Comment.select().count(), Outgoing.select().count()


@pytest.mark.parametrize("point", ["worker-read", "worker-inside"])
def test_a_worker_that_stood_still_beyond_its_lease_doubles_nothing(store: Store, point: str) -> None:
    """Before it wrote anything another one does its work; with everything written and not committed nobody else can."""
    inside = point == "worker-inside"
    if inside and store.url.startswith("sqlite"):
        pytest.skip("who stands still in a transaction of SQLite lets nobody write, and all others say 4xx or wait")
    found_people()
    intake.accept_many([intake.Arrival(mail(1), Envelope("persona1@empresa.co", ("soporte@desk.co",), "smtp"), NOW)])
    sleeper = stopped(store.url, point)
    try:
        assert intake.claim(NOW, ahead.LEASE) == [], "it has the mail"
        assert intake.claim(TOO_LATE, ahead.LEASE) == [] if inside else work(store.url, TOO_LATE) == 1
    finally:
        sleeper.send_signal(signal.SIGCONT)
        assert sleeper.wait(PATIENCE) == 0
    assert on_the_desk() == (1, 1, 2)


def test_workers_and_postgresql_stand_still_and_postgresql_is_away_for_minutes(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing compressed but the leases: an alarm after a minute, patience of a minute, three minutes away."""
    url = new_database(server.url)
    open_store(Store(url=url))
    with connection():
        found_people()
    with relay() as counting:
        port = free_port()
        gang = Gang(settings_for(url, counting.port, port, **alerts_to(counting.port)), tmp_path / "log")
        workers = ["worker+clock1", "worker+clock2", "sender"]
        away: list[tuple[float, float]] = []
        stills = 0
        try:
            for name in ["smtp", *workers]:
                gang.start(name)
                assert gang.await_ready(name, PATIENCE)
            pour = Pour(port, None, senders=3)
            pour.wait_for(20)
            for name in [*workers, *workers]:
                began = time.time()
                os.kill(gang.running[name], signal.SIGSTOP)
                time.sleep(STILL)
                os.kill(gang.running[name], signal.SIGCONT)
                stills += 1
                if name == "sender":  # whose letter's lease ended while the relay's answer was unread
                    gang.died_at[name].append(began)
            for away_for, leave, come_back in (
                (SILENT, server.stand_still, server.go_on),
                (AWAY, server.cut, server.start),
            ):
                before, began = len(pour.acknowledged), time.time()
                leave()
                time.sleep(away_for)
                come_back()
                away.append((began, time.time()))
                pour.wait_for(before + 20)
            pour.stop()
            quiet = settle(gang, pour, 300)
        finally:
            gang.close()
        with connection():
            verdict = judge(pour, counting, gang.deaths, away)
    alerts = alerts_among(counting)
    with capsys.disabled():
        what = f"{stills} times {STILL:g} s still, PostgreSQL silent {SILENT:g} s and away {AWAY:g} s"
        tell_long_run(what, verdict, gang, pour, alerts)
    close_store()
    assert quiet
    assert not verdict.faults
    assert all(code < 500 for code in pour.refusals), pour.refusals
    assert 1 <= len(alerts) <= 2  # who waits for a word knows only after a minute that there is something to tell
    assert not gang.ended
