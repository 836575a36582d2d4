"""Invitations as calendar programs read them (RFC 5545, RFC 5546): REQUEST, its updates, CANCEL. Pure.

The same UID all along, a higher SEQUENCE with each change, times in the desk's zone with its VTIMEZONE, so that
Google, Outlook and Apple show their buttons and move the entry that is already there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from mailgate.mail.message import Address


@dataclass(frozen=True, slots=True)
class Invitation:
    """One meeting, for one person."""

    uid: str
    sequence: int
    starts_at: datetime  # aware
    minutes: int
    summary: str
    text: str
    organizer: Address
    attendee: Address
    cancelled: bool = False


def make_invite(invitation: Invitation, zone: ZoneInfo, now: datetime) -> str:
    """The VCALENDAR, its lines folded, ended by line feeds."""
    calendar = Calendar()
    calendar.add("PRODID", "-//mailgate//help desk//ES")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "CANCEL" if invitation.cancelled else "REQUEST")
    starts = invitation.starts_at.astimezone(zone)
    event = Event()
    event.add("UID", invitation.uid)
    event.add("SEQUENCE", invitation.sequence)
    event.add("DTSTAMP", now)
    event.add("DTSTART", starts)
    event.add("DTEND", starts + timedelta(minutes=invitation.minutes))
    event.add("SUMMARY", invitation.summary)
    if invitation.text:
        event.add("DESCRIPTION", invitation.text)
    event.add("STATUS", "CANCELLED" if invitation.cancelled else "CONFIRMED")
    event.add("ORGANIZER", _person(invitation.organizer), encode=False)
    attendee = _person(invitation.attendee)
    for name, value in (("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "NEEDS-ACTION"), ("RSVP", "TRUE")):
        attendee.params[name] = vText(value)
    event.add("ATTENDEE", attendee, encode=False)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical().decode()).replace("\r\n", "\n")


def _person(address: Address) -> vCalAddress:
    person = vCalAddress(f"mailto:{address.address}")
    if address.name:
        person.params["CN"] = vText(address.name)
    return person
