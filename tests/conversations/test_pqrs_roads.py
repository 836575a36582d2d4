"""PQRS over weeks, by SMTP and by IMAP, against a service at work whose clock is turned on: Holy Week, moved Mondays,
the year's end. Management's mailbox at the end, letter by letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mailgate import clock
from mailgate.duties import timekeeping
from mailgate.store import audit, pqrs
from tests.conversations.test_roads import Mailbox, _account, desk_at_work
from tests.servers import pymap_server
from tests.stories import Person, Smtp

BOGOTA = ZoneInfo("America/Bogota")
PQRS = {"desk_pqrs_address": "pqrs@desk.co", "desk_management": '["gerencia@desk.co"]'}

# (day, what it says) of every letter to management, in order.
LETTERS = [
    ("2026-03-25", "Se radicó una nueva PQRS."),
    ("2026-03-27", "El peticionario escribió de nuevo."),
    ("2026-04-01", "PQRS radicadas en marzo de 2026: 1 (en febrero de 2026: 0)."),
    ("2026-04-06", "Se le escribió al peticionario. Aún no es la respuesta de fondo: el término sigue corriendo."),
    ("2026-04-07", "Va la mitad del término y no hay respuesta de fondo. Días hábiles que quedan: 8."),
    ("2026-04-14", "Recordatorio: no hay respuesta de fondo. Días hábiles que quedan: 3."),
    ("2026-04-15", "Se prorrogó el término hasta el 24 de abril de 2026 y se le avisó al peticionario."),
    ("2026-04-21", "Recordatorio: no hay respuesta de fondo. Días hábiles que quedan: 3."),
    ("2026-04-23", "Recordatorio: no hay respuesta de fondo. Días hábiles que quedan: 1."),
    ("2026-04-24", "Se cerró el ticket."),
    ("2026-04-24", "Se dio la respuesta de fondo: el término dejó de correr."),
    ("2026-05-04", "PQRS radicadas en abril de 2026: 0 (en marzo de 2026: 1)."),
    ("2026-06-01", "En mayo de 2026 no se radicó ninguna PQRS ni había alguna por responder."),
    ("2026-06-13", "Se radicó una nueva PQRS."),
    ("2026-07-01", "PQRS radicadas en junio de 2026: 1 (en mayo de 2026: 0)."),
    ("2026-07-01", "Recordatorio: no hay respuesta de fondo. Días hábiles que quedan: 0."),
    ("2026-07-02", "VENCIDA: el término terminó el 1 de julio de 2026 sin respuesta de fondo."),
    ("2026-12-01", "PQRS radicadas en noviembre de 2026: 0 (en octubre de 2026: 0)."),
    ("2026-12-31", "Se radicó una nueva PQRS."),
]


class Calendar:
    """The time of the story: every thread of the process lives in it."""

    def __init__(self, travel: time_machine.Coordinates) -> None:
        self._travel = travel

    def turns_to(self, text: str) -> None:
        self._travel.move_to(datetime.fromisoformat(text).replace(tzinfo=BOGOTA))


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Iterator[Calendar]:
    monkeypatch.setattr(clock, "TICK", 0.2)  # seconds: a story has no half minutes to wait
    monkeypatch.setattr(timekeeping, "REST", timedelta(0))  # its leaps are no mistake of a clock
    with time_machine.travel(datetime(2026, 3, 25, 15, tzinfo=UTC), tick=True) as travel:
        yield Calendar(travel)


@pytest.fixture(params=["smtp", "imap"])
def road(request: pytest.FixtureRequest, calendar: Calendar, tmp_path: Path) -> Iterator[Smtp]:
    """A service that listens for SMTP, or one that fetches from a mailbox; both send to a Maildir."""
    if request.param == "smtp":
        with desk_at_work(tmp_path, **PQRS) as service:
            yield Smtp(service.smtp_port or 0, tmp_path / "letters")
        return
    with pymap_server.Pymap() as server:
        account = _account(server.port, pymap_server.USER, pymap_server.PASSWORD, idle="false", poll_seconds="0.2")
        with desk_at_work(tmp_path, smtp_enabled="false", imap=account, **PQRS):
            yield Mailbox(server.port, tmp_path / "letters", pymap_server.PASSWORD, pymap_server.USER)


@pytest.fixture
def person(road: Smtp) -> Callable[..., Person]:
    return lambda address, name="": Person(road, address, name)


@pytest.mark.slow
def test_a_year_of_pqrs_as_management_reads_it(person: Callable[..., Person], calendar: Calendar) -> None:
    juan, ana, gerencia = person("juan@empresa.co", "Juan"), person("ana@desk.co", "Ana"), person("gerencia@desk.co")
    sent = juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    acknowledged = juan.receives("PQRS-2026-000001", "17 de abril de 2026 (15 días hábiles)")
    notice = ana.receives("Se radicó")
    copy = gerencia.receives("Se radicó")
    assert next(copy.message.iter_attachments()).get_content()["Message-ID"] == sent["Message-ID"]

    calendar.turns_to("2026-03-27 10:00")
    juan.replies(acknowledged, "Fue el viernes.")
    gerencia.receives("Fue el viernes.")
    calendar.turns_to("2026-04-01 09:00")  # Holy Wednesday is a business day, and April's first
    gerencia.receives("Informe de PQRS de marzo de 2026")
    calendar.turns_to("2026-04-06 10:00")  # Easter Monday is worked
    ana.replies(notice, "Estamos revisando.")
    gerencia.receives("Estamos revisando.")
    calendar.turns_to("2026-04-07 09:00")
    gerencia.receives("Días hábiles que quedan: 8")
    calendar.turns_to("2026-04-14 09:00")
    gerencia.receives("Días hábiles que quedan: 3")
    calendar.turns_to("2026-04-15 09:00")
    ana.replies(notice, "#prorroga 2026-04-24 Falta un concepto.")
    gerencia.receives("Se prorrogó")
    calendar.turns_to("2026-04-21 09:00")
    gerencia.receives("Días hábiles que quedan: 3")
    calendar.turns_to("2026-04-23 09:00")
    gerencia.receives("Días hábiles que quedan: 1")
    calendar.turns_to("2026-04-24 16:00")
    ana.replies(notice, "#respuesta-pqrs\n#cerrar\n\nLe pedimos disculpas.")
    gerencia.receives()
    gerencia.receives()
    calendar.turns_to("2026-05-04 09:00")  # 1 May is a Friday: the month begins on Monday
    gerencia.receives("Informe de PQRS de abril de 2026")

    calendar.turns_to("2026-06-01 09:00")
    gerencia.receives("Informe de PQRS de mayo de 2026")
    calendar.turns_to("2026-06-13 11:00")  # a Saturday; Monday 15 and Monday 29 are holidays, moved there by law
    juan.writes("Petición de información", "Solicito copia de mi contrato.", to="pqrs@desk.co")
    gerencia.receives("PQRS-2026-000002", "1 de julio de 2026")
    calendar.turns_to("2026-07-01 09:00")  # its last day; the reminders before are not told any more, but this is
    gerencia.receives()
    gerencia.receives()
    calendar.turns_to("2026-07-02 00:05")
    gerencia.receives("VENCIDA")
    calendar.turns_to("2026-12-01 09:00")
    gerencia.receives("Informe de PQRS de noviembre de 2026")
    calendar.turns_to("2026-12-31 23:00")  # after hours: counts from 4 January, over Reyes on the 11th
    juan.writes("Reclamo por doble cobro", "Me cobraron dos veces.", to="pqrs@desk.co")
    gerencia.receives("PQRS-2026-000003", "26 de enero de 2027")

    assert _mailbox(gerencia) == LETTERS
    _one_thread_each(gerencia)
    assert [one.radicado for one in pqrs.listing()] == [f"PQRS-2026-00000{n}" for n in (3, 2, 1)]
    assert audit.verify()[1] == []


def _mailbox(person: Person) -> list[tuple[str, str]]:
    """(day in Bogotá, first line of the text) of everything that a person received; what one second holds, by words."""
    told = []
    for letter in person._inbox():
        lines = [line for line in letter.text.splitlines() if line.strip()]
        first = lines[1] if lines[0] == letter.subject else lines[0]
        told.append((letter.message["Date"].datetime.astimezone(BOGOTA), first))
    return [(f"{moment:%Y-%m-%d}", first) for moment, first in sorted(told)]


def _one_thread_each(person: Person) -> None:
    """Letters of a radicado have one subject, and each but the first answers one of them."""
    threads: dict[str, dict[str, str | None]] = {}
    for letter in person._inbox():
        assert letter.message["To"].count("@") == 1
        assert "juan@empresa.co" not in str(letter.message["To"]) + str(letter.message["Cc"])
        if "PQRS-2026" in letter.subject:
            threads.setdefault(letter.subject, {})[letter.message["Message-ID"]] = letter.message["In-Reply-To"]
    for answered in threads.values():
        assert [parent for parent in answered.values() if parent not in answered] == [None]
    assert sorted(map(len, threads.values())) == [1, 3, 10]
