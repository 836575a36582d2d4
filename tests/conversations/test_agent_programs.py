"""Agents answer from the programs they have: what reaches the client is what they wrote, whatever stands around it."""

from __future__ import annotations

import dataclasses

import pytest

from mailgate.judgement import Desk
from mailgate.store import files, intake, tickets
from tests import programs
from tests.programs import PNG, Seat
from tests.stories import Direct, Person, Received

pytestmark = pytest.mark.parametrize("store", ["sqlite"], indirect=True)

SIGNATURE = (
    "Cordialmente,",
    "",
    "Ana María Peña",
    "Analista de soporte · Apolosoft S.A.S.",
    "Tel. (601) 555 01 23 ext. 104",
    "",
    "AVISO DE CONFIDENCIALIDAD: Este mensaje y sus anexos son confidenciales y van dirigidos a su destinatario.",
)
ALL = [
    programs.OUTLOOK, programs.OUTLOOK_LOGO, programs.OUTLOOK_ENGLISH, programs.OUTLOOK_WEB, programs.GMAIL,
    programs.GMAIL_PHONE, programs.IPHONE, programs.APPLE, programs.THUNDERBIRD, programs.PLAIN, programs.YAHOO,
    programs.K9, programs.SAMSUNG,
]  # fmt: skip
UNSIGNED = {programs.K9, programs.SAMSUNG, programs.GMAIL_PHONE, programs.IPHONE}  # they say what they are, at most
NEVER = (
    "confidencial",
    "ext. 104",
    "Analista",
    "No imprime.",
    "Ficha",
    "#cerrar",
    "#servicio",
    "Copia de",
    "Enviado desde",
)


@pytest.fixture
def notice(juan: Person, ana: Person) -> Received:
    juan.writes("Factura", "No imprime.")
    juan.receives()
    return ana.receives("No imprime.")


@pytest.mark.parametrize("program", ALL, ids=lambda program: program.__name__)
def test_words_and_commands_from_every_program(road: Direct, juan: Person, notice: Received, program: object) -> None:
    signature = () if program in UNSIGNED else SIGNATURE
    ana = Seat(road, "ana@desk.co", "Ana María Peña", program=program, signature=signature, read=1)  # type: ignore[arg-type]
    ana.answers(notice, "#servicio 1h30 Copia de seguridad\n#cerrar\n\nHola, Juan:\n\ncambia el papel y reinicia.")
    answer = juan.receives("Hola, Juan:", "cambia el papel y reinicia.")
    for words in NEVER:
        assert words not in answer.text + answer.html, words
    assert not answer.files
    ana.receives("servicio de 1 h 30 min", "cerrado", "Así lo lee el cliente", "cambia el papel y reinicia.")
    ticket = tickets.full(1)
    assert ticket is not None
    assert ticket["status"] == "closed"
    assert ticket["comments"][-1]["text"].strip() == "Hola, Juan:\n\ncambia el papel y reinicia."


@pytest.mark.parametrize(
    "program", [programs.OUTLOOK_LOGO, programs.GMAIL, programs.APPLE], ids=lambda one: one.__name__
)
def test_a_command_alone_above_a_signature_sends_nothing(
    road: Direct, juan: Person, notice: Received, program: object
) -> None:
    ana = Seat(road, "ana@desk.co", "Ana María Peña", program=program, signature=SIGNATURE, read=1)  # type: ignore[arg-type]
    ana.answers(notice, "#asignar yo")
    juan.receives_nothing()
    assert "Así lo lee" not in ana.receives("asignado a Ana María Peña").text


def test_a_pasted_picture_stays_where_it_was_pasted(juan: Person, ana: Person, notice: Received) -> None:
    html = '<div>#asignar yo</div><div>Mira:<br><img src="cid:captura@x"><br>ahí está.</div>'
    ana.writes(
        f"Re: {notice.subject}",
        "#asignar yo\nMira:\n[image: captura.png]\nahí está.",
        to=notice.reply_to,
        html=html,
        files=[("captura.png", "image/png", PNG)],
        cids=["captura@x"],
    )
    answer = juan.receives("Mira:", "ahí está.")
    assert "cid:captura@x" in answer.html
    assert "#asignar" not in answer.html
    shown = next(part for part in answer.message.walk() if part.get_content_type() == "image/png")
    assert (shown["Content-ID"], shown.get_content_disposition()) == ("<captura@x>", "inline")
    assert shown.get_content() == PNG


def test_a_reply_with_a_picture_alone_is_asked_about(juan: Person, ana: Person, notice: Received) -> None:
    ana.writes(
        f"Re: {notice.subject}",
        "",
        to=notice.reply_to,
        html='<div><img src="cid:captura@x"></div>',
        files=[("captura.png", "image/png", PNG)],
        cids=["captura@x"],
    )
    juan.receives_nothing()
    ana.receives("solo trae una imagen")


@pytest.fixture
def narrow(road: Direct, desk: Desk) -> None:
    """Only a thousand octets of files travel with a notice."""
    letters = desk.settings.letters.model_copy(update={"enclosed_bytes": 1000})
    settings = desk.settings.model_copy(update={"letters": letters})
    road.desk = dataclasses.replace(desk, settings=settings, office=dataclasses.replace(desk.office, settings=settings))


@pytest.mark.usefixtures("narrow")
def test_all_that_an_agent_sends_goes_to_the_client_and_nothing_is_to_be_fetched(juan: Person, ana: Person) -> None:
    juan.writes("El manual", "¿Me lo envían?")
    juan.receives()
    files = [("uno.bin", "image/png", b"\x89PNG" + b"a" * 900), ("dos.bin", "image/png", b"\x89PNG" + b"b" * 950)]
    ana.replies(ana.receives("¿Me lo envían?"), "Van los dos.", files=files)
    answer = juan.receives("Van los dos.", "uno.bin", "dos.bin")
    assert sorted(answer.files) == ["dos.bin", "uno.bin"]
    assert "archivos" not in answer.html.partition("Van los dos.")[2].replace("Archivos", "")


@pytest.mark.usefixtures("narrow")
def test_files_too_large_for_a_notice_are_fetched_by_mail(juan: Person, ana: Person) -> None:
    big, other = b"\x89PNG" + b"a" * 900, b"\x89PNG" + b"b" * 950
    juan.writes(
        "Capturas",
        "Van tres.",
        files=[("uno.bin", "image/png", big), ("dos.bin", "image/png", other), ("tres.txt", "text/plain", b"corto")],
    )
    notice = ana.receives("Van tres.", "no cupo en este correo; responde #archivos 2")
    assert sorted(notice.files) == ["tres.txt", "uno.bin"]
    assert "mailto:" in notice.html.partition("no cupo")[2]
    ana.replies(notice, "#archivos 2")
    assert ana.receives("Estos son los archivos que pediste", "dos.bin").files == {"dos.bin": other}
    ana.replies(notice, "#archivos")
    fetched = ana.receives("Estos no cupieron en este correo")
    assert sorted(fetched.files) == ["dos.bin", "tres.txt"]
    juan.receives()
    juan.receives_nothing()
    assert len(files.of_ticket(1)) == 3


def test_files_of_another_ticket_are_not_fetched(juan: Person, ana: Person, person: type[Person]) -> None:
    juan.writes("Captura", "Va una.", files=[("secreta.txt", "text/plain", b"secreto")])
    ana.receives("Va una.")
    person("otra@otra.co", "Olga").writes("Otra", "Otra cosa.")
    ana.replies(ana.receives("Otra cosa."), "#archivos 1")
    assert ana.receives("No hay archivos que enviar").files == {}


def test_merges_over_a_chain_keep_all_and_services_count(juan: Person, ana: Person) -> None:
    notices = []
    for subject in ("Impresora", "Nómina", "Inventario"):
        juan.writes(subject, f"Palabras de {subject}.")
        juan.receives()
        notices.append(ana.receives(f"Palabras de {subject}."))
    ana.replies(notices[2], "#servicio 1h Revisión")
    ana.replies(notices[2], "#unir 2")
    assert "seguimos en el [#2]" in juan.receives("[#3]").text
    ana.replies(notices[1], "#unir 1")
    juan.receives("[#2]", "seguimos en el [#1]")
    ana.replies(notices[0], "#unir 3")  # which is the first itself, over the chain
    while "este mismo ticket" not in ana.receives().text:
        pass
    juan.writes("Re: [#3] Inventario", "Y algo más.")
    kept = tickets.full(1)
    assert kept is not None
    said = [comment["text"].strip() for comment in kept["comments"]]
    assert said == ["Palabras de Impresora.", "Palabras de Nómina.", "Palabras de Inventario.", "Y algo más."]
    juan.receives()
    juan.writes("ESTADO [#3]", "")
    assert "Servicios (1)" in juan.receives("[#1]").text
    assert intake.outcomes()["comment"] == 1
