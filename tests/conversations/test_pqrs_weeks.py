"""PQRS over weeks of frozen time: who is reminded of what and when, letter by letter."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailgate import clock
from mailgate.judgement import Desk
from mailgate.settings import Settings, load
from mailgate.settings import Store as StoreSettings
from mailgate.store import outbox, pqrs
from tests.conversations.conftest import DESK
from tests.stories import Direct, Person

BOGOTA = ZoneInfo("America/Bogota")


@pytest.fixture
def settings(store: StoreSettings) -> Settings:
    addresses = {
        "MAILGATE_DESK_PQRS_ADDRESS": "pqrs@desk.co",
        "MAILGATE_DESK_MANAGEMENT": '["gerencia@desk.co"]',
        "MAILGATE_PQRS_REPORT": "false",
    }
    return load(None, {**DESK, "MAILGATE_STORE_URL": store.url, **addresses})


@pytest.fixture
def gerencia(road: Direct) -> Person:
    return Person(road, "gerencia@desk.co", "Gerencia")


def until(desk: Desk, road: Direct, text: str) -> None:
    """Let time pass until a moment in Bogotá, the clock ticking every hour."""
    end = datetime.fromisoformat(text).replace(tzinfo=BOGOTA)
    while road.now < end:
        road.now = min(road.now + timedelta(hours=1), end)
        clock.tick(desk, road.now, (clock.remind_of_pqrs,))


def read(person: Person, containing: str, day: str) -> None:
    """The next letter says this, and was written on this day."""
    letter = person.receives(containing)
    written = letter.message["Date"].datetime.astimezone(BOGOTA)
    assert f"{written:%Y-%m-%d}" == day, letter.text


def test_nobody_answers_over_holy_week(desk: Desk, road: Direct, juan: Person, ana: Person, gerencia: Person) -> None:
    """Filed on Wednesday 25 March 2026; 15 business days, over Holy Thursday and Friday, end on 17 April."""
    road.now = datetime(2026, 3, 25, 10, tzinfo=BOGOTA)
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    juan.receives("17 de abril de 2026")
    until(desk, road, "2026-04-22 12:00")
    for person in (gerencia, ana):
        read(person, "Se radicó una nueva PQRS", "2026-03-25")
        read(person, "Va la mitad del término y no hay respuesta de fondo. Días hábiles que quedan: 8", "2026-04-07")
        read(person, "Recordatorio: no hay respuesta de fondo. Días hábiles que quedan: 3", "2026-04-14")
        read(person, "Días hábiles que quedan: 1", "2026-04-16")
        read(person, "VENCIDA: el término terminó el 17 de abril de 2026", "2026-04-18")
        person.receives_nothing()
    juan.receives_nothing()


def test_an_answer_in_time_ends_the_reminders(
    desk: Desk, road: Direct, juan: Person, ana: Person, gerencia: Person
) -> None:
    road.now = datetime(2026, 12, 18, 10, tzinfo=BOGOTA)
    juan.writes("PQRS petición de información", "Solicito copia de mi contrato.", to="pqrs@desk.co")
    juan.receives("5 de enero de 2027")
    notice = ana.receives()
    read(gerencia, "Se radicó", "2026-12-18")
    until(desk, road, "2026-12-29 09:00")
    read(gerencia, "Va la mitad del término", "2026-12-28")
    ana.replies(notice, "#prorroga 2027-01-08 El archivo está cerrado hasta el 5.")
    juan.receives("8 de enero de 2027")
    read(gerencia, "Se prorrogó", "2026-12-29")
    until(desk, road, "2027-01-06 10:00")
    read(gerencia, "Días hábiles que quedan: 3", "2027-01-05")
    ana.replies(notice, "#respuesta-pqrs\n\nAquí está la copia.")
    juan.receives("Aquí está la copia.")
    until(desk, road, "2027-02-01 10:00")
    read(gerencia, "Se dio la respuesta de fondo", "2027-01-06")
    gerencia.receives_nothing()
    (known,) = pqrs.listing()
    assert known.answered_at is not None
    assert not known.open


def test_each_reminder_is_told_once_whatever_restarts_and_a_jump_tells_only_where_it_stands(
    desk: Desk, road: Direct, juan: Person, gerencia: Person
) -> None:
    road.now = datetime(2026, 11, 23, 10, tzinfo=BOGOTA)
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    gerencia.receives("Se radicó")
    late = datetime(2026, 12, 14, 12, tzinfo=BOGOTA)
    assert clock.tick(desk, late, (clock.remind_of_pqrs,)) == 1
    assert [clock.tick(desk, late + timedelta(minutes=n), (clock.remind_of_pqrs,)) for n in range(5)] == [0] * 5
    gerencia.receives("Días hábiles que quedan: 1")
    gerencia.receives_nothing()


def test_no_letter_ever_names_management_and_petitioner_together(
    desk: Desk, road: Direct, juan: Person, ana: Person, gerencia: Person
) -> None:
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    gerencia.replies(gerencia.receives(), "Llámenlo.")
    ana.replies(ana.receives(), "#respuesta-pqrs\n#cerrar\n\nDisculpe.")
    until(desk, road, "2026-12-20 10:00")
    for row in outbox.rows(most=1000):
        raw = (outbox.raw_of(row.id) or b"").decode()
        heads = raw.partition("\r\n\r\n")[0]
        assert not ("gerencia@desk.co" in heads and "juan@empresa.co" in heads), heads
        if row.recipient == "juan@empresa.co":
            assert "gerencia" not in raw


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_management_reads_that_an_answer_came_late(
    desk: Desk, road: Direct, juan: Person, ana: Person, gerencia: Person
) -> None:
    road.now = datetime(2026, 11, 23, 10, tzinfo=BOGOTA)
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    notice = ana.receives("Si respondes este correo", "También puedes responder este correo así")
    gerencia.receives("Si responde este correo")
    road.now = datetime(2026, 12, 19, 9, tzinfo=BOGOTA)  # a Saturday; the term ended on Tuesday
    ana.replies(notice, "Estamos en eso.")
    gerencia.receives("no es la respuesta de fondo, y el término terminó el 15 de diciembre de 2026")
    ana.replies(notice, "#respuesta-pqrs\n#cerrar\n\nDisculpe.")
    gerencia.receives("Se dio la respuesta de fondo, tarde: el término había terminado el 15 de diciembre de 2026.")
