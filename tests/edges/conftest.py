"""Real IMAP servers, and the gateway's side of a mailbox: a store, an acceptor, pollers that end with the test."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from imapclient import IMAPClient

from mailgate.intake.accept import Acceptor
from mailgate.intake.imap import MailboxPoller
from mailgate.intake.imap_session import hang_up
from mailgate.settings import Imap, Limits, Store
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.intake import raw_of
from mailgate.store.models import Intake
from tests.servers import dovecot as dovecot_server
from tests.servers import pymap_server, unruly_imap

OURS = ("soporte@acme.co", "pqrs@acme.co")
PATIENCE = 60.0  # seconds until a test gives up on what should happen at once

_users = itertools.count(1)


def plain_desk(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a whole service on SQLite that keeps everything in ``folder``."""
    return {
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
        "MAILGATE_STORE_URL": f"sqlite:///{folder}/mailgate.db",
        "MAILGATE_RELAY_MAILDIR": str(folder / "letters"),
        "MAILGATE_SMTP_PORT": "0",
        "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
        **more,
    }


@pytest.fixture(scope="session")
def dovecot() -> Iterator[dovecot_server.Dovecot]:
    """A private Dovecot; each test takes its mailbox from ``dovecot_account``."""
    if why := dovecot_server.missing():
        pytest.skip(why)
    with dovecot_server.Dovecot() as server:
        yield server


@pytest.fixture
def dovecot_account(dovecot: dovecot_server.Dovecot) -> Imap:
    """A new, empty mailbox in Dovecot."""
    return Imap(
        host="127.0.0.1", port=dovecot.port, tls="none", user=f"buzon{next(_users)}", password=dovecot_server.PASSWORD
    )


@pytest.fixture
def pymap_account() -> Iterator[Imap]:
    """The mailbox of a pymap of its own."""
    with pymap_server.Pymap() as server:
        yield Imap(
            host="127.0.0.1", port=server.port, tls="none", user=pymap_server.USER, password=pymap_server.PASSWORD
        )


@pytest.fixture
def unruly() -> Iterator[unruly_imap.Unruly]:
    """An empty mailbox whose server misbehaves on request."""
    with unruly_imap.Unruly() as server:
        yield server


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[None]:
    """An open, empty store, with this thread connected."""
    open_store(Store(url=f"sqlite:///{tmp_path}/mailgate.db"))
    with connection():
        yield
    close_store()


@pytest.fixture
def acceptor(sqlite_store: None) -> Iterator[Acceptor]:
    """The writer of accepted mails, at work."""
    acceptor = Acceptor()
    acceptor.start()
    yield acceptor
    acceptor.stop()


@pytest.fixture
def poll(acceptor: Acceptor) -> Iterator[Callable[..., MailboxPoller]]:
    """Start to read a mailbox; it ends with the test. ``submit=`` stands in for the acceptor's."""
    started: list[MailboxPoller] = []

    def start(account: Imap, *, limits: Limits | None = None, **arguments: object) -> MailboxPoller:
        submit = arguments.pop("submit", acceptor.submit)
        poller = MailboxPoller(account, SimpleNamespace(submit=submit), limits or Limits(), OURS, **arguments)  # type: ignore[arg-type]
        poller.start()
        started.append(poller)
        return poller

    yield start
    for poller in started:
        poller.stop()


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Wait until something is so; fail when it does not become so."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            time.sleep(0.01)

    return wait


@pytest.fixture
def person() -> Iterator[Callable[[Imap], IMAPClient]]:
    """Somebody else's mail program on the same mailbox."""
    clients: list[IMAPClient] = []

    def log_in(account: Imap) -> IMAPClient:
        client = IMAPClient(account.host, account.port, ssl=False, timeout=PATIENCE)
        clients.append(client)
        client.plain_login(account.user, account.secret())
        client.select_folder("INBOX")
        return client

    yield log_in
    for client in clients:
        hang_up(client)


class Waits:
    """A waiting function that remembers how long it was asked to wait, and waits not at all, or until told."""

    def __init__(self, ends_after: int) -> None:
        self.asked: list[float] = []
        self.over = threading.Event()
        self._ends_after = ends_after

    def __call__(self, seconds: float) -> bool:
        self.asked.append(seconds)
        if len(self.asked) >= self._ends_after:
            self.over.set()
            return True
        return False


@pytest.fixture
def no_waiting() -> Callable[[int], Waits]:
    """``no_waiting(4)``: the poller goes through its waits at once and ends at the fourth."""
    return Waits


@pytest.fixture
def mail() -> Callable[..., bytes]:
    """``mail("Impresora")``: a small mail with that subject."""

    def write(subject: str, to: str = "soporte@acme.co", text: str = "Hola") -> bytes:
        lines = [
            "From: Ana <ana@cliente.co>",
            f"To: {to}",
            f"Subject: {subject}",
            f"Message-ID: <{subject}@cliente.co>",
        ]
        return "\r\n".join([*lines, "", text, ""]).encode()

    return write


@pytest.fixture
def unruly_account(unruly: unruly_imap.Unruly) -> Imap:
    """The mailbox of ``unruly``."""
    return Imap(host="127.0.0.1", port=unruly.port, tls="none", user="soporte", password="clave-secreta")


@pytest.fixture
def stored() -> Callable[[], list[str]]:
    """Subjects of the accepted mails, in the order of acceptance."""

    def subjects() -> list[str]:
        found = []
        for row in Intake.select().order_by(Intake.id):
            head = raw_of(row.digest).decode("utf-8", "replace")
            found.append(head.partition("Subject: ")[2].partition("\r\n")[0])
        return found

    return subjects
