"""``mailgate client``: the companies with a policy, their contacts and domains; one by one or from a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.opening import now, open_desk
from mailgate.cli.show import clean, emit_json, line, note, progress, table
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.cli.client_file import ClientRow, Reading
    from mailgate.store.client_import import Change
    from mailgate.store.people import ClientEntry

app = typer.Typer(help=say("help.client"), no_args_is_help=True, rich_markup_mode=None)
Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]


@app.command(
    "add",
    help=say("help.client.add"),
    epilog=examples(
        "mailgate client add ACME01 900.373.913-4 'Acme S.A.S.' --contact ana@acme.co --valid-to 2027-01-31",
        "mailgate client add ACME01 900.373.913-4 'Acme S.A.S.' --domain acme.co --mobile 3001234567",
    ),
)
def add_client(
    context: typer.Context,
    licence: Annotated[str, typer.Argument(metavar="LICENCE", help=say("client.licence"))],
    nit: Annotated[str, typer.Argument(metavar="NIT", help=say("client.nit"))],
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("client.name"))],
    plan: Annotated[str, typer.Option("--plan", help=say("client.plan"))] = "",
    valid_from: Annotated[str, typer.Option("--valid-from", metavar="DATE", help=say("client.valid-from"))] = "",
    valid_to: Annotated[str, typer.Option("--valid-to", metavar="DATE", help=say("client.valid-to"))] = "",
    suspended: Annotated[bool, typer.Option("--suspended", help=say("client.suspended"))] = False,
    mobile: Annotated[str, typer.Option("--mobile", help=say("client.mobile"))] = "",
    contacts: Annotated[
        list[str] | None, typer.Option("--contact", metavar="ADDRESS", help=say("client.contact"))
    ] = None,
    domains: Annotated[list[str] | None, typer.Option("--domain", metavar="DOMAIN", help=say("client.domain"))] = None,
) -> None:
    from mailgate.cli import client_cells as cells
    from mailgate.errors import UsageError
    from mailgate.store.people import ClientEntry, save_client

    try:
        entry = ClientEntry(
            licence=cells.licence(licence),
            nit=cells.nit(nit),
            name=cells.text(name),
            plan=cells.text(plan),
            valid_from=cells.day(valid_from) if valid_from else None,
            valid_to=cells.day(valid_to) if valid_to else None,
            suspended=suspended,
            mobile=cells.mobile(mobile) if mobile else "",
            contacts=[(address, "") for cell in contacts or [] for address in cells.addresses(cell)],
            domains=[domain for cell in domains or [] for domain in cells.domains(cell)],
        )
    except (cells.BadCell, cells.DoubtfulCell) as bad:
        raise UsageError(str(bad)) from None
    with open_desk(context):
        facts, new = save_client(entry, now())
    line(say("client.added" if new else "client.updated", licence=clean(facts.licence), name=clean(facts.name)))


@app.command(
    "list", help=say("help.client.list"), epilog=examples("mailgate client list", "mailgate client list --json")
)
def list_clients(context: typer.Context, as_json: Json = False) -> None:
    from dataclasses import asdict
    from zoneinfo import ZoneInfo

    from mailgate.store import people

    with open_desk(context) as settings:
        found = people.all_clients(now().astimezone(ZoneInfo(settings.desk.timezone)).date())
    if as_json:
        emit_json([asdict(client) | {"contacts": contacts} for client, contacts in found])
        return
    names = ("licence", "nit", "name", "plan", "state", "valid-to", "mobile", "contacts")
    rows = [
        (c.licence, c.nit, c.name, c.plan, say(f"client-state.{c.state}"), c.valid_to, c.mobile, ", ".join(contacts))
        for c, contacts in found
    ]
    table([say(f"column.{column}") for column in names], rows, empty=say("client.none"))


@app.command(
    "import",
    help=say("help.client.import"),
    epilog=examples("mailgate client import clientes.csv --dry-run", "mailgate client import clientes.xlsx"),
)
def import_clients(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("import.file"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("import.dry-run"))] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=say("import.skip-bad"))] = False,
    as_json: Json = False,
) -> None:
    from mailgate.cli.client_file import find_clients, read_table
    from mailgate.errors import InputError, NotFound
    from mailgate.store import client_import

    try:
        data = file.read_bytes()
    except OSError as error:
        raise NotFound(f"{file}: {error.strerror}") from error
    reading = find_clients(read_table(data, file.name), file.name)
    for problem in reading.problems:
        note(("" if problem.fatal else say("import.warning")) + str(problem))
    refused = bool(reading.errors) and not skip_bad
    with open_desk(context):
        entries = _entries(reading.clients)
        planned = client_import.changes(entries)
        if not refused and not dry_run:
            with progress(say("import.progress"), len(entries)) as advance:
                client_import.save_all(entries, now(), lambda: advance(1))
    written = not refused and not dry_run
    if as_json:
        emit_json(_as_values(planned, reading, written))
    else:
        _tell(planned, written)
    if refused:
        raise InputError(say("import.refused", file=file.name, count=len(reading.errors)))


def _entries(rows: Sequence[ClientRow]) -> list[ClientEntry]:
    from mailgate.store.client_import import suspended_now
    from mailgate.store.people import ClientEntry

    suspended = suspended_now([row.licence for row in rows])
    return [
        ClientEntry(
            licence=row.licence,
            nit=row.nit,
            name=row.name,
            plan=row.plan,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            suspended=row.licence in suspended if row.suspended is None else row.suspended,
            mobile=row.mobile,
            contacts=list(row.contacts.items()),
            domains=row.domains,
        )
        for row in rows
    ]


def _tell(planned: Sequence[Change], written: bool) -> None:
    new = [change for change in planned if change.new]
    changed = [change for change in planned if change.differences and not change.new]
    rows = [
        (say("import.new" if change.new else "import.changed"), change.licence, change.name, _differences(change))
        for change in (*new, *changed)
    ]
    if rows:
        table([say(f"column.{name}") for name in ("what", "licence", "name", "changes")], rows, empty="")
    same = len(planned) - len(rows)
    line(say("import.done" if written else "import.would", new=len(new), changed=len(changed), same=same))


def _differences(change: Change) -> str:
    told = change.differences
    if change.new:
        return ", ".join(after for name, _, after in told if name not in ("name",))
    return "; ".join(f"{say('field.' + name)}: {before or '-'} → {after}" for name, before, after in told)


def _as_values(planned: Sequence[Change], reading: Reading, written: bool) -> dict[str, object]:
    return {
        "written": written,
        "clients": [
            {
                "licence": change.licence,
                "name": change.name,
                "new": change.new,
                "changes": [{"field": f, "before": before, "after": after} for f, before, after in change.differences],
            }
            for change in planned
        ],
        "problems": [{"row": p.row, "column": p.column, "text": p.text, "error": p.fatal} for p in reading.problems],
    }
