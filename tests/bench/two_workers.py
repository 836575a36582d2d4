"""PostgreSQL: what two worker processes do in the time of one, over mails that wait already."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from mailgate.mail.message import Envelope
from mailgate.settings import Store
from mailgate.store import bells, intake
from mailgate.store.base import close_store, connection, open_store
from tests.bench import desk, machine, whole
from tests.bench.figures import Absent, Figure
from tests.servers import postgresql

PATIENCE = 300.0


def measure(runs: int, peers: bool, mails: int = 100) -> Iterator[Figure | Absent]:
    if desk.workload() is None:
        yield Absent("two workers", "the shared workload (bench/gen.py) is absent")
        return
    try:
        with postgresql.running() as server:
            rates = {workers: [_rate(server, workers, run, mails) for run in range(runs)] for workers in (1, 2)}
    except postgresql.NoPostgreSQL as error:
        yield Absent("two workers", str(error))
        return
    for workers, found in rates.items():
        yield Figure(f"PostgreSQL, {workers} worker{'s' * (workers > 1)}", found)
    gains = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    yield Figure("PostgreSQL, two workers to one", gains, "×", goal="≥ 1.6 ×")


def _rate(server: str, workers: int, run: int, mails: int) -> float:
    """Mails a second, of those that came while all workers were up and idle."""
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
        return mails / _worked_on(whole.new_mails(710_000 + 1000 * run, mails))


def _worked_on(mails: list[whole.Mail]) -> float:
    """Seconds until all are done."""
    arrivals = [
        intake.Arrival(raw, Envelope(sender, (desk.ADDRESS,), "smtp", "192.0.2.1"), desk.NOW)
        for _, sender, raw in mails
    ]
    began = time.monotonic()
    with connection():
        intake.accept_many(arrivals)
        bells.ring(bells.MAIL)  # as the acceptor does: who naps would come after half a minute
        while intake.next_due() is not None:
            assert time.monotonic() - began < PATIENCE, "the workers do not end"
            time.sleep(0.1)  # a look costs as much as a mail's transaction, and takes it from the workers
    return time.monotonic() - began
