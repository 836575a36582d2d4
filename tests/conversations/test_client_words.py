"""What clients do with a few words and our buttons: ESTADO, SOLUCIONADO, URGENTE and the rest, in both languages."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from mailgate.desk.facts import Status
from mailgate.judgement import Desk
from mailgate.letters.orders import Office
from mailgate.settings import Urgent
from mailgate.store import intake, people, tickets
from mailgate.store.models import Contact, Event, News, Rating
from mailgate.store.ticket_facts import ticket_facts
from tests.stories import Direct, Person, Received

NOW = Direct.now


def status_of(number: int) -> Status:
    facts = ticket_facts(number)
    assert facts is not None
    return facts.status


def presses(person: Person, letter: Received, word: str) -> None:
    """Send the mail that a button opens, just as it opens."""
    links = re.findall(r'href="mailto:([^"?]+)\?subject=([^"&]*)(?:&amp;body=([^"]*))?"', letter.html)
    chosen = [link for link in links if word in unquote(link[1])]
    assert chosen, f"no button for {word} in {links}"
    address, subject, body = (unquote(part) for part in chosen[0])
    person.writes(subject, body, to=address)


@pytest.fixture
def acknowledged(juan: Person) -> Received:
    """Juan has written his ticket #1."""
    juan.writes("La nómina no cierra", "Al cerrar sale «error 512».")
    return juan.receives()


@pytest.fixture
def notice(ana: Person, acknowledged: Received) -> Received:
    """And Ana has been told."""
    return ana.receives()


@pytest.fixture
def answered(juan: Person, ana: Person, notice: Received) -> Received:
    """And has answered."""
    ana.replies(notice, "Instala la versión 8.")
    return juan.receives("Instala la versión 8.")


@pytest.mark.parametrize("words", ["ESTADO", "estado del ticket 1", "Status of ticket #1"])
def test_who_asks_for_the_state_gets_the_file_of_the_ticket(
    words: str, juan: Person, ana: Person, notice: Received, answered: Received
) -> None:
    ana.replies(notice, "#servicio 1h30 Copia de seguridad")
    ana.replies(notice, "#nota Está molesto.")
    juan.writes(words if "1" in words else "[#1] ESTADO", "")
    file = juan.receives(
        "Respuestas (2)", "Posibles Soluciones (0)", "Servicios (1)", "Reuniones (0)", "Ana María Peña"
    )
    assert "90 min: Copia de seguridad" in file.text
    assert file.text.index("Instala la versión 8.") < file.text.index("Al cerrar sale")  # the latest first
    assert "molesto" not in file.text + file.html
    whole = file.files["ticket-1.txt"]
    assert "Instala la versión 8." in (whole if isinstance(whole, str) else whole.decode())
    assert status_of(1) is Status.WAITING
    assert tickets.count() == (1, 3)  # asking adds nothing


def test_the_state_button_works_and_asks_no_agent(
    juan: Person, ana: Person, notice: Received, acknowledged: Received
) -> None:
    presses(juan, acknowledged, "ESTADO")
    juan.receives("Respuestas (1)")
    ana.receives_nothing()


def test_nobody_learns_the_state_of_a_ticket_that_is_not_theirs(
    acknowledged: Received, person: Callable[..., Person]
) -> None:
    for address in ("otra@otra.co", "nadie@gratis.co"):
        who = person(address)
        who.writes("Estado del ticket 1", "")
        who.writes("hola", "Estado del ticket 1")
        who.writes("hola", "Estado del ticket 777")
        who.receives_nothing()


def test_my_tickets_lists_those_of_the_company_the_open_ones_first(
    juan: Person, ana: Person, acknowledged: Received, person: Callable[..., Person]
) -> None:
    juan.replies(acknowledged, "Ya se solucionó, gracias.")
    luisa = person("luisa@empresa.co")
    luisa.writes("La impresora no imprime", "Sale en blanco.")
    luisa.receives()
    luisa.writes("MIS TICKETS")
    listed = luisa.receives("[#1] La nómina no cierra", "[#2] La impresora no imprime").text
    assert listed.index("[#2]") < listed.index("[#1]")
    olga = person("otra@otra.co")
    olga.writes("Hola", "mis tickets")
    assert "[#" not in olga.receives("Todavía no tienes tickets").text
    assert tickets.count()[0] == 2


def test_news_come_by_mail(juan: Person, desk: Desk) -> None:
    News.create(
        title="Cierre de fin de año", body="El 24 cerramos a mediodía.", created_by="ana@desk.co", created_at=NOW
    )
    juan.writes("NOTICIAS")
    juan.receives("Cierre de fin de año", "El 24 cerramos a mediodía.")
    assert tickets.count() == (0, 0)


@pytest.mark.parametrize(
    "text", ["SOLUCIONADO", "Ya se solucionó, muchas gracias.", "quedó listo, gracias", "It is working now, thanks!"]
)
def test_who_says_that_it_is_solved_closes_it_and_may_take_it_back(
    text: str, juan: Person, ana: Person, answered: Received
) -> None:
    juan.replies(answered, text)
    assert status_of(1) is Status.SOLVED
    confirmed = juan.receives("Dimos por solucionado tu ticket [#1]", "de 1 a 5")
    ana.receives(text)
    juan.replies(confirmed, "Perdón, volvió a fallar al cerrar la nómina.")
    assert status_of(1) is Status.OPEN
    ana.receives("volvió a fallar")


def test_the_solved_button_and_the_stars_that_follow(juan: Person, ana: Person, answered: Received) -> None:
    presses(juan, answered, "SOLUCIONADO")
    confirmed = juan.receives("Dimos por solucionado")
    presses(juan, confirmed, "CALIFICACION 4")
    juan.replies(confirmed, "5")  # the last word counts
    assert [(row.address, row.stars) for row in Rating.select()] == [("juan@empresa.co", 5)]
    assert status_of(1) is Status.SOLVED
    juan.receives_nothing()


def test_a_digit_that_is_no_rating_is_text(juan: Person, ana: Person, answered: Received) -> None:
    juan.replies(answered, "4")  # the ticket goes on: it answers a question
    ana.receives("4")
    assert Rating.select().count() == 0


def test_solved_above_a_new_complaint_is_read_by_a_person(juan: Person, ana: Person, answered: Received) -> None:
    juan.replies(
        answered, "SOLUCIONADO\n\nPero ahora al imprimir la factura sale otro error distinto, miren por favor."
    )
    assert status_of(1) is Status.OPEN
    ana.receives("sale otro error distinto")
    juan.receives("ya está en tu ticket")


def test_thanks_reopen_nothing_and_move_nothing(juan: Person, ana: Person, answered: Received) -> None:
    juan.replies(answered, "Muchas gracias, quedo atento.")
    assert status_of(1) is Status.WAITING
    juan.replies(answered, "Ya quedó, gracias.")
    juan.receives("Dimos por solucionado")
    juan.replies(answered, "Mil gracias, Ana. Feliz tarde.")
    assert status_of(1) is Status.SOLVED
    juan.receives_nothing()


def test_reopen_opens_what_was_closed(juan: Person, ana: Person, notice: Received, answered: Received) -> None:
    ana.replies(notice, "#cerrar")
    closed = juan.receives("quedó cerrado")
    presses(juan, closed, "REABRIR")
    juan.receives("Abrimos de nuevo tu ticket [#1]")
    assert status_of(1) is Status.OPEN


def test_an_unknown_word_gets_a_short_help_once(juan: Person, ana: Person, answered: Received) -> None:
    juan.replies(answered, "ANULAR TICKET")
    juan.receives("MIS TICKETS", "REABRIR")
    ana.receives("ANULAR TICKET")
    juan.replies(answered, "ANULAR TODO")
    juan.receives_nothing()


def urgent_desk(desk: Desk, tariff: str = "$150.000 por hora. Pago anticipado.") -> Desk:
    settings = desk.settings.model_copy(update={"urgent": Urgent(tariff=tariff, on_call=("luis@desk.co",))})
    office = Office(settings, desk.office.renderer, desk.office.keys, desk.office.random)
    return dataclasses.replace(desk, settings=settings, office=office)


def test_urgent_tariff_acceptance_alert_and_evidence(
    juan: Person, luis: Person, road: Direct, desk: Desk, acknowledged: Received
) -> None:
    road.desk = urgent_desk(desk)
    luis.receives()
    presses(juan, acknowledged, "URGENTE")
    offer = juan.receives("$150.000 por hora.", "responde ACEPTO")
    luis.receives("URGENTE")
    presses(juan, offer, "ACEPTO")
    juan.receives("quedó como urgente")
    luis.receives("aceptó la tarifa", "Empresa S.A.")
    ticket = tickets.full(1)
    assert ticket is not None
    assert ticket["urgent"]
    evidence = Event.get(Event.what == "tariff-accepted")
    assert "juan@empresa.co" in evidence.why
    assert evidence.intake_id is not None  # the very mail


@pytest.mark.parametrize("case", ["never offered", "a colleague's letter", "may not commit"])
def test_only_who_may_and_was_told_the_tariff_can_accept_it(
    case: str, juan: Person, road: Direct, desk: Desk, acknowledged: Received, person: Callable[..., Person]
) -> None:
    road.desk = urgent_desk(desk)
    if case == "never offered":
        juan.replies(acknowledged, "ACEPTO")
    else:
        juan.replies(acknowledged, "URGENTE")
        offer = juan.receives("$150.000")
        if case == "may not commit":
            Contact.update(may_commit=False).where(Contact.address == juan.address).execute()
        (juan if case == "may not commit" else person("luisa@empresa.co")).replies(offer, "ACEPTO")
    ticket = tickets.full(1)
    assert ticket is not None
    assert not ticket["urgent"]
    assert ticket["comments"][-1]["text"].strip() == "ACEPTO"  # a person reads it


def test_without_a_tariff_urgent_tells_the_agents(
    juan: Person, ana: Person, notice: Received, acknowledged: Received
) -> None:
    juan.replies(acknowledged, "URGENTE")
    juan.receives("Le avisamos a quien te atiende")
    ana.receives("URGENTE")


def test_urgent_in_a_new_subject_opens_a_ticket_and_tells_the_tariff(
    juan: Person, ana: Person, road: Direct, desk: Desk
) -> None:
    road.desk = urgent_desk(desk)
    juan.writes("URGENTE", "No podemos facturar desde las ocho.")
    juan.receives("[#1]")
    juan.receives("$150.000 por hora.")
    ana.receives("No podemos facturar")


def test_an_english_reader_gets_english(ana: Person, person: Callable[..., Person]) -> None:
    people.save_contact("jane@empresa.co", "Jane Doe", NOW, client_id=1)
    Contact.update(language="en").where(Contact.address == "jane@empresa.co").execute()
    jane = person("jane@empresa.co", "Jane Doe")
    jane.writes("Payroll does not close", "It says error 512.")
    acknowledged = jane.receives("[#1]")
    presses(jane, acknowledged, "STATUS")
    jane.receives("Answers (1)", "Possible Solutions (0)")
    jane.replies(acknowledged, "It is working now, thank you!")
    jane.receives("marked your ticket [#1] as solved")


def test_words_of_ours_leave_no_ticket_of_their_own(juan: Person, desk: Desk) -> None:
    for word in ("ESTADO", "MIS TICKETS", "SOLUCIONADO", "Muchas gracias"):
        juan.writes(word)
        juan.receives("tickets")
    assert tickets.count() == (0, 0)
    assert intake.outcomes() == {"request": 4}


def test_a_courtesy_under_a_subject_that_tells_something_opens_a_ticket(juan: Person) -> None:
    for serial, (subject, text) in enumerate([("No imprime", "Ayuda."), ("Clave del portal", "Gracias.")], 1):
        juan.writes(subject, text)
        juan.receives(f"[#{serial}]")
    juan.writes("", "Muchas gracias", files=[("soporte.pdf", "application/pdf", b"%PDF-1.4")])
    juan.receives("[#3]")


def test_who_sends_a_program_hears_that_nobody_was_given_it(juan: Person, ana: Person) -> None:
    script, program = b"@echo off\r\ndel *.*\r\n", b"MZ\x90\x00" + b"\x00" * 60
    juan.writes("Ayuda", "Va el archivo.", files=[("arregla.bat", "text/plain", script)])
    acknowledged = juan.receives("[#", "Por seguridad", "arregla.bat", "puede ejecutarse como programa: .bat")
    assert "it can run" not in acknowledged.text + acknowledged.html
    notice = ana.receives("Va el archivo.", "retenido, puede ejecutarse como programa: .bat")
    assert notice.files == {}

    juan.replies(acknowledged, "Y este otro.", files=[("factura.pdf", "application/pdf", program)])
    juan.receives("ya está en tu ticket", "factura.pdf", "es un programa de Windows")
    ana.receives("Y este otro.", "retenido, es un programa de Windows")

    juan.writes("Otra cosa", "Va una foto.", files=[("foto.png", "image/png", b"\x89PNG\r\n\x1a\n")])
    assert "Por seguridad" not in juan.receives("Otra cosa").text
