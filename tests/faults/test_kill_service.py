"""The whole service killed without warning while mail pours in: what got 250 is a ticket, once."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailgate.settings import Store
from mailgate.store import intake, people
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Comment, Outgoing

MAILS, SENDERS = 500, 6


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Desk:
    """``mailgate serve`` as a program of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.environment = {
            **os.environ,
            "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
            "MAILGATE_STORE_URL": f"sqlite:///{folder}/mailgate.db",
            "MAILGATE_RELAY_MAILDIR": str(folder / "letters"),
            "MAILGATE_SMTP_PORT": str(self.port),
            "MAILGATE_SMTP_TRUSTED_PEERS": '["127.0.0.1"]',
            "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
            "MAILGATE_LIMITS_MAILS_PER_COMPANY_HOUR": "100000",  # one company sends all of them
        }
        self.start()

    def start(self) -> None:
        program = [sys.executable, "-m", "mailgate", "serve"]
        self.process = subprocess.Popen(program, env=self.environment, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """Asked once it listens: all may have been done before the last start, which a signal would cut short."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                break
            time.sleep(0.05)
        self.process.terminate()
        return self.process.wait(60)


def pour(port: int, numbers: list[int], acknowledged: set[int], lock: threading.Lock) -> None:
    """Send each mail until it is acknowledged, as an MTA does."""
    for number in numbers:
        sender = f"persona{number % 40}@empresa.co"
        mail = (
            f"From: {sender}\r\nSubject: caso {number}\r\nMessage-ID: <{number}@empresa.co>\r\n\r\nCaso {number}.\r\n"
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                with smtplib.SMTP("127.0.0.1", port, timeout=20) as session:
                    session.sendmail(sender, ["soporte@desk.co"], mail.encode())
                    with lock:
                        acknowledged.add(number)
                break
            time.sleep(0.05)


def settle(folder: Path) -> None:
    deadline = time.monotonic() + 300  # a killed worker's mail comes back when its lease ends
    while time.monotonic() < deadline and intake.outcomes().get("pending"):
        time.sleep(0.1)


@pytest.mark.slow
def test_what_got_250_is_a_ticket_once_whatever_was_killed(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    kills = 40 if request.config.getoption("--long") else 5
    open_store(Store(url=f"sqlite:///{tmp_path}/mailgate.db"))
    with connection():
        contacts = [(f"persona{n}@empresa.co", f"Persona {n}") for n in range(40)]
        entry = people.ClientEntry("ABC123", "900123456", "Empresa", contacts=contacts)
        people.save_client(entry, datetime.now(UTC))
        desk = Desk(tmp_path)
        acknowledged: set[int] = set()
        lock, chance = threading.Lock(), random.Random(7)
        shares = [list(range(start, MAILS, SENDERS)) for start in range(SENDERS)]
        threads = [threading.Thread(target=pour, args=(desk.port, share, acknowledged, lock)) for share in shares]
        for thread in threads:
            thread.start()
        for _ in range(kills):
            time.sleep(1.5 + chance.random())
            desk.kill()
            desk.start()
        for thread in threads:
            thread.join(400)
        settle(tmp_path)
        assert desk.stop() == 0

        assert acknowledged == set(range(MAILS))
        outcomes = intake.outcomes()
        assert outcomes == {"ticket": MAILS}
        words = Counter(comment.text.strip() for comment in Comment.select())
        assert words == Counter({f"Caso {number}.": 1 for number in range(MAILS)})
        letters = Counter((row.letter, row.ticket_id) for row in Outgoing.select())
        assert max(letters.values(), default=0) == 1  # rendered once, however often it was tried
    close_store()
