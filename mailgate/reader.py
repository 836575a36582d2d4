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
import io
import os
import pickle
import queue
import re
import resource
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
from mailgate.settings import Limits

START_SECONDS = 60  # to import the parsers, on a machine under load
CPU_SECONDS = 10  # for one mail
MAILS_PER_WORKER = 5000  # a start takes half a second of processor: a tenth of a millisecond a mail
GROWTH_BYTES = 192 * 2**20  # a worker that has grown by this much starts afresh

_BUFFERED = 64 * 1024  # bytes
_PACKAGE_ROOT = str(Path(__file__).resolve().parents[1])


class UnreadableMail(MailgateError):
    """This mail cannot be understood within the limits; ``str(error)`` says why, in one sentence for the operator.

    ``final`` when its own bytes break a limit and no other try can end otherwise; False when it broke its worker.
    """

    exit_status = os.EX_DATAERR

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class _Broken(str):
    """The reason why a mail broke its worker, other than a plain ``str``: the limit that its bytes break."""

    __slots__ = ()


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
        raise UnreadableMail(str(answer), final=not isinstance(answer, _Broken))

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
        self._channel = _Channel(here)
        path = os.pathsep.join(filter(None, (_PACKAGE_ROOT, os.environ.get("PYTHONPATH", ""))))
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", f"from mailgate.reader import serve; serve({there.fileno()})"],
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
            return _Broken(f"Reading it took longer than {seconds:g} seconds.")
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

    def _why_it_died(self) -> _Broken:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return _Broken("The process that read it stopped answering.")
        if status == -signal.SIGXCPU:
            return _Broken(f"Reading it took more than {CPU_SECONDS} seconds of processor time.")
        if status < 0:
            return _Broken(f"The process that read it crashed ({signal.Signals(-status).name}).")
        return _Broken(f"The process that read it ended with status {status}.")

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


class _Channel(io.RawIOBase):
    """One end of a socket pair, as a file that pickle writes to and reads from, until a deadline.

    So pickle hands a large mail or file to the socket as it is and reads it into its place, without a copy. Pickle is
    safe here: both ends are this very program, and the socket pair has no other.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._deadline: float | None = None
        self._incoming = io.BufferedReader(self, _BUFFERED)

    def send(self, value: object, deadline: float | None = None) -> None:
        """Raises TimeoutError after the deadline, OSError when the other side is gone."""
        self._deadline = deadline
        pickle.dump(value, self, protocol=pickle.HIGHEST_PROTOCOL)

    def receive(self, deadline: float | None = None) -> Any:
        """The next value. Raises TimeoutError after the deadline, EOFError when the other side is gone."""
        self._deadline = deadline
        return pickle.load(self._incoming)  # noqa: S301

    def holds_something(self) -> bool:
        """Whether the other side has said something, or is gone."""
        self._socket.settimeout(0)
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except OSError as error:
            return not isinstance(error, BlockingIOError)
        return True

    def write(self, data: Any) -> int:
        self._wait_no_longer()
        self._socket.sendall(data)
        return len(data)

    def readinto(self, place: Any) -> int:
        self._wait_no_longer()
        return self._socket.recv_into(place)

    def _wait_no_longer(self) -> None:
        left = None if self._deadline is None else max(0.001, self._deadline - time.monotonic())
        self._socket.settimeout(left)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        self._socket.close()
        super().close()


# ------------------------------------------------------------------------------------------- inside the worker


def serve(descriptor: int) -> None:
    """The worker's whole life: limits, ready, then mail after mail until the other side is gone or ends it."""
    import logging

    from mailgate.mail.hollow import hollow_out
    from mailgate.mail.limits import find_broken_limit, find_excess
    from mailgate.mail.parse import understand

    logging.disable(logging.CRITICAL)
    channel = _Channel(socket.socket(fileno=descriptor))
    limits: Limits = channel.receive()
    understand(_WARM_UP)  # loads what the libraries load late, before the memory is counted
    base = _address_space()
    _limit_memory(base, limits)
    channel.send("ready")
    while True:
        try:
            raw, own_addresses, known, is_own = channel.receive()
        except (EOFError, OSError):
            return
        _limit_processor()
        answer: object
        try:
            _poison(raw)
            mail = hollow_out(raw)
            answer = find_broken_limit(raw, limits, mail.octets)
            if not answer:
                message = understand(
                    raw, own_addresses=own_addresses, known=known, is_own=is_own, most=limits, checked=mail
                )
                answer = find_excess(message, limits) or message
            raw = mail = message = None  # type: ignore[assignment]  # a large mail makes room for what is said of it
            channel.send((answer, _address_space() > base + GROWTH_BYTES))
            answer = None
        except MemoryError:
            raw = mail = message = answer = None  # type: ignore[assignment]
            channel.send((_Broken(f"Reading it needed more than {limits.read_megabytes} MB of memory."), True))
        except Exception as error:
            channel.send((_Broken(f"Reading it failed ({type(error).__name__}): a mistake of mailgate."), True))


_WARM_UP = (
    b"From: a@example.com\nSubject: =?utf-8?q?=C3=A1?=\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n'
    b"<table><tr><td>\xc3\xa1</td></tr></table>\n--b\nContent-Type: application/octet-stream\n\n\x01\x02\n--b--\n"
)


def _address_space() -> int:
    """Bytes of address space of this process; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as told:  # noqa: PTH123 - it is asked after every mail
            return int(told.read(64).split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def _limit_memory(base: int, limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if base:
        most = base + limits.read_megabytes * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _limit_processor() -> None:
    """The soft limit counts from the start of the process, so it is moved on with every mail."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


_POISON = re.compile(rb"^x-mailgate-debug:\s*(\w+)", re.IGNORECASE | re.MULTILINE)


def _poison(raw: bytes) -> None:
    """Lets a test see what a mail does that breaks its reader; nothing unless MAILGATE_DEBUG_POISON is set."""
    found = _POISON.search(raw[:4096]) if os.environ.get("MAILGATE_DEBUG_POISON") == "1" else None
    match found and found[1]:
        case b"abort":
            os.abort()
        case b"sleep":
            time.sleep(3600)
        case b"spin":
            while True:
                pass
        case b"eat":
            eaten = [b""]
            while True:
                eaten.append(bytes(2**24))
