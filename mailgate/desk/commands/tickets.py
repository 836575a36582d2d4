"""What one ticket has to do with another: ``#unir`` ``#dividir``."""

from __future__ import annotations

import re

from mailgate.desk import effects
from mailgate.desk.commands.meaning import Command, Context, Meaning, Wrong, read_nothing
from mailgate.desk.decision import Done, Order, To

MERGED = Order("merged", To.REQUESTER)
DIVIDED = Order("linked", To.REQUESTER, "divided", on_new=True)
TELL_DIVIDED = Order("notice-new", To.AGENTS, "divided", on_new=True)

_NUMBER = re.compile(r"\[?#?(\d{1,9})\]?")


def read_ticket(rest: str, context: Context) -> Meaning:
    match = _NUMBER.fullmatch(rest.strip(" ."))
    if match is None:
        raise Wrong("no-number", rest)
    number = int(match[1])
    ticket = context.desk.tickets.get(number)
    if ticket is None:
        raise Wrong("no-such-ticket", f"#{number}")
    here = context.ticket
    if here is not None and ticket.number == here.number:
        raise Wrong("same-ticket", f"#{number}")
    same = (
        here is None or ticket.requester == here.requester or (ticket.client_id and ticket.client_id == here.client_id)
    )
    if not same:  # one client would read the other's words
        raise Wrong("other-client", f"#{number}")
    done = Done("merged", f"#{number}")
    return Meaning(effects=(effects.Merge(ticket.number),), letters=(MERGED,), done=done)


def read_divide(rest: str, context: Context) -> Meaning:
    """The client's last words become a ticket of their own; both the client and the agents are told its number."""
    read_nothing(rest)
    if not context.desk.divisible:
        raise Wrong("nothing-to-divide")
    return Meaning(effects=(effects.Divide(),), letters=(DIVIDED, TELL_DIVIDED), done=Done("divided"))


COMMANDS = (
    Command("unir", ("merge", "fusionar"), read_ticket, names="ticket"),
    Command("dividir", ("split", "otro-tema", "other-matter"), read_divide),
)
