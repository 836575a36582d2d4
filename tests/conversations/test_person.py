"""Habeas data: what is held on a person is handed over, or forgotten as far as it may go; and the trail stays sound."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailgate import cli
from mailgate.judgement import Desk
from mailgate.mail.message import Envelope
from mailgate.settings import Settings, load
from mailgate.settings import Store as StoreSettings
from mailgate.store import audit, desk_lists, holdings, intake, outbox, tickets
from mailgate.store.base import is_sqlite, open_store
from mailgate.store.forgetting import NOBODY, forget
from mailgate.store.models import TABLES, Event, Intake, OptOut, Pqrs, TextMessage, Ticket, database
from tests.conversations.conftest import DESK
from tests.stories import Direct, Person, Received

SECRET = "tengo-una-deuda-de-ocho-millones"
CEDULA = ("cédula.png", "image/png", b"\x89PNG1234" * 9)
AGENTS_WORDS = "Ya revisé la base de datos."


@pytest.fixture
def settings(store: StoreSettings) -> Settings:
    return load(None, {**DESK, "MAILGATE_STORE_URL": store.url, "MAILGATE_DESK_PQRS_ADDRESS": "pqrs@desk.co"})


@pytest.fixture
def story(desk: Desk, road: Direct, juan: Person, ana: Person, luis: Person) -> Received:
    """Ana's notice of Juan's ticket (1), which was answered. He has a PQRS (2); Luisa, of his company, a ticket (3)."""
    juan.writes(
        "Cartera: Juan Peña", f"Buenos días, {SECRET}.", files=[("cédula.png", "image/png", b"\x89PNG1234" * 9)]
    )
    notice = ana.receives()
    ana.replies(notice, f"Hola, Juan Peña: {AGENTS_WORDS} Te escribo a juan@empresa.co.")
    ana.replies(notice, "#nota\n\nJuan Peña está molesto.")
    juan.receives()
    juan.replies(juan.receives(), f"Insisto: {SECRET}.")
    juan.writes("Queja", "Nadie me atiende.", to="pqrs@desk.co")
    luisa = Person(road, "luisa@empresa.co", "Luisa Ríos")
    luisa.writes("No imprime", "La factura se queda a medias.")
    eve = Person(road, "juan@empresa.co.evil.org", "Eve")
    eve.writes("Hola", "¿Hay alguien?")  # held, and nobody's of this story
    TextMessage.create(
        ticket=1, mobile="+573001234567", event="opening", text="Juan Peña, ya es el #1", once="1", state="sent",
        next_attempt_at=road.now, created_at=road.now,
    )  # fmt: skip
    OptOut.create(address="juan@empresa.co", at=road.now)
    for row in outbox.rows(most=1000):
        outbox.record_sent(row.id, f"250 2.0.0 taken as {row.id}", road.now)
    return notice


def texts() -> Iterator[tuple[str, int | str, str]]:
    """Every cell of the store that can hold words or bytes: (table, row, content)."""
    for table in TABLES:
        names = list(table._meta.fields)
        for row in table.select().dicts():
            for name in names:
                value = row[name]
                if isinstance(value, bytes | memoryview):
                    value = bytes(value).decode("utf-8", "replace")
                if isinstance(value, str | dict | list):
                    yield f"{table.__name__}.{name}", row.get("id", row.get("digest", "")), str(value)


def holders(*words: str) -> set[str]:
    """The tables and columns in which one of the words stands."""
    return {place for place, _, text in texts() if any(word.casefold() in text.casefold() for word in words)}


def of_pqrs_only(*words: str, but: str = "\0") -> list[tuple[str, int | str]]:
    """Where a word still stands, outside of what is kept of the PQRS (ticket 2)."""
    kept = {("Pqrs", 1), ("Ticket", 2)}
    for table in TABLES:
        if "ticket" in table._meta.fields:
            kept |= {(table.__name__, row.id) for row in table.select().where(table.ticket == 2)}
    blobs = {row.data.get("mail") for row in Event.select().where(Event.ticket == 2)}
    kept |= {("Blob", one) for one in blobs if one}
    return [
        (place, row)
        for place, row, text in texts()
        if any(word.casefold() in text.casefold().replace(but, "") for word in words)
        and (place.partition(".")[0], row) not in kept
    ]


def test_everything_of_a_person_goes_but_their_pqrs(story: Received, road: Direct) -> None:
    held = holdings.find("Juan@Empresa.co ")
    assert (held.theirs, held.kept) == ({1}, {2: "PQRS-2026-000001"})
    assert held.names == ("Juan Peña",)
    assert of_pqrs_only(SECRET, "juan@empresa.co")
    assert [row["number"] for row in desk_lists.search("deuda millones").rows] == [1]
    done = forget(held, by="operator test", now=road.now)
    assert desk_lists.search("deuda millones").rows == []
    left = of_pqrs_only(SECRET, "Juan Peña", "PNG1234", "3001234567") + of_pqrs_only(
        "juan@empresa.co", but="juan@empresa.co.evil.org"
    )
    assert left == []
    assert done.counts["comments"] == 2
    assert done.counts["files"] == 1
    ticket = tickets.full(1) or {}
    assert ticket["requester"] == done.pseudonym
    assert ticket["requester"].endswith(NOBODY)
    assert ticket["status"] == "closed"
    assert [comment["text"] for comment in ticket["comments"]] == [
        "",
        f"Hola, […]: {AGENTS_WORDS} Te escribo a […].",
        "[…] está molesto.",
        "",
    ]
    assert holdings.find("juan@empresa.co").theirs == frozenset()


def test_what_was_forgotten_does_not_come_back_with_its_mail(story: Received, road: Direct) -> None:
    """A mailbox that is read anew, because its server numbers it anew, brings every mail once more."""
    raws = [intake.raw_of(row.digest) for row in Intake.select() if "juan@empresa.co" in (row.author, row.sender)]
    forget(holdings.find("juan@empresa.co"), by="operator test", now=road.now)
    envelope = Envelope("", ("soporte@desk.co",), "imap")
    again = intake.accept_many([intake.Arrival(raw, envelope, road.now) for raw in raws])
    assert len(again) == 3
    assert not any(one.fresh for one in again)
    assert of_pqrs_only(SECRET, "PNG1234") == []
    assert traces_in_file() == 0  # nor did any of it stay in a corner of SQLite's file


def traces_in_file() -> int:
    """How often the secret stands in SQLite's file, in tables or between them."""
    if not is_sqlite():
        return 0
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(database.obj.database).read_bytes().count(SECRET.encode())


def test_nobody_calls_who_was_forgotten_about_another_persons_ticket(juan: Person, road: Direct) -> None:
    """Luisa names Juan in her subject, and he gave his mobile on her ticket: neither is hers to keep."""
    luisa = Person(road, "luisa@empresa.co", "Luisa Ríos")
    luisa.writes("Acceso de juan@empresa.co", "Juan no puede entrar desde ayer.")
    juan.writes("Re: [#1] Acceso", "Así es. Mi celular: 300 123 4567")
    luisa.writes("Ponerle correo a ana@empresa.co", "Es la nueva.\n\nCelular: 310 555 1212")
    for row in outbox.rows(most=1000):
        outbox.record_sent(row.id, "250 2.0.0 taken", road.now)
    assert Ticket.get_by_id(1).mobile == "+573001234567"
    TextMessage.update(state="sent").execute()
    forget(holdings.find("juan@empresa.co"), by="operator test", now=road.now)
    first, second = Ticket.select().order_by(Ticket.id)
    assert (first.requester, first.subject, first.mobile) == ("luisa@empresa.co", "Acceso de […]", "")
    assert (second.subject, second.mobile) == ("Ponerle correo a ana@empresa.co", "+573105551212")
    left = {place for place, _, text in texts() if "juan@empresa.co" in text.casefold() or "3001234567" in text}
    assert left == set()


def test_the_trail_stays_sound_and_a_later_change_is_still_found(story: Received, road: Direct) -> None:
    assert audit.verify()[1] == []
    forget(holdings.find("juan@empresa.co"), by="operator test", now=road.now)
    assert audit.verify()[1] == []
    assert audit.verify(1)[1] == []
    blank = Event.select().where(Event.ticket == 1, Event.actor == "").first()
    Event.update(what="nothing", why="x").where(Event.id == blank.id).execute()
    assert [one.id for one in audit.verify()[1]] == [blank.id]


def test_a_line_that_only_looks_forgotten_is_a_change(story: Received, road: Direct) -> None:
    first = Event.select().where(Event.ticket == 1).first()
    Event.update(actor="", why="", data={}).where(Event.id == first.id).execute()
    assert [one.id for one in audit.verify()[1]] == [first.id]
    pqrs_line = Event.select().where(Event.ticket == 2).order_by(Event.id.desc()).first()
    data = {"lines": {str(pqrs_line.id): pqrs_line.hash}, "mails": [], "words": []}
    audit.append(2, audit.FORGOTTEN, actor="x", now=road.now, data=data)
    assert any("of a PQRS was erased" in one.why for one in audit.verify(2)[1])


def test_the_pqrs_and_what_others_have_is_untouched(story: Received, juan: Person, ana: Person, road: Direct) -> None:
    before = {number: tickets.full(number) for number in (2, 3)}
    raws = [
        intake.raw_of(event.data["mail"]) for event in Event.select().where(Event.ticket == 2, Event.what == "ticket")
    ]
    forget(holdings.find("juan@empresa.co"), by="operator test", now=road.now)
    assert {number: tickets.full(number) for number in (2, 3)} == before
    assert [
        intake.raw_of(e.data["mail"]) for e in Event.select().where(Event.ticket == 2, Event.what == "ticket")
    ] == raws
    assert Pqrs.get().petitioner == "juan@empresa.co"
    ana.read = len(ana._inbox())
    juan.read = len(juan._inbox())
    notice = next(one for one in reversed(ana._inbox()) if "PQRS-2026-000001" in one.subject)
    ana.replies(notice, "#respuesta-pqrs\n\nDisculpe.")
    juan.receives("Disculpe.")  # the petitioner still gets the answer that is owed


def test_who_writes_again_is_a_stranger_and_no_letter_goes_to_nobody(
    story: Received, juan: Person, ana: Person, road: Direct
) -> None:
    forget(holdings.find("juan@empresa.co"), by="operator test", now=road.now)
    ana.read, juan.read = len(ana._inbox()), len(juan._inbox())
    juan.writes("Hola de nuevo", "¿Me recuerdan?")
    juan.receives_nothing()
    assert Ticket.select().where(Ticket.subject == "Hola de nuevo").count() == 0
    ana.replies(story, "¿Sigues ahí?")
    assert (tickets.full(1) or {})["comments"][-1]["text"] == "¿Sigues ahí?"
    assert not [row for row in outbox.rows(most=1000) if row.recipient.endswith(NOBODY) and row.state == "queued"]


def test_the_commands_tell_ask_and_do(
    story: Received, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    database.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "es")
    for name, value in {**DESK, "MAILGATE_STORE_URL": settings.store.url}.items():
        monkeypatch.setenv(name, value)
    assert cli.run(["person", "export", "JUAN@empresa.co", "--to", "juan.zip"]) == 0
    with zipfile.ZipFile("juan.zip") as bundle:
        names, data = bundle.namelist(), json.loads(bundle.read("datos.json"))
        raws = b"".join(bundle.read(name) for name in names if name.startswith("correos/"))
        assert "PQRS-2026-000001" in bundle.read("LEEME.txt").decode()
    assert raws.count(SECRET.encode()) == 2
    assert sum(name.startswith("cartas/") for name in names) >= 3
    assert (data["contact"]["client"], [one["number"] for one in data["tickets"]]) == ("ABC123", [1, 2])
    assert "molesto" not in json.dumps(data)  # what the staff notes for itself is not handed over by mistake
    assert cli.run(["person", "export", "juan@empresa.co", "--to", "juan.zip"]) == 64
    assert cli.run(["person", "export", "juan@empresa.co", "--to", "todo.zip", "--internal"]) == 0
    with zipfile.ZipFile("todo.zip") as bundle:
        assert "molesto" in bundle.read("datos.json").decode()
    assert cli.run(["person", "forget", "juan@empresa.co", "--dry-run", "--json"]) == 0
    capsys.readouterr()
    assert cli.run(["person", "forget", "juan@empresa.co", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "PQRS-2026-000001: una PQRS y sus pruebas, completa" in told
    assert "Decreto 1074 de 2015" in told
    assert "No se cambió nada." in told
    assert cli.run(["person", "forget", "juan@empresa.co"]) == 64  # nobody is there to be asked
    assert cli.run(["person", "forget", "ana@desk.co", "--yes"]) == 64
    assert cli.run(["person", "forget", "nadie@nunca.co", "--yes"]) == 66
    capsys.readouterr()
    assert cli.run(["person", "forget", "juan@empresa.co", "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["done"] is True
    assert cli.run(["person", "forget", "juan@empresa.co", "--yes"]) == 0  # only the PQRS is left, and stays
    assert cli.run(["pqrs", "verify"]) == 0
    assert cli.run(["pqrs", "export", "PQRS-2026-000001"]) == 0
    open_store(settings.store)  # the commands closed it
    database.connect()


def test_nothing_is_erased_under_a_letter_that_is_still_to_leave(juan: Person, ana: Person) -> None:
    juan.writes("Hola", "x")
    assert holdings.still_moving(holdings.find("juan@empresa.co")) == len(outbox.rows(most=1000))
    assert holders("juan@empresa.co") >= {"Ticket.requester", "Intake.author", "Outgoing.recipient"}
