"""The clock's duty on clocks: what was written while this machine's time was wrong must not make anything stand still.

A time that ran ahead leaves due times and leases in the future. Nothing of ours is put off that far, so they are taken
for what they are, and become due now.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from mailgate.judgement import Desk
from mailgate.store import figures, intake, outbox
from mailgate.store.base import transaction

JUMP = timedelta(hours=1)  # what the time and the monotonic clock may differ between two ticks
ABSENCE = timedelta(days=4)  # a long weekend: a desk that seems to have slept longer may only have a wrong time
REST = timedelta(hours=1)  # duties wait so long after a jump, for somebody to mend the time before anything expires

log = structlog.get_logger()


def mend_times(desk: Desk, now: datetime) -> int:
    """Make due what waits for a time that a wrong clock wrote; gives how much."""
    with transaction():
        mended = intake.clamp(now) + outbox.clamp(now)
    if mended:
        log.warning("times in the future were mended", count=mended)
    return mended


class Steady:
    """Whether the time can be believed: compared with the monotonic clock from tick to tick."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._rest_until = float("-inf")

    def starts(self, now: datetime, monotonic: float) -> None:
        """A process that starts long after the last trace of anything: was the desk off, or is the time wrong?

        Nobody can know, so duties rest as after a jump. Raises StoreUnavailable.
        """
        last = figures.last_trace()
        if last is not None and now - last > ABSENCE:
            advice = "if the time is right all is well: duties rest for an hour"
            log.error("nothing has happened for long", since=last.isoformat(), advice=advice)
            self._rest_until = monotonic + REST.total_seconds()

    def believes(self, now: datetime, monotonic: float) -> bool:
        """False for an hour after the time has jumped by more than an hour, in either direction."""
        if self._last is not None:
            before, then = self._last
            jump = now - before - timedelta(seconds=monotonic - then)
            if abs(jump) > JUMP:
                log.error("the clock has jumped", by=str(jump), advice="mend the time; duties rest for an hour")
                self._rest_until = monotonic + REST.total_seconds()
        self._last = (now, monotonic)
        return monotonic >= self._rest_until
