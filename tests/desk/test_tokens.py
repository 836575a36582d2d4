"""Message-IDs and reply addresses: what verifies, and what does not."""

from __future__ import annotations

import secrets

from hypothesis import given
from hypothesis import strategies as st

from mailgate.desk import tokens
from mailgate.desk.tokens import Issued

KEY, OLD = b"k" * 32, b"o" * 32
JUAN = Issued("abcdefgh", 1042, "juan@empresa.co", "client")


def test_a_reply_address_verifies_for_its_own_letter_only() -> None:
    token = tokens.read_address(tokens.reply_address(JUAN, "soporte@desk.co", KEY))
    assert token is not None
    assert tokens.verify(token, JUAN, [KEY])
    for other in (
        Issued("abcdefgh", 1043, "juan@empresa.co", "client"),
        Issued("bbcdefgh", 1042, "juan@empresa.co", "client"),
        Issued("abcdefgh", 1042, "otra@empresa.co", "client"),
        Issued("abcdefgh", 1042, "juan@empresa.co", "agent"),
    ):
        assert not tokens.verify(token, other, [KEY])


def test_a_message_id_gives_no_reply_address() -> None:
    """Whoever reads a forwarded thread sees Message-IDs; they must not become an agent's voice."""
    identifier = tokens.message_id(JUAN, "desk.co", KEY)
    mac = identifier.split("@")[0].rpartition(".")[2]
    forged = tokens.read_address(f"soporte+t1042.abcdefgh.{mac}@desk.co")
    assert forged is not None
    assert not tokens.verify(forged, JUAN, [KEY])


def test_keys_rotate() -> None:
    token = tokens.read_message_id(tokens.message_id(JUAN, "desk.co", OLD))
    assert token is not None
    assert tokens.verify(token, JUAN, [KEY, OLD])
    assert not tokens.verify(token, JUAN, [KEY])


def test_mail_programs_may_change_the_case() -> None:
    address = tokens.reply_address(JUAN, "Soporte@desk.co", KEY).upper()
    token = tokens.read_address(address)
    assert token is not None
    assert tokens.verify(token, JUAN, [KEY])


def test_a_local_part_stays_within_rfc_5321() -> None:
    nonce = tokens.new_nonce(secrets.token_bytes)
    issued = Issued(nonce, 999_999_999, "juan@empresa.co", "client")
    address = tokens.reply_address(issued, "servicio.al.cliente@desk.co", KEY)
    assert len(address.split("@")[0]) <= 64


@given(st.text(max_size=200))
def test_reading_never_raises(text: str) -> None:
    tokens.read_message_id(text)
    tokens.read_address(text)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16))
def test_guessing_does_not_work(mac: str) -> None:
    token = tokens.read_address(f"soporte+t1042.abcdefgh.{mac}@desk.co")
    assert token is not None
    assert not tokens.verify(token, JUAN, [KEY])
