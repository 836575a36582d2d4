"""PostgreSQL: what two worker processes do in the time of one, over mails that wait already."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg

from mailgate.mail.message import Envelope
from mailgate.settings import Store
from mailgate.store import bells, intake
from mailgate.store.base import close_store, connection, open_store
from tests.bench import desk, machine, whole
from tests.bench.figures import Absent, Figure
from tests.servers import postgresql

PATIENCE = 300.0


def measure(runs: int, peers: bool, mails: int = 300) -> Iterator[Figure | Absent]:
    if desk.workload() is None:
        yield Absent("two workers", "the shared workload (bench/gen.py) is absent")
        return
    try:
        with postgresql.running() as server:
            pairs = [(_rate(server, 1, run, mails), _rate(server, 2, run, mails)) for run in range(runs)]
    except postgresql.NoPostgreSQL as error:
        yield Absent("two workers", str(error))
        return
    yield Figure("PostgreSQL, 1 worker", [one.rate for one, _ in pairs], cpu=[one.spent for one, _ in pairs])
    yield Figure("PostgreSQL, 2 workers", [two.rate for _, two in pairs], cpu=[two.spent for _, two in pairs])
    gains = [two.rate / one.rate for one, two in pairs]
    yield Figure("PostgreSQL, two workers to one", gains, "×", goal="≥ 1.6 ×")


class _Run(NamedTuple):
    rate: float  # mails a second
    spent: float  # milliseconds of processor a mail: of the workers, their readers, and PostgreSQL


def _rate(server: str, workers: int, run: int, mails: int) -> _Run:
    """Of mails that waited already when all workers, up and idle, were woken."""
    name = f"bench{workers}{run}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        settings = desk.environment(Path(folder), machine.free_port(), f"{server}/{name}")
        desk.found(settings)
        open_store(Store(url=settings["MAILGATE_STORE_URL"]))
        stack.callback(close_store)
        for number in range(workers):
            stack.enter_context(machine.serving(settings, Path(folder) / f"log{number}", "--role", "worker"))
        _worked_on(whole.new_mails(700_000, 20 * workers))
        seconds, spent = _worked_on(whole.new_mails(710_000 + 1000 * run, mails))
        return _Run(mails / seconds, spent * 1000 / mails)


def _others() -> list[int]:
    """All processes that we started, and theirs."""
    return [pid for pid in machine.tree(os.getpid()) if pid != os.getpid()]


def _worked_on(mails: list[whole.Mail]) -> tuple[float, float]:
    """Seconds until all are done that have been accepted, from when the workers are told of them; and of processor."""
    arrivals = [
        intake.Arrival(raw, Envelope(sender, (desk.ADDRESS,), "smtp", "192.0.2.1"), desk.NOW)
        for _, sender, raw in mails
    ]
    with connection():
        intake.accept_many(arrivals)
        began, before = time.monotonic(), machine.processor(_others())
        bells.ring(bells.MAIL)  # as the acceptor does: who naps would come after half a minute
        while intake.next_due() is not None:
            assert time.monotonic() - began < PATIENCE, "the workers do not end"
            time.sleep(0.1)  # a look costs as much as a mail's transaction, and takes it from the workers
    return time.monotonic() - began, machine.processor(_others()) - before
