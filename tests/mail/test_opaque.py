"""The mail inside an opaque signature (``mail/smime.py``), and raw bytes made fit for a parser (``mail/mend.py``)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.mail.mend import mend
from mailgate.mail.smime import signed_content

SIGNED = bytes.fromhex("06092a864886f70d010702")
DATA = bytes.fromhex("06092a864886f70d010701")
ENTITY = b"Content-Type: text/plain\r\n\r\nHola."


def octets(content: bytes) -> bytes:
    return b"\x04" + length(len(content)) + content


def length(size: int) -> bytes:
    if size < 0x80:
        return bytes([size])
    told = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(told)]) + told


def cms(content: bytes, tag: bytes = b"\xa0") -> bytes:
    """The beginning of a SignedData, as far as anybody here reads it."""
    return b"\x30\x80" + SIGNED + b"\xa0\x80\x30\x80" + DATA + tag + length(len(content)) + content + b"certificates"


@pytest.mark.parametrize("size", [0, 1, 0x7F, 0x80, 0xFF, 0x100, 70_000])
def test_content_of_any_length_is_read_in_one_piece_and_in_several(size: int) -> None:
    content = bytes(n % 251 for n in range(size))
    assert signed_content(cms(octets(content))) == content
    half = size // 2
    pieces = octets(content[:half]) + octets(content[half:])
    assert signed_content(cms(b"\x24" + length(len(pieces)) + pieces)) == content
    assert signed_content(cms(b"\x24\x80" + pieces + b"\0\0")) == content  # as Outlook writes it


@pytest.mark.parametrize(
    "raw",
    [b"", b"hola", SIGNED, DATA + b"\xa0\x02\x04\x00", cms(octets(ENTITY), tag=b"\xa1"), cms(b"\x02\x01\x05"),
     b"\x30\x80" + SIGNED + b"\x30\x80" + DATA, b"x" * 64 + SIGNED + DATA + b"\xa0\x02\x04\x00",
     b"\x30\x80" + SIGNED + DATA + b"\xa0\x85\x01\x01\x01\x01\x01" + octets(ENTITY)],
)  # fmt: skip
def test_what_is_not_signed_or_holds_nothing_is_none(raw: bytes) -> None:
    assert signed_content(raw) is None


@given(st.binary(max_size=60))
def test_no_bytes_raise(rest: bytes) -> None:
    signed_content(SIGNED + DATA + rest)


def mended(raw: bytes) -> tuple[bytes, list[str]]:
    defects: list[str] = []
    return mend(raw, defects), defects


def test_an_honest_mail_stays_as_it_is() -> None:
    for raw in (b"", b"From: a@b.co\r\nSubject: x\r\n y\r\n\r\nno: header\nhere\r\n", b"A: b\n\nx", b"A: b\n"):
        assert mended(raw) == (raw, [])


def test_carriage_returns_alone_end_lines() -> None:
    assert mended(b"A: b\r\rHola\r") == (b"A: b\n\nHola\n", ["The lines end in carriage returns only."])
    assert mended(b"A: b\n\nHola\rJuan")[1] == []  # in the body they are its own


def test_a_last_delimiter_that_is_cut_off_is_made_whole() -> None:
    for end in (b"\n", b"\r\n"):
        raw = end.join([b"A: b", b"", b"--x", b"", b"Hola", b"--x-"])
        assert mended(raw) == (raw + b"-\n", ["The end of the last part is cut off."])
    assert mended(b"A: b\n\nHola\n--y-\n")[1] == []  # no such part began


def test_a_blank_before_the_colon_is_taken_out() -> None:
    mail = b"From : a@b.co\nSubject\t: x\n\nHola : Juan"
    assert mended(mail) == (
        b"From: a@b.co\nSubject: x\n\nHola : Juan",
        ["A header has a space before its colon."],
    )


def test_below_a_line_that_is_none_only_headers_of_mime_are_headers() -> None:
    raw = (
        b"From: a@b.co\nhola\nFrom: x@y.co\nContent-Type: text/html;\n charset=utf-8\nX-A: b\nMIME-Version: 1.0\n\nHola"
    )
    assert mended(raw) == (
        b"From: a@b.co\nContent-Type: text/html;\n charset=utf-8\nMIME-Version: 1.0\n\nHola",
        ["A line among the headers is no header."],
    )
    for body in (b"From: a@b.co\nhola\nFrom: x@y.co\n\nHola", b"hola\n\nHola"):
        assert mended(body) == (body, [])  # all of it is the body, and the parser takes it so


def test_what_hides_a_second_sender_is_taken_out_and_told() -> None:
    raw, defects = mended(b"From: a@b.co\r\nSubject: x\rFrom: jefe@b.co\r\n\r\nHola\rJuan")
    assert raw == b"From: a@b.co\r\nSubject: x From: jefe@b.co\r\n\r\nHola\rJuan"
    assert len(defects) == 1
    assert mended(b"From: a@b.co\nSubject: x\0y\n\nHo\0la")[0] == b"From: a@b.co\nSubject: x y\n\nHo\0la"
