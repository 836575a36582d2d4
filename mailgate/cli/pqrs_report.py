"""``mailgate pqrs report``: the report of a month on the terminal, as figures for a program, or as files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli.opening import now, open_desk
from mailgate.cli.show import clean, emit_json, line, note
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.desk.report import Month, Report, Tally
    from mailgate.letters.report import Written
    from mailgate.letters.scene import Office
    from mailgate.settings import Settings

EXAMPLES = examples("mailgate pqrs report", "mailgate pqrs report --month 2026-10 --out reports")


def report(
    context: typer.Context,
    month: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help=say("pqrs.report.month"))] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("pqrs.report.out"))] = None,
    language: Annotated[str, typer.Option("--language", metavar="es|en", help=say("pqrs.report.language"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.errors import UsageError
    from mailgate.letters.report import report_of, written
    from mailgate.settings import LANGUAGES

    if language and language not in LANGUAGES:
        raise UsageError(say("demo.which-language", language=language))
    with open_desk(context) as settings:
        office = _office(settings)
        found = report_of(office, _month(month, settings), now())
        if as_json:
            emit_json(figures(found))
            return
        made = written(office, found, language or settings.desk.language)
    if made.problem:
        note(say("pqrs.report.incomplete", problem=made.problem))
    text, html = _letter(office, made, language or settings.desk.language)
    if out is None:
        line(clean(text.rstrip("\n"), lines=True))
        return
    for path in _write(out, made, html):
        line(str(path))


def _office(settings: Settings) -> Office:
    import secrets
    from zoneinfo import ZoneInfo

    from mailgate.letters.logo import read_logo
    from mailgate.letters.render import Renderer
    from mailgate.letters.scene import Office

    renderer = Renderer(zone=ZoneInfo(settings.desk.timezone), directory=settings.letters.directory)
    return Office(settings, renderer, (), secrets.token_bytes, logo=read_logo(settings.letters.logo))


def _month(text: str, settings: Settings) -> Month:
    """The month that was typed; the last whole one when none was. Raises UsageError."""
    from mailgate.desk.report import Month, month_of
    from mailgate.desk.worktime import calendar_of
    from mailgate.errors import UsageError

    this = month_of(calendar_of(settings).day_of(now()))
    if not text:
        return this.shifted(-1)
    match = re.fullmatch(r"(\d{4})-(\d{1,2})", text.strip(), re.ASCII)
    if match is None or not 1 <= int(match[2]) <= 12 or int(match[1]) < 2000:
        raise UsageError(say("pqrs.report.no-month", text=text))
    month = Month(int(match[1]), int(match[2]))
    if month > this:
        raise UsageError(say("pqrs.report.future", month=month))
    return month


def _letter(office: Office, made: Written, language: str) -> tuple[str, str]:
    """The letter as text, and as a page that needs no other file: its pictures inside."""
    import base64

    from mailgate.desk.facts import Role
    from mailgate.letters.report import LETTER
    from mailgate.letters.said import common
    from mailgate.letters.scene import Recipient

    reader = Recipient("", "", Role.MANAGEMENT, language)
    rendered = office.renderer.render(LETTER, language, common(office, reader, None) | made.values)
    html = rendered.html
    for file in (*made.files, *((office.logo,) if office.logo else ())):
        if file.inline:
            inside = f"data:{file.type};base64,{base64.b64encode(file.content).decode()}"
            html = html.replace(f"cid:{file.content_id}", inside)
    return rendered.text, html


def _write(folder: Path, made: Written, html: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    name = made.values["title"].replace(" ", "-")
    files = {f"{name}.html": html.encode()} | {file.name: file.content for file in made.files if not file.inline}
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return [folder / file for file in files]


def figures(found: Report) -> dict[str, Any]:
    """The report's figures for a program."""
    desk, before = found.desk, found.desk_before
    return {
        "month": str(found.month),
        "until": found.until.isoformat(),
        "all": _tally(found.all),
        "before": _tally(found.before),
        "by_type": {name: _tally(tally) for name, tally in found.by_type.items()},
        "by_category": {name: _tally(tally) for name, tally in found.by_category.items()},
        "by_client": {name: _tally(tally) for name, tally in found.by_client.items()},
        "reasons": dict(found.matters),
        "extensions": [{"radicado": e.radicado, "until": e.until, "reason": e.reason} for e in found.extensions],
        "tickets": {"opened": desk.opened, "answered": desk.answered, "closed": desk.closed, "open": desk.open},
        "tickets_before": {
            "opened": before.opened, "answered": before.answered, "closed": before.closed, "open": before.open,
        },
        "satisfaction": desk.satisfaction,
        "satisfaction_before": before.satisfaction,
        "trend": {str(month): _tally(tally) for month, tally in found.trend},
        "pqrs": [
            {"radicado": one.case.radicado, "type": one.case.type.value, "client": one.case.client,
             "state": one.state.value, "due_on": one.due_on, "days": one.days, "filed_in_month": one.filed_now}
            for one in found.lines
        ],
    }  # fmt: skip


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "found_open": tally.found_open, "filed": tally.filed, "on_time": tally.on_time, "late": tally.late,
        "open": tally.open, "overdue": tally.overdue, "average_days": tally.average_days,
    }  # fmt: skip
