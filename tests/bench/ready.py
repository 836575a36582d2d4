"""How soon a desk that was killed with many mails queued greets again and works on: less than ten seconds is wanted.

    python -m tests.bench.ready [--queued 100000] [--kills 3]

``mailgate serve`` on SQLite, started as a program; the queue is filled in bulk. Each time it is killed (SIGKILL) when
it works, and started again.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mailgate.settings import Store
from mailgate.store import intake
from mailgate.store.base import close_store, connection, open_store, optimize
from mailgate.store.models import Blob, Intake, database
from tests.bench.growth import fill
from tests.faults.pour import found_people, free_port, settings_for


def queue_up(count: int) -> None:
    """Mails of forty people that wait, in bulk."""
    who, at = "'persona' || (i % 40) || '@empresa.co'", "'2026-10-01 15:00:00.000000+00:00'"
    lines = f"'From: ' || {who} || char(13,10) || 'Subject: caso ' || i || char(13,10,13,10) || 'No imprime.'"
    digest = f"sha256(CAST({lines} AS BLOB))"
    database.obj.connection().create_function("sha256", 1, lambda octets: hashlib.sha256(octets).hexdigest())
    with database.atomic():
        fill(Blob, 1, count, digest=digest, size="100", data=f"CAST({lines} AS BLOB)")
        fill(
            Intake, 1, count, id="i", digest=digest, channel="'smtp'", sender=who, recipients="'[\"soporte@desk.co\"]'",
            received_at=at, next_attempt_at=at, state="'pending'", author=who,
        )  # fmt: skip
    optimize()


def done() -> int:
    return Intake.select().where(Intake.state != intake.PENDING).count()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queued", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url, port = f"sqlite:///{folder}/mailgate.db", free_port()
        open_store(Store(url=url))
        environment = settings_for(url, 1, port, MAILGATE_RELAY_KIND="maildir")
        environment["MAILGATE_RELAY_MAILDIR"] = f"{folder}/letters"
        with connection():
            found_people()
            queue_up(options.queued)
            for _ in range(options.kills + 1):
                told = start(environment | os.environ, port, Path(folder))
                print(f"{options.queued:,} queued: {told}", flush=True)
        close_store()


def start(environment: dict[str, str], port: int, folder: Path) -> str:
    """Start, wait for the greeting and for the next mail's outcome, kill."""
    before, began = done(), time.monotonic()
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "mailgate", "serve"], env=environment, stderr=log)
    greets = works = 0.0
    while not (greets and works):
        if process.poll() is not None or time.monotonic() - began > 120:
            process.kill()
            raise SystemExit((folder / "log").read_text()[-2000:])
        if not greets and _greets(port):
            greets = time.monotonic() - began
        if not works and done() > before:
            works = time.monotonic() - began
        time.sleep(0.02)
    spent = _spent(process.pid)
    time.sleep(1)
    process.kill()
    process.wait()
    told = f"greets after {greets:.1f} s, works on after {works:.1f} s with {spent:.1f} s of processor time"
    return f"{told}; load average {os.getloadavg()[0]:.1f}"


def _spent(pid: int) -> float:
    """Seconds of processor time that a process and its children have had."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            told = path.read_text()
            values = told.rpartition(")")[2].split()
            if pid in (int(told.split()[0]), int(values[1])):
                ticks += int(values[11]) + int(values[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as line:
            return line.recv(100).startswith(b"220")
    except OSError:
        return False


if __name__ == "__main__":
    main()
