"""A desk seen from the shell: what came, what was said, what left, what waits."""

from __future__ import annotations

import email
import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from mailgate.cli.ingest import work_off
from mailgate.mail.message import Envelope
from mailgate.settings import Settings
from mailgate.store import intake
from mailgate.store.base import close_store, connection, open_store

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
DESK = "soporte@localhost.localdomain"
EVIL = "Factura \x1b]0;owned\x07 [bold]x[/]"


def mail(sender: str, subject: str, text: str, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, DESK, subject
    message["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@test>"
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 -0500"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


@pytest.fixture
def arrive(folder: Path) -> Any:
    """Mails that come and are worked on, in the store of this folder."""

    def arrive(*mails: bytes) -> list[int]:
        settings = Settings()
        open_store(settings.store)
        with connection():
            arrivals = [intake.Arrival(raw, Envelope("", (DESK,), "pipe"), datetime.now(UTC)) for raw in mails]
            accepted = intake.accept_many(arrivals)
            work_off(settings)
        close_store()
        return [one.intake_id for one in accepted]

    return arrive


@pytest.fixture
def desk(mailgate, arrive) -> Any:
    """A client with a contact, an agent, a ticket with an attachment, a stranger's mail that is held."""
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme S.A.S.", "--contact", "ana@acme.co")
    mailgate("agent", "add", "luis@mesa.co", "Luis Rojas")
    message = email.message_from_bytes(
        mail("Ana Peña <ana@acme.co>", EVIL, "No imprime.\n"), policy=email.policy.default
    )
    message.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="factura.pdf")
    return arrive(message.as_bytes(), mail("nadie@otra.co", "Hola", "¿Me ayudan?\n"))


def test_stats_add_up(mailgate, desk) -> None:
    counted = mailgate("stats", "--json").json
    assert list(counted) == ["seen", "outcomes", "tickets", "comments", "outbox", "messages", "quarantine", "held"]
    wanted = {"ticket", "comment", "answer", "note", "held", "ignored", "duplicate", "quarantined", "refused"}
    assert {*wanted, "pending"} <= set(counted["outcomes"])
    assert counted["seen"] == sum(counted["outcomes"].values()) == 2
    assert (counted["outcomes"]["ticket"], counted["tickets"], counted["comments"]) == (1, 1, 1)
    assert (counted["held"], counted["quarantine"]) == (1, 0)
    assert set(counted["outbox"]) == {"queued", "sent", "dead"}
    assert counted["outbox"]["queued"] > 0


def test_stats_of_an_empty_desk(mailgate) -> None:
    counted = mailgate("stats", "--json").json
    assert counted["seen"] == 0
    assert set(counted["outcomes"].values()) == {0}


def test_stats_for_a_person(mailgate, desk) -> None:
    told = mailgate("stats").out
    assert "Mails seen: 2. Tickets: 1. Comments: 1." in told
    assert "Waiting for a person: 0 in quarantine, 1 held." in told


def test_the_list_of_tickets(mailgate, desk) -> None:
    (ticket,) = mailgate("ticket", "list", "--json").json
    assert (ticket["number"], ticket["client"], ticket["requester"]) == (1, "ACME01", "ana@acme.co")
    told = mailgate("ticket", "list").out
    assert "ana@acme.co" in told
    assert "[bold]x[/]" in told, "brackets in a subject are text"
    assert mailgate("ticket", "list", "--status", "closed", "--json").json == []


def test_nothing_of_a_mail_reaches_the_terminal_as_a_command(mailgate, desk) -> None:
    for command in (("ticket", "list"), ("ticket", "show", 1), ("outbox", "list"), ("outbox", "show", 1)):
        told = mailgate(*command).out
        assert "\x1b" not in told
        assert "\x07" not in told


def test_a_ticket_with_everything_on_it(mailgate, desk) -> None:
    ticket = mailgate("ticket", "show", 1, "--json").json
    (comment,) = ticket["comments"]
    assert comment["text"].strip() == "No imprime."
    assert comment["author"] == "ana@acme.co"
    assert [file["name"] for file in comment["files"]] == ["factura.pdf"]
    told = mailgate("ticket", "show", 1).out
    assert "No imprime." in told
    assert "factura.pdf" in told


def test_what_is_not_there(mailgate) -> None:
    assert "ticket list" in mailgate("ticket", "show", 7, status=66).err
    assert "outbox list" in mailgate("outbox", "show", 7, status=66).err
    assert "quarantine list" in mailgate("quarantine", "show", 7, status=66).err
    assert "held list" in mailgate("held", "accept", 7, status=66).err
    assert mailgate("outbox", "retry", 7, status=66).err.count("\n") == 1


def test_letters_with_their_envelope(mailgate, desk) -> None:
    letters = mailgate("outbox", "list", "--json").json
    to_ana = next(letter for letter in letters if letter["envelope"]["recipient"] == "ana@acme.co")
    assert to_ana["envelope"]["sender"] == ""
    assert to_ana["message_id"].startswith("<")
    assert "#1" in to_ana["subject"]
    assert (to_ana["state"], to_ana["ticket"], to_ana["letter"], to_ana["attempts"]) == (
        "queued",
        1,
        "acknowledgement",
        0,
    )
    assert to_ana["reply"] == ""
    assert "ana@acme.co" in mailgate("outbox", "list", "--state", "queued").out


def test_a_letter_as_it_leaves_and_as_it_looks(mailgate, shell, folder: Path, desk) -> None:
    letter = mailgate("outbox", "list", "--json", "--ticket", 1).json[-1]
    raw = shell("outbox", "show", letter["id"], "--raw").out.encode()
    assert email.message_from_bytes(raw)["Message-ID"] == letter["message_id"]
    mailgate("outbox", "show", letter["id"], "--html", folder / "letter.html")
    assert "<html" in (folder / "letter.html").read_text()
    assert (folder / "letter.html").stat().st_mode & 0o077 == 0
    assert letter["message_id"] in mailgate("outbox", "show", letter["id"]).out


def test_a_letter_given_up_is_tried_again(mailgate, folder: Path, desk) -> None:
    with sqlite3.connect(folder / "mailgate-data" / "mailgate.db") as base:
        base.execute("UPDATE outgoing SET state = 'dead', reply = '550 no' WHERE id = 1")
    assert [letter["id"] for letter in mailgate("outbox", "list", "--state", "dead", "--json").json] == [1]
    assert mailgate("outbox", "retry", "--dead").out == "Will leave as soon as may be: 1.\n"
    assert mailgate("stats", "--json").json["outbox"]["dead"] == 0


def test_a_held_mail_judged_again_when_its_sender_is_known(mailgate, desk) -> None:
    (held,) = mailgate("held", "list", "--json").json
    assert (held["from"], held["subject"]) == ("nadie@otra.co", "Hola")
    assert held["id"] == desk[1]
    mailgate("client", "add", "OTRA", "52123456", "Otra", "--contact", "nadie@otra.co")
    assert mailgate("held", "replay", held["id"]).out == "Tried again: 1; still here: 0.\n"
    assert mailgate("stats", "--json").json["outcomes"]["ticket"] == 2


def test_a_held_mail_let_in_on_the_operators_word(mailgate, desk) -> None:
    mailgate("held", "accept", "--all")
    counted = mailgate("stats", "--json").json
    assert (counted["tickets"], counted["held"], counted["seen"]) == (2, 0, 2)


def test_a_held_mail_turned_away(mailgate, desk) -> None:
    assert "--yes" in mailgate("held", "reject", desk[1], status=64).err, "nobody can be asked here"
    assert mailgate("stats", "--json").json["held"] == 1
    mailgate("held", "reject", desk[1], "--yes")
    counted = mailgate("stats", "--json").json
    assert (counted["held"], counted["outcomes"]["refused"], counted["seen"]) == (0, 1, 2)


@pytest.fixture
def quarantined(arrive) -> int:
    """A mail without author, which nobody can answer."""
    return int(arrive(b"Subject: nobody\r\n\r\nhello\r\n")[0])


def test_quarantine_shown_and_exported(mailgate, shell, folder: Path, quarantined: int) -> None:
    (waiting,) = mailgate("quarantine", "list", "--json").json
    assert (waiting["id"], waiting["subject"]) == (quarantined, "nobody")
    assert waiting["reason"]
    assert "nobody" in mailgate("quarantine", "list").out
    assert shell("quarantine", "show", quarantined, "--raw").out == "Subject: nobody\r\n\r\nhello\r\n"
    mailgate("quarantine", "export", "--to", folder / "odd")
    assert (folder / "odd" / f"{quarantined}.eml").read_bytes().endswith(b"hello\r\n")
    assert (folder / "odd" / f"{quarantined}.eml").stat().st_mode & 0o077 == 0


def test_quarantine_replayed_and_discarded(mailgate, quarantined: int) -> None:
    assert mailgate("quarantine", "replay", "--all").out == "Tried again: 1; still here: 1.\n"
    mailgate("quarantine", "discard", quarantined, "--yes")
    counted = mailgate("stats", "--json").json
    assert (counted["quarantine"], counted["outcomes"]["refused"], counted["seen"]) == (0, 1, 1)
    assert "--all" in mailgate("quarantine", "discard", status=64).err


def explained(told: str) -> Sequence[dict[str, Any]]:
    return [json.loads(line) for line in told.splitlines()]


def test_migrations(mailgate, folder: Path) -> None:
    assert "0001_the_desk" in mailgate("migrate", "--check", status=1).out
    assert not (folder / "mailgate-data").exists(), "a check makes nothing"
    assert "Applied: 0001_the_desk" in mailgate("migrate").out
    assert mailgate("migrate", "--check").out == "The tables are up to date.\n"
    assert mailgate("migrate", "--json").json == {"applied": []}


def test_whoever_answers_the_telephone_sees_how_a_ticket_stands(mailgate, desk, arrive) -> None:
    arrive(mail("Ana Peña <ana@acme.co>", "[#1] Re: No imprime", "Celular: 300 123 4567\n"))
    told = mailgate("ticket", "show", 1).out
    for words in ("First answer promised by:", "Mobile: +57 300 1234567", "Policy: active", "Acme S.A.S.",
                  "Answers (2) · Possible Solutions (0) · Services (0) · Meetings (0)"):  # fmt: skip
        assert words in told
    card = mailgate("ticket", "show", 1, "--json").json
    assert (card["mobile"], card["policy"]["state"], len(card["sections"]["answers"])) == (
        "+57 300 1234567",
        "active",
        2,
    )
    assert "Trail" not in told
    trail = mailgate("ticket", "show", 1, "--trail").out.partition("Trail")[2]
    for words in ("ana@acme.co · ticket · new-ticket", "promised · ", "mobile · +573001234567 · mail 3"):
        assert words in trail


def test_tickets_are_found_by_their_words(mailgate, desk) -> None:
    (found,) = mailgate("ticket", "search", "imprime", "ana@acme.co", "--json").json
    assert found["number"] == 1
    assert "#" not in mailgate("ticket", "search", "nothing like it").out
    assert "No tickets." in mailgate("ticket", "search", "nothing like it").out
    assert "Acme S.A.S." in mailgate("ticket", "search", "IMPRÍME").out


def test_why_a_mail_got_no_answer(mailgate, arrive) -> None:
    """From the Message-ID that its sender tells on the telephone to its outcome, its reason and its letters."""
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme S.A.S.", "--contact", "ana@acme.co")
    case = mail("ana@acme.co", "No imprime", "Hola.")
    away = mail("ana@acme.co", "Fuera de la oficina", "Vuelvo el lunes.", Auto_Submitted="auto-replied")
    first, second = arrive(case, away)
    named = email.message_from_bytes(away)["Message-ID"]
    told = mailgate("mail", "show", named).out
    assert "outcome: ignored" in told
    assert "Letters that it caused: 0" in told
    assert mailgate("mail", "show", named.strip("<>")).out == told == mailgate("mail", "show", second).out
    (whole,) = mailgate("mail", "show", first, "--json").json
    assert (whole["outcome"], whole["ticket"]) == ("ticket", 1)
    assert [(letter["letter"], letter["recipient"]) for letter in whole["letters"]] == [
        ("acknowledgement", "ana@acme.co")
    ]
    assert "new-ticket" in whole["trail"][0]["why"]
    assert [one["id"] for one in mailgate("mail", "list", "--from", "Ana@acme.co", "--json").json] == [second, first]
    assert "No imprime" not in mailgate("mail", "list", "--outcome", "ignored").out
    assert "mail list --from" in mailgate("mail", "show", "<nowhere@acme.co>", status=66).err
    assert "ignored" in mailgate("mail", "list", "--outcome", "lost", status=64).err
