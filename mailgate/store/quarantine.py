"""The mails that wait for a person: quarantined (could not be understood) and held (nobody knows the sender).

All verbs expect an open connection of their thread and raise StoreUnavailable when the engine cannot serve.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from peewee import fn

from mailgate.desk.decision import Outcome
from mailgate.store import audit
from mailgate.store.base import transaction, translated
from mailgate.store.intake import DONE, HELD, QUARANTINED, raw_of
from mailgate.store.models import Blob, Intake


def waiting(state: str, limit: int = 100) -> list[dict[str, Any]]:
    """Mails in a state ("quarantined", "held") as plain values, newest first."""
    with translated():
        rows = (
            Intake.select(Intake, Blob.size)
            .join(Blob, on=(Blob.digest == Intake.digest))
            .where(Intake.state == state)
            .order_by(Intake.id.desc())
            .limit(limit)
        )
        return [_values(row, row.blob.size) for row in rows]


def size() -> tuple[int, int]:
    """(mails, octets) that wait for a person, held and quarantined together."""
    with translated():
        row = (
            Intake.select(fn.COUNT(Intake.id), fn.COALESCE(fn.SUM(Blob.size), 0))
            .join(Blob, on=(Blob.digest == Intake.digest))
            .where(Intake.state.in_([QUARANTINED, HELD]))
            .tuples()
            .get()
        )
    return int(row[0]), int(row[1])


def find(state: str, intake_id: int) -> tuple[dict[str, Any], bytes] | None:
    """One mail in that state with its raw bytes; None when there is none."""
    with translated():
        row = Intake.get_or_none(Intake.id == intake_id, Intake.state == state)
        if row is None:
            return None
        raw = raw_of(row.digest)
        return _values(row, len(raw)), raw


def refuse(state: str, intake_id: int, actor: str, now: datetime) -> bool:
    """End the wait without doing anything: the mail counts as refused, its bytes stay. False when it does not wait."""
    with transaction():
        changed = (
            Intake.update(state=DONE, outcome=Outcome.REFUSED.value, processed_at=now)
            .where(Intake.id == intake_id, Intake.state == state)
            .execute()
        )
        if changed:
            audit.append(None, "rejected", actor=actor, now=now, why=f"was {state}", intake_id=intake_id)
    return bool(changed)


def _values(row: Intake, size: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "received_at": row.received_at.isoformat(),
        "channel": row.channel,
        "from": row.author,
        "envelope": {"sender": row.sender, "recipients": list(row.recipients)},
        "subject": row.subject,
        "message_id": row.message_id,
        "kind": row.kind,
        "reason": row.reason,
        "attempts": row.attempts,
        "size": size,
        "sha256": row.digest,
    }
