"""``python -m tests.faults.soak [--mails N] [--postgresql URL]``: the whole service at full speed; does anything grow?

Mails come by SMTP as fast as they are worked on, a third of them answers to tickets; each line tells, since the start,
the mails done, their rate, the memory of the service and of the process that reads for it, open descriptors, threads,
and what waits. In the end nothing may wait, each mail has its comment, and memory and descriptors are those of the
first tenth.
"""

from __future__ import annotations

import argparse
import os
import signal
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from mailgate.settings import Store
from mailgate.store import intake, outbox
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Comment, Intake, Outgoing
from tests.faults.pour import author, found_people, free_port, mail, settings_for

MOST_WAITING = 400
TOLERATED = 1.15  # memory at the end, of that after a tenth


class Load:
    """Senders that keep one connection each, and never run far ahead of those who work and of those who send."""

    def __init__(self, port: int, mails: int, senders: int) -> None:
        self.port, self.mails, self.done, self.taken, self.letters = port, mails, 0, 0, 0
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(senders)]
        for thread in self._threads:
            thread.start()

    def _send(self) -> None:
        session: smtplib.SMTP | None = None
        sent = 0
        while (number := self._next()) is not None:
            while self.taken - self.done > MOST_WAITING or self.letters > MOST_WAITING:
                time.sleep(0.02)
            while True:
                try:
                    session = session or smtplib.SMTP("127.0.0.1", self.port, timeout=60)
                    session.sendmail(author(number), ["soporte@desk.co"], _text(number))
                    break
                except (OSError, smtplib.SMTPException):
                    session = None
                    time.sleep(0.1)
            sent += 1
            if sent % 100 == 0 and session is not None:
                session.quit()
                session = None

    def _next(self) -> int | None:
        with self._lock:
            if self.taken >= self.mails:
                return None
            self.taken += 1
            return self.taken


def _text(number: int) -> bytes:
    answered = number - 200  # worked on by now; of the same author
    if number % 3 or answered < 1:
        return mail(number)
    return mail(number).replace(b"\r\n\r\n", f"\r\nReferences: <{answered}@empresa.co>\r\n\r\n".encode(), 1)


def sizes(pid: int) -> tuple[int, int, int, int]:
    """Megabytes of the service, of its children, descriptors, threads."""
    children = [child for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]
    own, theirs = _megabytes(pid), sum(_megabytes(int(child)) for child in children)
    return own, theirs, _entries(f"/proc/{pid}/fd"), _entries(f"/proc/{pid}/task")


def _entries(folder: str) -> int:
    return sum(1 for _ in Path(folder).iterdir())


def _megabytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20
    except (OSError, IndexError):
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=200_000)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=0, help="stop sending after so long")
    parser.add_argument("--postgresql", default="", help="URL of an empty database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url, port = options.postgresql or f"sqlite:///{folder}/mailgate.db", free_port()
        open_store(Store(url=url))
        with connection():
            found_people()
        environment = settings_for(url, 1, port, MAILGATE_RELAY_KIND="maildir", MAILGATE_SMTP_MAX_COMMANDS="100000")
        environment |= {"MAILGATE_RELAY_MAILDIR": f"{folder}/letters"}
        with (Path(folder) / "log").open("wb") as log:
            command = [sys.executable, "-m", "mailgate", "serve"]
            process = subprocess.Popen(command, env=os.environ | environment, stderr=log)
        try:
            failed = watch(process, Load(port, options.mails, options.senders), options.seconds)
        except BaseException:
            print((Path(folder) / "log").read_text(errors="replace")[-3000:], file=sys.stderr)
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
        close_store()
    sys.exit(failed)


def watch(process: subprocess.Popen[bytes], load: Load, seconds: float) -> str | None:
    """Print how things grow until all is done; why it failed, None when it did not."""
    began, told = time.monotonic(), float("-inf")
    first: tuple[int, int, int, int] | None = None
    while True:
        assert process.poll() is None, "the service ended"
        elapsed = time.monotonic() - began
        if seconds and elapsed > seconds:
            load.mails = min(load.mails, load.taken)
        with connection():
            waiting = Intake.select().where(Intake.state == intake.PENDING).count()
            load.letters = Outgoing.select().where(Outgoing.state == outbox.QUEUED).count()
            load.done = (Intake.select(Intake.id).order_by(Intake.id.desc()).limit(1).scalar() or 0) - waiting
        if elapsed - told >= 15 or load.done >= load.mails:
            told, now = elapsed, sizes(process.pid)
            if first is None and load.done >= load.mails // 10:
                first = now
            rate = load.done / max(elapsed, 0.001)
            print(
                f"{elapsed:6.0f} s {load.done:7,} mails {rate:6.1f}/s  {now[0]:4} MB + {now[1]} MB"
                f"  {now[2]} descriptors  {now[3]} threads  {waiting} mails and {load.letters} letters wait",
                flush=True,
            )
        if load.done >= load.mails:
            break
        time.sleep(0.5)
    with connection():
        while outbox.counts()["queued"]:
            time.sleep(0.5)
        comments, last = Comment.select().count(), sizes(process.pid)
    assert first is not None
    grown = f"memory {first[0]} → {last[0]} MB, descriptors {first[2]} → {last[2]}"
    print(f"{load.mails:,} mails, {comments:,} comments; {grown}")
    if comments != load.mails:
        return "comments are missing, or there are too many"
    if last[0] > first[0] * TOLERATED or last[2] > first[2] + 10:
        return "something grows"
    return None


if __name__ == "__main__":
    main()
