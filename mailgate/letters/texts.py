"""Short messages that go with a letter: which letters have one, what it says, and to which mobile. Reads the store.

A message says that there is something to read, and nothing of what it is: a telephone lies on a table. It leaves in
opening hours only, to who has not asked for none, to countries that the settings name, and so many a day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailgate.desk.facts import TicketFacts
from mailgate.desk.worktime import calendar_of
from mailgate.letters.filters import when_told
from mailgate.letters.scene import Cause, Office
from mailgate.store import briefs, meetings, texts

DAY = timedelta(days=1)
# Which letter's coming is told, and as what.
EVENTS = {
    "acknowledgement": "opening", "linked": "opening", "answer": "answer", "meeting": "meeting",
    "meeting-cancelled": "meeting", "closed": "closing", "closed-waiting": "closing",
}  # fmt: skip
CANCELLED = "meeting-cancelled"


def queue_text(office: Office, letter: str, ticket: TicketFacts | None, cause: Cause, now: datetime) -> None:
    """Queue the message that goes with a letter to the requester, where there is one. In the letter's transaction."""
    settings, event = office.settings.sms, EVENTS.get(letter)
    if not settings.on or ticket is None or event not in settings.events or texts.has_stopped(ticket.requester):
        return
    mobile = briefs.mobile_of(ticket.number)
    if not mobile.startswith(settings.prefixes) or _too_many(office, mobile, now):
        return
    words = _words(office, CANCELLED if letter == CANCELLED else event, ticket, now)
    why = cause.intake_id if cause.intake_id is not None else now.isoformat(timespec="minutes")
    once = f"{event}:{ticket.number}:{why}"
    texts.queue(
        ticket.number, mobile, event, words, now, not_before=calendar_of(office.settings).next_open(now), once=once
    )


def queue_alert(office: Office, ticket: TicketFacts, now: datetime) -> None:
    """Wake those on call: an urgent ticket, at any hour."""
    for mobile in office.settings.urgent.mobiles if office.settings.sms.on else ():
        words = office.renderer.words(office.settings.desk.language)["sms"]["urgent"]
        text = words.format(desk=office.settings.desk.name, tag=_tag(office, ticket), when="")
        texts.queue(ticket.number, mobile, "urgent", text, now, not_before=now, once=f"urgent:{ticket.number}:{mobile}")


def _too_many(office: Office, mobile: str, now: datetime) -> bool:
    return texts.queued_since(now - DAY, mobile) >= office.settings.sms.per_mobile_day


def _words(office: Office, key: str, ticket: TicketFacts, now: datetime) -> str:
    words = office.renderer.words(ticket.language)["sms"][key]
    planned = meetings.next_one(ticket.number, now) if key == "meeting" else None
    zone = ZoneInfo(office.settings.desk.timezone)
    when = when_told(planned.starts_at, zone, ticket.language) if planned else ""
    return str(words.format(desk=office.settings.desk.name, tag=_tag(office, ticket), when=when))


def _tag(office: Office, ticket: TicketFacts) -> str:
    return office.settings.desk.tag.format(number=ticket.number)
