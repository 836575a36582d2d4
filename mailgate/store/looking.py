"""The store for somebody who must not change it: ``explain`` looks, and the engine itself refuses to write.

A store that is not there, or whose tables are older than this program, is no error: ``look`` says why there is none.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from mailgate.settings import Store as StoreSettings
from mailgate.store.base import MIGRATIONS, connection, is_sqlite, open_store, pending_migrations
from mailgate.store.models import SecretKey, database

SQLITE = "sqlite:///"


def is_missing(settings: StoreSettings) -> bool:
    """Whether the store is a file that does not exist yet."""
    return settings.url.startswith(SQLITE) and not Path(settings.url.removeprefix(SQLITE)).exists()


def every_migration() -> list[str]:
    return sorted(path.stem for path in MIGRATIONS.glob("[0-9]*.py"))


@contextlib.contextmanager
def look(settings: StoreSettings) -> Iterator[str]:
    """Open for reading; gives "" or why there is nothing to read. Raises StoreUnavailable, ConfigError."""
    if is_missing(settings):
        yield f"there is no store at {settings.url} yet"
        return
    open_store(settings, migrate=False)
    with connection():
        database.execute_sql("PRAGMA query_only = 1" if is_sqlite() else "SET default_transaction_read_only = on")
        pending = pending_migrations()
        yield f"the store lacks {', '.join(pending)}; run 'mailgate migrate'" if pending else ""


def keys_there() -> tuple[bytes, ...]:
    """The store's keys as they are; none are made."""
    return tuple(bytes.fromhex(row.key) for row in SecretKey.select().order_by(SecretKey.id.desc()))
