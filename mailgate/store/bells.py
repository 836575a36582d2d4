"""Who waits in one process is woken by what another one stored: LISTEN/NOTIFY, or a word beside the SQLite file.

A bell is never the only reason to look: whoever waits also looks by itself now and then, so that a call lost with its
connection costs some seconds and no mail.
"""

from __future__ import annotations

import contextlib
from typing import Any

import peewee

from mailgate.errors import StoreUnavailable
from mailgate.store import doorbells
from mailgate.store.base import connection, is_sqlite, translated
from mailgate.store.models import database

MAIL, LETTERS = "mail", "letters"
BELLS = frozenset({MAIL, LETTERS})
CHANNEL = "mailgate"
SQLITE_SECONDS = 1.0  # between two looks at the file


def ring(bell: str) -> None:
    """Wake whoever waits for this, in every other process. Raises StoreUnavailable; belongs into no transaction."""
    if is_sqlite():
        doorbells.call(database.obj.database, bell)
        return
    with connection(), translated():
        database.execute_sql("SELECT pg_notify(%s, %s)", (CHANNEL, bell))


class Ear:
    """One process's ear, for one thread: ``hear`` again and again, ``close`` at the end."""

    def __init__(self) -> None:
        self._session: Any = None
        self._doorbell: doorbells.Doorbell | None = None
        self._seen = -1

    def hear(self, seconds: float) -> frozenset[str]:
        """The bells rung meanwhile; all of them after the connection was made anew. Raises StoreUnavailable."""
        if is_sqlite():
            return self._listen_and_look(seconds)
        import psycopg

        try:
            if self._session is None:
                self._session = database.obj._connect()
                self._session.execute(f"LISTEN {CHANNEL}")
                return BELLS
            calls = self._session.notifies(timeout=seconds, stop_after=1)
            return frozenset(call.payload for call in calls) & BELLS
        except (psycopg.Error, peewee.DatabaseError) as error:
            self.close()
            raise StoreUnavailable(f"the database cannot serve: {error}") from error

    def _listen_and_look(self, seconds: float) -> frozenset[str]:
        """What other processes say; and of what nobody told: SQLite counts what other connections have committed."""
        if self._session is None or self._doorbell is None:
            self.close()
            self._doorbell = doorbells.Doorbell(database.obj.database)
            self._session = database.obj._connect()
        elif said := self._doorbell.wait(min(seconds, SQLITE_SECONDS)) & BELLS:
            return said
        (version,) = self._session.execute("PRAGMA data_version").fetchone()
        changed, self._seen = version != self._seen, version
        return BELLS if changed else frozenset()

    def close(self) -> None:
        if self._doorbell is not None:
            self._doorbell.close()
            self._doorbell = None
        if self._session is not None:
            with contextlib.suppress(Exception):  # it may be broken already
                self._session.close()
            self._session = None
