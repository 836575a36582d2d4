"""Machines that answer each other: two desks, a responder that hides what it is, a server that bounces everything.

Two real desks, each with a store of its own. Whatever lies between them, each writes at most two letters to the other;
then there is silence, and the ticket tells why.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailgate.judgement import Desk
from mailgate.letters.orders import Office
from mailgate.letters.render import Renderer
from mailgate.mail.message import Envelope
from mailgate.process import run_due
from mailgate.reader import Reader
from mailgate.settings import Store, load
from mailgate.store import intake, keys, people
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Event, Intake, Outgoing, Ticket

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MOST = 2  # letters of each to the other
TURNS = 30
A, B = "soporte@a.co", "soporte@b.co"
Mail = tuple[bytes, str]  # octets, MAIL FROM


class Gateway:
    """A desk of its own: its address, its store, and the letters that it has written to one other."""

    def __init__(self, address: str, other: str, folder: Path, reader: Reader, *, tag: str, knows: bool) -> None:
        self.address, self.other = address, other
        self._store = Store(url=f"sqlite:///{folder}/{address.partition('@')[2]}.db")
        environment = {
            "MAILGATE_DESK_ADDRESS": address,
            "MAILGATE_DESK_NAME": f"Mesa de {address}",
            "MAILGATE_DESK_TAG": tag,
            "MAILGATE_STORE_URL": self._store.url,
        }
        self._read, self._settings, self._seen = reader.read, load(None, environment), 0
        self.now = NOW
        with self.open():
            people.save_agent(f"agente@{address.partition('@')[2]}", "Ana", NOW)
            if knows:
                people.save_client(people.ClientEntry("ABC1", "900123456", "Proveedor", contacts=[(other, "")]), NOW)

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        open_store(self._store)
        try:
            with connection():
                yield
        finally:
            close_store()

    def takes(self, mail: Mail) -> list[Mail]:
        """Work on a mail; gives the letters to the other that came of it."""
        raw, sender = mail
        self.now += timedelta(seconds=20)
        told = f"here; spf=pass smtp.mailfrom={self.other.partition('@')[2]}"
        envelope = Envelope(sender, (_reply_address(raw) or self.address,), "smtp", "192.0.2.7", checked=told)
        with self.open():
            office = Office(
                self._settings,
                Renderer(zone=ZoneInfo(self._settings.desk.timezone)),
                keys.key_ring(None, NOW),
                secrets.token_bytes,
            )
            intake.accept_many([intake.Arrival(raw, envelope, self.now)])
            run_due(Desk(self._settings, self._read, office), lambda: self.now)
            new = list(Outgoing.select().where(Outgoing.id > self._seen).order_by(Outgoing.id))
            self._seen = max([self._seen, *(row.id for row in new)])
            return [(bytes(row.raw), row.sender) for row in new if row.recipient == self.other]

    def letters(self) -> list[str]:
        with self.open():
            return [row.letter for row in Outgoing.select().where(Outgoing.recipient == self.other)]

    def reasons(self) -> str:
        """Everything that its audit trail and its mails tell."""
        with self.open():
            events = [row.why for row in Event.select()]
            return "\n".join([*events, *(row.reason for row in Intake.select())])

    def tickets(self) -> int:
        with self.open():
            return Ticket.select().count()


@pytest.fixture
def pair(tmp_path: Path, reader: Reader) -> Callable[..., tuple[Gateway, Gateway]]:
    def make(*, tags: tuple[str, str] = ("[#{number}]", "[#{number}]"), knows: bool = True) -> tuple[Gateway, Gateway]:
        return (
            Gateway(A, B, tmp_path, reader, tag=tags[0], knows=knows),
            Gateway(B, A, tmp_path, reader, tag=tags[1], knows=knows),
        )

    return make


def _reply_address(raw: bytes) -> str:
    return str(email.message_from_bytes(raw, policy=email.policy.default)["To"] or "")


def plain(author: str, to: str, subject: str, text: str) -> Mail:
    number = secrets.token_hex(8)
    head = f"From: {author}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{number}@{author.partition('@')[2]}>\r\n"
    return f"{head}Date: Mon, 23 Nov 2026 10:00:00 -0500\r\n\r\n{text}\r\n".encode(), author


def faithful(mail: Mail, author: str, to: str) -> Mail:
    """A server that changes nothing but the envelope's recipient."""
    return mail


def stripped(mail: Mail, author: str, to: str) -> Mail:
    """One that rewrites: no mark of ours, no thread, no null path; subject and text are all that is left."""
    letter = email.message_from_bytes(mail[0], policy=email.policy.default)
    text = letter.get_body(("plain",)).get_content().replace("\n", "\r\n")
    return plain(author, to, f"Re: {letter['Subject']}", text)


def converse(first: Gateway, second: Gateway, start: Mail, between: Callable[[Mail, str, str], Mail]) -> None:
    """Carry letters to and fro until nobody writes any more."""
    waiting = [(first, start)]
    for _ in range(TURNS):
        if not waiting:
            return
        desk, mail = waiting.pop(0)
        other = second if desk is first else first
        waiting += [(other, between(letter, desk.address, other.address)) for letter in desk.takes(mail)]
    raise AssertionError(f"it goes on: {first.letters()} / {second.letters()}")


TAGS = {"the same tag": ("[#{number}]", "[#{number}]"), "tags of their own": ("[#{number}]", "[Caso {number}]")}


@pytest.mark.parametrize("tags", TAGS)
@pytest.mark.parametrize("between", [faithful, stripped])
@pytest.mark.parametrize("knows", [True, False], ids=["contacts", "strangers"])
def test_two_desks_that_acknowledge_each_other_fall_silent(pair, tags: str, between, knows: bool) -> None:
    one, two = pair(tags=TAGS[tags], knows=knows)
    start = plain(B, A, "Pedido de soporte", "Necesitamos ayuda con la facturación electrónica de este mes.")
    converse(one, two, start, between)
    assert 1 <= len(one.letters()) <= MOST
    assert len(two.letters()) <= MOST


def responder(text: str) -> Callable[[Mail, int], Mail]:
    """A program that answers every letter under a number of its own, and says nowhere that it is one."""

    def answer(mail: Mail, turn: int) -> Mail:
        letter = email.message_from_bytes(mail[0], policy=email.policy.default)
        subject = re.sub(r"\[#\d+\]", "", str(letter["Subject"]))
        quoted = str(letter.get_body(("plain",)).get_content()).splitlines()[0]
        return plain(B, A, f"CASO-{9000 + turn}: {subject}", text.format(n=9000 + turn, quoted=quoted, subject=subject))

    return answer


RESPONDERS = {
    "plain words": "Hemos recibido su solicitud y la atenderemos pronto.\r\nCaso {n}, recibido a las 10:{n}.",
    "echoes us": "Su mensaje «{subject}» tiene el número {n}.\r\n{quoted}\r\nUn asesor lo contactará.",
    "very short": "Recibido {n}",
    "a number only": "{n}",
}


@pytest.mark.parametrize("words", RESPONDERS)
def test_a_responder_without_headers_gets_two_letters_and_the_ticket_says_why(pair, words: str) -> None:
    one, _ = pair()
    answer = responder(RESPONDERS[words])
    letters = one.takes(plain(B, A, "Pedido", "Necesitamos ayuda con la facturación."))
    for turn in range(TURNS):
        if not letters:
            break
        last = letters[0]
        letters = one.takes(answer(last, turn))
    assert len(one.letters()) <= 1 + MOST, "one for the person's mail, two for the machine's"
    assert not letters
    assert re.search(r"said 3 times within a day|the same was said within a day", one.reasons()), one.reasons()
    for turn in range(20):  # and whatever it goes on to say by itself
        assert one.takes(answer(last, turn + 100)) == []


def test_a_person_who_insists_is_read_by_the_agents(pair) -> None:
    one, _ = pair()
    for number in range(4):
        one.takes(plain(B, A, "Sin respuesta", f"Seguimos esperando. Van {number} días sin facturar."))
    with one.open():
        notices = [row.letter for row in Outgoing.select().where(Outgoing.role == "agent")]
    assert len(notices) == 4, "each time they are told"
    assert len(one.letters()) <= MOST


def test_other_matters_of_the_same_person_are_each_acknowledged(pair) -> None:
    one, _ = pair()
    matters = ["La impresora no imprime", "No abre la nómina", "Falta un usuario nuevo", "La factura salió repetida"]
    for matter in matters:
        one.takes(plain(B, A, matter, f"Buenos días. {matter} desde esta mañana. Gracias."))
    assert one.letters() == ["acknowledgement"] * len(matters)


def dsn(letter: Mail, author: str, to: str, *, path: str = "", form: str = "report") -> Mail:
    """A server's word that a letter could not be delivered: a report, or one that keeps to no standard."""
    returned = letter[0].decode()
    if form == "plain":
        text = (
            f"Hi. This is the mail program at b.co.\r\nYour message could not be delivered.\r\n<{B}>: no such user\r\n"
        )
        raw, _ = plain(
            author, to, "failure notice", f"{text}\r\n--- Below this line is a copy of the message.\r\n\r\n{returned}"
        )
        return raw, path
    head = (
        f"From: {author}\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <{secrets.token_hex(8)}@b.co>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_d"\r\n\r\n'
    )
    status = f"Reporting-MTA: dns; mx.b.co\r\n\r\nFinal-Recipient: rfc822; {B}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    parts = ["Content-Type: text/plain\r\n\r\nNo.\r\n", f"Content-Type: message/delivery-status\r\n\r\n{status}"]
    parts.append(f"Content-Type: message/rfc822\r\n\r\n{returned}")
    return (head + "".join(f"--=_d\r\n{part}\r\n" for part in parts) + "--=_d--\r\n").encode(), path


@pytest.mark.parametrize("form", ["report", "plain"])
@pytest.mark.parametrize("path", ["", "mailer-daemon@b.co"], ids=["null path", "a path"])
def test_a_bounce_and_the_bounce_of_a_bounce_are_answered_by_nobody(pair, form: str, path: str) -> None:
    one, _ = pair()
    [letter] = one.takes(plain(B, A, "Pedido", "Necesitamos ayuda con la facturación."))
    for author in ("MAILER-DAEMON@b.co", B):
        bounce = dsn(letter, author, A, path=path, form=form)
        assert one.takes(bounce) == []
        assert one.takes(dsn(bounce, author, A, path=path, form=form)) == []
    assert one.letters() == ["acknowledgement"]
    assert "bounce" in one.reasons()
    with one.open():
        told = Outgoing.select().where(Outgoing.letter == "undeliverable").count()
    assert told == 1, "whoever sends the bounce again and again does not fill the agent's mailbox"


def test_a_null_path_is_answered_by_no_machine_and_the_ticket_says_so(pair) -> None:
    """RFC 3834 section 2: whoever sends so must not be written to, whatever the text looks like."""
    one, _ = pair()
    raw, _ = plain(B, A, "Pedido", "Necesitamos ayuda con la facturación.")
    assert one.takes((raw, "")) == []
    assert one.tickets() == 1
    assert "null return path" in one.reasons()
