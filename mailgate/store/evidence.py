"""All that the store holds about one PQRS, as the parts of a file of evidence. Reads only; bytes are as they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailgate.store.base import translated
from mailgate.store.blobs import BlobGone
from mailgate.store.intake import raw_of
from mailgate.store.models import Event, Intake, Outgoing


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that came, byte for byte."""

    id: int
    at: datetime
    author: str
    raw: bytes
    outcome: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter, byte for byte, and what became of it."""

    id: int
    at: datetime
    letter: str
    recipient: str
    raw: bytes
    state: str
    done_at: datetime | None
    attempts: int
    reply: str


def mails_of(ticket: int) -> list[Mail]:
    """Every mail of a ticket, in the order they came; without bytes those that were purged before it was a PQRS."""
    with translated():
        rows = Intake.select().where(Intake.ticket == ticket).order_by(Intake.id)
        return [Mail(row.id, row.received_at, row.author, _kept(row.digest), row.outcome) for row in rows]


def _kept(digest: str) -> bytes:
    try:
        return raw_of(digest)
    except BlobGone:
        return b""


def letters_of(ticket: int) -> list[Sent]:
    """Every letter of a ticket, in the order they were written; without bytes those that were purged."""
    with translated():
        rows = Outgoing.select().where(Outgoing.ticket == ticket).order_by(Outgoing.id)
        return [
            Sent(row.id, row.created_at, row.letter, row.recipient, bytes(row.raw), row.state, row.done_at,
                 row.attempts, row.reply)
            for row in rows
        ]  # fmt: skip


def timeline_of(ticket: int) -> list[dict[str, Any]]:
    """The audit trail of a ticket with its chain, plain values."""
    with translated():
        rows = Event.select().where(Event.ticket == ticket).order_by(Event.id)
        return [
            {
                "id": row.id, "at": row.at.isoformat(), "actor": row.actor, "what": row.what, "why": row.why,
                "mail": row.intake_id, "data": row.data, "prev": row.prev, "hash": row.hash,
            }
            for row in rows
        ]  # fmt: skip
