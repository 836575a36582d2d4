"""What the company's notice promises its clients, row by row, end to end: mails as real programs send them, by SMTP to
one running service, letters from its Maildir; Spanish and English. ``test_notice_by_imap`` tells some of it again.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mailgate import clock
from mailgate.duties.promises import remind_of_promises
from mailgate.service import Service
from mailgate.settings import load
from mailgate.store import desk_work, outbox, people, tickets, turns
from mailgate.store.base import connection
from mailgate.store.models import Client, Contact, Event, News
from tests.button_mails import PROGRAMS, Program, Typed, answer, apple_phone, gmail_phone, outlook, press, write
from tests.servers import gateway
from tests.stories import Person, Received, Smtp

TODAY = datetime.now(UTC)
ALWAYS = ", ".join(f'{day} = "00:00-24:00"' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
WORKED = ", ".join(f'"{TODAY.date() + timedelta(days=days)}"' for days in range(-2, 10))  # whatever day it is
VERDICT = """Authentication-Results: mx.desk.co; dmarc=pass header.from={domain}
Received: from mail.{domain} by mx.desk.co; Mon, 23 Nov 2026 10:00:00 -0500
"""
LANGUAGES = pytest.mark.parametrize("language", ["es", "en"])
_numbers = itertools.count(1)


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        "MAILGATE_DESK_NAME": "Soporte",
        "MAILGATE_DESK_COMPANY": "Apolosoft",
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
        "MAILGATE_DESK_PQRS_ADDRESS": "pqrs@desk.co",
        "MAILGATE_DESK_MANAGEMENT": '["gerente@desk.co"]',
        "MAILGATE_DESK_RENEWAL": "llama al 601 514 1327.",
        "MAILGATE_STORE_URL": f"sqlite:///{folder}/mailgate.db",
        "MAILGATE_RELAY_MAILDIR": str(folder / "letters"),
        "MAILGATE_SMTP_PORT": "0",
        "MAILGATE_SMTP_TRUSTED_PEERS": '["127.0.0.0/8"]',
        "MAILGATE_SMTP_AUTHSERV_IDS": '["mx.desk.co"]',
        "MAILGATE_CALENDAR_HOURS": f"{{{ALWAYS}}}",
        "MAILGATE_CALENDAR_WORKING_HOLIDAYS": f"[{WORKED}]",
        "MAILGATE_CATEGORIES_NAMES": '["Nómina", "Facturación"]',
        "MAILGATE_CATEGORIES_RULES": '{"Nómina" = ["nómina", "payroll"]}',
        "MAILGATE_PROMISES_PLANS": "{Oro = {normal = 2}}",
        "MAILGATE_URGENT_TARIFF": "$150.000 por hora.",
        "MAILGATE_URGENT_ON_CALL": '["luis@desk.co"]',
        "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
        "MAILGATE_LIMITS_LETTERS_PER_ADDRESS_HOUR": "1000",
        **more,
    }


@dataclass
class Reader(Person):
    """A person whose letters may arrive in any order, as they do: several connections send them."""

    known: set[str] = field(default_factory=set)  # Message-IDs of letters that were read

    def receives(self, *containing: str) -> Received:
        """The next unread letter that says all of this."""

        def fitting() -> list[Received]:
            unread = [letter for letter in self._inbox() if letter.message["Message-ID"] not in self.known]
            return [one for one in unread if all(words in one.text + one.subject for words in containing)]

        assert self.road.wait(lambda: bool(fitting())), (
            f"no letter for {self.address} says {containing}: {[letter.subject for letter in self._inbox()]}"
        )
        letter = fitting()[0]
        self.known.add(letter.message["Message-ID"])
        return letter


@dataclass
class House:
    """A desk at work, and the people around it."""

    service: Service
    road: Smtp
    messages: gateway.Gateway | None = None

    def person(self, address: str, name: str) -> Reader:
        """Somebody, with the letters so far already read."""
        who = Reader(self.road, address, name)
        who.known = {letter.message["Message-ID"] for letter in who._inbox()}
        return who

    def contact(self, language: str = "es", **more: Any) -> Reader:
        """A new contact of Empresa S.A."""
        address, name = f"c{next(_numbers)}@empresa.co", "Íñigo Peña" if language == "es" else "Jane Doe"
        people.save_contact(address, name, TODAY, client_id=1)
        Contact.update(language=language, **more).where(Contact.address == address).execute()
        return self.person(address, name)

    @property
    def ana(self) -> Reader:
        return self.person("ana@desk.co", "Ana María Peña")


@contextlib.contextmanager
def at_work(folder: Path, **more: str) -> Iterator[Service]:
    with Service(load(None, environment(folder, **more))) as service, connection():
        people.save_client(
            people.ClientEntry("ABC123", "900123456", "Empresa S.A.", plan="Oro", valid_to=date(2099, 3, 31)), TODAY
        )
        for days in (-1, 0, 1):  # no morning digest between the letters of these stories
            turns.first_time(f"digest:1:{TODAY.date() + timedelta(days=days)}", TODAY)
        people.save_agent("ana@desk.co", "Ana María Peña", TODAY)
        yield service


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One desk for all of this module, reached by SMTP, with a gateway to mobiles where Apprise is there."""
    folder = tmp_path_factory.mktemp("notice")
    with contextlib.ExitStack() as stack:
        more, messages = {}, None
        with contextlib.suppress(ImportError):
            import apprise  # noqa: F401

            messages = stack.enter_context(gateway.running())
            more["MAILGATE_SMS_URL"] = messages.url
        service = stack.enter_context(at_work(folder, **more))
        yield House(service, Smtp(service.smtp_port or 0, folder / "letters"), messages)


def number_of(letter: Received) -> int:
    found = re.search(r"\[#(\d+)\]", letter.subject)
    assert found, letter.subject
    return int(found[1])


def ticket(number: int) -> dict[str, Any]:
    found = tickets.full(number)
    assert found is not None
    return found


def opened(who: Person, program: Program, subject: str = "La nómina no cierra", text: str = "") -> Received:
    """The acknowledgement of a new ticket."""
    write(who, subject, text or "Buenos días:\n\nAl cerrar la nómina sale «error 512».", program)
    return who.receives(subject)


# 1. enter with licence and NIT, if active ---------------------------------------------------------------------------


@pytest.mark.parametrize(("program", "domain"), [(gmail_phone, "gratis.co"), (outlook, "otro.co")])
def test_who_gives_licence_and_nit_is_let_in(program: Program, domain: str, house: House) -> None:
    who, ana = house.person(f"nueva@{domain}", "Nueva Persona"), house.ana

    def vouched(typed: Typed) -> bytes:
        """Our MX has looked at it, and says so on top."""
        return VERDICT.format(domain=domain).encode() + program(typed)

    write(who, "La nómina no cierra", "Al cerrar sale «error 512».", vouched)
    question = who.receives("Licencia: ABC123", "NIT")
    answer(who, question, "Licencia: abc123\nNIT: 900.123.456-8", vouched)
    assert ticket(number_of(who.receives("[#")))["client"] == "ABC123"
    ana.receives("nueva@")  # asked whether the address is the client's


def test_the_letters_name_the_client_and_the_end_of_the_policy(house: House) -> None:
    who = house.contact()
    acknowledged = opened(who, gmail_phone)
    assert "Empresa S.A. · Póliza activa hasta el 31 de marzo de 2099" in acknowledged.text
    assert "Póliza activa hasta el 31 de marzo de 2099" in acknowledged.html


@LANGUAGES
def test_an_expired_policy_gets_the_renewal_letter_and_no_word_is_lost(language: str, house: House) -> None:
    licence = f"VEN{next(_numbers)}"
    entry = people.ClientEntry(licence, f"8{next(_numbers):08d}", "Vencida Ltda.", valid_to=date(2020, 1, 31))
    people.save_client(entry, TODAY)
    who, ana = house.contact(language), house.ana
    Contact.update(client=Client.get(Client.licence == licence)).where(Contact.address == who.address).execute()
    write(who, "No abre", "Todo lo que escribo\nse guarda.", outlook if language == "en" else apple_phone)
    told = who.receives("Vencida Ltda.", "601 514 1327")
    assert ("31 de enero de 2020" if language == "es" else "January 31, 2020") in told.text
    ana.replies(ana.receives("Todo lo que escribo"), "#aceptar")
    number = number_of(who.receives("[#"))
    kept = ticket(number)["comments"][0]["text"].split()
    assert " ".join(kept).startswith("Todo lo que escribo se guarda.")


# 2. a new ticket, classified, detailed ------------------------------------------------------------------------------


def a_ticket_is_sorted_and_corrected(house: House, program: Program) -> None:
    who, ana = house.contact(), house.ana
    acknowledged = opened(who, program)
    assert "Lo clasificamos en Nómina." in acknowledged.text
    ana.receives("error 512")
    press(who, acknowledged, "Facturación", program)
    who.receives("quedó en Facturación")
    assert ticket(number_of(acknowledged))["category"] == "Facturación"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_a_new_mail_is_a_ticket_with_its_category_and_one_tap_corrects_it(program: Program, house: House) -> None:
    a_ticket_is_sorted_and_corrected(house, program)


@LANGUAGES
def test_no_funciona_is_asked_kindly_what_is_missing(language: str, house: House) -> None:
    who = house.contact(language)
    write(who, "Ayuda" if language == "es" else "Help", "No funciona" if language == "es" else "It doesn't work",
          apple_phone)  # fmt: skip
    asked = who.receives("necesitamos saber un poco más" if language == "es" else "we need to know a little more")
    answer(who, asked, "Al facturar sale el error 27.", apple_phone)
    who.receives("ya está en tu ticket" if language == "es" else f"[#{number_of(asked)}]")
    assert "error 27" in ticket(number_of(asked))["comments"][1]["text"]


# 3. number, state, sections with their counts -----------------------------------------------------------------------


def the_state_is_asked_for(house: House, language: str) -> None:
    who, ana = house.contact(language), house.ana
    acknowledged = opened(who, outlook, "Payroll fails" if language == "en" else "La nómina falla")
    ana.replies(ana.receives("error 512"), "#servicio 1h30 Copia de seguridad")
    ana.receives("servicio")
    press(who, acknowledged, "STATUS" if language == "en" else "ESTADO", outlook)
    wanted = (
        ("Answers (1)", "Possible Solutions (0)", "Services (1)", "Meetings (0)")
        if language == "en"
        else ("Respuestas (1)", "Posibles Soluciones (0)", "Servicios (1)", "Reuniones (0)")
    )
    who.receives(*wanted)
    write(who, "MY TICKETS" if language == "en" else "MIS TICKETS", "", gmail_phone)
    who.receives(f"[#{number_of(acknowledged)}]")


@LANGUAGES
def test_the_state_with_its_four_sections_and_the_list(language: str, house: House) -> None:
    the_state_is_asked_for(house, language)


# 4. news ------------------------------------------------------------------------------------------------------------


@LANGUAGES
def test_the_news_come_by_mail(language: str, house: House) -> None:
    News.create(title="Cierre de fin de año", body="El 24 cerramos a mediodía.", created_by="ana@desk.co",
                created_at=TODAY)  # fmt: skip
    who = house.contact(language)
    write(who, "NEWS" if language == "en" else "Noticias", "", apple_phone)
    who.receives("Cierre de fin de año", "El 24 cerramos a mediodía.")


# 5. possible solutions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "program"), [("es", outlook), ("en", gmail_phone)])
def test_a_solution_that_fits_comes_with_the_number_and_one_tap_closes(
    language: str, program: Program, house: House
) -> None:
    body = "Escoge el papel Carta en Configuración."
    desk_work.publish("solution", "La impresora saca hojas en blanco", body, "", "ana@desk.co", TODAY)
    who = house.contact(language)
    told = opened(who, program, "Impresora", "Las impresoras me están botando las hojas en blanco desde ayer.")
    assert body in told.text
    press(who, told, "RESOLVIÓ" if language == "es" else "SOLVED IT", program)
    who.receives("solucion" if language == "es" else "solved")
    assert ticket(number_of(told))["status"] == "solved"


# 6. told that it is solved ------------------------------------------------------------------------------------------


def it_is_solved_and_taken_back(house: House, program: Program) -> None:
    who = house.contact()
    acknowledged = opened(who, program)
    number = number_of(acknowledged)
    press(who, acknowledged, "SOLUCIONADO", program)
    confirmed = who.receives("Dimos por solucionado")
    assert ticket(number)["status"] == "solved"
    answer(who, confirmed, "Perdón, volvió a fallar al cerrar la nómina.", program)
    who.receives("Abrimos de nuevo")
    assert ticket(number)["status"] == "open"


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_solved_by_the_button_and_undone_by_a_reply(program: Program, house: House) -> None:
    it_is_solved_and_taken_back(house, program)


@pytest.mark.parametrize(("language", "words"), [("es", "Ya quedó, muchas gracias."), ("en", "It works now, thanks!")])
def test_solved_by_a_plain_sentence(language: str, words: str, house: House) -> None:
    who = house.contact(language)
    acknowledged = opened(who, gmail_phone)
    answer(who, acknowledged, words, outlook)
    who.receives("Dimos por solucionado" if language == "es" else "as solved")
    assert ticket(number_of(acknowledged))["status"] == "solved"


# 7. messages to the mobile ------------------------------------------------------------------------------------------


@LANGUAGES
def test_the_mobile_in_the_ticket_gets_messages_until_it_wants_none(language: str, house: House) -> None:
    if house.messages is None:
        pytest.skip("apprise (extra sms) is not installed")
    who, ana, mobile = house.contact(language), house.ana, f"57300555{next(_numbers):04d}"
    label = "Mobile" if language == "en" else "Celular"
    acknowledged = opened(who, apple_phone, text=f"Al cerrar la nómina sale «error 512».\n\n{label}: {mobile[2:]}")
    number = number_of(acknowledged)
    sent = lambda: [text for path, text in house.messages.sent if path == f"/{mobile}"]  # noqa: E731
    assert house.road.wait(lambda: len(sent()) == 1)
    assert f"[#{number}]" in sent()[0]
    told = lambda: [event["what"] for event in ticket(number)["events"]]  # noqa: E731
    assert house.road.wait(lambda: "sms-sent" in told())
    write(who, "STOP" if language == "en" else "BAJA", "", apple_phone)
    who.receives("no more messages" if language == "en" else "No te enviaremos más mensajes")
    ana.replies(ana.receives(), "Instala la versión 8.")
    who.receives("Instala la versión 8.")
    assert len(sent()) == 1


# 8. attended in time, by the policy ---------------------------------------------------------------------------------


@LANGUAGES
def test_the_plans_promise_is_in_the_letter_and_reminded_of(language: str, house: House) -> None:
    who, ana = house.contact(language), house.ana
    acknowledged = opened(who, gmail_phone)
    number = number_of(acknowledged)
    assert ("A más tardar el" if language == "es" else "We will answer by") in acknowledged.text
    ana.receives("error 512")
    made = Event.get(Event.ticket == number, Event.what == "promised")
    assert "2 opening hours: normal, plan Oro" in made.why
    desk = house.service.desk
    for minutes in (90, 91, 121, 122, 200, 201):  # each told once, whatever restarts
        clock.tick(desk, datetime.now(UTC) + timedelta(minutes=minutes), (remind_of_promises,))
    told = [(row.recipient, row.subject.split("]")[1].split("·")[0].strip())
            for row in reversed(outbox.rows(ticket=number)) if row.letter == "promise-reminder"]  # fmt: skip
    assert told == [
        (ana.address, "Pronto vence la primera respuesta"),
        (ana.address, "Venció la primera respuesta prometida"),
        ("gerente@desk.co", "Sigue sin la primera respuesta prometida"),
    ]


# 9. reopen, or add a comment ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "program"), [("es", outlook), ("en", gmail_phone)])
def test_reopening_is_for_the_same_matter(language: str, program: Program, house: House) -> None:
    who, ana = house.contact(language), house.ana
    acknowledged = opened(who, program)
    number = number_of(acknowledged)
    answer(who, acknowledged, "También pasa en Cúcuta.", program)
    who.receives(f"[#{number}]")
    ana.replies(ana.receives("error 512"), "#cerrar\n\nInstala la versión 8.")
    closed = who.receives("Instala la versión 8.")
    answer(who, closed, "Con la versión 8 la nómina sigue sin cerrar: error 512.", program)
    who.receives("Abrimos de nuevo" if language == "es" else "opened your ticket")
    assert ticket(number)["status"] == "open"
    ana.replies(ana.receives("También pasa"), "#cerrar")
    closed = who.receives("cerr" if language == "es" else "closed")
    answer(who, closed, "La impresora Epson del punto de venta saca hojas en blanco desde el martes.", program)
    other = who.receives(f"[#{number}]")
    assert number_of(other) != number
    assert "tema distinto" in other.text or "another matter" in other.text
    assert ticket(number)["status"] == "closed"


# 10. the agent may call the mobile in the ticket --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "said"), [(gmail_phone, "Celular: 300 123 4567"), (outlook, "Mobile: +57 300 1234567")]
)
def test_the_agent_calls_the_mobile_with_one_tap(program: Program, said: str, house: House) -> None:
    who, ana = house.contact(), house.ana
    opened(who, program, text=f"Al cerrar la nómina sale «error 512».\n\n{said}")
    assert 'href="tel:+573001234567"' in ana.receives("+57 300 1234567").html


def test_a_mobile_that_is_none_is_said_so(house: House) -> None:
    who = house.contact()
    write(who, "La nómina no cierra", "Sale «error 512».\nCelular: 300 12 34", apple_phone)
    who.receives("«300 12 34» no parece un número de celular")


# 11. urgent service -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "program"), [("es", apple_phone), ("en", outlook)])
def test_urgent_has_its_tariff_its_acceptance_and_its_evidence(language: str, program: Program, house: House) -> None:
    who = house.contact(language)
    acknowledged = opened(who, program)
    number = number_of(acknowledged)
    press(who, acknowledged, "URGENT", program)
    offer = who.receives("$150.000 por hora.")
    press(who, offer, "ACCEPT" if language == "en" else "ACEPTO", program)
    who.receives("urgent")
    assert ticket(number)["urgent"]
    assert Event.get(Event.ticket == number, Event.what == "tariff-accepted").intake_id is not None


# 12. P.Q.R.S. -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "program"), [("es", gmail_phone), ("en", apple_phone)])
def test_a_pqrs_by_mail_reaches_management(language: str, program: Program, house: House) -> None:
    who, manager = house.contact(language), house.person("gerente@desk.co", "Gerente")
    write(who, "Queja por la demora", "Llevo tres días esperando una respuesta.", program, to="pqrs@desk.co")
    who.receives("PQRS-")
    manager.receives("PQRS-", "Llevo tres días esperando")


# bad input ----------------------------------------------------------------------------------------------------------


def test_unknown_words_contradictions_and_digits_are_read_by_a_person(house: House) -> None:
    who, ana = house.contact(), house.ana
    acknowledged = opened(who, gmail_phone)
    number = number_of(acknowledged)
    ana.receives("error 512")
    answer(who, acknowledged, "ANULAR TODO", apple_phone)
    who.receives("MIS TICKETS", "REABRIR")
    press(who, acknowledged, "SOLUCIONADO", outlook,
          "\n\nPero al imprimir la factura sale ahora otro error distinto, por favor revisen.")  # fmt: skip
    answer(who, acknowledged, "4", gmail_phone)
    for words in ("ANULAR TODO", "otro error distinto", "4"):
        ana.receives(words)
    assert ticket(number)["status"] == "new"
    assert [comment["text"].strip()[:11] for comment in ticket(number)["comments"][1:]] == [
        "ANULAR TODO", "SOLUCIONADO", "4",
    ]  # fmt: skip
