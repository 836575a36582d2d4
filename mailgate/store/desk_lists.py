"""Lists of tickets for agents: the queue, one's own, what waits since before today, a search, a client's. Reads only.

A search asks the full-text index of tickets: accents and endings are nothing to it, and it answers at once however many
tickets there are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from mailgate.desk.stems import terms
from mailgate.store.base import translated
from mailgate.store.desk_work import UNFINISHED
from mailgate.store.fulltext import TICKETS
from mailgate.store.models import AWAITING, URGENCY, Agent, Client, Contact, Ticket

MOST = 50  # tickets shown
MOST_WORDS = 8  # of a search
URGENT_FIRST = (Ticket.urgent.desc(), URGENCY, Ticket.opened_at)
LATEST_FIRST = (Ticket.updated_at.desc(),)


@dataclass(frozen=True, slots=True)
class Found:
    """Tickets for a list, and how many there are in all."""

    rows: list[dict[str, Any]]
    total: int


def queue() -> Found:
    """What waits for an answer of ours, the urgent first, the oldest first."""
    return _found(AWAITING)


def mine(agent_id: int) -> Found:
    """An agent's unfinished tickets."""
    return _found(Ticket.status.in_(UNFINISHED) & (Ticket.agent == agent_id))


def due(today: datetime) -> Found:
    """What waits for an answer of ours since before ``today`` began."""
    return _found(AWAITING, Ticket.updated_at < today)


def of_client(client_id: int) -> Found:
    return _found(Ticket.client == client_id, order=LATEST_FIRST)


def numbered(numbers: Collection[int]) -> Found:
    """These tickets, the urgent first."""
    return _found(Ticket.id.in_(list(numbers)))


def search(words: str) -> Found:
    """Tickets where every word occurs, or one that begins so: in the subject, the requester, or what was said.

    Of the newest; and words that begin so are looked for when few tickets have the very words.
    """
    wanted = [found for word in words.split()[:MOST_WORDS] if (found := terms(word))]
    if not wanted:
        return Found([], 0)
    with translated():
        numbers = TICKETS.having_all(wanted)
        if len(numbers) < MOST:  # few have the very words: those that have words which begin so
            numbers = TICKETS.having_all(wanted, beginning=True)
        latest = Ticket.select(Ticket.id).where(Ticket.id.in_(numbers)).order_by(*LATEST_FIRST).limit(MOST)
        return Found(_rows([number for (number,) in latest.tuples()]), len(numbers))


def client_card(licence: str) -> dict[str, Any] | None:
    """A client's id, name, licence, NIT and contacts; None when there is none."""
    with translated():
        row = Client.get_or_none(Client.licence == licence)
        if row is None:
            return None
        contacts = Contact.select(Contact.address).where(Contact.client == row.id).order_by(Contact.address).limit(MOST)
        return {
            "id": row.id,
            "name": row.name,
            "licence": row.licence,
            "nit": row.nit,
            "plan": row.plan,
            "mobile": row.mobile,
            "contacts": [address for (address,) in contacts.tuples()],
        }


def _found(*conditions: Any, order: tuple[Any, ...] = URGENT_FIRST) -> Found:
    """Which tickets is asked of the indexes alone; only those that are shown are read."""
    with translated():
        chosen = Ticket.select(Ticket.id).where(*conditions).order_by(*order).limit(MOST)
        numbers = [number for (number,) in chosen.tuples()]
        total = len(numbers) if len(numbers) < MOST else Ticket.select().where(*conditions).count()
        return Found(_rows(numbers), total)


def _rows(numbers: list[int]) -> list[dict[str, Any]]:
    """These tickets in this order."""
    rows = (
        Ticket.select(Ticket, Client, Agent)
        .join(Client, JOIN.LEFT_OUTER)
        .switch(Ticket)
        .join(Agent, JOIN.LEFT_OUTER)
        .where(Ticket.id.in_(numbers))
    )
    found = {row.id: _row(row) for row in rows}
    return [found[number] for number in numbers]


def _row(row: Ticket) -> dict[str, Any]:
    return {
        "number": row.id,
        "subject": row.subject,
        "status": row.status,
        "urgent": bool(row.urgent),
        "client": row.client.name if row.client else row.requester_name or row.requester,
        "agent": row.agent.name if row.agent else "",
        "updated_at": row.updated_at,
    }
