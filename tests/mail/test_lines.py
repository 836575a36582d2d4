"""Lines of a mail: where its headers end, which lines of flowed text go on, what is base64 (RFC 5322, 3676, 2045)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.mail.body import join_flowed
from mailgate.mail.headers import body_start, header_block, is_clean_base64, split_header_block


@pytest.mark.parametrize(
    ("raw", "block", "rest"),
    [
        (b"A: b\r\nC: d\r\n\r\nHola\r\n\r\n", b"A: b\r\nC: d", b"Hola\r\n\r\n"),
        (b"A: b\nC: d\n\nHola", b"A: b\nC: d", b"Hola"),
        (b"A: b\r\n\nHola", b"A: b", b"Hola"),
        (b"A: b\r\n", b"A: b\r\n", b""),
        (b"A: b", b"A: b", b""),
        (b"\r\nHola", b"", b"Hola"),
        (b"\nHola", b"", b"Hola"),
        (b"", b"", b""),
        (b"A: b\r\n\r\n", b"A: b", b""),
    ],
)
def test_headers_end_at_the_first_empty_line(raw: bytes, block: bytes, rest: bytes) -> None:
    assert split_header_block(raw) == (block, rest)
    assert header_block(raw) == block
    assert raw[body_start(raw) :] == rest


FLOWED = {
    "uno \ndos\ntres": "uno dos\ntres",
    "uno\ndos": "uno\ndos",
    " uno \n dos": "uno dos",  # stuffed
    "uno \n> dos \n> tres\ncuatro": "uno\n> dos tres\ncuatro",  # each depth for itself
    ">> uno \n>> dos\n> tres": ">> uno dos\n> tres",
    "uno \n-- \nJuan": "uno\n-- \nJuan",  # the line above a signature goes on nowhere
    "uno ": "uno",
    "": "",
}


@pytest.mark.parametrize("text", FLOWED)
def test_a_line_that_ends_in_a_blank_goes_on_in_the_next(text: str) -> None:
    assert join_flowed(text) == FLOWED[text]


def test_where_the_blank_is_no_part_of_the_text_it_goes() -> None:
    assert join_flowed("factu \nra uno \ndos", delsp=True) == "factura unodos"
    assert join_flowed("factura  \nuno", delsp=True) == "factura uno"
    assert join_flowed("uno \n-- \nJuan", delsp=True) == "uno\n-- \nJuan"


@given(st.text("ab >-\n", max_size=60))
def test_no_word_of_flowed_text_is_lost(text: str) -> None:
    assert join_flowed(text).replace(" ", "").replace("\n", "").replace(">", "") == (
        text.replace(" ", "").replace("\n", "").replace(">", "")
    )


@pytest.mark.parametrize(
    ("octets", "clean"),
    [(b"SG9sYQ==", True), (b"SG9s\r\nYQ==\r\n", True), (b"SG9sYWE=", True), (b"SG9s", True), (b"SG9sYQ", True),
     (b"", True), (b"SG9s YQ==\t", True), (b"SG9sYQ==SG9s", False), (b"SG9sYQ===", False), (b"SG9s-", False),
     (b"--b\r\nSG9s", False)],
)  # fmt: skip
def test_base64_is_clean_when_it_is_nothing_else(octets: bytes, clean: bool) -> None:
    assert is_clean_base64(octets) is clean
