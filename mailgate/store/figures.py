"""The figures of the whole desk, for metrics, ``doctor`` and alerts: what waits, since when, whether it adds up.

Expects an open connection and raises StoreUnavailable. Cheap enough to be asked every few seconds: what is counted is
what waits; the rest comes from indexes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from peewee import SQL, fn

from mailgate.store import intake, outbox, quarantine
from mailgate.store.base import translated
from mailgate.store.models import Blob, Intake, Outgoing, Pqrs, Ticket


@dataclass(frozen=True, slots=True)
class Figures:
    """At one moment."""

    outcomes: dict[str, int]  # of all mails seen, those that wait as "pending"
    letters: dict[str, int]  # by state
    tickets: dict[str, int]  # by status
    oldest_mail: timedelta  # how long the oldest waiting mail has been due; zero when none is
    oldest_letter: timedelta
    quarantined: int
    quarantined_bytes: int
    held: int
    waiting: int  # both together: beyond their limits strangers' mail is put off
    waiting_bytes: int
    unexplained: int  # mails done without an outcome, or the other way round: a bug of ours
    pqrs_open: int
    pqrs_overdue: int
    pqrs_near: int  # due by ``due_by``, the overdue included


def gather(now: datetime, today: date, due_by: date | None = None) -> Figures:
    """``today`` is the desk's date, against which PQRS fall due."""
    outcomes = intake.outcomes()
    waiting_mails, waiting_bytes = quarantine.size()
    with translated():
        waiting = Intake.select(fn.MIN(Intake.received_at)).where(
            Intake.state == intake.PENDING, Intake.next_attempt_at <= now
        )
        queued = Outgoing.select(fn.MIN(Outgoing.next_attempt_at)).where(
            Outgoing.state == outbox.QUEUED, Outgoing.next_attempt_at <= now
        )
        size = (
            Intake.select(fn.COUNT(Intake.id), fn.SUM(Blob.size))
            .join(Blob, on=(Blob.digest == Intake.digest))
            .where(Intake.state == intake.QUARANTINED)
        )
        count, quarantined_bytes = size.tuples().get()
        statuses = Ticket.select(Ticket.status, fn.COUNT(SQL("*"))).group_by(Ticket.status).tuples()
        unanswered = Pqrs.select(fn.COUNT(Pqrs.id)).where(Pqrs.answered_at.is_null())
        return Figures(
            outcomes=outcomes,
            letters=outbox.counts(),
            tickets={str(status): int(number) for status, number in statuses},
            oldest_mail=_since(waiting.scalar(), now),
            oldest_letter=_since(queued.scalar(), now),
            quarantined=int(count),
            quarantined_bytes=int(quarantined_bytes or 0),
            waiting=waiting_mails,
            waiting_bytes=waiting_bytes,
            held=sum(number for name, number in outcomes.items() if name == "held"),
            unexplained=outcomes.get("", 0),
            pqrs_open=int(unanswered.scalar()),
            pqrs_overdue=int(unanswered.where(Pqrs.due_on < today).scalar()),
            pqrs_near=int(unanswered.where(Pqrs.due_on <= (due_by or today)).scalar()),
        )


def last_trace() -> datetime | None:
    """When the last mail came or the last letter was written, by the clock of then; None when there was none."""
    with translated():
        mail = Intake.select(Intake.received_at).order_by(Intake.id.desc()).limit(1).scalar()
        letter = Outgoing.select(Outgoing.created_at).order_by(Outgoing.id.desc()).limit(1).scalar()
    return max(filter(None, map(Intake.received_at.python_value, (mail, letter))), default=None)


def _since(moment: Any, now: datetime) -> timedelta:
    since = Intake.received_at.python_value(moment)
    return max(now - since, timedelta(0)) if since is not None else timedelta(0)
