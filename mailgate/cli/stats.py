"""``mailgate stats``: how many mails came, what became of them, what waits."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from mailgate.cli.opening import open_desk
from mailgate.cli.show import emit_json, line, table
from mailgate.cli.words import examples, say

EXAMPLES = examples("mailgate stats", "mailgate stats --json | jq .outcomes.ticket")


def stats(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False
) -> None:
    with open_desk(context):
        counted = count()
    if as_json:
        emit_json(counted)
        return
    line(say("stats.seen", seen=counted["seen"], tickets=counted["tickets"], comments=counted["comments"]))
    rows = [(say(f"outcome.{name}"), number) for name, number in counted["outcomes"].items() if number]
    if rows:
        table((say("column.outcome"), say("column.mails")), rows, empty="")
    letters = counted["outbox"]
    line(say("stats.outbox", queued=letters["queued"], sent=letters["sent"], dead=letters["dead"]))
    messages = counted["messages"]
    if any(messages.values()):
        line(say("stats.messages", queued=messages["queued"], sent=messages["sent"], dead=messages["dead"]))
    if counted["quarantine"] or counted["held"]:
        line(say("stats.waiting", quarantine=counted["quarantine"], held=counted["held"]))


def count() -> dict[str, Any]:
    """The numbers as scripts know them; ``seen`` is the sum of all outcomes, those that wait included."""
    from mailgate.desk.decision import Outcome
    from mailgate.store import intake, outbox, texts, tickets

    outcomes = {outcome.value: 0 for outcome in Outcome} | {"pending": 0} | intake.outcomes()
    opened, comments = tickets.count()
    return {
        "seen": sum(outcomes.values()),
        "outcomes": outcomes,
        "tickets": opened,
        "comments": comments,
        "outbox": outbox.counts(),
        "messages": texts.counts(),
        "quarantine": outcomes[Outcome.QUARANTINED.value],
        "held": outcomes[Outcome.HELD.value],
    }
