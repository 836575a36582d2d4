"""Short messages to mobiles: queued with their cause, claimed by one sender at a time, ended as sent or dead.

What became of each stands on its ticket's trail. Verbs raise StoreUnavailable when the engine cannot serve.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mailgate.store import audit, sending
from mailgate.store.base import transaction, translated
from mailgate.store.models import OptOut, TextMessage, Ticket
from mailgate.store.sending import DEAD as DEAD
from mailgate.store.sending import QUEUED as QUEUED
from mailgate.store.sending import SENT as SENT

_OF_TEXTS = (
    TextMessage.id, TextMessage.ticket, TextMessage.mobile, TextMessage.event, TextMessage.text, TextMessage.attempts,
    TextMessage.created_at,
)  # fmt: skip
_queue = sending.Queue(TextMessage, _OF_TEXTS, leases_indexed=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A message that this sender has, until its lease ends. ``attempts`` counts this one, from 1."""

    id: int
    ticket: int
    mobile: str
    event: str
    text: str
    attempts: int
    created_at: datetime


def queue(ticket: int, mobile: str, event: str, text: str, now: datetime, *, not_before: datetime, once: str) -> bool:
    """Put a message in the queue; False when what it says ``once`` was said already."""
    row = {
        "ticket": ticket, "mobile": mobile, "event": event, "text": text, "created_at": now,
        "next_attempt_at": not_before, "once": once,
    }  # fmt: skip
    with translated():
        inserted = (
            TextMessage.insert(row)
            .on_conflict(conflict_target=[TextMessage.once], action="IGNORE")
            .returning(TextMessage.id)
            .tuples()
            .execute()
        )
        return bool(list(inserted))


def queued_since(since: datetime, mobile: str) -> int:
    """How many messages were queued for a mobile since then."""
    with translated():
        return TextMessage.select().where(TextMessage.mobile == mobile, TextMessage.created_at >= since).count()


def claim(now: datetime, lease: timedelta, batch: int = 1) -> list[Text]:
    """Take the messages that have been due longest; nobody else gets them before the lease ends."""
    return [Text(*row) for row in _queue.claim(now, lease, batch)]


def record_later(text: Text, reply: str, next_attempt_at: datetime) -> None:
    """The service would not take it now."""
    sending.put_back(TextMessage, text.id, text.attempts, reply=reply, next_attempt_at=next_attempt_at)


def record_end(text: Text, state: str, reply: str, now: datetime) -> None:
    """Sent, or given up; the ticket's trail says so, with the service's words."""
    with transaction():
        if _queue.end.run(text.id, state, reply, now):
            why = f"{text.event} to {text.mobile}: {reply}"
            audit.append(
                text.ticket, f"sms-{state}", actor="mailgate", now=now, why=why, data={"attempts": text.attempts}
            )


def next_due() -> datetime | None:
    """When the next message that nobody has may be taken; None when none waits."""
    return _queue.look().next_due


def counts() -> dict[str, int]:
    """How many messages are queued, sent, dead."""
    return _queue.counts()


def of_ticket(ticket: int) -> list[dict[str, object]]:
    """The messages of a ticket, oldest first."""
    with translated():
        rows = TextMessage.select().where(TextMessage.ticket == ticket).order_by(TextMessage.id)
        return [
            {"at": row.created_at, "mobile": row.mobile, "event": row.event, "state": row.state, "reply": row.reply}
            for row in rows
        ]


def stop(address: str, now: datetime) -> None:
    """This person wants no messages about their tickets; what waits for them is taken back."""
    OptOut.insert(address=address, at=now).on_conflict_ignore().execute()
    theirs = Ticket.select(Ticket.id).where(Ticket.requester == address)
    TextMessage.update(state=DEAD, reply="no longer wanted", done_at=now, lease_until=None).where(
        TextMessage.state == QUEUED, TextMessage.ticket.in_(theirs)
    ).execute()


def start(address: str) -> None:
    """And now wants them again."""
    OptOut.delete().where(OptOut.address == address).execute()


def has_stopped(address: str) -> bool:
    with translated():
        return bool(OptOut.select().where(OptOut.address == address).exists())
