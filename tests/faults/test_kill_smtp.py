"""kill -9 while mails pour in by SMTP: whatever got its 250 is in the store, once."""

from __future__ import annotations

import contextlib
import random
import re
import subprocess
import sys
import threading
from collections import Counter

from mailgate.settings import Store
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.intake import raw_of
from mailgate.store.models import Intake, database
from tests.servers.listener import Line

MAILS, SENDERS, KILLS = 500, 8, 5


class Running:
    """A listener in a process of its own, killed and started again on the same store."""

    def __init__(self, folder) -> None:
        self._folder = folder
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.servers.accepting", self._folder]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._process.stdout.readline())

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


class Pouring:
    """Senders that take mails from one pile, and put back what was not answered 250, as an MTA does."""

    def __init__(self, listener: Running) -> None:
        self._listener = listener
        self._pile = list(range(MAILS))
        self._change = threading.Condition()
        self.answered: list[int] = []
        self.again = 0
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(SENDERS)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, answered: int) -> None:
        """Until so many have been answered."""
        with self._change:
            assert self._change.wait_for(lambda: len(self.answered) >= answered, timeout=60)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        while True:
            with self._change:
                if len(self.answered) == MAILS:
                    return
                number = self._pile.pop() if self._pile else None
            if number is None:
                with self._change:
                    self._change.wait_for(lambda: self._pile or len(self.answered) == MAILS, timeout=60)
                continue
            taken = self._deliver(number)
            with self._change:
                if taken:
                    self.answered.append(number)
                else:
                    self._pile.append(number)
                    self.again += 1
                self._change.notify_all()
                if not taken:
                    self._change.wait(0.1)  # an MTA does not knock without pause either

    def _deliver(self, number: int) -> bool:
        try:
            with Line(self._listener.port) as line:
                if not line.hears().startswith("220 ") or not line.says("EHLO mta").startswith("250 "):
                    return False
                reply = line.mails(b"Subject: mail %d\r\n\r\n" % number + b"hola\r\n" * 600)
                return reply.startswith("250 ")
        except (OSError, AssertionError):  # dead, or killed in the middle of the dialogue
            return False


def test_every_mail_that_got_250_is_stored_once_whatever_was_killed(tmp_path):
    chance = random.Random(20261123)
    listener = Running(tmp_path)
    pouring = Pouring(listener)
    for kill in range(KILLS):
        pouring.wait_for(MAILS * (kill + 1) // (KILLS + 2) + chance.randrange(20))
        listener.kill()
        listener.start()
    pouring.join()
    listener.kill()

    open_store(Store(url=f"sqlite:///{tmp_path}/mailgate.db"))
    with contextlib.closing(database), connection():
        raws = [raw_of(row.digest) for row in Intake.select()]
        whole = database.execute_sql("PRAGMA integrity_check").fetchone()
    close_store()
    numbers = Counter(int(re.match(rb"Subject: mail (\d+)\r\n", raw)[1]) for raw in raws)
    assert pouring.again > 0, "no kill hit a mail under way; the test showed nothing"
    assert whole == ("ok",)
    assert set(pouring.answered) <= set(numbers), "answered 250 and lost"
    assert max(numbers.values()) == 1
    assert all(raw.endswith(b"hola\r\n" * 600 + b"\r\n") for raw in raws)
