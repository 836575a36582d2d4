"""The monthly report on PQRS to management: figures become the letter ``pqrs-report``, a PDF and a spreadsheet.

One set of tables is shown in all three, so that they cannot disagree. Charts stand in the letter as pictures that come
with it. Without the extra ``report`` the letter has its tables all the same, and says what is missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from mailgate.desk.pqrs import rules_of
from mailgate.desk.report import Month, Report, make_report, span, window
from mailgate.letters.compose import Enclosure
from mailgate.letters.drawing import PDF, Drawn, draw
from mailgate.letters.render import built_in
from mailgate.letters.report_charts import charts
from mailgate.letters.report_tables import MOST_ROWS, Table, Tongue, every_line, shown, tables
from mailgate.letters.report_xlsx import TYPE, spreadsheet
from mailgate.letters.scene import Office
from mailgate.store import reports

log = structlog.get_logger()

LETTER = "pqrs-report"
SOURCE = "_partials/pqrs-report.typ"
LONGEST_CELL = 160  # characters of a cell in a letter


@dataclass(frozen=True, slots=True)
class Written:
    """A report ready to be sent: the values of its letter, and its files."""

    values: dict[str, Any]
    files: tuple[Enclosure, ...]
    problem: str = ""  # why something of it is missing


def report_of(office: Office, month: Month, now: datetime) -> Report:
    """The figures of a month, from the store."""
    calendar = rules_of(office.settings).calendar
    since, until = window(month, calendar)
    return make_report(
        month, reports.cases(since, until), reports.tickets(since, until), reports.ratings(since, until), calendar, now
    )


def written(office: Office, report: Report, language: str) -> Written:
    """The report in one language. Takes a second or two: the drawing is a process of its own."""
    tongue = _tongue(office, language)
    words, told = tongue.words, tables(report, tongue)
    title = words["title"].format(month=tongue.month(report.month))
    lead, pictured = _lead(report, tongue, office), charts(report, tongue)
    name = title.replace(" ", "-")
    data = {
        "title": title,
        "company": office.settings.desk.company,
        "language": language,
        "lead": lead,
        "words": {key: words[key] for key in ("page", "nothing", "how")},
        "tables": [_plain(table, tongue) for table in told],
        "charts": pictured,
    }
    drawn = draw(built_in() / SOURCE, [PDF, *(chart["key"] for chart in pictured)], data)
    sheet = spreadsheet([*told, every_line(report, tongue)], title)
    if drawn.problem:
        log.warning("the report goes without charts and PDF", problem=drawn.problem)
    pictures = [
        {"key": chart["key"], "table": chart["table"], "title": chart["title"], "alt": chart["alt"],
         "cid": f"{chart['key']}.{report.month}@pqrs-report"}
        for chart in pictured
        if chart["key"] in drawn.files
    ]  # fmt: skip
    values = {
        "title": title,
        "lead": lead,
        "tables": data["tables"],
        "charts": pictures,
        "notes": _notes(words, drawn, sheet),
        "how": words["how"],
    }
    files = [Enclosure(f"{p['key']}.png", "image/png", drawn.files[p["key"]], p["cid"], inline=True) for p in pictures]
    if PDF in drawn.files:
        files.append(Enclosure(f"{name}.pdf", "application/pdf", drawn.files[PDF]))
    if sheet is not None:
        files.append(Enclosure(f"{name}.xlsx", TYPE, sheet))
    problem = drawn.problem or ("" if sheet else words["missing_xlsx"])
    return Written(values, tuple(files), problem)


def _tongue(office: Office, language: str) -> Tongue:
    words, rules = office.renderer.words(language), rules_of(office.settings)
    return Tongue(words["report"], words["pqrs_types"], language, rules.terms, rules.calendar.day_of)


def _lead(report: Report, tongue: Tongue, office: Office) -> list[str]:
    """What a reader in a hurry must know."""
    words, whole = tongue.words, report.all
    month, before = tongue.month(report.month), tongue.month(report.month.shifted(-1))
    calendar = rules_of(office.settings).calendar
    partial = []
    if report.until < span(report.month, calendar)[1]:
        partial = [words["partial"].format(until=shown(calendar.day_of(report.until), tongue.language))]
    if report.empty:
        return [*partial, words["none"].format(month=month)]
    return [
        *partial,
        words["lead_filed"].format(month=month, filed=whole.filed, before=before, filed_before=report.before.filed),
        words["lead_answered"].format(answered=whole.answered, on_time=whole.on_time, late=whole.late),
        words["lead_open"].format(unanswered=whole.unanswered, open=whole.open, overdue=whole.overdue),
    ]


def _plain(table: Table, tongue: Tongue) -> dict[str, Any]:
    """A table as its reader sees it, as long as a letter may be."""
    short, left = table.short(MOST_ROWS), len(table.rows) - MOST_ROWS

    def row(cells: Sequence[Any]) -> list[str]:
        return [shown(cell, tongue.language)[:LONGEST_CELL] for cell in cells]

    return {
        "key": table.key,
        "title": table.title,
        "wide": table.wide,
        "columns": [list(column) for column in table.columns],
        "rows": [row(cells) for cells in short.rows],
        "total": row(table.total) if table.total else None,
        "more": tongue.words["more_rows"].format(count=left) if left > 0 else "",
    }


def _notes(words: Mapping[str, Any], drawn: Drawn, sheet: bytes | None) -> list[str]:
    """What is attached, and what is missing."""
    if not drawn.problem and sheet is not None:
        return [words["attached"]]
    missing = [words["missing_charts"]] if drawn.problem else []
    if sheet is None:
        return [*([] if drawn.problem else [words["attached_pdf"]]), *missing, words["missing_xlsx"]]
    return [*missing, words["attached_xlsx"]]
