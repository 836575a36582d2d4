"""Tickets whose first answer is owed, and the times it is promised for."""

from __future__ import annotations

from datetime import datetime, timedelta

from peewee import JOIN, fn

from mailgate.desk.promises import Owed
from mailgate.store.base import translated
from mailgate.store.models import Client, Pqrs, Ticket
from mailgate.store.prepared import Query, Row, prepared

OWED = ("new", "open")
AHEAD = timedelta(days=20)  # the longest closed time that a reminder has to look over
BEHIND = timedelta(days=30)  # what is later than that was told long ago


def owed(number: int) -> Owed | None:
    """What a ticket's promise is made of; None once it was answered, and for a PQRS, which has its legal term."""
    row = _owed_on.first(number)
    return _as_owed(row) if row else None


@prepared
def _owed_on(number: int) -> Query:
    return _owed(Ticket.id == number)


def due(now: datetime) -> list[Owed]:
    """Tickets that wait for their first answer and whose promise is near or over."""
    near = Ticket.promised_at.between(now - BEHIND, now + AHEAD)
    with translated():
        waiting = _owed(near & Ticket.status.in_(OWED) & Ticket.merged_into.is_null())
        return [_as_owed(row) for row in waiting.namedtuples()]


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
