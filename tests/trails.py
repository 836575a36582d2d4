"""What the audit trail must always tell, looked for after every story: a ticket's states, and each mail on it."""

from __future__ import annotations

from mailgate.store import audit
from mailgate.store.models import Comment, Event, Ticket


def find_gaps() -> list[str]:
    """Everything that happened to a ticket and stands in no line of its trail, in words; [] when there is nothing."""
    told = Event.select(Event.ticket).where(Event.ticket.is_null(False)).distinct()  # a test may put in rows by itself
    blank = Event.select(Event.ticket).where(Event.what == audit.FORGOTTEN, Event.ticket.is_null(False))
    tickets = Ticket.select().where(Ticket.id.in_(told), Ticket.id.not_in(blank))
    # A trail that a test has tampered with is for `audit.verify` to tell.
    return [gap for ticket in tickets if not audit.verify(ticket.id)[1] for gap in _gaps(ticket)]


def _gaps(ticket: Ticket) -> list[str]:
    lines = list(Event.select().where(Event.ticket == ticket.id).order_by(Event.id))
    gaps, status = [], "new"
    for line in lines:
        if line.what == "status":
            before, _, after = line.why.partition(" → ")
            if before != status:
                gaps.append(f"#{ticket.id} went from {status} to {before} without a line")
            status = after
    if status != ticket.status:
        gaps.append(f"#{ticket.id} is {ticket.status}, and its trail ends with {status}")
    told = {line.intake_id for line in Event.select(Event.intake)}
    silent = [
        row.id for row in Comment.select().where(Comment.ticket == ticket.id) if row.intake_id not in told | {None}
    ]
    gaps += [f"#{ticket.id} has the comment {number}, whose mail is in no line" for number in silent]
    gaps += [f"#{ticket.id}: nobody did {line.what}" for line in lines if not line.actor]
    return gaps
