"""Agents open tickets for clients by forwarding what came to their own mailbox, from whatever program they use."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest

from mailgate.judgement import Desk
from mailgate.store import intake, people, tickets
from tests.stories import Direct, OwnMx, Person

FORWARDS = Path(__file__).parents[1] / "mails/forwards"
OUTLOOK = """Por favor revisar hoy.


Ana María Peña
Soporte

De: Juan Peña <juan@empresa.co>
Enviado: lunes, 23 de noviembre de 2026 8:15 a. m.
Para: Ana María Peña <ana@desk.co>
Asunto: No abre la nómina

Buenos días,

El módulo de nómina no abre: sale «Error 3021».

Juan
"""


@pytest.fixture
def road(desk: Desk) -> Direct:
    return OwnMx(desk)


def test_a_forwarded_mail_becomes_the_clients_ticket(road: Direct, juan: Person, ana: Person, luis: Person) -> None:
    ana.writes("RV: No abre la nómina", OUTLOOK, files=[("error.txt", "text/plain", b"3021")])
    acknowledged = juan.receives("ya tiene número")
    assert "Por favor revisar" not in acknowledged.text
    assert "ana@desk.co" not in acknowledged.raw.decode("ascii")
    notice = ana.receives("sale «Error 3021»", "Empresa S.A.", "juan@empresa.co")
    luis.receives("sale «Error 3021»")
    assert notice.files == {"error.txt": "3021"}
    ticket = tickets.full(1)
    assert ticket is not None
    assert (ticket["requester"], ticket["client"], ticket["subject"]) == (
        "juan@empresa.co",
        "ABC123",
        "No abre la nómina",
    )
    first, note = ticket["comments"]
    assert (first["author"], first["role"], first["public"]) == ("juan@empresa.co", "client", True)
    assert first["at"] == "2026-11-23T13:15:00+00:00"  # as Juan wrote it, in Bogotá
    assert [file["name"] for file in first["files"]] == ["error.txt"]
    assert (note["author"], note["public"], note["text"].strip()) == ("ana@desk.co", False, "Por favor revisar hoy.")
    ana.replies(notice, "Hola, Juan: ya quedó.")
    answer = juan.receives("Hola, Juan: ya quedó.")
    assert "revisar hoy" not in answer.text


def test_commands_above_a_forward_are_done_to_the_new_ticket(
    road: Direct, juan: Person, ana: Person, luis: Person
) -> None:
    ana.writes("RV: No abre la nómina", "#asignar Luis\n#prioridad alta\n" + OUTLOOK)
    juan.receives("ya tiene número")
    luis.receives("sale «Error 3021»")
    luis.receives("Ana María Peña te asignó este ticket")
    ana.receives("asignado a Luis Gómez")
    ticket = tickets.full(1)
    assert ticket is not None
    assert ticket["agent"] == "luis@desk.co"
    assert [c["text"].strip() for c in ticket["comments"]][1:] == ["Por favor revisar hoy."]


def test_a_wrong_command_above_a_forward_opens_nothing(road: Direct, juan: Person, ana: Person) -> None:
    ana.writes("RV: No abre la nómina", "#asinar Luis\n" + OUTLOOK)
    juan.receives_nothing()
    assert "► #asinar Luis" in ana.receives("#asignar Luis").text
    assert tickets.count() == (0, 0)


def test_a_silent_forward(road: Direct, juan: Person, ana: Person) -> None:
    ana.writes("RV: No abre la nómina", "#mudo\n" + OUTLOOK)
    juan.receives_nothing()
    assert tickets.count() == (1, 2)


def test_several_attached_mails_are_several_tickets(road: Direct, juan: Person, ana: Person) -> None:
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Ana María Peña <ana@desk.co>", "soporte@desk.co", "RV: dos casos"
    mail["Date"], mail["Message-ID"] = format_datetime(road.now), "<dos@desk.co>"
    mail.set_content("Los dos son de hoy.")
    for sender, words in (("juan@empresa.co", "La nómina no abre."), ("otra@otra.co", "La factura no imprime.")):
        inside = EmailMessage(policy=email.policy.SMTP)
        inside["From"], inside["To"], inside["Subject"] = sender, "ana@desk.co", words
        inside["Date"] = format_datetime(road.now)
        inside.set_content(words)
        inside.add_attachment(words.encode(), maintype="text", subtype="plain", filename=f"{sender[:4]}.txt")
        mail.add_attachment(inside)
    road.post(mail.as_bytes(), "ana@desk.co", ["soporte@desk.co"])
    both = [tickets.full(number) for number in (1, 2)]
    assert [t["requester"] for t in both if t] == ["juan@empresa.co", "otra@otra.co"]
    assert [t["client"] for t in both if t] == ["ABC123", "XYZ789"]
    assert [[f["name"] for f in t["comments"][0]["files"]] for t in both if t] == [["juan.txt"], ["otra.txt"]]
    assert [t["comments"][1]["text"].strip() for t in both if t] == ["Los dos son de hoy."] * 2
    assert "factura" not in juan.receives("ya tiene número").text
    assert tickets.count() == (2, 4)


def test_a_clients_forward_is_the_clients_own_mail(road: Direct, juan: Person, ana: Person) -> None:
    juan.writes("RV: No abre la nómina", OUTLOOK.replace("juan@empresa.co", "jefe@otra.co"))
    ticket = tickets.full(1)
    assert ticket is not None
    assert ticket["requester"] == "juan@empresa.co"


def test_an_unproven_agents_forward_opens_nothing(desk: Desk, juan: Person) -> None:
    Person(Direct(desk), "ana@desk.co", "Ana María Peña").writes("RV: No abre la nómina", OUTLOOK)
    juan.receives_nothing()
    assert tickets.count() == (0, 0)


READABLE = sorted(
    path.stem for path in FORWARDS.glob("*.eml") if not path.stem.startswith(("no-", "solo-nombre", "outlook-mac-2016"))
)


@pytest.mark.parametrize("name", READABLE)
def test_forwards_of_every_program_open_the_clients_ticket(road: Direct, name: str) -> None:
    raw = (FORWARDS / f"{name}.eml").read_bytes()
    read = email.message_from_bytes(raw, policy=email.policy.default)
    agent = read["From"].addresses[0].addr_spec.casefold()
    people.save_agent(agent, "Luis Torres", road.now)
    now = f"Date: {format_datetime(road.now)}".encode()
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = [now if line.lower().startswith(b"date:") else line for line in head.split(b"\n")]
    road.post(b"\n".join(lines) + b"\n\n" + body, agent, ["soporte@desk.co"])
    assert intake.outcomes() == {"ticket": 1}
    ticket = tickets.full(1)
    assert ticket is not None
    assert ticket["requester"] != agent
    assert not [c for c in ticket["comments"][1:] if c["public"]]


def test_who_takes_what_they_forward_is_not_told_so_by_the_client(road: Direct, juan: Person, ana: Person) -> None:
    ana.writes("RV: No abre la nómina", "#asignar yo\n" + OUTLOOK)
    ana.receives("sale «Error 3021»")
    ana.receives("Hecho: asignado a Ana María Peña")
    ana.receives_nothing()
