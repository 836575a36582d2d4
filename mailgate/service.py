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
import secrets
import threading
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from types import TracebackType
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from mailgate.clock import Clock
from mailgate.desk.addresses import is_ours
from mailgate.duties.meaning import require as require_meaning
from mailgate.errors import ServiceUnavailable, StoreUnavailable, Temporary
from mailgate.intake import smtp
from mailgate.intake.accept import Acceptor
from mailgate.intake.imap import MailboxPoller
from mailgate.intake.rates import Known, Who
from mailgate.judgement import Desk, Read
from mailgate.letters.logo import read_logo
from mailgate.letters.orders import Office, tell_undeliverable
from mailgate.letters.render import Renderer
from mailgate.mail.message import Envelope, Message
from mailgate.monitor import Monitoring
from mailgate.outbox import Sender
from mailgate.reader import Reader
from mailgate.scan import scanner
from mailgate.settings import Imap, Settings
from mailgate.store import bells, keys, people, quarantine
from mailgate.store.base import close_store, connection, open_store
from mailgate.texter import Texter
from mailgate.turn import Turns
from mailgate.worker import Worker

log = structlog.get_logger()

ROLES = ("smtp", "imap", "worker", "sender", "clock")
PAUSE = 2.0  # seconds to wait when the store cannot serve
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
        while self._closing:
            self._closing.pop()()

    def faults(self) -> list[str]:
        """The parts that should run and do not: a bug of ours."""
        return [name for name, alive in self._parts.items() if not alive()]

    def _start(self) -> None:
        settings, roles = self.settings, self.roles
        read: Read = _reads_nothing
        if "worker" in roles:  # first: its processes must not inherit our sockets and database
            reader = Reader(limits=settings.limits, own_addresses=settings.desk.addresses)
            self._closing.append(reader.close)
            read = reader.read
        open_store(settings.store)
        self._closing.append(close_store)
        self.desk = desk_of(settings, read)
        self._turns = Turns()
        if "sender" in roles:
            sender = Sender(settings.relay, on_dead=lambda letter: tell_undeliverable(self.desk.office, letter, now()))
            self._begin("sender", sender)
            self._bells[bells.LETTERS].append(sender.wake)
            if settings.sms.on:
                texter = Texter(settings)
                self._begin("texter", texter)
                self._bells[bells.LETTERS].append(texter.ring)
        if "worker" in roles:
            worker = Worker(self.desk, on_done=lambda: self._ring(bells.LETTERS))
            self._begin("worker", worker)
            self._bells[bells.MAIL].append(worker.ring)
        if "clock" in roles:
            mine = self._turns.want("clock")
            self._begin("clock", Clock(self.desk, now, on_done=lambda: self._ring(bells.LETTERS), mine=mine))
        if "smtp" in roles or "imap" in roles:
            self._take_mail()
        if any(self._bells.values()):
            self._begin("listener", Listener(self._heard))
        self._begin("turns", self._turns)
        if settings.monitor.port:
            monitoring = Monitoring(settings, self.faults)
            self._begin("monitor", monitoring)
            self.monitor_port = monitoring.port

    def _take_mail(self) -> None:
        settings = self.settings
        acceptor = Acceptor(on_accept=lambda: self._ring(bells.MAIL))
        self._begin("acceptor", acceptor)
        if "smtp" in self.roles and settings.smtp.enabled:
            self._closing.append(self._listen(acceptor))
        if "imap" not in self.roles:
            return
        for account in settings.imap:
            mine = self._turns.want(turn_of(account))
            poller = MailboxPoller(account, acceptor, settings.limits, settings.desk.addresses, mine=mine)
            self._begin(f"imap {account.label}", poller)

    def _begin(self, name: str, part: Part) -> None:
        part.start()
        self._closing.append(part.stop)
        self._parts[name] = lambda: part.alive

    def _ring(self, bell: str) -> None:
        """There is something for those who wait on this bell, here and elsewhere. Never raises."""
        for wake in self._bells[bell]:
            wake()
        try:
            with connection():
                bells.ring(bell)
        except StoreUnavailable as error:
            log.info("nobody elsewhere could be woken", error=str(error))

    def _heard(self, rung: Collection[str]) -> None:
        for bell in rung:
            for wake in self._bells[bell]:
                wake()

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
    zone, limits = ZoneInfo(settings.desk.timezone), settings.limits

    def too_much_waits() -> bool:
        mails, octets = quarantine.size()
        return mails >= limits.waiting_mails or octets >= limits.waiting_bytes

    def who(address: str) -> Known:
        with connection():
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


def desk_of(settings: Settings, read: Read) -> Desk:
    """What working on mails needs. Expects an open store."""
    require_meaning(settings)
    with connection():
        ring = keys.key_ring(settings.keys.file, now())
    renderer = Renderer(
        zone=ZoneInfo(settings.desk.timezone), directory=settings.letters.directory, report=_report_template
    )
    office = Office(settings, renderer, ring, secrets.token_bytes, read_logo(settings.letters.logo))
    return Desk(settings, read, office, scanner(settings.clamav))


def _report_template(name: str, problem: str) -> None:
    log.error("a template of yours cannot be used; ours is", template=name, problem=problem)
