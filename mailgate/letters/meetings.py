"""The words of letters about meetings, and the invitation that goes with them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from mailgate.desk.durations import told
from mailgate.letters.invite import Invitation, make_invite
from mailgate.letters.scene import Scene
from mailgate.mail.message import Address
from mailgate.store import meetings

CANCELLED = "meeting-cancelled"


def meeting_values(scene: Scene) -> dict[str, Any]:
    """``starts_at``, ``length``, ``text``, ``changed`` of the meeting that the mail planned, moved or called off."""
    meeting = _meeting(scene)
    assert meeting is not None  # planned, or called off, by the very mail that orders the letter
    return {
        "starts_at": meeting.starts_at,
        "length": told(meeting.minutes),
        "text": meeting.text,
        "changed": meeting.sequence > 0,
    }


def _meeting(scene: Scene) -> meetings.MeetingRow | None:
    if scene.ticket is None:  # meetings are about a ticket
        return None
    if scene.letter == CANCELLED:
        return scene.known.once(meetings.called_off, scene.ticket.number)
    return scene.known.once(meetings.current, scene.ticket.number, scene.now)


def reply_values(scene: Scene) -> dict[str, Any]:
    """What an invited person answered, in words."""
    reply = scene.cause.facts.calendar_reply
    assert reply is not None  # the letter is ordered because of it
    words = scene.words
    meeting = scene.known.once(meetings.find, reply.uid)
    return {
        "answer": words["answers"][reply.answer],
        "starts_at": meeting.starts_at if meeting else None,
        "proposed": reply.proposed,
        "called_off": bool(meeting and meeting.cancelled),
        "outdated": bool(meeting and reply.sequence < meeting.sequence),
    }


def invitation(scene: Scene) -> str:
    """The VCALENDAR that goes with a letter, "" when none does."""
    ticket, desk = scene.ticket, scene.office.settings.desk
    meeting = _meeting(scene)
    if meeting is None or ticket is None:
        return ""
    matter = meeting.text.partition("\n")[0] or ticket.subject
    # The organizer stays the same through all changes, else programs take them for a stranger's; the number in the
    # summary comes back in the subject of the answer.
    return make_invite(
        Invitation(
            uid=meeting.uid,
            sequence=meeting.sequence,
            starts_at=meeting.starts_at,
            minutes=meeting.minutes,
            summary=f"{scene.tag} {matter}"[:200],
            text=meeting.text,
            organizer=Address(desk.name, ticket.desk_address),
            attendee=Address(scene.recipient.name, scene.recipient.address),
            cancelled=scene.letter == CANCELLED,
        ),
        ZoneInfo(desk.timezone),
        scene.now,
    )
