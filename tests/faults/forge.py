"""``python -m tests.faults.forge FOLDER``: starts roles of the service quickly, so that a test can kill a thousand.

Everything is imported once; each line of JSON on stdin is answered by a fork that serves some roles until it is killed:
``{"roles": ["smtp"], "environment": {…}, "crash": "smtp-stored:3"}`` → its pid. What reads mail for a worker is a fork,
too, and what the first mail would have to load (templates, holidays, words) is there already. In
FOLDER a fork leaves ``PID.ready`` when it serves and ``PID.ended`` when it ended without being killed. Leases are
short, so that what a killed process held is back within seconds, where no sign of life tells it sooner.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import mailgate.clock
import mailgate.intake.imap
import mailgate.mail.parse
import mailgate.monitor
import mailgate.texter
import mailgate.worker
import mailgate.workplace  # noqa: F401 - all before the first fork
from mailgate import ahead, alerts, crash, logs, outbox, reader, reading
from mailgate.desk import worktime
from mailgate.desk.stems import terms
from mailgate.letters import render
from mailgate.letters.filters import when_told
from mailgate.running import started
from mailgate.settings import Limits, load

LEASE = timedelta(seconds=8)


class ForkedReader(reader._Worker):
    """The process that reads mail, as a fork of this one: ready in a blink."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._ready, self.spent = limits, False, False
        here, there = socket.socketpair()
        self._channel = reading.Channel(here)
        pid = os.fork()
        if pid == 0:
            here.close()  # or it would never hear that the other side is gone
            os.setsid()
            with contextlib.suppress(BaseException):
                reading.serve(there.detach())
            os._exit(0)
        there.close()
        self._pid = pid
        self._introduce()

    def _why_it_died(self) -> reading.Broken:
        return reading.Broken("The process that read it is gone.")

    def kill(self) -> None:
        self.dismiss_successor()
        self._channel.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)


def main() -> None:
    folder = Path(sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps them
    reader._Worker = ForkedReader  # type: ignore[misc]
    with contextlib.suppress(Exception):  # then the first mail loads it
        warm()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            serve(order, folder)
        print(pid, flush=True)


def warm() -> None:
    """Load what the first new ticket needs; all of it is kept for as long as a process lives."""
    now, zone = datetime.now(UTC), ZoneInfo("America/Bogota")
    for letter, kind in itertools.product(("acknowledgement", "notice-new"), ("subject.txt", "txt", "html")):
        render._flat(zone, f"es/{letter}.{kind}", words=True)
    when_told(now, zone, "es")
    terms("no imprime")
    worktime._colombian_holidays(now.year)


def serve(order: dict[str, Any], folder: Path) -> None:
    """A service in this fresh process, until SIGTERM."""
    for descriptor in (0, 1):
        os.dup2(os.open(os.devnull, os.O_RDWR), descriptor)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    ahead.LEASE = outbox.LEASE = LEASE
    outbox.RENEW = LEASE / 3
    alerts.LASTS_SECONDS = order["alarm_seconds"]
    logs.configure(json=True)
    name, _, times = order.get("crash", "").partition(":")
    crash.arm(name, int(times or 1))
    try:
        with started(load(None, order["environment"]), order["roles"], stop.wait):
            (folder / f"{os.getpid()}.ready").touch()
            stop.wait()
    except BaseException as error:
        print(f"ended by itself: {type(error).__name__}: {error}", file=sys.stderr)
    finally:
        (folder / f"{os.getpid()}.ended").touch()
        sys.stderr.flush()
        os._exit(0 if stop.is_set() else 1)


if __name__ == "__main__":
    main()
