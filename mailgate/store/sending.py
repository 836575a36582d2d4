"""What letters and short messages have alike: queued, claimed by one sender at a time with a lease, sent or dead.

For a table with ``state``, ``next_attempt_at``, ``lease_until`` and ``attempts``. Raises StoreUnavailable when the
engine cannot serve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from peewee import SQL, Field, fn

from mailgate.store.base import brief_transaction, translated
from mailgate.store.models import database
from mailgate.store.prepared import Prepared, Query, Row, prepared

QUEUED, SENT, DEAD = "queued", "sent", "dead"


class Look(NamedTuple):
    """When the first row that nobody has is due, and when the first lease ends; None when there is none."""

    free: datetime | None
    lease_ends: datetime | None

    def has_due(self, now: datetime) -> bool:
        """Whether something may be taken that nobody has."""
        return self.free is not None and self.free <= now

    def has_strays(self, now: datetime) -> bool:
        """Whether a lease ended before anybody said what became of the row."""
        return self.lease_ends is not None and self.lease_ends < now

    @property
    def next_due(self) -> datetime | None:
        """When the next row may be taken, at the latest when the lease on it ends."""
        return min((moment for moment in self if moment is not None), default=None)


class Queue:
    """The statements of a table. Leases stand on rows that are queued and on no others: what is asked about the few
    that somebody has is answered from their own index, if they have one, and what is asked about the rest ends at the
    first row. A backlog of a hundred thousand letters costs as much as one of ten.
    """

    def __init__(self, table: Any, columns: Sequence[Field], *, leases_indexed: bool) -> None:
        """``columns`` are those of claimed rows, ``id`` among them. Where leases have no index of their own, they are
        looked for among what is queued.
        """
        self._table = table
        among = () if leases_indexed else (table.state == QUEUED,)
        free = ((table.state == QUEUED), table.lease_until.is_null())
        self._free = _claiming(table, columns, lambda now: (*free, table.next_attempt_at <= now))
        self._strays = _claiming(table, columns, lambda now: (*among, table.lease_until < now))
        self._first_free, self._first_end = _first_free(table), _first_end(table, among)
        self.end = _ending(table)

    def claim(self, now: datetime, lease: timedelta, batch: int, *, strays: bool = True) -> list[Row]:
        """Take the rows that have been due longest, in the order of their ids; nobody else gets them before the lease
        ends. The attempt is counted.

        Without ``strays`` those are left alone whose lease ended under another sender.
        """
        with brief_transaction():
            return self.take(now, lease, batch, strays=strays)

    def take(self, now: datetime, lease: timedelta, batch: int, *, strays: bool) -> list[Row]:
        """The same in a transaction of the caller's."""
        taken = self._strays.rows(now, now + lease, batch) if strays else []
        if len(taken) < batch:
            taken += self._free.rows(now, now + lease, batch - len(taken))
        return sorted(taken, key=lambda row: row.id)

    def look(self) -> Look:
        """What waits, and what somebody has."""
        return Look(self._first_free.value(), self._first_end.value())

    def counts(self) -> dict[str, int]:
        """How many are queued, sent, dead."""
        table = self._table
        with translated():
            rows = table.select(table.state, fn.COUNT(SQL("*"))).group_by(table.state).tuples()
            return {QUEUED: 0, SENT: 0, DEAD: 0} | {str(name): int(count) for name, count in rows}


def _claiming(
    table: Any, columns: Sequence[Field], which: Callable[[datetime], Sequence[Any]]
) -> Prepared[[datetime, datetime, int]]:
    def take(now: datetime, until: datetime, most: int) -> Query:
        due = table.select(table.id).where(*which(now))
        due = due.order_by(table.next_attempt_at, table.id).limit(most)
        if database.for_update:
            due = due.for_update(skip_locked=True)
        taken = table.update(lease_until=until, attempts=table.attempts + 1)
        return taken.where(table.id.in_(due)).returning(*columns)

    return prepared(take)


def _first_free(table: Any) -> Prepared[[]]:
    def first_free() -> Query:
        free = table.select(table.next_attempt_at).where(table.state == QUEUED, table.lease_until.is_null())
        return free.order_by(table.next_attempt_at).limit(1)

    return prepared(first_free)


def _first_end(table: Any, among: Sequence[Any]) -> Prepared[[]]:
    def first_end() -> Query:
        held = table.select(table.lease_until).where(*among, table.lease_until.is_null(False))
        return held.order_by(table.lease_until).limit(1)

    return prepared(first_end)


def put_back(table: Any, number: int, attempt: int, **changes: object) -> None:
    """It was not taken, now. Of a row that another sender has meanwhile, or that had ended, nothing is changed: each
    claim counts an attempt.
    """
    with translated():
        table.update(lease_until=None, **changes).where(
            table.id == number, table.state == QUEUED, table.attempts == attempt
        ).execute()


def _ending(table: Any) -> Prepared[[int, str, str, datetime]]:
    """Sent or dead, for good (row, state, reply, when): changes no row that had ended already. Belongs into a
    transaction with what tells of it.
    """

    def end(number: int, state: str, reply: str, now: datetime) -> Query:
        ended = table.update(state=state, reply=reply, done_at=now, lease_until=None)
        return ended.where(table.id == number, table.state == QUEUED)

    return prepared(end)
