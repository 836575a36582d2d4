"""From stranger to contact: told as the mails that both sides write, on each engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from mailgate.store.models import Client, Contact, Event, Intake, Outgoing, Ticket
from tests.stories import Direct, Person

PAPERS = "Licencia: ABC123\nNIT: 900.123.456-8\n"


@pytest.fixture
def nora(road: Direct) -> Person:
    """Nobody knows her address; her provider vouches for it."""
    road.peer = "198.51.100.9"
    return Person(road, "nora@gmail.com", "Nora Díaz")


@pytest.fixture(autouse=True)
def vouched(road: Direct, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our MX looks at every mail that comes from its network, and writes what it found on top."""
    post = road.post

    def through_our_mx(raw: bytes, sender: str, recipients: list[str]) -> None:
        domain = sender.partition("@")[2]
        passed = b"fail" if domain == "forged.co" else b"pass"
        top = b"Authentication-Results: mx.desk.co; dmarc=" + passed + b" header.from=" + domain.encode()
        received = b"Received: from x by mx.desk.co; Mon, 23 Nov 2026 10:00:00 -0500"
        post(top + b"\r\n" + received + b"\r\n" + raw, sender, recipients)

    if road.peer:
        monkeypatch.setattr(road, "post", through_our_mx)


def outcomes() -> list[tuple[str, str]]:
    return [(row.state, row.outcome) for row in Intake.select().order_by(Intake.id)]


def test_a_stranger_is_asked_once_and_two_lines_make_a_ticket_of_the_mail_that_waited(
    nora: Person, ana: Person, juan: Person
) -> None:
    nora.writes("No puedo facturar", "Sale error 27 desde ayer.")
    question = nora.receives("Licencia: ABC123", "NIT")
    assert "error 27" not in question.raw.decode()
    assert "No puedo facturar" not in question.subject
    ana.receives_nothing()
    nora.writes("¿Siguen ahí?", "Hola?")
    nora.receives_nothing()
    nora.replies(question, "ABC123\n900.123.456-8\n\nNora")
    assert {ticket.subject for ticket in Ticket.select()} == {"No puedo facturar", "¿Siguen ahí?"}
    assert all(ticket.client.licence == "ABC123" for ticket in Ticket.select())
    assert "[#1]" in nora.receives().subject
    assert outcomes() == [("done", "ticket"), ("done", "ticket"), ("done", "identified")]
    assert not Contact.get(Contact.address == "nora@gmail.com").confirmed


def test_a_first_mail_with_both_is_a_ticket_at_once(nora: Person, ana: Person) -> None:
    nora.writes("No puedo facturar", f"{PAPERS}\nSale error 27 desde ayer.")
    assert "[#1]" in nora.receives().subject
    assert Ticket.get().client.licence == "ABC123"
    assert "nora@gmail.com" in ana.receives("nora@gmail.com").text


def test_both_who_can_tell_are_asked_and_a_confirmed_contact_approves(nora: Person, ana: Person, juan: Person) -> None:
    juan.writes("Secreto de Empresa", "Solo para nosotros")
    juan.receives()
    ana.receives()
    nora.writes("No puedo facturar", f"{PAPERS}\nSale error 27.")
    asked = juan.receives("nora@gmail.com", "Empresa S.A.", "APROBAR")
    assert "Nora" not in asked.text
    assert "facturar" not in asked.text
    ana.receives("nora@gmail.com", "ABC123")
    nora.receives()
    nora.writes("[#1] a ver", "¿Qué dice este?")
    nora.receives_nothing()
    assert outcomes()[-1] == ("held", "held")
    juan.replies(asked, "Aprobar\n\nJuan")
    assert Contact.get(Contact.address == "nora@gmail.com").confirmed
    nora.receives("aprobada")
    nora.writes("[#1] ahora sí", "Soy de Empresa")
    assert outcomes()[-1] == ("done", "comment")
    assert Event.select().where(Event.what == "contact-approved", Event.actor == "juan@empresa.co").exists()


def test_an_agent_refuses_and_nothing_of_it_remains_with_the_client(nora: Person, ana: Person, juan: Person) -> None:
    nora.writes("No puedo facturar", f"{PAPERS}\nSale error 27.")
    question = ana.receives("APROBAR", "nora@gmail.com")
    juan.receives("nora@gmail.com")
    ana.replies(question, "#rechazar")
    assert not Contact.select().where(Contact.address == "nora@gmail.com").exists()
    assert Ticket.get().client is None
    juan.receives("rechazó")


def test_who_was_not_asked_cannot_approve(nora: Person, juan: Person, person: Callable[..., Person]) -> None:
    nora.writes("Impresora", f"{PAPERS}\nSale error 27.")
    question = juan.receives("APROBAR")
    person("otra@otra.co").replies(question, "APROBAR")
    person("extraña@gmail.com").replies(question, "APROBAR")
    nora.replies(question, "APROBAR")
    assert not Contact.get(Contact.address == "nora@gmail.com").confirmed


def test_wrong_pairs_get_the_same_words_three_times_and_then_silence(nora: Person) -> None:
    nora.writes("Impresora", "No imprime")
    question = nora.receives()
    told = []
    for pair in ("ABC123\n900.765.432-3", "XYZ789\n900.123.456-8", "NADA99\n800.000.000-1"):
        nora.replies(question, pair)
        told.append(nora.receives().text)
    assert len(set(told)) == 1
    assert "ABC123" in told[0]
    assert "900.765" not in told[0]
    nora.replies(question, "ABC123\n900.123.456-8")  # the right one, too late
    nora.receives_nothing()
    assert Contact.get_or_none(Contact.address == "nora@gmail.com") is None
    assert Ticket.select().count() == 0
    assert outcomes()[0] == ("held", "held")  # an agent can still let it in


def test_after_a_month_a_stranger_may_try_again(nora: Person, road: Direct) -> None:
    nora.writes("Impresora", "No imprime")
    for _ in range(4):
        nora.writes("x", "Licencia XYZ789\nNIT 900.123.456-8")
    road.now += timedelta(days=31)
    nora.writes("Otra vez", PAPERS + "No imprime")
    assert Ticket.select().count() >= 1


def test_papers_on_a_mail_that_nothing_proves_wait_for_an_agent(road: Direct, person: Callable[..., Person]) -> None:
    forged = person("juana@forged.co")
    forged.writes("Impresora", PAPERS)
    forged.receives_nothing()
    assert outcomes() == [("held", "held")]
    assert not Contact.select().where(Contact.address == "juana@forged.co").exists()


def test_what_the_reply_says_besides_is_a_comment_on_the_same_ticket(nora: Person) -> None:
    nora.writes("No puedo facturar", "Sale error 27.")
    nora.replies(
        nora.receives(), f"{PAPERS}\nAdemás desde hoy tampoco podemos entrar al módulo de nómina en la sede de Cali."
    )
    (ticket,) = Ticket.select()
    assert [comment.text.splitlines()[0] for comment in ticket.comments] == ["Sale error 27.", "Licencia: ABC123"]
    nora.replies(nora.receives(), "Gracias")
    assert Ticket.select().count() == 1


def test_a_reply_to_the_question_long_after_is_about_the_ticket_it_became(nora: Person) -> None:
    nora.writes("No puedo facturar", "Sale error 27.")
    question = nora.receives()
    nora.replies(question, PAPERS)
    nora.replies(question, "Ya encontré el error, era la hora del equipo; pueden cerrar cuando quieran.")
    assert Ticket.select().count() == 1
    assert outcomes()[-1] == ("done", "comment")


def test_who_answers_our_question_with_a_question_meets_a_person(nora: Person, ana: Person) -> None:
    nora.writes("No puedo facturar", "Sale error 27.")
    nora.replies(nora.receives(), "¿Dónde encuentro la licencia? No la tengo a la mano, ayúdenme por favor.")
    ana.receives("¿Dónde encuentro la licencia?")


def test_a_machine_that_nobody_reads_is_not_asked(person: Callable[..., Person]) -> None:
    for address in ("no-reply@servicio.co", "noreply@servicio.co", "aviso-noreply@servicio.co"):
        person(address).writes("Confirma tu cuenta", "Haz clic: https://servicio.co/x")
        person(address).receives_nothing()
    assert Outgoing.select().where(Outgoing.role == "client").count() == 0


def test_who_is_not_approved_opens_five_tickets_an_hour_and_the_rest_joins_the_last(nora: Person, road: Direct) -> None:
    for number in range(8):
        nora.writes(f"Asunto {number}", PAPERS + f"Esto pasa {number}")
    assert Ticket.select().count() == 5
    assert Ticket.get_by_id(5).comments.count() == 4
    road.now += timedelta(hours=2)
    nora.writes("Otro día", "Otra cosa")
    assert Ticket.select().count() == 6


def test_a_clients_storm_of_mails_is_twenty_tickets_and_two_letters(juan: Person) -> None:
    """A monitor that says the same thirty times: nobody is told thirty times that it came."""
    for number in range(30):
        juan.writes(f"Alarma {number}", "Disco lleno")
    assert Ticket.select().count() == 20
    assert Outgoing.select().where(Outgoing.recipient == "juan@empresa.co").count() == 2
    assert {state for state, _ in outcomes()} == {"done"}


def test_a_client_without_policy_is_told_how_to_renew_and_nothing_is_lost(juan: Person, ana: Person) -> None:
    Client.update(valid_to=date(2026, 10, 31)).where(Client.licence == "ABC123").execute()
    juan.writes("No puedo facturar", "Sale error 27.")
    juan.receives("31 de octubre de 2026", "renovar")
    notice = ana.receives("error 27", "no está activa")
    juan.writes("¿Y mi caso?", "Hola")
    juan.receives_nothing()  # once a day is enough
    assert Ticket.select().count() == 0
    ana.replies(notice, "#aceptar")
    assert Ticket.get().subject == "No puedo facturar"
    assert "[#1]" in juan.receives().subject
    juan.writes("[#1] más", "Sigue igual")
    assert outcomes()[-1] == ("done", "comment")


def test_a_suspended_client_learns_that_and_who_is_not_approved_no_more_than_that(nora: Person, juan: Person) -> None:
    Client.update(suspended=True, valid_to=date(2026, 12, 31)).where(Client.licence == "ABC123").execute()
    juan.writes("Impresora", "No imprime")
    juan.receives("Empresa S.A.", "suspendida")
    nora.writes("Impresora", PAPERS + "No imprime")
    told = nora.receives("suspendida")
    assert "Empresa" not in told.text
    assert "2026" not in told.text


def test_a_colleague_in_the_clients_own_domain_is_a_contact_on_sight(desk, person: Callable[..., Person]) -> None:
    from mailgate.store import people
    from tests.conversations.conftest import NOW

    people.save_client(people.ClientEntry("ABC123", "900123456", "Empresa S.A.", domains=["empresa.co"]), NOW)
    someone = person("nuevo@empresa.co")
    someone.writes("Impresora", "No imprime")
    assert "[#1]" in someone.receives().subject
    assert Ticket.get().client.licence == "ABC123"
