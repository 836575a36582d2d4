"""Roles of the service in processes of their own, mail that pours in by SMTP and IMAP, and a relay that counts.

``Gang`` starts and kills the processes; ``Pour`` sends mails until each has its 250 (as an MTA does) and drops others
into a mailbox; ``judge`` says, when all is quiet, what was lost or doubled.
"""

from __future__ import annotations

import contextlib
import email
import itertools
import json
import os
import pwd
import random
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from mailgate.crash import POINTS
from mailgate.errors import StoreUnavailable
from mailgate.store import intake, outbox, people
from mailgate.store.base import connection
from mailgate.store.models import Comment, Intake, Outgoing
from tests.edges import sink as sinks

PEOPLE = 40
MOST_WAITING = 60
RECORD_SECONDS = 10.0  # after which the relay's answer is recorded, on any machine
ROLE_OF = {"smtp": "smtp", "accept": "smtp", "imap": "imap", "worker": "worker", "sender": "sender"}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Gang:
    """One process a name: a role, several ("worker+sender"), or that with a number behind. Each is killed at will.

    Thread-safe as long as each name is used by one thread.
    """

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.environment, self._log = environment, log.open("ab")
        self._folder = Path(tempfile.mkdtemp(prefix="mailgate-gang-"))
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MAILGATE_")}
        command = [sys.executable, "-m", "tests.faults.forge", str(self._folder)]
        self._forge = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, env=clean, text=True
        )
        self._lock = threading.Lock()
        self.running: dict[str, int] = {}  # by name
        self.killed: Counter[str] = Counter()  # by point, or "random ROLE", or "starting ROLE"
        self.ended: Counter[str] = Counter()  # by themselves
        self.died_at: dict[str, list[float]] = defaultdict(list)

    def start(self, name: str, crash: str = "", **environment: str) -> None:
        roles = name.rstrip("0123456789").split("+")
        order = {"roles": roles, "environment": self.environment | environment, "crash": crash}
        assert self._forge.stdin is not None
        assert self._forge.stdout is not None
        with self._lock:
            self._forge.stdin.write(json.dumps(order) + "\n")
            self._forge.stdin.flush()
            self.running[name] = int(self._forge.stdout.readline())

    def kill(self, name: str) -> None:
        """At whatever it is doing. What had ended before is no kill."""
        doing = "random" if self._left(name, "ready") else "starting"
        try:
            os.kill(self.running[name], 9)
        except ProcessLookupError:
            self.ended[name] += 1
            return
        self._wait(name, 60)
        self._count(f"{doing} {name.rstrip('0123456789')}", name)

    def crash(self, name: str, point: str, times: int, patience: float) -> None:
        """Start it so that it dies at a point; it is killed at random when nothing came that way in time."""
        self.start(name, f"{point}:{times}")
        if not self._wait(name, patience):
            self.kill(name)
        elif self._left(name, "ended"):
            self.ended[name] += 1
        else:
            self._count(point, name)

    def _count(self, how: str, name: str) -> None:
        with self._lock:
            self.killed[how] += 1
        self.died_at[name].append(time.time())

    def await_ready(self, name: str, patience: float) -> bool:
        """Until it serves; False when it ended before, or takes too long."""
        deadline = time.monotonic() + patience
        while not self._left(name, "ready"):
            if time.monotonic() > deadline or not is_alive(self.running[name]):
                return False
            time.sleep(0.005)
        return True

    def _left(self, name: str, mark: str) -> bool:
        return (self._folder / f"{self.running[name]}.{mark}").exists()

    def _wait(self, name: str, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while is_alive(self.running[name]):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def revive(self) -> None:
        """Start again what ended by itself, as systemd would."""
        for name, pid in list(self.running.items()):
            if not is_alive(pid):
                self.ended[name] += 1
                self.start(name)

    def close(self) -> None:
        for name, pid in self.running.items():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 15)
            if not self._wait(name, 40):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
        assert self._forge.stdin is not None
        assert self._forge.stdout is not None
        self._forge.stdin.close()
        self._forge.stdout.close()
        self._forge.wait(20)
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)


@dataclass
class Relay:
    """A relay that takes everything and remembers when: Message-ID → times."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    port: int = 0


@contextlib.contextmanager
def relay() -> Iterator[Relay]:
    counting = Relay()

    class Letters(list):  # the sink adds what came; here it is counted instead of kept
        def __iadd__(self, new):
            for letter in new:
                told = email.message_from_bytes(letter.content)["Message-ID"]
                counting.taken[str(told)].append(time.time())
            return self

    with sinks.listening() as sink:
        sink.letters = Letters()
        counting.port = sink.port
        yield counting


class Pour:
    """Mails in a steady stream, never far ahead of the workers."""

    def __init__(self, port: int, maildir: Path | None, senders: int = 3, pace: float = 0.0) -> None:
        self.port, self._maildir, self._pace = port, maildir, pace
        self.acknowledged: set[int] = set()
        self.dropped: set[int] = set()  # into the mailbox
        self.again = 0
        self._next, self._lock = 0, threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(senders)]
        if maildir is not None:
            self._threads.append(threading.Thread(target=self._drop, daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self, patience: float = 120) -> None:
        """No new mail; each one under way until it has its 250."""
        self._stop.set()
        for thread in self._threads:
            thread.join(patience)
            assert not thread.is_alive(), "a mail was never taken"

    def _hold_back(self) -> None:
        """The workers are slower than we: a test wants kills, and no endless queue."""
        while not self._stop.wait(0.02):
            with contextlib.suppress(StoreUnavailable), connection():
                if intake.outcomes().get("pending", 0) < MOST_WAITING:
                    return

    def _number(self) -> int:
        with self._lock:
            self._next += 1
            return self._next

    def _send(self) -> None:
        while not self._stop.is_set():
            self._hold_back()
            if self._stop.is_set():
                return
            number = self._number()
            while not self._deliver(number):
                self.again += 1
                time.sleep(0.05)
            with self._lock:
                self.acknowledged.add(number)
            time.sleep(self._pace)

    def _deliver(self, number: int) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as session:
                session.sendmail(author(number), ["soporte@desk.co"], mail(number))
        except (OSError, smtplib.SMTPException):
            return False
        return True

    def _drop(self) -> None:
        assert self._maildir is not None
        for folder in ("tmp", "new", "cur"):
            (self._maildir / folder).mkdir(parents=True, exist_ok=True)
        owner = pwd.getpwnam("nobody")
        for path in (self._maildir, *self._maildir.iterdir()):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        while not self._stop.wait(0.1 + self._pace):
            self._hold_back()
            if self._stop.is_set():
                return
            number = self._number()
            name = f"{time.time_ns()}.M{number}.test"
            path = self._maildir / "tmp" / name
            path.write_bytes(mail(number))
            os.chown(path, owner.pw_uid, owner.pw_gid)
            path.rename(self._maildir / "new" / name)
            self.dropped.add(number)


def author(number: int) -> str:
    return f"persona{number % PEOPLE}@empresa.co"


def mail(number: int) -> bytes:
    return (
        f"From: {author(number)}\r\nTo: soporte@desk.co\r\nSubject: caso {number}\r\n"
        f"Message-ID: <{number}@empresa.co>\r\n\r\nCaso {number}.\r\n"
    ).encode()


def found_people() -> None:
    """One company, its contacts, an agent. Expects an open store."""
    now = datetime.now(UTC)
    contacts = [(author(n), f"Persona {n}") for n in range(PEOPLE)]
    people.save_client(people.ClientEntry("ABC123", "900123456", "Empresa", contacts=contacts), now)
    people.save_agent("ana@desk.co", "Ana María Peña", now)


def settings_for(store_url: str, relay_port: int, smtp_port: int, **more: str) -> dict[str, str]:
    many = "1000000"
    return {
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
        "MAILGATE_STORE_URL": store_url,
        "MAILGATE_RELAY_KIND": "smtp",
        "MAILGATE_RELAY_HOST": "127.0.0.1",
        "MAILGATE_RELAY_PORT": str(relay_port),
        "MAILGATE_RELAY_TLS": "none",
        "MAILGATE_SMTP_PORT": str(smtp_port),
        "MAILGATE_SMTP_TRUSTED_PEERS": '["127.0.0.1"]',
        "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
        "MAILGATE_LIMITS_MAILS_PER_CONTACT_HOUR": many,
        "MAILGATE_LIMITS_MAILS_PER_COMPANY_HOUR": many,
        "MAILGATE_LIMITS_TICKETS_PER_SENDER_HOUR": many,
        "MAILGATE_LIMITS_LETTERS_PER_ADDRESS_HOUR": many,
        "MAILGATE_LIMITS_LETTERS_PER_ADDRESS_DAY": many,
        "MAILGATE_LIMITS_LETTERS_PER_HOUR": many,
        **more,
    }


def kill_many(gang: Gang, kills: int, names: Sequence[str], *, seconds: float, patience: float = 5.0) -> None:
    """Every one of them again and again and all at the same time, so many kills in all or what the time allows."""
    until = time.monotonic() + seconds
    shares = [kills // len(names) + (place < kills % len(names)) for place in range(len(names))]
    with ThreadPoolExecutor(len(names)) as pool:
        jobs = [
            pool.submit(_kill_one, gang, name, share, random.Random(name), until, patience)
            for name, share in zip(names, shares, strict=True)
        ]
        for job in jobs:
            job.result()


def _kill_one(gang: Gang, name: str, kills: int, chance: random.Random, until: float, patience: float) -> None:
    """Every other time at a named point, else at random: mostly at work, sometimes while it starts."""
    role = name.rstrip("0123456789")
    points = itertools.cycle([point for point in POINTS if ROLE_OF[point.partition("-")[0]] == role])
    for serial in range(kills):
        if time.monotonic() > until:
            break
        if serial % 2 == 0:
            gang.crash(name, next(points), chance.randint(1, 2), patience)
            continue
        gang.start(name)
        if chance.random() < 0.9:
            gang.await_ready(name, 60)
        time.sleep(chance.uniform(0.0, 0.8))
        gang.kill(name)
    gang.start(name)


@dataclass
class Verdict:
    """What was lost or doubled; all of it should be empty."""

    lost: set[int]
    doubled: dict[str, int]
    unexplained: list[str]  # letters doubled though no sender died between the first time and the second
    repeated: int  # letters doubled because the sender died before it had recorded the relay's answer
    unsent: int
    mails: int
    letters: int


def settle(gang: Gang, patience: float) -> bool:
    """Until no mail waits and no letter is queued."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        gang.revive()
        with connection():
            waiting = Intake.select().where(Intake.state == intake.PENDING).count() + outbox.counts()["queued"]
        if not waiting:
            return True
        time.sleep(0.25)
    return False


def judge(pour: Pour, counting: Relay, died_at: list[float]) -> Verdict:
    """Expects an open store, and quiet."""
    words = Counter(text.strip() for (text,) in Comment.select(Comment.text).tuples())
    expected = pour.acknowledged | pour.dropped
    ids = {message_id for (message_id,) in Outgoing.select(Outgoing.message_id).tuples()}
    twice = {told: times for told, times in counting.taken.items() if len(times) > 1}
    explained = {told for told, times in twice.items() if _each_by_a_death(times, died_at)}
    return Verdict(
        lost={number for number in expected if not words[f"Caso {number}."]},
        doubled={text: count for text, count in words.items() if count > 1},
        unexplained=sorted(set(twice) - explained),
        repeated=len(explained),
        unsent=len(ids - set(counting.taken)),
        mails=len(expected),
        letters=len(ids),
    )


def _each_by_a_death(times: list[float], died_at: list[float]) -> bool:
    """Whether a sender died soon after each time but the last, before it could record it, and before the next."""
    return all(
        any(first - 0.1 <= died <= min(then, first + RECORD_SECONDS) for died in died_at)
        for first, then in itertools.pairwise(times)
    )
