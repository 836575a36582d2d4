"""The words of letters about meetings, and the invitation that goes with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from mailgate.desk.durations import told
from mailgate.desk.facts import TicketFacts
from mailgate.letters.invite import Invitation, make_invite
from mailgate.letters.scene import Office, Recipient, Scene
from mailgate.mail.message import Address
from mailgate.store import meetings

WITH_INVITATION = {"meeting", "meeting-cancelled"}


def meeting_values(scene: Scene) -> dict[str, Any]:
    """``starts_at``, ``length``, ``text``, ``changed`` of the meeting that was planned last."""
    assert scene.ticket is not None  # meetings are about a ticket
    meeting = meetings.last(scene.ticket.number)
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
    words = scene.office.renderer.words(scene.recipient.language)
    meeting = meetings.find(reply.uid)
    return {
        "answer": words["answers"][reply.answer],
        "starts_at": meeting.starts_at if meeting else None,
        "proposed": reply.proposed,
    }


def invitation(office: Office, letter: str, recipient: Recipient, ticket: TicketFacts | None, now: datetime) -> str:
    """The VCALENDAR that goes with a letter, "" when none does."""
    meeting = meetings.last(ticket.number) if ticket and letter in WITH_INVITATION else None
    if meeting is None or ticket is None:
        return ""
    desk = office.settings.desk
    matter = meeting.text.partition("\n")[0] or ticket.subject
    # The organizer stays the same through all changes, else programs take them for a stranger's; the number in the
    # summary comes back in the subject of the answer.
    return make_invite(
        Invitation(
            uid=meeting.uid,
            sequence=meeting.sequence,
            starts_at=meeting.starts_at,
            minutes=meeting.minutes,
            summary=f"{desk.tag.format(number=ticket.number)} {matter}"[:200],
            text=meeting.text,
            organizer=Address(desk.name, ticket.desk_address),
            attendee=Address(recipient.name, recipient.address),
            cancelled=letter == "meeting-cancelled",
        ),
        ZoneInfo(desk.timezone),
        now,
    )
