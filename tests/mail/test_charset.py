"""Bytes to text by the charset that was meant (``mail/charset.py``)."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.mail.charset import clean, clean_line, codec_of, decode

SPANISH = "¿Año nuevo? Sí, mañana «ñandú»"


@pytest.mark.parametrize(
    ("name", "codec"),
    [("UTF-8", "utf-8"), ("utf8mb4", "utf-8"), ("ISO-8859-1", "cp1252"), ("Latin1", "cp1252"), ("us", ""),
     ("windows-1252", "cp1252"), ("Windows-1250", "cp1250"), ("IBM-850", "cp850"), ("ibm866", "cp866"),
     ("gb2312", "gb18030"), ("iso-2022-jp", "iso2022-jp-ext"), ("'utf_8'", "utf-8"), ("", ""),
     ("punycode", ""), ("unicode_escape", ""), ("idna", ""), ("zip", ""), ("x" * 90, "")],
)  # fmt: skip
def test_a_name_is_the_codec_that_was_meant_or_none_that_may_be_run(name: str, codec: str) -> None:
    assert codec_of(name) == codec
    assert not codec or codecs.lookup(codec)


@pytest.mark.parametrize(
    ("octets", "declared", "text"),
    [
        (SPANISH.encode(), "utf-8", SPANISH),
        (SPANISH.encode(), "", SPANISH),
        (SPANISH.encode(), "iso-8859-1", SPANISH),  # UTF-8 called Latin-1 is daily bread
        (SPANISH.encode(), "windows-1254", SPANISH),
        (SPANISH.encode("latin-1"), "iso-8859-1", SPANISH),
        (SPANISH.encode("latin-1"), "utf-8", SPANISH),  # and the other way round
        (SPANISH.encode("latin-1"), "us-ascii", SPANISH),
        (b"\x93Hola\x94 \x80", "iso-8859-1", "“Hola” €"),
        ("Żółć".encode("iso8859-2"), "iso-8859-2", "Żółć"),
        ("привет".encode("koi8-r"), "koi8-r", "привет"),
        ("日本".encode("iso2022-jp"), "iso-2022-jp", "日本"),
        ("中文".encode("gb18030"), "gb2312", "中文"),
        ("Año".encode("utf-7"), "utf-7", "Año"),
        ("Año".encode("utf-16-le"), "utf-16-le", "Año"),
        (b"Hola", "utf-16", "Hola"),  # ASCII called UTF-16
        (b"\xef\xbb\xbfHola", "utf-8", "Hola"),
        (b"\x81\xff", "utf-8", "\ufffdÿ"),  # in no charset at all
        (b"+2AA-", "utf-7", "+2AA-"),  # half a character is none
        (b"", "utf-8", ""),
    ],
)
def test_text_is_read_as_it_was_meant(octets: bytes, declared: str, text: str) -> None:
    assert decode(octets, declared) == text


@given(st.binary(max_size=40), st.sampled_from(["", "utf-8", "utf-7", "utf-16", "gb2312", "hz", "big5", "iso-2022-kr"]))
def test_any_bytes_are_text_that_can_be_stored(octets: bytes, declared: str) -> None:
    clean(decode(octets, declared)).encode()


@pytest.mark.parametrize(
    ("text", "cleaned", "line"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd", "a b c d"),
        ("a\0b\x07c\x7fd", "abcd", "abcd"),
        ("a\u202eb\u2066c\ufeff", "abc", "abc"),
        ("a\x85b\u2028c\u2029d", "a\nb\nc\nd", "a b c d"),
        ("a\tb  c", "a\tb  c", "a b c"),
        ("  a  ", "  a  ", "a"),
        ("a \0 b", "a  b", "a b"),
        ("año\u00a0nuevo 🎉", "año\u00a0nuevo 🎉", "año\u00a0nuevo 🎉"),
        ("\ud800x", "x", "x"),
        ("", "", ""),
    ],
)
def test_what_nobody_wrote_is_taken_out(text: str, cleaned: str, line: str) -> None:
    assert clean(text) == cleaned
    assert clean_line(text) == line


@given(st.text())
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)
    assert "\n" not in clean_line(text)
