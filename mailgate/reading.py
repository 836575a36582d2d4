"""Inside the process that reads mail (``reader``): its life under limits, and how both sides speak.

A job is (octets, own addresses, letters known, is it ours); the answer to it a ``Message``, or the reason why there is
none, and whether this process should be replaced. Whatever a mail does to it, the other side sees it end.
"""

from __future__ import annotations

import io
import os
import pickle
import re
import resource
import socket
import time
from itertools import count
from typing import Any

from mailgate.settings import Limits

CPU_SECONDS = 10  # for one mail
GROWTH_BYTES = 192 * 2**20  # who has grown by this much is replaced
LOOK_EVERY, LARGE = 16, 2**20  # mails between two looks at that; bytes of a mail after which there is one

_BUFFERED = 64 * 1024  # bytes


class Broken(str):
    """The reason why a mail broke its worker, other than a plain ``str``: the limit that its bytes break."""

    __slots__ = ()


class Channel(io.RawIOBase):
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


def serve(descriptor: int) -> None:
    """The worker's whole life: limits, ready, then mail after mail until the other side is gone or ends it."""
    import logging

    from mailgate.mail.hollow import hollow_out
    from mailgate.mail.limits import find_broken_limit, find_excess
    from mailgate.mail.parse import understand

    logging.disable(logging.CRITICAL)
    channel = Channel(socket.socket(fileno=descriptor))
    limits: Limits = channel.receive()
    understand(_WARM_UP)  # loads what the libraries load late, before the memory is counted
    base = _address_space()
    _limit_memory(base, limits)
    channel.send("ready")
    for number in count(1):
        try:
            raw, own_addresses, known, is_own = channel.receive()
        except (EOFError, OSError):
            return
        looks = number % LOOK_EVERY == 0 or len(raw) > LARGE
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
            channel.send((answer, looks and _address_space() > base + GROWTH_BYTES))
            answer = None
        except MemoryError:
            raw = mail = message = answer = None  # type: ignore[assignment]
            channel.send((Broken(f"Reading it needed more than {limits.read_megabytes} MB of memory."), True))
        except Exception as error:
            channel.send((Broken(f"Reading it failed ({type(error).__name__}): a mistake of mailgate."), True))


_WARM_UP = (
    b"From: a@example.com\nSubject: =?utf-8?q?=C3=A1?=\nMIME-Version: 1.0\n"
    b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n'
    b"<table><tr><td>\xc3\xa1</td></tr></table>\n--b\nContent-Type: application/octet-stream\n\n\x01\x02\n--b--\n"
)


def _address_space() -> int:
    """Bytes of address space of this process; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb", buffering=0) as told:  # noqa: PTH123 - it is asked often
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
