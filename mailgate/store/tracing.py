"""What became of one mail, whatever that was: its way from the door to the last letter that it caused.

All verbs expect an open connection of their thread and raise StoreUnavailable when the engine cannot serve.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mailgate.store.base import translated
from mailgate.store.models import Event, Intake, Outgoing


def recent(*, author: str = "", outcome: str = "", limit: int = 50) -> list[dict[str, Any]]:
    """Mails as plain values, the newest first; of one author, with one outcome ("pending" for none yet)."""
    with translated():
        query = Intake.select().order_by(Intake.id.desc()).limit(limit)
        if author:
            query = query.where((Intake.author == author) | (Intake.sender == author))
        if outcome:
            query = query.where(Intake.outcome == ("" if outcome == "pending" else outcome))
        return [_values(row) for row in query]


def trace(named: str) -> list[dict[str, Any]]:
    """The mails with this number, or with this Message-ID, each with its letters and its lines of the trail."""
    with translated():
        number = int(named) if named.isascii() and named.isdigit() else 0
        bare = named.strip("<>")
        same = (Intake.id == number) if number else Intake.message_id.in_([named, f"<{bare}>", bare])
        return [_whole(row) for row in Intake.select().where(same).order_by(Intake.id)]


def _whole(row: Intake) -> dict[str, Any]:
    letters = Outgoing.select().where(Outgoing.cause == row.id).order_by(Outgoing.id)
    events = Event.select().where(Event.intake == row.id).order_by(Event.id)
    return _values(row) | {
        "letters": [_letter(letter) for letter in letters],
        "trail": [
            {"at": event.at.isoformat(), "actor": event.actor, "what": event.what, "why": event.why} for event in events
        ],
    }


def _values(row: Intake) -> dict[str, Any]:
    return {
        "id": row.id,
        "received_at": row.received_at.isoformat(),
        "channel": row.channel,
        "peer": row.peer,
        "arrivals": row.arrivals,
        "from": row.author,
        "envelope": {"sender": row.sender, "recipients": list(row.recipients)},
        "subject": row.subject,
        "message_id": row.message_id,
        "kind": row.kind,
        "outcome": row.outcome or "pending",
        "reason": row.reason,
        "attempts": row.attempts,
        "ticket": row.ticket_id,
        "released_by": row.released_by,
        "processed_at": _iso(row.processed_at),
        "sha256": row.digest,
    }


def _letter(row: Outgoing) -> dict[str, Any]:
    return {
        "id": row.id,
        "letter": row.letter,
        "recipient": row.recipient,
        "subject": row.subject,
        "message_id": row.message_id,
        "state": row.state,
        "attempts": row.attempts,
        "reply": row.reply,
        "done_at": _iso(row.done_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
