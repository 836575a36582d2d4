"""Tickets whose first answer is owed, and the times it is promised for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from peewee import JOIN, fn

from mailgate.desk.promises import Owed
from mailgate.store.models import Client, Pqrs, Ticket
from mailgate.store.prepared import Query, Row, prepared

OWED = ("new", "open")
AT_ONCE = 500  # read at once
BEHIND = timedelta(days=30)  # what is later than that was told long ago


def owed(number: int) -> Owed | None:
    """What a ticket's promise is made of; None once it was answered, and for a PQRS, which has its legal term."""
    row = _owed_on.first(number)
    return _as_owed(row) if row else None


@prepared
def _owed_on(number: int) -> Query:
    return _owed(Ticket.id == number)


def due(now: datetime, until: datetime) -> Iterator[Owed]:
    """Tickets that wait for their first answer and whose promise ends by ``until``, or is over; the earliest first.

    A few at a time: a desk may owe a hundred thousand answers.
    """
    seen, last = now - BEHIND, 0
    while page := _page.rows(seen, last, until, AT_ONCE):
        yield from map(_as_owed, page)
        seen, last = page[-1].promised_at, page[-1].id


@prepared
def _page(seen: datetime, last: int, until: datetime, most: int) -> Query:
    later = (Ticket.promised_at > seen) | ((Ticket.promised_at == seen) & (Ticket.id > last))
    due = later & (Ticket.promised_at >= seen) & (Ticket.promised_at <= until)
    return _owed(due & Ticket.status.in_(OWED) & Ticket.merged_into.is_null()).limit(most)


def keep(number: int, at: datetime | None) -> None:
    """The promise made; None takes it back."""
    _keep.run(number, at)


@prepared
def _keep(number: int, at: datetime | None) -> Query:
    return Ticket.update(promised_at=at).where(Ticket.id == number)


def _owed(condition: object) -> Query:
    columns = (Ticket.id, Client.plan, Ticket.priority, Ticket.urgent, Ticket.opened_at, Ticket.promised_at)
    filed = Pqrs.select(Pqrs.id).where(Pqrs.ticket == Ticket.id)
    waiting = Ticket.select(*columns).join(Client, JOIN.LEFT_OUTER)
    waiting = waiting.where(condition, Ticket.answered_at.is_null(), ~fn.EXISTS(filed))
    return waiting.order_by(Ticket.promised_at, Ticket.id)


def _as_owed(row: Row) -> Owed:
    return Owed(row.id, row.plan or "", row.priority, bool(row.urgent), row.opened_at, row.promised_at)
