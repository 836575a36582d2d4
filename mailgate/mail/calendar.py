"""Reads what a calendar program answered to an invitation (RFC 5546 REPLY and COUNTER). None for everything else.

Google, Outlook and Apple write PARTSTAT on the one ATTENDEE who answers; some leave METHOD to the MIME type, and
Outlook's counter-proposal brings a new DTSTART. Total: what icalendar cannot parse is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LARGEST = 200_000  # characters
ANSWERS = {"ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentative"}


@dataclass(frozen=True, slots=True)
class CalendarReply:
    """One answer: ``uid`` of the meeting, and accepted, declined, tentative or counter."""

    uid: str
    answer: str
    sequence: int = 0
    proposed: datetime | None = None  # aware, of a counter-proposal


def find_reply(text: str) -> CalendarReply | None:
    """The answer in a text/calendar part."""
    if not text.strip() or len(text) > LARGEST:
        return None
    from icalendar import Calendar  # seldom needed, slow to load

    try:
        calendar = Calendar.from_ical(text)
        event = next(iter(calendar.walk("VEVENT")), None)
        method = str(calendar.get("METHOD", "REPLY")).upper()
        if event is None or method not in ("REPLY", "COUNTER"):
            return None
        uid, sequence = str(event.get("UID", "")).strip(), int(event.get("SEQUENCE", 0))
        if not uid:
            return None
        if method == "COUNTER":
            start = event.decoded("DTSTART")
            aware = isinstance(start, datetime) and start.tzinfo is not None
            return CalendarReply(uid[:255], "counter", sequence, start if aware else None)
        attendees = event.get("ATTENDEE", [])
        for attendee in attendees if isinstance(attendees, list) else [attendees]:
            answer = ANSWERS.get(str(attendee.params.get("PARTSTAT", "")).upper())
            if answer:
                return CalendarReply(uid[:255], answer, sequence)
    except Exception:  # icalendar raises half a dozen of others on what people's programs write
        return None
    return None
