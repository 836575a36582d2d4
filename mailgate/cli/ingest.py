"""``mailgate ingest``: take mails from files, folders or stdin as if they had come by a channel, and work on them.

Accepting is durable before anything is understood. The mails are then worked on in this process until nothing is due;
leases keep it out of the way of a service that runs beside it. Statuses are those of sysexits.h, as an MTA's pipe
understands them: for a mail on stdin whatever is not the mail's own fault is 75, so that the MTA keeps it.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.opening import now, open_desk
from mailgate.cli.show import line, note, progress
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.settings import Settings

EXAMPLES = examples(
    "mailgate ingest mail.eml archive.mbox Maildir/",
    "mailgate ingest - --to soporte@acme.co --from ana@client.co < mail.eml",
)


def ingest(
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...|-", help=say("ingest.paths"))],
    to: Annotated[list[str] | None, typer.Option("--to", metavar="ADDRESS", help=say("ingest.to"))] = None,
    sender: Annotated[str, typer.Option("--from", metavar="ADDRESS", help=say("ingest.from"))] = "",
    no_process: Annotated[bool, typer.Option("--no-process", help=say("ingest.no-process"))] = False,
) -> None:
    from mailgate.intake.pipe import iter_mails
    from mailgate.store import intake

    seen = fresh = 0
    with open_desk(context) as settings:
        with progress(say("ingest.accepting")) as advance:
            for batch in iter_mails(paths):
                pass
        if not no_process:
            work_off(settings)
        left = intake.outcomes().get(intake.PENDING, 0)
    line(say("ingest.done", seen=seen, fresh=fresh, known=seen - fresh))
    if left and not no_process:
        note(say("ingest.left", count=left))


def work_off(settings: Settings) -> None:
    """Work on every mail that is due, here and now. Expects an open store."""
    from mailgate.process import run_due
    from mailgate.reader import Reader
    from mailgate.service import desk_of
    from mailgate.store import intake

    waiting = intake.outcomes().get(intake.PENDING, 0)
    if not waiting:
        return
    with (
        Reader(limits=settings.limits, own_addresses=settings.desk.addresses) as reader,
        progress(say("ingest.working"), waiting) as advance,
    ):

        def between_mails() -> bool:
            advance(1)
            return False

        run_due(desk_of(settings, reader), now, stopping=between_mails)
