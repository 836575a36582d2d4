"""``mailgate agent``: who answers, who is copied; and the password hash of those who send through our own listener."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.opening import now, open_desk
from mailgate.cli.show import clean, confirm, emit_json, line, note, progress, table
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.cli.agent_file import AgentRow
    from mailgate.desk.facts import AgentFacts

app = typer.Typer(help=say("help.agent"), no_args_is_help=True, rich_markup_mode=None)
ROLES = ("agent", "supervisor", "management")
LEAST_CHARACTERS = 10


@app.command(
    "add",
    help=say("help.agent.add"),
    epilog=examples(
        "mailgate agent add luis@mesa.co 'Luis Rojas'",
        "mailgate agent add gerencia@mesa.co 'Marta Gil' --role management --language es",
    ),
)
def add_agent(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help=say("agent.address"))],
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("agent.name"))],
    role: Annotated[str, typer.Option("--role", metavar="|".join(ROLES), help=say("agent.role"))] = "agent",
    groups: Annotated[list[str] | None, typer.Option("--group", metavar="GROUP", help=say("agent.group"))] = None,
    tongue: Annotated[str, typer.Option("--language", metavar="es|en", help=say("agent.language"))] = "",
) -> None:
    from mailgate.cli import client_cells as cells
    from mailgate.desk.facts import Role
    from mailgate.errors import UsageError
    from mailgate.settings import LANGUAGES
    from mailgate.store.people import save_agent

    try:
        known = cells.addresses(address)
    except cells.BadCell as bad:
        raise UsageError(str(bad)) from None
    if len(known) != 1:
        raise UsageError(say("agent.one-address"))
    if role not in ROLES:
        raise UsageError(say("agent.no-such-role", role=role, roles=", ".join(ROLES)))
    if tongue not in ("", *LANGUAGES):
        raise UsageError(say("demo.which-language", language=tongue))
    with open_desk(context):
        facts, new = save_agent(
            known[0], cells.text(name), now(), role=Role(role), groups=groups or [], language=tongue
        )
    line(say("agent.added" if new else "agent.updated", address=clean(facts.address), role=say(f"role.{role}")))


@app.command("remove", help=say("help.agent.remove"), epilog=examples("mailgate agent remove luis@mesa.co"))
def remove_agent(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help=say("agent.address"))],
    yes: Annotated[bool, typer.Option("--yes", "-y", help=say("help.yes"))] = False,
) -> None:
    from mailgate.errors import NotFound
    from mailgate.store import desk_work, people

    wanted = address.strip().casefold()
    with open_desk(context):
        if people.find_agent(wanted) is None:
            raise NotFound(say("agent.missing", address=clean(address)))
        confirm(say("agent.confirm-remove", address=clean(wanted)), yes=yes)
        numbers = desk_work.let_go(wanted, f"operator {getpass.getuser()}", now()) or []
    told = ", ".join(f"#{number}" for number in numbers) or "-"
    line(say("agent.removed", address=clean(wanted), tickets=told))


@app.command("list", help=say("help.agent.list"), epilog=examples("mailgate agent list", "mailgate agent list --json"))
def list_agents(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False
) -> None:
    from dataclasses import asdict

    from mailgate.store import people

    with open_desk(context):
        found = people.present_agents()
    if as_json:
        emit_json([asdict(agent) for agent in found])
        return
    rows = [(agent.address, agent.name, say(f"role.{agent.role.value}"), agent.language or "-") for agent in found]
    table([say(f"column.{name}") for name in ("address", "name", "role", "language")], rows, empty=say("agent.none"))


@app.command(
    "import",
    help=say("help.agent.import"),
    epilog=examples("mailgate agent import agentes.csv --dry-run", "mailgate agent import agentes.xlsx"),
)
def import_agents(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=say("import.agents.file"))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("import.dry-run"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.cli.agent_file import find_agents
    from mailgate.cli.client_file import read_table
    from mailgate.errors import InputError, NotFound
    from mailgate.store import people

    try:
        data = file.read_bytes()
    except OSError as error:
        raise NotFound(f"{file}: {error.strerror}") from error
    rows, problems = find_agents(read_table(data, file.name), file.name)
    for problem in problems:
        note(str(problem))
    with open_desk(context):
        known = {agent.address: agent for agent in people.all_agents()}
        planned = [(row, _differences(known.get(row.address), row)) for row in rows]
        written = not dry_run and not problems
        if written:
            changed = [(r.address, r.name, r.role, r.groups, r.language) for r, d in planned if d]
            with progress(say("import.progress"), len(changed)) as advance:
                people.save_agents(changed, now(), lambda: advance(1))
    if as_json:
        told = [{"address": r.address, "new": r.address not in known, "changes": d} for r, d in planned]
        emit_json({"written": written, "agents": told, "problems": [str(problem) for problem in problems]})
    else:
        _tell(planned, known, written)
    if problems:
        raise InputError(say("import.files-refused", folder=file.name, count=len(problems)))


def _differences(known: AgentFacts | None, row: AgentRow) -> list[str]:
    """What the row changes, a phrase each; nothing of an agent who stays. What the file leaves out stays."""
    before = (known.name, known.role.value, list(known.groups), known.language) if known else ("", "", [], "")
    after = (row.name, row.role, list(row.groups), row.language)
    names = ("name", "role", "group", "language")
    told = []
    for name, old, new in zip(names, before, after, strict=True):
        if new and new != old:
            shown = (", ".join(value) if isinstance(value, list) else str(value) for value in (old, new))
            told.append(f"{say('column.' + name)}: {' → '.join(value or '-' for value in shown)}")
    return told


def _tell(planned: list[tuple[AgentRow, list[str]]], known: dict[str, AgentFacts], written: bool) -> None:
    new = sum(row.address not in known for row, told in planned if told)
    rows = [
        (say("import.changed" if row.address in known else "import.new"), row.address, "; ".join(told))
        for row, told in planned
        if told
    ]
    if rows:
        table([say(f"column.{name}") for name in ("what", "address", "changes")], rows, empty="")
    key = "import.done" if written else "import.would"
    line(say(key, new=new, changed=len(rows) - new, same=len(planned) - len(rows)))


@app.command(
    "password",
    help=say("help.agent.password"),
    epilog=examples("mailgate agent password", "pass show mailgate/luis | mailgate agent password"),
)
def make_password() -> None:
    from mailgate.errors import UsageError
    from mailgate.intake.passwords import hash_password

    if sys.stdin.isatty():
        password = str(typer.prompt(say("agent.password"), hide_input=True, confirmation_prompt=True, err=True))
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if len(password) < LEAST_CHARACTERS:
        raise UsageError(say("agent.short-password", least=LEAST_CHARACTERS))
    line(hash_password(password))
