"""When the first answer to a ticket is promised, and who is told before and after that time. Pure.

A promise is opening time: so many hours by the policy's plan and the ticket's urgency, in which the desk is open, or in
the plan's own hours where it has some. It never falls in closed time, and is never made for the past.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailgate.desk.decision import To
from mailgate.desk.folding import folded
from mailgate.desk.worktime import Calendar, calendar_of
from mailgate.settings import Plan, Promises, Settings, Urgency


class Stage(enum.StrEnum):
    """Who is told that a first answer is due."""

    AGENT = "agent"  # it runs out soon
    GROUP = "group"  # it has run out
    MANAGEMENT = "management"  # and still nobody has answered


TOLD: Mapping[Stage, To] = {Stage.AGENT: To.AGENTS, Stage.GROUP: To.GROUP, Stage.MANAGEMENT: To.MANAGEMENT}


@dataclass(frozen=True, slots=True)
class Owed:
    """A ticket whose first answer is owed: what its promise is made of."""

    number: int
    plan: str
    priority: str  # low, normal, high
    urgent: bool
    opened_at: datetime
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """The time, and why, in words for the audit trail."""

    at: datetime
    why: str


def promise(settings: Settings, owed: Owed, now: datetime) -> Promise | None:
    """When the first answer is promised; None when this desk promises nothing.

    What became urgent counts from now; all else from the opening, unless that time is over.
    """
    urgency = _urgency(owed)
    hours = _hours(settings.promises, owed.plan, urgency)
    if hours is None:
        return None
    calendar, duration = calendar_for(settings, owed.plan), timedelta(hours=hours)
    at = calendar.add_open_time(now if owed.urgent else owed.opened_at, duration)
    if at < now:
        at = calendar.add_open_time(now, duration)
    return Promise(at, f"{hours:g} opening hours: {urgency}, {f'plan {owed.plan}' if owed.plan else 'no plan'}")


def calendar_for(settings: Settings, plan: str) -> Calendar:
    """The opening hours that a plan has."""
    calendar, own = calendar_of(settings), _plan(settings.promises, plan)
    return replace(calendar, week=own.week) if own and own.hours is not None else calendar


def stages_due(settings: Settings, owed: Owed, now: datetime) -> tuple[Stage, ...]:
    """Who should have been told by now, of those whom it still helps; nobody while there is time.

    The agent's reminder comes ``remind_minutes`` of opening time before the promise, or in the half of a short one.
    """
    rules, at = settings.promises, owed.promised_at
    if at is None:
        return ()
    calendar = calendar_for(settings, owed.plan)
    if now >= at:
        late = calendar.open_time_between(at, now)
        too_late = late >= timedelta(minutes=rules.management_minutes)
        return (Stage.GROUP, Stage.MANAGEMENT) if too_late else (Stage.GROUP,)
    whole = calendar.open_time_between(owed.opened_at, at)
    ahead = min(timedelta(minutes=rules.remind_minutes), whole / 2)
    return (Stage.AGENT,) if calendar.open_time_between(now, at) <= ahead else ()


def reach(settings: Settings, now: datetime) -> datetime:
    """Of no promise that ends later than this has anybody to be told yet, whatever the plan's hours."""
    ahead = timedelta(minutes=settings.promises.remind_minutes)
    calendars = {calendar_for(settings, plan) for plan in ("", *settings.promises.plans)}
    return max(calendar.next_open(calendar.add_open_time(now, ahead)) for calendar in calendars)


def _urgency(owed: Owed) -> Urgency:
    if owed.urgent:
        return "urgent"
    return "high" if owed.priority == "high" else "low" if owed.priority == "low" else "normal"


def _plan(rules: Promises, name: str) -> Plan | None:
    wanted = folded(name)
    return next((plan for known, plan in rules.plans.items() if wanted and folded(known) == wanted), None)


def _hours(rules: Promises, plan: str, urgency: Urgency) -> float | None:
    own = _plan(rules, plan)
    special = getattr(own, urgency) if own else None
    return special or rules.first_answer.get(urgency) or rules.first_answer.get("normal")
