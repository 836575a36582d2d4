"""A PostgreSQL that takes our question and never answers: its machine lives, and so TCP is content for ever.

A stopped or swapped-out server, a disk behind it that hangs, a balancer that holds the line: the kernel at the other
end acknowledges all we send, and neither keepalives nor ``tcp_user_timeout`` ever end it. So no statement waits longer
than ``seconds``; then its connection is closed, and that is an engine that cannot serve.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

import peewee
import psycopg


class Silent(psycopg.OperationalError):
    """No answer within the time."""


class _Connection(psycopg.Connection[Any]):
    """``wait`` is where all of Psycopg's calls wait for the server."""

    patience: float | None = None

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        if self.patience is None:
            return super().wait(gen, *args, **kwargs)
        try:
            return super().wait(_bounded(gen, self.patience), *args, **kwargs)
        except Silent:
            self.close()  # what it would answer now is the answer to something else
            raise


def _bounded(gen: Generator[Any, Any, Any], seconds: float) -> Generator[Any, Any, Any]:
    """The same steps, until the time is over; Psycopg asks for a step every tenth of a second when nothing comes."""
    until = time.monotonic() + seconds
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > until:
                gen.close()
                raise Silent(f"it has not answered for {seconds:g} seconds")
            wanted = gen.send(ready)
    except StopIteration as end:
        return end.value


class _Adapter(peewee.Psycopg3Adapter):
    def connect(self, db: Any, **params: Any) -> _Connection:
        connection = _Connection.connect(dbname=db.database, **params)
        connection.patience = db.patience
        return connection


class Database(peewee.PostgresqlDatabase):
    """PostgreSQL by Psycopg 3. ``patience``: seconds that a statement may take; None: as long as it takes."""

    psycopg3_adapter = _Adapter
    patience: float | None = None
