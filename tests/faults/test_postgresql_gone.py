"""Several gateways on one PostgreSQL that is killed under them, and that are killed themselves: each mail once.

Long form only (``make faults``).
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailgate.settings import Store
from mailgate.store.base import close_store, connection, open_store
from tests.bench import machine
from tests.conftest import new_database
from tests.faults.gang import Gang
from tests.faults.pour import (
    Pour,
    alerts_among,
    alerts_to,
    found_people,
    free_port,
    judge,
    relay,
    settings_for,
    settle,
    tell_long_run,
)
from tests.servers import postgresql

GATEWAYS = 4
ALARM_SECONDS, LONG_AWAY = 15.0, 45.0  # a minute, and several of them, compressed


class Server:
    """A PostgreSQL that can be cut off at once and started again on the same data."""

    def __init__(self) -> None:
        found = postgresql.programs()
        if not found:
            pytest.skip("no PostgreSQL programs found")
        self._programs, self.port = found[0], free_port()
        self._home = Path(tempfile.mkdtemp(prefix="mailgate-pg-"))
        self._as: dict[str, object] = {}
        if os.geteuid() == 0:
            self._as["user"] = "nobody"
            shutil.chown(self._home, "nobody")
        words = ["-D", self._home / "data", "-U", postgresql.USER, "-A", "trust", "-E", "UTF8", "--locale=C"]
        try:
            subprocess.run([self._programs / "initdb", *words], check=True, capture_output=True, **self._as)  # type: ignore[call-overload]
        except OSError as error:
            pytest.skip(f"PostgreSQL: {error}")
        self.url = f"postgresql://{postgresql.USER}@127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        words = ["-D", self._home / "data", "-p", str(self.port), "-h", "127.0.0.1", "-k", self._home]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen([self._programs / "postgres", *words], **quiet, **self._as)  # type: ignore[call-overload]
        postgresql._wait_until_it_answers(self._process, self.port)

    def cut(self) -> None:
        """``pg_ctl stop -m immediate``: no checkpoint, every session gone."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(60)

    def stand_still(self) -> None:
        """Every process of it, as under a debugger or on a machine without memory: lines stay open, no word comes."""
        self._stopped = machine.tree(self._process.pid)
        for pid in self._stopped:
            os.kill(pid, signal.SIGSTOP)

    def go_on(self) -> None:
        for pid in self._stopped:
            os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        self.cut()
        shutil.rmtree(self._home, ignore_errors=True)


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    if not request.config.getoption("--long"):
        pytest.skip("the long form only: --long")
    running = Server()
    yield running
    running.close()


def test_gateways_and_their_database_are_killed_in_turn(
    server: Server, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each tenth second PostgreSQL is cut off for some seconds, and once for long enough that somebody must be told."""
    rounds, chance = int(request.config.getoption("--kills") or 60), random.Random(4)
    url = new_database(server.url)
    open_store(Store(url=url))
    with connection():
        found_people()
    with relay() as counting:
        port = free_port()
        gang = Gang(
            settings_for(url, counting.port, port, **alerts_to(counting.port)),
            tmp_path / "log",
            alarm_seconds=ALARM_SECONDS,
        )
        names = ["smtp", *(f"worker+sender+clock{number}" for number in range(GATEWAYS))]
        try:
            for name in names:
                gang.start(name)
            pour = Pour(port, None, senders=3)
            away: list[tuple[float, float]] = []
            for serial in range(rounds):
                time.sleep(1)
                gang.revive()
                if serial % 10 == 9:
                    long = serial == rounds // 20 * 10 + 9
                    time.sleep(8 * long)  # somebody has the clock's turn by then
                    began = time.time()
                    server.cut()
                    time.sleep(LONG_AWAY if long else chance.uniform(0.5, 5))
                    server.start()
                    away.append((began, time.time()))
                else:
                    victim = chance.choice(names)
                    gang.kill(victim)
                    gang.start(victim)
            with contextlib.suppress(Exception):
                close_store()
            open_store(Store(url=url))
            gang.revive()
            pour.stop()
            quiet = settle(gang, pour, 300)
        finally:
            gang.close()
        with connection():
            verdict = judge(pour, counting, gang.deaths, away)
    alerts = alerts_among(counting)
    with capsys.disabled():
        what = f"{GATEWAYS} gateways, {gang.killed.total()} kills, {len(away)} restarts of PostgreSQL"
        tell_long_run(what, verdict, gang, pour, alerts)
    close_store()
    assert quiet
    assert verdict.mails > 20
    assert not verdict.faults
    assert all(code < 500 for code in pour.refusals), pour.refusals
    assert len(alerts) == 1
    assert not gang.ended
