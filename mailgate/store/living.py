"""Who is still there: what a killed process had in hand is free at once, and not when its lease ends.

Each process that takes something has a name, and a sign of life that dies with it however it dies. On PostgreSQL that
is an advisory lock, held by a session of its own: the kernel closes a dead process's sessions, and its server frees the
lock. On SQLite all processes are of one machine, and the machine knows who runs. What cannot be told counts as alive; a
machine that vanished without a word is given up when its leases end.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

from mailgate.store.base import at_close, is_sqlite, translated
from mailgate.store.models import database

SIGN = 7240010  # PostgreSQL's advisory locks (SIGN, a hash of the name)


def this_process() -> str:
    """A name that no other process has, now or later: host, namespace of processes, process, and when it began."""
    return _named(os.getpid())


def sign() -> str:
    """Show that this process lives, for as long as it does; gives its name, or "" where it cannot be shown now.

    Who is named in what it takes can be believed dead by all others when ``is_dead`` says so. Expects an open store.
    """
    name = this_process()
    return name if is_sqlite() or _session.holds(name) else ""


def is_dead(name: str) -> bool:
    """Whether a process that had shown its sign is no more. False for a name that no process has given itself."""
    if "/" not in name or name == this_process():
        return False
    if is_sqlite():
        return was_here_and_ended(name)
    with translated():
        (free,) = database.execute_sql("SELECT pg_try_advisory_xact_lock(%s, %s)", (SIGN, _key(name))).fetchone()
    return bool(free)


def was_here_and_ended(name: str) -> bool:
    """Whether it was a process of this machine that is no more. False when that cannot be known."""
    place, _, rest = name.rpartition("/")
    pid, _, began = rest.partition(":")
    return place == _place() and pid.isdigit() and bool(began) and _began(int(pid)) != began


@lru_cache(1)
def _named(pid: int) -> str:
    return f"{_place()}/{pid}:{_began(pid)}"


def _place() -> str:
    """Where numbers of processes mean the same."""
    try:
        namespace = str(Path("/proc/self/ns/pid").stat().st_ino)
    except OSError:
        namespace = ""
    return f"{socket.gethostname()[:30]}/{namespace}"


def _began(pid: int) -> str:
    """When a process began, in ticks since boot; "" where that cannot be read, and for a process that is not there, or
    has ended and waits for its parent to hear of it.
    """
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return told[19] if told[0] not in ("Z", "X") else ""
    except (OSError, IndexError):
        return ""


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], signed=True)


class _Session:
    """The one that holds this process's lock. Shared, so that a new session need not wait for the end of a lost one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._owner = 0

    def holds(self, name: str) -> bool:
        import psycopg

        with self._lock:
            try:
                if self._session is None or self._owner != os.getpid():
                    self._session = None  # one of before a fork is not ours to use
                    self._session = database.obj._connect()
                    self._owner = os.getpid()
                    self._session.execute("SELECT pg_advisory_lock_shared(%s, %s)", (SIGN, _key(name)))
                else:
                    self._session.execute("SELECT 1")
            except psycopg.Error:
                self._close()
                return False
            return True

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        session, self._session = self._session, None
        if session is not None and self._owner == os.getpid():
            with contextlib.suppress(Exception):  # it may be broken already
                session.close()


_session = _Session()
at_close(_session.close)
