"""The figures of a month as tables of words: one document that the letter, the PDF and the spreadsheet all show.

A ``Table`` has typed cells (numbers stay numbers in the spreadsheet); ``shown`` gives a cell as its reader's language
writes it. What is left out of a letter for its length is said, and is in the spreadsheet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from mailgate.desk.pqrs import Type
from mailgate.desk.report import Desk, Line, Month, Report, State, Tally
from mailgate.letters.filters import locale_of

Cell = int | float | str | date | None
MOST_ROWS = 25  # of a table in a letter or a PDF


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    title: str
    columns: tuple[tuple[str, bool], ...]  # (heading, whether its cells are numbers)
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    wide: int = 0  # the column that gets the room which the others leave

    def short(self, most: int) -> Table:
        return Table(self.key, self.title, self.columns, self.rows[:most], self.total, self.wide)


@dataclass(frozen=True, slots=True)
class Tongue:
    """What words are made with: the catalogue's table ``report``, the types' names, the language, the terms."""

    words: Mapping[str, Any]
    types: Mapping[str, str]
    language: str
    terms: Mapping[Type, int]
    day_of: Callable[[datetime], date]

    def column(self, key: str, number: bool = False) -> tuple[str, bool]:
        return self.words["columns"][key], number

    def columns(self, *keys: str) -> tuple[tuple[str, bool], ...]:
        return tuple(self.column(key, key in NUMBERS) for key in keys)

    def title(self, key: str) -> str:
        return str(self.words["sections"][key])

    def month(self, month: Month) -> str:
        return str(format_date(month.first, self.words["month"], locale=locale_of(self.language)))

    def short_month(self, month: Month) -> str:
        return str(format_date(month.first, "MMM y", locale=locale_of(self.language)))


NUMBERS = {
    "now", "before", "change", "found_open", "filed", "on_time", "late", "open", "overdue", "average", "term",
    "days", "count", "answered",
}  # fmt: skip
COUNTS = ("found_open", "filed", "on_time", "late", "open", "overdue")


def shown(cell: Cell, language: str) -> str:
    """A cell as text."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return str(format_decimal(cell, "#,##0.0", locale=locale_of(language)))
    if isinstance(cell, date):
        return str(format_date(cell, "d MMM y", locale=locale_of(language)))
    return str(cell)


def tables(report: Report, tongue: Tongue) -> list[Table]:
    """All tables in their order; those of PQRS only when there were any."""
    own = [
        _types(report, tongue),
        _attention(report, tongue),
        _groups("categories", "category", report.by_category, tongue.words["no_category"], tongue),
        _groups("clients", "client", report.by_client, tongue.words["no_client"], tongue),
        _matters(report, tongue),
        _extensions(report, tongue),
    ]
    return [_summary(report, tongue), *([] if report.empty else own), _trend(report, tongue), _desk(report, tongue)]


def _summary(report: Report, tongue: Tongue) -> Table:
    measures: dict[str, Callable[[Tally], float | int | None]] = {
        "filed": lambda t: t.filed,
        "answered": lambda t: t.answered,
        "punctuality": lambda t: None if t.punctuality is None else 100 * t.punctuality,
        "average": lambda t: t.average_days,
        "unanswered": lambda t: t.unanswered,
        "overdue": lambda t: t.overdue,
    }
    rows = [_compared(tongue, key, of(report.all), of(report.before)) for key, of in measures.items()]
    return _comparison("summary", rows, tongue)


def _desk(report: Report, tongue: Tongue) -> Table:
    measures: dict[str, Callable[[Desk], float | int | None]] = {
        "tickets_opened": lambda d: d.opened,
        "tickets_answered": lambda d: d.answered,
        "tickets_hours": lambda d: d.hours,
        "tickets_closed": lambda d: d.closed,
        "tickets_open": lambda d: d.open,
        "stars_count": lambda d: len(d.stars),
        "stars": lambda d: d.satisfaction,
    }
    rows = [_compared(tongue, key, of(report.desk), of(report.desk_before)) for key, of in measures.items()]
    return _comparison("desk", rows, tongue)


def _comparison(key: str, rows: Sequence[tuple[Cell, ...]], tongue: Tongue) -> Table:
    return Table(key, tongue.title(key), tongue.columns("what", "now", "before", "change"), tuple(rows))


def _compared(tongue: Tongue, key: str, now: float | None, before: float | None) -> tuple[Cell, ...]:
    """A measure, what it was, and the change with its sign."""
    change = None if now is None or before is None else now - before
    told: Cell = None
    if change is not None:
        size = shown(abs(change), tongue.language)
        told = f"+{size}" if change > 0 else f"−{size}" if change < 0 else "="
    return tongue.words["measures"][key], now, before, told


def _counts(tally: Tally) -> tuple[Cell, ...]:
    return tally.found_open, tally.filed, tally.on_time, tally.late, tally.open, tally.overdue


def _types(report: Report, tongue: Tongue) -> Table:
    rows = [
        (tongue.types[name], *_counts(tally), tally.average_days, tongue.terms.get(Type(name)))
        for name, tally in report.by_type.items()
    ]
    total = (tongue.words["total"], *_counts(report.all), report.all.average_days, None)
    columns = tongue.columns("type", *COUNTS, "average", "term")
    return Table("types", tongue.title("types"), columns, tuple(rows), total)


def _groups(key: str, column: str, groups: Mapping[str, Tally], nobody: str, tongue: Tongue) -> Table:
    rows = [(name or nobody, *_counts(tally), tally.average_days) for name, tally in groups.items()]
    return Table(key, tongue.title(key), tongue.columns(column, *COUNTS, "average"), tuple(rows))


def _attention(report: Report, tongue: Tongue) -> Table:
    """What was late, what is overdue, what is open; the most urgent first."""
    order = [State.OVERDUE, State.OPEN, State.LATE]
    lines = [line for line in report.lines if line.state in order]
    lines.sort(key=lambda line: (order.index(line.state), line.due_on, line.case.radicado))
    columns = tongue.columns("radicado", "type", "client", "due", "days", "state")
    rows = [
        (line.case.radicado, tongue.types[line.case.type.value], line.case.client or tongue.words["no_client"],
         line.due_on, line.days, tongue.words["states"][line.state.value])
        for line in lines
    ]  # fmt: skip
    return Table("attention", tongue.title("attention"), columns, tuple(rows), wide=2)


def _matters(report: Report, tongue: Tongue) -> Table:
    return Table("matters", tongue.title("matters"), tongue.columns("subject", "count"), report.matters)


def _extensions(report: Report, tongue: Tongue) -> Table:
    rows = [(one.radicado, one.until, one.reason) for one in report.extensions]
    columns = tongue.columns("radicado", "until", "reason")
    return Table("extensions", tongue.title("extensions"), columns, tuple(rows), wide=2)


def _trend(report: Report, tongue: Tongue) -> Table:
    rows = [
        (tongue.month(month), tally.filed, tally.answered, tally.on_time, tally.late, tally.overdue)
        for month, tally in report.trend
    ]
    columns = tongue.columns("month", "filed", "answered", "on_time", "late", "overdue")
    return Table("trend", tongue.title("trend"), columns, tuple(rows))


def every_line(report: Report, tongue: Tongue) -> Table:
    """Each PQRS of the month, for the spreadsheet."""
    columns = tongue.columns(
        "radicado", "type", "category", "client", "subject", "filed_on", "due", "answered_on", "days", "state"
    )
    return Table("all", tongue.title("all"), columns, tuple(_whole(line, tongue) for line in report.lines))


def _whole(line: Line, tongue: Tongue) -> tuple[Cell, ...]:
    case = line.case
    answered = tongue.day_of(case.answered_at) if line.answered and case.answered_at else None
    return (
        case.radicado, tongue.types[case.type.value], case.category or tongue.words["no_category"],
        case.client or tongue.words["no_client"], case.subject.partition(" · ")[2] or case.subject,
        tongue.day_of(case.filed_at), line.due_on, answered, line.days, tongue.words["states"][line.state.value],
    )  # fmt: skip
