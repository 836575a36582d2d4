"""A lease does not wait for the disk on SQLite; what was told to anybody does, also on the connection that took one."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest

from mailgate.settings import Store
from mailgate.store import turns
from mailgate.store.base import brief_transaction, is_sqlite, transaction
from mailgate.store.models import database

FULL, NORMAL = 2, 1


def _synchronous() -> int:
    return int(database.execute_sql("PRAGMA synchronous").fetchone()[0])


def test_who_took_a_lease_waits_for_the_disk_again_after_it(store: Store) -> None:
    if is_sqlite():
        with brief_transaction():
            assert _synchronous() == NORMAL
        with pytest.raises(ZeroDivisionError), brief_transaction():
            raise ZeroDivisionError
        with transaction():
            assert _synchronous() == FULL
    else:
        with brief_transaction():
            assert database.execute_sql("SHOW synchronous_commit").fetchone()[0] == "on"


def test_a_brief_transaction_is_all_or_nothing(store: Store) -> None:
    with contextlib.suppress(ZeroDivisionError), brief_transaction():
        turns.first_time("once", datetime.now(UTC))
        raise ZeroDivisionError
    assert not turns.was_done("once")
