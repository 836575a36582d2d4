"""An agent's working day in commands: each one accepted and refused, and the client never sees one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest

from mailgate.mail.message import Envelope
from mailgate.process import run_due
from mailgate.store import intake, people, tickets
from mailgate.store.models import Canned, News, Service, Solution
from tests.stories import Direct, Person, Received

COMMANDS = ("#", "Ficha", "ana@desk.co", "luis@desk.co", "NIT")


def number_of(letter: Received) -> int:
    return int(letter.subject.partition("[#")[2].partition("]")[0])


def ticket_of(letter: Received) -> dict:
    found = tickets.full(number_of(letter))
    assert found is not None
    return found


@pytest.fixture
def notice(juan: Person, ana: Person, luis: Person) -> Received:
    """Ana's notice of Juan's ticket; everybody has read what came of it."""
    juan.writes("Factura", "No imprime.")
    juan.receives()
    luis.receives("No imprime.")
    return ana.receives("No imprime.")


def test_words_with_commands_answer_and_act_and_the_client_reads_the_words(
    juan: Person, ana: Person, luis: Person, notice: Received
) -> None:
    ana.replies(notice, "#asignar Luis\n#categoria impresoras\n#prioridad alta\n\nHola, Juan: Luis te ayuda.")
    answer = juan.receives("Hola, Juan: Luis te ayuda.", "Ana María Peña")
    for words in ("#asignar", "#categoria", "prioridad", "impresoras", "ana@desk.co"):
        assert words not in answer.text + answer.html + answer.raw.decode("ascii")
    assert "Luis Gómez" in ana.receives("asignado a Luis Gómez", "categoría impresoras", "respuesta enviada").text
    luis.receives("ya le respondió al cliente")
    luis.receives("te asignó este ticket")
    ticket = ticket_of(notice)
    assert (ticket["agent"], ticket["category"], ticket["status"]) == ("luis@desk.co", "impresoras", "waiting")
    assert ticket["comments"][-1]["text"] == "Hola, Juan: Luis te ayuda."


def test_closing_with_words_answers_and_closes(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#cerrar\nYa imprime. ¡Feliz día!")
    juan.receives("Ya imprime. ¡Feliz día!")
    juan.receives_nothing()
    assert ticket_of(notice)["status"] == "closed"


def test_closing_without_words_tells_the_client_so(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#cerrar")
    closed = juan.receives("quedó cerrado", "Ana María Peña")
    assert "#cerrar" not in closed.text
    ana.receives("Hecho: cerrado.")
    ana.replies(notice, "#cerrar")  # a second time: nobody is told again
    juan.receives_nothing()


def test_closing_in_silence(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#mudo\n#close\n\nEra spam.")
    juan.receives_nothing()
    ticket = ticket_of(notice)
    assert ticket["status"] == "closed"
    assert (ticket["comments"][-1]["text"], ticket["comments"][-1]["public"]) == ("Era spam.", False)


@pytest.mark.parametrize(
    ("commands", "status"), [("#esperar", "waiting"), ("#abrir", "open"), ("#wait", "waiting"), ("#asignar yo", "open")]
)
def test_states(juan: Person, ana: Person, notice: Received, commands: str, status: str) -> None:
    ana.replies(notice, commands)
    juan.receives_nothing()
    ana.receives("Hecho:")
    assert ticket_of(notice)["status"] == status


@pytest.mark.parametrize(
    "text", ["#nota El cliente está molesto.", "#nota\nEl cliente está molesto.", "#note: El cliente está molesto."]
)
def test_a_note_stays_inside(juan: Person, ana: Person, luis: Person, notice: Received, text: str) -> None:
    ana.replies(notice, text)
    juan.receives_nothing()
    luis.receives("El cliente está molesto.")
    comment = ticket_of(notice)["comments"][-1]
    assert (comment["text"], comment["public"]) == ("El cliente está molesto.", False)


def test_whatever_stands_below_a_note_stays_inside_too(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#nota Llamó dos veces\ny amenaza con irse.\n\nOtra cosa más.")
    juan.receives_nothing()
    assert "Otra cosa más." in ticket_of(notice)["comments"][-1]["text"]


def test_one_wrong_command_and_nothing_happens(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#asignar yo\n#cerar\n\nYa quedó, Juan.\n\nUn saludo de toda la mesa de ayuda.")
    juan.receives_nothing()
    returned = ana.receives("#cerar no es una orden", "#cerrar", "Ya quedó, Juan.", "Un saludo de toda la mesa")
    assert "► #cerar" in returned.text
    before = ticket_of(notice)
    assert (before["agent"], before["status"], len(before["comments"])) == (None, "new", 1)
    ana.replies(returned, "#asignar yo\n#cerrar\n\nYa quedó, Juan.\n\nUn saludo de toda la mesa de ayuda.")
    answer = juan.receives("Ya quedó, Juan.", "Un saludo de toda la mesa de ayuda.")
    assert "cerar" not in answer.text
    after = ticket_of(notice)
    assert (after["agent"], after["status"]) == ("ana@desk.co", "closed")


def test_the_returned_mail_has_a_button_that_sends_it_as_it_was_meant(ana: Person, notice: Received) -> None:
    from urllib.parse import parse_qs, urlsplit

    from selectolax.lexbor import LexborHTMLParser

    ana.replies(notice, "#asignar Lius\n#cerar\n\nYa quedó.")
    returned = ana.receives()
    links = [
        a.attributes["href"] for a in LexborHTMLParser(returned.html).css("a") if a.text().strip() == "Enviar corregido"
    ]
    assert parse_qs(urlsplit(links[0]).query)["body"] == ["#asignar Luis Gómez\r\n#cerrar\r\n\r\nYa quedó."]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("#asignar Pedro", "No hay ningún agente llamado «pedro»"),
        ("#asignar", "Falta decir a quién"),
        ("#prioridad altísima", "baja, normal o alta"),
        ("#cc contador", "no es una dirección"),
        ("#cc soporte@desk.co", "dirección de la mesa"),
        ("#cc luis@desk.co", "#seguir"),
        ("#cliente NADA99", "No hay ningún cliente con la licencia"),
        ("#servicio rato largo", "No entiendo cuánto tiempo"),
        ("#cerrar\n#abrir", "se contradicen"),
        ("#cerrar ya mismo", "va sola en su línea"),
        ("#nota", "La nota está vacía"),
        ("#unir 99999", "No existe el ticket"),
        ("#unir ese", "no es un número"),
        ("#solucion\n\ntexto", "Falta el título"),
        ("#solucion Papel", "Falta el texto"),
        ("#plantilla saludo", "No hay ninguna plantilla"),
        ("#aceptar", "es para un correo retenido"),
        ("#ausente hasta ayer", "No entiendo el día"),
        ("#1 en ventas\n\nHola", "#1 no es una orden"),
        ("Hola, Juan.\n#cerrar", "está debajo de texto"),
        ("# cerrar\n\nHola, Juan.", "un espacio de más"),
        ("\u200b#cerar\n\nHola, Juan.", "#cerar no es una orden"),
    ],
)
def test_what_is_refused_and_why(juan: Person, ana: Person, notice: Received, text: str, told: str) -> None:
    ana.replies(notice, text)
    juan.receives_nothing()
    returned = ana.receives(told)
    for line in text.split("\n"):
        assert line in returned.text
    assert len(ticket_of(notice)["comments"]) == 1
    assert intake.outcomes()["returned"] == 1


def test_what_only_looks_like_a_command_is_text(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "# Pasos\n\n1. Apágala.\n2. Préndela.")
    assert "Pasos" in juan.receives("Apágala.").text
    ana.replies(notice, "\\#1 en ventas, como siempre.")
    assert "#1 en ventas, como siempre." in juan.receives("como siempre").text
    ana.replies(notice, "Mira el tema\n#impresorasquenofuncionan en el foro.")
    juan.receives("#impresorasquenofuncionan")


def test_people_added_get_the_answers(
    juan: Person, ana: Person, person: Callable[..., Person], notice: Received
) -> None:
    ana.replies(notice, "#cc Contador <contador@firma.co>\n\nLes respondo a los dos.")
    juan.receives("Les respondo a los dos.")
    accountant = person("contador@firma.co")
    answer = accountant.receives("Les respondo a los dos.")
    accountant.replies(answer, "Gracias, recibido por contabilidad.")
    ana.receives("contador@firma.co recibe copia")
    ana.receives("Gracias, recibido por contabilidad.")


def test_who_follows_reads_other_agents_answers(ana: Person, luis: Person, notice: Received, juan: Person) -> None:
    ana.replies(notice, "#asignar yo")
    ana.receives("asignado a Ana")
    luis.writes(f"Re: {notice.subject}", "#seguir", to=notice.reply_to)  # not Luis's own letter: held, nothing done
    ana.receives("espera tu decisión")
    luis.receives("espera tu decisión")
    juan.receives_nothing()


def test_service_solution_news_and_canned_answers(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "#servicio 1h30 Cambio de rodillos\n#solucion Papel atascado\n\nHola: apágala y espera.")
    juan.receives("Hola: apágala y espera.")
    ana.receives("servicio de 1 h 30 min", "solución publicada: Papel atascado")
    assert [(s.minutes, s.text) for s in Service.select()] == [(90, "Cambio de rodillos")]
    assert [(s.title, s.body) for s in Solution.select()] == [("Papel atascado", "Hola: apágala y espera.")]
    ana.replies(notice, "#noticia Cerramos el sábado\n\nPor inventario.")
    ana.receives("noticia publicada")
    juan.receives_nothing()
    assert [(n.title, n.body) for n in News.select()] == [("Cerramos el sábado", "Por inventario.")]
    ana.replies(notice, "#plantilla Reinicio =\n\nHola, {nombre}: reinicia el equipo. {otra}")
    ana.receives("plantilla reinicio guardada")
    juan.receives_nothing()
    assert Canned.select().count() == 1
    ana.replies(notice, "#plantilla reinicio\n\nY me cuentas.")
    juan.receives("Hola, Juan Peña: reinicia el equipo. {otra}", "Y me cuentas.")


def test_help_comes_with_examples(ana: Person, juan: Person, notice: Received) -> None:
    ana.replies(notice, "#ayuda")
    ana.receives("#asignar PERSONA", "#servicio 1h30 Copia de seguridad", "#cerrar")
    juan.receives_nothing()


def test_commands_of_a_client_are_text(juan: Person, ana: Person, notice: Received) -> None:
    juan.writes(f"Re: {notice.subject}", "#cerrar\n#asignar Luis\n\nhola")
    assert ticket_of(notice)["status"] == "new"
    assert "#cerrar" in ticket_of(notice)["comments"][-1]["text"]


def test_commands_in_the_quote_are_history(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "Hola, Juan.\n\n> #cerrar\n> #asignar Luis")
    juan.receives("Hola, Juan.")
    assert ticket_of(notice)["status"] == "waiting"


def test_an_old_mail_of_an_agent_waits_for_a_word(juan: Person, ana: Person, notice: Received, road: Direct) -> None:
    road.now += timedelta(days=20)
    mail = ana.replies(notice, "#cerrar\nListo.")
    juan.receives("Listo.")
    old = mail.as_bytes().replace(mail["Date"].encode(), format_datetime(road.now - timedelta(days=9)).encode())
    old = old.replace(b"Listo.", b"Otra vez.").replace(b"<m", b"<n")
    road.post(old, ana.address, [notice.reply_to])
    juan.receives_nothing()
    ana.receives("Hecho")
    held = ana.receives("más de cinco días")
    ana.replies(held, "#aceptar")
    run_due(road.desk, lambda: road.now)
    juan.receives("Otra vez.")


def test_a_held_mail_is_let_in_or_turned_away_by_a_word(
    juan: Person, ana: Person, person: Callable[..., Person], road: Direct, notice: Received
) -> None:
    stranger = person("contador@firma.co")
    for words, answer in (
        ("Soy el contador.", "#aceptar"),
        ("Compre ya.", "#rechazar"),
        ("Soy yo otra vez.", "Acepto"),
    ):
        stranger.writes(f"Re: {notice.subject}", words)
        held = ana.receives(words)
        ana.replies(held, "hola, ¿quién eres?")
        returned = ana.receives("responde #aceptar o #rechazar")
        assert "hola, ¿quién eres?" in returned.text
        ana.replies(held, answer)
        ana.receives("Hecho: correo")
        if answer != "#rechazar":
            ana.receives(words, "Ficha")
    texts = [comment["text"].strip() for comment in ticket_of(notice)["comments"]]
    assert texts == ["No imprime.", "Soy el contador.", "Soy yo otra vez."]


def test_a_late_answer_waits_for_a_word(juan: Person, ana: Person, luis: Person, road: Direct) -> None:
    juan.writes("Factura", "No imprime.")
    juan.receives()
    to_ana, to_luis = ana.receives("No imprime."), luis.receives("No imprime.")
    ana.replies(to_ana, "Hola: cambia el papel.")
    juan.receives("cambia el papel")
    luis.replies(to_luis, "Hola: ¿qué impresora es la que tienes en la oficina?")
    juan.receives_nothing()
    late = luis.receives("Ana María Peña", "¿qué impresora es la que tienes")
    luis.replies(late, "#aceptar")
    run_due(road.desk, lambda: road.now)
    juan.receives("¿qué impresora es la que tienes en la oficina?")
    luis.replies(to_luis, "#nota La mía llegó tarde.")  # a note collides with nobody
    assert ticket_of(to_ana)["comments"][-1]["text"] == "La mía llegó tarde."


def test_receipts_can_be_turned_off(juan: Person, ana: Person, notice: Received, road: Direct) -> None:
    from dataclasses import replace

    quiet = road.desk.settings.model_copy(
        update={"desk": road.desk.settings.desk.model_copy(update={"receipts": False})}
    )
    road.desk = replace(road.desk, settings=quiet, office=replace(road.desk.office, settings=quiet))
    ana.replies(notice, "#asignar yo")
    ana.receives_nothing()
    assert ticket_of(notice)["agent"] == "ana@desk.co"


def test_merged_tickets_keep_every_word_and_later_mail_follows(juan: Person, ana: Person, notice: Received) -> None:
    juan.writes("Factura otra vez", "Sigue sin imprimir.")
    second = juan.receives()
    to_ana = ana.receives("Sigue sin imprimir.")
    ana.replies(to_ana, f"#unir {number_of(notice)}")
    ana.receives(f"unido al #{number_of(notice)}")
    juan.replies(second, "Y ahora tampoco prende.")
    kept = ticket_of(notice)
    assert [c["text"].strip() for c in kept["comments"]] == [
        "No imprime.",
        "Sigue sin imprimir.",
        "Y ahora tampoco prende.",
    ]
    ana.replies(notice, f"#unir {number_of(to_ana)}")  # the other way round would be a cycle
    ana.receives("Y ahora tampoco prende.")
    ana.receives("este mismo ticket")


def test_tickets_of_different_clients_are_never_merged(
    juan: Person, ana: Person, person: Callable[..., Person], notice: Received
) -> None:
    person("otra@otra.co").writes("Nómina", "Secreto de Otra.")
    other = ana.receives("Secreto de Otra.")
    ana.replies(other, f"#unir {number_of(notice)}")
    ana.receives("es de otro cliente")
    assert len(ticket_of(other)["comments"]) == 1


def test_dividing_makes_the_last_words_a_ticket_of_their_own(juan: Person, ana: Person, notice: Received) -> None:
    juan.writes(f"Re: {notice.subject}", "Y además la nómina no cierra.")
    comment = ana.receives("la nómina no cierra")
    juan.receives("ya está en tu ticket")
    ana.replies(comment, "#dividir")
    told = juan.receives("Separamos del ticket [#1] lo último que escribiste")
    assert "[#2]" in told.subject
    new_notice = ana.receives("[#2]", "la nómina no cierra")
    ana.receives("dividido en otro ticket", "Así lo lee el cliente", "Separamos del ticket [#1]")
    assert [c["text"].strip() for c in ticket_of(notice)["comments"]] == ["No imprime."]
    new = tickets.full(number_of(notice) + 1)
    assert new is not None
    assert [c["text"].strip() for c in new["comments"]] == ["Y además la nómina no cierra."]
    assert new["requester"] == "juan@empresa.co"
    ana.replies(new_notice, "Hola, Juan: la nómina la vemos por aquí.")
    assert "[#2]" in juan.receives("la nómina la vemos por aquí").subject
    ana.replies(comment, "#dividir")
    juan.receives_nothing()
    ana.receives("No hay nada que dividir")


def test_an_absent_agent_gets_nothing_while_others_are_there(
    juan: Person, ana: Person, luis: Person, notice: Received
) -> None:
    ana.replies(notice, "#asignar yo\n#ausente hasta 2026-12-01")
    ana.receives("ausente hasta 2026-12-01")
    luis.receives("Ana María Peña estará ausente hasta el 1 de diciembre", "[#1] Factura")
    juan.writes(f"Re: {notice.subject}", "¿Alguna novedad?")
    luis.receives("¿Alguna novedad?")
    ana.receives_nothing()


def test_a_category_has_its_group(juan: Person, ana: Person, luis: Person, notice: Received, road: Direct) -> None:
    people.save_agent("luis@desk.co", "Luis Gómez", road.now, groups=["Nómina"])
    ana.replies(notice, "#categoria nomina")
    ana.receives("categoría Nómina")
    juan.writes(f"Re: {notice.subject}", "Es de nómina.")
    luis.receives("Es de nómina.")
    ana.receives_nothing()
    ana.replies(notice, "#categoria nonima")
    ana.receives("#categoria Nómina")


def test_html_of_an_answer_keeps_its_form_and_loses_its_commands(juan: Person, ana: Person, notice: Received) -> None:
    html = (
        '<div dir="ltr"><div>#cerrar</div><div>#asignar yo</div><div><br></div>'
        "<div>Hola, <b>Juan</b>: ya quedó.</div></div><br>"
        '<div class="gmail_quote"><div class="gmail_attr">El lun, 23 nov 2026 a las 10:15, Soporte escribió:<br></div>'
        '<blockquote class="gmail_quote">No imprime. #nota</blockquote></div>'
    )
    ana.writes(
        f"Re: {notice.subject}", "#cerrar\n#asignar yo\n\nHola, *Juan*: ya quedó.\n", to=notice.reply_to, html=html
    )
    answer = juan.receives("ya quedó.")
    assert "<b>Juan</b>" in answer.html
    assert "#cerrar" not in answer.html + answer.text
    assert "#nota" not in answer.html + answer.text
    assert ticket_of(notice)["status"] == "closed"


def test_markdown_of_a_plain_answer_is_shown_as_meant(juan: Person, ana: Person, notice: Received) -> None:
    ana.replies(notice, "Hola:\n\n- apaga\n- **prende**\n\n<script>alert(1)</script>")
    answer = juan.receives("- apaga")
    assert "<strong>prende</strong>" in answer.html
    assert "<script>" not in answer.html


def test_an_authenticated_agent_may_command_without_a_letter(
    juan: Person, ana: Person, notice: Received, road: Direct
) -> None:
    envelope_login = Envelope(ana.address, ("soporte@desk.co",), "smtp", "198.51.100.7", auth_user=ana.address)
    mail = ana.writes(f"Re: {notice.subject}", "nada")  # held: nothing proves it is Ana
    raw = mail.as_bytes().replace(b"nada", b"#asignar yo").replace(b"<m", b"<n")
    intake.accept_many([intake.Arrival(raw, envelope_login, road.now)])
    run_due(road.desk, lambda: road.now)
    assert ticket_of(notice)["agent"] == "ana@desk.co"
