"""What letters and short messages have alike: queued, claimed by one sender at a time with a lease, sent or dead.

For a table with ``state``, ``next_attempt_at``, ``lease_until`` and ``attempts``. Raises StoreUnavailable when the
engine cannot serve.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from peewee import SQL, Field, fn

from mailgate.store.base import brief_transaction, translated
from mailgate.store.fields import UtcField
from mailgate.store.models import database
from mailgate.store.prepared import Prepared, Query, Row, prepared

QUEUED, SENT, DEAD = "queued", "sent", "dead"


def claiming(table: Any, columns: Sequence[Field], *, strays: bool = True) -> Prepared[[datetime, datetime, int]]:
    """The statement of ``claim`` for a table; its rows have these columns, ``id`` among them.

    Without ``strays`` those are left alone whose lease ended under another sender.
    """

    def take(now: datetime, until: datetime, most: int) -> Query:
        free = table.lease_until.is_null()
        if strays:
            free |= table.lease_until < now
        due = table.select(table.id).where(table.state == QUEUED, table.next_attempt_at <= now, free)
        due = due.order_by(table.next_attempt_at, table.id).limit(most)
        if database.for_update:
            due = due.for_update(skip_locked=True)
        taken = table.update(lease_until=until, attempts=table.attempts + 1)
        return taken.where(table.id.in_(due)).returning(*columns)

    return prepared(take)


def claim(take: Prepared[[datetime, datetime, int]], now: datetime, lease: timedelta, batch: int) -> list[Row]:
    """Take the rows that have been due longest, in the order of their ids; nobody else gets them before the lease ends.

    The attempt is counted.
    """
    with brief_transaction():
        return sorted(take.rows(now, now + lease, batch), key=lambda row: row.id)


def record_later(table: Any, number: int, reply: str, next_attempt_at: datetime) -> None:
    """Whoever was to take it would not, now."""
    with translated():
        table.update(reply=reply, next_attempt_at=next_attempt_at, lease_until=None).where(
            table.id == number, table.state == QUEUED
        ).execute()


def ending(table: Any) -> Prepared[[int, str, str, datetime]]:
    """Sent or dead, for good (row, state, reply, when): changes no row that had ended already. Belongs into a
    transaction with what tells of it.
    """

    def end(number: int, state: str, reply: str, now: datetime) -> Query:
        ended = table.update(state=state, reply=reply, done_at=now, lease_until=None)
        return ended.where(table.id == number, table.state == QUEUED)

    return prepared(end)


def waiting(table: Any) -> Prepared[[]]:
    """The statement of ``next_due`` for a table."""

    def first_free() -> Query:
        free_at = fn.COALESCE(table.lease_until, table.next_attempt_at)
        return table.select(fn.MIN(free_at)).where(table.state == QUEUED)

    return prepared(first_free)


def next_due(first_free: Prepared[[]]) -> datetime | None:
    """When the next row that nobody has may be taken; None when none waits."""
    moment = first_free.value()
    return UtcField().python_value(moment) if moment is not None else None


def counts(table: Any) -> dict[str, int]:
    """How many are queued, sent, dead."""
    with translated():
        rows = table.select(table.state, fn.COUNT(SQL("*"))).group_by(table.state).tuples()
        return {QUEUED: 0, SENT: 0, DEAD: 0} | {str(name): int(count) for name, count in rows}
