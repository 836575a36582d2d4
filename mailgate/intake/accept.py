"""Group commit: all mails that wait share one transaction, and each is answered when it is durable.

Channels ``submit`` and wait on the future; one thread writes. Under load the disk is synced once for many mails, which
is what lets a single machine take a thousand a second and still say 250 only for what is kept. What can go wrong:

* the store cannot serve: everybody in the batch gets StoreUnavailable (a 451, a mail left in its mailbox);
* one mail breaks the batch (a bug): each is tried alone, so that neighbours are not refused for it (Unstorable);
* too much waits: StoreUnavailable at once, before memory is eaten.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass

import structlog

from mailgate.errors import StoreUnavailable
from mailgate.store.base import connection
from mailgate.store.intake import Accepted, Arrival, accept_many

log = structlog.get_logger()

MOST_MAILS = 64  # in one transaction
MOST_BYTES = 32 * 2**20
MOST_WAITING_BYTES = 256 * 2**20

Answer = Accepted | StoreUnavailable


class Unstorable(StoreUnavailable):
    """The store serves, and trips over this mail alone: a bug of ours. Whoever has it keeps it, and goes on."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrival: Arrival
    future: Future[Accepted] | asyncio.Future[Accepted]
    loop: asyncio.AbstractEventLoop | None = None  # where an asyncio future lives


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
        self._take(_Waiting(arrival, future))
        return future

    def submit_from(self, loop: asyncio.AbstractEventLoop, arrival: Arrival) -> asyncio.Future[Accepted]:
        """As ``submit``, from an event loop, which is woken once for all its mails in a batch."""
        future: asyncio.Future[Accepted] = loop.create_future()
        self._take(_Waiting(arrival, future, loop))
        return future

    def _take(self, one: _Waiting) -> None:
        size = len(one.arrival.raw)
        with self._changed:
            if not self._stopping and self._waiting_bytes + size <= MOST_WAITING_BYTES:
                self._waiting.append(one)
                self._waiting_bytes += size
                self._changed.notify()
                return
        _answer(one, StoreUnavailable("too many mails wait to be stored, or we are stopping"))

    def _run(self) -> None:
        batch = self._next_batch()
        while batch:
            try:
                with connection():  # kept until it fails: the next batch then opens a new one
                    while batch:
                        self._store(batch)
                        batch.clear()  # a large mail is not kept until the next one comes
                        batch = self._next_batch()
            except StoreUnavailable as error:
                log.warning("store unavailable; mails are put off", mails=len(batch), error=str(error))
                _fail(batch, error)
                batch = self._next_batch()
            except Exception as error:
                log.exception("accepting failed", mails=len(batch))
                _fail(batch, (Unstorable if len(batch) == 1 else StoreUnavailable)(type(error).__name__))
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
                size += len(batch[-1].arrival.raw)
            self._waiting_bytes -= size
            return batch

    def _store(self, batch: list[_Waiting]) -> None:
        try:
            accepted = accept_many([one.arrival for one in batch])
        except StoreUnavailable:
            raise
        except Exception:
            if len(batch) == 1:
                raise
            for one in batch:  # find the one that breaks it
                self._store_alone(one)
            return
        _answer_all(batch, accepted)
        self._on_accept()

    def _store_alone(self, one: _Waiting) -> None:
        try:
            self._store([one])
        except StoreUnavailable as error:
            _fail([one], error)
        except Exception as error:
            log.exception("accepting one mail failed")
            _fail([one], Unstorable(type(error).__name__))


def _fail(batch: list[_Waiting], error: StoreUnavailable) -> None:
    _answer_all(batch, [error] * len(batch))


def _answer_all(batch: list[_Waiting], answers: Sequence[Answer]) -> None:
    """Tell each what became of its mail; a loop is called once, with all that is for it."""
    loops: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting, Answer]]] = {}
    for one, answer in zip(batch, answers, strict=True):
        if one.loop is None:
            _answer(one, answer)
        else:
            loops.setdefault(one.loop, []).append((one, answer))
    for loop, told in loops.items():
        with contextlib.suppress(RuntimeError):  # it is closed: nobody waits there any more
            loop.call_soon_threadsafe(_answer_here, told)


def _answer_here(told: list[tuple[_Waiting, Answer]]) -> None:
    for one, answer in told:
        _answer(one, answer)


def _answer(one: _Waiting, answer: Answer) -> None:
    try:
        if isinstance(answer, Accepted):
            one.future.set_result(answer)
        else:
            one.future.set_exception(answer)
    except (InvalidStateError, asyncio.InvalidStateError):
        # Its channel gave up waiting, or was answered already; what is stored is known when it comes again.
        if isinstance(answer, Accepted):
            log.info("stored after its channel had gone", intake=answer.intake_id)
