"""Closed tickets that people come back to: the same matter goes on, another one is a ticket of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mailgate import clock
from mailgate.desk.facts import Status
from mailgate.duties.waiting import close_what_waits
from mailgate.judgement import Desk
from mailgate.store import tickets
from mailgate.store.models import Rating, Ticket
from mailgate.store.ticket_facts import ticket_facts
from tests.stories import Direct, Person, Received


@pytest.fixture
def notice(juan: Person, ana: Person) -> Received:
    juan.writes("La nómina no cierra", "Al cerrar la nómina sale «error 512» con los empleados nuevos.")
    juan.receives()
    return ana.receives()


@pytest.fixture
def closed(juan: Person, ana: Person, notice: Received) -> Received:
    """Juan's ticket #1, which Ana has closed."""
    ana.replies(notice, "#cerrar\n\nInstala la versión 8.")
    ana.receives("Hecho: cerrado")
    return juan.receives("Instala la versión 8.")


def status_of(number: int) -> Status:
    facts = ticket_facts(number)
    assert facts is not None
    return facts.status


def test_the_same_matter_goes_on_in_its_ticket(juan: Person, closed: Received) -> None:
    juan.replies(closed, "Instalé la versión 8 y al cerrar la nómina sale el error 512 con dos empleados.")
    juan.receives("Abrimos de nuevo tu ticket [#1]")
    assert status_of(1) is Status.OPEN
    assert tickets.count()[0] == 1


def test_an_answer_that_closes_says_so_and_asks_for_stars_which_words_may_give(
    juan: Person, ana: Person, closed: Received
) -> None:
    for words in ("Con esta respuesta cerramos tu ticket [#1]", "Responde con un número de 1 a 5", "responde REABRIR"):
        assert words in closed.text
    assert "SOLUCIONADO" not in closed.text
    assert "CALIFICACION%205" in closed.html
    juan.replies(closed, "5, excelente servicio, Ana es muy amable")
    juan.receives_nothing()
    ana.receives("Ana es muy amable")
    assert status_of(1) is Status.CLOSED
    assert tickets.count()[0] == 1
    assert Rating.get().stars == 5


def test_short_replies_of_a_thread_are_not_one_thing_said_again(juan: Person, ana: Person) -> None:
    """Its subject is the same in each, their few words are not: the third one counts as the first."""
    juan.writes("No puedo imprimir las facturas electrónicas del cliente nuevo", "Sale un error.")
    notice = ana.receives()
    ana.replies(notice, "#esperar\n\n¿Qué versión tiene?")
    juan.receives()
    asked = juan.receives("¿Qué versión tiene?")
    juan.replies(asked, "espere")
    juan.replies(asked, "ya miro")
    ana.replies(notice, "#cerrar\n\nInstala la 8.")
    juan.replies(asked, "no sirve")
    assert status_of(1) is Status.OPEN


def test_who_opens_it_again_and_again_is_heard_and_an_agent_decides(
    juan: Person, ana: Person, notice: Received, road: Direct
) -> None:
    """Three times within a day; a fourth is read by the agents and moves nothing. The day after it counts anew."""
    for time in ("primera", "segunda", "tercera"):
        ana.writes("[#1] nómina", "#cerrar", to=notice.reply_to)
        juan.writes("[#1] La nómina no cierra", f"REABRIR\n\nPor {time} vez: la nómina no cierra, error 512.")
        assert status_of(1) is Status.OPEN
    ana.writes("[#1] nómina", "#cerrar", to=notice.reply_to)
    juan.writes("[#1] La nómina no cierra", "REABRIR\n\nPor cuarta vez: la nómina no cierra, error 512.")
    assert status_of(1) is Status.CLOSED
    while "cuarta vez" not in (told := ana.receives()).text:
        pass
    assert "varias veces en un día" in told.text
    road.now += timedelta(days=1)
    juan.writes("[#1] La nómina no cierra", "REABRIR\n\nHoy tampoco: la nómina no cierra, error 512.")
    assert status_of(1) is Status.OPEN


def test_another_matter_becomes_a_linked_ticket_and_the_client_is_told_why(
    juan: Person, ana: Person, closed: Received
) -> None:
    juan.replies(closed, "Aprovecho: la impresora Epson del punto de venta saca hojas en blanco desde el martes.")
    told = juan.receives("[#2]", "parece un tema distinto del ticket [#1]")
    assert "impresora" in told.subject
    ana.receives("la impresora Epson")
    assert status_of(1) is Status.CLOSED
    assert Ticket.get_by_id(2).linked_to == 1
    juan.replies(told, "Es la de la caja dos.")
    assert tickets.count()[0] == 2


def test_after_the_window_it_is_a_new_ticket(juan: Person, closed: Received, road: Direct) -> None:
    road.now += timedelta(days=16)
    juan.replies(closed, "Volvió el error 512 al cerrar la nómina.")
    juan.receives("[#2]", "se cerró hace tiempo")
    assert status_of(1) is Status.CLOSED


def test_whoever_writes_reabrir_is_believed(juan: Person, closed: Received) -> None:
    juan.replies(closed, "REABRIR\n\nLa impresora Epson del punto de venta saca hojas en blanco.")
    juan.receives("Abrimos de nuevo tu ticket [#1]")
    assert status_of(1) is Status.OPEN


def test_a_ticket_that_waits_is_reminded_of_once_and_closed(
    juan: Person, ana: Person, notice: Received, road: Direct, desk: Desk
) -> None:
    ana.replies(notice, "¿Qué versión tienes?")  # Monday 23 November, 10:02
    juan.receives("¿Qué versión tienes?")
    for hours in range(0, 24 * 3, 8):
        clock.tick(desk, road.now + timedelta(hours=hours), (close_what_waits,))
    juan.receives_nothing()
    thursday = datetime(2026, 11, 26, 15, tzinfo=UTC)
    for minutes in (0, 1, 600, 1440, 2880, 4320):  # over the weekend
        clock.tick(desk, thursday + timedelta(minutes=minutes), (close_what_waits,))
    reminded = juan.receives("está a la espera de tu respuesta")
    juan.receives_nothing()
    clock.tick(desk, datetime(2026, 11, 30, 15, tzinfo=UTC), (close_what_waits,))
    closed = juan.receives("porque no tuvimos respuesta")
    assert status_of(1) is Status.CLOSED
    road.now = datetime(2026, 11, 30, 20, tzinfo=UTC)
    juan.replies(reminded, "La versión 7, y sigue igual.")
    juan.receives("Abrimos de nuevo")
    assert status_of(1) is Status.OPEN
    assert closed.automatic


def test_nobody_is_reminded_in_the_night(juan: Person, ana: Person, notice: Received, road: Direct, desk: Desk) -> None:
    ana.replies(notice, "¿Qué versión tienes?")
    juan.receives()
    clock.tick(desk, datetime(2026, 11, 27, 4, tzinfo=UTC), (close_what_waits,))
    juan.receives_nothing()
