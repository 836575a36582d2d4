"""IMAP: mails fetched from a Dovecot, made durable and moved; and how soon a mail that comes during IDLE is durable.

Beside it what Dovecot itself gives to a client that asks for the same batches and throws them away. Of an arrival's
time half a second is Dovecot's: so long it waits for more before it tells.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import pwd
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from imapclient import IMAPClient

from mailgate.intake.accept import Acceptor
from mailgate.intake.imap import MailboxPoller
from mailgate.settings import Imap, Limits, Store
from mailgate.store.base import close_store, open_store
from tests.bench import desk
from tests.bench.figures import Absent, Figure
from tests.servers import dovecot

BATCH = 200
ARRIVALS = 20  # a run, while we idle
PATIENCE = 120.0


def measure(runs: int, peers: bool, mails: int = 1000) -> Iterator[Figure | Absent]:
    if why := dovecot.missing():
        yield Absent("IMAP", why)
        return
    rates, alone, spent, waits = [], [], [], []
    with dovecot.Dovecot() as server:
        for run in range(runs):
            rate, milliseconds = _fetch(server, f"fetch{run}", mails)
            rates.append(rate)
            spent.append(milliseconds)
            alone.append(_thrown_away(server, f"alone{run}", mails))
            waits += _idle(server, f"idle{run}")
    waits.sort()
    yield Figure("IMAP: fetched, durable, moved", rates, cpu=spent, goal="≥ 1,000 mails/s")
    yield Figure("IMAP: fetched, durable, moved", alone, who="Dovecot, kept nowhere")
    yield Figure("IMAP: arrival to durable, IDLE, p50", [waits[len(waits) // 2]], "ms")
    yield Figure("IMAP: arrival to durable, IDLE, p99", [waits[len(waits) * 99 // 100]], "ms", goal="≤ 1 s")


def _mail(name: str) -> bytes:
    head = f"From: ana@cliente.example\r\nTo: {desk.ADDRESS}\r\nSubject: {name}\r\nMessage-ID: <{name}@cliente.example>"
    return f"{head}\r\n\r\n{'La impresora no imprime desde ayer. ' * 110}\r\n".encode()


def _fill(server: dovecot.Dovecot, user: str, mails: int) -> Path:
    """The folder of a new mailbox with so many mails."""
    owner = pwd.getpwnam("nobody")
    home = server.mailbox_folder(user)
    for folder in ("", "new", "cur", "tmp"):
        (home / folder).mkdir(exist_ok=True)
        os.chown(home / folder, owner.pw_uid, owner.pw_gid)
    for number in range(mails):
        path = home / "new" / f"{1_790_000_000 + number}.M{number}.bench"
        path.write_bytes(_mail(f"{user}.{number}"))
        os.chown(path, owner.pw_uid, owner.pw_gid)
    return home


def _thrown_away(server: dovecot.Dovecot, user: str, mails: int) -> float:
    """Mails a second that Dovecot gives and moves, in batches as ours."""
    _fill(server, user, mails)
    with contextlib.closing(imaplib.IMAP4("127.0.0.1", server.port)) as client:
        client.authenticate("PLAIN", lambda _: f"\0{user}\0{dovecot.PASSWORD}".encode())
        began = time.perf_counter()
        client.select("INBOX")
        client.create("Done")
        for first in range(1, mails + 1, BATCH):
            batch = f"{first}:{min(first + BATCH - 1, mails)}"
            client.uid("FETCH", batch, "(RFC822.SIZE INTERNALDATE)")
            client.uid("FETCH", batch, "(BODY.PEEK[])")
            client.uid("MOVE", batch, "Done")
        return mails / (time.perf_counter() - began)


def _fetch(server: dovecot.Dovecot, user: str, mails: int) -> tuple[float, float]:
    """(mails a second, processor milliseconds a mail of ours), from the first look to the last move."""
    home = _fill(server, user, mails)
    done = home / ".Done"
    began, used = time.perf_counter(), time.process_time()
    with Polling(server, user) as stored:
        _wait_until(lambda: stored() == mails)
        _wait_until(lambda: sum(1 for _ in done.glob("[cn][ue][rw]/*")) == mails)
        return mails / (time.perf_counter() - began), (time.process_time() - used) * 1000 / mails


def _idle(server: dovecot.Dovecot, user: str) -> list[float]:
    """Milliseconds from the end of each APPEND until the mail is durable."""
    waits = []
    with IMAPClient("127.0.0.1", port=server.port, ssl=False) as person:
        person.plain_login(user, dovecot.PASSWORD)
        with Polling(server, user) as stored:
            person.append("INBOX", _mail(f"{user}.first"))
            _wait_until(lambda: stored() == 1)
            for number in range(ARRIVALS):
                time.sleep(0.15)  # back in IDLE
                person.append("INBOX", _mail(f"{user}.{number}"))
                began = time.perf_counter()
                _wait_until(lambda expected=number + 2: stored() == expected)  # type: ignore[misc]
                waits.append((time.perf_counter() - began) * 1000)
    return waits


class Polling:
    """``with Polling(server, user) as stored``: our poller reads that mailbox; ``stored()`` counts what is durable.

    As the poller counts it: to ask the store again and again took more of the processor than the mails.
    """

    def __init__(self, server: dovecot.Dovecot, user: str) -> None:
        self._server, self._user = server, user

    def __enter__(self) -> Callable[[], int]:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        (folder / "password").write_text(dovecot.PASSWORD)
        open_store(Store(url=f"sqlite:///{folder}/mailgate.db"))
        self._acceptor = Acceptor()
        self._acceptor.start()
        account = Imap(
            host="127.0.0.1", port=self._server.port, tls="none", user=self._user, done_folder="Done", batch=BATCH,
            password_file=folder / "password",
        )  # fmt: skip
        self._poller = MailboxPoller(account, self._acceptor, Limits(), (desk.ADDRESS,))
        self._poller.start()
        return self._stored

    def _stored(self) -> int:
        return self._poller.status().fresh

    def __exit__(self, *_: object) -> None:
        self._poller.stop()
        self._acceptor.stop()
        close_store()
        self._folder.cleanup()


def _wait_until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        if time.monotonic() > deadline:
            raise SystemExit("the mails of the mailbox do not come")
        time.sleep(0.005)
