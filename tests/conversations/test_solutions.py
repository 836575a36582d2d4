"""Posibles Soluciones and Noticias by mail: proposed when they fit, counted when they help, silent else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

from mailgate.store import desk_work, tickets
from tests.stories import Person, Received

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def publish(what: str, title: str, body: str) -> None:
    """An agent has published it."""
    desk_work.publish(what, title, body, "", "ana@desk.co", NOW)


def button(letter: Received, label: str) -> tuple[str, str, str]:
    """(address, subject, body) of the mail that a button opens."""
    for url, text in re.findall(r'<a[^>]*href="(mailto:[^"]+)"[^>]*>([^<]+)</a>', letter.html):
        if text.strip() == label:
            parts = urlsplit(url.replace("&amp;", "&"))
            query = parse_qs(parts.query, keep_blank_values=True)
            return unquote(parts.path), query["subject"][0], query.get("body", [""])[0]
    raise AssertionError(f"no button {label!r} in:\n{letter.html}")


def presses(person: Person, letter: Received, label: str) -> None:
    address, subject, body = button(letter, label)
    person.writes(subject, body, to=address)


def test_a_solution_that_fits_comes_with_the_acknowledgement_and_closes_the_ticket(juan: Person, ana: Person) -> None:
    juan.writes("Impresora", "Sale todo vacío.")
    ana.replies(
        ana.receives(), "#solucion La impresora saca hojas en blanco\n\nEscoge el papel Carta en Configuración."
    )
    ana.receives("solución publicada")
    publish("solution", "Crear un usuario nuevo", "En Seguridad, Usuarios, Nuevo.")
    juan.read = 2
    juan.writes("Ayuda", "Buenas, las impresoras me están botando las hojas blancas desde ayer")
    letter = juan.receives("La impresora saca hojas en blanco", "Escoge el papel Carta", "responde ESTO LO RESOLVIÓ 1")
    assert "Crear un usuario" not in letter.text + letter.html
    ana.receives("La impresora saca hojas en blanco")

    presses(juan, letter, "Esto lo resolvió")
    assert "solucion" in juan.receives().text
    found = tickets.full(2)
    assert found is not None
    assert found["status"] == "solved"
    assert [event["what"] for event in found["events"]].count("solution-helped") == 1


def test_what_fits_nothing_gets_no_proposal(juan: Person, ana: Person) -> None:
    publish("solution", "La impresora saca hojas en blanco", "Escoja el papel Carta en Configuración.")
    juan.writes("Almuerzo", "Quisiera saber a qué hora es la reunión del viernes con el gerente")
    letter = juan.receives()
    assert "hojas en blanco" not in letter.text + letter.html


def test_an_agent_sees_what_solved_a_ticket_like_it_and_sends_it_by_one_mail(
    person: Callable[..., Person], juan: Person, ana: Person
) -> None:
    """What another client was answered is for agents; a client never reads it unless one sends it."""
    olga = person("otra@otra.co", "Olga")
    olga.writes("El kardex muestra existencias negativas", "El inventario de la bodega sale negativo en el kardex.")
    olga.receives()
    ana.replies(ana.receives(), "#cerrar\n\nRecalcule los saldos de la bodega y ordene por fecha.")
    olga.receives()
    ana.read = len(ana._inbox())

    juan.writes("Kardex en negativo", "El kardex de la bodega principal muestra existencias en negativo.")
    told = juan.receives()
    assert "Recalcule" not in told.text + told.html
    notice = ana.receives("[#1] El kardex muestra existencias negativas", "Recalcule los saldos")
    presses(ana, notice, "Enviar esta solución")
    juan.receives("Recalcule los saldos de la bodega")


def test_the_state_of_a_ticket_counts_its_solutions(juan: Person, ana: Person) -> None:
    publish("solution", "La impresora saca hojas en blanco", "Escoja el papel Carta.")
    juan.writes("Impresora", "La impresora saca las hojas en blanco")
    juan.replies(juan.receives(), "ESTADO")
    juan.receives("Posibles Soluciones (1)", "La impresora saca hojas en blanco: Escoja el papel Carta.")


def test_news_that_a_contact_has_not_read_come_first(juan: Person, ana: Person) -> None:
    publish("news", "Cerramos el sábado", "Por inventario.")
    juan.writes("Nómina", "La nómina de octubre no cierra")
    assert "nueva" in juan.receives("Noticias", "Cerramos el sábado").text
    publish("news", "Versión 8 disponible", "Actualice cuando pueda.")
    juan.writes("Factura", "La factura 12 sale dos veces")
    letter = juan.receives("Versión 8 disponible")
    assert letter.text.index("Versión 8") < letter.text.index("Cerramos el sábado")
    assert letter.text.count("nueva") == 1
    juan.writes("NOTICIAS")
    assert "nueva" not in juan.receives("Versión 8 disponible", "Cerramos el sábado").text
