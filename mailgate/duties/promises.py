"""The clock's duty on first answers: the agent is reminded before the promised time, the group at it, management after.

Each stage of each promised time is told once (``promise:7:agent:…``): a restart repeats nothing, and after a standstill
a promise that is over is told as that, and no reminder of it any more.
"""

from __future__ import annotations

from datetime import datetime

from mailgate.desk.decision import Order
from mailgate.desk.promises import TOLD, Owed, Stage, reach, stages_due
from mailgate.judgement import Desk
from mailgate.letters.orders import Cause, write
from mailgate.store import promises, tickets, turns
from mailgate.store.base import transaction


def remind_of_promises(desk: Desk, now: datetime) -> int:
    """Tell whoever is next of each first answer that is due; gives how many were told of."""
    told = 0
    for owed in promises.due(now, reach(desk.settings, now)):
        told += sum(_tell(desk, owed, stage, now) for stage in stages_due(desk.settings, owed, now))
    return told


def _tell(desk: Desk, owed: Owed, stage: Stage, now: datetime) -> bool:
    assert owed.promised_at is not None  # what has no promise is not due
    key = f"promise:{owed.number}:{stage}:{owed.promised_at.isoformat()}"
    if turns.was_done(key):
        return False
    with transaction():
        if promises.owed(owed.number) != owed or not turns.first_time(key, now):
            return False  # somebody has answered it a moment ago, or told of it
        why = f"promised for {owed.promised_at.isoformat(timespec='minutes')}"
        tickets.record(owed.number, f"promise-{stage}", actor="mailgate", now=now, why=why)
        cause = Cause.of_time(f"promise-{stage}", owed.number)
        write(desk.office, Order("promise-reminder", TOLD[stage], stage.value), cause, now)
    return True
