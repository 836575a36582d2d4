"""Many rows in one INSERT, whose SQL is written once: Peewee would write the same text again for every mail.

    _intakes = Inserting(Intake, ("digest", "channel"), unique=Intake.digest, returning=(Intake.id, Intake.digest))
    fresh = _intakes([(digest, "smtp"), …])

Columns that are not named get their model's default. Rows that are there already, by the unique column, are left as
they are and not given back. The values go through their fields' converters, as Peewee's own do; a test holds the two
side by side on both engines.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from peewee import BlobField, Field, JSONField, Model

from mailgate.store.base import is_sqlite, translated
from mailgate.store.models import database

Convert = Callable[[Any], Any]


class Inserting:
    """An INSERT for one model. Raises StoreUnavailable when the engine cannot serve."""

    def __init__(
        self, model: type[Model], columns: Sequence[str], *, unique: Field, returning: Sequence[Field] = ()
    ) -> None:
        fields = model._meta.fields
        self._into = model._meta.table_name
        self._given = [fields[name] for name in columns]
        self._constant = [
            field
            for field in model._meta.sorted_fields
            if field.name not in columns and field.default is not None and not field.primary_key
        ]
        self._end = f" ON CONFLICT ({_quoted(unique)}) DO NOTHING"
        if returning:
            self._end += f" RETURNING {', '.join(_quoted(field) for field in returning)}"
        self._converters = [_converter(field) for field in self._given]
        self._constants = [_converter(field)(_default(field)) for field in self._constant]
        self._sql = lru_cache(256)(self._write)

    def __call__(self, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Insert them; the returned columns of those that are new, in their order."""
        values: list[Any] = []
        for row in rows:
            values += [convert(value) for convert, value in zip(self._converters, row, strict=True)]
            values += self._constants
        with translated():
            cursor = database.obj.execute_sql(self._sql(len(rows), is_sqlite()), values)
            return list(cursor.fetchall()) if "RETURNING" in self._end else []

    def _write(self, count: int, sqlite: bool) -> str:
        fields = [*self._given, *self._constant]
        mark = database.obj.param
        row = ", ".join(f"json({mark})" if isinstance(field, JSONField) and sqlite else mark for field in fields)
        names, rows = ", ".join(map(_quoted, fields)), ", ".join([f"({row})"] * count)
        return f'INSERT INTO "{self._into}" ({names}) VALUES {rows}{self._end}'  # noqa: S608  # names of our own


def _quoted(field: Field) -> str:
    return f'"{field.column_name}"'


def _default(field: Field) -> Any:
    return field.default() if callable(field.default) else field.default


def _converter(field: Field) -> Convert:
    if isinstance(field, JSONField):
        return json.dumps
    return bytes if isinstance(field, BlobField) else field.db_value  # both drivers take bytes as they are
