"""The SMTP relay against a real server: what is delivered, what waits, what is dead, and whose fault it was."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailgate.relay import Dead, Delivered, HostDown, Later
from mailgate.relay.smtp import SmtpRelay
from mailgate.settings import Relay
from mailgate.store.outbox import Parcel
from tests.edges.sink import HANG_UP, WAIT, Sink, listening, new_certificate

RAW = b"From: d@desk.example\r\nTo: ana@c.example\r\nMessage-ID: <1@desk.example>\r\n\r\nHola\r\n.punto\r\n..dos\r\n"


@pytest.fixture(params=[False, True], ids=["step by step", "pipelining"])
def sink(request: pytest.FixtureRequest) -> Iterator[Sink]:
    with listening(pipelining=request.param) as server:
        yield server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return new_certificate(tmp_path_factory.mktemp("tls"))
    except FileNotFoundError:
        pytest.skip("needs the openssl program to make a certificate")


def settings(sink: Sink, **changes: object) -> Relay:
    quick = {"kind": "smtp", "tls": "none", "connect_seconds": 5, "command_seconds": 5, "data_seconds": 5}
    return Relay.model_validate({"host": "127.0.0.1", "port": sink.port, **quick, **changes})


@pytest.fixture
def relay(sink: Sink) -> Iterator[SmtpRelay]:
    opened = SmtpRelay(settings(sink))
    yield opened
    opened.close()


def parcel(recipient: str = "ana@c.example", raw: bytes = RAW, sender: str = "") -> Parcel:
    return Parcel(1, raw, sender, recipient, 1, datetime(2026, 11, 24, tzinfo=UTC))


def test_a_letter_arrives_byte_for_byte(sink: Sink, relay: SmtpRelay) -> None:
    """Dots at line beginnings included; an automatic letter leaves with the null return path."""
    assert relay.deliver(parcel()) == Delivered("250 2.0.0 taken as 4711")
    (letter,) = sink.letters
    assert (letter.sender, letter.recipient, letter.content) == ("<>", "ana@c.example", RAW)


def test_bare_line_breaks_never_reach_the_wire(sink: Sink, relay: SmtpRelay) -> None:
    """Where one server sees the end of a mail in them and the next does not, a second mail can hide."""
    relay.deliver(parcel(raw=b"Subject: x\n\nuno\r.\rdos\n.\nMAIL FROM:<evil@x.example>\r\n"))
    (letter,) = sink.letters
    assert letter.content == b"Subject: x\r\n\r\nuno\r\n.\r\ndos\r\n.\r\nMAIL FROM:<evil@x.example>\r\n"


def test_many_letters_share_one_connection(sink: Sink, relay: SmtpRelay) -> None:
    for n in range(20):
        assert isinstance(relay.deliver(parcel(f"a{n}@c.example")), Delivered)
    assert sink.connections == 1
    assert len(sink.letters) == 20


def test_a_refused_letter_does_not_spoil_the_next(sink: Sink, relay: SmtpRelay) -> None:
    sink.answers = {"gone@c.example": ["550 5.1.1 no such user"], "busy@c.example": ["450 4.2.1 greylisted"]}
    assert relay.deliver(parcel("gone@c.example")) == Dead("550 5.1.1 no such user")
    assert relay.deliver(parcel("busy@c.example")) == Later("450 4.2.1 greylisted")
    assert isinstance(relay.deliver(parcel("ana@c.example")), Delivered)
    assert sink.connections == 1


def test_what_is_refused_at_mail_does_not_spoil_the_next(sink: Sink, relay: SmtpRelay) -> None:
    sink.answers = {"MAIL": ["250 ok", "552 5.3.4 too large", "250 ok"]}
    assert isinstance(relay.deliver(parcel()), Delivered)
    assert relay.deliver(parcel()) == Dead("552 5.3.4 too large")
    assert isinstance(relay.deliver(parcel()), Delivered)
    assert (sink.connections, len(sink.letters)) == (1, 2)


@contextlib.contextmanager
def scripted(*lines: tuple[bytes, bytes]) -> Iterator[tuple[SmtpRelay, list[bytes]]]:
    """A server that offers PIPELINING and answers, in turn, each of these endings once it has come; what came."""
    heard: list[bytes] = []

    def serve(door: socket.socket) -> None:
        client, _ = door.accept()
        with client:
            client.sendall(b"220 here\r\n")
            for ending, answer in lines:
                said = b""
                while not said.endswith(ending):
                    if not (more := client.recv(65536)):
                        heard.append(said)
                        return
                    said += more
                heard.append(said)
                client.sendall(answer)
            heard.append(client.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=serve, args=(door,), daemon=True)
        thread.start()
        common = {"tls": "none", "command_seconds": 60, "data_seconds": 60}
        relay = SmtpRelay(Relay.model_validate({"host": "127.0.0.1", "port": door.getsockname()[1], **common}), "here")
        yield relay, heard
        relay.close()
        thread.join(60)


HELLO = (b"ehlo here\r\n", b"250-here\r\n250 PIPELINING\r\n")


def test_a_relay_that_takes_commands_together_is_waited_for_twice() -> None:
    """This one answers nothing before it has heard DATA."""
    envelope = (b"DATA\r\n", b"250 ok\r\n250 ok\r\n354 go on\r\n")
    again = (b"DATA\r\n", b"250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n")
    letter = (b"\r\n.\r\n", b"250 taken\r\n")
    with scripted(HELLO, envelope, letter, again, letter) as (relay, heard):
        assert relay.deliver(parcel()) == Delivered("250 taken")
        assert relay.deliver(parcel()) == Delivered("250 taken")
    assert heard[1] == b"MAIL FROM:<>\r\nRCPT TO:<ana@c.example>\r\nDATA\r\n"
    assert heard[3] == b"RSET\r\n" + heard[1]
    assert heard[2] == heard[4] == RAW.replace(b"\n.", b"\n..") + b".\r\n"


def test_a_relay_that_would_take_a_letter_for_nobody_gets_none() -> None:
    """It refuses the recipient and says 354 all the same: we hang up, and no dot ends an empty letter."""
    envelope = (b"DATA\r\n", b"250 ok\r\n550 5.1.1 no such user\r\n354 go on\r\n")
    with scripted(HELLO, envelope) as (relay, heard):
        assert relay.deliver(parcel()) == Dead("550 5.1.1 no such user")
    assert heard[2:] == [b""]


@pytest.mark.parametrize(
    ("reply", "outcome"), [("554 5.7.1 looks like spam", Dead), ("451 4.3.0 try later", Later), (HANG_UP, Later)]
)
def test_the_answer_after_the_dot_counts(sink: Sink, relay: SmtpRelay, reply: str, outcome: type) -> None:
    """No answer after the dot: nobody knows; the letter is sent again, the same, later."""
    sink.answers = {"DATA": [reply]}
    assert isinstance(relay.deliver(parcel()), outcome)


def test_silence_after_the_dot_is_later(sink: Sink) -> None:
    relay = SmtpRelay(settings(sink, data_seconds=0.2))
    sink.answers = {"DATA": [WAIT]}
    outcome = relay.deliver(parcel())
    sink.release()
    assert isinstance(outcome, Later)
    assert "timed out" in outcome.reply


def test_a_connection_that_died_meanwhile_is_opened_anew(sink: Sink, relay: SmtpRelay) -> None:
    sink.answers = {"DATA": [HANG_UP, "250 ok"]}
    relay.deliver(parcel())
    assert isinstance(relay.deliver(parcel()), Delivered)
    assert sink.connections == 2


def test_a_connection_that_is_used_up_is_no_reason_to_wait(sink: Sink, relay: SmtpRelay) -> None:
    """421 to a connection that has carried letters: many relays allow only so many."""
    sink.answers = {"MAIL": ["250 ok", "421 4.7.0 too many letters, come again", "250 ok"]}
    assert isinstance(relay.deliver(parcel()), Delivered)
    assert isinstance(relay.deliver(parcel()), Delivered)
    assert sink.connections == 2


def test_421_to_a_fresh_connection_is_the_hosts_trouble(sink: Sink, relay: SmtpRelay) -> None:
    sink.answers = {"MAIL": ["421 4.3.2 closing down"]}
    assert relay.deliver(parcel()) == HostDown("421 4.3.2 closing down")


def test_a_relay_that_wants_a_login_kills_no_letters(sink: Sink, relay: SmtpRelay) -> None:
    """A forgotten password is the operator's to mend; 530 must not bury the whole outbox."""
    sink.answers = {"MAIL": ["530 5.7.0 authentication required"]}
    assert relay.deliver(parcel()) == HostDown("530 5.7.0 authentication required")


def test_nobody_there_is_the_hosts_trouble() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        config = Relay(kind="smtp", host="127.0.0.1", port=nobody.getsockname()[1], tls="none")
        outcome = SmtpRelay(config).deliver(parcel())
    assert isinstance(outcome, HostDown)
    assert outcome.reply.startswith(f"127.0.0.1:{config.port}: ")


def test_a_server_that_never_greets_is_the_hosts_trouble() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        config = Relay(kind="smtp", host="127.0.0.1", port=silent.getsockname()[1], tls="none", connect_seconds=0.2)
        assert isinstance(SmtpRelay(config).deliver(parcel()), HostDown)


def test_an_address_outside_ascii_needs_smtputf8_and_gets_it(sink: Sink, relay: SmtpRelay) -> None:
    raw = "To: josé@correo.example\r\nSubject: x\r\n\r\nhola\r\n".encode()
    assert isinstance(relay.deliver(parcel("josé@correo.example", raw)), Delivered)
    assert sink.letters[0].recipient == "josé@correo.example"
    assert isinstance(relay.deliver(parcel()), Delivered)


def test_where_smtputf8_is_missing_the_letter_is_dead_at_once() -> None:
    """Not after five days of tries."""
    with listening(smtputf8=False) as sink:
        relay = SmtpRelay(settings(sink))
        outcome = relay.deliver(parcel("josé@correo.example"))
        assert isinstance(outcome, Dead)
        assert "SMTPUTF8" in outcome.reply
        assert isinstance(relay.deliver(parcel()), Delivered)
        relay.close()


ODD = ["a\r\nRCPT TO:<b@c.example>@c.example", "a <b@c.example>@d.example", "a\udcff@c.example"]


@pytest.mark.parametrize("address", ODD)
def test_an_address_no_command_can_hold_is_dead_at_once(sink: Sink, relay: SmtpRelay, address: str) -> None:
    assert isinstance(relay.deliver(parcel(address)), Dead)
    assert sink.letters == []


def test_letters_travel_encrypted_and_logged_in(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(certificate=certificate, password="ábrete"[1:]) as sink:
        relay = SmtpRelay(settings(sink, tls="starttls", user="desk", password="brete"))
        assert isinstance(relay.deliver(parcel()), Delivered)
        assert sink.logged_in == ["desk"]
        relay.close()


def test_tls_from_the_first_byte(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(certificate=certificate, implicit=True) as sink:
        relay = SmtpRelay(settings(sink, tls="implicit"))
        assert isinstance(relay.deliver(parcel()), Delivered)
        relay.close()


def test_an_unknown_certificate_is_refused_unless_told_otherwise(certificate: Path) -> None:
    with listening(certificate=certificate) as sink:
        outcome = SmtpRelay(settings(sink, tls="starttls")).deliver(parcel())
        assert isinstance(outcome, HostDown)
        assert "certificate" in outcome.reply.lower()
        trusting = SmtpRelay(settings(sink, tls="starttls", tls_verify=False))
        assert isinstance(trusting.deliver(parcel()), Delivered)
        trusting.close()


def test_a_wrong_password_stops_the_outbox_and_no_letter(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with listening(certificate=certificate, password="right") as sink:
        outcome = SmtpRelay(settings(sink, tls="starttls", user="desk", password="wrong")).deliver(parcel())
        assert isinstance(outcome, HostDown)
        assert "535" in outcome.reply


def test_without_starttls_nothing_is_sent_in_clear(sink: Sink) -> None:
    assert isinstance(SmtpRelay(settings(sink, tls="starttls")).deliver(parcel()), HostDown)
    assert sink.letters == []
