"""Sends what waits in the outbox, as often as it takes, and never one letter by two at once.

1. Letters that are due are claimed with a lease; while they are under way the lease is renewed.
2. Each goes to a relay and comes back as Delivered, Later, Dead or HostDown. Later waits by the schedule below; Dead is
   final and stands in the ticket's history; HostDown gives the letter back untried and stops everything but one probe
   at a time until the host answers.
3. A crash between the relay's 250 and our record of it sends the letter again, byte for byte, with the same Message-ID:
   at least once, because not at all would be worse.

``Sender`` does so for ever in threads of its own: one that alone changes the store, and one for each connection.
"""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog

from mailgate import crash
from mailgate.errors import StoreUnavailable
from mailgate.relay import Dead, Delivered, HostDown, Later, Outcome, Relay
from mailgate.relay.maildir import MaildirRelay
from mailgate.relay.smtp import SmtpRelay
from mailgate.settings import Relay as RelaySettings
from mailgate.store import outbox as store
from mailgate.store.base import connection, transaction
from mailgate.store.outbox import Parcel
from mailgate.store.sending import Look

SCHEDULE = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40))
THEN = timedelta(minutes=60)
JITTER = 0.2
LEAST_TRIES = 6  # a letter that slept through its five days with us switched off still gets its tries
LEASE = timedelta(minutes=2)
LEASE_ALONE = timedelta(minutes=20)  # longer than one letter can take: send_due renews nothing
RENEW = timedelta(seconds=40)
PROBES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60, 120, 300))
IDLE_SECONDS = 20.0  # after which a connection without letters is closed; most relays hang up after a minute
LONGEST_WAIT = 30.0
SOON = 2.0  # seconds: what comes sooner shares a connection to the store with what came before
IN_HAND = 4  # letters for each connection: a turn at the store comes every 70 ms beside a busy worker
FIRST_RECORD = 3.0  # seconds after the store was away in which all senders say what left meanwhile, and none takes more
TAKE_OVER = 5.0  # seconds after which another sender's letter is ours: if only the store was away, it still records

log = structlog.get_logger(__name__)

OnDead = Callable[[int], None]


def open_relay(settings: RelaySettings) -> Relay:
    """The relay of the settings, for one thread."""
    return SmtpRelay(settings) if settings.kind == "smtp" else MaildirRelay(settings.maildir)


def next_try(
    attempts: int, created_at: datetime, now: datetime, rng: random.Random, give_up: timedelta
) -> datetime | None:
    """When a letter that failed ``attempts`` times is tried again; None when it is given up."""
    if now - created_at >= give_up and attempts >= LEAST_TRIES:
        return None
    delay = SCHEDULE[attempts - 1] if 1 <= attempts <= len(SCHEDULE) else THEN
    return now + delay * rng.uniform(1 - JITTER, 1 + JITTER)


def send_due(
    relay: Relay,
    now: datetime,
    *,
    give_up: timedelta = timedelta(hours=120),
    rng: random.Random | None = None,
    batch: int = 100,
    on_dead: OnDead | None = None,
) -> int:
    """One pass: everything due at ``now`` is tried once; how many were delivered. Stops when the host is down.

    Needs an open connection to the store. Raises StoreUnavailable; a letter under way then is sent again later.
    """
    sent = 0
    chance = rng or random.Random()  # noqa: S311  # jitter is no secret
    while parcels := store.claim(now, LEASE_ALONE, 1):
        outcome = _hand_over(relay, store.whole(parcels[0]))
        with transaction():
            _record(parcels[0], outcome, now, give_up, chance, on_dead)
        sent += isinstance(outcome, Delivered)
        batch -= 1
        if isinstance(outcome, HostDown) or batch <= 0:
            break
    return sent


def _hand_over(relay: Relay, parcel: Parcel | None) -> Outcome:
    return relay.deliver(parcel) if parcel else Dead("the letter is not kept any more")


def _record(
    parcel: Parcel, outcome: Outcome, now: datetime, give_up: timedelta, rng: random.Random, on_dead: OnDead | None
) -> None:
    """What became of one letter. ``on_dead`` is called in the transaction that says so: both or neither."""
    match outcome:
        case Delivered(reply):
            store.record_sent(parcel.id, reply, now)
        case HostDown(reply):
            store.release(parcel, now, reply)
        case Later(reply):
            again = next_try(parcel.attempts, parcel.created_at, now, rng, give_up)
            if again is not None:
                store.record_later(parcel, reply, again)
            else:
                _bury(parcel, f"given up after {parcel.attempts} tries; the last answer was: {reply}", now, on_dead)
        case Dead(reply):
            _bury(parcel, reply, now, on_dead)


def _bury(parcel: Parcel, reply: str, now: datetime, on_dead: OnDead | None) -> None:
    try:
        with transaction():
            if store.record_dead(parcel.id, reply, now) and on_dead is not None:
                on_dead(parcel.id)
    except StoreUnavailable:
        raise
    except Exception:  # the notice could not be written; the letter is dead all the same
        log.exception("nobody could be told of a dead letter", letter=parcel.id)
        store.record_dead(parcel.id, reply, now)


class _Done(NamedTuple):
    parcel: Parcel
    outcome: Outcome


class Sender:
    """The outbox at work, in threads. ``start`` it, ``ring`` it when a letter was queued, ``stop`` it."""

    def __init__(
        self,
        settings: RelaySettings,
        *,
        on_dead: OnDead | None = None,
        open_relay: Callable[[RelaySettings], Relay] = open_relay,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        rng: random.Random | None = None,
    ) -> None:
        self._settings = settings
        self._give_up = timedelta(hours=settings.give_up_hours)
        self._on_dead = on_dead
        self._open_relay = open_relay
        self._clock = clock
        self._rng = rng or random.Random()  # noqa: S311  # jitter is no secret
        self._tasks: queue.SimpleQueue[Parcel | None] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[_Done | None] = queue.SimpleQueue()  # None: look again
        self._stopping = threading.Event()
        self._large = threading.Lock()
        self._under_way: dict[int, Parcel] = {}  # handed out, outcome not yet recorded
        self._renewed_at = datetime.min.replace(tzinfo=UTC)
        self._unrecorded: list[_Done] = []
        self._records_until = float("-inf")
        self._strays_since: float | None = None
        self._host_failures = 0
        self._pause: tuple[datetime, datetime] | None = None  # from when until when nothing is handed out
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin; the store must be open in this process."""
        workers = [threading.Thread(target=self._work, name=f"relay-{n}") for n in range(self._settings.connections)]
        self._threads = [threading.Thread(target=self._run, name="outbox"), *workers]
        for thread in self._threads:
            thread.daemon = True  # a relay that answers nothing for ten minutes must not hold up the exit
            thread.start()

    def ring(self) -> None:
        """There may be something new."""
        self._events.put(None)

    def stop(self, timeout: float = 8) -> bool:
        """Claim no more, wait for what is under way; False when something still was after ``timeout`` seconds."""
        self._stopping.set()
        self.ring()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0))
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        """One connection: letters in, outcomes out."""
        relay = self._open_relay(self._settings)
        while True:
            try:
                parcel = self._tasks.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                relay.close()
                continue
            if parcel is None:
                relay.close()
                return
            try:
                outcome = self._deliver(relay, parcel)
            except StoreUnavailable as error:  # whose letter is untried, as when the host is down
                outcome = HostDown(str(error))
            except Exception as error:  # a wrong password file, or a bug: no letter may be lost or sent twice for it
                log.exception("relay failed", letter=parcel.id)
                outcome = HostDown(f"{type(error).__name__}: {error}")
            if isinstance(outcome, Delivered):
                crash.point("sender-answered")
            self._events.put(_Done(parcel, outcome))

    def _deliver(self, relay: Relay, parcel: Parcel) -> Outcome:
        """Of the large letters one at a time is in memory, where it stands two or three times while it leaves."""
        if parcel.raw:
            return relay.deliver(parcel)
        with self._large:
            with connection():
                complete = store.whole(parcel)
            return _hand_over(relay, complete)

    def _run(self) -> None:
        """The only thread that changes the store: hand out, record, renew."""
        while not (self._stopping.is_set() and not self._under_way and not self._unrecorded):
            wait = LONGEST_WAIT
            try:
                wait = self._serve()
            except StoreUnavailable as error:
                log.warning("outbox waits for the store", problem=str(error))
                self._records_until, self._strays_since = time.monotonic() + FIRST_RECORD, None
                wait = 1.0
            except Exception:  # a bug here must not end the sending of all letters without a word
                log.exception("outbox failed")
                wait = 5.0
            self._listen(wait)
        for _ in range(self._settings.connections):
            self._tasks.put(None)

    def _serve(self) -> float:
        """What happens, on one connection, for as long as it happens soon; gives the seconds left to wait."""
        with connection():
            while True:
                self._record_what_came_back()
                self._renew_leases()
                wait = self._hand_out()
                if self._stopping.is_set() or (not self._listen(min(wait, SOON)) and wait > SOON):
                    return wait - SOON

    def _listen(self, wait: float) -> bool:
        """Until something happens or the time is over; then all that has happened. Whether there was anything."""
        heard = False
        try:
            event = self._events.get(timeout=max(wait, 0.01))
            heard = True
            while True:
                if event is not None:
                    self._unrecorded.append(event)
                event = self._events.get_nowait()
        except queue.Empty:
            return heard

    def _record_what_came_back(self) -> None:
        """All of it in one transaction, with the claim of those that follow: one turn at the store, one wait for it."""
        if not self._unrecorded:
            return
        now, following = self._clock(), list[Parcel]()
        with transaction():
            for parcel, outcome in self._unrecorded:
                _record(parcel, outcome, now, self._give_up, self._rng, self._on_dead)
            if self._is_well and all(isinstance(outcome, Delivered) for _, outcome in self._unrecorded):
                following = store.take_following(now, LEASE, self._room(len(self._unrecorded)))
        crash.point("sender-recorded")
        for parcel, outcome in self._unrecorded:
            del self._under_way[parcel.id]
            self._note_host(outcome, now)
            log.info("letter", id=parcel.id, mail=parcel.cause, outcome=type(outcome).__name__, reply=outcome.reply)
        self._unrecorded.clear()
        self._put_in_hand(following, now)
        if self._host_failures:
            self._take_back(now)  # else each of them would try the host that is down

    @property
    def _is_well(self) -> bool:
        """Whether letters may be taken, as far as we and the host are concerned."""
        awaited = self._records_until > time.monotonic()
        return not (self._stopping.is_set() or self._host_failures or awaited)

    def _room(self, coming_back: int = 0) -> int:
        """Letters to take: so many that no connection waits for the store between two, and none while half of them
        are still in hand; one alone while the host is down.
        """
        most = 1 if self._host_failures else IN_HAND * self._settings.connections
        in_hand = len(self._under_way) - coming_back
        return most - in_hand if in_hand <= most // 2 else 0

    def _note_host(self, outcome: Outcome, now: datetime) -> None:
        if not isinstance(outcome, HostDown):
            self._host_failures, self._pause = 0, None
            return
        if self._pause_left(now):
            return  # the others that were under way: the same failure
        pause = PROBES[min(self._host_failures, len(PROBES) - 1)]
        self._host_failures += 1
        self._pause = now, now + pause * self._rng.uniform(1 - JITTER, 1 + JITTER)

    def _pause_left(self, now: datetime) -> float:
        """Seconds; none when the clock was set back behind its begin, or it might last for years."""
        begun, over = self._pause or (now, now)
        return (over - now).total_seconds() if begun <= now < over else 0.0

    def _renew_leases(self) -> None:
        now = self._clock()
        if self._under_way and abs(now - self._renewed_at) >= RENEW:
            store.extend(self._under_way, now + LEASE)
            self._renewed_at = now

    def _hand_out(self) -> float:
        """Give the connections what is due; how many seconds to wait for the next thing to do."""
        now = self._clock()
        longest = RENEW.total_seconds() if self._under_way else LONGEST_WAIT
        if self._stopping.is_set():
            self._take_back(now)
            return longest if self._under_way else 0
        if (wait := self._records_until - time.monotonic()) > 0:
            return wait
        if wait := self._pause_left(now):
            return min(wait, longest)
        if not (room := self._room()):
            return longest  # an outcome wakes us sooner
        waiting = store.look()
        strays = self._may_take_strays(waiting, now)
        if strays or waiting.has_due(now):
            if self._claim(now, room, strays=strays) == room:
                return longest
            waiting = store.look()
        due = waiting.next_due
        if self._strays_since is not None and not strays:
            longest = min(longest, self._strays_since + TAKE_OVER - time.monotonic())
            due = waiting.free
        return longest if due is None else min((due - now).total_seconds(), longest)

    def _claim(self, now: datetime, room: int, *, strays: bool) -> int:
        """Hand out what may be taken; how many letters it was."""
        parcels = store.claim(now, LEASE, room, strays=strays)
        self._put_in_hand(parcels, now)
        return len(parcels)

    def _put_in_hand(self, parcels: list[Parcel], now: datetime) -> None:
        if not self._under_way:
            self._renewed_at = now
        for parcel in parcels:
            crash.point("sender-claimed")
            if parcel.id in self._under_way:
                continue  # its lease was taken away while it stands at the relay: what comes of that will be recorded
            self._under_way[parcel.id] = parcel
            self._tasks.put(parcel)

    def _may_take_strays(self, waiting: Look, now: datetime) -> bool:
        """Letters whose lease has ended for as long as we look: their sender died, or cannot reach a store that we can.

        One that only waited for the store to be back, as all did, has recorded its letters by then.
        """
        if not waiting.has_strays(now):
            self._strays_since = None
            return False
        moment = time.monotonic()
        self._strays_since = moment if self._strays_since is None else self._strays_since
        return moment - self._strays_since >= TAKE_OVER

    def _take_back(self, now: datetime) -> None:
        """Letters that no connection has begun with."""
        while True:
            try:
                parcel = self._tasks.get_nowait()
            except queue.Empty:
                return
            if parcel is not None:
                del self._under_way[parcel.id]
                store.release(parcel, now)
