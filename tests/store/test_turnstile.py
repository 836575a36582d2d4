"""SQLite has one writer at a time; who waits to be it comes next, whoever writes most."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailgate.errors import StoreUnavailable
from mailgate.store.turnstile import Turnstile

TURNS = 9
BUSY = """
import sys, time
from pathlib import Path
from mailgate.store.turnstile import Turnstile
turnstile, counted = Turnstile(sys.argv[1], 60), Path(sys.argv[1] + ".count")
for number in range(1, 10**9):
    with turnstile.turn():
        counted.write_bytes(b"." * number)
        if number == 1:
            print("begun", flush=True)
        time.sleep(0.02)
"""


@contextmanager
def busy_process(database: str) -> Iterator[None]:
    """Another process that writes without a pause, and counts how often."""
    with subprocess.Popen([sys.executable, "-c", BUSY, database], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield
        process.kill()


@contextmanager
def busy_thread(turnstile: Turnstile, counted: list[None]) -> Iterator[None]:
    stopping = threading.Event()

    def write() -> None:
        while not stopping.is_set():
            with turnstile.turn():
                counted.append(None)
                time.sleep(0.005)

    thread = threading.Thread(target=write)
    thread.start()
    yield
    stopping.set()
    thread.join()


def overtaken(turnstile: Turnstile, counted: Callable[[], int]) -> int:
    """How many turns another one usually has while we wait for ours."""
    waits = []
    for _ in range(TURNS):
        before = counted()
        with turnstile.turn():
            waits.append(counted() - before)
    return sorted(waits)[TURNS // 2]


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "mailgate.db")


def test_who_accepts_mail_comes_next_beside_a_busy_process(database: str) -> None:
    turnstile, count = Turnstile(database, 60), Path(f"{database}.count")
    with busy_process(database):
        assert overtaken(turnstile, lambda: count.stat().st_size) <= 2
    turnstile.close()


def test_who_accepts_mail_comes_next_beside_a_busy_thread(database: str) -> None:
    turnstile, counted = Turnstile(database, 60), [None]
    with busy_thread(turnstile, counted):
        assert overtaken(turnstile, lambda: len(counted)) <= 2
    turnstile.close()


def test_a_process_that_never_lets_go_is_not_waited_for_for_ever(database: str) -> None:
    holding, waiting = Turnstile(database, 0.01), Turnstile(database, 0.01)
    with holding.turn(), pytest.raises(StoreUnavailable, match="another process"), waiting.turn():
        raise AssertionError("both write")
    with waiting.turn():
        pass
    for turnstile in (holding, waiting):
        turnstile.close()


def test_where_no_lock_can_lie_the_database_alone_decides(tmp_path: Path) -> None:
    with Turnstile(str(tmp_path / "absent" / "mailgate.db"), 1).turn():
        pass
