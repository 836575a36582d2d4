"""The clock's duty on tickets that wait for their client: one reminder, and the end when no answer comes.

Business days count from when the ticket was last touched: a new word of anybody begins the count anew.
"""

from __future__ import annotations

from datetime import datetime

from mailgate.desk import lifecycle
from mailgate.desk.decision import Order, To
from mailgate.desk.facts import Status
from mailgate.desk.lifecycle import Happening
from mailgate.desk.worktime import calendar_of
from mailgate.judgement import Desk
from mailgate.letters.orders import Cause, write
from mailgate.store import ticket_file, tickets, turns
from mailgate.store.base import transaction
from mailgate.store.ticket_facts import ticket_facts

REMIND = Order("waiting-reminder", To.REQUESTER)
CLOSE = Order("closed-waiting", To.REQUESTER)


def close_what_waits(desk: Desk, now: datetime) -> int:
    """Remind of, or close, every ticket that has waited long enough; gives how many. Nothing in closed hours."""
    calendar = calendar_of(desk.settings)
    if not calendar.is_open(now):
        return 0
    chosen, done = desk.settings.desk, 0
    for number, since in ticket_file.waiting():
        days = calendar.business_days_between(calendar.day_of(since), calendar.day_of(now))
        if days >= chosen.auto_close_days:
            done += _step(desk, number, since, CLOSE, now)
        elif days >= chosen.remind_days:
            done += _step(desk, number, since, REMIND, now)
    return done


def _step(desk: Desk, number: int, since: datetime, order: Order, now: datetime) -> bool:
    key = f"{order.letter}:{number}:{since.isoformat()}"
    if turns.was_done(key):
        return False
    with transaction():
        ticket = ticket_facts(number)
        if ticket is None or ticket.status is not Status.WAITING or not turns.first_time(key, now):
            return False
        tickets.record(number, order.letter, actor="mailgate", now=now, why=f"waiting since {since.isoformat()}")
        if order is CLOSE:
            status = lifecycle.after(ticket.status, Happening.WAITED_OUT)
            tickets.set_status(number, status, now)
            tickets.record(number, "status", actor="mailgate", now=now, why=f"{ticket.status} → {status}")
        write(desk.office, order, Cause.of_time(order.letter, number), now)
    return True
