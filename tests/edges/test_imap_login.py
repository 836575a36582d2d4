"""Logging in to a mailbox: OAuth2 tokens and TLS, and what a person reads when they do not work."""

from __future__ import annotations

import json
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from mailgate.errors import ConfigError, ServiceUnavailable
from mailgate.intake.imap import check_login
from mailgate.intake.imap_session import connect
from mailgate.intake.oauth import Refused, Unreachable, access_token
from tests.servers.dovecot import PASSWORD, Dovecot, missing

# OAuth2


class TokenServer(BaseHTTPRequestHandler):
    """Answers with what ``server.answer`` holds, and keeps what it was asked."""

    def do_POST(self):
        form = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked = {key: values[0] for key, values in parse_qs(form).items()}
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def tokens():
    """A token server; set ``.answer`` to (status, body)."""
    with ThreadingHTTPServer(("127.0.0.1", 0), TokenServer) as server:
        server.answer = (200, {"access_token": "ficha-1", "expires_in": 3600})
        threading.Thread(target=server.serve_forever, args=[0.01]).start()
        yield server
        server.shutdown()


@pytest.fixture
def oauth_account(unruly_account, tokens, tmp_path):
    (tmp_path / "refresh").write_text("refresco-secreto\n")
    (tmp_path / "secret").write_text("secreto-del-cliente\n")
    return unruly_account.model_copy(
        update={
            "auth": "xoauth2",
            "oauth_client_id": "mailgate",
            "oauth_client_secret_file": tmp_path / "secret",
            "oauth_refresh_token_file": tmp_path / "refresh",
            "oauth_token_url": f"http://127.0.0.1:{tokens.server_address[1]}/token",
        }
    )


def test_a_refresh_token_becomes_a_login(oauth_account, tokens, unruly):
    check_login(oauth_account)
    assert tokens.asked == {
        "grant_type": "refresh_token",
        "refresh_token": "refresco-secreto",
        "client_id": "mailgate",
        "client_secret": "secreto-del-cliente",
    }
    assert unruly.logins == [b"user=soporte\x01auth=Bearer ficha-1\x01\x01"]


def test_a_mailbox_is_read_with_oauth(oauth_account, unruly, mail, poll, eventually, stored):
    unruly.deliver(mail("Uno"))
    poll(oauth_account)
    eventually(lambda: stored() == ["Uno"])


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (
            (400, {"error": "invalid_grant", "error_description": "Token has\nexpired"}),
            Refused,
            "invalid_grant: Token has exp",
        ),
        ((401, b"<html>no"), Refused, "401"),
        ((503, b"busy"), Unreachable, "503"),
        ((429, {"error": "slow_down"}), Unreachable, "slow_down"),
        ((200, b"<html>a portal"), Refused, "without an access_token"),
        ((200, {"access_token": 7}), Refused, "without an access_token"),
    ],
)
def test_what_the_token_server_says_is_told_in_one_line(answer, error, words, oauth_account, tokens):
    tokens.answer = answer
    with pytest.raises(error, match=words) as told:
        access_token(oauth_account)
    text = str(told.value)
    assert "\n" not in text
    assert oauth_account.label in text
    assert "secret" not in text.replace("oauth_client_secret_file", "")


def test_no_token_server_is_no_refusal(oauth_account):
    with pytest.raises(Unreachable, match="cannot reach"):
        access_token(oauth_account.model_copy(update={"oauth_token_url": "http://127.0.0.1:1/"}))


@pytest.mark.parametrize("url", ["http://example.com/token", "file:///etc/passwd", ""])
def test_a_token_is_sent_nowhere_but_to_https(url, oauth_account):
    with pytest.raises(ConfigError, match="oauth_token_url"):
        access_token(oauth_account.model_copy(update={"oauth_token_url": url}))


def test_a_mailbox_that_refuses_the_token_is_one_clear_line(oauth_account, unruly):
    unruly.always(
        "AUTHENTICATE", lambda session, tag, arguments: session.say(f"{tag} NO [AUTHENTICATIONFAILED] bad token")
    )
    with pytest.raises(ServiceUnavailable, match="correct its OAuth2 grant"):
        check_login(oauth_account)


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """(certificate, key) for localhost, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*request, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


@pytest.fixture(scope="module")
def tls_dovecot(certificate):
    if why := missing():
        pytest.skip(why)
    with Dovecot(certificate) as server:
        yield server


@pytest.fixture(params=["implicit", "starttls"])
def tls_account(request, dovecot_account, tls_dovecot):
    port = tls_dovecot.tls_port if request.param == "implicit" else tls_dovecot.port
    return dovecot_account.model_copy(update={"port": port, "tls": request.param})


def test_a_mailbox_is_read_and_left_over_tls(
    tls_account, tls_dovecot, certificate, monkeypatch, mail, poll, person, eventually, stored
):
    """Under IDLE (poll_seconds is an hour), where TLS has buffers of its own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    poller = poll(tls_account.model_copy(update={"poll_seconds": 3600.0}))
    eventually(lambda: poller.status().state == "waiting")
    plain = person(tls_account.model_copy(update={"port": tls_dovecot.port, "tls": "none"}))
    for name in ("Uno", "Dos"):
        plain.append("INBOX", mail(name))
        eventually(lambda name=name: name in stored())
    eventually(lambda: poller.status().state == "waiting")
    began = time.monotonic()
    poller.stop()
    assert time.monotonic() - began < 20
    assert not poller.alive


def test_a_certificate_nobody_vouches_for_is_refused_before_the_password(tls_account):
    with pytest.raises(ServiceUnavailable, match="certificate verify failed") as told:
        check_login(tls_account)
    assert PASSWORD not in str(told.value)


def test_a_server_without_tls_never_sees_the_password(unruly, unruly_account):
    with pytest.raises(ServiceUnavailable, match="STARTTLS"):
        check_login(unruly_account.model_copy(update={"tls": "starttls"}))
    assert unruly.logins == []


def test_the_connection_sends_at_once(dovecot_account):
    """Without TCP_NODELAY each command waits 40 ms for the answer to the last."""
    import socket

    client = connect(dovecot_account, 1000)
    assert client.socket().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert not isinstance(client.socket(), ssl.SSLSocket)
    client.shutdown()
