"""Promised times: by plan and urgency, in opening hours, over years; and who is told when one runs out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.desk.promises import Owed, Stage, calendar_for, promise, reach, stages_due
from mailgate.desk.worktime import calendar_of
from mailgate.errors import ConfigError
from mailgate.settings import Settings, load

PLANS = (
    '{Oro = {urgent = 0.5, normal = 4, hours = {mon="07:00-19:00", tue="07:00-19:00", wed="07:00-19:00",'
    ' thu="07:00-19:00", fri="07:00-19:00", sat="08:00-12:00"}}, Plata = {normal = 6}}'
)
SETTINGS = load(None, {"MAILGATE_PROMISES_PLANS": PLANS})
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC))
DAYS = st.timedeltas(timedelta(0), timedelta(days=9))
PLAN_NAMES = st.sampled_from(["", "Oro", "plata", "ORO", "Otro"])
PRIORITIES = st.sampled_from(["low", "normal", "high"])


def bogota(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00-05:00")


def owed(opened: datetime, plan: str = "", priority: str = "normal", *, urgent: bool = False) -> Owed:
    return Owed(1, plan, priority, urgent, opened)


def promised(opened: str, plan: str = "", priority: str = "normal", *, urgent: bool = False) -> datetime:
    moment = bogota(opened)
    made = promise(SETTINGS, owed(moment, plan, priority, urgent=urgent), moment)
    assert made is not None
    return made.at


@pytest.mark.parametrize(
    ("opened", "plan", "priority", "at"),
    [
        ("2026-11-23T08:00", "", "normal", "2026-11-23T16:00"),
        ("2026-11-23T10:00", "", "normal", "2026-11-24T09:00"),  # nine hours a day
        ("2026-11-27T16:30", "", "high", "2026-11-30T11:30"),  # over a weekend
        ("2026-11-22T11:00", "", "normal", "2026-11-23T16:00"),  # written on a Sunday
        ("2026-11-23T10:00", "plata", "normal", "2026-11-23T16:00"),
        ("2026-11-27T18:00", "Oro", "normal", "2026-11-28T11:00"),  # its own Saturday morning
        ("2026-04-01T16:00", "", "normal", "2026-04-06T15:00"),  # Holy Thursday and Friday are closed
        ("2027-03-24T16:00", "", "high", "2027-03-29T11:00"),  # another year's Holy Week
        ("2026-01-09T16:00", "", "high", "2026-01-13T11:00"),  # Reyes Magos, moved to Monday the 12th
        ("2026-12-24T16:30", "", "low", "2026-12-29T14:30"),
    ],
)
def test_the_first_answer_is_promised_in_opening_hours(opened: str, plan: str, priority: str, at: str) -> None:
    assert promised(opened, plan, priority) == bogota(at)


def test_what_became_urgent_counts_from_now_and_no_promise_is_for_the_past() -> None:
    opened, now = bogota("2026-11-23T08:00"), bogota("2026-11-25T10:00")
    urgent = promise(SETTINGS, owed(opened, urgent=True), now)
    raised = promise(SETTINGS, owed(opened, priority="high"), now)
    assert urgent is not None
    assert raised is not None
    assert urgent.at == bogota("2026-11-25T11:00")
    assert raised.at == bogota("2026-11-25T14:00")
    assert urgent.why == "1 opening hours: urgent, no plan"


def test_a_desk_may_promise_nothing() -> None:
    settings = load(None, {"MAILGATE_PROMISES_FIRST_ANSWER": "{}"})
    assert promise(settings, owed(bogota("2026-11-23T08:00")), bogota("2026-11-23T08:00")) is None


@given(MOMENTS, PLAN_NAMES, PRIORITIES, st.booleans())
def test_a_promise_never_falls_in_closed_time_nor_before_its_hours_are_over(
    opened: datetime, plan: str, priority: str, urgent: bool
) -> None:
    made = promise(SETTINGS, owed(opened, plan, priority, urgent=urgent), opened)
    assert made is not None
    calendar = calendar_for(SETTINGS, plan)
    just_before = made.at - timedelta(microseconds=1)
    assert calendar.is_open(just_before)  # in open time, or the minute it ends
    hours = float(made.why.partition(" ")[0])
    assert calendar.open_time_between(opened, made.at) == timedelta(hours=hours)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=30)), PLAN_NAMES, PRIORITIES)
def test_who_writes_later_is_promised_no_earlier(opened: datetime, later: timedelta, plan: str, priority: str) -> None:
    first, second = (promise(SETTINGS, owed(at, plan, priority), at) for at in (opened, opened + later))
    assert first is not None
    assert second is not None
    assert first.at <= second.at


@given(MOMENTS, st.floats(0.1, 100), st.floats(0.1, 100))
def test_more_hours_are_never_earlier(opened: datetime, some: float, more: float) -> None:
    calendar = calendar_of(SETTINGS)
    few, many = sorted((some, more))
    assert calendar.add_open_time(opened, timedelta(hours=few)) <= calendar.add_open_time(opened, timedelta(hours=many))


EASTER = {2024: date(2024, 3, 31), 2025: date(2025, 4, 20), 2026: date(2026, 4, 5), 2027: date(2027, 3, 28),
          2028: date(2028, 4, 16), 2029: date(2029, 4, 1), 2030: date(2030, 4, 21)}  # fmt: skip


@pytest.mark.parametrize("year", EASTER)
def test_holy_week_and_moved_mondays_are_right_in_every_year(year: int) -> None:
    """Thursday and Friday before Easter are closed, Monday to Wednesday open; three feasts are Mondays after it."""
    calendar, easter = calendar_of(SETTINGS), EASTER[year]
    closed = [easter + timedelta(days=days) for days in (-3, -2, 43, 64, 71)]
    assert [day for day in closed if calendar.open_spans(day)] == []
    assert all(day.weekday() == 0 for day in closed[2:])
    joseph = date(year, 3, 19)
    joseph += timedelta(days=-joseph.weekday() % 7)  # his Monday falls into Holy Week in some years
    worked = {easter + timedelta(days=days) for days in (-6, -5, -4, 1)}
    assert {day for day in worked if not calendar.open_spans(day)} == worked & {joseph}
    for month, day in ((1, 6), (3, 19), (6, 29), (8, 15), (10, 12), (11, 1), (11, 11)):  # Ley 51 de 1983
        feast = date(year, month, day)
        moved = feast + timedelta(days=-feast.weekday() % 7)
        assert not calendar.open_spans(moved), (feast, moved)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-11-23T14:59", ()),
        ("2026-11-23T15:00", (Stage.AGENT,)),
        ("2026-11-23T15:59", (Stage.AGENT,)),
        ("2026-11-23T16:00", (Stage.GROUP,)),
        ("2026-11-23T16:59", (Stage.GROUP,)),
        ("2026-11-23T17:00", (Stage.GROUP, Stage.MANAGEMENT)),
        ("2026-12-23T17:00", (Stage.GROUP, Stage.MANAGEMENT)),
    ],
)
def test_agent_then_group_then_management(now: str, told: tuple[Stage, ...]) -> None:
    waiting = Owed(1, "", "normal", False, bogota("2026-11-23T08:00"), bogota("2026-11-23T16:00"))
    assert stages_due(SETTINGS, waiting, bogota(now)) == told


def test_a_short_promise_is_reminded_of_at_its_half() -> None:
    waiting = Owed(1, "Oro", "normal", True, bogota("2026-11-23T10:00"), bogota("2026-11-23T10:30"))
    assert stages_due(SETTINGS, waiting, bogota("2026-11-23T10:14")) == ()
    assert stages_due(SETTINGS, waiting, bogota("2026-11-23T10:15")) == (Stage.AGENT,)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"MAILGATE_PROMISES_FIRST_ANSWER": "{high = 1}"}, "must hold normal"),
        ({"MAILGATE_PROMISES_FIRST_ANSWER": "{normal = 0}"}, "must be more than 0"),
        ({"MAILGATE_PROMISES_PLANS": "{Oro = {hours = {}}}"}, "open on one weekday"),
        ({"MAILGATE_PROMISES_PLANS": "{Oro = {fast = 1}}"}, "fast"),
    ],
)
def test_a_wrong_plan_is_refused_with_a_word(wrong: dict[str, str], word: str) -> None:
    with pytest.raises(ConfigError, match=word):
        load(None, wrong)


def test_settings_without_a_word_promise_eight_hours() -> None:
    assert Settings().promises.first_answer["normal"] == 8


@given(
    MOMENTS, st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=9)), PLAN_NAMES
)
def test_nobody_is_told_of_a_promise_beyond_the_reach_of_the_day(
    opened: datetime, answered_in: timedelta, passed: timedelta, plan: str
) -> None:
    at, now = opened + answered_in, opened + passed
    if stages_due(SETTINGS, replace(owed(opened, plan), promised_at=at), now):
        assert at <= reach(SETTINGS, now)
