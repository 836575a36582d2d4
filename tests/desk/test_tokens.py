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


def test_the_address_for_notes_is_the_same_letters_and_stays_within_rfc_5321() -> None:
    reply = tokens.reply_address(JUAN, "soporte@desk.co", KEY)
    noted = tokens.note_address(reply)
    assert noted == reply.replace("soporte+", "soporte+nota+")
    assert tokens.read_address(noted) == tokens.read_address(reply)
    for length in range(1, 65):
        long = f"{'a' * (length - 1)}+@desk.co"
        noted = tokens.note_address(long)
        assert noted == (f"{'a' * (length - 1)}+nota+@desk.co" if length + 5 <= 64 else long)


def test_a_letter_about_no_ticket_is_about_a_held_mail() -> None:
    held = Issued("abcdefgh", 0, "ana@desk.co", "agent", held=77)
    token = tokens.read_address(tokens.reply_address(held, "soporte@desk.co", KEY))
    assert token is not None
    assert token.about == "h77"
    assert tokens.verify(token, held, [KEY])
    assert Issued("abcdefgh", 0, "ana@desk.co", "agent").about == "h0"


def test_the_mark_of_our_own_letters_is_of_this_letter_and_this_key() -> None:
    mark = tokens.loop_mark("<1@desk.co>", KEY)
    assert mark == tokens.loop_mark("<1@desk.co>", KEY)
    assert len({mark, tokens.loop_mark("<2@desk.co>", KEY), tokens.loop_mark("<1@desk.co>", OLD)}) == 3
    assert len(mark) == 16
