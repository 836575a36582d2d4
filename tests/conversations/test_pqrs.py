"""A PQRS from its filing to its answer, as the petitioner, the agents and management read it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from mailgate import cli
from mailgate.desk.pqrs import Type
from mailgate.judgement import Desk
from mailgate.settings import Settings, load
from mailgate.settings import Store as StoreSettings
from mailgate.store import outbox, people, pqrs, purge, tickets
from mailgate.store.base import open_store
from mailgate.store.models import database
from tests.conversations.conftest import DESK
from tests.stories import Direct, Person

RECEIVED = ("Received", "from otra.org by mx.desk.co; Mon, 23 Nov 2026 10:00:00 -0500")


@pytest.fixture
def settings(store: StoreSettings) -> Settings:
    """A desk with an address for PQRS, two managers, one of whom is copied on complaints only."""
    return load(
        None,
        {
            **DESK,
            "MAILGATE_STORE_URL": store.url,
            "MAILGATE_DESK_PQRS_ADDRESS": "pqrs@desk.co",
            "MAILGATE_DESK_MANAGEMENT": '["gerencia@desk.co"]',
            "MAILGATE_PQRS_MANAGERS": '{queja = ["juridica@desk.co"]}',
        },
    )


@pytest.fixture
def gerencia(road: Direct) -> Person:
    return Person(road, "gerencia@desk.co", "Gerencia")


@pytest.fixture
def juridica(road: Direct) -> Person:
    return Person(road, "juridica@desk.co", "Jurídica")


def only() -> pqrs.PqrsFacts:
    (filed,) = pqrs.listing()
    return filed


def test_a_client_files_and_everybody_is_told(
    juan: Person, ana: Person, luis: Person, gerencia: Person, juridica: Person
) -> None:
    """Monday 23 November 2026, 10:01 in Bogotá: 15 business days end on 15 December, over 8 December."""
    sent = juan.writes("Queja: mala atención", "El técnico me gritó.", to="pqrs@desk.co")
    letter = juan.receives("Radicado: PQRS-2026-000001", "Tipo: queja", "15 de diciembre de 2026 (15 días hábiles)")
    assert letter.subject == "Re: [#1] PQRS-2026-000001 · Queja: mala atención"
    assert "Juan Peña" in letter.text
    assert letter.automatic
    assert "no es la respuesta a su comunicación" in letter.text
    notice = ana.receives("Se radicó una nueva PQRS", "El técnico me gritó.", "#respuesta-pqrs")
    luis.receives("PQRS-2026-000001")
    for manager in (gerencia, juridica):
        copy = manager.receives("Se radicó una nueva PQRS", "El técnico me gritó.", "nota interna")
        enclosed = next(copy.message.iter_attachments())
        assert enclosed.get_content_type() == "message/rfc822"
        assert enclosed.get_content()["Message-ID"] == sent["Message-ID"]
        assert copy.message["To"].count("@") == 1
    assert "gerencia@desk.co" not in notice.raw.decode() + letter.raw.decode()
    assert (only().type, only().term.due_on, only().open) == (Type.COMPLAINT, date(2026, 12, 15), True)


@pytest.mark.parametrize(
    ("to", "subject", "kind", "doubtful"),
    [
        ("pqrs@desk.co", "Buenas tardes", Type.PETITION, True),
        ("soporte+pqrs@desk.co", "Sugerencia de horario", Type.SUGGESTION, False),
        ("soporte@desk.co", "PQRS", Type.PETITION, True),
        ("soporte@desk.co", "RECLAMO por doble cobro", Type.CLAIM, False),
        ("soporte@desk.co", "RV: Derecho de petición", Type.PETITION, False),
        ("soporte@desk.co", "Complaint about your service", Type.COMPLAINT, False),
    ],
)
def test_the_ways_in(juan: Person, to: str, subject: str, kind: Type, doubtful: bool) -> None:
    juan.writes(subject, "Hola.", to=to)
    assert (only().type, only().doubtful) == (kind, doubtful)


@pytest.mark.parametrize("subject", ["Consulta de nómina", "Felicitaciones", "No imprime la queja", "[#7] hola"])
def test_what_is_no_pqrs(juan: Person, subject: str) -> None:
    juan.writes(subject, "Una petición: ¿me ayudan?")
    assert pqrs.listing() == []


def test_a_stranger_files_and_nothing_goes_to_an_address_that_nothing_proves(
    person: Callable[..., Person], ana: Person, gerencia: Person
) -> None:
    victim = person("victima@otra.org", "Víctima")
    victim.writes("Reclamo", "Compren en mi tienda.", to="pqrs@desk.co")
    victim.receives_nothing()
    ana.receives("No se le envió acuse de recibo", "dominio sin verificar")
    gerencia.receives("No se le envió acuse de recibo", "Compren en mi tienda.")
    victim.writes("Reclamo", "Otra vez.", to="pqrs@desk.co")
    victim.receives_nothing()
    assert not only().acknowledged


def test_a_stranger_whose_domain_vouches_is_acknowledged_without_their_own_words(
    person: Callable[..., Person], road: Direct
) -> None:
    road.peer = "198.51.100.9"
    maria = person("maria@otra.org", "María")
    verdict = ("Authentication-Results", "mx.desk.co; dkim=pass header.d=otra.org; dmarc=pass header.from=otra.org")
    maria.writes("Reclamo: compren en mi tienda", "x", to="pqrs@desk.co", headers=[verdict, RECEIVED])
    letter = maria.receives("Radicado: PQRS-2026-000001")
    assert "tienda" not in letter.text + letter.subject


def test_a_reply_is_a_comment_and_another_matter_another_radicado(juan: Person, gerencia: Person) -> None:
    juan.writes("Queja: mala atención", "El técnico me gritó.", to="pqrs@desk.co")
    juan.replies(juan.receives(), "Fue el viernes.")
    gerencia.receives("Se radicó")
    gerencia.receives("El peticionario escribió de nuevo", "Fue el viernes.")
    juan.writes("Reclamo: doble cobro", "Me cobraron dos veces.", to="pqrs@desk.co")
    assert [filed.radicado for filed in pqrs.listing()] == ["PQRS-2026-000002", "PQRS-2026-000001"]
    juan.writes("pqrs - 2026 - 1", "¿Qué pasó con esto?")
    assert len((tickets.full(1) or {})["comments"]) == 3


def test_ten_angry_mails_within_an_hour_are_filed_once_and_nothing_is_lost(
    juan: Person, ana: Person, gerencia: Person
) -> None:
    for shout in range(10):
        juan.writes("QUEJA" + "!" * shout, f"¡Nadie contesta! {shout}", to="pqrs@desk.co")
    assert only().radicado == "PQRS-2026-000001"
    assert len((tickets.full(1) or {})["comments"]) == 10
    juan.receives("Radicado")
    juan.receives("")  # one confirmation of a comment a day
    juan.receives_nothing()
    for shout in range(10):
        gerencia.receives(f"¡Nadie contesta! {shout}")


def test_an_angry_client_finds_ten_subjects_for_one_matter(juan: Person, gerencia: Person) -> None:
    """Subjects that name nothing go on about the first; one that names another matter is another radicado."""
    juan.writes("Queja por la visita del técnico", "El técnico me gritó y se fue sin arreglar la impresora.",
                to="pqrs@desk.co")  # fmt: skip
    shouts = ["QUEJA!!!", "¿¿NADIE RESPONDE??", "Pésimo servicio", "Respondan ya", "urgente", "", "PQRS", "INSISTO"]
    for shout in shouts:
        juan.writes(shout, f"{shout} ¡Sigo esperando por lo del técnico!", to="pqrs@desk.co")
    assert only().radicado == "PQRS-2026-000001"
    assert len((tickets.full(1) or {})["comments"]) == 9
    for _ in range(9):
        gerencia.receives("PQRS-2026-000001")
    juan.writes("Queja", "Además quiero otra cosa: me cobraron dos veces la licencia de nómina.", to="pqrs@desk.co")
    assert len(pqrs.listing()) == 2


def test_a_stranger_who_names_a_radicado_learns_and_moves_nothing(juan: Person, person: Callable[..., Person]) -> None:
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    eve = person("eve@evil.org")
    eve.writes("PQRS-2026-000001", "¿Qué dice?", to="pqrs@desk.co")
    eve.writes("PQRS-2026-000999", "¿Y esta?", to="pqrs@desk.co")
    eve.receives_nothing()
    assert len((tickets.full(1) or {})["comments"]) == 1
    assert len(pqrs.listing()) == 1


def test_the_button_of_an_ordinary_ticket_files_a_linked_one(juan: Person) -> None:
    """The button is in the letter, and opens a mail where only the type is to be filled in."""
    juan.writes("No imprime", "La factura se queda a medias.")
    acknowledgement = juan.receives("Presentar PQRS: escribe un correo con el asunto PQRS")
    links = [link.attributes["href"] or "" for link in LexborHTMLParser(acknowledgement.html).css("a")]
    button = urlsplit(next(link for link in links if "%20PQRS" in link))
    fields = {name: values[0] for name, values in parse_qs(button.query).items()}
    body = fields["body"].replace("sugerencia):", "sugerencia): reclamo")
    juan.writes(fields["subject"], body, to=unquote(button.path))
    assert (only().type, only().ticket) == (Type.CLAIM, 2)
    assert (tickets.full(2) or {})["status"] == "new"
    filed = juan.receives("Radicado")
    assert "Presentar PQRS" not in filed.text
    juan.replies(filed, "Algo más.")
    assert len((tickets.full(2) or {})["comments"]) == 2


def test_a_derecho_de_peticion_in_the_middle_of_a_ticket_is_filed_and_linked(juan: Person, ana: Person) -> None:
    juan.writes("No cierra la nómina", "Al cerrar sale un error.")
    juan.replies(juan.receives(), "En ejercicio del derecho de petición (art. 23 C.P.) solicito copia de mi póliza.")
    juan.receives("Radicado: PQRS-2026-000001", "petición")
    ana.receives("No cierra")
    ana.receives("Se radicó una nueva PQRS", "copia de mi póliza")


def test_every_letter_of_a_pqrs_says_usted_and_sells_nothing(juan: Person, ana: Person) -> None:
    """From its filing until it is opened again; and its state tells the last day."""
    tu = re.compile(
        r"(?i)\b(?:tu|tus|te|ti|responde|puedes|tienes|quieras|escribe|escribiste|cuéntanos|hola|urgente)\b"
    )
    juan.writes("Queja: mala atención", "El técnico me gritó.")
    filed, notice = juan.receives("Radicado"), ana.receives("Se radicó")
    juan.replies(filed, "Fue el viernes.")
    juan.replies(filed, "ESTADO")
    ana.replies(notice, "Lo estamos revisando.")
    ana.replies(notice, "#reunion 2026-12-01 10:00 60m Revisión")
    ana.replies(notice, "#respuesta-pqrs\n#cerrar\n\nLe pedimos disculpas.")
    juan.replies(filed, "No estoy de acuerdo, nadie me llamó.")
    juan.replies(filed, "Ya se solucionó, gracias")
    told = [juan.receives() for _ in range(7)]
    assert "15 de diciembre de 2026" in told[1].text + told[1].html
    for letter in (filed, *told):
        shown = re.sub(r"<style.*?</style>|<[^>]*>", " ", letter.html, flags=re.DOTALL)
        assert not tu.findall(letter.text + shown), letter.text
    juan.receives_nothing()


def test_an_agent_files_a_ticket_and_corrects_its_type(juan: Person, ana: Person, gerencia: Person) -> None:
    juan.writes("Factura", "Me cobraron dos veces y nadie responde.")
    juan.receives()
    ana.replies(ana.receives(), "#pqrs reclamo")
    juan.receives("Radicado: PQRS-2026-000001", "Tipo: reclamo")
    ana.receives("radicado como reclamo")
    copy = gerencia.receives("Se radicó")
    assert "nadie responde" in next(copy.message.iter_attachments()).get_content().get_content()
    ana.writes("[#1] x", "#pqrs consulta", headers=[], to="soporte@desk.co")
    assert only().type is Type.CLAIM  # nothing proves that this was Ana


def test_a_ticket_becomes_a_pqrs_after_its_mails_were_purged(
    juan: Person, ana: Person, gerencia: Person, road: Direct, settings: Settings,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    juan.writes("Factura", "Me cobraron dos veces y nadie responde.")
    juan.receives()
    notice = ana.receives()
    for row in outbox.rows():
        outbox.record_sent(row.id, "250 ok", road.now)
    for sort in purge.sorts(settings.retention, road.now + timedelta(days=120)):
        assert sum(purge.run(sort)) == {"raw": 1, "letters": 3}.get(sort.name, 0)
    ana.replies(notice, "#pqrs reclamo")
    juan.receives("Radicado: PQRS-2026-000001", "Tipo: reclamo")
    assert gerencia.receives("Se radicó").files == {}
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "es")
    for name, value in {**DESK, "MAILGATE_STORE_URL": settings.store.url}.items():
        monkeypatch.setenv(name, value)
    database.close()
    assert cli.run(["pqrs", "verify"]) == 0
    assert cli.run(["pqrs", "export", "PQRS-2026-000001"]) == 0
    open_store(settings.store)  # the commands closed it
    database.connect()
    with zipfile.ZipFile("PQRS-2026-000001.zip") as bundle:
        index = bundle.read("LEEME.txt").decode()
        assert all(bundle.read(name) for name in bundle.namelist())
    assert "Ya no se conservaban cuando el ticket se radicó como PQRS: correos/000001.eml, cartas/" in index


def test_a_doubtful_type_is_corrected_by_one_tap_of_the_petitioner(juan: Person, ana: Person, gerencia: Person) -> None:
    juan.writes("PQRS", "Hola.", to="pqrs@desk.co")
    letter = juan.receives("indíquenos, por favor, cuál es", "Es consulta")
    assert "Tipo%3A%20consulta" in letter.html
    juan.replies(letter, "Tipo: consulta")
    juan.receives("quedó registrada como consulta")
    assert (only().type, only().term.days, only().term.due_on) == (Type.CONSULTATION, 30, date(2027, 1, 7))
    ana.receives("Se radicó")
    ana.receives("Cambió el tipo: ahora es consulta")


def test_only_the_substantive_answer_stops_the_clock(juan: Person, ana: Person, gerencia: Person) -> None:
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    juan.receives()
    notice = ana.receives()
    gerencia.receives()
    ana.replies(notice, "Estamos revisando.")
    juan.receives("Estamos revisando.")
    gerencia.receives("el término sigue corriendo", "Estamos revisando.")
    assert only().open
    ana.replies(notice, "#cerrar")
    ana.receives("no tiene respuesta de fondo")
    ana.replies(notice, "#respuesta-pqrs")
    ana.receives("Falta la respuesta de PQRS-2026-000001")
    ana.replies(notice, "#respuesta-pqrs\n#nota\n\nX")
    ana.receives("tiene que llegarle al peticionario")
    ana.replies(notice, "#respuesta-pqrs\n#cerrar\n\nLe pedimos disculpas.")
    answer = juan.receives("Le pedimos disculpas.")
    assert "PQRS-2026-000001" in answer.subject
    gerencia.receives("Se dio la respuesta de fondo", "Le pedimos disculpas.")
    gerencia.receives("Se cerró")
    assert not only().open


def test_an_extension_is_told_before_the_term_ends(juan: Person, ana: Person, gerencia: Person, road: Direct) -> None:
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    juan.receives()
    notice = ana.receives()
    gerencia.receives()
    for wrong, told in [
        ("#prorroga", "No entiendo hasta cuándo"),
        ("#prorroga 2026-12-10 falta el concepto", "ya va hasta el 2026-12-15"),
        ("#prorroga 2027-01-08 falta el concepto", "a lo sumo hasta el 2027-01-07"),
        ("#prorroga 2026-12-19 falta el concepto", "no es un día hábil"),
        ("#prorroga 2026-12-18", "Falta el motivo"),
    ]:
        ana.replies(notice, wrong)
        ana.receives(told)
    juan.receives_nothing()
    ana.replies(notice, "#prorroga 2026-12-18 Esperamos el concepto del proveedor.")
    extended = juan.receives("18 de diciembre de 2026", "Esperamos el concepto del proveedor.")
    assert not extended.automatic
    ana.receives("prorrogado hasta 2026-12-18")
    gerencia.receives("Se prorrogó el término hasta el 18 de diciembre de 2026")
    assert only().term.due_on == date(2026, 12, 18)
    road.now = datetime(2026, 12, 19, 15, tzinfo=UTC)
    ana.replies(notice, "#prorroga 2026-12-22 Otra vez.")
    ana.receives("ya no se puede prorrogar")


def test_what_management_replies_is_an_internal_note(juan: Person, ana: Person, gerencia: Person) -> None:
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    juan.receives()
    ana.receives()
    copy = gerencia.receives()
    gerencia.replies(copy, "#cerrar\nLlámenlo hoy mismo.")
    gerencia.receives("#cerrar", "Llámenlo hoy mismo.")  # comes back whole: it is not theirs to close
    ana.receives_nothing()
    gerencia.replies(copy, "Llámenlo hoy mismo.")
    juan.receives_nothing()
    ana.receives("Llámenlo hoy mismo.")
    ticket = tickets.full(1) or {}
    assert (ticket["status"], ticket["comments"][-1]["public"]) == ("new", False)


def test_an_out_of_office_of_management_changes_nothing(juan: Person, ana: Person, gerencia: Person) -> None:
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    ana.receives()
    gerencia.replies(gerencia.receives(), "Estoy de vacaciones.", headers=[("Auto-Submitted", "auto-replied")])
    ana.receives_nothing()
    gerencia.receives_nothing()
    assert only().open


def test_managements_letters_of_a_radicado_are_one_thread(juan: Person, ana: Person, gerencia: Person) -> None:
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co")
    first = gerencia.receives()
    juan.replies(juan.receives(), "Fue el viernes.")
    second = gerencia.receives()
    assert second.subject == first.subject == "[#1] PQRS-2026-000001 · Queja"
    assert second.message["In-Reply-To"] == first.message["Message-ID"]


@pytest.mark.parametrize(
    ("subject", "text", "files"),
    [
        ("PQRS", "", 0),
        ("", "", 0),
        ("PQRS", "I demand an answer about the invoice.", 0),
        ("PQRS", "Запрос по поводу счёта", 0),
        ("Queja", "Van las pruebas.", 30),
    ],
)
def test_odd_ones_are_filed_all_the_same(juan: Person, gerencia: Person, subject: str, text: str, files: int) -> None:
    attached = [(f"prueba {n}.txt", "text/plain", b"x" * n) for n in range(files)]
    juan.writes(subject, text, to="pqrs@desk.co", files=attached)
    juan.receives("Radicado: PQRS-2026-000001")
    copy = gerencia.receives("Se radicó")
    original = next(copy.message.iter_attachments())
    assert original.get_content_type() == "message/rfc822"
    assert len(list(original.get_content().iter_attachments())) == files


def test_a_forged_address_is_filed_and_said_to_be_so(juan: Person, ana: Person, gerencia: Person, road: Direct) -> None:
    road.peer = "198.51.100.9"
    verdict = ("Authentication-Results", "mx.desk.co; dmarc=fail header.from=empresa.co")
    juan.writes("Queja", "Soy Juan, de verdad.", to="pqrs@desk.co", headers=[verdict, RECEIVED])
    juan.receives_nothing()
    gerencia.receives("su dominio dice que es falso")
    assert only().petitioner == "juan@empresa.co"


def test_what_comes_after_hours_counts_from_the_next_business_day(juan: Person, road: Direct) -> None:
    road.now = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # Friday, 17:31 in Bogotá when it comes
    juan.writes("Queja", "x", to="pqrs@desk.co")
    juan.receives("se cuenta como recibida el 30 de noviembre de 2026", "22 de diciembre de 2026")


def test_years_begin_at_one(juan: Person, road: Direct, desk: Desk) -> None:
    road.now = datetime(2026, 12, 31, 20, tzinfo=UTC)
    juan.writes("Queja: uno", "x", to="pqrs@desk.co")
    road.now += timedelta(hours=12)
    juan.writes("Queja: dos", "x", to="pqrs@desk.co")
    assert [filed.radicado for filed in pqrs.listing()] == ["PQRS-2027-000001", "PQRS-2026-000001"]
    assert people.find_agent("gerencia@desk.co") is None
