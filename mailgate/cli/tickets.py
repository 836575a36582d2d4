"""``mailgate ticket``: the cases, and everything that was said on one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli.opening import local_time, open_desk
from mailgate.cli.show import clean, emit_json, line, table
from mailgate.cli.ticket_card import card_of, tell_card, tell_trail
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.settings import Settings

app = typer.Typer(help=say("help.ticket"), no_args_is_help=True, rich_markup_mode=None)
STATES = ("new", "open", "waiting", "solved", "closed")


@app.command(
    "list", help=say("help.ticket.list"), epilog=examples("mailgate ticket list", "mailgate ticket list --status open")
)
def list_tickets(
    context: typer.Context,
    status: Annotated[str, typer.Option("--status", metavar="|".join(STATES), help=say("ticket.status"))] = "",
    text: Annotated[str, typer.Option("--text", metavar="WORDS", help=say("ticket.text"))] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help=say("help.limit"))] = 50,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.errors import UsageError
    from mailgate.store import tickets

    if status and status not in STATES:
        raise UsageError(say("ticket.no-such-status", status=status, states=", ".join(STATES)))
    with open_desk(context) as settings:
        found = tickets.listing(status=status, text=text, limit=limit)
    if as_json:
        emit_json(found)
        return
    names = ("number", "status", "client", "requester", "agent", "updated", "subject")
    rows = [
        (t["number"], say(f"status.{t['status']}"), t["client"] or "-", t["requester"], t["agent"] or "-",
         local_time(t["updated_at"], settings), t["subject"])
        for t in found
    ]  # fmt: skip
    table([say(f"column.{name}") for name in names], rows, empty=say("ticket.none"))


@app.command(
    "show",
    help=say("help.ticket.show"),
    epilog=examples(
        "mailgate ticket show 1042", "mailgate ticket show 1042 --trail", "mailgate ticket show 1042 --json"
    ),
)
def show_ticket(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=say("ticket.number"))],
    quotes: Annotated[bool, typer.Option("--quotes", help=say("ticket.quotes"))] = False,
    trail: Annotated[bool, typer.Option("--trail", help=say("ticket.trail"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.errors import NotFound
    from mailgate.store import tickets

    with open_desk(context) as settings:
        found = tickets.full(number)
        if found is None:
            raise NotFound(say("ticket.missing", number=number))
        found |= card_of(number, settings)
    if as_json:
        emit_json(found)
        return
    _tell(found, settings, quotes)
    if trail:
        tell_trail(found, settings)


@app.command(
    "search",
    help=say("help.ticket.search"),
    epilog=examples("mailgate ticket search nómina 512", "mailgate ticket search juan@empresa.co --json"),
)
def search_tickets(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS...", help=say("ticket.words"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.store import desk_lists

    with open_desk(context) as settings:
        found = desk_lists.search(" ".join(words))
    if as_json:
        emit_json(found.rows)
        return
    names = ("number", "status", "client", "agent", "updated", "subject")
    rows = [
        (t["number"], say(f"status.{t['status']}"), t["client"] or "-", t["agent"] or "-",
         local_time(t["updated_at"].isoformat(), settings), t["subject"])
        for t in found.rows
    ]  # fmt: skip
    table([say(f"column.{name}") for name in names], rows, empty=say("ticket.none"))
    if found.total > len(rows):
        line(say("ticket.more", more=found.total - len(rows)))


def _tell(ticket: dict[str, Any], settings: Settings, quotes: bool) -> None:
    line(f"#{ticket['number']}  {clean(ticket['subject'])}")
    whose = ticket["client_name"] or say("ticket.no-client")
    agent = ticket["agent"] or say("ticket.nobody")
    person = f"{ticket['requester_name']} <{ticket['requester']}>".strip()
    line(f"{say('status.' + ticket['status'])} · {clean(person)} · {clean(whose)} · {clean(agent)}")
    others = [address for address in ticket["participants"] if address != ticket["requester"]]
    if others:
        line(say("ticket.participants", people=clean(", ".join(others))))
    tell_card(ticket, settings)
    for comment in ticket["comments"]:
        _tell_comment(comment, local_time(comment["at"], settings), quotes)


def _tell_comment(comment: dict[str, Any], at: str, quotes: bool) -> None:
    visible = "" if comment["public"] else f" · {say('ticket.internal')}"
    remark = f" · {clean(comment['remark'])}" if comment["remark"] else ""
    author = f"{comment['author_name']} <{comment['author']}>".strip()
    line()
    line(f"── {at} · {clean(author)} · {say('role.' + comment['role'])}{visible}{remark}")
    line(clean(comment["text"], lines=True))
    if quotes and comment["quote"]:
        line("\n".join(f"> {quoted}" for quoted in clean(comment["quote"], lines=True).split("\n")))
    for file in comment["files"]:
        withheld = f" ({say('ticket.withheld')}: {clean(file['withheld'])})" if file["withheld"] else ""
        line(f"  + {clean(file['name'])} · {clean(file['type'])} · {file['size']}{withheld}")
