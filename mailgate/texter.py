"""Sends short messages to mobiles, as the outbox sends letters: by a schedule, never one by two at once.

A message that the service would not take waits by the outbox's schedule, in opening hours only, and is given up after
``sms.give_up_hours``: nobody needs to hear on Thursday that there was an answer on Monday. What became of it is on the
ticket's trail. A crash between the service's yes and our record of it sends the message again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from mailgate.desk.worktime import Calendar, calendar_of
from mailgate.outbox import next_try
from mailgate.relay import Dead, Delivered, Later
from mailgate.relay.sms import SmsRelay
from mailgate.rounds import Rounds, nap_until
from mailgate.settings import Settings
from mailgate.store import texts

LEASE = timedelta(minutes=5)  # longer than a service may take
ANY_HOUR = {"urgent"}  # events that wake people

log = structlog.get_logger(__name__)


class ToMobiles(Protocol):
    """A way to mobiles."""

    def deliver(self, mobile: str, text: str) -> Delivered | Later | Dead: ...


def send_due(
    relay: ToMobiles,
    calendar: Calendar,
    clock: Callable[[], datetime],
    *,
    give_up: timedelta,
    rng: random.Random | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Try everything that is due once; how many were delivered. Needs an open connection to the store.

    Many may take longer than a lease, or reach into closed hours: each has its own time.
    """
    sent, chance = 0, rng or random.Random()  # noqa: S311  # jitter is no secret
    while not stopping() and (claimed := texts.claim(now := clock(), LEASE)):
        text = claimed[0]
        if text.event not in ANY_HOUR and not calendar.is_open(now):
            texts.record_later(text, "quiet hours", calendar.next_open(now))
            continue
        outcome = relay.deliver(text.mobile, text.text)
        sent += isinstance(outcome, Delivered)
        _record(text, outcome, calendar, clock(), give_up, chance)
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


class Texter(Rounds):
    """Sends messages. Raises ConfigError when the settings give no way to mobiles."""

    name = "texter"
    patience = 30.0  # a service that answers nothing must not hold up the exit

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        super().__init__()
        self._relay = SmsRelay(settings.sms)
        self._calendar, self._clock = calendar_of(settings), clock
        self._give_up = timedelta(hours=settings.sms.give_up_hours)

    def round(self) -> float:
        send_due(self._relay, self._calendar, self._clock, give_up=self._give_up, stopping=self.stops)
        return nap_until(texts.next_due(), self._clock())
