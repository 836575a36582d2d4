"""A client who forwards a colleague's mail: whoever answers reads what it is about."""

from __future__ import annotations

import pytest

from mailgate.store import tickets
from tests.stories import Person

GMAIL = """---------- Forwarded message ---------
De: Pedro Ruiz <pedro@empresa.co>
Date: lun, 23 nov 2026 a las 9:00
Subject: Error en nómina
To: Juan Peña <juan@empresa.co>

Juan, al liquidar la nómina sale el error 512. ¿Puedes pedir ayuda?
"""
SAMSUNG = """Enviado desde mi Galaxy

-------- Mensaje original --------
De: Pedro Ruiz <pedro@empresa.co>
Fecha: 23/11/26 9:00 a. m. (GMT-05:00)
A: Juan Peña <juan@empresa.co>
Asunto: Error en nómina

Juan, al liquidar la nómina sale el error 512. ¿Puedes pedir ayuda?
"""


@pytest.mark.parametrize("text", [f"Favor revisar\n\n{GMAIL}", SAMSUNG], ids=["words above", "none"])
def test_the_agent_reads_the_forwarded_words(juan: Person, ana: Person, text: str) -> None:
    juan.writes("Fwd: Error en nómina", text)
    assert "qué estabas haciendo" not in juan.receives("[#1] Error en nómina").text  # it tells enough
    ana.receives("sale el error 512", "Pedro Ruiz")
    kept = (tickets.full(1) or {})["comments"][0]["text"]
    assert "sale el error 512" in kept
    assert ("Favor revisar" in kept) is ("Favor revisar" in text)


def test_a_letter_of_ours_that_comes_back_in_a_forward_stays_a_quote(juan: Person, ana: Person) -> None:
    juan.writes("No cierra la nómina", "Sale el error 512.")
    ana.replies(ana.receives(), "Instala la versión 8.")
    juan.receives()
    answer = juan.receives("versión 8")
    ours = GMAIL.replace("Pedro Ruiz <pedro@empresa.co>", "Ana María Peña · Soporte <soporte@desk.co>")
    ours = ours[: ours.index("Juan, al")] + answer.text
    juan.writes(f"Fwd: {answer.subject}", f"¿Esto sirve para Windows 11?\n\n{ours}")
    told = ana.receives("¿Esto sirve para Windows 11?")
    assert "versión 8" not in told.text.partition("Ficha")[0]
