"""The thread that turns accepted mails into their effects; any number of them, in any number of processes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from mailgate.errors import Temporary
from mailgate.judgement import Desk
from mailgate.process import run_due
from mailgate.store import intake
from mailgate.store.base import connection

log = structlog.get_logger()

LONGEST_NAP = 30.0  # seconds a worker sleeps at most: a bell may have been lost
PAUSE = 2.0  # seconds to wait when the store cannot serve
MOST = 20  # mails in a row before those who send their letters are woken


class Worker:
    """``start`` it, ``ring`` it when a mail may be due, ``stop`` it."""

    def __init__(
        self,
        desk: Desk,
        on_done: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._desk, self._on_done, self._now = desk, on_done, now
        self._bell, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="worker")

    def start(self) -> None:
        self._thread.start()

    def ring(self) -> None:
        """Something may be due."""
        self._bell.set()

    def stop(self) -> None:
        """Finish the mail in hand, then end."""
        self._stopping.set()
        self._bell.set()
        self._thread.join()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                with connection():
                    done = run_due(self._desk, self._now, stopping=self._stopping.is_set, most=MOST)
                    if done:
                        self._on_done()
                    nap = 0.0 if done == MOST else self._nap()
            except Temporary as error:
                log.warning("worker waits", error=str(error))
                nap = PAUSE
            except Exception:  # a bug here must not end the work on all mails without a word
                log.exception("worker failed")
                nap = PAUSE
            self._bell.wait(nap)

    def _nap(self) -> float:
        due = intake.next_due()
        if due is None:
            return LONGEST_NAP
        return min(LONGEST_NAP, max(0.1, (due - self._now()).total_seconds()))
