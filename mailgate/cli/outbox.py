"""``mailgate outbox``: the letters that left, wait, or never will leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli.opening import now, open_desk
from mailgate.cli.show import clean, emit_bytes, emit_json, line, table, write_private
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.store.outbox import Row

app = typer.Typer(help=say("help.outbox"), no_args_is_help=True, rich_markup_mode=None)
STATES = ("queued", "sent", "dead")


@app.command(
    "list", help=say("help.outbox.list"), epilog=examples("mailgate outbox list", "mailgate outbox list --state dead")
)
def list_letters(
    context: typer.Context,
    state: Annotated[str, typer.Option("--state", metavar="|".join(STATES), help=say("outbox.state"))] = "",
    ticket: Annotated[int | None, typer.Option("--ticket", metavar="NUMBER", help=say("ticket.number"))] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help=say("help.limit"))] = 100,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.errors import UsageError
    from mailgate.store import outbox

    if state and state not in STATES:
        raise UsageError(say("outbox.no-such-state", state=state, states=", ".join(STATES)))
    with open_desk(context):
        found = outbox.rows(state=state, ticket=ticket, most=limit)
    if as_json:
        emit_json([as_values(row) for row in found])
        return
    names = ("id", "state", "ticket", "letter", "recipient", "subject", "attempts", "reply")
    rows = [
        (r.id, say(f"letter-state.{r.state}"), r.ticket or "-", r.letter, r.recipient, r.subject, r.attempts, r.reply)
        for r in found
    ]
    table([say(f"column.{name}") for name in names], rows, empty=say("outbox.none"))


def as_values(row: Row) -> dict[str, Any]:
    """A letter as scripts know it."""
    return {
        "id": row.id,
        "state": row.state,
        "envelope": {"sender": row.sender, "recipient": row.recipient},
        "message_id": row.message_id,
        "subject": row.subject,
        "ticket": row.ticket,
        "letter": row.letter,
        "role": row.role,
        "automatic": bool(row.automatic),
        "attempts": row.attempts,
        "reply": row.reply,
        "created_at": row.created_at.isoformat(),
        "next_attempt_at": row.next_attempt_at.isoformat() if row.state == "queued" else None,
        "done_at": row.done_at.isoformat() if row.done_at else None,
    }


@app.command(
    "show",
    help=say("help.outbox.show"),
    epilog=examples(
        "mailgate outbox show 7",
        "mailgate outbox show 7 --raw > letter.eml",
        "mailgate outbox show 7 --html letter.html",
    ),
)
def show_letter(
    context: typer.Context,
    letter_id: Annotated[int, typer.Argument(metavar="ID", help=say("outbox.id"))],
    raw: Annotated[bool, typer.Option("--raw", help=say("outbox.raw"))] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help=say("outbox.html"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.errors import NotFound
    from mailgate.store import outbox

    with open_desk(context):
        row, data = outbox.get(letter_id), outbox.raw_of(letter_id)
    if row is None or data is None:
        raise NotFound(say("outbox.missing", id=letter_id))
    if raw:
        emit_bytes(data)
    elif html is not None:
        _write_html(data, html)
    elif as_json:
        emit_json(as_values(row) | {"text": _bodies(data)[0]})
    else:
        _tell(row, data)


def _tell(row: Row, data: bytes) -> None:
    told = f"{say('letter-state.' + row.state)} · {say('outbox.attempts', attempts=row.attempts)}"
    line(f"{row.id}  {told}  {clean(row.reply)}".rstrip())
    line(f"{say('column.sender')}: <{clean(row.sender)}>")
    line(f"{say('column.recipient')}: {clean(row.recipient)}")
    line(f"Message-ID: {clean(row.message_id)}")
    line(f"{say('column.subject')}: {clean(row.subject)}")
    line()
    line(clean(_bodies(data)[0], lines=True))


def _bodies(data: bytes) -> tuple[str, str]:
    """(text, HTML) of a letter of ours: our own bytes, so they parse."""
    import email
    import email.policy

    message = email.message_from_bytes(data, policy=email.policy.default)
    found = [message.get_body((kind,)) for kind in ("plain", "html")]
    text, html = (str(part.get_content()) if part is not None else "" for part in found)
    return text, html


def _write_html(data: bytes, path: Path) -> None:
    from mailgate.errors import NotFound

    html = _bodies(data)[1]
    if not html:
        raise NotFound(say("outbox.no-html"))
    write_private(path, html)
    line(str(path))


@app.command(
    "retry", help=say("help.outbox.retry"), epilog=examples("mailgate outbox retry 7", "mailgate outbox retry --dead")
)
def retry_letters(
    context: typer.Context,
    letter_ids: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help=say("outbox.id"))] = None,
    dead: Annotated[bool, typer.Option("--dead", help=say("outbox.retry-dead"))] = False,
) -> None:
    from mailgate.errors import NotFound, UsageError
    from mailgate.store import outbox

    if not letter_ids and not dead:
        raise UsageError(say("outbox.retry-what"))
    with open_desk(context):
        wanted = list(letter_ids or [])
        if dead:
            wanted += [row.id for row in outbox.rows(state="dead", most=outbox.counts()["dead"] or 1)]
        refused = [letter_id for letter_id in wanted if not outbox.retry(letter_id, now())]
    line(say("outbox.retried", count=len(wanted) - len(refused)))
    if refused:
        raise NotFound(say("outbox.not-retried", ids=", ".join(map(str, refused))))
