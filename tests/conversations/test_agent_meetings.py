"""Meetings: the invitation, its changes, and what the clients' calendar programs answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import vobject
from icalendar import Calendar

from mailgate.store import meetings, tickets
from mailgate.store.models import MeetingReply
from tests.stories import Person, Received


@pytest.fixture
def notice(juan: Person, ana: Person, luis: Person) -> Received:
    juan.writes("Factura", "No imprime.")
    juan.receives()
    luis.receives()
    return ana.receives("No imprime.")


def invitation(letter: Received) -> tuple[str, Calendar]:
    """The method its MIME type names, and the calendar as a second reader sees it."""
    part = next(part for part in letter.message.walk() if part.get_content_type() == "text/calendar")
    return str(part.get_param("method")), Calendar.from_ical(part.get_content())


def test_an_invitation_its_change_and_its_end(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#reunion 2026-11-25 10:00 60m Cierre de mes\n\nHola, Juan: lo vemos juntos.")
    juan.receives("lo vemos juntos")
    letter = juan.receives("Te invitamos", "miércoles 25 de noviembre, 10:00 a. m.", "1 h", "Cierre de mes")
    assert "#reunion" not in letter.raw.decode("ascii")
    assert "ana@desk.co" not in letter.raw.decode("ascii")
    assert not letter.automatic
    method, calendar = invitation(letter)
    event = calendar.walk("VEVENT")[0]
    assert method == "REQUEST" == str(calendar["METHOD"])
    assert event.decoded("DTSTART") == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "America/Bogota"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["America/Bogota"]
    assert event.decoded("DTEND") == datetime(2026, 11, 25, 16, 0, tzinfo=UTC)
    assert str(event["SUMMARY"]) == "[#1] Cierre de mes"
    assert str(event["ATTENDEE"]) == "mailto:juan@empresa.co"
    assert str(event["ORGANIZER"]) == "mailto:soporte@desk.co"
    assert invitation(ana.receives("Te invitamos"))[0] == "REQUEST"  # the agent's calendar has it too
    ana.receives("reunión 2026-11-25 10:00, 1 h")

    ana.replies(notice, "#reunion mover 2026-11-26 3:30 pm 90m")
    _, moved = invitation(juan.receives("cambió de hora", "jueves 26 de noviembre, 3:30 p. m.", "Cierre de mes"))
    again = moved.walk("VEVENT")[0]
    assert (str(again["UID"]), again["SEQUENCE"]) == (str(event["UID"]), 1)

    ana.replies(notice, "#reunion cancelar")
    method, gone = invitation(juan.receives("quedó cancelada"))
    assert method == "CANCEL" == str(gone["METHOD"])
    assert (str(gone.walk("VEVENT")[0]["UID"]), str(gone.walk("VEVENT")[0]["STATUS"])) == (
        str(event["UID"]),
        "CANCELLED",
    )
    assert meetings.counts(1) == {"services": 0, "minutes": 0, "meetings": 0}
    juan.receives_nothing()


def test_another_reader_of_calendars_sees_the_same(juan: Person, ana: Person, notice: Received) -> None:
    """vobject shares no line with icalendar, which wrote them: request, change and end of one meeting."""
    ana.replies(notice, "#reunion 2026-11-25 10:00 60m Cierre de mes; «ñ, á»")
    ana.replies(notice, "#reunion mover 2026-11-26 3:30 pm 90m")
    ana.replies(notice, "#reunion cancelar")
    read = []
    for _ in range(3):
        part = next(part for part in juan.receives().message.walk() if part.get_content_type() == "text/calendar")
        read.append((str(part.get_param("method")), vobject.readOne(part.get_content())))
    assert [method for method, _ in read] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [calendar.method.value for _, calendar in read] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [calendar.vevent for _, calendar in read]
    assert len({event.uid.value for event in events}) == 1
    assert [event.sequence.value for event in events] == ["0", "1", "2"]
    assert events[0].summary.value == "[#1] Cierre de mes; «ñ, á»"
    starts = [event.dtstart.value.astimezone(UTC) for event in events]
    assert starts[:2] == [datetime(2026, 11, 25, 15, 0, tzinfo=UTC), datetime(2026, 11, 26, 20, 30, tzinfo=UTC)]
    assert (events[1].dtend.value - events[1].dtstart.value).total_seconds() == 90 * 60
    assert {event.attendee.value for event in events} == {"mailto:juan@empresa.co"}
    assert {event.organizer.value for event in events} == {"mailto:soporte@desk.co"}
    assert events[2].status.value == "CANCELLED"
    for _, calendar in read:
        assert calendar.vtimezone.tzid.value == "America/Bogota"
        calendar.serialize()  # refuses what RFC 5545 does not allow


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("#reunion pronto", "No entiendo cuándo"),
        ("#reunion 2026-11-20 10:00 60m x", "ya pasó"),
        ("#reunion cancelar", "No hay ninguna reunión"),
        ("#reunion mover 2026-11-26 10:00", "No hay ninguna reunión"),
    ],
)
def test_what_cannot_be_planned(juan: Person, ana: Person, notice: Received, command: str, told: str) -> None:
    ana.replies(notice, command)
    ana.receives(told, command)
    juan.receives_nothing()


GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20261125T150000Z
DTEND:20261125T160000Z
DTSTAMP:20261123T151000Z
ORGANIZER;CN=Soporte:mailto:soporte@desk.co
UID:t1-m1@desk.co
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={answer};CN=juan@empresa.co;X-NUM-GUESTS=0:mailto:juan@empresa.co
SEQUENCE:0
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""
OUTLOOK = """BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:SA Pacific Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:-0500
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={answer};CN=Juan Peña:mailto:juan@empresa.co
COMMENT;LANGUAGE=es-CO:\\n
UID:t1-m1@desk.co
SUMMARY;LANGUAGE=es-CO:Aceptado: [#1] Cierre de mes
DTSTART;TZID=SA Pacific Standard Time:20261125T100000
DTEND;TZID=SA Pacific Standard Time:20261125T110000
CLASS:PUBLIC
DTSTAMP:20261123T151000Z
SEQUENCE:0
X-MICROSOFT-CDO-APPT-SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""
APPLE = """BEGIN:VCALENDAR
CALSCALE:GREGORIAN
METHOD:REPLY
PRODID:-//Apple Inc.//macOS 15.1//EN
VERSION:2.0
BEGIN:VEVENT
UID:t1-m1@desk.co
DTEND;TZID=America/Bogota:20261125T110000
ORGANIZER;CN="Soporte":mailto:soporte@desk.co
DTSTART;TZID=America/Bogota:20261125T100000
ATTENDEE;CN="Juan Peña";CUTYPE=INDIVIDUAL;PARTSTAT={answer};ROLE=REQ-PARTICIPANT:mailto:juan@empresa.co
SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("program", [GOOGLE, OUTLOOK, APPLE], ids=["google", "outlook", "apple"])
@pytest.mark.parametrize(
    ("answer", "stored", "told"),
    [("ACCEPTED", "accepted", "aceptó"), ("DECLINED", "declined", "rechazó"), ("TENTATIVE", "tentative", "tal vez")],
)
def test_what_calendar_programs_answer(
    juan: Person, ana: Person, notice: Received, program: str, answer: str, stored: str, told: str
) -> None:
    ana.replies(notice, "#asignar yo\n#reunion 2026-11-25 10:00 60m Cierre de mes")
    juan.receives("Te invitamos")
    answered(juan, program.format(answer=answer))
    ana.receives("Te invitamos")
    ana.receives("Hecho")
    ana.receives(told, "Juan Peña")
    assert [(reply.address, reply.answer) for reply in MeetingReply.select()] == [("juan@empresa.co", stored)]
    juan.receives_nothing()  # machines get no answer
    ticket = tickets.full(1)
    assert ticket is not None
    assert any(event["what"] == "meeting-reply" for event in ticket["events"])


def test_a_stranger_answers_no_invitation(
    juan: Person, ana: Person, luis: Person, notice: Received, person: type[Person]
) -> None:
    ana.replies(notice, "#reunion 2026-11-25 10:00 60m Cierre de mes")
    answered(person("nadie@malo.co", "Nadie"), GOOGLE.format(answer="ACCEPTED"))
    assert MeetingReply.select().count() == 0


def answered(who: Person, calendar: str, message_id: str = "", method: str = "REPLY") -> None:
    """The mail that a calendar program sends for somebody who pressed a button."""
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime

    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"{who.name} <{who.address}>", who.desk_address, "Aceptado: Cierre"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = message_id or f"<cal@{who.address.partition('@')[2]}>"
    mail.set_content("Ha respondido.")
    mail.add_alternative(calendar, subtype="calendar", params={"method": method})
    who.road.post(mail.as_bytes(), who.address, [who.desk_address])


def test_the_second_of_two_meetings_is_called_off_and_then_the_first(
    juan: Person, ana: Person, notice: Received
) -> None:
    ana.replies(notice, "#reunion 2026-11-25 10:00 90m Cierre de mes")
    ana.replies(notice, "#reunion viernes 9:00 a 9:30 Nómina")
    ana.replies(notice, "#reunion cancelar")
    ana.replies(notice, "#reunion mover mañana a las 3 de la tarde")
    ana.replies(notice, "#reunion cancelar")
    ana.replies(notice, "#reunion cancelar")
    first, second = (
        juan.receives("1 h 30 min", "Cierre de mes"),
        juan.receives("viernes 27 de noviembre, 9:00", "30 min"),
    )
    gone = juan.receives("quedó cancelada", "Nómina")
    moved = juan.receives("cambió de hora", "martes 24 de noviembre, 3:00 p. m.", "1 h 30 min", "Cierre de mes")
    over = juan.receives("quedó cancelada", "martes 24 de noviembre, 3:00 p. m.", "Cierre de mes")
    uids = [str(invitation(letter)[1].walk("VEVENT")[0]["UID"]) for letter in (first, second, gone, moved, over)]
    assert uids == [uids[0], uids[1], uids[1], uids[0], uids[0]]
    assert uids[0] != uids[1]
    while "No hay ninguna reunión" not in ana.receives().text:
        pass
    juan.receives_nothing()


def test_nobody_is_invited_by_night_by_mistake(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#reunion 2026-11-25 3:00 1h Cierre")
    ana.receives("¿A las 03:00 de la madrugada?", "#reunion 2026-11-25 15:00 60m Cierre ?")
    ana.replies(notice, "#reunion 2026-11-25 3:00 am 1h Cierre")
    juan.receives("3:00 a. m.")


def test_an_answer_to_what_is_no_longer_so_counts_for_nothing(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#asignar yo\n#reunion 2026-11-25 10:00 60m Cierre de mes")
    ana.replies(notice, "#reunion mover 2026-11-26 10:00")
    answered(juan, OUTLOOK.format(answer="ACCEPTED"))
    for _ in range(4):
        ana.receives()
    ana.receives("aceptó", "Respondió a la hora anterior", "jueves 26 de noviembre")
    ana.replies(notice, "#reunion cancelar")
    answered(juan, OUTLOOK.format(answer="ACCEPTED").replace("SEQUENCE:0", "SEQUENCE:1"), "<later@empresa.co>")
    for _ in range(2):
        ana.receives()
    assert "La reunión es el" not in ana.receives("La reunión ya está cancelada").text
    assert MeetingReply.select().count() == 0


def test_a_client_who_calls_a_meeting_is_heard_and_an_agent_is_told_how(
    juan: Person, ana: Person, notice: Received, person: type[Person]
) -> None:
    calendar = OUTLOOK.format(answer="NEEDS-ACTION").replace("METHOD:REPLY", "METHOD:REQUEST")
    answered(juan, calendar, method="REQUEST")
    juan.receives("ya tiene número")
    assert list(ana.receives("Ha respondido.").files)  # the invitation itself
    answered(person("nadie@malo.co", "Nadie"), calendar, method="REQUEST")
    ana.receives_nothing()
    ana.desk_address = notice.reply_to
    answered(ana, calendar, method="REQUEST")
    ana.receives("convócalo con #reunion")
    juan.receives_nothing()
