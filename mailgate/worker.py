"""The thread that turns accepted mails into their effects; any number of them, in any number of processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from mailgate.judgement import Desk
from mailgate.process import run_due
from mailgate.rounds import Rounds, nap_until
from mailgate.store import intake

MOST = 8  # mails in a row before those who send their letters are woken: one commit of `process`


class Worker(Rounds):
    """Works on the mails that are due, oldest first.

    Who has just started takes one, then two, then four: what is killed again and again, or starts on a busy machine,
    gets something done each time, and leaves little undone.
    """

    name = "worker"

    def __init__(
        self,
        desk: Desk,
        on_done: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self._desk, self._on_done, self._now = desk, on_done, now
        self._most = 1

    def round(self) -> float:
        most, self._most = self._most, min(MOST, 2 * self._most)
        done = run_due(self._desk, self._now, stopping=self.stops, most=most)
        if done:
            self._on_done()
        return 0.0 if done == most else nap_until(intake.next_due(), self._now())
