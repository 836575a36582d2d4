"""``mailgate held``: the mails that wait for a word because nothing says who sent them, or that they may."""

from __future__ import annotations

from typing import Annotated

import typer

from mailgate.cli import waiting
from mailgate.cli.quarantine import All, Id, Ids, Json, Limit
from mailgate.cli.words import examples, say

app = typer.Typer(help=say("help.held"), no_args_is_help=True, rich_markup_mode=None)
STATE = "held"


@app.command("list", help=say("help.held.list"), epilog=examples("mailgate held list"))
def list_mails(context: typer.Context, limit: Limit = 100, as_json: Json = False) -> None:
    waiting.show_list(context, STATE, limit, as_json)


@app.command("show", help=say("help.held.show"), epilog=examples("mailgate held show 12 --raw | mailgate explain -"))
def show_mail(
    context: typer.Context,
    intake_id: Id,
    raw: Annotated[bool, typer.Option("--raw", help=say("waiting.raw"))] = False,
    as_json: Json = False,
) -> None:
    waiting.show_one(context, STATE, intake_id, raw, as_json)


@app.command("accept", help=say("help.held.accept"), epilog=examples("mailgate held accept 12"))
def accept_mails(context: typer.Context, intake_ids: Ids = None, everything: All = False) -> None:
    waiting.replay(context, STATE, intake_ids or [], everything, accept=True)


@app.command(
    "replay",
    help=say("help.held.replay"),
    epilog=examples("mailgate client add ACME 900373913-4 'Acme SAS' --contact ana@acme.co", "mailgate held replay 12"),
)
def replay_mails(context: typer.Context, intake_ids: Ids = None, everything: All = False) -> None:
    waiting.replay(context, STATE, intake_ids or [], everything)


@app.command("reject", help=say("help.held.reject"), epilog=examples("mailgate held reject 12 --yes"))
def reject_mails(
    context: typer.Context,
    intake_ids: Ids = None,
    everything: All = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=say("help.yes"))] = False,
) -> None:
    waiting.discard(context, STATE, intake_ids or [], everything, yes)
