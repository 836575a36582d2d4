"""The business calendar: holidays as moved by law, opening hours, and sums over years of both."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.desk.worktime import Calendar, calendar_of
from mailgate.errors import ConfigError
from mailgate.settings import load

BOGOTA = ZoneInfo("America/Bogota")
OFFICE = Calendar(BOGOTA)
LUNCH = Calendar(BOGOTA, week=(((8 * 60, 12 * 60), (13 * 60, 17 * 60)),) * 5 + (((8 * 60, 12 * 60),), ()))
AROUND_THE_CLOCK = Calendar(BOGOTA, week=(((0, 24 * 60),),) * 7)
CALENDARS = st.sampled_from([OFFICE, LUNCH, AROUND_THE_CLOCK])
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))


def at(text: str) -> datetime:
    """A moment in Bogotá."""
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 1, 1), "Año Nuevo stays where it is"),
        (date(2026, 1, 12), "Reyes Magos, a Tuesday, is moved to the Monday after"),
        (date(2026, 3, 23), "San José, a Thursday, is moved to Monday"),
        (date(2026, 4, 2), "Jueves Santo 2026: Easter is on 5 April"),
        (date(2026, 4, 3), "Viernes Santo 2026"),
        (date(2027, 3, 25), "Jueves Santo 2027: Easter is on 28 March"),
        (date(2026, 5, 18), "Ascensión: 43 days after Easter"),
        (date(2026, 6, 8), "Corpus Christi: 64 days after Easter"),
        (date(2026, 6, 15), "Sagrado Corazón: 71 days after Easter"),
        (date(2026, 6, 29), "San Pedro y San Pablo falls on a Monday by itself"),
        (date(2026, 10, 12), "Día de la Raza falls on a Monday by itself"),
        (date(2026, 11, 2), "Todos los Santos, a Sunday, is moved to Monday"),
        (date(2026, 12, 8), "Inmaculada Concepción stays, on a Tuesday"),
        (date(2026, 12, 25), "Navidad stays"),
    ],
)
def test_holidays_of_colombia_are_no_business_days(day: date, why: str) -> None:
    assert not OFFICE.is_business_day(day), why
    assert OFFICE.open_spans(day) == (), why


@pytest.mark.parametrize("day", [date(2026, 1, 6), date(2026, 3, 19), date(2026, 11, 11), date(2026, 4, 6)])
def test_the_days_that_were_moved_away_are_worked_and_easter_monday_too(day: date) -> None:
    assert OFFICE.is_business_day(day)


def test_all_of_holy_week_but_two_days_is_worked() -> None:
    monday = date(2026, 3, 30)
    assert [OFFICE.is_business_day(monday + timedelta(days=n)) for n in range(7)] == [True] * 3 + [False] * 4


def test_a_company_adds_days_of_its_own_and_works_on_some_holidays() -> None:
    ours = Calendar(
        BOGOTA, extra_holidays=frozenset({date(2026, 12, 24)}), working_holidays=frozenset({date(2026, 12, 8)})
    )
    assert not ours.is_business_day(date(2026, 12, 24))
    assert ours.is_business_day(date(2026, 12, 8))
    assert ours.add_business_days(date(2026, 12, 23), 1) == date(2026, 12, 28)


def test_business_days_over_holy_week_and_the_years_end() -> None:
    assert OFFICE.add_business_days(date(2026, 3, 31), 2) == date(2026, 4, 6)  # Wednesday, then Easter Monday
    assert OFFICE.add_business_days(date(2026, 12, 30), 2) == date(2027, 1, 4)
    assert OFFICE.add_business_days(date(2026, 4, 6), -2) == date(2026, 3, 31)
    assert OFFICE.business_day_from(date(2026, 4, 2)) == date(2026, 4, 6)


def test_opening_time_is_added_over_nights_weekends_and_lunch() -> None:
    assert OFFICE.add_open_time(at("2026-11-20T16:00"), timedelta(hours=2)) == at("2026-11-23T09:00")
    assert OFFICE.add_open_time(at("2026-11-20T16:00"), timedelta(hours=1)) == at("2026-11-20T17:00")
    assert OFFICE.add_open_time(at("2026-11-21T10:00"), timedelta(0)) == at("2026-11-23T08:00")
    assert OFFICE.add_open_time(at("2026-04-01T16:30"), timedelta(hours=1)) == at("2026-04-06T08:30")
    assert LUNCH.add_open_time(at("2026-11-20T11:30"), timedelta(hours=1)) == at("2026-11-20T13:30")
    assert LUNCH.open_time_between(at("2026-11-20T07:00"), at("2026-11-21T18:00")) == timedelta(hours=12)


def test_a_zone_with_summer_time_counts_real_hours() -> None:
    new_york = Calendar(ZoneInfo("America/New_York"), week=(((0, 24 * 60),),) * 7)
    day = datetime(2026, 3, 8, tzinfo=new_york.zone)  # 23 hours long
    assert new_york.open_time_between(day, day + timedelta(days=1)) == timedelta(hours=23)


@given(CALENDARS, MOMENTS, st.timedeltas(timedelta(0), timedelta(hours=400)))
def test_a_promise_is_never_in_closed_time_and_takes_exactly_its_time(
    calendar: Calendar, moment: datetime, duration: timedelta
) -> None:
    promised = calendar.add_open_time(moment, duration)
    ends = [end for _, end in calendar.open_spans(calendar.day_of(promised - timedelta(microseconds=1)))]
    assert calendar.is_open(promised) or promised in ends
    assert promised >= moment
    assert calendar.open_time_between(moment, promised) == duration


@given(CALENDARS, MOMENTS, MOMENTS, st.timedeltas(timedelta(0), timedelta(hours=80)))
def test_who_comes_later_is_never_promised_earlier(
    calendar: Calendar, one: datetime, other: datetime, duration: timedelta
) -> None:
    first, second = sorted((one, other))
    assert calendar.add_open_time(first, duration) <= calendar.add_open_time(second, duration)


@given(DAYS, st.integers(-60, 60), st.integers(-60, 60))
def test_adding_business_days_is_monotonic_and_ends_on_one(day: date, one: int, other: int) -> None:
    few, many = sorted((one, other))
    assert OFFICE.add_business_days(day, few) <= OFFICE.add_business_days(day, many)
    for count in (few, many):
        reached = OFFICE.add_business_days(day, count)
        assert count == 0 or OFFICE.is_business_day(reached)
        if count > 0:
            assert OFFICE.business_days_between(day, reached) == count


@given(DAYS, DAYS)
def test_days_between_are_antisymmetric(one: date, other: date) -> None:
    assert OFFICE.business_days_between(one, other) == -OFFICE.business_days_between(other, one)


def test_the_settings_describe_the_calendar() -> None:
    settings = load(
        None,
        {
            "MAILGATE_CALENDAR_HOURS": '{mon = "08:00-12:00, 13:00-17:30", sat = "9:00-12:00"}',
            "MAILGATE_CALENDAR_BUSINESS_DAYS": '["mon", "sat"]',
            "MAILGATE_CALENDAR_EXTRA_HOLIDAYS": '["2026-11-28"]',
        },
    )
    calendar = calendar_of(settings)
    assert calendar.is_open(at("2026-11-23T17:29"))
    assert not calendar.is_open(at("2026-11-23T12:30"))
    assert not calendar.is_open(at("2026-11-24T10:00"))
    assert calendar.add_business_days(date(2026, 11, 23), 1) == date(2026, 11, 30)  # the Saturday is our own holiday


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ('{mon = "8 a 5"}', "'8 a 5' is no opening time"),
        ('{mon = "17:00-08:00"}', "is no opening time"),
        ('{mon = "08:00-12:00, 11:00-17:00"}', "overlap"),
        ("{}", "must open on one weekday"),
        ('{lunes = "08:00-17:00"}', "calendar.hours"),
    ],
)
def test_hours_that_cannot_be_are_refused_with_a_word(hours: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        load(None, {"MAILGATE_CALENDAR_HOURS": hours})
