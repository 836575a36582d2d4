"""``mailgate mail``: every mail that came, what became of it and why, and the letters that it caused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli.opening import local_time, open_desk
from mailgate.cli.show import clean, emit_json, line, table
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.settings import Settings

app = typer.Typer(help=say("help.mail"), no_args_is_help=True, rich_markup_mode=None)


@app.command(
    "list",
    help=say("help.mail.list"),
    epilog=examples("mailgate mail list --from carolina@acme.co", "mailgate mail list --outcome ignored"),
)
def list_mails(
    context: typer.Context,
    author: Annotated[str, typer.Option("--from", metavar="ADDRESS", help=say("mail.from"))] = "",
    outcome: Annotated[str, typer.Option("--outcome", help=say("mail.outcome"))] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, help=say("help.limit"))] = 50,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.desk.decision import Outcome
    from mailgate.errors import UsageError
    from mailgate.store import tracing

    known = [*(one.value for one in Outcome), "pending"]
    if outcome and outcome not in known:
        raise UsageError(say("mail.no-such-outcome", outcome=outcome, known=", ".join(dict.fromkeys(known))))
    with open_desk(context) as settings:
        found = tracing.recent(author=author.strip().casefold(), outcome=outcome, limit=limit)
    if as_json:
        emit_json(found)
        return
    names = ("id", "received", "from", "subject", "ticket", "outcome", "reason")
    rows = [
        (m["id"], local_time(m["received_at"], settings), m["from"] or m["envelope"]["sender"] or "-", m["subject"],
         m["ticket"] or "-", say(f"outcome.{m['outcome']}"), m["reason"])
        for m in found
    ]  # fmt: skip
    table([say(f"column.{name}") for name in names], rows, empty=say("mail.none"))


@app.command(
    "show",
    help=say("help.mail.show"),
    epilog=examples("mailgate mail show 12", "mailgate mail show '<CAF3x9@mail.gmail.com>'"),
)
def show_mail(
    context: typer.Context,
    named: Annotated[str, typer.Argument(metavar="ID|MESSAGE-ID", help=say("mail.named"))],
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.errors import NotFound
    from mailgate.store import tracing

    with open_desk(context) as settings:
        found = tracing.trace(named)
    if not found:
        raise NotFound(say("mail.missing", named=clean(named)))
    if as_json:
        emit_json(found)
        return
    for at, mail in enumerate(found):
        if at:
            line()
        _tell(mail, settings)


def _tell(mail: dict[str, Any], settings: Settings) -> None:
    envelope = mail["envelope"]
    line(f"{mail['id']}  {clean(mail['subject'])}")
    line(f"Message-ID: {clean(mail['message_id']) or '-'}")
    line(f"{say('column.from')}: {clean(mail['from'] or envelope['sender'] or '-')}")
    road = f"{mail['channel']} {clean(mail['peer'])}".strip()
    whom = clean(", ".join(envelope["recipients"]))
    line(f"{say('column.received')}: {local_time(mail['received_at'], settings)} · {road} · {whom}")
    if mail["arrivals"] > 1:
        line(say("mail.again", count=mail["arrivals"]))
    ticket = f" · #{mail['ticket']}" if mail["ticket"] else ""
    line(f"{say('column.outcome')}: {say('outcome.' + mail['outcome'])}{ticket}")
    line(f"{say('column.reason')}: {clean(mail['reason']) or '-'}")
    for event in mail["trail"]:
        why = f" · {clean(event['why'])}" if event["why"] else ""
        line(f"  {local_time(event['at'], settings)} · {clean(event['actor'])} · {event['what']}{why}")
    line(say("mail.letters", count=len(mail["letters"])))
    for letter in mail["letters"]:
        reply = f" · {clean(letter['reply'])}" if letter["reply"] else ""
        told = f"{letter['letter']} · {clean(letter['recipient'])} · {say('letter-state.' + letter['state'])}{reply}"
        line(f"  {letter['id']}  {told}")
