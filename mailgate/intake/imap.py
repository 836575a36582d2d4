"""Fetches mail from one IMAP mailbox, for as long as the service runs, whatever its server does.

One thread a mailbox (IMAPClient is not thread-safe): connect, look into each folder, wait (IDLE where the server has
it, else a while), look again. Any trouble ends the connection and is answered by a longer and longer wait, told once in
the log; nothing that happens to a mailbox ends the thread but ``stop``. What a look does is in ``imap_folder``.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from mailgate.errors import ConfigError, MailgateError, ServiceUnavailable
from mailgate.intake import imap_session
from mailgate.intake.accept import Acceptor
from mailgate.intake.imap_folder import Counts, Folder
from mailgate.intake.imap_session import TROUBLES, Client, cut, hang_up, told
from mailgate.intake.oauth import Refused, Unreachable
from mailgate.settings import Imap, Limits

IDLE_SECONDS = 9 * 60.0  # RFC 2177 allows 29 minutes; routers forget a silent connection sooner
RESCAN_SECONDS = 10 * 60.0
STEADY_SECONDS = 60.0  # a connection that lived so long was a good one
FIRST_WAIT, REFUSED_WAIT, LONGEST_WAIT = 1.0, 30.0, 300.0
STOP_SECONDS = 5.0
STANDBY_SECONDS = 1.0  # between two looks whether it is our turn

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MailboxStatus:
    """How a mailbox is doing, for ``doctor`` and the log."""

    label: str
    state: str  # starting, standby, reading, waiting, refused, unreachable, stopped
    trouble: str  # one line on what went wrong last, "" when it is overcome
    fresh: int  # mails accepted since the start
    known: int  # of those that were here already
    too_big: int
    aside: int


def backoff_seconds(failures: int, chance: float, *, refused: bool = False) -> float:
    """How long to wait after the n-th failure in a row: 1 s doubling to 5 min, ±20 % by ``chance`` (0 to 1).

    A refused login begins at 30 s: quick tries get accounts locked.
    """
    first = REFUSED_WAIT if refused else FIRST_WAIT
    return min(LONGEST_WAIT, first * 2 ** min(failures - 1, 16)) * (0.8 + 0.4 * chance)


def check_login(account: Imap) -> None:
    """Raises ServiceUnavailable or ConfigError, one line each, when the mailbox cannot be entered."""
    try:
        imap_session.check_login(account)
    except Unreachable as error:
        raise ServiceUnavailable(str(error)) from error


class MailboxPoller:
    """The thread of one mailbox.

    ``ours`` are the desk's addresses, without details. ``wait`` sleeps the given seconds and says whether to stop;
    tests give their own. ``mine`` tells whether it is our turn: of several processes one reads a mailbox.
    """

    def __init__(
        self,
        account: Imap,
        acceptor: Acceptor,
        limits: Limits,
        ours: Collection[str],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
        mine: Callable[[], bool] = lambda: True,
    ) -> None:
        if account.done_folder in account.folders:
            raise ConfigError(f"imap {account.label}: done_folder {account.done_folder!r} is one of the folders read")
        self.account, self._limits, self._monotonic, self._mine = account, limits, monotonic, mine
        self._stopping = threading.Event()
        self._wait = wait or self._stopping.wait
        self._counts = Counts()
        # The first folder comes last: it is the one left selected, so that IDLE watches it.
        self._folders = [
            Folder(
                name, account, acceptor.submit, most_bytes=limits.mail_bytes, ours=ours, now=now, counts=self._counts
            )
            for name in (*account.folders[1:], account.folders[0])
        ]
        self._thread = threading.Thread(target=self._run, name=f"imap {account.label}", daemon=True)
        self._socket: socket.socket | None = None
        self._idling = False
        self._state, self._trouble = "starting", ""
        self._refusals: list[str] = []  # of single folders, as last told
        self._rescanned_at = float("-inf")
        self._log = log.bind(mailbox=account.label)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End soon: at once when waiting, after the present batch when busy, by force when the server is silent."""
        self._stopping.set()
        if self._idling:
            self._cut()
        if self._thread.ident is None:
            return
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            self._cut()
            self._thread.join(STOP_SECONDS)

    @property
    def alive(self) -> bool:
        """Whether the thread runs; a service that sees False has met a bug."""
        return self._thread.is_alive()

    def status(self) -> MailboxStatus:
        counts = self._counts
        return MailboxStatus(
            self.account.label, self._state, self._trouble, counts.fresh, counts.known, counts.too_big, counts.aside
        )

    def _cut(self) -> None:
        if self._socket is not None:
            cut(self._socket)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            if not self._mine():
                self._state = "standby"
                if self._wait(STANDBY_SECONDS):
                    break
                continue
            began, had = self._monotonic(), self._counts.fresh
            try:
                self._one_connection()
            except Exception as error:  # whatever it is, the mailbox is tried again
                if self._stopping.is_set():
                    break
                proved = self._counts.fresh > had or self._monotonic() - began > STEADY_SECONDS
                failures = 1 if proved else failures + 1
                refused = isinstance(error, Refused | ConfigError)
                self._tell(error, refused=refused)
                if self._wait(backoff_seconds(failures, random.random(), refused=refused)):  # noqa: S311 - only spreads load
                    break
        self._state = "stopped"

    def _tell(self, error: Exception, *, refused: bool) -> None:
        """One line when the trouble is new, silence while it stays the same."""
        self._state = "refused" if refused else "unreachable"
        trouble = told(error)
        if trouble == self._trouble:
            return
        self._trouble = trouble
        if refused:
            self._log.error("imap.refused", reason=trouble)
        elif isinstance(error, (*TROUBLES, MailgateError)):
            self._log.warning("imap.connection_lost", reason=trouble)
        else:
            self._log.error("imap.failed", reason=trouble, exc_info=error)

    def _recovered(self) -> None:
        if self._trouble:
            self._log.info("imap.recovered", after=self._trouble)
            self._trouble = ""

    def _one_connection(self) -> None:
        client = imap_session.connect(self.account, self._limits.mail_bytes, self._hold)
        try:
            rescan = True  # what was committed but not filed when the last connection broke
            while not self._leaves():
                watching = self._look(client, rescan=self._rescan_due() or rescan)
                rescan = False
                self._state = "waiting"
                self._await_mail(client, watching=watching)
                self._recovered()  # not before: some servers let us in and drop us as soon as we wait
        finally:
            self._socket = None
            hang_up(client)

    def _leaves(self) -> bool:
        return self._stopping.is_set() or not self._mine()

    def _hold(self, sock: socket.socket) -> None:
        self._socket = sock

    def _rescan_due(self) -> bool:
        if self._monotonic() - self._rescanned_at < RESCAN_SECONDS:
            return False
        self._rescanned_at = self._monotonic()
        for folder in self._folders:
            folder.retry_aside()
        return True

    def _look(self, client: Client, *, rescan: bool) -> bool:
        """Look into every folder; whether the one that IDLE would watch is open. Raises when none can be opened."""
        refusals: list[str] = []
        opened = False
        for folder in self._folders:
            self._state = "reading"
            opened, refusal = self._open(client, folder)
            if opened:
                folder.look(client, rescan=rescan, stopping=self._leaves)
            else:
                refusals.append(f"folder {folder.name!r}: {refusal}")
        if len(refusals) == len(self._folders):
            raise Unreachable(f"{self.account.label}: {'; '.join(refusals)}")
        if refusals != self._refusals:
            self._refusals = refusals
            self._log.warning("imap.folders", refused=refusals)
        return opened

    def _open(self, client: Client, folder: Folder) -> tuple[bool, str]:
        """A folder that does not exist or is in use must not keep the others from being read."""
        try:
            folder.open(client)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            return False, told(error)
        return True, ""

    def _await_mail(self, client: Client, *, watching: bool) -> None:
        if watching and self.account.idle and client.has_capability("IDLE"):
            self._idle(client)
        elif self._wait(self.account.poll_seconds):
            self._stopping.set()

    def _idle(self, client: Client) -> None:
        """Wait in IDLE for news, for ``poll_seconds`` at the most.

        Not for longer, because only one folder is watched, and because some servers forget to tell.
        """
        self._idling = True
        try:
            client.idle()
            until = self._monotonic() + min(IDLE_SECONDS, self.account.poll_seconds)
            while not self._stopping.is_set() and (left := until - self._monotonic()) > 0:
                answers = client.idle_check(timeout=left)
                # Nothing: time is over, or the connection is (IMAPClient says [] for ever then); idle_done tells which.
                if not answers or any(is_news(answer) for answer in answers):
                    break
            client.idle_done()
        finally:
            self._idling = False


def is_news(answer: tuple[object, ...]) -> bool:
    """Whether an IDLE response may mean new mail or a farewell, and is not just a sign of life or somebody's flag."""
    return b"EXISTS" in answer or b"BYE" in answer
