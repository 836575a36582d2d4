"""A whole Monday of the desk: three agents, eight clients, management, more than forty mails, each from the program
that its author has. Every letter is read by who gets it; at the end nobody has an unread one.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import pytest

from mailgate.desk.facts import Role
from mailgate.judgement import Desk
from mailgate.letters.orders import Office
from mailgate.letters.render import Renderer
from mailgate.reader import Reader
from mailgate.settings import Settings, load
from mailgate.settings import Store as StoreSettings
from mailgate.store import intake, keys, outbox, people, tickets
from tests import programs
from tests.conversations.conftest import DESK
from tests.programs import Seat
from tests.stories import OwnMx, Received

FOOTER = (
    "",
    "Ana María Peña",
    "Analista de nómina · Apolosoft S.A.S.",
    "Tel. (601) 555 01 23 ext. 104",
    "",
    "AVISO DE CONFIDENCIALIDAD: Este mensaje y sus anexos son confidenciales y van dirigidos a su destinatario.",
)
INSIDE = (
    "#asignar",
    "#nota",
    "#servicio",
    "#solucion",
    "#unir",
    "#cer",
    "#reunion",
    "#cc",
    "#mudo",
    "#otro-tema",
    "Ficha",
    "ana@",
    "luis@",
    "marta@",
    "gerencia@",
    "CONFIDENCIAL",
    "ext. 104",
    "tu texto le llega",
)


@dataclass
class DayRoad(OwnMx):
    """From eight in the morning on; mails to others are others'."""

    now: datetime = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # Monday, 8:00 in Bogotá
    posted: int = 0
    known: dict[int, bytes] = field(default_factory=dict)

    def post(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        self.posted += 1
        super().post(raw, sender, [one for one in recipients if one.partition("@")[2] == "desk.co"])

    def letters(self) -> list[bytes]:
        """Letters never change: each is fetched once."""
        for row in reversed(outbox.rows(most=1000)):
            if row.id not in self.known:
                self.known[row.id] = f"Delivered-To: {row.recipient}\r\n".encode() + (outbox.raw_of(row.id) or b"")
        return list(self.known.values())


@pytest.fixture
def desk(store: StoreSettings, reader: Reader, renderer: Renderer) -> Desk:
    settings: Settings = load(
        None, {**DESK, "MAILGATE_STORE_URL": store.url, "MAILGATE_DESK_MANAGEMENT": '["gerencia@desk.co"]'}
    )
    now = datetime(2026, 11, 1, tzinfo=UTC)
    for licence, nit, name, contacts in (
        ("EMP001", "900000001", "Empresa S.A.", [("juan@empresa.co", "Juan Peña"), ("luisa@empresa.co", "Luisa Ríos")]),
        ("CLI002", "900000002", "Clínica del Sur", [("sandra@clinica.co", "Sandra Muñoz")]),
        ("CON003", "900000003", "Conjunto Los Cerezos", [("wilson@cerezos.co", "Wilson Quiñones")]),
        ("OTR004", "900000004", "Otra S.A.S.", [("olga@otra.co", "Olga Niño")]),
        ("FER005", "900000005", "Ferretería El Tornillo", [("pedro@tornillo.co", "Pedro Rojas")]),
        ("LIB006", "900000006", "Librería Gonçalves", [("ines@libreria.co", "Inés Gómez")]),
        ("TAL007", "900000007", "Taller Etxeberria", [("carlos@taller.co", "Carlos Díaz")]),
    ):
        people.save_client(people.ClientEntry(licence, nit, name, contacts=contacts), now)
    people.save_agent("ana@desk.co", "Ana María Peña", now, groups=["Nómina"])
    people.save_agent("luis@desk.co", "Luis Gómez", now, groups=["Impresoras"])
    people.save_agent("marta@desk.co", "Marta Solano", now, role=Role.SUPERVISOR)
    office = Office(settings, renderer, keys.key_ring(None, now), secrets.token_bytes)
    return Desk(settings, reader.read, office)


@pytest.fixture
def road(desk: Desk) -> DayRoad:
    return DayRoad(desk)


@dataclass
class Day:
    """Everybody who takes part."""

    road: DayRoad

    def __post_init__(self) -> None:
        def client(address: str, name: str, program: object, *others: str) -> Seat:
            return Seat(self.road, address, name, program=program, never=(*INSIDE, *others))  # type: ignore[arg-type]

        def staff(address: str, name: str, program: object, signature: tuple[str, ...] = ()) -> Seat:
            return Seat(self.road, address, name, program=program, signature=signature)  # type: ignore[arg-type]

        self.juan = client("juan@empresa.co", "Juan Peña", programs.IPHONE, "Sandra", "Olga", "molesto")
        self.luisa = client("luisa@empresa.co", "Luisa Ríos", programs.OUTLOOK_WEB, "Sandra", "contador")
        self.sandra = client("sandra@clinica.co", "Sandra Muñoz", programs.OUTLOOK_WEB, "Juan", "Empresa", "rodillo")
        self.wilson = client("wilson@cerezos.co", "Wilson Quiñones", programs.SAMSUNG, "Juan", "Sandra")
        self.olga = client("olga@otra.co", "Olga Niño", programs.YAHOO, "Juan", "paga tarde")
        self.pedro = client("pedro@tornillo.co", "Pedro Rojas", programs.THUNDERBIRD, "revísalo")
        self.ines = client("ines@libreria.co", "Inés Gómez", programs.GMAIL_PHONE, "Juan")
        self.carlos = client("carlos@taller.co", "Carlos Díaz", programs.K9, "Juan")
        self.accountant = client("contador@firma.co", "Elsa Contadora", programs.APPLE, "Juan")
        self.ana = staff("ana@desk.co", "Ana María Peña", programs.OUTLOOK_LOGO, FOOTER)
        self.luis = staff("luis@desk.co", "Luis Gómez", programs.GMAIL, ("-- ", "Luis Gómez", "Soporte nivel 2"))
        self.marta = staff("marta@desk.co", "Marta Solano", programs.IPHONE)
        self.boss = staff("gerencia@desk.co", "Gerencia", programs.OUTLOOK_ENGLISH, ("Elena Ruiz", "Gerente general"))

    @property
    def everybody(self) -> list[Seat]:
        return [one for one in vars(self).values() if isinstance(one, Seat)]

    def told_to_all_agents(self, *words: str) -> tuple[Received, Received, Received]:
        return self.ana.receives(*words), self.luis.receives(*words), self.marta.receives(*words)


def test_a_whole_day(road: DayRoad) -> None:
    day = Day(road)
    printer(day)
    payroll(day)
    building(day)
    password(day)
    forwarded(day)
    two_matters(day)
    machines(day)
    complaint(day)
    evening(day)
    for one in day.everybody:
        one.receives_nothing()
        one_thread_a_ticket(one)
    assert road.posted >= 40
    assert intake.outcomes().get("quarantined", 0) == 0


def one_thread_a_ticket(who: Seat) -> None:
    """Each letter about a ticket answers one before it, under the same subject: by these programs join them.

    A letter that came back stands out on purpose.
    """
    threads: dict[str, list[Received]] = {}
    for letter in who._inbox():
        tag = re.search(r"\[#\d+\]", letter.subject)
        if tag and "No se pudo entregar" not in letter.subject:
            threads.setdefault(tag[0], []).append(letter)
    assert threads
    for tag, letters in threads.items():
        assert len({letter.subject.removeprefix("Re: ") for letter in letters}) == 1, (tag, who.address)
        known = {str(letters[0].message["Message-ID"])}
        for letter in letters[1:]:
            assert known & set(str(letter.message["References"]).split()), (letter.subject, who.address)
            assert letter.message["In-Reply-To"]
            known.add(str(letter.message["Message-ID"]))


def status(number: int) -> str:
    found = tickets.full(number)
    assert found is not None
    return str(found["status"])


def printer(day: Day) -> None:
    """Juan's printer: taken, asked about, answered from a telephone, solved with a service and a solution."""
    day.juan.writes(
        "No imprime la factura", "Buenos días: sale «atasco».", files=[("foto.pdf", "application/pdf", b"%PDF-1")]
    )
    acknowledged = day.juan.receives("[#1] No imprime la factura", "ya tiene número")
    _, notice, _ = day.told_to_all_agents("sale «atasco»", "Empresa S.A.", "EMP001", "tu texto le llega al cliente")
    assert notice.files == {"foto.pdf": b"%PDF-1"}
    day.luis.answers(notice, "#asignar yo\n#categoria Impresoras")
    assert "Así lo lee el cliente" not in day.luis.receives("asignado a Luis Gómez", "categoría Impresoras").text
    day.luis.answers(notice, "Hola, Juan:\n\n¿qué modelo de impresora es?")
    asked = day.juan.receives("Hola, Juan:", "¿qué modelo de impresora es?", "Luis Gómez")
    assert "nivel 2" not in asked.text + asked.html
    assert not asked.automatic
    assert asked.message["References"].split()[0] == acknowledged.message["Message-ID"]
    day.juan.answers(asked, "Es la HP 402 de siempre.")
    day.juan.receives("ya está en tu ticket [#1]")
    again = day.luis.receives("Es la HP 402 de siempre.")
    assert again.message["In-Reply-To"] in again.message["References"].split()
    day.luis.answers(
        again,
        "#servicio 45 min Cambio de rodillo\n#solucion Atasco en la HP 402\n#cerrar\n\n"
        "Hola, Juan:\n\nCambiamos la pieza y ya imprime.",
    )
    answer = day.juan.receives("Cambiamos la pieza y ya imprime.")
    assert "Cambio de rodillo" not in answer.text
    day.luis.receives("servicio de 45 min", "Atasco en la HP 402", "cerrado", "Así lo lee el cliente (juan@empresa.co)")
    assert status(1) == "closed"
    day.juan.answers(answer, "Muchas gracias, quedo atento.")
    day.luis.receives("Muchas gracias, quedo atento.")
    assert status(1) == "closed"


def payroll(day: Day) -> None:
    """Sandra writes twice; the two are merged; two agents answer at once; a meeting is called and accepted."""
    words = "No puedo liquidar la nómina de noviembre: el módulo se cierra al calcular las horas extras."
    day.sandra.writes("Nómina de noviembre", words)
    first = day.sandra.receives("[#2]")
    to_ana, to_luis, _ = day.told_to_all_agents("horas extras", "Clínica del Sur")
    day.sandra.writes("Nómina de noviembre, urge", f"{words} Necesito ayuda.")
    second = day.sandra.receives("[#3]")
    to_ana_again, _, _ = day.told_to_all_agents("Puede ser lo mismo", "[#2] Nómina de noviembre", "#unir 2")
    day.ana.answers(to_ana_again, "#unir 2")
    day.sandra.receives("[#3]", "son el mismo asunto", "seguimos en el [#2]")
    day.ana.receives("unido al #2", "Así lo lee el cliente (sandra@clinica.co)")
    day.ana.answers(to_ana, "Hola, Sandra:\n\nactualiza a la versión **7.2** y cuéntanos.")
    answer = day.sandra.receives("actualiza a la versión", "Ana María Peña")
    assert first.message["Message-ID"] in answer.message["References"]
    assert "Analista de nómina" not in answer.html + answer.text
    day.luis.answers(to_luis, "Hola, Sandra: ¿qué versión tienes?")
    late = day.luis.receives("Ana María Peña ya respondió", "¿qué versión tienes?")
    day.sandra.receives_nothing()
    day.luis.answers(late, "#rechazar")
    day.luis.receives("correo rechazado")
    day.sandra.answers(second, "Sigue igual con la 7.2.")  # to the ticket that was merged
    day.sandra.receives("ya está en tu ticket [#2]")
    day.ana.receives("[#2]", "Sigue igual con la 7.2.")
    day.ana.answers(to_ana, "#reunion 2026-11-25 10:00 60m Revisión de nómina\n\nHola, Sandra: lo vemos juntas.")
    day.sandra.receives("lo vemos juntas")
    invited = day.sandra.receives("Te invitamos", "miércoles 25 de noviembre, 10:00 a. m.", "Revisión de nómina")
    assert "text/calendar" in {part.get_content_type() for part in invited.message.walk()}
    day.ana.receives("Te invitamos")
    day.ana.receives("reunión 2026-11-25 10:00", "Así lo lee el cliente", "lo vemos juntas", "Te invitamos")
    accepts(day.sandra, invited)
    day.ana.receives("Sandra Muñoz", "aceptó")
    kept = [comment["text"].strip() for comment in tickets.full(2)["comments"] if comment["role"] == "client"]  # type: ignore[index]
    assert kept[:3] == [words, f"{words} Necesito ayuda.", "Sigue igual con la 7.2."]


def accepts(who: Seat, letter: Received) -> None:
    """What Google Calendar sends when somebody says yes."""
    part = next(part for part in letter.message.walk() if part.get_content_type() == "text/calendar")
    uid = next(line for line in part.get_content().splitlines() if line.startswith("UID:"))
    reply = (
        "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\n"
        f"BEGIN:VEVENT\r\n{uid}\r\nSEQUENCE:0\r\nDTSTAMP:20261123T151000Z\r\nDTSTART:20261125T150000Z\r\n"
        f"ATTENDEE;PARTSTAT=ACCEPTED;CN={who.address}:mailto:{who.address}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = f"{who.name} <{who.address}>", letter.reply_to, "Aceptado: reunión"
    mail["Date"], mail["Message-ID"] = format_datetime(who.road.now), "<cal1@clinica.co>"  # type: ignore[attr-defined]
    mail.set_content(f"{who.name} ha aceptado esta invitación.")
    mail.add_alternative(reply, subtype="calendar", params={"method": "REPLY"})
    who.road.post(mail.as_bytes(), who.address, [letter.reply_to])


def building(day: Day) -> None:
    """Wilson copies his accountant, who gets nothing until an agent adds her with one tap."""
    day.wilson.writes("Cuotas de administración", "No cuadra el recaudo.", headers=[("Cc", "contador@firma.co")])
    day.wilson.receives("[#4]")
    _, _, notice = day.told_to_all_agents("No cuadra el recaudo.", "Venían en copia", "#cc contador@firma.co")
    day.accountant.receives_nothing()
    day.marta.answers(notice, "#cc contador@firma.co\n\nHola a los dos: ya lo revisamos.")
    day.wilson.receives("Hola a los dos: ya lo revisamos.", "Marta Solano")
    theirs = day.accountant.receives("Hola a los dos: ya lo revisamos.")
    day.marta.receives("contador@firma.co recibe copia", "Así lo lee el cliente (wilson@cerezos.co, contador@firma.co)")
    day.accountant.answers(theirs, "El recaudo cuadra con el banco.")
    comment = day.marta.receives("El recaudo cuadra con el banco.")
    day.accountant.receives("ya está en tu ticket [#4]")  # who wrote is told that it arrived
    # A reply to all in which the client stands: the desk's letter goes out, and Marta learns what her program did.
    day.marta.answers(comment, "#nota El banco tiene razón.", cc=["wilson@cerezos.co"])
    day.marta.receives("era interno", "wilson@cerezos.co")
    day.wilson.receives_nothing()


def password(day: Day) -> None:
    """Olga's password: a note by the +nota address, a canned answer with variables, solved by one word."""
    day.olga.writes("Clave vencida", "No puedo entrar.")
    day.olga.receives("[#5]")
    _, to_luis, to_marta = day.told_to_all_agents("No puedo entrar.")
    local, _, domain = to_marta.reply_to.partition("+")
    day.marta.answers(to_marta, "Ojo: este cliente paga tarde.", to=f"{local}+nota+{domain}")
    day.ana.receives("Ojo: este cliente paga tarde.")
    day.luis.receives("Ojo: este cliente paga tarde.")
    day.ana.writes("plantilla", "#plantilla clave =\n\nHola, {nombre}:\n\nentra a «Olvidé mi clave». {agente}")
    day.ana.receives("plantilla clave guardada")
    day.luis.writes("PLANTILLAS")
    day.luis.receives("clave", "entra a «Olvidé mi clave»", "{nombre}")
    day.luis.answers(to_luis, "#plantilla clave")
    answer = day.olga.receives("Hola, Olga Niño:", "entra a «Olvidé mi clave». Luis Gómez")
    assert "{nombre}" not in answer.text
    day.luis.receives("plantilla clave", "Así lo lee el cliente", "Hola, Olga Niño:")
    day.olga.answers(answer, "Ya se solucionó")
    day.olga.receives("[#5]")
    day.luis.receives("Ya se solucionó")
    assert status(5) == "solved"


def forwarded(day: Day) -> None:
    """Pedro wrote to Ana herself: she forwards it, mistypes, corrects by replying, and he comes back."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Pedro Rojas <pedro@tornillo.co>", "ana@desk.co", "Inventario en cero"
    mail["Date"], mail["Message-ID"] = format_datetime(day.road.now), "<p1@tornillo.co>"
    mail.set_content("Ana, el inventario amaneció en cero.\n\nPedro")
    day.ana.program = programs.OUTLOOK
    day.ana.forwards(Received(mail.as_bytes(), mail), "Luis, revísalo por favor.")
    day.pedro.receives("[#6] Inventario en cero", "ya tiene número")
    notice, _, _ = day.told_to_all_agents("el inventario amaneció en cero", "Ferretería El Tornillo")
    day.ana.answers(notice, "#cerar\n\nHola, Pedro: restauramos el inventario de ayer.")
    day.pedro.receives_nothing()
    returned = day.ana.receives(
        "#cerar no es una orden", "¿Quisiste decir #cerrar", "restauramos el inventario de ayer"
    )
    day.ana.answers(returned, "#cerrar\n\nHola, Pedro: restauramos el inventario de ayer.")
    answer = day.pedro.receives("restauramos el inventario de ayer")
    assert "AVISO" not in answer.text
    day.ana.receives("cerrado", "Así lo lee el cliente")
    day.pedro.answers(answer, "Hoy el inventario volvió a amanecer en cero.")
    day.pedro.receives("[#6]")
    day.ana.receives("volvió a amanecer en cero")
    assert status(6) == "open"


def two_matters(day: Day) -> None:
    """Inés adds another matter: it becomes a ticket of its own, and everybody knows which is which."""
    day.ines.writes("Catálogo", "No sube la portada de los libros.")
    acknowledged = day.ines.receives("[#7]")
    _, _, notice = day.told_to_all_agents("portada de los libros")
    day.ines.answers(acknowledged, "Además la caja registradora no abre el cajón.")
    day.ines.receives("ya está en tu ticket [#7]")
    _, _, comment = day.told_to_all_agents("no abre el cajón")
    day.marta.answers(comment, "#otro-tema")
    linked = day.ines.receives("[#8]", "Separamos del ticket [#7]")
    _, _, new = day.told_to_all_agents("[#8]", "no abre el cajón")
    day.marta.receives("dividido en otro ticket", "Así lo lee el cliente", "Separamos del ticket [#7]")
    day.marta.answers(new, "Hola, Inés: revisa el cable del cajón.")
    assert "[#8]" in day.ines.receives("revisa el cable del cajón").subject
    day.marta.answers(notice, "Hola, Inés: la portada va en JPG.")
    assert "[#7]" in day.ines.receives("la portada va en JPG").subject
    assert linked.reply_to


def machines(day: Day) -> None:
    """Vacation replies, read receipts and bounces: the client hears of none, an agent of what matters."""
    day.carlos.writes("Órdenes de trabajo", "No imprime la orden.")
    acknowledged = day.carlos.receives("[#9]")
    notice, to_luis, _ = day.told_to_all_agents("No imprime la orden.")
    day.luis.answers(to_luis, "Estoy fuera de la oficina hasta el lunes.", headers=[("Auto-Submitted", "auto-replied")])
    receipt(day.ana, notice)
    bounces(day.road, acknowledged, "carlos@taller.co")
    day.told_to_all_agents("Esta carta no llegó", "carlos@taller.co", "5.2.2")
    day.carlos.receives_nothing()
    day.luis.answers(to_luis, "")  # sent by mistake
    day.luis.receives("sin texto")
    day.carlos.receives_nothing()


def receipt(who: Seat, letter: Received) -> None:
    """A read receipt (RFC 8098), as Outlook sends it."""
    raw = (
        f"From: {who.name} <{who.address}>\r\nTo: {letter.reply_to}\r\nSubject: Read: {letter.subject}\r\n"
        f"Date: {format_datetime(who.road.now)}\r\nMessage-ID: <mdn1@desk.co>\r\nMIME-Version: 1.0\r\n"  # type: ignore[attr-defined]
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain\r\n\r\nYour message was read.\r\n--b\r\n"
        "Content-Type: message/disposition-notification\r\n\r\nReporting-UA: Outlook\r\n"
        f"Final-Recipient: rfc822; {who.address}\r\nOriginal-Message-ID: {letter.message['Message-ID']}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n"
    )
    who.road.post(raw.encode(), who.address, [letter.reply_to])


def bounces(road: Day, letter: Received, recipient: str) -> None:
    """What the client's server says of a letter that it took and could not keep (RFC 3464)."""
    raw = (
        "From: MAILER-DAEMON@taller.co\r\nTo: soporte@desk.co\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Date: {format_datetime(road.now)}\r\nMessage-ID: <dsn1@taller.co>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/plain\r\n\r\nThe mailbox is full.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.taller.co\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\nAction: failed\r\n"
        "Status: 5.2.2\r\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n--b\r\n"
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter.message['Message-ID']}\r\n"
        f"Subject: {letter.message['Subject']}\r\n--b--\r\n"
    )
    road.post(raw.encode(), "", ["soporte@desk.co"])


def complaint(day: Day) -> None:
    """Luisa's PQRS: management reads it, its words stay inside, and only the substantive answer stops the clock."""
    day.luisa.writes("Queja por demora", "Presento una queja: llevo dos semanas sin respuesta.")
    filed = day.luisa.receives("PQRS-2026-000001")
    notice, _, _ = day.told_to_all_agents("dos semanas sin respuesta")
    copied = day.boss.receives("PQRS-2026-000001", "dos semanas sin respuesta")
    day.boss.answers(copied, "Respóndanle hoy mismo.")
    day.told_to_all_agents("Respóndanle hoy mismo.")
    day.boss.answers(copied, "#cerrar")
    day.boss.receives("Tu cargo no permite #cerrar")
    day.boss.answers(copied, "#asignar Ana\nQue la responda Ana.")
    day.ana.receives("Que la responda Ana.")
    day.ana.receives("te asignó este ticket")
    day.boss.receives("asignado a Ana María Peña")
    day.luisa.receives_nothing()
    day.ana.answers(notice, "#respuesta-pqrs\n\nCordial saludo. Su queja fue atendida: ya tiene un agente asignado.")
    answer = day.luisa.receives("Su queja fue atendida")
    assert filed.message["Message-ID"] in answer.message["References"]
    assert "Respóndanle" not in answer.text + answer.html
    day.boss.receives("respuesta de fondo")
    day.ana.receives("respuesta de fondo a PQRS-2026-000001", "Así lo lee el cliente")


def evening(day: Day) -> None:
    """Lists, help, who is on call, and an absence that hands everything over."""
    day.luis.writes("COLA")
    assert "[#1]" not in day.luis.receives("[#6]", "[#9]").text
    day.luis.writes("BUSCAR cajon")
    assert "[#7]" not in day.luis.receives("[#8]").text
    day.luis.writes("turno", "#turno Ana, Luis")
    day.luis.receives("Tu cargo no permite #turno")
    day.marta.writes("turno", "#turno Luis")
    day.marta.receives("de turno: Luis Gómez")
    day.luis.writes("ayuda", "#ayuda")
    day.luis.receives("#servicio 1h30 Copia de seguridad", "#archivos")
    day.ana.writes("vacaciones", "#ausente hasta 2026-11-27 a Luis")
    day.luis.receives("Ana María Peña estará ausente hasta el 27 de noviembre", "[#2]", "[#6]")
    day.ana.receives("ausente hasta 2026-11-27 · Luis Gómez recibe los tickets")
    assert tickets.full(6)["agent"] == "luis@desk.co"  # type: ignore[index]
