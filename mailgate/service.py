"""The running gateway: its roles, all in one process or each in many, started in order, stopped in order.

    accept (writer thread) ← smtp (event loop) and imap (a thread a mailbox) → worker → outbox sender ← clock

Each role waits on a bell and is rung by the one before it, in this process or in another one that shares the store, so
that an idle desk does nothing and a mail is worked on at once. Any number of processes may have any of the roles: mails
and letters are claimed by one at a time; one clock ticks and one process reads each mailbox, by turns. When the store
cannot serve, each role pauses and tries again; whatever it had is still in the store.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import structlog

from mailgate.desk.addresses import is_ours
from mailgate.errors import ServiceUnavailable, StoreUnavailable, Temporary
from mailgate.intake import smtp
from mailgate.intake.accept import Acceptor
from mailgate.intake.rates import Known, Who
from mailgate.settings import Imap, Settings
from mailgate.store import base, bells, people, quarantine
from mailgate.store.base import close_store, disconnect, lasting_connection, open_store
from mailgate.turn import Turns

if TYPE_CHECKING:
    from mailgate.judgement import Read
    from mailgate.mail.message import Envelope, Message

log = structlog.get_logger()

ROLES = ("smtp", "imap", "worker", "sender", "clock")
PAUSE = 2.0  # seconds to wait when the store cannot serve
SOON = 2.0  # seconds within which one question about a sender follows another
HEAR_SECONDS = 1.0  # after which the listener looks whether it should stop


class Part(Protocol):
    """Something that runs in threads of its own."""

    def start(self) -> None: ...

    def stop(self) -> object: ...

    @property
    def alive(self) -> bool: ...


def now() -> datetime:
    return datetime.now(UTC)


class Service:
    """A desk at work: ``with Service(settings) as service: …`` opens the store and starts the roles.

    Raises ConfigError, StoreUnavailable or ServiceUnavailable (port in use, …) when it cannot start.
    """

    def __init__(self, settings: Settings, roles: Collection[str] = ROLES) -> None:
        self.settings, self.roles = settings, frozenset(roles)
        self.smtp_port: int | None = None
        self.monitor_port: int | None = None
        self._doors: list[Callable[[], object]] = []  # where mail comes in: closed first, last to first
        self._closing: list[Callable[[], object]] = []  # undone last to first
        self._bells: dict[str, list[Callable[[], None]]] = {bell: [] for bell in bells.BELLS}  # who waits here
        self._parts: dict[str, Callable[[], bool]] = {}  # whether each is alive

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
        while self._doors or self._closing:
            (self._doors or self._closing).pop()()

    def faults(self) -> list[str]:
        """The parts that should run and do not: a bug of ours."""
        return [name for name, alive in self._parts.items() if not alive()]

    def _start(self) -> None:
        open_store(self.settings.store, patience=base.PATIENCE)
        self._closing.append(close_store)
        self._look_at_the_store()
        acceptor = None
        if "smtp" in self.roles or "imap" in self.roles:
            acceptor = Acceptor(on_accept=lambda: self._ring(bells.MAIL))
            self._begin("acceptor", acceptor, self._doors)
        if acceptor and "smtp" in self.roles and self.settings.smtp.enabled:
            self._doors.append(self._listen(acceptor))
        self._start_work(acceptor)

    def _look_at_the_store(self) -> None:
        """While gateways are upgraded one by one, an older one works on; nobody should find out by chance."""
        with base.connection():
            newer = base.newer_migrations()
        if newer:
            log.warning("a newer mailgate has changed this store; install that one here as well", migrations=newer)

    def _start_work(self, acceptor: Acceptor | None) -> None:
        """All that no client at a port waits for. What it loads takes longer than the whole start before it."""
        from mailgate.monitor import Monitoring

        settings, roles = self.settings, self.roles
        read: Read = _reads_nothing
        if "worker" in roles:
            from mailgate.reader import Reader

            reader = Reader(limits=settings.limits, own_addresses=settings.desk.addresses)
            self._closing.append(reader.close)
            read = reader.read
        from mailgate.workplace import desk_of

        self.desk = desk_of(settings, read, now())
        self._turns = Turns()
        if "sender" in roles:
            self._start_senders()
        if "worker" in roles:
            from mailgate.worker import Worker

            worker = Worker(self.desk, on_done=lambda: self._ring(bells.LETTERS))
            self._begin("worker", worker)
            self._bells[bells.MAIL].append(worker.ring)
        if "clock" in roles:
            from mailgate.clock import Clock

            mine = self._turns.want("clock")
            self._begin("clock", Clock(self.desk, now, on_done=lambda: self._ring(bells.LETTERS), mine=mine))
        if acceptor and "imap" in roles:
            self._start_pollers(acceptor)
        if any(self._bells.values()):
            self._begin("listener", Listener(self._heard))
        self._begin("turns", self._turns)
        if settings.monitor.port:
            monitoring = Monitoring(settings, self.faults)
            self._begin("monitor", monitoring)
            self.monitor_port = monitoring.port

    def _start_senders(self) -> None:
        from mailgate.letters.orders import tell_undeliverable
        from mailgate.outbox import Sender
        from mailgate.texter import Texter

        office = self.desk.office
        sender = Sender(self.settings.relay, on_dead=lambda letter: tell_undeliverable(office, letter, now()))
        self._begin("sender", sender)
        self._bells[bells.LETTERS].append(sender.ring)
        if self.settings.sms.on:
            texter = Texter(self.settings)
            self._begin("texter", texter)
            self._bells[bells.LETTERS].append(texter.ring)

    def _start_pollers(self, acceptor: Acceptor) -> None:
        from mailgate.intake.imap import MailboxPoller

        for account in self.settings.imap:
            mine = self._turns.want(turn_of(account))
            poller = MailboxPoller(account, acceptor, self.settings.limits, self.settings.desk.addresses, mine=mine)
            self._begin(f"imap {account.label}", poller, self._doors)

    def _begin(self, name: str, part: Part, closing: list[Callable[[], object]] | None = None) -> None:
        part.start()
        (self._closing if closing is None else closing).append(part.stop)
        self._parts[name] = lambda: part.alive

    def _ring(self, bell: str) -> None:
        """There is something for those who wait on this bell, here and elsewhere. Never raises."""
        for ring in self._bells[bell]:
            ring()
        try:
            bells.ring(bell)
        except StoreUnavailable as error:
            log.info("nobody elsewhere could be woken", error=str(error))

    def _heard(self, rung: Collection[str]) -> None:
        for bell in rung:
            for ring in self._bells[bell]:
                ring()

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
        except BaseException:  # a certificate, a hash of a password: nobody may wait for a process that serves nothing
            end()
            raise
        self.smtp_port = listener.port
        log.info("listening", protocol=self.settings.smtp.protocol, host=self.settings.smtp.host, port=listener.port)

        def stop() -> None:
            asyncio.run_coroutine_threadsafe(listener.close(), loop).result()
            end()

        return stop


def people_known_by(settings: Settings) -> Who:
    """What a sender is to the desk. For one thread: questions that follow each other share its connection."""
    zone, limits = ZoneInfo(settings.desk.timezone), settings.limits
    asked_at = 0.0

    def too_much_waits() -> bool:
        mails, octets = quarantine.size()
        return mails >= limits.waiting_mails or octets >= limits.waiting_bytes

    def who(address: str) -> Known:
        nonlocal asked_at
        if time.monotonic() - asked_at > SOON:
            disconnect()  # it may have died meanwhile
        asked_at = time.monotonic()
        with lasting_connection():
            if people.find_agent(address):
                return Known(known=True, ours=True)
            contact = people.find_contact(address, now().astimezone(zone).date())
            if contact is None:
                return Known(put_off=too_much_waits())
        return Known(known=True, company=contact.client.id if contact.client else None)

    return who


class Listener:
    """The thread that hears bells rung in other processes."""

    def __init__(self, on_ring: Callable[[Collection[str]], None]) -> None:
        self._on_ring = on_ring
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        ear = bells.Ear()
        while not self._stopping.is_set():
            try:
                if rung := ear.hear(HEAR_SECONDS):
                    self._on_ring(rung)
            except Exception as error:  # without it everybody still looks by himself, only later
                log.warning("bells of other processes are not heard", error=str(error))
                self._stopping.wait(PAUSE)
        ear.close()


def _reads_nothing(raw: bytes, envelope: Envelope) -> Message:
    raise Temporary("this process does not read mail: it has not the role 'worker'")


def turn_of(account: Imap) -> str:
    """The name of the turn to read a mailbox."""
    key = f"{account.user}@{account.host}:{account.port}"
    return f"imap {hashlib.sha256(key.encode()).hexdigest()[:24]}"
