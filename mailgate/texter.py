"""Sends short messages to mobiles, as the outbox sends letters: by a schedule, never one by two at once.

A message that the service would not take waits by the outbox's schedule, in opening hours only, and is given up after
``sms.give_up_hours``: nobody needs to hear on Thursday that there was an answer on Monday. What became of it is on the
ticket's trail. A crash between the service's yes and our record of it sends the message again.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from mailgate.desk.worktime import Calendar, calendar_of
from mailgate.errors import StoreUnavailable
from mailgate.outbox import next_try
from mailgate.relay import Dead, Delivered, Later
from mailgate.relay.sms import SmsRelay
from mailgate.settings import Settings
from mailgate.store import texts
from mailgate.store.base import connection

LEASE = timedelta(minutes=5)  # longer than a service may take
LONGEST_WAIT = 30.0
PAUSE = 2.0  # seconds to wait when the store cannot serve
ANY_HOUR = {"urgent"}  # events that wake people

log = structlog.get_logger(__name__)


class ToMobiles(Protocol):
    """A way to mobiles."""

    def deliver(self, mobile: str, text: str) -> Delivered | Later | Dead: ...


def send_due(
    relay: ToMobiles, calendar: Calendar, now: datetime, *, give_up: timedelta, rng: random.Random | None = None
) -> int:
    """Try everything that is due once; how many were delivered. Needs an open connection to the store."""
    sent, chance = 0, rng or random.Random()  # noqa: S311  # jitter is no secret
    while claimed := texts.claim(now, LEASE):
        text = claimed[0]
        if text.event not in ANY_HOUR and not calendar.is_open(now):
            texts.record_later(text, "quiet hours", calendar.next_open(now))
            continue
        outcome = relay.deliver(text.mobile, text.text)
        sent += isinstance(outcome, Delivered)
        _record(text, outcome, calendar, now, give_up, chance)
        log.info("message", id=text.id, outcome=type(outcome).__name__, reply=outcome.reply)
    return sent


def _record(
    text: texts.Text,
    outcome: Delivered | Later | Dead,
    calendar: Calendar,
    now: datetime,
    give_up: timedelta,
    rng: random.Random,
) -> None:
    match outcome:
        case Delivered(reply):
            texts.record_end(text, texts.SENT, reply, now)
        case Dead(reply):
            texts.record_end(text, texts.DEAD, reply, now)
        case Later(reply):
            again = next_try(text.attempts, text.created_at, now, rng, give_up)
            if again is None:
                texts.record_end(text, texts.DEAD, f"given up after {text.attempts} tries: {reply}", now)
            else:
                texts.record_later(text, reply, again if text.event in ANY_HOUR else calendar.next_open(again))


class Texter:
    """The thread that sends messages. ``start`` it, ``wake`` it when something was queued, ``stop`` it.

    Raises ConfigError when the settings give no way to mobiles.
    """

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._relay = SmsRelay(settings.sms)
        self._calendar, self._clock = calendar_of(settings), clock
        self._give_up = timedelta(hours=settings.sms.give_up_hours)
        self._bell, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="texter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There may be something new."""
        self._bell.set()

    def stop(self) -> None:
        """Finish the message in hand, then end."""
        self._stopping.set()
        self._bell.set()
        self._thread.join(30)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                with connection():
                    send_due(self._relay, self._calendar, self._clock(), give_up=self._give_up)
                    nap = self._nap()
            except StoreUnavailable as error:
                log.warning("messages wait for the store", problem=str(error))
                nap = PAUSE
            except Exception:  # a bug here must not end the sending of all messages without a word
                log.exception("sending messages failed")
                nap = LONGEST_WAIT
            self._bell.wait(nap)

    def _nap(self) -> float:
        due = texts.next_due()
        return LONGEST_WAIT if due is None else min(max((due - self._clock()).total_seconds(), 0.1), LONGEST_WAIT)
