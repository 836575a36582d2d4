"""Meetings of a ticket and what the invited answered. Writing verbs expect to be inside the mail's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailgate.store.base import translated
from mailgate.store.models import Event, Meeting, MeetingReply, Service, Ticket

CALLED_OFF = "meeting-cancelled"  # in the audit trail, with the UID


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as letters tell it."""

    id: int
    ticket: int
    uid: str
    sequence: int
    starts_at: datetime
    minutes: int
    text: str
    cancelled: bool


def plan(number: int, agent_id: int, starts_at: datetime, minutes: int, text: str, now: datetime) -> MeetingRow:
    """A new meeting. Its UID never changes again."""
    domain = Ticket.get_by_id(number).desk_address.rpartition("@")[2]
    serial = Meeting.select().where(Meeting.ticket == number).count() + 1
    row = Meeting.create(
        ticket=number, agent=agent_id, uid=f"t{number}-m{serial}@{domain}", starts_at=starts_at, minutes=minutes,
        text=text, created_at=now,
    )  # fmt: skip
    return _facts(row)


def move(meeting: MeetingRow, starts_at: datetime, minutes: int, text: str) -> None:
    """Another time; the old length and text stay when there is no new one, and every answer is void."""
    values = {
        "starts_at": starts_at,
        "minutes": minutes or meeting.minutes,
        "text": text or meeting.text,
        "sequence": meeting.sequence + 1,
    }
    Meeting.update(values).where(Meeting.id == meeting.id).execute()
    MeetingReply.delete().where(MeetingReply.meeting == meeting.id).execute()


def cancel(meeting: MeetingRow) -> None:
    Meeting.update(cancelled=True, sequence=meeting.sequence + 1).where(Meeting.id == meeting.id).execute()


def current(number: int, now: datetime) -> MeetingRow | None:
    """The meeting that a change is about: planned last of those still to come, or else of those that took place."""
    standing = Meeting.select().where(Meeting.ticket == number, ~Meeting.cancelled).order_by(Meeting.id.desc())
    with translated():
        row = standing.where(Meeting.starts_at > now).first() or standing.first()
        return _facts(row) if row else None


def called_off(number: int) -> MeetingRow | None:
    """The meeting that was called off last."""
    told = Event.select(Event.why).where(Event.ticket == number, Event.what == CALLED_OFF).order_by(Event.id.desc())
    with translated():
        event = told.first()
    return find(event.why) if event else None


def next_one(number: int, now: datetime) -> MeetingRow | None:
    """The meeting that was planned last of those still to come."""
    row = current(number, now)
    return row if row and row.starts_at > now else None


def find(uid: str) -> MeetingRow | None:
    with translated():
        row = Meeting.get_or_none(Meeting.uid == uid)
        return _facts(row) if row else None


def record_reply(uid: str, address: str, answer: str, sequence: int, now: datetime) -> bool:
    """What somebody answered, the last word counts. False when there is no such meeting, or it was moved since."""
    meeting = find(uid)
    if meeting is None or meeting.cancelled or sequence < meeting.sequence:
        return False
    MeetingReply.delete().where(MeetingReply.meeting == meeting.id, MeetingReply.address == address).execute()
    MeetingReply.create(meeting=meeting.id, address=address, answer=answer, at=now)
    return True


def counts(number: int) -> dict[str, int]:
    """``services``, their ``minutes``, and ``meetings`` (called off ones not) of a ticket."""
    with translated():
        minutes = [row.minutes for row in Service.select(Service.minutes).where(Service.ticket == number)]
        meetings = Meeting.select().where(Meeting.ticket == number, ~Meeting.cancelled).count()
        return {"services": len(minutes), "minutes": sum(minutes), "meetings": meetings}


def _facts(row: Meeting) -> MeetingRow:
    return MeetingRow(
        row.id, row.ticket_id, row.uid, row.sequence, row.starts_at, row.minutes, row.text, bool(row.cancelled)
    )
