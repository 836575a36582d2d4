"""Terms of PQRS, counted by hand: when each was filed, the last day to answer, and why."""

# ruff: noqa: E501  # a table reads by its rows

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.desk.pqrs import PqrsFacts, Rules, Stage, Type, counts_from, latest_due, rules_of, stages, term_of
from mailgate.desk.pqrs_commands import correction
from mailgate.desk.worktime import Calendar
from mailgate.settings import load

BOGOTA = ZoneInfo("America/Bogota")
RULES = rules_of(load(None, {}))
P, I, C, Q, R, S, F, D = (  # noqa: E741  # the letters of PQRSFD, and I for information
    Type.PETITION, Type.INFORMATION, Type.CONSULTATION, Type.COMPLAINT, Type.CLAIM, Type.SUGGESTION, Type.PRAISE,
    Type.REPORT,
)  # fmt: skip

# (type, received in Bogotá, counts as filed on, last day, why)
TABLE: list[tuple[Type, str, str, str, str]] = [
    # January 2026: New Year's Day on a Thursday, Reyes on Monday 12.
    (I, "2026-01-02 09:00", "2026-01-02", "2026-01-19", "10: 5-9 are five, 13-16 four over Reyes, 19 the tenth"),
    (P, "2026-01-02 09:00", "2026-01-02", "2026-01-26", "15: ten until the 19th, 20-23 four, 26 the fifteenth"),
    (C, "2026-01-02 09:00", "2026-01-02", "2026-02-16", "30: fifteen until 26 Jan, 27-30 four, 2-6 five, 9-13 five, 16"),
    (I, "2026-01-01 10:00", "2026-01-02", "2026-01-19", "filed on New Year's Day: counts from the 2nd"),
    (I, "2026-01-10 11:00", "2026-01-13", "2026-01-27", "Saturday before the moved Reyes: counts from Tuesday 13"),
    (I, "2026-01-12 08:30", "2026-01-13", "2026-01-27", "on Reyes itself: Tuesday 13; 14-16 three, 19-23 five, 26, 27"),
    (Q, "2026-01-30 16:59", "2026-01-30", "2026-02-20", "the last minute of opening: that day; three whole weeks"),
    (Q, "2026-01-30 17:00", "2026-02-02", "2026-02-23", "at closing: counts from Monday"),
    # February: no holidays, 28 days.
    (P, "2026-02-02 10:00", "2026-02-02", "2026-02-23", "15 days without a holiday are three weeks"),
    (I, "2026-02-02 10:00", "2026-02-02", "2026-02-16", "10 days are two weeks"),
    (C, "2026-02-02 10:00", "2026-02-02", "2026-03-16", "30 days are six weeks"),
    (R, "2026-02-28 23:59", "2026-03-02", "2026-03-24", "a Saturday night: from Monday 2; fourteen until the 20th, 24"),
    (I, "2026-02-27 07:00", "2026-02-27", "2026-03-13", "before opening on a business day: that day"),
    # March and April: San José on Monday 23, Holy Week, Easter on 5 April.
    (P, "2026-03-02 10:00", "2026-03-02", "2026-03-24", "fourteen until Friday 20, San José on 23, so Tuesday 24"),
    (I, "2026-03-09 10:00", "2026-03-09", "2026-03-24", "nine until Friday 20, then over San José"),
    (I, "2026-03-19 10:00", "2026-03-19", "2026-04-07", "20 one, 24-27 five over San José, 30-1 eight, over Holy Week, 6, 7"),
    (P, "2026-03-20 10:00", "2026-03-20", "2026-04-15", "24-27 four, 30-1 seven, 6-10 twelve, 13-15 fifteen"),
    (C, "2026-03-20 10:00", "2026-03-20", "2026-05-07", "15 Apr is 15; 16-17 are 17, 20-24 22, 27-30 26, 4-7 May 30"),
    (I, "2026-03-25 10:00", "2026-03-25", "2026-04-10", "26-27 two, 30-1 five, 6-10 ten: Thursday and Friday out"),
    (I, "2026-04-01 16:00", "2026-04-01", "2026-04-17", "Holy Wednesday: 6-10 five, 13-17 ten"),
    (I, "2026-04-01 18:00", "2026-04-06", "2026-04-20", "Holy Wednesday after hours: counts from Easter Monday"),
    (I, "2026-04-02 09:00", "2026-04-06", "2026-04-20", "Jueves Santo: counts from Easter Monday"),
    (I, "2026-04-03 09:00", "2026-04-06", "2026-04-20", "Viernes Santo: the same"),
    (I, "2026-04-04 09:00", "2026-04-06", "2026-04-20", "Holy Saturday: the same"),
    (I, "2026-04-05 09:00", "2026-04-06", "2026-04-20", "Easter Sunday: the same"),
    (I, "2026-04-06 09:00", "2026-04-06", "2026-04-20", "Easter Monday is worked in Colombia"),
    (P, "2026-04-01 10:00", "2026-04-01", "2026-04-24", "6-24 April are fifteen"),
    # May and June: Labour Day on a Friday, Ascensión 18 May, Corpus 8 June, Sagrado Corazón 15 June, San Pedro 29.
    (I, "2026-04-30 10:00", "2026-04-30", "2026-05-15", "Friday 1 May is out: 4-8 five, 11-15 ten"),
    (P, "2026-04-30 10:00", "2026-04-30", "2026-05-25", "ten until 15 May, Ascensión on 18, 19-22 four, 25"),
    (Q, "2026-05-01 10:00", "2026-05-04", "2026-05-26", "Labour Day: from 4; 5-8 four, 11-15 nine, 19-22 thirteen, 26"),
    (I, "2026-05-29 10:00", "2026-05-29", "2026-06-16", "1-5 five, 9-12 nine over Corpus, over Sagrado Corazón, 16"),
    (P, "2026-05-29 10:00", "2026-05-29", "2026-06-23", "nine until 12 June, 16-19 thirteen, 22, 23"),
    (C, "2026-05-29 10:00", "2026-05-29", "2026-07-16", "13 until 19 Jun, 22-26 18, 30-3 22, 6-10 27, over 13 July, 14-16"),
    (I, "2026-06-13 10:00", "2026-06-16", "2026-07-01", "Saturday before Sagrado Corazón: Tuesday 16; 17-19, 22-26, 30, 1"),
    (I, "2026-06-26 10:00", "2026-06-26", "2026-07-14", "30 Jun-3 Jul four, 6-10 nine, over Chiquinquirá on 13, 14"),
    # July and August: Chiquinquirá 13 July, Independence Monday 20 July, Boyacá Friday 7, Asunción 17 August.
    (I, "2026-07-17 10:00", "2026-07-17", "2026-08-03", "Independence on Monday 20: 21-24 four, 27-31 nine, 3 Aug"),
    (I, "2026-07-20 10:00", "2026-07-21", "2026-08-04", "on Independence Day: from Tuesday 21"),
    (P, "2026-07-27 10:00", "2026-07-27", "2026-08-19", "28-31 four, 3-6 eight, 10-14 thirteen, 18, 19"),
    (I, "2026-08-06 10:00", "2026-08-06", "2026-08-24", "Boyacá out: 10-14 five, 18-21 nine over Asunción, 24"),
    (I, "2026-08-06 17:30", "2026-08-10", "2026-08-25", "after hours before Boyacá: from Monday 10; 11-14 four, 18-21, 24, 25"),
    (I, "2026-08-15 12:00", "2026-08-18", "2026-09-01", "the 15th is a Saturday, its holiday Monday 17: from Tuesday 18"),
    # September: no holidays.
    (R, "2026-09-01 10:00", "2026-09-01", "2026-09-22", "three whole weeks"),
    (S, "2026-09-01 10:00", "2026-09-01", "2026-09-22", "suggestions have the same term"),
    (F, "2026-09-01 10:00", "2026-09-01", "2026-09-22", "so has praise"),
    (D, "2026-09-01 10:00", "2026-09-01", "2026-09-22", "and a report, where it is taken"),
    (C, "2026-09-01 10:00", "2026-09-01", "2026-10-14", "thirty: six weeks, one day more for 12 October"),
    # October and November: Raza Monday 12 October, Todos los Santos 2 November, Cartagena 16 November.
    (I, "2026-10-09 10:00", "2026-10-09", "2026-10-26", "over Monday 12: 13-16 four, 19-23 nine, 26"),
    (P, "2026-10-12 10:00", "2026-10-13", "2026-11-04", "on Raza: from 13; 14-16 three, 19-23 8, 26-30 13, 3-4 Nov"),
    (I, "2026-10-30 10:00", "2026-10-30", "2026-11-17", "3-6 four, 9-13 nine, over Cartagena, 17"),
    (I, "2026-10-31 10:00", "2026-11-03", "2026-11-18", "Saturday, then Todos los Santos on Monday: from 3; 4-6, 9-13, 17, 18"),
    (P, "2026-11-11 10:00", "2026-11-11", "2026-12-03", "the 11th is worked: 12, 13, 17-20 six, 23-27 eleven, 30-3"),
    (Q, "2026-11-23 10:01", "2026-11-23", "2026-12-15", "24-27 four, 30-4 nine, 7, 9-11 thirteen over the 8th, 14, 15"),
    (I, "2026-11-27 17:31", "2026-11-30", "2026-12-15", "Friday evening: from Monday 30; 1-4 four, 7, 9-11 eight, 14, 15"),
    # December and the year's end.
    (I, "2026-12-07 10:00", "2026-12-07", "2026-12-22", "the 8th out: 9-11 three, 14-18 eight, 21, 22"),
    (I, "2026-12-08 10:00", "2026-12-09", "2026-12-23", "on the 8th, a Tuesday: from Wednesday 9"),
    (P, "2026-12-10 10:00", "2026-12-10", "2027-01-04", "11, 14-18 six, 21-24 ten, 28-31 fourteen, 4 January"),
    (I, "2026-12-18 10:00", "2026-12-18", "2027-01-05", "21-24 four, 28-31 eight, 4, 5 January"),
    (I, "2026-12-24 16:00", "2026-12-24", "2027-01-12", "28-31 four, 4-8 nine, over Reyes on the 11th, 12"),
    (I, "2026-12-24 20:00", "2026-12-28", "2027-01-13", "Christmas Eve at night: from Monday 28"),
    (I, "2026-12-31 10:00", "2026-12-31", "2027-01-18", "4-8 five, 12-15 nine, 18"),
    (C, "2026-12-31 10:00", "2026-12-31", "2027-02-15", "4-8 5, 12-15 9, 18-22 14, 25-29 19, 1-5 24, 8-12 29, 15"),
    (P, "2026-12-31 23:00", "2027-01-04", "2027-01-26", "New Year's Eve at night: from 4; 5-8 4, 12-15 8, 18-22 13, 25, 26"),
    # 2027: Easter on 28 March, so Holy Week is March's last; San José on Monday 22.
    (I, "2027-03-19 10:00", "2027-03-19", "2027-04-07", "San José on 22: 23, 24, over Thursday and Friday, 29-2 7, 5-7"),
    (P, "2027-03-19 10:00", "2027-03-19", "2027-04-14", "ten until 7 April, 8, 9, 12, 13, 14"),
    (I, "2027-03-24 18:30", "2027-03-29", "2027-04-12", "Holy Wednesday at night: from Easter Monday"),
    # 2028 is a leap year.
    (I, "2028-02-21 10:00", "2028-02-21", "2028-03-06", "22-25 four, 28-3 nine with the 29th, 6"),
]  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def test_the_table_has_its_rows() -> None:
    assert len(TABLE) >= 60
    assert len({row[:2] for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("kind", "received", "filed", "last", "why"), TABLE)
def test_the_last_day_to_answer(kind: Type, received: str, filed: str, last: str, why: str) -> None:
    term = term_of(kind, at(received), RULES)
    assert (term.counts_from.isoformat(), term.due_on.isoformat()) == (filed, last), why


def test_where_the_settings_say_so_the_day_of_arrival_counts() -> None:
    rules = rules_of(load(None, {"MAILGATE_PQRS_AFTER_HOURS_NEXT_DAY": "false"}))
    assert counts_from(at("2026-11-27 22:00"), rules) == date(2026, 11, 27)
    saturday = term_of(Type.INFORMATION, at("2026-11-28 22:00"), rules)
    assert (saturday.counts_from, saturday.due_on) == (date(2026, 11, 28), date(2026, 12, 14))


def test_a_company_has_terms_and_days_of_its_own() -> None:
    rules = rules_of(
        load(None, {"MAILGATE_PQRS_TERMS": "{queja = 3}", "MAILGATE_CALENDAR_EXTRA_HOLIDAYS": '["2026-11-25"]'})
    )
    assert term_of(Type.COMPLAINT, at("2026-11-23 10:00"), rules).due_on == date(2026, 11, 27)
    assert rules.terms[Type.CLAIM] == 15


def filed(received: str, kind: Type = Type.COMPLAINT, **changes: object) -> PqrsFacts:
    moment = at(received)
    values = {"filed_at": moment, "received_at": moment, "term": term_of(kind, moment, RULES)} | changes
    return PqrsFacts(1, "PQRS-2026-000001", kind, 1, "juan@empresa.co", **values)  # type: ignore[arg-type]


def told(known: PqrsFacts, rules: Rules = RULES) -> list[tuple[str, str, int]]:
    return [
        (due.stage.value, due.at.astimezone(BOGOTA).strftime("%Y-%m-%d %H:%M"), due.days_left)
        for due in stages(known, rules)
    ]


def test_reminders_at_half_term_three_days_and_one_day_before_then_the_breach() -> None:
    """Filed on 23 November, last day 15 December, over 8 December."""
    assert told(filed("2026-11-23 10:00")) == [
        ("half", "2026-12-02 08:00", 8),
        ("days-left", "2026-12-10 08:00", 3),
        ("days-left", "2026-12-14 08:00", 1),
        ("breach", "2026-12-16 00:00", 0),
    ]


def test_reminders_over_holy_week_and_the_years_end() -> None:
    assert told(filed("2026-03-25 10:00", Type.INFORMATION))[:2] == [
        ("half", "2026-04-01 08:00", 5),
        ("days-left", "2026-04-07 08:00", 3),
    ]
    assert told(filed("2026-12-18 10:00", Type.INFORMATION))[1:] == [
        ("days-left", "2026-12-30 08:00", 3),
        ("days-left", "2027-01-04 08:00", 1),
        ("breach", "2027-01-06 00:00", 0),
    ]


def test_an_extension_moves_what_is_still_to_come_and_repeats_nothing() -> None:
    known = filed("2026-11-23 10:00")
    term = known.term.__class__(known.term.counts_from, 15, date(2026, 12, 23), known.term.extendable_to)
    extended = filed("2026-11-23 10:00", term=term, extended_at=at("2026-12-14 09:00"))
    assert [row[:2] for row in told(extended)] == [
        ("days-left", "2026-12-18 08:00"),
        ("days-left", "2026-12-22 08:00"),
        ("breach", "2026-12-24 00:00"),
    ]


def test_a_very_short_term_is_reminded_once_a_day_and_never_before_it_was_filed() -> None:
    rules = rules_of(load(None, {"MAILGATE_PQRS_TERMS": "{queja = 2}"}))
    known = filed("2026-11-23 10:00", term=term_of(Type.COMPLAINT, at("2026-11-23 10:00"), rules))
    assert [row[:2] for row in told(known, rules)] == [
        ("days-left", "2026-11-24 08:00"),
        ("breach", "2026-11-26 00:00"),
    ]


def test_after_a_jump_of_the_clock_only_the_latest_is_told() -> None:
    known = filed("2026-11-23 10:00")
    assert latest_due(known, RULES, at("2026-12-02 07:59")) is None
    latest = latest_due(known, RULES, at("2026-12-14 12:00"))
    assert latest is not None
    assert (latest.stage, latest.days_left) == (Stage.DAYS_LEFT, 1)
    late = latest_due(known, RULES, at("2027-02-01 12:00"))
    assert late is not None
    assert late.stage is Stage.BREACH
    assert (
        latest_due(filed("2026-11-23 10:00", answered_at=at("2026-11-24 10:00")), RULES, at("2027-02-01 12:00")) is None
    )


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC)), st.sampled_from(list(Type)))
def test_every_term_ends_on_a_business_day_after_the_business_day_it_counts_from(
    received: datetime, kind: Type
) -> None:
    term, calendar = term_of(kind, received, RULES), RULES.calendar
    assert calendar.is_business_day(term.counts_from)
    assert calendar.is_business_day(term.due_on)
    assert timedelta(0) <= term.counts_from - calendar.day_of(received) <= timedelta(days=6)
    assert calendar.business_days_between(term.counts_from, term.due_on) == term.days
    assert term.due_on <= term.extendable_to


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC)),
    st.timedeltas(timedelta(0), timedelta(days=20)),
)
def test_who_files_later_is_never_due_earlier(received: datetime, later: timedelta) -> None:
    assert term_of(Type.CLAIM, received, RULES).due_on <= term_of(Type.CLAIM, received + later, RULES).due_on


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="opening hour"):
        Calendar(BOGOTA, week=((),) * 7)


@pytest.mark.parametrize("extended", [False, True])
def test_a_corrected_type_has_its_term_from_the_same_day_and_keeps_an_extension_that_was_told(extended: bool) -> None:
    received = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
    told = received + timedelta(days=5) if extended else None
    filed = PqrsFacts(
        1, "PQRS-2026-000001", P, 1042, "juan@empresa.co", received, received, term_of(P, received, RULES),
        extended_at=told,
    )  # fmt: skip
    corrected = correction(I, filed, RULES)
    assert (corrected.type, corrected.term) == (I, term_of(I, received, RULES))
    assert corrected.keeps_due is extended
