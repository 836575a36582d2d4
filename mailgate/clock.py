"""What happens because time has passed, and not because a mail came: reminders, terms, reports.

    every half minute: is it our turn? → each duty in order → each thing that is due: once, in its own transaction

A duty is a function ``(desk, now) -> how many things it did``. It finds what is due and does each of it in one
transaction that begins with ``turns.first_time(key, now)``, the key naming the thing and its due time; so nothing is
done twice whatever restarts, and nothing is forgotten: what fell due while nobody was there is found at the next tick.
After a jump of the clock a duty takes one step for each thing, the latest one that is due, and not all it has missed.

A duty that fails is logged and tried again at the next tick; it stops no other. When the store cannot serve,
StoreUnavailable goes up and the caller waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import structlog

from mailgate.alerts import StoreAlarm, raise_alerts
from mailgate.duties.digests import send_digests
from mailgate.duties.indexing import index_old_tickets, know_sizes
from mailgate.duties.learning import learn_words
from mailgate.duties.meaning import propose_by_meaning
from mailgate.duties.pqrs import remind_of_pqrs, send_report
from mailgate.duties.promises import remind_of_promises
from mailgate.duties.timekeeping import Steady, mend_times
from mailgate.duties.waiting import close_what_waits
from mailgate.errors import Temporary
from mailgate.judgement import Desk
from mailgate.rounds import Rounds

log = structlog.get_logger()

Duty = Callable[[Desk, datetime], int]

DUTIES: tuple[Duty, ...] = (
    mend_times,  # first: what a wrong clock put off is due
    raise_alerts,  # to operators: what stands still
    remind_of_pqrs,  # half term, last days, breach
    remind_of_promises,  # first answers
    close_what_waits,  # for its client
    send_digests,  # each agent's morning
    learn_words,  # of closed tickets
    propose_by_meaning,  # solutions
    send_report,  # the month's PQRS
    index_old_tickets,
    know_sizes,  # of tables, for the engine
)

TICK = 30.0  # seconds between two looks at the time
STANDBY = 3.0  # seconds between two looks whether it is our turn


def tick(desk: Desk, now: datetime, duties: tuple[Duty, ...] | None = None) -> int:
    """Do everything that is due; gives how many things were done. Raises StoreUnavailable."""
    done = 0
    for duty in DUTIES if duties is None else duties:
        try:
            done += duty(desk, now)
        except Temporary:
            raise
        except Exception:
            log.exception("a duty of the clock failed", duty=duty.__name__)
    return done


class Clock(Rounds):
    """Ticks, in turn with the clocks of other processes."""

    name = "clock"

    def __init__(
        self,
        desk: Desk,
        now: Callable[[], datetime],
        on_done: Callable[[], None],
        mine: Callable[[], bool] = lambda: True,
    ) -> None:
        super().__init__()
        self._desk, self._now, self._on_done, self._mine = desk, now, on_done, mine
        self._steady, self._alarm = Steady(), StoreAlarm(desk.settings)
        self._begun = self._was_ours = False

    def round(self) -> float:
        nap = TICK if self._mine() else STANDBY
        self._tick_in_turn()
        self._alarm.serves()
        self._was_ours = self._mine()
        return nap

    def waits(self, error: Temporary) -> None:
        super().waits(error)
        self._alarm.fails(error, ours=self._was_ours)

    def _tick_in_turn(self) -> None:
        """Asked before each duty, so that a process that lost its turn in the middle goes no further."""
        if not self._begun:
            self._steady.starts(self._now(), time.monotonic())
            self._begun = True
        if not self._steady.believes(self._now(), time.monotonic()):
            return
        for duty in DUTIES:
            if self.stops() or not self._mine():
                return
            if tick(self._desk, self._now(), (duty,)):
                self._on_done()
