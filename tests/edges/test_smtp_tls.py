"""TLS and logging in at the SMTP port: what is said before TLS counts for nothing, passwords only under it."""

from __future__ import annotations

import base64
import shutil
import smtplib
import ssl
import subprocess

import pytest

from mailgate.intake.passwords import hash_password
from tests.servers.listener import DESK, Listening

MAIL = b"Subject: x\r\n\r\nhola"
USERS = {"Ana@acme.co": hash_password("la clave de Ana")}


def plain(user: str, password: str) -> str:
    return "AUTH PLAIN " + base64.b64encode(f"\0{user}\0{password}".encode()).decode()


RIGHT, WRONG = plain("ana@acme.co", "la clave de Ana"), plain("ana@acme.co", "otra clave")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of our own and its key, in one PEM file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to test with")
    folder = tmp_path_factory.mktemp("tls")
    key, chain = folder / "key.pem", folder / "chain.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*request, "-keyout", key, "-out", chain], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text(key.read_text() + chain.read_text())
    return both


@pytest.fixture
def port(tmp_path, certificate):
    with Listening(tmp_path, tls_certificate=certificate, users=USERS) as listening:
        yield listening


def secure(port):
    """A line under TLS that has greeted again."""
    line = port.line()
    assert line.says("STARTTLS").startswith("220 ")
    line.starts_tls()
    assert line.says("EHLO ana").startswith("250 ")
    return line


def test_a_mail_under_starttls_is_marked_so(port):
    with secure(port) as client:
        assert client.mails(MAIL).startswith("250 ")
    assert port.stored()[0][1].tls


def test_what_was_said_before_tls_is_forgotten(port):
    with port.line("EHLO antes") as client:
        assert "250-STARTTLS" in client.heard
        client.says("MAIL FROM:<ana@cliente.co>")
        client.says(f"RCPT TO:<{DESK}>")
        client.says("STARTTLS")
        client.starts_tls()
        assert client.says("DATA").startswith("503 ")
        assert client.says("MAIL FROM:<ana@cliente.co>").startswith("503 ")
        client.says("EHLO ana")
        assert not any("STARTTLS" in line for line in client.heard)
        assert client.says("STARTTLS").startswith("503 ")


def test_commands_injected_before_tls_are_not_obeyed_under_it(port):
    with port.line() as client:
        client.sends(f"STARTTLS\r\nMAIL FROM:<jefe@acme.co>\r\nRCPT TO:<{DESK}>\r\n".encode())
        assert client.hears().startswith("220 ")
        client.starts_tls()
        assert client.says("NOOP") == "250 2.0.0 OK"
        client.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.hears()


def test_a_client_that_cannot_do_tls_harms_nobody(port):
    with port.line() as client:
        client.says("STARTTLS")
        client.sends(b"MAIL FROM:<ana@cliente.co>\r\n" * 100)
        assert b"250" not in client.hears().encode("utf-8", "replace")
    with secure(port) as another:
        assert another.mails(MAIL).startswith("250 ")


def test_who_leaves_in_the_handshake_is_forgotten(port):
    client = port.line()
    client.says("STARTTLS")
    client.sends(b"\x16\x03\x01")
    client.hang_up()
    with secure(port) as another:
        assert another.mails(MAIL).startswith("250 ")


def test_tls_from_the_first_byte(tmp_path, certificate):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        Listening(tmp_path, tls_certificate=certificate, tls_implicit=True, users=USERS) as port,
        smtplib.SMTP_SSL("127.0.0.1", port.port, "ana", context=context, timeout=20) as program,
    ):
        program.ehlo()
        assert not program.has_extn("starttls")
        program.login("ana@acme.co", "la clave de Ana")
        program.sendmail("ana@acme.co", DESK, MAIL)
        program.quit()
        [(_, envelope)] = port.stored()
        assert (envelope.tls, envelope.auth_user) == (True, "ana@acme.co")


# Logging in


def test_who_logs_in_is_known_with_the_mail(port):
    with secure(port) as ana:
        assert "250-AUTH LOGIN PLAIN" in ana.heard
        assert ana.says(RIGHT).startswith("235 ")
        assert ana.says(RIGHT).startswith("503 ")
        ana.mails(MAIL)
    assert port.stored()[0][1].auth_user == "ana@acme.co"


def test_the_old_login_of_some_mail_programs(port):
    with secure(port) as ana:
        assert ana.says("auth login").startswith("334 ")
        assert ana.says(base64.b64encode(b"ANA@acme.co")).startswith("334 ")
        assert ana.says(base64.b64encode(b"la clave de Ana")).startswith("235 ")


def test_a_login_opens_no_relay(port):
    with secure(port) as ana:
        ana.says(RIGHT)
        ana.says("MAIL FROM:<ana@acme.co>")
        assert ana.says("RCPT TO:<victima@otra.co>").startswith("550 ")


def test_no_password_without_tls(port):
    with port.line() as client:
        assert not any("AUTH" in line for line in client.heard)
        assert client.says(RIGHT).startswith("538 ")
        client.mails(MAIL)
    assert port.stored()[0][1].auth_user == ""


def test_a_login_before_tls_or_for_nobody_is_not_carried_over(port):
    with secure(port) as client:
        assert client.says(WRONG).startswith("535 ")
        client.mails(MAIL)
    assert port.stored()[0][1].auth_user == ""


@pytest.mark.parametrize(
    "attempt", [WRONG, plain("eva@acme.co", "la clave de Ana"), plain("", ""), plain("eva@acme.co", "")]
)
def test_three_wrong_logins_end_the_connection(port, attempt):
    with secure(port) as client:
        assert [client.says(attempt)[:3] for _ in range(4)] == ["535", "535", "535", "421"]
        assert client.is_over()


@pytest.mark.parametrize(
    "line",
    ["AUTH", "AUTH PLAIN ***", "AUTH PLAIN YQ==", "AUTH CRAM-MD5", "AUTH PLAIN =", "AUTH PLAIN a b c", "AUTH LOGIN ñ"],
)
def test_broken_logins_get_one_reply(port, line):
    with secure(port) as client:
        assert client.says(line)[:3] in {"501", "504", "535"}
        assert client.says("NOOP") == "250 2.0.0 OK"


def test_a_login_may_be_broken_off(port):
    with secure(port) as client:
        client.says("AUTH PLAIN")
        assert client.says("*").startswith("501 ")
        assert client.says("NOOP") == "250 2.0.0 OK"


def test_after_ten_wrong_logins_nobody_from_there_may_try(port):
    replies = []
    for _ in range(4):
        with secure(port) as client:
            replies += [client.says(WRONG)[:3] for _ in range(3)]
    assert replies[9:11] == ["535", "421"]
    with secure(port) as client:
        assert client.says(RIGHT).startswith("421 ")
    with secure(port) as client:
        assert client.mails(MAIL).startswith("250 ")


def test_nobody_can_log_in_where_there_are_no_users(tmp_path, certificate):
    with Listening(tmp_path, tls_certificate=certificate) as port, secure(port) as client:
        assert not any("AUTH" in line for line in client.heard)
        assert client.says(RIGHT).startswith("503 ")
