"""The words of letters about meetings, and the invitation that goes with them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from mailgate.desk.durations import told
from mailgate.letters.invite import Invitation, make_invite
from mailgate.letters.scene import Scene
from mailgate.mail.message import Address
from mailgate.store import meetings


def meeting_values(scene: Scene) -> dict[str, Any]:
    """``starts_at``, ``length``, ``text``, ``changed`` of the meeting that was planned last."""
    assert scene.ticket is not None  # meetings are about a ticket
    meeting = scene.known.once(meetings.last, scene.ticket.number)
    assert meeting is not None  # planned, or called off, by the very mail that orders the letter
    return {
        "starts_at": meeting.starts_at,
        "length": told(meeting.minutes),
        "text": meeting.text,
        "changed": meeting.sequence > 0,
    }


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
    }


def invitation(scene: Scene) -> str:
    """The VCALENDAR that goes with a letter, "" when none does."""
    ticket, desk = scene.ticket, scene.office.settings.desk
    meeting = scene.known.once(meetings.last, ticket.number) if ticket else None
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
            cancelled=scene.letter == "meeting-cancelled",
        ),
        ZoneInfo(desk.timezone),
        scene.now,
    )
