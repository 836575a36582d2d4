"""The running gateway: every role in one process, started in order, stopped in order.

    accept (writer thread) ← smtp (event loop) and imap (a thread a mailbox) → worker → outbox sender ← clock

Each role waits on a bell and is rung by the one before it, so that an idle desk does nothing and a mail is worked on at
once. When the store cannot serve, each role pauses and tries again; whatever it had is still in the store.
"""

from __future__ import annotations

import asyncio
import secrets
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from zoneinfo import ZoneInfo

import structlog

from mailgate import logs
from mailgate.clock import Clock
from mailgate.desk.addresses import is_ours
from mailgate.errors import ServiceUnavailable, StoreUnavailable
from mailgate.intake import smtp
from mailgate.intake.accept import Acceptor
from mailgate.intake.imap import MailboxPoller
from mailgate.intake.rates import Known, Who
from mailgate.letters.orders import Office, tell_undeliverable
from mailgate.letters.render import Renderer
from mailgate.outbox import Sender
from mailgate.process import Desk, run_due
from mailgate.reader import Reader
from mailgate.settings import Settings
from mailgate.store import intake, keys, people
from mailgate.store.base import close_store, connection, open_store
from mailgate.texter import Texter

log = structlog.get_logger()

LONGEST_NAP = 30.0  # seconds a worker sleeps at most: a bell may be rung in another process
PAUSE = 2.0  # seconds to wait when the store cannot serve


def now() -> datetime:
    return datetime.now(UTC)


class Worker:
    """The thread that turns accepted mails into their effects."""

    def __init__(self, desk: Desk, on_done: Callable[[], None]) -> None:
        self._desk, self._on_done = desk, on_done
        self._bell, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker")

    def start(self) -> None:
        self._thread.start()

    def ring(self) -> None:
        """Something may be due."""
        self._bell.set()

    def stop(self) -> None:
        """Finish the mail in hand, then end."""
        self._stopping.set()
        self._bell.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                with connection():
                    if run_due(self._desk, now, stopping=self._stopping.is_set):
                        self._on_done()
                    nap = self._nap()
            except StoreUnavailable as error:
                log.warning("store unavailable; waiting", error=str(error))
                nap = PAUSE
            self._bell.wait(nap)

    def _nap(self) -> float:
        due = intake.next_due()
        if due is None:
            return LONGEST_NAP
        return min(LONGEST_NAP, max(0.1, (due - now()).total_seconds()))


class Service:
    """A desk at work: ``with Service(settings) as service: …`` opens the store and starts every role.

    Raises ConfigError, StoreUnavailable or ServiceUnavailable (port in use, …) when it cannot start.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.smtp_port: int | None = None
        self._closing: list[Callable[[], object]] = []  # undone last to first

    def __enter__(self) -> Service:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop taking mail, finish what is in hand, and let go of everything."""
        while self._closing:
            self._closing.pop()()

    def _start(self) -> None:
        settings = self.settings
        reader = Reader(
            limits=settings.limits, own_addresses=settings.desk.addresses
        )  # first: its processes must not inherit our sockets and database
        self._closing.append(reader.close)
        open_store(settings.store)
        self._closing.append(close_store)
        self.desk = desk_of(settings, reader)

        sender = Sender(settings.relay, on_dead=lambda letter: tell_undeliverable(self.desk.office, letter, now()))
        sender.start()
        self._closing.append(sender.stop)
        wake = self._texting(sender.wake)
        worker = Worker(self.desk, on_done=wake)
        worker.start()
        self._closing.append(worker.stop)
        clock = Clock(self.desk, now, on_done=wake)
        clock.start()
        self._closing.append(clock.stop)
        acceptor = Acceptor(on_accept=worker.ring)
        acceptor.start()
        self._closing.append(acceptor.stop)
        if settings.smtp.enabled:
            self._closing.append(self._listen(acceptor))
        for account in settings.imap:
            poller = MailboxPoller(account, acceptor, settings.limits, settings.desk.addresses)
            poller.start()
            self._closing.append(poller.stop)

    def _texting(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Start sending messages to mobiles where the settings say how; gives what wakes all senders."""
        if not self.settings.sms.on:
            return wake
        texter = Texter(self.settings)
        texter.start()
        self._closing.append(texter.stop)

        def wake_both() -> None:
            wake()
            texter.wake()

        return wake_both

    def _listen(self, acceptor: Acceptor) -> Callable[[], None]:
        """Run the SMTP listener in an event loop of its own thread; gives what stops it."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="smtp")
        thread.start()

        def end() -> None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

        ours = self.settings.desk.addresses
        serving = smtp.serve(
            self.settings, acceptor, is_ours=lambda address: is_ours(address, ours), who=people_known_by(self.settings)
        )
        try:
            listener = asyncio.run_coroutine_threadsafe(serving, loop).result()
        except OSError as error:
            end()
            where = f"{self.settings.smtp.host}:{self.settings.smtp.port}"
            raise ServiceUnavailable(
                f"cannot listen on {where}: {error.strerror or error}; choose another smtp.port, or stop what uses it"
            ) from error
        self.smtp_port = listener.port
        log.info("listening", protocol=self.settings.smtp.protocol, host=self.settings.smtp.host, port=listener.port)

        def stop() -> None:
            asyncio.run_coroutine_threadsafe(listener.close(), loop).result()
            end()

        return stop


def people_known_by(settings: Settings) -> Who:
    """What a sender is to the desk, for whoever counts mails; opens its own connection."""
    zone = ZoneInfo(settings.desk.timezone)

    def who(address: str) -> Known:
        with connection():
            if people.find_agent(address):
                return Known(known=True, ours=True)
            contact = people.find_contact(address, now().astimezone(zone).date())
        if contact is None:
            return Known()
        return Known(known=True, company=contact.client.id if contact.client else None)

    return who


def desk_of(settings: Settings, reader: Reader) -> Desk:
    """What working on mails needs. Expects an open store."""
    with connection():
        ring = keys.key_ring(settings.keys.file, now())
    renderer = Renderer(
        zone=ZoneInfo(settings.desk.timezone), directory=settings.letters.directory, report=_report_template
    )
    return Desk(settings, reader.read, Office(settings, renderer, ring, secrets.token_bytes))


def _report_template(name: str, problem: str) -> None:
    log.error("a template of yours cannot be used; ours is", template=name, problem=problem)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises MailgateError when it cannot start."""
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Service(settings):
        log.info("serving", desk=settings.desk.address, store=settings.store.url.partition(":")[0])
        stop.wait()
        log.info("stopping")
