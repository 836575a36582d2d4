"""What the report of a month is made from: every PQRS, ticket and rating of some months, as values. Reads only."""

from __future__ import annotations

from datetime import datetime

from peewee import JOIN

from mailgate.desk.pqrs import Type
from mailgate.desk.report import Case, Stars, TicketCase
from mailgate.store.base import translated
from mailgate.store.models import Client, Pqrs, Rating, Ticket


def cases(since: datetime, until: datetime) -> list[Case]:
    """The PQRS that were filed before ``until`` and not answered before ``since``."""
    query = (
        Pqrs.select(Pqrs, Ticket, Client)
        .join(Ticket)
        .join(Client, JOIN.LEFT_OUTER)
        .where(Pqrs.filed_at < until, Pqrs.answered_at.is_null() | (Pqrs.answered_at >= since))
        .order_by(Pqrs.radicado)
    )
    with translated():
        return [
            Case(
                row.radicado, Type(row.type), row.ticket.subject, row.ticket.category,
                row.ticket.client.name if row.ticket.client else "", row.filed_at, row.counts_from, row.days,
                row.due_on, row.extended_at, row.extension_reason, row.answered_at,
            )
            for row in query
        ]  # fmt: skip


def tickets(since: datetime, until: datetime) -> list[TicketCase]:
    """The tickets that were opened before ``until`` and not closed before ``since``; none that joined another."""
    query = Ticket.select(Ticket.opened_at, Ticket.answered_at, Ticket.closed_at).where(
        Ticket.opened_at < until,
        Ticket.merged_into.is_null(),
        Ticket.closed_at.is_null() | (Ticket.closed_at >= since),
    )
    with translated():
        return [TicketCase(row.opened_at, row.answered_at, row.closed_at) for row in query.iterator()]


def ratings(since: datetime, until: datetime) -> list[Stars]:
    with translated():
        query = Rating.select(Rating.at, Rating.stars).where(Rating.at >= since, Rating.at < until)
        return [Stars(row.at, row.stars) for row in query]


def anything_before(moment: datetime) -> bool:
    """Whether the desk had a ticket by then."""
    with translated():
        return bool(Ticket.select().where(Ticket.opened_at < moment).exists())
