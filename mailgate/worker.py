"""The thread that turns accepted mails into their effects; any number of them, in any number of processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from mailgate.judgement import Desk
from mailgate.process import run_due
from mailgate.rounds import Rounds, nap_until
from mailgate.store import intake

# What nearly every mail is answered with.
USUAL_LETTERS = ("acknowledgement", "notice-new", "comment-received", "notice-comment", "answer")


class Worker(Rounds):
    """Works on the mails that are due, oldest first."""

    name = "worker"

    def __init__(
        self,
        desk: Desk,
        on_done: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__()
        self._desk, self._on_done, self._now = desk, on_done, now
        self._is_warm = False

    def round(self) -> float:
        run_due(self._desk, self._now, stopping=self.stops, on_done=self._on_done)
        if not self._is_warm:  # what waited comes first
            self._desk.office.renderer.warm_up(USUAL_LETTERS, self._desk.settings.desk.language)
            self._is_warm = True
        return nap_until(intake.next_due(), self._now())
