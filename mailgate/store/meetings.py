"""Meetings of a ticket and what the invited answered. Writing verbs expect to be inside the mail's transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailgate.store.base import translated
from mailgate.store.models import Meeting, MeetingReply, Service, Ticket


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
    """Another time; the old text stays when there is no new one, and every answer is void."""
    values = {
        "starts_at": starts_at,
        "minutes": minutes,
        "text": text or meeting.text,
        "sequence": meeting.sequence + 1,
    }
    Meeting.update(values).where(Meeting.id == meeting.id).execute()
    MeetingReply.delete().where(MeetingReply.meeting == meeting.id).execute()


def cancel(meeting: MeetingRow) -> None:
    Meeting.update(cancelled=True, sequence=meeting.sequence + 1).where(Meeting.id == meeting.id).execute()


def last(number: int) -> MeetingRow | None:
    """The meeting of a ticket that was planned last, called off or not."""
    with translated():
        row = Meeting.select().where(Meeting.ticket == number).order_by(Meeting.id.desc()).first()
        return _facts(row) if row else None


def next_one(number: int, now: datetime) -> MeetingRow | None:
    """The meeting that was planned last, unless it is over or called off."""
    row = last(number)
    return row if row and not row.cancelled and row.starts_at > now else None


def find(uid: str) -> MeetingRow | None:
    with translated():
        row = Meeting.get_or_none(Meeting.uid == uid)
        return _facts(row) if row else None


def record_reply(uid: str, address: str, answer: str, now: datetime) -> bool:
    """What somebody answered, the last word counts. False when there is no such meeting."""
    meeting = find(uid)
    if meeting is None:
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
