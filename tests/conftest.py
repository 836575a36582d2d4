"""What all tests share: a store on each engine, and a desk whose conversations read as stories."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailgate import logs
from mailgate.settings import Store
from mailgate.store.base import close_store, connection, open_store
from tests.servers import postgresql

_names = itertools.count()
logs.configure(json=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long forms of the fault tests")


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this test process."""
    try:
        with postgresql.running() as url:
            yield url
    except postgresql.NoPostgreSQL as error:
        pytest.skip(f"PostgreSQL: {error}")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Where an empty store may live, on each engine in turn."""
    if request.param == "sqlite":
        return Store(url=f"sqlite:///{tmp_path}/mailgate.db")
    return Store(url=new_database(request.getfixturevalue("postgresql_url")))


@pytest.fixture
def store(store_settings: Store) -> Iterator[Store]:
    """An open, migrated store, with this thread connected."""
    open_store(store_settings)
    with connection():
        yield store_settings
    close_store()


def new_database(server: str) -> str:
    """The URL of a new, empty database on a server."""
    import psycopg

    name = f"mailgate_{next(_names)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"
