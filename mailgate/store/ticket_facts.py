"""What the store knows of one ticket. Reads only."""

from __future__ import annotations

from peewee import fn

from mailgate.desk.facts import Status, TicketFacts
from mailgate.store import pqrs
from mailgate.store.models import Comment, Meeting, Participant, Pqrs, Ticket
from mailgate.store.prepared import Query, prepared


def ticket_facts(number: int) -> TicketFacts | None:
    """What is known of a ticket, None when there is none of this number."""
    row = _ticket.first(number)
    if row is None:
        return None
    return TicketFacts(
        number=row.id,
        status=Status(row.status),
        subject=row.subject,
        requester=row.requester,
        requester_name=row.requester_name,
        client_id=row.client_id,
        agent_id=row.agent_id,
        participants=frozenset({row.requester, *(_added_to.values(number) if row.joined else ())}),
        language=row.language,
        desk_address=row.desk_address,
        closed_at=row.closed_at,
        said=_said_on(row.id, row.subject) if row.status in (Status.SOLVED, Status.CLOSED) else "",
        pqrs=pqrs.of_ticket(row.id) if row.filed else None,
        meets=bool(row.meets),
        category=row.category,
        urgent=row.urgent,
        promised_at=row.promised_at if row.answered_at is None else None,
    )


@prepared
def _ticket(number: int) -> Query:
    joined = fn.EXISTS(Participant.select(Participant.id).where(Participant.ticket == Ticket.id))
    filed = fn.EXISTS(Pqrs.select(Pqrs.id).where(Pqrs.ticket == Ticket.id))
    meets = fn.EXISTS(Meeting.select(Meeting.id).where(Meeting.ticket == Ticket.id, ~Meeting.cancelled))
    found = Ticket.select(Ticket, joined.alias("joined"), filed.alias("filed"), meets.alias("meets"))
    return found.where(Ticket.id == number)


@prepared
def _added_to(number: int) -> Query:
    return Participant.select(Participant.address).where(Participant.ticket == number)


@prepared
def _public_words(number: int) -> Query:
    return Comment.select(Comment.text).where(Comment.ticket == number, Comment.public).order_by(Comment.id).limit(20)


def _said_on(number: int, subject: str) -> str:
    """The subject and the beginning of what was said in public."""
    return "\n".join([subject, *(text[:2000] for text in _public_words.values(number))])
