"""Queries whose SQL is written once: most of what a mail costs would else be Peewee writing the same text again.

A verb says what it asks as a plain Peewee query, in a function whose parameters are the values that change::

    @prepared
    def _of_address(address: str) -> Query:
        return Contact.select(Contact.id, Contact.name).where(Contact.address == address)

    row = _of_address.first("ana@example.com")

The function runs once for each engine, with a ``Slot`` in the place of every parameter; what Peewee writes is kept, and
the converter that each slot met. A slot can be compared with a column, stored in one, or be a limit; whoever reckons
with it, or asks whether it is true, is told so at once (TypeError), because its value is not there yet. NULL equals
nothing, so that None may be stored and not be compared.

Rows are named tuples: columns by their names, foreign keys by their ids (``client_id``), converted as models would.
"""

from __future__ import annotations

import functools
import inspect
from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, NoReturn, ParamSpec

import peewee

from mailgate.store.base import as_ours, is_sqlite
from mailgate.store.models import database

P = ParamSpec("P")
Convert = Callable[[Any], Any]
Query = peewee.BaseQuery  # what a prepared function gives
Row = Any  # a named tuple, its fields those of the query

# What the engines give for these is what Python wants.
_AS_THEY_ARE = (
    peewee.IntegerField, peewee.CharField, peewee.TextField, peewee.FloatField, peewee.ForeignKeyField,
)  # fmt: skip


class Slot:
    """A value to come: the n-th parameter."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place

    def _not_yet(self, *_: object) -> NoReturn:
        raise TypeError("a prepared query's value is not known while its SQL is written: reckon before you call it")

    __bool__ = __str__ = __len__ = __iter__ = __eq__ = __lt__ = __gt__ = __le__ = __ge__ = _not_yet
    __add__ = __radd__ = __sub__ = __rsub__ = __format__ = _not_yet
    __hash__ = None  # type: ignore[assignment]


class _Filling(NamedTuple):
    """One parameter of the SQL: a constant, or the value of a slot through its column's converter."""

    place: int | None
    constant: Any
    convert: Convert | None
    compared: bool


class _Writer(peewee.Context):
    """Peewee's writer of SQL, that keeps slots as they are."""

    def as_new(self) -> _Writer:
        """Peewee asks one whether a subquery behind IN is empty."""
        return _Writer(**self.state.settings)

    def value(self, value: Any, converter: Any = None, add_param: bool = True) -> Any:
        if not isinstance(value, Slot):
            before = len(self._values)
            super().value(value, converter, add_param)
            self._values[before:] = [
                one if isinstance(one, _Filling) else _Filling(None, one, None, False) for one in self._values[before:]
            ]
            return self
        convert = converter or (self.state.converter if converter is None else None)
        mark = self.state.param or "?"
        field = getattr(convert, "__self__", None)
        if isinstance(field, peewee.JSONField) and is_sqlite():
            convert, mark = field._dumps, f"json({mark})"  # what its converter would write around each value
        if isinstance(field, peewee.CharField | peewee.TextField):
            convert = None  # it would give the same text back
        self._values.append(_Filling(value.place, None, convert or None, bool(self.state.in_expr)))
        return self.literal(mark) if add_param else self


class _Written(NamedTuple):
    """What is done for each call is kept as short lists: of the values to take, and of those that need converting."""

    sql: str
    values: tuple[tuple[int | None, Any], ...]  # a slot's place, or None and the constant
    converted: tuple[tuple[int, Convert], ...]
    compared: frozenset[int]  # slots that must not be None
    row: Callable[[Sequence[Any]], Any]  # makes a named tuple
    converters: tuple[tuple[int, Convert], ...]  # of the columns that need one

    def refuse_none(self, given: Sequence[Any]) -> None:
        if any(given[place] is None for place in self.compared):
            raise TypeError("None is equal to nothing in SQL: ask is_null() in a query of its own")


class Prepared(Generic[P]):
    """A query to be run with values. All its ways raise StoreUnavailable when the engine cannot serve."""

    def __init__(self, ask: Callable[P, Any], names: Sequence[str] = ()) -> None:
        self.ask = ask
        self._names = tuple(names or inspect.signature(ask).parameters)
        self._written: dict[type, _Written] = {}

    def rows(self, *args: P.args, **kwargs: P.kwargs) -> list[Any]:
        """Every row."""
        written = self._ready()
        found = self._run(written, args, kwargs).fetchall()
        return [_row(written, values) for values in found]

    def first(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """The first row, None when there is none."""
        written = self._ready()
        found = self._run(written, args, kwargs).fetchall()
        return _row(written, found[0]) if found else None

    def value(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """The first column of the first row, None when there is none."""
        row = self.first(*args, **kwargs)
        return row[0] if row is not None else None

    def values(self, *args: P.args, **kwargs: P.kwargs) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.rows(*args, **kwargs)]

    def any(self, *args: P.args, **kwargs: P.kwargs) -> bool:
        """Whether there is a row."""
        return self.first(*args, **kwargs) is not None

    def run(self, *args: P.args, **kwargs: P.kwargs) -> int:
        """Change what it changes; gives how many rows."""
        return int(self._run(self._ready(), args, kwargs).rowcount)

    def sql(self, *args: P.args, **kwargs: P.kwargs) -> tuple[str, list[Any]]:
        """What the engine is told: as Peewee's own ``sql()``."""
        written = self._ready()
        return written.sql, self._values(written, args, kwargs)

    def _values(self, written: _Written, args: Sequence[Any], kwargs: dict[str, Any]) -> list[Any]:
        given = [*args, *(kwargs[name] for name in self._names[len(args) :])] if kwargs else args
        if len(given) != len(self._names):
            raise TypeError(f"{self.ask.__qualname__} takes {len(self._names)} values, and got {len(given)}")
        if None in given:
            written.refuse_none(given)
        values = [constant if place is None else given[place] for place, constant in written.values]
        for n, convert in written.converted:
            values[n] = convert(values[n])
        return values

    def _run(self, written: _Written, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        values = self._values(written, args, kwargs)
        try:
            return database.obj.execute_sql(written.sql, values)
        except (peewee.DatabaseError, peewee.InterfaceError) as error:
            raise as_ours(error) from error

    def _ready(self) -> _Written:
        """The SQL for the engine that is open."""
        engine = type(database.obj)
        if (written := self._written.get(engine)) is None:
            written = self._written[engine] = self._write()
        return written

    def _write(self) -> _Written:
        query = self.ask(*(Slot(place) for place in range(len(self._names))))  # type: ignore[call-arg,arg-type]
        sql, fillings = _Writer(**database.obj.get_context_options()).parse(query)
        columns = [_column(node) for node in getattr(query, "_returning", None) or ()]
        row = _named(tuple(name for name, _ in columns))
        return _Written(
            sql,
            tuple((one.place, one.constant) for one in fillings),
            tuple((n, one.convert) for n, one in enumerate(fillings) if one.convert),
            frozenset(one.place for one in fillings if one.compared and one.place is not None),
            row,
            tuple((n, how) for n, (_, how) in enumerate(columns) if how),
        )


def prepared(ask: Callable[P, Any]) -> Prepared[P]:
    """A query as a function of the values that change in it."""
    return Prepared(ask)


class PreparedForMany:
    """A query whose first value is a list, to stand behind IN: its SQL is written once for each length."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.ask = ask
        self._of_length = functools.lru_cache(64)(self._written_for)

    def rows(self, many: Sequence[Any], *others: Any) -> list[Any]:
        """Every row; without asking when the list is empty."""
        return self._of_length(len(many)).rows(*many, *others) if many else []

    def run(self, many: Sequence[Any], *others: Any) -> int:
        """Change what it changes; gives how many rows."""
        return self._of_length(len(many)).run(*many, *others) if many else 0

    def sql(self, many: Sequence[Any], *others: Any) -> tuple[str, list[Any]]:
        """What the engine is told: as Peewee's own ``sql()``."""
        return self._of_length(len(many)).sql(*many, *others)

    def _written_for(self, count: int) -> Prepared[...]:
        _, *others = inspect.signature(self.ask).parameters
        names = [*(f"_{n}" for n in range(count)), *others]
        return Prepared(lambda *slots: self.ask(slots[:count], *slots[count:]), names)


def prepared_for_many(ask: Callable[..., Any]) -> PreparedForMany:
    """As ``prepared``; the first of its values is a list."""
    return PreparedForMany(ask)


def _row(written: _Written, values: Sequence[Any]) -> Any:
    if written.converters:
        values = list(values)
        for place, convert in written.converters:
            values[place] = convert(values[place])
    return written.row(values)


def _named(names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    return functools.partial(tuple.__new__, row)  # as its _make, which counts the values once more


def _column(node: Any) -> tuple[str, Convert | None]:
    """A column's name in the row, and how its values become Python's."""
    field, alias = node.unwrap(), getattr(node, "_alias", None)
    if not isinstance(field, peewee.Field):
        return alias or "value", None
    name = field.object_id_name if isinstance(field, peewee.ForeignKeyField) else field.name
    return alias or name, None if isinstance(field, _AS_THEY_ARE) else field.python_value
