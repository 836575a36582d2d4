"""Radicados: no gap and none twice, with eight processes filing at once and some of them killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailgate.settings import Store
from mailgate.store import pqrs
from mailgate.store.models import Pqrs, Ticket

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 8
PROGRAM = """
import os, signal, sys
from datetime import UTC, date, datetime
from mailgate.desk.effects import FilePqrs
from mailgate.desk.pqrs import Term, Type
from mailgate.errors import StoreUnavailable
from mailgate.settings import Store
from mailgate.store import pqrs, tickets
from mailgate.store.base import connection, open_store, transaction

url, wanted, dies_at = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
now = datetime(2026, 11, 23, 15, tzinfo=UTC)
term = Term(date(2026, 11, 23), 15, date(2026, 12, 15), date(2027, 1, 7))
open_store(Store(url=url), migrate=False)

class Fails(Exception): pass

with connection():
    done, undone = 0, -1
    while done < wanted:
        try:
            with transaction():
                number = tickets.open_ticket(tickets.NewTicket("a@b.co", "", "pqrs@desk.co", "x", "es"), now)
                pqrs.file(number, FilePqrs(Type.CLAIM, term, 2026, now, False, True), now, None)
                if done == dies_at:
                    os.kill(os.getpid(), signal.SIGKILL)
                if done % 7 == 3 and undone != done:
                    undone = done
                    raise Fails
            done += 1
        except (Fails, StoreUnavailable):
            pass
"""


@pytest.mark.slow
def test_eight_processes_file_without_gap_and_without_double(store: Store, pytestconfig: pytest.Config) -> None:
    """Three of the eight are killed between filing and commit; each goes back on one in seven, and files it again."""
    each = 300 if pytestconfig.getoption("--long") else 25
    deaths = {1: each // 4, 3: each // 2, 6: each - 1}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, store.url, str(each), str(deaths.get(n, -1))],
            env=environment,
            stderr=subprocess.PIPE,
        )
        for n in range(WORKERS)
    ]
    for n, worker in enumerate(workers):
        _, complaint = worker.communicate(timeout=280)
        assert worker.returncode == (-signal.SIGKILL if n in deaths else 0), complaint.decode()
    expected = each * (WORKERS - len(deaths)) + sum(deaths.values())
    filed = sorted(row.radicado for row in Pqrs.select(Pqrs.radicado))
    assert filed == [f"PQRS-2026-{n:06d}" for n in range(1, expected + 1)]
    assert Ticket.select().count() == expected
    found = pqrs.find("PQRS-2026-000001")
    assert found is not None
    assert found.radicado == "PQRS-2026-000001"
