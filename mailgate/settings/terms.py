"""Time: when the desk works, what it promises, and the legal terms of a PQRS."""

from __future__ import annotations

import functools
import re
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from mailgate.settings.section import Addr, Section

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Calendar(Section):
    """When the desk works: promises and legal terms are counted with it."""

    hours: dict[Weekday, str] = Field(
        default_factory=lambda: dict.fromkeys(WEEKDAYS[:5], "08:00-17:00"),
        description="Opening hours of each weekday, such as '08:00-12:00, 13:00-17:00'; a day left out is closed.",
    )
    business_days: tuple[Weekday, ...] = Field(
        WEEKDAYS[:5], min_length=1, description="Weekdays that count in a term of business days."
    )
    extra_holidays: tuple[date, ...] = Field((), description="Your own days off, beside Colombia's holidays.")
    working_holidays: tuple[date, ...] = Field((), description="Holidays on which you do work.")

    @model_validator(mode="after")
    def _sane(self) -> Calendar:
        if not any(self.week):
            raise ValueError("hours must open on one weekday at least, as in {mon = '08:00-17:00'}")
        return self

    @property
    def week(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Monday to Sunday: opening spans as minutes of the day, in order."""
        return tuple(_spans(self.hours.get(name, "")) for name in WEEKDAYS)


PqrsType = Literal["peticion", "informacion", "consulta", "queja", "reclamo", "sugerencia", "felicitacion", "denuncia"]
PQRS_TYPES: tuple[PqrsType, ...] = get_args(PqrsType)


class Pqrs(Section):
    """Petitions, complaints, claims and suggestions: which, and how long their legal terms are."""

    types: tuple[PqrsType, ...] = Field(
        PQRS_TYPES[:-1], min_length=1, description="Types taken; add denuncia where you take reports of wrongdoing."
    )
    terms: dict[PqrsType, int] = Field(
        default_factory=lambda: {name: {"informacion": 10, "consulta": 30}.get(name, 15) for name in PQRS_TYPES},
        description="Business days to answer each type; those left out keep 15, 10 and 30. Ask your lawyer.",
    )
    after_hours_next_day: bool = Field(
        True, description="What comes after closing time or on a day off counts as filed on the next business day."
    )
    extension_limit: float = Field(
        2.0, ge=1, le=4, description="Longest term with its extension, as a multiple of the first one."
    )
    reminder_days: tuple[Annotated[int, Field(ge=0, le=60)], ...] = Field(
        (3, 1), description="Business days before the last one on which agents and management are reminded."
    )
    managers: dict[PqrsType, tuple[Addr, ...]] = Field(
        default_factory=dict, description="Further managers who are copied on one type: {queja = ['gerente@acme.co']}."
    )
    same_matter_minutes: int = Field(
        60, ge=0, le=1440, description="So long, another mail of the same person on the same matter is a comment."
    )
    report: bool = Field(
        True, description="Send management, on a month's first business day, the report of the one before."
    )

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, values: Any) -> Any:
        """Types that the file does not name keep their term."""
        if isinstance(values, dict) and isinstance(values.get("terms"), dict):
            usual = cls.model_fields["terms"].get_default(call_default_factory=True)
            values = values | {"terms": usual | values["terms"]}
        return values

    @model_validator(mode="after")
    def _sane(self) -> Pqrs:
        if any(not 1 <= days <= 250 for days in self.terms.values()):
            raise ValueError("terms are business days, from 1 to 250")
        if "peticion" not in self.types:
            raise ValueError("types must hold peticion: what is doubtful counts as one")
        return self


Urgency = Literal["urgent", "high", "normal", "low"]
Hours = Annotated[float, Field(gt=0, le=1000)]


class Plan(Section):
    """What one plan of policies promises; what it leaves out is as for everybody."""

    urgent: Hours | None = None
    high: Hours | None = None
    normal: Hours | None = None
    low: Hours | None = None
    hours: dict[Weekday, str] | None = None  # opening hours of its own

    @model_validator(mode="after")
    def _sane(self) -> Plan:
        if self.hours is not None and not any(self.week):
            raise ValueError("hours must open on one weekday at least, as in {mon = '08:00-17:00'}")
        return self

    @property
    def week(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Monday to Sunday, as the calendar's; nothing opens when the plan has no hours of its own."""
        return tuple(_spans((self.hours or {}).get(name, "")) for name in WEEKDAYS)


USUAL_HOURS: dict[Urgency, float] = {"urgent": 1, "high": 4, "normal": 8, "low": 16}


class Promises(Section):
    """How soon a ticket gets its first answer, in opening hours, and who is told before it is late."""

    first_answer: dict[Urgency, Hours] = Field(
        default_factory=lambda: dict(USUAL_HOURS),
        description="Opening hours until the first answer, by urgency; empty: nothing is promised.",
    )
    plans: dict[str, Plan] = Field(
        default_factory=dict,
        description="Plans with hours of their own: {Oro = {urgent = 0.5, normal = 4, hours = {sat = '08:00-12:00'}}}.",
    )
    remind_minutes: int = Field(
        60, ge=1, le=6000, description="Opening minutes before the promised time in which the agent is reminded."
    )
    management_minutes: int = Field(
        60, ge=0, le=6000, description="Opening minutes after it in which management is told; the group is at it."
    )

    @model_validator(mode="after")
    def _sane(self) -> Promises:
        if self.first_answer and "normal" not in self.first_answer:
            raise ValueError("first_answer must hold normal: what has no urgency of its own is that")
        return self


@functools.lru_cache(maxsize=256)  # settings say the same all day
def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """'08:00-12:00, 13:00-17:00' as minutes of the day. Raises ValueError for what is no hours, or overlaps."""
    spans: list[tuple[int, int]] = []
    for piece in filter(None, (part.strip() for part in text.split(","))):
        match = re.fullmatch(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", piece, re.ASCII)
        start, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
        if match is None or int(match[2]) > 59 or int(match[4]) > 59 or not start < end <= 24 * 60:
            raise ValueError(f"'{piece}' is no opening time; write it as 08:00-17:00")
        if spans and start < spans[-1][1]:
            raise ValueError(f"'{text}' has opening times that overlap or go backwards")
        spans.append((start, end))
    return tuple(spans)


class AboutTerms(Section):
    """The sections of this file, by their names in the TOML."""

    calendar: Calendar = Calendar()
    pqrs: Pqrs = Pqrs()
    promises: Promises = Promises()
