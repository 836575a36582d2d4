"""A desk for stories: a client, an agent, and a road between them; on each engine."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mailgate.judgement import Desk
from mailgate.letters.orders import Office
from mailgate.letters.render import Renderer
from mailgate.reader import Reader
from mailgate.settings import Settings, load
from mailgate.settings import Store as StoreSettings
from mailgate.store import keys, people
from tests.leaks import find_leaks
from tests.stories import Direct, Person
from tests.trails import find_gaps

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DESK = {
    "MAILGATE_DESK_NAME": "Soporte",
    "MAILGATE_DESK_COMPANY": "Apolosoft",
    "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
    "MAILGATE_SMTP_TRUSTED_PEERS": '["198.51.100.0/24"]',
    "MAILGATE_SMTP_AUTHSERV_IDS": '["mx.desk.co"]',
}


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    with Reader(own_addresses=["soporte@desk.co"]) as reader:
        yield reader


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """The letters' templates, compiled once."""
    return Renderer(zone=ZoneInfo("America/Bogota"))


class Statements(logging.Handler):
    """Counts what is asked of the store."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


@pytest.fixture
def statements() -> Iterator[Statements]:
    counter, peewee = Statements(), logging.getLogger("peewee")
    level = peewee.level
    peewee.addHandler(counter)
    peewee.setLevel(logging.DEBUG)
    peewee.propagate = False
    yield counter
    peewee.propagate = True
    peewee.setLevel(level)
    peewee.removeHandler(counter)


@pytest.fixture
def settings(store: StoreSettings) -> Settings:
    return load(None, {**DESK, "MAILGATE_STORE_URL": store.url})


@pytest.fixture
def desk(settings: Settings, reader: Reader, renderer: Renderer) -> Desk:
    """A desk with one client (two contacts), another client, and two agents."""
    contacts = [("juan@empresa.co", "Juan Peña"), ("luisa@empresa.co", "Luisa Ríos")]
    empresa = people.ClientEntry("ABC123", "900123456", "Empresa S.A.", contacts=contacts)
    otra = people.ClientEntry("XYZ789", "900765432", "Otra S.A.S.", contacts=[("otra@otra.co", "Olga")])
    people.save_client(empresa, NOW)
    people.save_client(otra, NOW)
    people.save_agent("ana@desk.co", "Ana María Peña", NOW)
    people.save_agent("luis@desk.co", "Luis Gómez", NOW)
    office = Office(settings, renderer, keys.key_ring(None, NOW), secrets.token_bytes)
    return Desk(settings, reader.read, office)


@pytest.fixture(autouse=True)
def nothing_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever the story: no note, command, agent's address or other client's word is in a letter to a client, and the
    audit trail tells each state of each ticket and each mail on it.
    """
    if "desk" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("desk")  # so that the store is still there when the story is over
    yield
    assert find_leaks() == []
    assert find_gaps() == []


@pytest.fixture
def road(desk: Desk) -> Direct:
    return Direct(desk)


@pytest.fixture
def person(road: Direct) -> Callable[..., Person]:
    """Anybody with a mail program: ``person("x@y.co", "Name")``."""
    return lambda address, name="": Person(road, address, name)


@pytest.fixture
def juan(road: Direct) -> Person:
    return Person(road, "juan@empresa.co", "Juan Peña")


@pytest.fixture
def ana(road: Direct) -> Person:
    return Person(road, "ana@desk.co", "Ana María Peña")


@pytest.fixture
def luis(road: Direct) -> Person:
    return Person(road, "luis@desk.co", "Luis Gómez")
