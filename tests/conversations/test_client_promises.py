"""The first answer that is promised: told to the client, kept before the agent's eyes, and never forgotten."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from mailgate import clock
from mailgate.duties.promises import remind_of_promises
from mailgate.judgement import Desk
from mailgate.letters.orders import Office
from mailgate.settings import Settings, Urgent
from mailgate.store import people, tickets
from mailgate.store.models import Client, Contact, Event
from mailgate.store.ticket_facts import ticket_facts
from tests.stories import Direct, Person, Received

MONDAY = Direct.now  # 10:00 in Bogotá


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """A moment of November 2026 in Bogotá."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


@pytest.fixture
def promising(road: Direct, desk: Desk) -> Callable[..., Desk]:
    """The desk with other settings."""

    def change(**sections: dict[str, object]) -> Desk:
        values = desk.settings.model_dump() | sections
        settings = Settings.model_validate(values)
        office = Office(settings, desk.office.renderer, desk.office.keys, desk.office.random)
        road.desk = dataclasses.replace(desk, settings=settings, office=office)
        return road.desk

    return change


def test_the_acknowledgement_and_the_state_tell_when_the_first_answer_is_promised(
    juan: Person, ana: Person, road: Direct
) -> None:
    juan.writes("La nómina no cierra", "Al cerrar sale «error 512».")  # Monday, 10:01
    acknowledged = juan.receives("A más tardar el martes 24 de noviembre, 9:01 a. m., tendrás nuestra respuesta.")
    notice = ana.receives("Responder antes de: martes 24 de noviembre, 9:01 a. m.")
    juan.replies(acknowledged, "ESTADO")
    juan.receives("Primera respuesta, a más tardar: 24 nov 2026, 9:01 a. m.")
    ana.replies(notice, "Hola, Juan: instala la versión 8.")
    juan.receives("instala la versión 8")
    juan.replies(acknowledged, "ESTADO")
    assert "a más tardar" not in juan.receives("Respuestas (2)").text
    made = Event.get(Event.what == "promised")
    assert "8 opening hours: normal, no plan" in made.why
    assert made.intake_id is not None


def test_a_plan_with_hours_of_its_own_promises_more(juan: Person, promising: Callable[..., Desk]) -> None:
    promising(promises={"plans": {"Oro": {"normal": 2}}})
    Client.update(plan="oro").where(Client.licence == "ABC123").execute()
    juan.writes("La nómina no cierra", "Al cerrar sale «error 512».")
    juan.receives("A más tardar el lunes 23 de noviembre, 12:01 p. m.")


def test_the_agent_is_reminded_then_the_group_then_management_each_once(
    juan: Person, ana: Person, luis: Person, road: Direct, person: Callable[..., Person], promising: Callable[..., Desk]
) -> None:
    desk = promising(desk=road.desk.settings.desk.model_copy(update={"management": ("gerente@desk.co",)}).model_dump())
    gerente = person("gerente@desk.co")
    juan.writes("La nómina no cierra", "Al cerrar sale «error 512».\nCelular: 300 123 4567")
    juan.receives()
    ana.replies(ana.receives(), "#asignar yo")
    ana.receives("Hecho")
    luis.receives()

    def ticks(*moments: datetime) -> None:
        for moment in moments:
            for _ in range(2):  # a restart between them changes nothing
                clock.tick(desk, moment, (remind_of_promises,))

    ticks(at(16, 0, 23), at(16, 59, 23))
    ana.receives_nothing()
    ticks(at(8, 2), at(8, 30), at(9, 0))  # promised for 9:01
    ana.receives("Pronto vence la primera respuesta", "sale «error 512»", "+57 300 1234567", "Empresa S.A.")
    luis.receives_nothing()
    ticks(at(9, 1), at(9, 40), at(10, 0))
    ana.receives("Venció la primera respuesta prometida")
    luis.receives("Venció la primera respuesta prometida")
    gerente.receives_nothing()
    ticks(at(10, 1), at(11, 0), at(11, 0, 27))
    told = gerente.receives("Sigue sin la primera respuesta prometida", "Juan Peña")
    for who in (ana, luis, gerente, juan):
        who.receives_nothing()
    gerente.replies(told, "¿Quién lo tiene?")  # a note
    ana.receives("¿Quién lo tiene?")
    juan.receives_nothing()


def test_an_answer_in_time_reminds_nobody(juan: Person, ana: Person, road: Direct) -> None:
    juan.writes("La nómina no cierra", "Al cerrar sale «error 512».")
    ana.replies(ana.receives(), "Instala la versión 8.")
    for hour in range(8, 17):
        clock.tick(road.desk, at(hour), (remind_of_promises,))
    ana.receives_nothing()


def test_after_a_standstill_only_what_is_so_now_is_told(juan: Person, ana: Person, road: Direct) -> None:
    juan.writes("La nómina no cierra", "Al cerrar sale «error 512».")
    ana.receives()
    clock.tick(road.desk, at(9, 0, 27), (remind_of_promises,))
    ana.receives("Venció")
    ana.receives_nothing()


def test_urgent_service_has_a_promise_of_its_own(
    juan: Person, ana: Person, road: Direct, promising: Callable[..., Desk]
) -> None:
    promising(urgent=Urgent(tariff="$150.000 por hora.").model_dump())
    juan.writes("La nómina no cierra", "Al cerrar sale «error 512».")
    acknowledged = juan.receives()
    juan.replies(acknowledged, "URGENTE")
    offer = juan.receives("$150.000")
    road.now = at(15, 0, 23)
    juan.replies(offer, "ACEPTO")
    juan.receives("A más tardar el lunes 23 de noviembre, 4:01 p. m., tendrás nuestra respuesta")
    assert [event.why[:16] for event in Event.select().where(Event.what == "promised").order_by(Event.id)] == [
        "2026-11-24T14:01",
        "2026-11-23T21:01",
    ]


def test_an_agent_who_raises_the_priority_promises_anew_and_a_linked_ticket_has_its_own(
    juan: Person, ana: Person, road: Direct
) -> None:
    juan.writes("La nómina no cierra", "Al cerrar sale «error 512».")
    juan.receives("9:01 a. m.")
    notice = ana.receives()
    ana.replies(notice, "#prioridad alta")
    ana.receives("Hecho")
    facts = ticket_facts(1)
    assert facts is not None
    assert facts.promised_at == at(14, 1, 23)
    ana.replies(notice, "#cerrar\n\nInstala la versión 8.")
    closed = juan.receives("Instala la versión 8.")
    juan.replies(closed, "La impresora Epson del punto de venta saca hojas en blanco desde el martes.")
    juan.receives("[#2]", "A más tardar el martes 24 de noviembre")


# mobiles ------------------------------------------------------------------------------------------------------------


def test_the_mobile_in_the_ticket_is_a_link_for_the_agent(juan: Person, ana: Person) -> None:
    juan.writes("La nómina no cierra", "Sale «error 512».\n\nCelular: 300 123 4567")
    notice = ana.receives("Celular: +57 300 1234567")
    assert 'href="tel:+573001234567"' in notice.html
    assert "celular" not in juan.receives().text.casefold()


@pytest.mark.parametrize("whose", ["contact", "client"])
def test_else_the_contacts_else_the_clients(whose: str, juan: Person, ana: Person) -> None:
    Client.update(mobile="+573105551212").where(Client.licence == "ABC123").execute()
    if whose == "contact":
        Contact.update(mobile="+573205551212").where(Contact.address == juan.address).execute()
    juan.writes("La nómina no cierra", "Sale «error 512».")
    ana.receives("+57 320 5551212" if whose == "contact" else "+57 310 5551212")


def test_a_mobile_that_is_none_is_said_so_once(juan: Person, ana: Person) -> None:
    juan.writes("La nómina no cierra", "Sale «error 512».\nCelular: 300 12 34")
    acknowledged = juan.receives("«300 12 34» no parece un número de celular")
    juan.replies(acknowledged, "Perdón, celular: 300 12 345. También pasa en Cúcuta.")
    assert "celular" not in juan.receives("ya está en tu ticket").text
    juan.replies(acknowledged, "Celular: 300 123 4567")
    ana.receives()
    ana.receives()
    ana.receives("+57 300 1234567")
    assert [event.what for event in Event.select().where(Event.what.startswith("mobile")).order_by(Event.id)] == [
        "mobile-wrong",
        "mobile",
    ]


def test_in_a_comment_too_and_in_english(ana: Person, person: Callable[..., Person]) -> None:
    people.save_contact("jane@empresa.co", "Jane Doe", MONDAY, client_id=1)
    Contact.update(language="en").where(Contact.address == "jane@empresa.co").execute()
    jane = person("jane@empresa.co", "Jane Doe")
    jane.writes("Payroll does not close", "It says error 512.")
    acknowledged: Received = jane.receives("We will answer by Tuesday, November 24, 9:01 AM at the latest.")
    jane.replies(acknowledged, "Please call me. Mobile: 601 514 1327")
    jane.receives("“601 514 1327” does not look like a mobile number", "Mobile: 300 123 4567")
    jane.receives_nothing()
    ticket = tickets.full(1)
    assert ticket is not None
    assert "Please call me." in ticket["comments"][1]["text"]
    assert ticket_facts(1) is not None
