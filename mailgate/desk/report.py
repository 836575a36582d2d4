"""The figures of a month: what was filed, answered and left open, against its terms and the month before. Pure.

Everything is as it stood when the month ended (for a month that still runs: now), so that the same report comes out
whenever it is asked for; an answer or an extension of later counts later. What a month had to do with is what it found
open and what was filed in it, and each of these ends in exactly one state, so that the sums agree:

    found open + filed = answered on time + answered late + open within the term + overdue

Days are business days after the day that counts as filing, as the term counts them. A type corrected afterwards is
counted as what it is.
"""

from __future__ import annotations

import enum
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from mailgate.desk.folding import folded
from mailgate.desk.pqrs import Type
from mailgate.desk.pqrs_words import matter_of
from mailgate.desk.worktime import Calendar

TREND = 6  # months shown beside each other
MOST_MATTERS = 10


class State(enum.StrEnum):
    """How a PQRS ended a month."""

    ON_TIME = "on-time"
    LATE = "late"
    OPEN = "open"  # within its term
    OVERDUE = "overdue"


class Month(NamedTuple):
    """A calendar month: ``Month(2026, 10)``."""

    year: int
    month: int

    def shifted(self, months: int) -> Month:
        years, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(years, month + 1)

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Case:
    """What the report needs of one PQRS."""

    radicado: str
    type: Type
    subject: str
    category: str  # "" for none
    client: str  # its name, "" for who is none
    filed_at: datetime
    counts_from: date
    days: int  # of its term
    due_on: date
    extended_at: datetime | None = None
    extension_reason: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketCase:
    """What the report needs of one ticket."""

    opened_at: datetime
    answered_at: datetime | None = None  # first answer
    closed_at: datetime | None = None


class Stars(NamedTuple):
    at: datetime
    stars: int


@dataclass(frozen=True, slots=True)
class Line:
    """One PQRS of the month, as it stood at its end."""

    case: Case
    state: State
    due_on: date
    days: int  # to the answer, or until the month's end
    term: int  # days that there were, an extension's too
    filed_now: bool  # in this month, and not found open

    @property
    def answered(self) -> bool:
        return self.state in (State.ON_TIME, State.LATE)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over some lines."""

    found_open: int
    filed: int
    on_time: int
    late: int
    open: int
    overdue: int
    days: tuple[int, ...]  # of each answer

    @property
    def total(self) -> int:
        return self.found_open + self.filed

    @property
    def answered(self) -> int:
        return self.on_time + self.late

    @property
    def unanswered(self) -> int:
        return self.open + self.overdue

    @property
    def average_days(self) -> float | None:
        return sum(self.days) / len(self.days) if self.days else None

    @property
    def punctuality(self) -> float | None:
        """The part answered on time of what was answered or fell due, 0 to 1."""
        due = self.answered + self.overdue
        return self.on_time / due if due else None


@dataclass(frozen=True, slots=True)
class Desk:
    """The tickets of a month, PQRS among them, and what people thought of the service."""

    opened: int
    answered: int  # for the first time
    closed: int
    open: int  # when the month ended
    hours: float | None  # opening hours to the first answer, on average
    stars: tuple[int, ...]

    @property
    def satisfaction(self) -> float | None:
        return sum(self.stars) / len(self.stars) if self.stars else None


@dataclass(frozen=True, slots=True)
class Extension:
    radicado: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the report of a month tells."""

    month: Month
    until: datetime  # the moment it tells of
    lines: tuple[Line, ...]
    all: Tally
    before: Tally  # the month before
    by_type: dict[str, Tally]
    by_category: dict[str, Tally]  # "" for none
    by_client: dict[str, Tally]  # "" for who is none
    matters: tuple[tuple[str, int], ...]  # what several of them were about, the most frequent first
    extensions: tuple[Extension, ...]
    desk: Desk
    desk_before: Desk
    trend: tuple[tuple[Month, Tally], ...] = field(default=())  # the last months, this one at the end

    @property
    def empty(self) -> bool:
        """No PQRS was there to do anything with."""
        return not self.lines


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def span(month: Month, calendar: Calendar) -> tuple[datetime, datetime]:
    """[first moment, first moment of the next month), in the desk's zone."""
    first, last = (datetime.combine(m.first, time(), calendar.zone) for m in (month, month.shifted(1)))
    return first, last


def window(month: Month, calendar: Calendar) -> tuple[datetime, datetime]:
    """The time of which a report of this month needs to know."""
    return span(month.shifted(1 - TREND), calendar)[0], span(month, calendar)[1]


def make_report(
    month: Month,
    cases: Sequence[Case],
    tickets: Sequence[TicketCase],
    ratings: Sequence[Stars],
    calendar: Calendar,
    now: datetime,
) -> Report:
    """The report of a month, out of everything that ``window`` names."""
    lines = lines_of(month, cases, calendar, now)
    months = [month.shifted(n) for n in range(1 - TREND, 1)]
    tallies = [(one, tally(lines_of(one, cases, calendar, now))) for one in months]
    start, end = span(month, calendar)
    return Report(
        month,
        min(end, now),
        lines,
        all=tallies[-1][1],
        before=tallies[-2][1],
        by_type=_grouped(lines, lambda line: line.case.type.value),
        by_category=_grouped(lines, lambda line: line.case.category),
        by_client=_grouped(lines, lambda line: line.case.client),
        matters=_matters(line for line in lines if line.filed_now),
        extensions=tuple(
            Extension(case.radicado, case.due_on, case.extension_reason)
            for case in cases
            if case.extended_at and start <= case.extended_at < min(end, now)
        ),
        desk=_desk(month, tickets, ratings, calendar, now),
        desk_before=_desk(month.shifted(-1), tickets, ratings, calendar, now),
        trend=tuple(tallies),
    )


def lines_of(month: Month, cases: Iterable[Case], calendar: Calendar, now: datetime) -> tuple[Line, ...]:
    """The PQRS that a month had to do with, by radicado."""
    start, end = span(month, calendar)
    until = min(end, now)
    theirs = [case for case in cases if case.filed_at < until and not (case.answered_at and case.answered_at < start)]
    return tuple(_line(case, start, until, calendar) for case in sorted(theirs, key=lambda case: case.radicado))


def _line(case: Case, start: datetime, until: datetime, calendar: Calendar) -> Line:
    answered = case.answered_at if case.answered_at and case.answered_at < until else None
    due_on = case.due_on
    if case.extended_at and case.extended_at >= until:
        due_on = calendar.add_business_days(case.counts_from, case.days)
    day = calendar.day_of(answered or until)
    if answered:
        state = State.ON_TIME if day <= due_on else State.LATE
    else:
        state = State.OPEN if day <= due_on else State.OVERDUE
        day = calendar.day_of(until - timedelta(microseconds=1))
    days = max(0, calendar.business_days_between(case.counts_from, day))
    term = calendar.business_days_between(case.counts_from, due_on)
    return Line(case, state, due_on, days, term, filed_now=case.filed_at >= start)


def tally(lines: Iterable[Line]) -> Tally:
    lines = list(lines)
    states = Counter(line.state for line in lines)
    filed = sum(line.filed_now for line in lines)
    return Tally(
        found_open=len(lines) - filed,
        filed=filed,
        on_time=states[State.ON_TIME],
        late=states[State.LATE],
        open=states[State.OPEN],
        overdue=states[State.OVERDUE],
        days=tuple(line.days for line in lines if line.answered),
    )


def _grouped(lines: Iterable[Line], key: Callable[[Line], str]) -> dict[str, Tally]:
    """Tallies by key, the largest first."""
    ordered = sorted(lines, key=key)
    groups = {name: tally(group) for name, group in itertools.groupby(ordered, key)}
    return dict(sorted(groups.items(), key=lambda item: (-item[1].total, item[0])))


def _matters(lines: Iterable[Line]) -> tuple[tuple[str, int], ...]:
    """What the subjects say, counted without accents and capitals, told as the first of them wrote it."""
    told: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for line in lines:
        subject = line.case.subject.partition(" · ")[2] or line.case.subject
        matter = matter_of(subject) or folded(subject)
        if matter and matter != folded(line.case.radicado):
            told.setdefault(matter, subject)
            counts[matter] += 1
    return tuple((told[matter], count) for matter, count in counts.most_common(MOST_MATTERS))


def _desk(
    month: Month, tickets: Iterable[TicketCase], ratings: Iterable[Stars], calendar: Calendar, now: datetime
) -> Desk:
    start, end = span(month, calendar)
    until = min(end, now)
    known = [ticket for ticket in tickets if ticket.opened_at < until]
    answered = [ticket for ticket in known if ticket.answered_at and start <= ticket.answered_at < until]
    hours = [
        calendar.open_time_between(ticket.opened_at, ticket.answered_at) / timedelta(hours=1)
        for ticket in answered
        if ticket.answered_at
    ]
    return Desk(
        opened=sum(ticket.opened_at >= start for ticket in known),
        answered=len(answered),
        closed=sum(bool(ticket.closed_at and start <= ticket.closed_at < until) for ticket in known),
        open=sum(ticket.closed_at is None or ticket.closed_at >= until for ticket in known),
        hours=sum(hours) / len(hours) if hours else None,
        stars=tuple(rating.stars for rating in ratings if start <= rating.at < until),
    )
