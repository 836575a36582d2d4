"""The clock's duty on PQRS: reminders at half term and some days before the last one, and the breach.

Agents and management are told of the latest stage that is due, each stage of each term once (``pqrs:7:half:…``). What
a longer standstill missed is not told afterwards: only where the PQRS stands now.
"""

from __future__ import annotations

from datetime import datetime

from mailgate.desk.decision import To
from mailgate.desk.facts import Facts
from mailgate.desk.pqrs import Due, PqrsFacts, latest_due, rules_of
from mailgate.desk.pqrs_commands import told
from mailgate.letters.orders import Cause, write
from mailgate.mail.message import Message
from mailgate.process import Desk
from mailgate.store import pqrs, tickets, turns
from mailgate.store.base import transaction


def remind_of_pqrs(desk: Desk, now: datetime) -> int:
    """Tell what is due of every open PQRS; gives how many were told of."""
    rules = rules_of(desk.settings)
    due = [(known, stage) for known in pqrs.open_ones() if (stage := latest_due(known, rules, now))]
    return sum(_tell(desk, known, stage, now) for known, stage in due)


def _tell(desk: Desk, known: PqrsFacts, due: Due, now: datetime) -> bool:
    key = f"pqrs:{known.id}:{due.stage}:{due.days_left}:{known.term.due_on.isoformat()}"
    if turns.was_done(key):
        return False
    with transaction():
        still = pqrs.of_ticket(known.ticket)  # somebody may have answered it a moment ago
        if still != known or not turns.first_time(key, now):
            return False
        why = f"{known.radicado} due {known.term.due_on}"
        tickets.record(known.ticket, f"pqrs-{due.stage}", actor="mailgate", now=now, why=why)
        cause = Cause(None, Message(), Facts(), (), due.stage.value, known.ticket)
        for to in (To.AGENTS, To.MANAGEMENT):
            write(desk.office, told(due.stage.value, to), cause, now)
    return True
