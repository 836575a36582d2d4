"""Making the promise of a first answer, and making it anew when the ticket's urgency or client changes."""

from __future__ import annotations

from datetime import datetime

from mailgate.desk import effects as do
from mailgate.desk.decision import Decision, Outcome
from mailgate.desk.promises import promise
from mailgate.settings import Settings
from mailgate.store import promises, tickets

_CHANGES = (do.SetUrgent, do.SetPriority, do.SetClient, do.FilePqrs)


def keep_promise(
    settings: Settings, decision: Decision, number: int | None, now: datetime, *, actor: str, intake_id: int | None
) -> None:
    """Promise what a mail's decision calls for. Belongs after its effects, into its transaction."""
    changed = any(isinstance(effect, _CHANGES) for effect in decision.effects)
    if number is None or not (decision.outcome is Outcome.TICKET or changed):
        return
    owed = promises.owed(number)
    if owed is None:  # answered, or a PQRS, whose term is the law's
        if any(isinstance(effect, do.FilePqrs) for effect in decision.effects):
            promises.keep(number, None)
        return
    made = promise(settings, owed, now)
    if (made.at if made else None) == owed.promised_at:
        return
    promises.keep(number, made.at if made else None)
    why = f"{made.at.isoformat(timespec='minutes')} ({made.why})" if made else "nothing"
    tickets.record(number, "promised", actor=actor, now=now, why=why, intake_id=intake_id)
