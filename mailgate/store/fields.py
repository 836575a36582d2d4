"""The column type Peewee lacks: an instant that keeps its zone (UTC) on every engine."""

from __future__ import annotations

import functools
from datetime import UTC, datetime

from peewee import Field


class UtcField(Field):
    """An aware instant, UTC. Written as fixed-width text, so that SQLite's text order is the order of time."""

    field_type = "TIMESTAMPTZ"

    def db_value(self, value: datetime | None) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the store; give it a time zone")
        return _written(value)

    def python_value(self, value: str | datetime | None) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        return moment.astimezone(UTC)


@functools.lru_cache(64)  # a mail's moment goes into each of its rows
def _written(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(sep=" ", timespec="microseconds")
