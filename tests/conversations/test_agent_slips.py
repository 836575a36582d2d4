"""Commands as autocorrection, lists, signatures and haste leave them: obeyed or asked about; no client reads one."""

from __future__ import annotations

import pytest

from mailgate.judgement import Desk
from mailgate.store import tickets
from tests.stories import OwnMx, Person, Received

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


def test_who_is_assigned_reads_the_clients_words_and_not_the_command(
    ana: Person, luis: Person, notice: Received
) -> None:
    ana.replies(notice, "#asignar @Luis Gómez<mailto:luis@desk.co>")
    assert "#asignar" not in luis.receives("te asignó este ticket", "No imprime.").text
    ana.receives("asignado a Luis Gómez")


def test_several_people_are_added_at_once(juan: Person, ana: Person, notice: Received, person: type[Person]) -> None:
    ana.replies(
        notice, "#cc Luisa Ríos <luisa@empresa.co>, contador@firma.co<mailto:contador@firma.co>\n\nHola a todos."
    )
    for address in ("juan@empresa.co", "luisa@empresa.co", "contador@firma.co"):
        person(address).road.letters()
        assert "Hola a todos." in person(address)._inbox()[-1].text
    ana.receives("luisa@empresa.co, contador@firma.co recibe copia")
    ana.replies(notice, "#cc luisa@empresa.co, otro@")
    ana.receives("«otro@» no es una dirección de correo")


def test_what_there_is_none_of_is_not_named(ana: Person, notice: Received) -> None:
    ana.replies(notice, "#plantilla reinicio\n#pqrs pregunta")
    returned = ana.receives("Las que hay: —.", "petición de información, petición")
    assert "Las que hay: reinicio" not in returned.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cerrar", "¿«cerrar» es una orden?"),
        ("Ana María Peña desea recuperar el mensaje «Re: [#1] Factura».", "no se puede recuperar"),
    ],
)
def test_what_no_client_should_read_is_asked_about(
    juan: Person, ana: Person, notice: Received, text: str, told: str
) -> None:
    subject = "Recuperar: Re: [#1] Factura" if "recuperar" in text else f"Re: {notice.subject}"
    ana.writes(subject, text, to=notice.reply_to)
    ana.receives(told)
    juan.receives_nothing()


def test_a_mail_without_words_is_answered_all_the_same(desk: Desk) -> None:
    ana = Person(OwnMx(desk), "ana@desk.co", "Ana María Peña")
    ana.writes("Ayuda", "")
    ana.receives("#nota", "#cerrar")
    ana.writes("Cambiar el tóner de Olga", "")
    ana.receives("Tu correo llegó sin texto", "#ayuda")
    ana.writes("El tóner de Olga", "", files=[("foto.png", "image/png", b"\x89PNG")])
    ana.receives("ya tiene número")


def test_a_colleagues_words_are_confirmed_to_the_colleague(
    juan: Person, ana: Person, notice: Received, person: type[Person]
) -> None:
    luisa, stranger = person("luisa@empresa.co", "Luisa"), person("ana.personal@gmail.com", "Ana María Peña")
    luisa.writes(f"Re: {notice.subject}", "A mí tampoco me imprime.")
    assert "Luisa" in luisa.receives("Recibimos lo que nos escribiste").text
    stranger.replies(notice, "Hay que cambiar el rodillo.")
    ana.receives("A mí tampoco")
    ana.replies(ana.receives("dirección desconocida", "dominio sin verificar"), "#aceptar")
    stranger.receives_nothing()
    juan.receives_nothing()


def test_words_that_merge_close_nothing_for_the_client(juan: Person, ana: Person, notice: Received) -> None:
    juan.writes("Factura otra vez", "Sigue sin imprimir, y ya van tres.")
    juan.receives("[#2]")
    ana.replies(ana.receives("ya van tres"), "#unir 1\n\nSeguimos en el primero, Juan.")
    answer = juan.receives("Seguimos en el primero, Juan.")
    assert "cerramos" not in answer.text
    assert "★" not in answer.text
    juan.receives("seguimos en el [#1]")
