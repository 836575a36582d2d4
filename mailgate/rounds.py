"""The life of whoever works in rounds: worker, clock, texter. One thread, a bell, and naps between two rounds.

    round → nap, until it is over or somebody rings → round → …

Rounds that follow each other soon share a connection to the store: on SQLite a new one reads the whole schema again, a
tenth of the work on a mail. When the store cannot serve, or a bug of ours trips a round, that is told in
the log and the next round tries again: no thread ends without being asked to.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from datetime import datetime

import structlog

from mailgate.errors import Temporary
from mailgate.store.base import connection

LONGEST_NAP = 30.0  # seconds: a bell may have been lost
SOON = 2.0  # seconds: who naps for longer does so without a connection
PAUSE = 2.0  # seconds to wait when the store cannot serve, or we failed

log = structlog.get_logger()


class Rounds(ABC):
    """``start`` it, ``ring`` it when there may be something to do, ``stop`` it. Say in ``round`` what is done."""

    name: str
    patience: float | None = None  # seconds that ``stop`` waits for the round in hand; None: as long as it takes

    def __init__(self) -> None:
        self._bell, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=self.patience is not None)

    @abstractmethod
    def round(self) -> float:
        """Do what there is to do; gives the seconds of the nap after it."""

    def waits(self, error: Temporary) -> None:
        """The store cannot serve: say so."""
        log.warning(f"{self.name} waits", error=str(error))

    def start(self) -> None:
        self._thread.start()

    def ring(self) -> None:
        """There may be something to do."""
        self._bell.set()

    def stop(self) -> None:
        """Finish what is in hand, then end."""
        self._stopping.set()
        self._bell.set()
        self._thread.join(self.patience)

    def stops(self) -> bool:
        """Whether we were asked to end."""
        return self._stopping.is_set()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self.stops():
            self._bell.clear()  # also when no connection can be had: or one ring would let nobody nap
            try:
                nap = self._rounds()
            except Temporary as error:
                self.waits(error)
                nap = PAUSE
            except Exception:  # a bug here must not end the work on all that follows without a word
                log.exception(f"{self.name} failed")
                nap = PAUSE
            if not self.stops():  # its ring may have been cleared while a connection was made: no nap of half a minute
                self._bell.wait(nap)

    def _rounds(self) -> float:
        """Round after round on one connection, for as long as they follow soon; gives the seconds left to nap."""
        with connection():
            while True:
                self._bell.clear()
                if self.stops():
                    return 0.0
                nap = self.round()
                if (not self._bell.wait(min(nap, SOON)) and nap > SOON) or self.stops():
                    return nap - SOON


def nap_until(due: datetime | None, now: datetime) -> float:
    """Seconds until the next thing is due; the longest nap when none is."""
    return LONGEST_NAP if due is None else min(max((due - now).total_seconds(), 0.1), LONGEST_NAP)
