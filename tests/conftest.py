"""What all tests share: a store on each engine, and a desk whose conversations read as stories."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

from mailgate import logs
from mailgate.settings import Store
from mailgate.store.base import close_store, connection, open_store
from tests.servers import postgresql

_names = itertools.count()
logs.configure(json=True)
hypothesis.settings.register_profile("any machine", deadline=None)  # a busy one is no mistake
hypothesis.settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """A command that a test runs in this process sets up the log for itself alone."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", help="how many processes the fault tests kill")
    parser.addoption("--mails", help="how many mails the long forms have")
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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An open, migrated store with nothing in it, and this thread connected. Tables are made once a session."""
    migrated = request.getfixturevalue(f"migrated_{request.param}")
    if request.param == "sqlite":
        shutil.copyfile(migrated, tmp_path / "mailgate.db")
        settings = Store(url=f"sqlite:///{tmp_path}/mailgate.db")
    else:
        _empty(migrated)
        settings = Store(url=migrated)
    open_store(settings, migrate=False)
    with connection():
        yield settings
    close_store()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store with its tables and nothing else; closed, so that it may be copied."""
    path = tmp_path_factory.mktemp("migrated") / "mailgate.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> str:
    """The URL of a store with its tables, that tests use one after the other."""
    url = new_database(postgresql_url)
    _migrate(url)
    return url


def _migrate(url: str) -> None:
    open_store(Store(url=url))
    close_store()


def _empty(url: str) -> None:
    import psycopg

    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%migration%'"
    with psycopg.connect(url, autocommit=True) as session:
        names = ", ".join(f'"{name}"' for (name,) in session.execute(tables))
        session.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def new_database(server: str) -> str:
    """The URL of a new, empty database on a server."""
    import psycopg

    name = f"mailgate_{next(_names)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"
