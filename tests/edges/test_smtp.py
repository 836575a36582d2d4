"""The SMTP port line by line: what it takes, for whom, in which order, and what it says to everything else."""

from __future__ import annotations

import threading

import pysqlite3.dbapi2 as sqlite3  # two SQLite libraries in one process do not see each other's locks
import pytest

from mailgate.desk.addresses import is_ours
from mailgate.errors import ConfigError
from mailgate.intake import smtp, smtp_session
from mailgate.intake.passwords import hash_password, verify_password
from mailgate.settings import Smtp
from tests.servers.listener import DESK, PQRS, Listening

MAIL = b"From: ana@cliente.co\r\nSubject: Impresora\r\n\r\nNo imprime."


@pytest.fixture
def port(tmp_path):
    with Listening(tmp_path) as listening:
        yield listening


def test_a_mail_that_got_250_is_stored_octet_for_octet_with_what_the_session_knew(port):
    with port.line("EHLO pc.ana.cliente.co") as ana:
        assert ana.mails(MAIL) == "250 2.6.0 Mail accepted"
        assert ana.says("QUIT").startswith("221 ")
    [(raw, envelope)] = port.stored()
    assert raw == MAIL + b"\r\n"
    assert envelope.sender == "ana@cliente.co"
    assert envelope.recipients == (DESK,)
    assert (envelope.channel, envelope.peer, envelope.helo) == ("smtp", "127.0.0.1", "pc.ana.cliente.co")
    assert (envelope.tls, envelope.auth_user) == (False, "")


def test_many_mails_come_over_one_connection(port):
    with port.line() as mta:
        for number in range(5):
            assert mta.mails(MAIL + b"%d" % number).startswith("250 ")
    assert [raw[-3:-2] for raw in port.raws()] == [b"0", b"1", b"2", b"3", b"4"]


def test_the_same_mail_twice_is_one_intake(port):
    with port.line() as mta:
        mta.mails(MAIL)
        mta.mails(MAIL)
    assert len(port.raws()) == 1


def test_it_offers_what_it_can_do(port):
    with port.line() as client:
        offered = {line[4:] for line in client.heard}
    assert {"PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 26214400"} <= offered
    assert not any(word.startswith(("AUTH", "STARTTLS")) for word in offered)


def test_helo_will_do(port):
    with port.line("HELO viejo.cliente.co") as old:
        assert old.mails(MAIL).startswith("250 ")
    assert port.stored()[0][1].helo == "viejo.cliente.co"


def test_a_client_may_pipeline_everything_and_close_its_side(port):
    """What a script with netcat does: all replies are still there to be read, and the mail is stored."""
    envelope = f"MAIL FROM:<ana@cliente.co>\r\nRCPT TO:<{DESK}>\r\nDATA\r\n".encode()
    with port.line() as script:
        script.sends(envelope + MAIL + b"\r\n.\r\n" + envelope + MAIL + b" Dos.\r\n.\r\nQUIT\r\n")
        script.socket.shutdown(1)
        replies = [script.hears()[:3] for _ in range(9)]
    assert replies == ["250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert len(port.raws()) == 2


# For whom


@pytest.mark.parametrize(
    "recipient", [DESK, PQRS, "SOPORTE@Acme.CO", "soporte+t12.abc@acme.co", "Soporte+Nota@ACME.co"]
)
def test_mail_for_our_addresses_is_taken_in_whatever_case_and_with_details(port, recipient):
    with port.line() as client:
        client.says("MAIL FROM:<ana@cliente.co>")
        assert client.says(f"RCPT TO:<{recipient}>").startswith("250 2.1.5")


@pytest.mark.parametrize(
    "recipient",
    [
        "victima@otra.co",
        "nadie@acme.co",
        "soporte@acme.co.evil.example",
        "victima%otra.co@acme.co",
        "soporte+x%otra.co@acme.co",
        "otra.co!victima@acme.co",
        "@acme.co:victima@otra.co",
        "@otra.co,@acme.co:soporte@acme.co",
        '"victima@otra.co"@acme.co',
        "soporte@[127.0.0.1]",
        "soporte",
        "",
    ],
)
def test_nothing_is_relayed(port, recipient):
    with port.line() as client:
        client.says("MAIL FROM:<ana@cliente.co>")
        assert client.says(f"RCPT TO:<{recipient}>")[:3] in {"550", "553"}
        assert client.says("DATA").startswith("503 ")


def test_one_mail_for_two_of_our_addresses_is_one_intake_for_both(port):
    with port.line() as client:
        client.mails(MAIL, "ana@cliente.co", DESK, PQRS, DESK)
    [(_, envelope)] = port.stored()
    assert envelope.recipients == (DESK, PQRS)


def test_a_recipient_too_many_is_put_off_and_the_others_stand(tmp_path):
    with Listening(tmp_path, max_recipients=2) as port, port.line() as client:
        client.says("MAIL FROM:<ana@cliente.co>")
        answers = [client.says(f"RCPT TO:<soporte+{n}@acme.co>")[:9] for n in range(3)]
        assert answers == ["250 2.1.5", "250 2.1.5", "452 4.5.3"]
        assert client.says("DATA").startswith("354 ")


# From whom


def test_the_null_path_is_an_empty_sender(port):
    with port.line() as mta:
        mta.mails(MAIL, "")
    assert port.stored()[0][1].sender == ""


@pytest.mark.parametrize(
    ("path", "sender"),
    [
        ("<Ana.Ruiz@Cliente.CO>", "ana.ruiz@cliente.co"),
        (" <ana@cliente.co>", "ana@cliente.co"),
        ("ana@cliente.co", "ana@cliente.co"),
        ('<"ana ruiz"@cliente.co>', '"ana ruiz"@cliente.co'),
        ("<bounces+v=1=soporte=acme.co-x@lista.co>", "bounces+v=1=soporte=acme.co-x@lista.co"),
        ("<ana..r@movil.co>", "ana..r@movil.co"),
        ("<ana@[192.0.2.1]>", "ana@[192.0.2.1]"),
        ("<ana@cliente.co> SIZE=1000 BODY=8BITMIME", "ana@cliente.co"),
        ("<ana@cliente.co> AUTH=<>", "ana@cliente.co"),
        ("<ñandú@cliente.co> SMTPUTF8", "ñandú@cliente.co"),
        ("<ana@señal.co> SMTPUTF8", "ana@xn--seal-hqa.co"),
    ],
)
def test_honest_senders_are_understood(port, path, sender):
    with port.line() as client:
        assert client.says(f"MAIL FROM:{path}").startswith("250 2.1.0")
        assert client.says(f"RCPT TO:<{DESK}>").startswith("250 ")
        client.says("DATA")
        client.sends(MAIL + b"\r\n.\r\n")
        assert client.hears().startswith("250 ")
    assert port.stored()[0][1].sender == sender


BROKEN = [
    b"MAIL",
    b"MAIL FROM:",
    b"MAIL FROM:<",
    b"MAIL FROM:<a@[1.2",
    b'MAIL FROM:<"a',
    b"MAIL FROM:<a b@c.co>",
    b"MAIL FROM:<a@b.co> X=",
    b"MAIL FROM:<a@b.co> SIZE=mucho",
    b"MAIL FROM:<a@b.co> SIZE=1 SIZE=2",
    b"MAIL FROM:<a@b.co> BODY=BINARYMIME",
    b"MAIL FROM:<a@b.co> NOTIFY=NEVER",
    b"MAIL FROM:<a@b.co>SIZE=1",
    b"MAIL FROM:<" + b"a" * 600 + b"@b.co>",
    b"MAIL FROM:<a@" + b"b" * 600 + b".co>",
    b"MAIL FROM:<a@b.co> " + b"X" * 3000,
    b"MAIL FROM:<\xff\xfe@b.co> SMTPUTF8",
    b"MAIL FROM:<\xed\xb2\x80@b.co> SMTPUTF8",
    "MAIL FROM:<ñ@b.co>".encode(),
    b"MAIL FROM:<a@b.co\x00>",
    b"MAIL FROM:<a@b.co>\rRCPT TO:<x@y>",
    b"MAIL FROM <a@b.co>",
    b"MAIL TO:<a@b.co>",
    b"\xff\xfe",
    b"",
    b"FOO\rBAR",
]


@pytest.mark.parametrize("line", BROKEN, ids=lambda line: repr(line[:30]))
def test_broken_commands_get_one_reply_that_shows_nothing(port, line):
    with port.line() as client:
        reply = client.says(line)
        assert reply[:3] in {"500", "501", "552", "553", "555"}
        assert reply[4:6] == "5."
        assert len(client.heard) == 1
        assert not any(word in reply for word in ("Error", "Exception", "Traceback", "object", ".py"))
        assert client.says("NOOP") == "250 2.0.0 OK"


def test_a_line_without_end_ends_the_connection(port):
    with port.line() as client:
        client.sends(b"MAIL FROM:<" + b"a" * 200_000)
        assert client.hears().startswith("421 ")
        assert client.is_over()


# In which order


def test_commands_out_of_order_are_refused_and_harm_nothing(port):
    with port.calls() as client:
        client.hears()
        assert client.says("MAIL FROM:<ana@cliente.co>").startswith("503 ")
        client.says("EHLO ana")
        assert client.says(f"RCPT TO:<{DESK}>").startswith("503 ")
        assert client.says("DATA").startswith("503 ")
        client.says("MAIL FROM:<ana@cliente.co>")
        assert client.says("MAIL FROM:<eva@cliente.co>").startswith("503 ")
        assert client.says("DATA").startswith("503 ")
        client.says(f"RCPT TO:<{DESK}>")
        client.says("DATA")
        client.sends(MAIL + b"\r\n.\r\n")
        assert client.hears().startswith("250 ")
    assert port.stored()[0][1].sender == "ana@cliente.co"


@pytest.mark.parametrize("again", ["RSET", "EHLO otra"])
def test_a_mail_begun_is_forgotten(port, again):
    with port.line() as client:
        client.says("MAIL FROM:<ana@cliente.co>")
        client.says(f"RCPT TO:<{DESK}>")
        assert client.says(again).startswith("250")
        assert client.says("DATA").startswith("503 ")
        assert client.mails(MAIL, "eva@cliente.co").startswith("250 ")
    assert port.stored()[0][1].sender == "eva@cliente.co"


def test_addresses_cannot_be_asked_for(port):
    with port.line() as client:
        assert client.says("VRFY ana") == client.says(f"VRFY {DESK}") == client.says("VRFY")
        assert client.says("VRFY ana").startswith("252 ")
        assert client.says("EXPN lista").startswith("502 ")
        assert client.says("HELP").startswith("214 ")


def test_a_browser_is_sent_away(port):
    with port.calls() as browser:
        browser.hears()
        browser.sends(
            f"POST / HTTP/1.1\r\nHost: x\r\n\r\nEHLO x\r\nMAIL FROM:<a@b.co>\r\nRCPT TO:<{DESK}>\r\n".encode()
        )
        assert browser.hears().startswith("421 ")
        assert browser.is_over()


# When the store cannot serve


def test_without_a_store_the_sender_is_told_to_come_again_and_nothing_else(port):
    port.acceptor.stop()
    with port.line() as client:
        assert client.mails(MAIL) == "451 4.3.0 Temporary failure, try again later"
        assert client.says("NOOP").startswith("250 ")


def test_a_store_that_takes_too_long_is_a_451_and_the_mail_that_comes_again_is_one(port, monkeypatch):
    monkeypatch.setattr(smtp_session, "ACCEPT_SECONDS", 0.2)
    other = sqlite3.connect(port.settings.store.url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with port.line() as client:
        assert client.mails(MAIL).startswith("451 4.3.0")
        other.execute("ROLLBACK")
        other.close()
        monkeypatch.setattr(smtp_session, "ACCEPT_SECONDS", 20.0)
        assert client.mails(MAIL).startswith("250 ")
    assert len(port.raws()) == 1


def test_a_bug_of_ours_is_a_temporary_failure_without_a_word_of_ours(tmp_path):
    def is_ours_broken(address: str) -> bool:
        raise RuntimeError("secreto\r\n250 inyectado")

    with Listening(tmp_path) as port:
        listener = port.run(smtp.serve(port.settings, port.acceptor, is_ours=is_ours_broken))
        port.port, proper = listener.port, port.port
        with port.line() as client:
            client.says("MAIL FROM:<ana@cliente.co>")
            assert client.says(f"RCPT TO:<{DESK}>") == "451 4.3.0 Temporary failure, try again later"
            assert client.heard == ["451 4.3.0 Temporary failure, try again later"]
            assert client.says("NOOP").startswith("250 ")
        port.run(listener.close())
        port.port = proper


# Starting and stopping


def test_stopping_lets_a_mail_in_hand_finish_and_sends_the_others_away(tmp_path):
    with Listening(tmp_path) as port, port.line() as idle, port.line() as sending:
        sending.begins()
        sending.sends(MAIL)

        def finish() -> None:
            assert idle.hears().startswith("421 4.3.2")
            sending.sends(b"\r\n.\r\n")

        rest = threading.Thread(target=finish)
        rest.start()
        port.close()
        rest.join()
        assert sending.hears().startswith("250 ")
        assert sending.hears().startswith("421 ")
        assert idle.is_over()
        assert len(port.raws()) == 1
        with pytest.raises(ConnectionRefusedError):
            port.calls()


@pytest.mark.parametrize(
    "wrong",
    [
        {"tls_implicit": True},
        {"tls_certificate": "/no/such/file.pem"},
        {"users": {"ana@acme.co": "clave"}},
        {"trusted_peers": ["10.0.0.300"]},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_settings_that_cannot_work_are_told_in_one_line_before_anything_listens(tmp_path, wrong):
    with Listening(tmp_path) as port:
        settings = port.settings.model_copy(update={"smtp": Smtp(port=0, **wrong)})
        with pytest.raises(ConfigError, match=r"^smtp\.") as told:
            port.run(smtp.serve(settings, port.acceptor, is_ours=lambda address: is_ours(address, (DESK,))))
        assert "\n" not in str(told.value)


def test_a_password_verifies_against_its_own_hash_only():
    stored = hash_password("contraseña larga")
    assert verify_password("contraseña larga", stored)
    assert not verify_password("contraseña larg", stored)
    assert stored != hash_password("contraseña larga")
    assert "contrase" not in stored
