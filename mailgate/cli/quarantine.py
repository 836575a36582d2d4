"""``mailgate quarantine``: the mails that could not be understood, whole and waiting for a person."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailgate.cli import waiting
from mailgate.cli.words import examples, say

app = typer.Typer(help=say("help.quarantine"), no_args_is_help=True, rich_markup_mode=None)
STATE = "quarantined"

Id = Annotated[int, typer.Argument(metavar="ID", help=say("waiting.id"))]
Ids = Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help=say("waiting.id"))]
All = Annotated[bool, typer.Option("--all", help=say("waiting.all"))]
Limit = Annotated[int, typer.Option("--limit", min=1, help=say("help.limit"))]
Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]


@app.command("list", help=say("help.quarantine.list"), epilog=examples("mailgate quarantine list"))
def list_mails(context: typer.Context, limit: Limit = 100, as_json: Json = False) -> None:
    waiting.show_list(context, STATE, limit, as_json)


@app.command(
    "show",
    help=say("help.quarantine.show"),
    epilog=examples("mailgate quarantine show 12", "mailgate quarantine show 12 --raw | mailgate explain -"),
)
def show_mail(
    context: typer.Context,
    intake_id: Id,
    raw: Annotated[bool, typer.Option("--raw", help=say("waiting.raw"))] = False,
    as_json: Json = False,
) -> None:
    waiting.show_one(context, STATE, intake_id, raw, as_json)


@app.command("export", help=say("help.quarantine.export"), epilog=examples("mailgate quarantine export --to odd-mails"))
def export_mails(
    context: typer.Context,
    intake_ids: Ids = None,
    folder: Annotated[Path, typer.Option("--to", metavar="FOLDER", help=say("quarantine.folder"))] = Path("quarantine"),
) -> None:
    waiting.export(context, STATE, intake_ids or [], folder)


@app.command(
    "replay",
    help=say("help.quarantine.replay"),
    epilog=examples("mailgate quarantine replay 12", "mailgate quarantine replay --all"),
)
def replay_mails(context: typer.Context, intake_ids: Ids = None, everything: All = False) -> None:
    waiting.replay(context, STATE, intake_ids or [], everything)


@app.command("discard", help=say("help.quarantine.discard"), epilog=examples("mailgate quarantine discard 12 --yes"))
def discard_mails(
    context: typer.Context,
    intake_ids: Ids = None,
    everything: All = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=say("help.yes"))] = False,
) -> None:
    waiting.discard(context, STATE, intake_ids or [], everything, yes)
