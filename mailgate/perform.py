"""Carrying out the effects of a decision, one case each. Everything here runs inside the mail's transaction."""

from __future__ import annotations

from datetime import datetime

from mailgate.desk.effects import Effect, Reject, Release
from mailgate.store import intake, tickets


def perform(effect: Effect, *, ticket: int | None, actor: str, now: datetime, intake_id: int | None) -> None:
    """Do one thing, and leave its line in the audit trail."""
    match effect:
        case Release(held, by):
            if intake.replay(held, now, released_by=by):
                tickets.record(ticket, "released", actor=actor, now=now, why=f"mail {held}", intake_id=intake_id)
        case Reject(held, by):
            if intake.reject(held, now, by=by):
                tickets.record(ticket, "rejected", actor=actor, now=now, why=f"mail {held}", intake_id=intake_id)
