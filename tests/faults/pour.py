"""Mail that pours in by SMTP and IMAP, a relay that counts, and a judge.

``Pour`` sends mails until each has its 250 (as an MTA does) and drops others into a mailbox; ``judge`` says, when all
is quiet, what was lost or doubled.
"""

from __future__ import annotations

import contextlib
import email
import itertools
import os
import pwd
import smtplib
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from mailgate.errors import StoreUnavailable
from mailgate.store import intake, outbox, people
from mailgate.store.base import connection, translated
from mailgate.store.models import Comment, Intake, Outgoing
from tests.edges import sink as sinks
from tests.faults.gang import Gang

PEOPLE = 40
MOST_WAITING = 60
RECORD_SECONDS = 10.0  # after which the relay's answer is recorded, on any machine


class Mails(Protocol):
    """The numbers of those that must not be lost."""

    acknowledged: set[int]  # by SMTP
    dropped: set[int]  # into the mailbox


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


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
        self.refusals: Counter[int] = Counter()  # by reply code; 0: hung up, or nobody listened
        self._next, self._lock = 0, threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(senders)]
        if maildir is not None:
            self._threads.append(threading.Thread(target=self._drop, daemon=True))
        for thread in self._threads:
            thread.start()

    def wait_for(self, acknowledged: int, patience: float = 600) -> None:
        """Until so many have their 250."""
        deadline = time.monotonic() + patience
        while len(self.acknowledged) < acknowledged:
            assert time.monotonic() < deadline, f"{len(self.acknowledged)} of {acknowledged} were taken"
            time.sleep(0.05)

    def stop(self, patience: float = 120) -> None:
        """No new mail; each one under way until it has its 250."""
        self._stop.set()
        for thread in self._threads:
            thread.join(patience)
            assert not thread.is_alive(), "a mail was never taken"

    def _hold_back(self) -> None:
        """The workers are slower than we: a test wants kills, and no endless queue here or in the mailbox."""
        while not self._stop.wait(0.02):
            with contextlib.suppress(StoreUnavailable), connection(), translated():
                if self._next - Intake.select().where(Intake.state != intake.PENDING).count() < MOST_WAITING:
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
            while (code := self._deliver(number)) != 250:
                self.refusals[code] += 1
                time.sleep(0.05)
            with self._lock:
                self.acknowledged.add(number)
            time.sleep(self._pace)

    def _deliver(self, number: int) -> int:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as session:
                session.sendmail(author(number), ["soporte@desk.co"], mail(number))
        except smtplib.SMTPRecipientsRefused as refused:
            return refused.recipients["soporte@desk.co"][0]
        except smtplib.SMTPResponseException as refused:
            return max(refused.smtp_code, 0)
        except (OSError, smtplib.SMTPException):
            return 0
        return 250

    def _drop(self) -> None:
        assert self._maildir is not None
        make_maildir(self._maildir)
        while not self._stop.wait(0.1 + self._pace):
            self._hold_back()
            if self._stop.is_set():
                return
            number = self._number()
            drop(self._maildir, number)
            self.dropped.add(number)


def make_maildir(folder: Path) -> None:
    """As Dovecot would: it runs as nobody."""
    owner = pwd.getpwnam("nobody")
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for path in (folder, *folder.iterdir()):
        os.chown(path, owner.pw_uid, owner.pw_gid)


def drop(maildir: Path, number: int) -> None:
    """Deliver a mail into a mailbox."""
    owner = pwd.getpwnam("nobody")
    name = f"{time.time_ns()}.M{number}.test"
    path = maildir / "tmp" / name
    path.write_bytes(mail(number))
    os.chown(path, owner.pw_uid, owner.pw_gid)
    path.rename(maildir / "new" / name)


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


@dataclass
class Verdict:
    """What became of all that was written."""

    lost: set[int]
    doubled: dict[str, int]
    unexplained: list[str]  # letters doubled though no sender died between the first time and the second
    repeated: int  # letters doubled because the sender died before it had recorded the relay's answer
    unsent: int
    mails: int
    letters: int

    @property
    def faults(self) -> dict[str, object]:
        """What was lost, doubled or never sent; empty when nothing was."""
        found = {"lost": self.lost, "doubled": self.doubled, "unexplained": self.unexplained, "unsent": self.unsent}
        return {name: what for name, what in found.items() if what}


def tell_long_run(what: str, verdict: Verdict, gang: Gang, pour: Pour, alerts: list[str]) -> None:
    """The figures of a run that took minutes, for whoever started it."""
    print(f"\n{what}: {verdict}")
    print(f"{len(alerts)} alert(s), refusals: {dict(pour.refusals)}, ended by themselves: {dict(gang.ended)}")


def alerts_among(counting: Relay) -> list[str]:
    return [message_id for message_id in counting.taken if ".alert@" in message_id]


def settle(gang: Gang, mails: Mails, patience: float) -> bool:
    """Until every mail is in the store, none waits there and no letter is queued."""
    return quiet_within(mails, patience, gang.revive)


def quiet_within(mails: Mails, patience: float, meanwhile: Callable[[], object] = lambda: None) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        meanwhile()
        with contextlib.suppress(StoreUnavailable), connection(), translated():
            worked_on = Intake.select().where(Intake.state != intake.PENDING).count()
            if worked_on >= len(mails.acknowledged | mails.dropped) and not outbox.counts()["queued"]:
                return True
        time.sleep(0.25)
    return False


def alerts_to(port: int) -> dict[str, str]:
    """Settings with which the operators are told of what stands still, through another relay."""
    told = {"TO": '["ops@acme.co"]', "HOST": "127.0.0.1", "PORT": str(port), "TLS": "none"}
    return {f"MAILGATE_ALERTS_{name}": value for name, value in told.items()}


def judge(mails: Mails, counting: Relay, died_at: list[float], away: Sequence[tuple[float, float]] = ()) -> Verdict:
    """Expects an open store, and quiet. ``away``: from when to when nothing could be recorded."""
    words = Counter(text.strip() for (text,) in Comment.select(Comment.text).tuples())
    expected = mails.acknowledged | mails.dropped
    ids = {message_id for (message_id,) in Outgoing.select(Outgoing.message_id).tuples()}
    twice = {told: times for told, times in counting.taken.items() if len(times) > 1}
    explained = {told for told, times in twice.items() if _each_by_a_death(times, died_at, away)}
    return Verdict(
        lost={number for number in expected if not words[f"Caso {number}."]},
        doubled={text: count for text, count in words.items() if count > 1},
        unexplained=sorted(set(twice) - explained),
        repeated=len(explained),
        unsent=len(ids - set(counting.taken)),
        mails=len(expected),
        letters=len(ids),
    )


def _each_by_a_death(times: list[float], died_at: list[float], away: Sequence[tuple[float, float]]) -> bool:
    """Whether a sender died soon after each time but the last, before it could record it, and before the next."""
    for first, then in itertools.pairwise(times):
        could = max([first, *(end for begin, end in away if begin - 1 <= first <= end)])
        if not any(first - 0.1 <= died <= min(then, could + RECORD_SECONDS) for died in died_at):
            return False
    return True
