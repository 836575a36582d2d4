"""The business calendar: which days count, which hours are open, and sums over both. Pure; ``now`` is never asked.

Business days are the working weekdays without the holidays of Colombia (moved to Mondays by Ley 51 de 1983, Holy Week
by Easter), with a company's own holidays added and those on which it works taken out. Days are ``date`` in the desk's
zone; moments are aware ``datetime``, and come back in UTC. A ``Calendar`` that never opens is refused (ValueError), so
that every sum ends.
"""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays

from mailgate.settings import WEEKDAYS, Settings

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]  # [from, until) in UTC
Week = tuple[tuple[tuple[int, int], ...], ...]  # Monday to Sunday: opening spans as minutes of the day

OFFICE_WEEK: Week = (((8 * 60, 17 * 60),),) * 5 + ((), ())


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a desk works."""

    zone: ZoneInfo
    week: Week = OFFICE_WEEK
    business_weekdays: frozenset[int] = frozenset(range(5))  # Monday is 0
    extra_holidays: frozenset[date] = field(default=frozenset())  # the company's own
    working_holidays: frozenset[date] = field(default=frozenset())  # holidays on which it works

    def __post_init__(self) -> None:
        if not self.business_weekdays or not any(self.week):
            raise ValueError("a calendar needs a business day and an opening hour in the week")

    # days ----------------------------------------------------------------------------------------------------------

    def day_of(self, moment: datetime) -> date:
        """The day that a moment falls on, in the desk's zone."""
        return moment.astimezone(self.zone).date()

    def is_holiday(self, day: date) -> bool:
        if day in self.extra_holidays:
            return True
        return day in _colombian_holidays(day.year) and day not in self.working_holidays

    def is_business_day(self, day: date) -> bool:
        return day.weekday() in self.business_weekdays and not self.is_holiday(day)

    def business_day_from(self, day: date) -> date:
        """That day, or the next business day when it is none."""
        while not self.is_business_day(day):
            day += DAY
        return day

    def add_business_days(self, day: date, count: int) -> date:
        """The ``count``-th business day after a day, which itself never counts; before it when negative; 0: the day."""
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day

    def business_days_between(self, first: date, last: date) -> int:
        """How many business days follow ``first`` up to and including ``last``; negative when ``last`` is earlier."""
        if last < first:
            return -self.business_days_between(last, first)
        return sum(self.is_business_day(first + n * DAY) for n in range(1, (last - first).days + 1))

    # hours ---------------------------------------------------------------------------------------------------------

    def open_spans(self, day: date) -> tuple[Span, ...]:
        """When the desk is open on a day, in order; nothing on holidays."""
        return _open_spans(self, day)

    def is_open(self, moment: datetime) -> bool:
        return any(start <= moment < end for start, end in self.open_spans(self.day_of(moment)))

    def closes_after(self, moment: datetime) -> bool:
        """Whether there is still opening time on the moment's own day, at it or later."""
        return any(moment < end for _, end in self.open_spans(self.day_of(moment)))

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself when the desk is open, else when it opens next."""
        start, _ = next(self._spans_after(moment))
        return max(start, moment.astimezone(UTC))

    def add_open_time(self, moment: datetime, duration: timedelta) -> datetime:
        """When so much opening time has passed since a moment: inside opening hours, or the minute they end.

        Raises ValueError for a negative duration.
        """
        if duration < timedelta(0):
            raise ValueError("time is added forwards")
        left = duration
        for start, end in self._spans_after(moment):
            begin = max(start, moment.astimezone(UTC))
            if left <= end - begin:
                return begin + left
            left -= end - begin
        raise AssertionError("the spans of a calendar never end")

    def open_time_between(self, first: datetime, last: datetime) -> timedelta:
        """How much opening time lies between two moments; nothing when ``last`` is not later."""
        total = timedelta(0)
        if last <= first:
            return total
        for start, end in self._spans_after(first):
            if start >= last:
                break
            total += min(end, last.astimezone(UTC)) - max(start, first.astimezone(UTC))
        return total

    def _spans_after(self, moment: datetime) -> Iterator[Span]:
        """Every span that ends after a moment, in order, for ever."""
        day = self.day_of(moment)
        while True:
            yield from (span for span in self.open_spans(day) if span[1] > moment)
            day += DAY

    def _at(self, day: date, minutes: int) -> datetime:
        """A minute of a day as a moment; minute 1440 is the next midnight."""
        days, rest = divmod(minutes, 24 * 60)
        return datetime.combine(day + days * DAY, time(rest // 60, rest % 60), self.zone).astimezone(UTC)


@functools.lru_cache(maxsize=256)
def _open_spans(calendar: Calendar, day: date) -> tuple[Span, ...]:
    """Remembered: the promises of a day look at the same few days again and again."""
    if calendar.is_holiday(day):
        return ()
    return tuple((calendar._at(day, start), calendar._at(day, end)) for start, end in calendar.week[day.weekday()])


def calendar_of(settings: Settings) -> Calendar:
    """The calendar that the settings describe."""
    chosen = settings.calendar
    return Calendar(
        ZoneInfo(settings.desk.timezone),
        week=chosen.week,
        business_weekdays=frozenset(WEEKDAYS.index(name) for name in chosen.business_days),
        extra_holidays=frozenset(chosen.extra_holidays),
        working_holidays=frozenset(chosen.working_holidays),
    )


@functools.lru_cache(maxsize=64)
def _colombian_holidays(year: int) -> frozenset[date]:
    # A set of one year, not the package's own growing object: that one is not safe between threads while it grows.
    return frozenset(_colombia()(years=year, expand=False))


@functools.cache
def _colombia() -> Any:
    """The class of that country alone: its package loads all 250, which takes half a second and 20 MB."""
    path = Path(holidays.__file__).parent / "countries" / "colombia.py"
    spec = importlib.util.spec_from_file_location("holidays_of_colombia", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Colombia
