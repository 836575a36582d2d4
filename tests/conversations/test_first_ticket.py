"""A client's first ticket, from the first mail to the thanks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from mailgate.desk.decision import Order, To
from mailgate.desk.facts import Facts, Status
from mailgate.judgement import Desk
from mailgate.letters.orders import Cause, write_all
from mailgate.mail.message import Message
from mailgate.process import run_due
from mailgate.store import intake, tickets
from mailgate.store.models import Intake
from mailgate.store.ticket_facts import ticket_facts
from tests.stories import Direct, Person, Received

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def number_of(letter: Received) -> int:
    return int(letter.subject.partition("[#")[2].partition("]")[0])


def status_of(number: int) -> Status:
    facts = ticket_facts(number)
    assert facts is not None
    return facts.status


def test_a_mail_becomes_a_ticket_and_the_agents_answer_reaches_the_client(juan: Person, ana: Person) -> None:
    juan.writes(
        "La nómina no cierra",
        "Buenos días:\n\nAl cerrar sale «error 512».",
        files=[("captura.pdf", "application/pdf", PDF)],
    )
    acknowledged = juan.receives("[#")
    number = number_of(acknowledged)
    assert status_of(number) is Status.NEW
    assert "La nómina no cierra" in acknowledged.subject
    assert acknowledged.automatic

    notice = ana.receives("Al cerrar sale «error 512».", "Empresa S.A.", "ABC123")
    assert notice.files == {"captura.pdf": PDF}

    juan.replies(acknowledged, "Se me olvidó: solo pasa con los nuevos.")
    ana.receives("Se me olvidó: solo pasa con los nuevos.")

    ana.replies(notice, "Hola, Juan: ya quedó corregido.")
    juan.receives("ya está en tu ticket")  # their comment was received
    answer = juan.receives("Hola, Juan: ya quedó corregido.", "Ana María Peña")
    assert not answer.automatic
    assert status_of(number) is Status.WAITING
    assert "error 512" not in answer.text.split("ya quedó corregido")[0]

    juan.replies(answer, "¡Mil gracias!")
    ana.receives("¡Mil gracias!")
    assert tickets.count() == (1, 4)
    assert intake.outcomes() == {"ticket": 1, "comment": 2, "answer": 1}


def test_the_quote_is_folded_and_the_words_stand_alone(juan: Person, ana: Person) -> None:
    juan.writes("Factura", "No imprime.")
    ana.replies(ana.receives("No imprime."), "¿Qué impresora es?")
    juan.receives()
    answer = juan.receives("¿Qué impresora es?")
    juan.replies(answer, "Una Epson L3250.")
    ticket = tickets.full(number_of(answer))
    assert ticket is not None
    assert [comment["text"].strip() for comment in ticket["comments"]] == [
        "No imprime.",
        "¿Qué impresora es?",
        "Una Epson L3250.",
    ]
    assert "¿Qué impresora es?" in ticket["comments"][2]["quote"]  # folded, not dropped


def test_the_client_never_sees_what_the_agents_were_told(juan: Person, ana: Person) -> None:
    juan.writes("Factura", "No imprime.")
    ana.replies(ana.receives(), "Ya lo reviso.")
    juan.receives()
    answer = juan.receives("Ya lo reviso.")
    for words in ("Ficha", "#nota", "#cerrar", "NIT", "ana@desk.co", "ABC123"):
        assert words not in answer.raw.decode("ascii")
        assert words not in answer.text
        assert words not in answer.html


def test_a_colleague_follows_up_and_a_stranger_does_not(
    juan: Person, ana: Person, person: Callable[..., Person]
) -> None:
    juan.writes("Factura", "No imprime.")
    tag = f"Re: [#{number_of(juan.receives())}] Factura"
    ana.receives()
    person("luisa@empresa.co").writes(tag, "A mí tampoco.")
    ana.receives("A mí tampoco.")
    for stranger in ("curioso@gratis.co", "otra@otra.co"):
        who = person(stranger)
        who.writes(tag, "¿Qué novedades hay?")
        held = ana.receives("¿Qué novedades hay?", stranger)
        assert "Factura" not in held.text.replace(tag, "")
        who.receives_nothing()
    assert tickets.count() == (1, 2)


def test_numbers_that_exist_and_numbers_that_do_not_get_the_same_silence(
    juan: Person, ana: Person, person: Callable[..., Person]
) -> None:
    juan.writes("Factura", "No imprime.")
    number = number_of(juan.receives())
    olga = person("otra@otra.co")
    olga.writes(f"[#{number}] hola", "uno")
    olga.writes(f"[#{number + 500}] hola", "dos")
    olga.receives_nothing()
    assert intake.outcomes() == {"ticket": 1, "held": 2}


def test_the_same_mail_twice_is_one_comment(juan: Person, ana: Person, road: Direct) -> None:
    mail = juan.writes("Factura", "No imprime.")
    road.post(mail.as_bytes(), juan.address, [juan.desk_address])
    by_another_road = b"Received: from mx2.desk.co by mx.desk.co; Mon, 23 Nov 2026 10:00:00 -0500\r\n" + mail.as_bytes()
    road.post(by_another_road, juan.address, [juan.desk_address])
    assert tickets.count() == (1, 1)
    assert intake.outcomes() == {"ticket": 1, "duplicate": 1}
    juan.receives()
    juan.receives_nothing()


def test_a_reply_that_lost_its_number_finds_its_ticket(juan: Person, ana: Person) -> None:
    juan.writes("Factura", "No imprime.")
    letter = juan.receives()
    thread = [("In-Reply-To", letter.message["Message-ID"])]
    juan.writes("Sigue igual", "Nada todavía.", headers=thread)
    assert tickets.count() == (1, 2)


def test_a_forwarded_letter_lets_a_colleague_comment_and_tells_them_nothing(
    juan: Person, ana: Person, person: Callable[..., Person]
) -> None:
    juan.writes("Factura", "No imprime.")
    letter = juan.receives()
    accountant = person("contador@firma.co")
    accountant.writes("Re: tu correo", "Les escribo por Juan.", headers=[("In-Reply-To", letter.message["Message-ID"])])
    ana.receives("No imprime.")
    ana.receives("Les escribo por Juan.", "Escribe respondiendo una carta")
    accountant.receives_nothing()


def test_a_vacation_reply_is_kept_and_answered_by_nobody(juan: Person, ana: Person) -> None:
    juan.writes("Factura", "No imprime.")
    letter = juan.receives()
    ana.receives()
    automatic = [("Auto-Submitted", "auto-replied"), ("In-Reply-To", letter.message["Message-ID"])]
    juan.writes(f"Fuera de la oficina: {letter.subject}", "Regreso el lunes.", headers=automatic)
    juan.receives_nothing()
    ana.receives_nothing()
    ticket = tickets.full(number_of(letter))
    assert ticket is not None
    assert [(c["public"], c["remark"]) for c in ticket["comments"]] == [(True, ""), (False, "automatic")]
    assert ticket["status"] == "new"


def test_an_agents_vacation_reply_never_reaches_the_client(juan: Person, ana: Person) -> None:
    juan.writes("Factura", "No imprime.")
    juan.receives()
    ana.replies(ana.receives(), "Estoy de vacaciones.", headers=[("Auto-Submitted", "auto-replied")])
    juan.receives_nothing()


def test_an_agents_address_without_proof_moves_nothing(juan: Person, ana: Person, luis: Person) -> None:
    juan.writes("Factura", "No imprime.")
    number = number_of(juan.receives())
    ana.receives()
    ana.writes(f"Re: [#{number}] Factura", "Ya quedó, cerramos.")  # straight to the desk, nothing proves it is Ana
    juan.receives_nothing()
    ana.receives("Ya quedó, cerramos.", "nada prueba")  # the real Ana is told
    assert status_of(number) is Status.NEW


def test_a_letter_of_ours_come_back_is_ignored(juan: Person, ana: Person, road: Direct) -> None:
    juan.writes("Factura", "No imprime.")
    letter = juan.receives()
    road.post(letter.raw, "", ["soporte@desk.co"])
    assert intake.outcomes() == {"ticket": 1, "ignored": 1}


def test_a_desk_in_english(juan: Person, ana: Person) -> None:
    from mailgate.store.models import Contact

    Contact.update(language="en").where(Contact.address == juan.address).execute()
    juan.writes("Payroll", "It does not close.")
    juan.receives("Hello", "it has a number now")


def test_who_writes_in_english_is_answered_in_english_until_they_chose(juan: Person, ana: Person) -> None:
    juan.writes("Invoice problem", "Hello, I cannot print the invoices since yesterday. Please help me with this.")
    assert juan.receives("[#1] Invoice problem").text.startswith("Hello Juan Peña,")
    ana.replies(ana.receives("Ficha"), "#cerrar")  # who works here reads Spanish
    juan.receives("is closed now")


def test_a_held_mail_that_an_agent_lets_in_is_worked_on_as_if_it_had_just_come(
    juan: Person, ana: Person, person: Callable[..., Person], road: Direct
) -> None:
    juan.writes("Factura", "No imprime.")
    number = number_of(juan.receives())
    person("contador@firma.co").writes(f"Re: [#{number}] Factura", "Adjunto lo que pidieron.")
    ana.receives("No imprime.")
    ana.receives("Adjunto lo que pidieron.", "no es suyo, o no existe")
    held = Intake.get(Intake.outcome == "held")
    assert intake.replay(held.id, road.now, released_by="ana@desk.co")
    run_due(road.desk, lambda: road.now)
    ticket = tickets.full(number)
    assert ticket is not None
    assert [c["text"].strip() for c in ticket["comments"]] == ["No imprime.", "Adjunto lo que pidieron."]
    assert any("released by ana@desk.co" in event["why"] for event in ticket["events"])


def test_letters_written_at_once_stand_one_below_the_other(desk: Desk, juan: Person, ana: Person) -> None:
    """A mail program shows them in one thread, though none had left when the next was written."""
    juan.writes("Factura", "No imprime.")
    acknowledged = juan.receives("[#")
    cause = Cause(None, Message(), Facts(), (), "", number_of(acknowledged))
    orders = [Order("waiting-reminder", To.REQUESTER), Order("closed-waiting", To.REQUESTER)]
    write_all(desk.office, orders, cause, datetime.now(UTC))
    reminded, closed = juan.receives(), juan.receives()
    assert reminded.message["In-Reply-To"] == acknowledged.message["Message-ID"]
    assert closed.message["In-Reply-To"] == reminded.message["Message-ID"]
    assert acknowledged.message["Message-ID"] in closed.message["References"].split()
