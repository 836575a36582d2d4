"""Understands mail in processes of their own, so that no mail can take the service down with it.

How: a worker is started early (nothing of ours is open yet that it could inherit), imports the parsers, and says that
it is ready. For each mail it gets the bytes over a socket pair and answers with a ``Message``. It lives under limits:
memory beyond what it needed to start, processor time for each mail, and a clock that this side holds. A worker that
crashes, hangs or grows is killed and replaced; the mail it had is ``UnreadableMail`` with a sentence for the operator,
and the next mail finds a fresh worker. One that has read many mails goes on until its successor has started: nobody
waits for that. When no worker can be started at all, that is ``Temporary``: nothing is wrong with the mail.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mailgate.errors import MailgateError, Temporary
from mailgate.mail.message import Envelope, Message
from mailgate.reading import CPU_SECONDS, Broken, Channel
from mailgate.settings import Limits

START_SECONDS = 60  # to import the parsers, on a machine under load
MAILS_PER_WORKER = 5000  # a start takes half a second of processor: a tenth of a millisecond a mail

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[1])


class UnreadableMail(MailgateError):
    """This mail cannot be understood within the limits; ``str(error)`` says why, in one sentence for the operator.

    ``final`` when its own bytes break a limit and no other try can end otherwise; False when it broke its worker.
    """

    exit_status = os.EX_DATAERR

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Reader:
    """A few processes that understand mail. Several threads may use it; each ``read`` has a worker to itself."""

    def __init__(self, workers: int = 1, limits: Limits | None = None, own_addresses: Iterable[str] = ()) -> None:
        self._limits = limits or Limits()
        self._own_addresses = tuple(own_addresses)
        self._closed = threading.Event()
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(_Worker(self._limits))

    def read(
        self, raw: bytes, envelope: Envelope | None = None, *, known: Sequence[str] = (), is_own: bool = False
    ) -> Message:
        """What the mail says. ``envelope`` is taken for the caller's convenience: it changes nothing in the reading.

        Raises UnreadableMail when the mail breaks a limit or its worker, Temporary when no worker can be had.
        """
        worker = self._take()
        try:
            answer = worker.ask((raw, self._own_addresses, tuple(known), is_own))
        finally:
            self._give_back(worker)
        if isinstance(answer, Message):
            return answer
        raise UnreadableMail(str(answer), final=not isinstance(answer, Broken))

    def _take(self) -> _Worker:
        while not self._closed.is_set():
            with contextlib.suppress(queue.Empty):
                worker = self._idle.get(timeout=0.5)
                return self._renewed(worker) if worker.spent else self._relieved(worker)
        raise Temporary("the reader is closed")

    def _relieved(self, worker: _Worker) -> _Worker:
        """The successor, once it waits for mail; until then the old one."""
        successor = worker.successor
        try:
            if successor is None or not successor.is_ready():
                return worker
        except Temporary:  # it could not start: this one has a second life
            worker.reads = 0
            worker.dismiss_successor()
            return worker
        worker.successor = None
        worker.kill()
        return successor

    def _renewed(self, spent: _Worker) -> _Worker:
        try:
            return _Worker(self._limits)
        except Temporary:
            self._idle.put(spent)  # it keeps the place until a process can be had
            raise

    def _give_back(self, worker: _Worker) -> None:
        if worker.spent or self._closed.is_set():
            worker.kill()
        if worker.spent and not self._closed.is_set():
            with contextlib.suppress(Temporary):  # started now, it is ready when the next mail comes
                worker = _Worker(self._limits)
        elif worker.reads >= MAILS_PER_WORKER and not worker.successor and not self._closed.is_set():
            with contextlib.suppress(Temporary):
                worker.successor = _Worker(self._limits)
        if not self._closed.is_set():
            self._idle.put(worker)

    def close(self) -> None:
        """Ends the workers; one that is at work ends with its mail."""
        self._closed.set()
        while True:
            try:
                self._idle.get_nowait().kill()
            except queue.Empty:
                return

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Worker:
    """This side of one process: what it was asked, and whether it can be asked again."""

    reads = 0  # mails
    successor: _Worker | None = None  # started, and perhaps not ready yet

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._ready = False
        self.spent = False
        here, there = socket.socketpair()
        self._channel = Channel(here)
        path = os.pathsep.join(filter(None, (_PACKAGE_ROOT, os.environ.get("PYTHONPATH", ""))))
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", f"from mailgate.reading import serve; serve({there.fileno()})"],
                pass_fds=(there.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the service, which ends its workers itself
                env={**os.environ, "PYTHONPATH": path},
            )
        except OSError as error:
            here.close()
            raise Temporary(f"no process can be started to read mail: {error}") from error
        finally:
            there.close()
        self._introduce()

    def _introduce(self) -> None:
        with contextlib.suppress(OSError):  # it is gone already: whoever waits for it is told
            self._channel.send(self._limits, time.monotonic() + START_SECONDS)

    def is_ready(self) -> bool:
        """Whether it waits for mail, asked without waiting. Raises Temporary when it never started."""
        if not self._ready and self._channel.holds_something():
            self._wait_until_ready()
        return self._ready

    def ask(self, job: tuple[Any, ...]) -> object:
        """The worker's answer: a Message, or the reason why there is none. Raises Temporary when it never started."""
        self._wait_until_ready()
        self.reads += 1
        seconds = self._limits.read_seconds
        try:
            self._channel.send(job, time.monotonic() + seconds)
            answer, self.spent = self._channel.receive(time.monotonic() + seconds)
        except TimeoutError:
            self.spent = True
            return Broken(f"Reading it took longer than {seconds:g} seconds.")
        except (OSError, EOFError, pickle.UnpicklingError):
            self.spent = True
            return self._why_it_died()
        return answer

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        try:
            self._channel.receive(time.monotonic() + START_SECONDS)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self.spent = True
            raise Temporary("the process that reads mail does not start; 'mailgate doctor' may say why") from error
        self._ready = True

    def _why_it_died(self) -> Broken:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Broken("The process that read it stopped answering.")
        if status == -signal.SIGXCPU:
            return Broken(f"Reading it took more than {CPU_SECONDS} seconds of processor time.")
        if status < 0:
            return Broken(f"The process that read it crashed ({signal.Signals(-status).name}).")
        return Broken(f"The process that read it ended with status {status}.")

    def kill(self) -> None:
        """Ends the process, whatever it does."""
        self.dismiss_successor()
        with contextlib.suppress(OSError):
            self._channel.close()
        self._process.kill()
        self._process.wait()

    def dismiss_successor(self) -> None:
        if self.successor:
            self.successor.kill()
        self.successor = None
