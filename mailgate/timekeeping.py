"""The clock's duty on clocks: what was written while this machine's time was wrong must not make anything stand still.

A time that ran ahead leaves due times and leases in the future. Nothing of ours is put off that far, so they are taken
for what they are, and become due now.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from mailgate.judgement import Desk
from mailgate.store import intake, outbox
from mailgate.store.base import transaction

JUMP = timedelta(hours=1)  # what the time and the monotonic clock may differ between two ticks
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
