"""Whose turn it is, kept for as long as the process lives: one clock, one reader of each mailbox.

One thread takes and renews all turns that its process wants. Who crashed loses them as soon as somebody looks, every
second; whose machine vanished, within ``LENGTH``; who stops gives them up. A turn saves work and noise and is no
guarantee: what is done in it must bear to be done twice (``turns.first_time``, the digest of a mail).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from mailgate.errors import StoreUnavailable
from mailgate.store import living, turns
from mailgate.store.base import connection

LENGTH = timedelta(seconds=15)
RENEW_SECONDS = 5.0
LOOK_SECONDS = 1.0  # between two looks at a turn that another one has
MARGIN_SECONDS = 1.0  # before the store thinks so, we think that a turn which could not be renewed is over

log = structlog.get_logger()


class Turns:
    """The turns of this process. ``want`` them, ``start``, and ask the functions that ``want`` gave; then ``stop``."""

    def __init__(self, holder: str = "") -> None:
        self._holder = holder or living.this_process()
        self._until: dict[str, float] = {}  # on the monotonic clock; in the past: not ours
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="turns")

    def want(self, name: str) -> Callable[[], bool]:
        """A function that tells, at no cost, whether it is our turn now."""
        self._until[name] = float("-inf")
        return lambda: time.monotonic() < self._until[name]

    def start(self) -> None:
        """Take what is free, then keep it."""
        if self._until:
            self._renew()
            self._thread.start()

    def stop(self) -> None:
        """Let others have them at once."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    @property
    def alive(self) -> bool:
        return not self._until or self._thread.is_alive()

    def _run(self) -> None:
        renewed = time.monotonic()
        while not self._stopping.wait(LOOK_SECONDS):
            if time.monotonic() - renewed >= RENEW_SECONDS or float("-inf") in self._until.values():
                self._renew()
                renewed = time.monotonic()
        self._until = dict.fromkeys(self._until, float("-inf"))
        try:
            with connection():
                for name in self._until:
                    turns.give_up_turn(name, self._holder)
        except StoreUnavailable:
            log.info("turns end by themselves", turns=list(self._until))

    def _renew(self) -> None:
        try:
            living.sign()
            with connection():
                for name in self._until:
                    self._take(name)
        except StoreUnavailable as error:
            log.warning("turns cannot be kept", error=str(error))
        except Exception:  # what needs a turn must not stand still for ever without a word
            log.exception("turns failed")

    def _take(self, name: str) -> None:
        before = time.monotonic()
        had = before < self._until[name]
        taken = turns.take_turn(name, self._holder, turns.common_time(), LENGTH)
        if not taken and living.is_dead(other := turns.holder_of(name)):
            turns.give_up_turn(name, other)
            taken = turns.take_turn(name, self._holder, turns.common_time(), LENGTH)
        self._until[name] = before + LENGTH.total_seconds() - MARGIN_SECONDS if taken else float("-inf")
        if taken != had:
            log.info("turn", name=name, ours=taken)
