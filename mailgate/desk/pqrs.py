"""A PQRS and its legal clock: types, terms in business days, and what falls due when. Pure.

A term counts business days from the day after filing. What comes after closing time, or on a day off, counts as filed
on the next business day (``Rules.after_hours_next_day``). Terms are configuration: 15 days for petitions, 10 for
information and copies, 30 for consultations (Ley 1755 de 2015, art. 14), 15 for consumers' claims (Ley 1480 de 2011,
art. 58 num. 5). An extension must be told before the term ends, and reaches at most twice the term (Ley 1755, art. 14,
parágrafo); which law binds a company is its lawyer's word.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from mailgate.desk.worktime import Calendar, calendar_of
from mailgate.settings import Settings


class Type(enum.StrEnum):
    """What is asked; the words of the settings and of the store."""

    PETITION = "peticion"
    INFORMATION = "informacion"  # petición de información o de copias
    CONSULTATION = "consulta"
    COMPLAINT = "queja"  # about how somebody behaved
    CLAIM = "reclamo"  # about what was sold or done
    SUGGESTION = "sugerencia"
    PRAISE = "felicitacion"
    REPORT = "denuncia"  # only where the settings offer it


class Stage(enum.StrEnum):
    """What is told while nobody has answered, in order."""

    HALF = "half"
    DAYS_LEFT = "days-left"
    BREACH = "breach"


@dataclass(frozen=True, slots=True)
class Rules:
    """How this desk takes and counts PQRS."""

    calendar: Calendar
    terms: Mapping[Type, int]  # business days
    address: str = ""  # its own address, "" for none
    types: frozenset[Type] = frozenset(Type) - {Type.REPORT}
    after_hours_next_day: bool = True
    extension_limit: float = 2.0  # the longest term with its extension, as a multiple of the first
    reminders: tuple[int, ...] = (3, 1)  # business days before the last one
    same_matter: timedelta = timedelta(hours=1)  # so long, another mail on the matter is a comment


@dataclass(frozen=True, slots=True)
class Term:
    """The dates of one PQRS, in the desk's zone."""

    counts_from: date  # the day it counts as filed: the term begins on the business day after
    days: int
    due_on: date  # the last day to answer
    extendable_to: date  # no extension reaches beyond


@dataclass(frozen=True, slots=True)
class Due:
    """A stage and the moment from which it is told."""

    stage: Stage
    at: datetime
    days_left: int = 0  # business days


@dataclass(frozen=True, slots=True)
class PqrsFacts:
    """One PQRS as the store knows it."""

    id: int
    radicado: str
    type: Type
    ticket: int
    petitioner: str
    filed_at: datetime
    received_at: datetime
    term: Term
    doubtful: bool = False  # the type is a guess
    acknowledged: bool = True  # the address was known or verified: letters may go there by themselves
    extended_at: datetime | None = None
    extension_reason: str = ""
    answered_at: datetime | None = None
    intake_id: int | None = field(default=None)  # the mail that filed it

    @property
    def open(self) -> bool:
        """Whether its clock runs."""
        return self.answered_at is None


def rules_of(settings: Settings) -> Rules:
    """The rules that the settings describe."""
    chosen = settings.pqrs
    return Rules(
        calendar_of(settings),
        terms={Type(name): days for name, days in chosen.terms.items()},
        address=settings.desk.pqrs_address or "",
        types=frozenset(Type(name) for name in chosen.types),
        after_hours_next_day=chosen.after_hours_next_day,
        extension_limit=chosen.extension_limit,
        reminders=chosen.reminder_days,
        same_matter=timedelta(minutes=chosen.same_matter_minutes),
    )


def counts_from(received_at: datetime, rules: Rules) -> date:
    """The day on which something counts as filed."""
    calendar = rules.calendar
    day = calendar.day_of(received_at)
    if not rules.after_hours_next_day:
        return day
    if calendar.is_business_day(day) and calendar.closes_after(received_at):
        return day
    return calendar.add_business_days(day, 1)


def term_of(kind: Type, received_at: datetime, rules: Rules) -> Term:
    """The term of a PQRS that came at a moment."""
    first, days = counts_from(received_at, rules), rules.terms[kind]
    add = rules.calendar.add_business_days
    return Term(first, days, add(first, days), add(first, int(days * rules.extension_limit)))


def stages(facts: PqrsFacts, rules: Rules) -> list[Due]:
    """What is told of an open PQRS and when, in order of time.

    Reminders that were due before it was filed or extended are not among them; the breach always is.
    """
    calendar, term = rules.calendar, facts.term
    half = calendar.add_business_days(
        term.counts_from, calendar.business_days_between(term.counts_from, term.due_on) // 2
    )
    days = {half: Due(Stage.HALF, _morning(half, calendar), calendar.business_days_between(half, term.due_on))}
    for left in sorted(rules.reminders, reverse=True):
        day = calendar.add_business_days(term.due_on, -left)
        days[day] = Due(Stage.DAYS_LEFT, _morning(day, calendar), left)
    since = facts.extended_at or facts.filed_at
    reminders = [due for day, due in days.items() if due.at > since and term.counts_from < day <= term.due_on]
    midnight = datetime.combine(term.due_on + timedelta(days=1), time(), calendar.zone)
    return [*sorted(reminders, key=lambda due: due.at), Due(Stage.BREACH, midnight)]


def latest_due(facts: PqrsFacts, rules: Rules, now: datetime) -> Due | None:
    """The one stage to be told now: the latest that is due; what a jump of the clock missed stays untold."""
    if not facts.open:
        return None
    due = [stage for stage in stages(facts, rules) if stage.at <= now]
    return due[-1] if due else None


def _morning(day: date, calendar: Calendar) -> datetime:
    """When a day begins for those who work."""
    spans = calendar.open_spans(day)
    return spans[0][0] if spans else datetime.combine(day, time(8), calendar.zone)
