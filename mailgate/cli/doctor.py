"""``mailgate doctor``: what is well and what is not, a line each; status 1 when something is ill."""

from __future__ import annotations

from typing import Annotated

import typer

from mailgate.cli.opening import open_desk
from mailgate.cli.show import emit_json, line, note, progress, table
from mailgate.cli.words import examples, say

EXAMPLES = examples("mailgate doctor", "mailgate doctor --deep", "mailgate doctor --json | jq .")
SOMETHING_ILL = 1


def doctor(
    context: typer.Context,
    deep: Annotated[bool, typer.Option("--deep", help=say("doctor.deep"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.doctor import ILL, examine, examine_deep

    with open_desk(context) as settings:
        found = list(examine(settings))
        if deep:
            with progress(say("doctor.reading")) as advance:
                found += list(examine_deep(advance))
    ill = [one for one in found if one.state == ILL]
    if as_json:
        told = [{"what": one.what, "state": one.state, "told": say(one.told, **one.values)} for one in found]
        emit_json({"ill": len(ill), "findings": told})
    else:
        rows = [(say(f"doctor.{one.state}"), one.what, say(one.told, **one.values)) for one in found]
        table((say("column.state"), say("doctor.what"), say("doctor.told")), rows, empty="")
        if ill:
            note(say("doctor.ill-count", count=len(ill)))
        else:
            line(say("doctor.all-well"))
    if ill:
        raise typer.Exit(SOMETHING_ILL)
