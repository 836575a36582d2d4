"""A ticket's file for whoever asks for its state: what was answered, done, and met, each with its count. Reads only.

Internal notes are no part of it. Plain values; the most recent comes first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import JOIN

from mailgate.store.base import translated
from mailgate.store.models import Agent, Comment, Meeting, Rating, Service, Ticket

MOST_LISTED = 30  # tickets of a list


def ticket_file(number: int) -> dict[str, Any]:
    """``opened_at``, ``updated_at``, ``closed_at``, ``agent_name``, ``category``, ``urgent``, and three sections."""
    with translated():
        row = Ticket.get_by_id(number)
        return {
            "opened_at": row.opened_at,
            "updated_at": row.updated_at,
            "closed_at": row.closed_at,
            "agent_name": row.agent.name if row.agent else "",
            "category": row.category,
            "urgent": bool(row.urgent),
            "answers": _answers(number),
            "services": _services(number),
            "meetings": _meetings(number),
        }


def _answers(number: int) -> list[dict[str, Any]]:
    rows = Comment.select().where(Comment.ticket == number, Comment.public).order_by(Comment.id.desc())
    return [{"at": row.at, "who": row.author_name or row.author, "role": row.role, "text": row.text} for row in rows]


def _services(number: int) -> list[dict[str, Any]]:
    rows = _with_agent(Service, number).order_by(Service.id.desc())
    return [
        {"at": row.at, "who": row.agent.name if row.agent else "", "minutes": row.minutes, "text": row.text}
        for row in rows
    ]


def _meetings(number: int) -> list[dict[str, Any]]:
    rows = _with_agent(Meeting, number).order_by(Meeting.starts_at.desc())
    return [
        {
            "at": row.starts_at,
            "who": row.agent.name if row.agent else "",
            "minutes": row.minutes,
            "text": row.text,
            "cancelled": bool(row.cancelled),
        }
        for row in rows
    ]


def _with_agent(table: Any, number: int) -> Any:
    """What stands on a ticket and who did it, in one reading."""
    return table.select(table, Agent).join(Agent, JOIN.LEFT_OUTER).where(table.ticket == number)


def tickets_of(address: str, client_id: int | None) -> list[dict[str, Any]]:
    """The tickets that a contact may follow: their own and their client's; those that go on first, latest first."""
    theirs = Ticket.requester == address
    if client_id is not None:
        theirs |= Ticket.client == client_id
    with translated():
        rows = (
            Ticket.select()
            .where(theirs, Ticket.merged_into.is_null())
            .order_by(Ticket.status.in_(["solved", "closed"]), Ticket.updated_at.desc())
            .limit(MOST_LISTED)
        )
        return [
            {"number": row.id, "subject": row.subject, "status": row.status, "updated_at": row.updated_at}
            for row in rows
        ]


def rate(number: int, address: str, stars: int, now: datetime) -> None:
    """Keep somebody's stars; their last word counts."""
    Rating.delete().where(Rating.ticket == number, Rating.address == address).execute()
    Rating.create(ticket=number, address=address, stars=stars, at=now)


def waiting() -> list[tuple[int, datetime]]:
    """Every ticket that waits for its client, and since when nothing has happened on it."""
    with translated():
        rows = Ticket.select(Ticket.id, Ticket.updated_at).where(Ticket.status == "waiting").order_by(Ticket.id)
        return [(row.id, row.updated_at) for row in rows]
