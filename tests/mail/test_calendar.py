"""What calendar programs answer to an invitation (``mail/calendar.py``)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailgate.mail.calendar import LARGEST, CalendarReply, find_reply

UID = "meeting-1042@desk.co"


def answered(
    *lines: str, method: str = "METHOD:REPLY", uid: str = f"UID:{UID}", start: str = "DTSTART:20261125T150000Z"
) -> CalendarReply | None:
    whole = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        method,
        "BEGIN:VEVENT",
        uid,
        start,
        *lines,
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return find_reply("\r\n".join(filter(None, whole)) + "\r\n")


@pytest.mark.parametrize("said", ["ACCEPTED", "DECLINED", "TENTATIVE", "accepted"])
def test_who_is_invited_answers(said: str) -> None:
    attendee = f"ATTENDEE;CN=Juan;PARTSTAT={said}:mailto:juan@empresa.co"
    assert answered(attendee, "SEQUENCE:2") == CalendarReply(UID, said.lower(), 2)
    assert answered(attendee, method="") == CalendarReply(UID, said.lower())  # the MIME type said it


def test_the_one_who_answers_among_several_counts() -> None:
    several = ("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:luisa@empresa.co", "ATTENDEE;PARTSTAT=DECLINED:mailto:juan@e.co")
    assert answered(*several) == CalendarReply(UID, "declined")


def test_another_time_is_proposed() -> None:
    for start, moment in (
        ("DTSTART:20261126T150000Z", datetime(2026, 11, 26, 15, tzinfo=UTC)),
        ("DTSTART:20261126T150000", None),  # where?
        ("DTSTART;VALUE=DATE:20261126", None),
    ):
        assert answered(method="METHOD:COUNTER", start=start) == CalendarReply(UID, "counter", 0, moment)


@pytest.mark.parametrize("method", ["METHOD:REQUEST", "METHOD:CANCEL", "METHOD:PUBLISH"])
def test_an_invitation_of_theirs_is_no_answer(method: str) -> None:
    assert answered("ATTENDEE;PARTSTAT=ACCEPTED:mailto:juan@empresa.co", method=method) is None


def test_what_cannot_be_understood_is_no_answer() -> None:
    accepted = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:juan@empresa.co"
    assert answered(accepted, uid="") is None
    assert answered("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:juan@empresa.co") is None
    assert answered("ATTENDEE:mailto:juan@empresa.co") is None
    assert answered() is None
    assert answered(accepted, "SEQUENCE:dos") is None
    for text in ("", " \n", "hola", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "BEGIN:VEVENT"):
        assert find_reply(text) is None


def test_lengths_are_bounded() -> None:
    accepted = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:juan@empresa.co"
    long = answered(accepted, uid="UID:" + "x" * 300)
    assert long is not None
    assert len(long.uid) == 255
    assert answered(accepted, f"DESCRIPTION:{'x' * LARGEST}") is None
