"""Group commit: all mails that wait share one transaction, and each is answered when it is durable.

Channels ``submit`` and wait on the future; one thread writes. Under load the disk is synced once for many mails, which
is what lets a single machine take a thousand a second and still say 250 only for what is kept. What can go wrong:

* the store cannot serve: everybody in the batch gets StoreUnavailable (a 451, a mail left in its mailbox);
* one mail breaks the batch (a bug): each is tried alone, so that neighbours are not refused for it;
* too much waits: StoreUnavailable at once, before memory is eaten.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError

import structlog

from mailgate.errors import StoreUnavailable
from mailgate.store.base import connection
from mailgate.store.intake import Accepted, Arrival, accept_many

log = structlog.get_logger()

MOST_MAILS = 64  # in one transaction
MOST_BYTES = 32 * 2**20
MOST_WAITING_BYTES = 256 * 2**20

_Waiting = tuple[Arrival, "Future[Accepted]"]


class Acceptor:
    """The one writer of accepted mails. Thread-safe; ``start`` it before, ``stop`` it after use (it drains)."""

    def __init__(self, on_accept: Callable[[], object] = lambda: None) -> None:
        self._on_accept = on_accept
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="acceptor")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Store what waits, then end. What comes later is refused with StoreUnavailable."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def submit(self, arrival: Arrival) -> Future[Accepted]:
        """Have a mail stored. The future gives Accepted once it is durable, or raises StoreUnavailable."""
        future: Future[Accepted] = Future()
        with self._changed:
            if self._stopping or self._waiting_bytes + len(arrival.raw) > MOST_WAITING_BYTES:
                future.set_exception(StoreUnavailable("too many mails wait to be stored, or we are stopping"))
                return future
            self._waiting.append((arrival, future))
            self._waiting_bytes += len(arrival.raw)
            self._changed.notify()
        return future

    def _run(self) -> None:
        batch = self._next_batch()
        while batch:
            try:
                with connection():  # kept until it fails: the next batch then opens a new one
                    while batch:
                        self._store(batch)
                        batch = self._next_batch()
            except StoreUnavailable as error:
                log.warning("store unavailable; mails are put off", mails=len(batch), error=str(error))
                _fail(batch, error)
                batch = self._next_batch()
            except Exception as error:
                log.exception("accepting failed", mails=len(batch))
                _fail(batch, StoreUnavailable(type(error).__name__))
                batch = self._next_batch()

    def _next_batch(self) -> list[_Waiting]:
        """What waits, oldest first, within the bounds; empty only when stopping with nothing left."""
        with self._changed:
            while not self._waiting and not self._stopping:
                self._changed.wait()
            batch: list[_Waiting] = []
            size = 0
            while self._waiting and len(batch) < MOST_MAILS and (not batch or size < MOST_BYTES):
                batch.append(self._waiting.popleft())
                size += len(batch[-1][0].raw)
            self._waiting_bytes -= size
            return batch

    def _store(self, batch: list[_Waiting]) -> None:
        try:
            accepted = accept_many([arrival for arrival, _ in batch])
        except StoreUnavailable:
            raise
        except Exception:
            if len(batch) == 1:
                raise
            for one in batch:  # find the one that breaks it
                self._store_alone(one)
            return
        for (_, future), done in zip(batch, accepted, strict=True):
            _answer(future, done)
        self._on_accept()

    def _store_alone(self, one: _Waiting) -> None:
        try:
            self._store([one])
        except StoreUnavailable as error:
            _fail([one], error)
        except Exception as error:
            log.exception("accepting one mail failed")
            _fail([one], StoreUnavailable(type(error).__name__))


def _answer(future: Future[Accepted], done: Accepted) -> None:
    try:
        future.set_result(done)
    except InvalidStateError:  # its channel gave up waiting; the mail is stored, and known when it comes again
        log.info("stored after its channel had gone", intake=done.intake_id)


def _fail(batch: list[_Waiting], error: Exception) -> None:
    for _, future in batch:
        try:
            future.set_exception(error)
        except InvalidStateError:  # answered already, or its channel gave up waiting
            continue
