"""Tickets whose first answer is owed, and the times it is promised for."""

from __future__ import annotations

from datetime import datetime, timedelta

from peewee import JOIN

from mailgate.desk.promises import Owed
from mailgate.store.base import translated
from mailgate.store.models import Client, Pqrs, Ticket

OWED = ("new", "open")
AHEAD = timedelta(days=20)  # the longest closed time that a reminder has to look over
BEHIND = timedelta(days=30)  # what is later than that was told long ago


def owed(number: int) -> Owed | None:
    """What a ticket's promise is made of; None once it was answered, and for a PQRS, which has its legal term."""
    found = _owed(Ticket.id == number)
    return found[0] if found else None


def due(now: datetime) -> list[Owed]:
    """Tickets that wait for their first answer and whose promise is near or over."""
    near = Ticket.promised_at.between(now - BEHIND, now + AHEAD)
    return _owed(near & Ticket.status.in_(OWED) & Ticket.merged_into.is_null())


def keep(number: int, at: datetime | None) -> None:
    """The promise made; None takes it back."""
    Ticket.update(promised_at=at).where(Ticket.id == number).execute()


def _owed(condition: object) -> list[Owed]:
    with translated():
        rows = (
            Ticket.select(Ticket, Client)
            .join(Client, JOIN.LEFT_OUTER)
            .where(condition, Ticket.answered_at.is_null(), Ticket.id.not_in(Pqrs.select(Pqrs.ticket)))
            .order_by(Ticket.promised_at, Ticket.id)
        )
        return [
            Owed(
                row.id, row.client.plan if row.client else "", row.priority, bool(row.urgent), row.opened_at,
                row.promised_at,
            )
            for row in rows
        ]  # fmt: skip
