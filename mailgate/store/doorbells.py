"""How processes on one SQLite file wake each other: each that waits has a socket in a folder beside the file, and who
has stored something says a word to all of them.

A word that is lost costs a second, in which whoever waits looks at the file himself; so does a folder whose path is too
long for a socket (107 octets), or a file that another machine writes to.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
from pathlib import Path

_ours: set[str] = set()  # who waits in this process is rung by other means


def folder(database: str) -> Path:
    return Path(f"{database}.bells")


def call(database: str, word: str) -> None:
    """Say it to every other process that waits. Never raises; whose socket nobody reads any more is forgotten."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        for entry in os.scandir(folder(database)):
            if entry.name in _ours:
                continue
            try:
                line.sendto(word.encode("ascii"), entry.path)
            except ConnectionRefusedError:  # its process was killed
                Path(entry.path).unlink(missing_ok=True)
            except OSError:  # it has more calls than it can hear, and wakes anyway
                continue


class Doorbell:
    """What this process hears by: ``wait`` again and again, ``close`` at the end."""

    def __init__(self, database: str) -> None:
        self._name = secrets.token_hex(6)
        self._path = folder(database) / self._name
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        with contextlib.suppress(OSError):  # then nobody can call, and all that is heard is the time
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            self._line.bind(str(self._path))
            _ours.add(self._name)

    def wait(self, seconds: float) -> frozenset[str]:
        """The words that were said, as soon as there is one; none when the time is over."""
        said = set()
        with contextlib.suppress(TimeoutError, BlockingIOError):
            self._line.settimeout(seconds)
            while True:
                said.add(self._line.recv(64).decode("ascii", "replace"))
                self._line.settimeout(0)  # what else has been said already
        return frozenset(said)

    def close(self) -> None:
        self._line.close()
        _ours.discard(self._name)
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
