"""Prepared queries are Peewee's own, word for word and value for value, on both engines."""

from __future__ import annotations

import importlib
import pkgutil
import typing
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import peewee
import psycopg
import psycopg.types.json
import pytest

import mailgate.store
from mailgate.errors import StoreUnavailable
from mailgate.settings import Store
from mailgate.store.base import transaction
from mailgate.store.models import Agent, database
from mailgate.store.prepared import Prepared, PreparedForMany, Query, prepared, prepared_for_many

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SAMPLES: dict[Any, Any] = {
    int: 7, str: "o'Brien", bool: True, bytes: b"\x00\xff", float: 0.5, datetime: NOW,
    list[str]: ["a", "ñ"], dict[str, Any]: {"a": 1}, date: date(2026, 12, 1), Sequence[int]: [7, 8, 9],
    Sequence[str]: ["a", "ñ"],
}  # fmt: skip


def of_the_store() -> dict[str, Prepared[...] | PreparedForMany]:
    modules = [
        importlib.import_module(f"mailgate.store.{found.name}")
        for found in pkgutil.iter_modules(mailgate.store.__path__)
    ]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": one
        for module in modules
        for name, one in vars(module).items()
        if isinstance(one, Prepared | PreparedForMany)
    }


def sample(kind: Any) -> Any:
    return SAMPLES.get(kind) or SAMPLES[next(one for one in typing.get_args(kind) if one is not type(None))]


def plain(value: Any) -> Any:
    """Without the wrapping that psycopg compares by identity."""
    return value.obj if isinstance(value, psycopg.types.json.Jsonb | psycopg.Binary) else value


def test_each_says_what_peewee_would_say(store: Store) -> None:
    every = of_the_store()
    assert len(every) > 50
    for name, one in every.items():
        kinds = [kind for key, kind in typing.get_type_hints(one.ask).items() if key != "return"]
        values = [sample(kind) for kind in kinds]
        query = one.ask(*values)
        if getattr(query, "_for_update", None) and not database.for_update:
            continue  # only PostgreSQL is asked to keep others from a row
        sql, wanted = query.sql()
        got_sql, got = one.sql(*values)
        assert (got_sql, list(map(plain, got))) == (sql, list(map(plain, wanted))), name


def test_rows_are_named_and_converted_as_models_are(store: Store) -> None:
    assert _add.value("ana@x.co", ["ventas"], NOW) == 1
    row = _of.first("ana@x.co")
    model = Agent.get()
    assert (
        (row.groups, row.active, row.created_at)
        == (model.groups, True, NOW)
        == (["ventas"], model.active, model.created_at)
    )
    assert _of.first(address="nadie@x.co") is None
    assert _rename.run("ana@x.co", "Ana Peña") == 1
    assert _of.first("ana@x.co").name == "Ana Peña"


@prepared
def _add(address: str, groups: list[str], now: datetime) -> Query:
    return Agent.insert(address=address, name="Ana", groups=groups, created_at=now).returning(Agent.id)


@prepared
def _of(address: str) -> Query:
    return Agent.select().where(Agent.address == address)


@prepared
def _rename(address: str, name: str) -> Query:
    return Agent.update(name=name).where(Agent.address == address)


@pytest.mark.parametrize(
    "ask",
    [
        lambda since: Agent.select().where(Agent.created_at > since - timedelta(days=1)),
        lambda active: Agent.select().where(Agent.active if active else Agent.on_call),
        lambda name: Agent.select().where(Agent.name == f"{name}!"),
        lambda names: Agent.select().where(Agent.name.in_(list(names))),
    ],
)
def test_who_reckons_with_a_value_that_is_not_there_yet_is_told_so(store: Store, ask: Any) -> None:
    with pytest.raises(TypeError, match="not known while its SQL is written"):
        prepared(ask).rows("x")


def test_nothing_is_equal_to_none(store: Store) -> None:
    with pytest.raises(TypeError, match="is_null"):
        _of.first(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes 1 values"):
        _of.first("a", "b")  # type: ignore[call-arg]


def test_an_engine_that_cannot_serve_is_unavailable_and_a_broken_rule_is_what_it_is(store: Store) -> None:
    _add.value("ana@x.co", [], NOW)
    with pytest.raises(peewee.IntegrityError), transaction():
        _add.value("ana@x.co", [], NOW)
    database.close()
    with pytest.raises(StoreUnavailable):
        _of.first("ana@x.co")
    database.connect()


@prepared_for_many
def _named(names: Sequence[str], since: datetime) -> Query:
    return Agent.select().where(Agent.name.in_(names), Agent.created_at >= since).order_by(Agent.address)


@prepared_for_many
def _send_away(addresses: Sequence[str]) -> Query:
    return Agent.update(active=False).where(Agent.address.in_(addresses))


def test_a_list_of_any_length_is_asked_for_together(store: Store) -> None:
    for n in range(5):
        _add.value(f"{n}@x.co", [], NOW + timedelta(minutes=n))
        _rename.run(f"{n}@x.co", f"Ana {n}")
    assert [row.address for row in _named.rows(["Ana 3", "Ana 1", "nadie"], NOW)] == ["1@x.co", "3@x.co"]
    assert [row.address for row in _named.rows(["Ana 3", "Ana 1"], NOW + timedelta(minutes=2))] == ["3@x.co"]
    assert _named.rows([], NOW) == []
    assert (_send_away.run(["0@x.co", "4@x.co", "9@x.co"]), _send_away.run([])) == (2, 0)
    assert [row.active for row in Agent.select().order_by(Agent.address)] == [False, True, True, True, False]
