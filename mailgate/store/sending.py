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
from mailgate.store.models import database

QUEUED, SENT, DEAD = "queued", "sent", "dead"


def claim(
    table: Any, columns: Sequence[Field], now: datetime, lease: timedelta, batch: int, *, strays: bool = True
) -> list[Any]:
    """Take the rows that have been due longest, in the order of their ids; nobody else gets them before the lease ends.

    The attempt is counted. Without ``strays`` those are left alone whose lease ended under another sender.
    """
    free = table.lease_until.is_null()
    if strays:
        free |= table.lease_until < now
    due = (
        table.select(table.id)
        .where(table.state == QUEUED, table.next_attempt_at <= now, free)
        .order_by(table.next_attempt_at, table.id)
        .limit(batch)
    )
    if database.for_update:
        due = due.for_update(skip_locked=True)
    with brief_transaction():
        taken = (
            table.update(lease_until=now + lease, attempts=table.attempts + 1)
            .where(table.id.in_(due))
            .returning(*columns)
            .execute()
        )
        return sorted(taken, key=lambda row: row.id)


def record_later(table: Any, number: int, reply: str, next_attempt_at: datetime) -> None:
    """Whoever was to take it would not, now."""
    with translated():
        table.update(reply=reply, next_attempt_at=next_attempt_at, lease_until=None).where(
            table.id == number, table.state == QUEUED
        ).execute()


def record_end(table: Any, number: int, state: str, reply: str, now: datetime) -> bool:
    """Sent or dead, for good; False when it had ended already. Belongs into a transaction with what tells of it."""
    changed = (
        table.update(state=state, reply=reply, done_at=now, lease_until=None)
        .where(table.id == number, table.state == QUEUED)
        .execute()
    )
    return bool(changed)


def next_due(table: Any) -> datetime | None:
    """When the next row that nobody has may be taken; None when none waits."""
    with translated():
        free_at = fn.COALESCE(table.lease_until, table.next_attempt_at)
        moment = table.select(fn.MIN(free_at)).where(table.state == QUEUED).scalar()
        found: datetime | None = table.next_attempt_at.python_value(moment)
        return found


def counts(table: Any) -> dict[str, int]:
    """How many are queued, sent, dead."""
    with translated():
        rows = table.select(table.state, fn.COUNT(SQL("*"))).group_by(table.state).tuples()
        return {QUEUED: 0, SENT: 0, DEAD: 0} | {str(name): int(count) for name, count in rows}
