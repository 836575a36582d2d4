"""The clock's duties on PQRS: reminders at half term and some days before the last one, the breach, the month's report.

Agents and management are told of the latest stage that is due, each stage of each term once (``pqrs:7:half:…``). What
a longer standstill missed is not told afterwards: only where the PQRS stands now. The report goes to who is copied on
every PQRS, on the morning of the month's first business day, or as soon after it as a clock runs.
"""

from __future__ import annotations

from datetime import datetime

from mailgate.desk.decision import To
from mailgate.desk.pqrs import Due, PqrsFacts, latest_due, rules_of
from mailgate.desk.pqrs_commands import told
from mailgate.desk.report import Month, month_of, span
from mailgate.judgement import Desk
from mailgate.letters.orders import Cause, tell, write_all
from mailgate.letters.recipients import managers
from mailgate.letters.report import LETTER, report_of, written
from mailgate.store import pqrs, reports, tickets, turns
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
        cause = Cause.of_time(due.stage.value, known.ticket)
        write_all(desk.office, [told(due.stage.value, to) for to in (To.AGENTS, To.MANAGEMENT)], cause, now)
    return True


def send_report(desk: Desk, now: datetime) -> int:
    """Write last month's report to management when it is time; gives how many letters."""
    readers = managers(desk.office)
    month = _reported_month(desk, now) if desk.settings.pqrs.report and readers else None
    if month is None or turns.was_done(key := f"pqrs-report:{month}"):
        return 0
    report = report_of(desk.office, month, now)
    # Drawn before the transaction begins: that takes seconds, and others want to write.
    letters = {language: written(desk.office, report, language) for language in {one.language for one in readers}}
    with transaction():
        if not turns.first_time(key, now):
            return 0
        for reader in readers:
            letter = letters[reader.language]
            tell(desk.office, LETTER, reader, letter.values, now, enclosed=letter.files)
    return len(readers)


def _reported_month(desk: Desk, now: datetime) -> Month | None:
    """The month that has ended, from the morning of the first business day after it; None when the desk is younger."""
    calendar = rules_of(desk.settings).calendar
    today = calendar.day_of(now)
    this = month_of(today)
    first = calendar.business_day_from(this.first)
    opens = next((start for start, _ in calendar.open_spans(first)), None)
    if today < first or (opens is not None and now < opens):
        return None
    return this.shifted(-1) if reports.anything_before(span(this, calendar)[0]) else None
