"""Whose turn it is to write to SQLite: one at a time of all threads and processes, and who waits comes next.

SQLite itself has whoever finds it busy sleep and look again, up to a tenth of a second at a time. Beside a worker whose
transactions follow each other closely the one who accepts mail slept for seconds, and now and then for all of the ten
that it is given, which its client heard as a 451. Here two locks make a queue: ``next`` is held by whoever waits for
``now``, so that who has just written cannot have it again before him.
"""

from __future__ import annotations

import contextlib
import fcntl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from mailgate.errors import StoreUnavailable

LOOK_SECONDS = 0.002  # between two looks whether another process has let go


class Turnstile:
    """For one database file, beside which its two locks lie: ``with turnstile.turn(): …``. Not re-entrant.

    Threads wait for each other for as long as it takes, processes for ``patience`` seconds: one may have been stopped.
    """

    def __init__(self, database: str, patience: float) -> None:
        self._database, self._patience = database, patience
        self._next, self._now = threading.Lock(), threading.Lock()
        self._files: tuple[IO[bytes], IO[bytes]] | None = None

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Raises StoreUnavailable when another process does not let go."""
        with self._next:
            self._now.acquire()
        try:
            with self._among_processes():
                yield
        finally:
            self._now.release()

    @contextlib.contextmanager
    def _among_processes(self) -> Iterator[None]:
        try:
            following, writing = self._files = self._files or self._opened()
        except OSError:  # a folder that is full or not ours: the database says so better than we can
            yield
            return
        deadline = time.monotonic() + self._patience
        with _locked(following, deadline):
            turn = contextlib.ExitStack()
            turn.enter_context(_locked(writing, deadline))
        with turn:
            yield

    def _opened(self) -> tuple[IO[bytes], IO[bytes]]:
        following, writing = (Path(f"{self._database}.{name}") for name in ("next", "writing"))
        return following.open("ab"), writing.open("ab")

    def close(self) -> None:
        """When nobody writes any more."""
        for file in self._files or ():
            file.close()
        self._files = None


@contextlib.contextmanager
def _locked(file: IO[bytes], deadline: float) -> Iterator[None]:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StoreUnavailable("the database cannot serve: another process has been writing for long") from None
            time.sleep(LOOK_SECONDS)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)
