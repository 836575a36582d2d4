"""``mailgate person``: what is held on somebody, handed over or erased as far as it may go (Ley 1581 de 2012)."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.bundle import write_bundle
from mailgate.cli.opening import now, open_desk
from mailgate.cli.show import clean, confirm, emit_json, line, table
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.store.holdings import Holdings

app = typer.Typer(help=say("help.person"), no_args_is_help=True, rich_markup_mode=None)

Who = Annotated[str, typer.Argument(metavar="ADDRESS", help=say("person.address"))]
Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]


@app.command(
    "export",
    help=say("help.person.export"),
    epilog=examples("mailgate person export juan@empresa.co", "mailgate person export juan@empresa.co --to juan.zip"),
)
def export_person(
    context: typer.Context,
    address: Who,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help=say("person.to"))] = None,
    inside: Annotated[bool, typer.Option("--internal", help=say("person.internal"))] = False,
) -> None:
    with open_desk(context):
        held = _find(address)
        files = _files(held, inside)
    path = to or Path(f"{held.address.replace('/', '_')}.zip")
    write_bundle(path, files)
    line(say("pqrs.written", path=path, files=len(files)))


@app.command(
    "forget",
    help=say("help.person.forget"),
    epilog=examples("mailgate person forget juan@empresa.co --dry-run", "mailgate person forget juan@empresa.co"),
)
def forget_person(
    context: typer.Context,
    address: Who,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("person.dry-run"))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=say("person.yes"))] = False,
    as_json: Json = False,
) -> None:
    from mailgate.errors import Temporary, UsageError
    from mailgate.store import holdings
    from mailgate.store.forgetting import forget

    with open_desk(context):
        if holdings.is_staff(address):
            raise UsageError(say("person.staff", address=address))
        held = _find(address)
        if not as_json:
            _show(held)
        if dry_run:
            if as_json:
                emit_json(_plain(held) | {"done": False})
            else:
                line(say("person.not-done"))
            return
        if moving := holdings.still_moving(held):
            raise Temporary(say("person.moving", count=moving))
        confirm(say("person.confirm", address=held.address), yes=yes)
        gone = forget(held, by=f"operator {getpass.getuser()}", now=now())
    if as_json:
        emit_json(_plain(held) | {"done": True, "pseudonym": gone.pseudonym, "gone": gone.counts})
    else:
        line(say("person.done", pseudonym=gone.pseudonym))


def _find(address: str) -> Holdings:
    """Raises NotFound when nothing is held."""
    from mailgate.errors import NotFound
    from mailgate.store import holdings

    held = holdings.find(address)
    if held.nothing:
        raise NotFound(say("person.nothing", address=address))
    return held


def _show(held: Holdings) -> None:
    """What goes, and what stays and why."""
    goes = [
        ("tickets", len(held.theirs)),
        ("words", len(held.comments)),
        ("mails", len(held.mails)),
        ("letters", len(held.letters)),
        ("lines", len(held.lines)),
        ("others", sum(held.others.values())),
    ]
    line(say("person.goes"))
    table(
        [say("column.what"), say("column.count")],
        [(say(f"person.goes.{what}"), count) for what, count in goes if count],
        empty=say("person.goes.nothing"),
    )
    line(say("person.stays"))
    for radicado in sorted(held.kept.values()):
        line(say("person.stays.pqrs", radicado=radicado))
    for what in ("others-words", "numbers", "backups"):
        line(say(f"person.stays.{what}"))


def _plain(held: Holdings) -> dict[str, object]:
    return {
        "address": held.address, "tickets": sorted(held.theirs), "takes_part": sorted(held.joined),
        "comments": len(held.comments), "mails": len(held.mails), "letters": len(held.letters),
        "audit_lines": len(held.lines), "others": held.others,
        "kept": {radicado: say("person.stays.pqrs", radicado=radicado) for radicado in sorted(held.kept.values())},
    }  # fmt: skip


def _files(held: Holdings, inside: bool) -> dict[str, bytes]:
    from mailgate.store import holdings

    mails, letters = holdings.mails(held, inside=inside), holdings.letters(held)
    files = {f"correos/{mail.id:06d}.eml": mail.raw for mail in mails if mail.raw}
    files |= {f"cartas/{letter.id:06d}-{letter.letter}.eml": letter.raw for letter in letters if letter.raw}
    data = json.dumps(holdings.record(held, inside=inside), ensure_ascii=False, indent=2, default=str)
    index = [say("person.index", address=clean(held.address))]
    if held.kept:
        index += [say("person.stays.pqrs", radicado=radicado) for radicado in sorted(held.kept.values())]
    if inside:
        index.append(say("person.index.internal"))
    return {"LEEME.txt": ("\n\n".join(index) + "\n").encode(), "datos.json": data.encode(), **files}
