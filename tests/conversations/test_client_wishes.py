"""Categories that clients correct, mails that say nothing, and messages to mobiles: asked for by mail."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest

from mailgate import clock
from mailgate.desk.same_matter import stem
from mailgate.duties.learning import learn_words
from mailgate.judgement import Desk
from mailgate.letters.orders import Office
from mailgate.settings import Settings
from mailgate.store import forgetting, holdings, people, texts, tickets
from mailgate.store.models import Client, Contact, Event, LearnedWord, TextMessage
from tests.stories import Direct, Person, Received

SORTING = {
    "names": ["Nómina", "Facturación", "Impresión"],
    "rules": {"Nómina": ["nómina", "cesantías"], "Impresión": ["impresora"]},
    "learned_from": 4,
}
NIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)  # Monday, 22:00 in Bogotá


def presses(person: Person, letter: Received, word: str) -> None:
    """Send the mail that a link opens, just as it opens."""
    links = re.findall(r'href="mailto:([^"?]+)\?subject=([^"&]*)(?:&amp;body=([^"]*))?"', letter.html)
    address, subject, body = next(
        tuple(unquote(part) for part in link) for link in links if word in unquote(link[1])
    )  # fmt: skip
    person.writes(subject, body, to=address)


@pytest.fixture
def with_settings(road: Direct, desk: Desk) -> Callable[..., Desk]:
    """The desk with other settings."""

    def change(**sections: dict[str, object]) -> Desk:
        settings = Settings.model_validate(desk.settings.model_dump() | sections)
        office = Office(settings, desk.office.renderer, desk.office.keys, desk.office.random)
        road.desk = dataclasses.replace(desk, settings=settings, office=office)
        return road.desk

    return change


@pytest.fixture
def sorting(with_settings: Callable[..., Desk]) -> Desk:
    """A desk with categories, one of which has a group of its own."""
    people.save_agent("luis@desk.co", "Luis Gómez", Direct.now, groups=["Facturación"])
    people.save_agent("ana@desk.co", "Ana María Peña", Direct.now, groups=["Nómina"])
    return with_settings(categories=SORTING)


def category(number: int) -> str:
    ticket = tickets.full(number)
    assert ticket is not None
    return str(ticket["category"])


# categories ---------------------------------------------------------------------------------------------------------


def test_the_acknowledgement_says_the_category_and_one_tap_corrects_it(
    juan: Person, ana: Person, luis: Person, sorting: Desk
) -> None:
    juan.writes("No cierra la nómina", "Al cerrar sale «error 512».")
    acknowledged = juan.receives("Lo clasificamos en Nómina.", "Facturación · Impresión")
    ana.receives("error 512")  # the group's
    luis.receives_nothing()
    presses(juan, acknowledged, "Facturación")
    juan.receives("quedó en Facturación")
    luis.receives("Categoría: Facturación", "error 512")  # the other group is told, with what was said before
    assert category(1) == "Facturación"
    told = [event.why for event in Event.select().where(Event.what == "category").order_by(Event.id)]
    assert told == ["Nómina, by the words of the settings: nómina", "Facturación, by its client"]


@pytest.mark.parametrize(
    ("to", "subject", "text"),
    [
        ("soporte+facturacion@desk.co", "Una duda", "¿Cómo anulo un documento?"),
        ("soporte@desk.co", "[Facturación] Una duda", "¿Cómo anulo un documento?"),
        ("soporte@desk.co", "Una duda", "Categoría: facturacion\n¿Cómo anulo un documento?"),
    ],
)
def test_who_says_the_category_is_believed(
    to: str, subject: str, text: str, juan: Person, luis: Person, sorting: Desk
) -> None:
    juan.writes(subject, text, to=to)
    juan.receives("Lo clasificamos en Facturación.")
    luis.receives("anulo un documento")


def test_closed_tickets_teach_their_words(juan: Person, ana: Person, sorting: Desk, road: Direct) -> None:
    people.save_agent("luis@desk.co", "Luis Gómez", Direct.now, groups=["Nómina"])
    for number, (text, name) in enumerate(
        [
            ("La liquidación del empleado sale en cero", "Nómina"),
            ("Vacaciones del empleado en la liquidación", "Nómina"),
            ("La DIAN rechaza el documento soporte", "Facturación"),
            ("Rechazo del documento en la DIAN", "Facturación"),
        ],
        1,
    ):
        juan.writes(f"Consulta {number}", text)
        tickets.record(number, "told", actor="test", now=road.now)
        ana.replies(ana.receives(), f"#categoria {name}\n#cerrar\n\nListo.")
        ana.receives("Hecho")
    for _ in range(2):  # once each, however often the clock ticks
        clock.tick(sorting, road.now, (learn_words,))
    assert LearnedWord.get(LearnedWord.word == stem("empleado"), LearnedWord.category == "Nómina").tickets == 2
    juan.read = 0
    juan.writes("Otra consulta", "Liquidaciones de tres empleados")
    assert category(5) == "Nómina"
    why = Event.select().where(Event.what == "category", Event.ticket == 5).get().why
    assert "by learned words" in why
    assert "liquidaciones" in why


def test_a_category_that_is_none_gets_the_help_and_goes_to_a_person(juan: Person, ana: Person, sorting: Desk) -> None:
    juan.writes("No cierra la nómina", "Al cerrar sale «error 512».")
    acknowledged = juan.receives()
    ana.receives()
    juan.replies(acknowledged, "Categoría: Marte")
    juan.receives("MIS TICKETS")
    ana.receives("Categoría: Marte")
    assert category(1) == "Nómina"


def test_an_agents_forward_is_filed_by_the_clients_words(ana: Person, sorting: Desk) -> None:
    people.save_contact("marta@otra.co", "Marta", Direct.now, client_id=2)
    body = (
        "---------- Forwarded message ---------\nDe: Marta <marta@otra.co>\nDate: lun, 23 nov 2026 a las 9:00\n"
        "Subject: Cesantías\nTo: <ana@desk.co>\n\n\nNo puedo liquidar las cesantías de mi gente.\n"
    )
    road = ana.road
    assert isinstance(road, Direct)
    road.peer = "198.51.100.9"
    verdict = [("Authentication-Results", "mx.desk.co; dmarc=pass header.from=desk.co"),
               ("Received", "from x by mx.desk.co; Mon, 23 Nov 2026 10:00:00 -0500")]  # fmt: skip
    ana.writes("Fwd: Cesantías", body, headers=verdict)
    assert category(1) == "Nómina"


def test_without_categories_nobody_is_asked_for_one(juan: Person) -> None:
    juan.writes("No cierra la nómina", "Al cerrar sale «error 512».")
    assert "tema" not in juan.receives().text


# mails that say nothing ---------------------------------------------------------------------------------------------


def test_no_funciona_is_asked_kindly_for_what_is_missing_once(juan: Person, ana: Person) -> None:
    juan.writes("Ayuda", "Buenas tardes, no funciona.\n\nJuan Peña")
    acknowledged = juan.receives("necesitamos saber un poco más", "qué mensaje sale", "[#1]")
    ana.receives("no funciona")  # nothing waits for the answer
    juan.replies(acknowledged, "No sirve")
    assert "saber un poco más" not in juan.receives("ya está en tu ticket").text


def test_who_tells_something_or_sends_a_picture_is_not_asked(juan: Person) -> None:
    juan.writes("Impresora Epson", "No funciona")
    assert "saber un poco más" not in juan.receives().text
    juan.writes("Ayuda", "No funciona", files=[("pantalla.png", "image/png", b"\x89PNG\r\n\x1a\n")])
    assert "saber un poco más" not in juan.receives().text


# messages to mobiles ------------------------------------------------------------------------------------------------


@pytest.fixture
def texting(with_settings: Callable[..., Desk]) -> Desk:
    return with_settings(sms={"url": "json://127.0.0.1:9/{mobile}"})


def messages() -> list[tuple[str, str]]:
    return [(row.mobile, row.text) for row in TextMessage.select().order_by(TextMessage.id)]


def test_opening_answer_meeting_and_closing_are_told_to_the_mobile(juan: Person, ana: Person, texting: Desk) -> None:
    juan.writes("La nómina no cierra", "Sale «error 512».\nCelular: 300 123 4567")
    notice = ana.receives()
    ana.replies(notice, "Instala la versión 8 de la nómina.")
    ana.replies(notice, "#reunion 2026-11-25 10:00 60m Cierre de mes")
    ana.replies(notice, "#reunion cancelar")
    ana.replies(notice, "#cerrar")
    mobile = "+573001234567"
    assert messages() == [
        (mobile, "Soporte: recibimos tu solicitud. Su número es [#1]; te respondemos por correo."),
        (mobile, "Soporte: tu ticket [#1] tiene una respuesta. Mírala en tu correo."),
        (
            mobile,
            "Soporte: tienes una reunión el 25 nov 2026, 10:00 a. m., por tu ticket [#1]."
            " La invitación está en tu correo.",
        ),
        (mobile, "Soporte: se canceló la reunión de tu ticket [#1]."),
        (mobile, "Soporte: cerramos tu ticket [#1]. Si sigue fallando, responde nuestro correo."),
    ]
    assert all(len(text) <= 160 for _, text in messages())


def test_a_message_waits_for_the_morning(juan: Person, road: Direct, texting: Desk) -> None:
    Client.update(mobile="+573105551212").where(Client.licence == "ABC123").execute()
    road.now = NIGHT
    juan.writes("La nómina no cierra", "Sale «error 512».")
    row = TextMessage.get()
    assert (row.mobile, row.next_attempt_at) == ("+573105551212", datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    assert texts.claim(NIGHT + timedelta(hours=9), timedelta(minutes=5)) == []


def test_baja_stops_the_messages_of_who_asks_and_alta_brings_them_back(
    juan: Person, ana: Person, texting: Desk, person: Callable[..., Person]
) -> None:
    Client.update(mobile="+573105551212").where(Client.licence == "ABC123").execute()
    juan.writes("La nómina no cierra", "Sale «error 512».")
    acknowledged = juan.receives()
    juan.replies(acknowledged, "BAJA")
    juan.receives("No te enviaremos más mensajes al celular", "ALTA")
    notice = ana.receives()
    ana.receives_nothing()
    ana.replies(notice, "Instala la versión 8.")
    juan.receives("Instala la versión 8.")  # mails go on
    assert len(messages()) == 1
    luisa = person("luisa@empresa.co")
    luisa.writes("La impresora no imprime", "Sale en blanco.")  # nobody else's are stopped
    assert len(messages()) == 2
    juan.writes("ALTA")
    juan.receives("Desde ahora te enviamos mensajes")
    ana.replies(notice, "¿Ya quedó?")
    assert len(messages()) == 3


def test_baja_takes_back_what_waits_and_a_person_who_is_forgotten_leaves_no_number(
    juan: Person, road: Direct, texting: Desk
) -> None:
    road.now = NIGHT
    juan.writes("La nómina no cierra", "Sale «error 512».\nCelular: 300 123 4567")
    juan.writes("BAJA")
    assert texts.counts() == {"queued": 0, "sent": 0, "dead": 1}
    assert texts.claim(NIGHT + timedelta(days=1), timedelta(minutes=5)) == []
    assert holdings.find(juan.address).others["OptOut"] == 1
    forgetting.forget(holdings.find(juan.address), by="operator", now=road.now)
    assert not texts.has_stopped(juan.address)
    assert [(row.mobile, row.text) for row in TextMessage.select()] == [("", "")]


def test_an_english_reader_stops_them_in_english(texting: Desk, person: Callable[..., Person]) -> None:
    people.save_contact("jane@empresa.co", "Jane Doe", Direct.now, client_id=1)
    Contact.update(language="en", mobile="+573205551212").where(Contact.address == "jane@empresa.co").execute()
    jane = person("jane@empresa.co", "Jane Doe")
    jane.writes("Payroll does not close", "It says error 512.")
    assert messages()[0][1] == "Soporte: we have your request. Its number is [#1]; we will answer by mail."
    jane.receives()
    jane.writes("STOP")
    jane.receives("We will send no more messages to your mobile")


def test_numbers_of_far_countries_and_floods_get_no_messages(juan: Person, with_settings: Callable[..., Desk]) -> None:
    with_settings(sms={"url": "json://127.0.0.1:9/{mobile}", "per_mobile_day": 2})
    juan.writes("La nómina no cierra", "Sale «error 512».\nMobile: +44 7911 123456")
    assert messages() == []
    for number in range(4):
        juan.writes(
            f"La nómina no cierra {number}", f"Sale el error {number} en la sede {number}.\nCelular: 300 123 4567"
        )
    assert len(messages()) == 2


def test_those_on_call_are_woken_by_an_urgent_ticket(
    juan: Person, road: Direct, with_settings: Callable[..., Desk]
) -> None:
    with_settings(
        sms={"url": "json://127.0.0.1:9/{mobile}"},
        urgent={"tariff": "$150.000 por hora.", "mobiles": ["+573009999999"]},
    )
    road.now = NIGHT
    juan.writes("La nómina no cierra", "Sale «error 512».")
    juan.replies(juan.receives(), "URGENTE")
    juan.replies(juan.receives("$150.000"), "ACEPTO")
    woken = [row for row in TextMessage.select() if row.mobile == "+573009999999"]
    assert [row.text for row in woken] == ["Soporte: ticket urgente [#1]. Los datos están en tu correo."]
    assert woken[0].next_attempt_at == road.now
