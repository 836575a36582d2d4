"""``mailgate purge``: take away what was kept long enough. Shows first, asks, then does, while mail goes on."""

from __future__ import annotations

from typing import Annotated

import typer

from mailgate.cli.opening import now, open_desk
from mailgate.cli.show import confirm, emit_json, line, progress, table
from mailgate.cli.words import examples, say

EXAMPLES = examples("mailgate purge --dry-run", "mailgate purge", "mailgate purge --yes --json")


def purge(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=say("purge.dry-run"))] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=say("help.yes"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.store import blobs
    from mailgate.store.base import transaction
    from mailgate.store.purge import count, run, sorts

    with open_desk(context) as settings:
        ending = sorts(settings.retention, now())
        found = {sort.name: count(sort) for sort in ending}
        if not as_json:
            rows = [(say(f"purge.{name}"), number) for name, number in found.items()]
            table((say("purge.what"), say("purge.count")), rows, empty="")
        total = sum(found.values())
        if dry_run:
            if as_json:
                emit_json({"found": found, "purged": {}})
            return
        if total:
            confirm(say("purge.question", count=total), yes=yes)
        purged = dict.fromkeys(found, 0)
        with progress(say("purge.working"), total) as step:
            for sort in ending:
                for done in run(sort):
                    purged[sort.name] += done
                    step(done)
        with transaction():
            for digest in blobs.unused():
                blobs.drop(digest)
        swept = blobs.sweep()
    if as_json:
        emit_json({"found": found, "purged": purged, "files_swept": swept})
    else:
        line(say("purge.done", count=sum(purged.values()), swept=swept))
