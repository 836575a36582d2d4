"""``mailgate pqrs``: radicados and terms, the evidence of one as a ZIP, whether anything was changed, the report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli import pqrs_report
from mailgate.cli.bundle import write_bundle
from mailgate.cli.opening import local_time, now, open_desk
from mailgate.cli.show import clean, emit_json, line, table
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.desk.pqrs import PqrsFacts
    from mailgate.settings import Settings

app = typer.Typer(help=say("help.pqrs"), no_args_is_help=True, rich_markup_mode=None)
app.command("report", help=say("help.pqrs.report"), epilog=pqrs_report.EXAMPLES)(pqrs_report.report)

Radicado = Annotated[str, typer.Argument(metavar="RADICADO", help=say("pqrs.radicado"))]
Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]


@app.command(
    "list", help=say("help.pqrs.list"), epilog=examples("mailgate pqrs list --open", "mailgate pqrs list --year 2026")
)
def list_pqrs(
    context: typer.Context,
    only_open: Annotated[bool, typer.Option("--open", help=say("pqrs.open"))] = False,
    year: Annotated[int | None, typer.Option("--year", help=say("pqrs.year"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help=say("help.limit"))] = 100,
    as_json: Json = False,
) -> None:
    from mailgate.store import pqrs

    with open_desk(context) as settings:
        found = [_plain(known, settings) for known in pqrs.listing(only_open=only_open, year=year, limit=limit)]
    if as_json:
        emit_json(found)
        return
    names = ("radicado", "status", "type", "petitioner", "filed", "due", "number")
    rows = [
        (f["radicado"], say(f"pqrs.state.{f['state']}"), f["type"], f["petitioner"],
         local_time(str(f["filed_at"]), settings), f["due_on"], f["ticket"])
        for f in found
    ]  # fmt: skip
    table([say(f"column.{name}") for name in names], rows, empty=say("pqrs.none"))


@app.command("show", help=say("help.pqrs.show"), epilog=examples("mailgate pqrs show PQRS-2026-000017"))
def show_pqrs(context: typer.Context, radicado: Radicado, as_json: Json = False) -> None:
    from mailgate.store import evidence

    with open_desk(context) as settings:
        known = _get(radicado)
        timeline = evidence.timeline_of(known.ticket)
        told = _head(known, settings)
    if as_json:
        emit_json(_plain(known, settings) | {"timeline": timeline})
        return
    line(f"{known.radicado}\n{clean(told, lines=True)}")
    for event in timeline:
        line(clean(f"{local_time(event['at'], settings)}  {event['what']}  {event['actor']}  {event['why']}"))


@app.command(
    "export",
    help=say("help.pqrs.export"),
    epilog=examples("mailgate pqrs export PQRS-2026-000017", "mailgate pqrs export PQRS-2026-000017 --to evidence.zip"),
)
def export_pqrs(
    context: typer.Context,
    radicado: Radicado,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help=say("pqrs.to"))] = None,
    as_json: Json = False,
) -> None:
    from mailgate.store.chain import digest

    with open_desk(context) as settings:
        known = _get(radicado)
        files = _files(known, settings)
    path = to or Path(f"{known.radicado}.zip")
    write_bundle(path, files)
    if as_json:
        sums = {name: digest(content) for name, content in files.items()}
        emit_json({"radicado": known.radicado, "path": str(path), "sha256": sums})
        return
    line(say("pqrs.written", path=path, files=len(files)))


@app.command(
    "verify",
    help=say("help.pqrs.verify"),
    epilog=examples("mailgate pqrs verify", "mailgate pqrs verify PQRS-2026-000017"),
)
def verify_pqrs(
    context: typer.Context,
    radicado: Annotated[str, typer.Argument(metavar="[RADICADO]", help=say("pqrs.radicado"))] = "",
    as_json: Json = False,
) -> int:
    from dataclasses import asdict

    from mailgate.store import audit

    with open_desk(context):
        lines, broken = audit.verify(_get(radicado).ticket if radicado else None)
    if as_json:
        emit_json({"lines": lines, "broken": [asdict(one) for one in broken]})
    elif broken:
        line(say("pqrs.broken", count=len(broken), lines=lines))
        rows = [(one.table, one.id, one.ticket or "-", one.why) for one in broken]
        table([say(f"column.{name}") for name in ("table", "row", "ticket", "why")], rows, empty="")
    else:
        line(say("pqrs.sound", lines=lines))
    return 1 if broken else 0


def _get(radicado: str) -> PqrsFacts:
    """The PQRS of a radicado, however it is typed. Raises NotFound."""
    from mailgate.errors import NotFound
    from mailgate.mail.subject import find_radicado
    from mailgate.store import pqrs

    known = pqrs.find(find_radicado(radicado) or radicado)
    if known is None:
        raise NotFound(say("pqrs.missing", radicado=radicado))
    return known


def _plain(known: PqrsFacts, settings: Settings) -> dict[str, object]:
    from mailgate.desk.worktime import calendar_of

    late = calendar_of(settings).day_of(known.answered_at or now()) > known.term.due_on
    return {
        "radicado": known.radicado,
        "state": "answered" if not known.open else "overdue" if late else "open",
        "late": late,
        "type": known.type.value,
        "petitioner": known.petitioner,
        "ticket": known.ticket,
        "filed_at": known.filed_at.isoformat(),
        "received_at": known.received_at.isoformat(),
        "counts_from": known.term.counts_from.isoformat(),
        "due_on": known.term.due_on.isoformat(),
        "answered_at": known.answered_at.isoformat() if known.answered_at else None,
        "extended_at": known.extended_at.isoformat() if known.extended_at else None,
        "extension_reason": known.extension_reason,
    }


def _head(known: PqrsFacts, settings: Settings) -> str:
    return say(
        "pqrs.index.head",
        type=known.type.value,
        petitioner=known.petitioner,
        ticket=known.ticket,
        received=local_time(known.received_at.isoformat(), settings),
        counts_from=known.term.counts_from,
        due=known.term.due_on,
        answered=local_time(known.answered_at.isoformat(), settings) if known.answered_at else say("pqrs.index.none"),
    )


def _files(known: PqrsFacts, settings: Settings) -> dict[str, bytes]:
    """Everything of the evidence by its name in the ZIP; the index and the hashes come first and last."""
    from mailgate.store import evidence
    from mailgate.store.chain import digest

    timeline = evidence.timeline_of(known.ticket)
    letters = evidence.letters_of(known.ticket)
    files = {f"correos/{mail.id:06d}.eml": mail.raw for mail in evidence.mails_of(known.ticket)}
    files |= {f"cartas/{letter.id:06d}-{letter.letter}.eml": letter.raw for letter in letters}
    purged = [name for name, content in files.items() if not content]
    files = {name: content for name, content in files.items() if content}
    replies = [
        f"{letter.id:06d}  {letter.letter}  {letter.recipient}  {letter.state}"
        f"  {local_time((letter.done_at or letter.at).isoformat(), settings)}  {clean(letter.reply)}"
        for letter in letters
    ]
    files["cartas.txt"] = ("\n".join(replies) + "\n").encode()
    told = [
        clean(f"{local_time(event['at'], settings)}  {event['what']}  {event['actor']}  {event['why']}")
        for event in timeline
    ]
    files["linea-de-tiempo.txt"] = ("\n".join(told) + "\n").encode()
    whole = _plain(known, settings) | {"timeline": timeline}
    files["linea-de-tiempo.json"] = json.dumps(whole, ensure_ascii=False, indent=2).encode()
    sums = [f"{digest(content)}  {name}" for name, content in sorted(files.items())]
    index = [
        say("pqrs.index.title", radicado=known.radicado),
        clean(_head(known, settings), lines=True),
        say("pqrs.index.help"),
        *([say("pqrs.index.purged", names=", ".join(purged))] if purged else []),
        say("pqrs.index.files"),
        "\n".join(sums),
    ]
    index_name = "LEEME.txt"
    files = {index_name: ("\n\n".join(index) + "\n").encode(), **files}
    sums.append(f"{digest(files[index_name])}  {index_name}")
    return {**files, "SHA256SUMS": ("\n".join(sums) + "\n").encode()}
