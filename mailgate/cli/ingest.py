"""``mailgate ingest``: take mails from files, folders or stdin as if they had come by a channel, and work on them.

Accepting is durable before anything is understood. The mails are then worked on in this process until nothing is due;
leases keep it out of the way of a service that runs beside it. Statuses are those of sysexits.h, as an MTA's pipe
understands them: of a mail on stdin, whatever is not its own fault is 75, so that the MTA keeps it; and once it is
stored the status is 0, whatever happens to it afterwards.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.opening import now, open_desk
from mailgate.cli.show import emit_json, line, note, progress
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.intake.pipe import Ingested
    from mailgate.settings import Settings

EXAMPLES = examples(
    "mailgate ingest mail.eml archive.mbox Maildir/",
    "mailgate ingest - --to soporte@acme.co --from ana@client.co < mail.eml",
)


def ingest(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...|-", help=say("ingest.paths"))],
    to: Annotated[list[str] | None, typer.Option("--to", metavar="ADDRESS", help=say("ingest.to"))] = None,
    sender: Annotated[str | None, typer.Option("--from", metavar="ADDRESS", help=say("ingest.from"))] = None,
    no_process: Annotated[bool, typer.Option("--no-process", help=say("ingest.no-process"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.errors import Temporary
    from mailgate.intake.pipe import STDIN

    piped = STDIN in paths
    try:
        with open_desk(context) as settings:
            taken = _accept(settings, paths, sender, to or [])
            left = 0 if no_process else _work(settings, piped)
    except Exception as error:
        if piped:
            raise Temporary(str(error)) from error
        raise
    for failure in taken.failed:
        note(str(failure))
    counts = {"seen": taken.fresh + taken.known, "fresh": taken.fresh, "known": taken.known}
    if as_json:
        emit_json(counts | {"failed": [str(failure) for failure in taken.failed]})
    elif not piped:
        line(say("ingest.done", **counts))
    if left:
        note(say("ingest.left", count=left))
    raise typer.Exit(taken.exit_status)


def _accept(settings: Settings, paths: list[str], sender: str | None, recipients: list[str]) -> Ingested:
    from mailgate.intake import pipe
    from mailgate.store.intake import accept_many

    with progress(say("ingest.accepting"), pipe.count_bytes(paths)) as advance:
        return pipe.ingest(
            pipe.iter_mails(paths, settings.limits.mail_bytes, sys.stdin.buffer),
            accept_many,
            now=now,
            ours=settings.desk.addresses,
            sender=sender,
            recipients=recipients,
            progress=lambda name, size: advance(size),
        )


def _work(settings: Settings, piped: bool) -> int:
    """Work on what is due; gives how many wait for another try. What failed here fails nobody who was accepted."""
    from mailgate.store import intake

    try:
        work_off(settings)
    except Exception as error:
        if not piped:
            raise
        note(say("ingest.later", error=error))
    return intake.outcomes().get(intake.PENDING, 0)


def work_off(settings: Settings) -> None:
    """Work on every mail that is due, here and now. Expects an open store."""
    from mailgate.process import run_due
    from mailgate.reader import Reader
    from mailgate.store import intake
    from mailgate.workplace import desk_of

    waiting = intake.outcomes().get(intake.PENDING, 0)
    if not waiting:
        return
    reader = Reader(limits=settings.limits, own_addresses=settings.desk.addresses)
    with reader, progress(say("ingest.working"), waiting) as advance:

        def between_mails() -> bool:
            advance(1)
            return False

        run_due(desk_of(settings, reader.read, now()), now, stopping=between_mails)
