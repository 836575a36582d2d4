"""LMTP (RFC 2033): how a mail server on the same machine hands mail over; one answer for each recipient."""

from __future__ import annotations

import pytest

from tests.servers.listener import DESK, PQRS, Listening

MAIL = b"Subject: Impresora\r\n\r\nNo imprime."


@pytest.fixture
def port(tmp_path):
    with Listening(tmp_path, protocol="lmtp") as listening:
        yield listening


def test_each_recipient_is_answered_and_the_mail_is_stored_once(port):
    with port.line("LHLO mx.acme.co") as mx:
        mx.begins("ana@cliente.co", DESK, PQRS, DESK)
        mx.sends(MAIL + b"\r\n.\r\n")
        assert [mx.hears() for _ in range(3)] == ["250 2.6.0 Mail accepted"] * 3
        assert mx.says("NOOP").startswith("250 2.0.0")
    [(_, envelope)] = port.stored()
    assert envelope.recipients == (DESK, PQRS)
    assert (envelope.channel, envelope.helo) == ("lmtp", "mx.acme.co")


def test_only_the_recipients_taken_are_answered(port):
    with port.line("LHLO mx.acme.co") as mx:
        mx.says("MAIL FROM:<>")
        assert mx.says("RCPT TO:<nadie@acme.co>").startswith("550 5.1.1")
        assert mx.says("DATA").startswith("503 ")
        assert mx.says(f"RCPT TO:<{DESK}>").startswith("250 ")
        mx.says("DATA")
        mx.sends(MAIL + b"\r\n.\r\n")
        assert mx.hears().startswith("250 2.6.0")
        assert mx.says("NOOP").startswith("250 2.0.0")


def test_a_failure_is_told_to_each_recipient(port):
    port.acceptor.stop()
    with port.line("LHLO mx.acme.co") as mx:
        mx.begins("ana@cliente.co", DESK, PQRS)
        mx.sends(MAIL + b"\r\n.\r\n")
        assert [mx.hears()[:9] for _ in range(2)] == ["451 4.3.0"] * 2


@pytest.mark.parametrize("greeting", ["HELO mx", "EHLO mx"])
def test_lmtp_is_not_smtp(port, greeting):
    with port.calls() as mx:
        assert "LMTP" in mx.hears()
        assert mx.says(greeting).startswith("500 ")
        assert mx.says("MAIL FROM:<a@b.co>").startswith("503 ")
        assert mx.says("LHLO mx").startswith("250 ")


def test_smtp_is_not_lmtp(tmp_path):
    with Listening(tmp_path) as port, port.calls() as client:
        client.hears()
        assert client.says("LHLO mx").startswith("500 ")
