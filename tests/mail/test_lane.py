"""In which queue a mail stands: by its author, and the ticket that its headers name at a glance (``mail/lane.py``)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.mail.lane import Lane, find_lane

TOKEN = "abcdefgh.abcdefghijklmnop"
REPLY = f"soporte+t1042.{TOKEN}@desk.co"


def lane(*headers: str, to: tuple[str, ...] = (), tag: str = "[#{number}]", end: str = "\r\n") -> Lane:
    return find_lane(end.join([*headers, "", "From: otra@cuerpo.co", "Subject: [#7]"]).encode(), to, tag)


def test_the_author_and_the_number_of_the_subject() -> None:
    for end in ("\r\n", "\n"):
        found = lane("Received: by mx", "From: Juan <Juan@Empresa.co>", "Subject: Re: [#1042] Factura", end=end)
        assert found == Lane("juan@empresa.co", 1042)
    assert lane("FROM : juan@empresa.co", "subject: =?utf-8?q?Factura_=5B=231042=5D?=") == Lane("juan@empresa.co", 1042)
    assert lane("Subject: Ticket <1042>", tag="<{number}>").ticket == 1042


def test_a_folded_header_is_one() -> None:
    found = lane("From: Juan Peña\r\n <juan@empresa.co>", "Subject: Factura\r\n\t[#1042]", "To: x@y.co")
    assert found == Lane("juan@empresa.co", 1042)


@pytest.mark.parametrize(
    "header",
    [f"To: Soporte <{REPLY}>", f"To: SOPORTE+T1042.{TOKEN.upper()}@DESK.CO", f"In-Reply-To: <t1042.{TOKEN}@desk.co>",
     f"References: <x@y.co>\r\n <t1041.{TOKEN}@desk.co>\r\n <t1042.{TOKEN}@desk.co>"],
)  # fmt: skip
def test_else_our_reply_address_or_our_letter_answered_names_the_ticket(header: str) -> None:
    assert lane("From: juan@empresa.co", "Subject: Factura", header) == Lane("juan@empresa.co", 1042)
    assert lane("From: juan@empresa.co", "Subject: [#7]", header).ticket == 7


def test_the_envelope_names_it_too() -> None:
    assert lane("From: juan@empresa.co", to=(REPLY,)).ticket == 1042
    assert lane("From: juan@empresa.co", to=("soporte@desk.co",)).ticket is None


def test_what_is_not_said_is_empty_and_the_body_says_nothing() -> None:
    assert lane("To: soporte@desk.co") == find_lane(b"") == find_lane(b"\r\n\r\nhola") == Lane("", None)
    assert lane("X-From: juan@empresa.co", "X-Subject: [#1042]") == Lane("", None)


def test_a_glance_ends_where_headers_are_long() -> None:
    far = "X-Long: " + "x" * 66_000
    assert lane("From: juan@empresa.co", far, "Subject: [#1042]") == Lane("juan@empresa.co", None)
    assert lane(f"From: {'x' * 400}@empresa.co").author == lane(f"From: {'x' * 320}@empresa.co").author
    assert lane("From: juan@empresa.co", "References: " + "<x@y.co> " * 500 + f"<t1042.{TOKEN}@desk.co>").ticket == 1042


@given(st.binary(max_size=400))
def test_nothing_raises(raw: bytes) -> None:
    find_lane(raw)
