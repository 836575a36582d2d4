"""Commands as autocorrection, lists, signatures and haste leave them: obeyed or asked about; no client reads one."""

from __future__ import annotations

import pytest

from mailgate.store import tickets
from tests.stories import Person, Received

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


@pytest.fixture
def notice(juan: Person, ana: Person, luis: Person) -> Received:
    juan.writes("Factura", "No imprime.")
    juan.receives()
    luis.receives()
    return ana.receives("No imprime.")


@pytest.mark.parametrize("line", ["#nota:amenaza con irse", "“#nota amenaza con irse”", "• #nota amenaza con irse."])
def test_a_note_stays_inside_however_it_is_marked(juan: Person, ana: Person, notice: Received, line: str) -> None:
    ana.replies(notice, line)
    ana.receives("nota interna guardada")
    juan.receives_nothing()


def test_a_list_of_commands_in_html_is_obeyed(juan: Person, ana: Person, luis: Person, notice: Received) -> None:
    html = "<ul><li>#asignar Luis</li><li>#servicio 1h Copia</li></ul><p>Hola, <b>Juan</b>.</p>"
    ana.writes(f"Re: {notice.subject}", "", to=notice.reply_to, html=html)
    answer = juan.receives("Hola, Juan.")
    assert "<b>Juan</b>" in answer.html
    assert "#" not in answer.text.partition("Ana María")[0]
    luis.receives("Ana María Peña ya le respondió al cliente", "Agente: Luis Gómez")
    luis.receives("te asignó este ticket")
    ana.receives("asignado a Luis Gómez", "servicio de 1 h")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Listo, Juan. #cerrar", "#cerrar está dentro de una frase"),
        ("Listo.\nY ojo: #nota amenaza con irse", "#nota está dentro de una frase"),
        ("Listo, Juan.\n\n-- \nAna\n#cerrar", "Línea 4: #cerrar está debajo de tu firma"),
        ("#cerrar/\nListo.", "sobra «/»"),
    ],
)
def test_what_stands_where_nothing_is_obeyed_comes_back(
    juan: Person, ana: Person, notice: Received, text: str, told: str
) -> None:
    ana.replies(notice, text)
    juan.receives_nothing()
    returned = ana.receives(told)
    assert [line for line in returned.text.splitlines() if line.startswith("►")] == [
        f"► {next(line for line in text.split(chr(10)) if '#' in line)}"
    ]


def test_an_escaped_sign_reaches_the_client_without_its_mark(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "Hola.\n\\#MesaDeAyuda es nuestra etiqueta, y \\#nota no")
    juan.receives("\n#MesaDeAyuda es nuestra etiqueta, y #nota no")
    ana.receives_nothing()


def test_the_final_answer_is_one_without_its_hyphen(juan: Person, ana: Person) -> None:
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    notice = ana.receives("El técnico me gritó.")
    ana.replies(notice, "#respuesta pqrs\n\nLe pedimos disculpas.")
    ana.receives("respuesta de fondo a PQRS-2026-000001")
    ticket = tickets.full(1)
    assert ticket is not None
    assert any(event["what"] == "pqrs-answered" for event in ticket["events"])
