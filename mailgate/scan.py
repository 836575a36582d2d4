"""Has the files of a mail looked at by clamd, where there is one: one question, bounded in time, or NotScanned.

The protocol is three lines (``zINSTREAM``, then pieces with their length, then a length of 0), spoken here over a plain
socket: the library for it knows no Unix sockets and wants an event loop. A clamd that does not answer is not asked
again for a minute, so that it does not stop the desk for every mail.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import time
from collections.abc import Callable

import structlog

from mailgate.settings import Clamav

log = structlog.get_logger(__name__)

Scan = Callable[[bytes], str]  # gives the name of what was found, "" for nothing; raises NotScanned

PIECE = 2**18
LEFT_ALONE = 60.0  # seconds
SILENCE = 900.0  # seconds between two complaints (THREATS 78)
_REPLY = re.compile(r"stream: (?:(?P<clean>OK)|(?P<found>[^\x00-\x1f]{1,200}) FOUND)")


class NotScanned(Exception):
    """Nobody knows whether the mail is infected; ``str(error)`` says why."""


class Scanner:
    """A clamd behind its address; ``scanner(octets)`` asks it."""

    def __init__(self, settings: Clamav, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._clock = settings, clock
        self._alone_until = self._complained_at = float("-inf")

    def __call__(self, octets: bytes) -> str:
        """What was found, "" when nothing. Raises NotScanned."""
        if self._clock() < self._alone_until:
            raise NotScanned("clamd did not answer a moment ago")
        try:
            reply = self._ask(octets)
        except OSError as error:
            raise self._down(f"clamd at {self._settings.address}: {error}") from error
        found = _REPLY.fullmatch(reply)
        if found is None:
            raise self._down(f"clamd at {self._settings.address} answers {reply[:100]!r}")
        return found["found"] or ""

    def _down(self, why: str) -> NotScanned:
        now = self._clock()
        self._alone_until = now + LEFT_ALONE
        if now - self._complained_at > SILENCE:
            self._complained_at = now
            log.error("clamav.down", why=why, advice="start clamd, or empty clamav.address; mails with files wait")
        return NotScanned(why)

    def _ask(self, octets: bytes) -> str:
        with self._connect() as line:
            line.sendall(b"zINSTREAM\0")
            for at in range(0, len(octets), PIECE):
                piece = octets[at : at + PIECE]
                line.sendall(struct.pack("!L", len(piece)) + piece)
            line.sendall(struct.pack("!L", 0))
            reply = b""
            until = time.monotonic() + self._settings.seconds
            while b"\0" not in reply and len(reply) < 1000:
                line.settimeout(max(0.001, until - time.monotonic()))
                piece = line.recv(1000)
                if not piece:
                    break
                reply += piece
        return reply.partition(b"\0")[0].decode("utf-8", "replace")

    def _connect(self) -> contextlib.closing[socket.socket]:
        address, seconds = self._settings.address, self._settings.seconds
        if address.startswith("/"):
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(seconds)
            try:
                line.connect(address)
            except OSError:
                line.close()
                raise
            return contextlib.closing(line)
        host, _, port = address.rpartition(":")
        return contextlib.closing(socket.create_connection((host.strip("[]"), int(port)), seconds))


def scanner(settings: Clamav) -> Scan | None:
    """What scans, as the settings say; None when nothing does."""
    return Scanner(settings) if settings.address else None
