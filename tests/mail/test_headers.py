"""Who wrote, read so that no trick makes an identity; ids and dates as they stand in real mail."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from mailgate.mail.headers import (
    decode_base64,
    decode_words,
    normal_address,
    parse_addresses,
    parse_date,
    parse_ids,
    unfold,
)
from mailgate.mail.message import Address
from mailgate.mail.params import parse_params


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("Ana Ruiz <Ana@Cliente.Example>", Address("Ana Ruiz", "ana@cliente.example")),
        ("ana@cliente.example", Address("", "ana@cliente.example")),
        ('"Ruiz, Ana (ventas)" <ana@cliente.example>', Address("Ruiz, Ana (ventas)", "ana@cliente.example")),
        ("ana@cliente.example (Ana Ruiz)", Address("Ana Ruiz", "ana@cliente.example")),
        ('"ana@mesa.example" <malo@malo.example>', Address("ana@mesa.example", "malo@malo.example")),
        ("=?utf-8?Q?ana=40mesa.example=3E?= <malo@malo.example>", Address("ana@mesa.example>", "malo@malo.example")),
        ("Ana <ana@cliente.example.>", None),
        ("josé@cañon.example", Address("", "josé@xn--caon-hqa.example")),
        ("ana@apoloſoft.example", None),  # a long s, which IDNA folds to s
        ("ana@mesa.example)malo@malo.example", None),
        ("<>", None),
        ("Nadie:;", None),
        ("ana", None),
        ("a" * 400 + "@x.example", None),
    ],
)
def test_one_address_or_none(value: str, address: Address | None) -> None:
    assert parse_addresses(value) == ((address,) if address else ())


def test_kelvin_sign_is_not_k() -> None:
    assert normal_address("\u212aarl@x.example") != "karl@x.example"
    assert normal_address("a@" + "ño." * 70 + "co") == ""  # as A-labels it is longer than any address


def test_many_addresses_are_bounded_in_number_and_time() -> None:
    start = time.process_time()
    assert len(parse_addresses(", ".join(f"a{n}@x.example" for n in range(3000)))) == 200
    parse_addresses("(" * 30_000)
    parse_addresses("<" * 30_000)
    parse_addresses('"' * 30_000 + "a@b.co")
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?utf-8?Q?A=C3=B1o?=", "Año"),
        ("=?UTF-8?B?QcOxbw==?= =?utf-8?q?_nuevo?=", "Año nuevo"),
        ("uno =?utf-8?q?dos?= tres", "uno dos tres"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("=?iso-8859-1?q?=80_caf=E9?=", "€ café"),
        ("=?nada?q?caf=C3=A9?=", "café"),
        ("=?utf-8?q?sin fin", "=?utf-8?q?sin fin"),
        ("=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("=?utf-8?b?%%%?=", ""),
    ],
)
def test_encoded_words(value: str, text: str) -> None:
    assert decode_words(value) == text


def test_bombs_of_encoded_words_cost_little() -> None:
    start = time.process_time()
    for bomb in ("=?utf-8?q?a?= " * 5000, "=?utf-8?q?" * 6000, "=?" * 30_000, "=?utf-8?b?" + "A" * 60_000):
        decode_words(bomb)
    assert time.process_time() - start < 4


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@b>", ("<a@b>",)),
        ("<a@b> <c@d> <a@b>", ("<a@b>", "<c@d>")),
        ("<a@b><c@d>", ("<a@b>", "<c@d>")),
        ("<a@ b>", ("<a@b>",)),
        ("a@b", ("<a@b>",)),
        ('"Ana" <a@b> de ayer', ("<a@b>",)),
        ("mensaje de Ana", ()),
        ("", ()),
    ],
)
def test_message_ids(value: str, ids: tuple[str, ...]) -> None:
    assert parse_ids(value) == ids


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Mon, 23 Nov 2026 09:00:00 -0500", datetime(2026, 11, 23, 14, tzinfo=UTC)),
        ("23 Nov 2026 09:00 -0500 (COT)", datetime(2026, 11, 23, 14, tzinfo=UTC)),
        ("Tue, 23 Nov 2026 09:00:00 -0500", datetime(2026, 11, 23, 14, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 9:00:00 GMT", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("lunes 23", None),
        ("Mon, 32 Nov 2026 09:00:00 -0500", None),
        ("Mon, 23 Nov 9999999999 09:00:00 +9999", None),
        ("", None),
    ],
)
def test_dates(value: str, moment: datetime | None) -> None:
    assert parse_date(value) == moment


@pytest.mark.parametrize(
    ("value", "params"),
    [
        ("x; a=b; A=c", {"a": "b"}),
        ('x; name="a;b\\"c"', {"name": 'a;b"c'}),
        ('x; name="C:\\datos\\x.doc"', {"name": "C:\\datos\\x.doc"}),
        ("x; name=sin comillas.pdf; b=1", {"name": "sin comillas.pdf", "b": "1"}),
        ("x; name*=utf-8'es'a%C3%B1o", {"name": "año"}),
        ("x; name*1*=%B1o; name*0*=utf-8''a%C3", {"name": "año"}),
        ("x; name*0=uno; name*1=dos", {"name": "unodos"}),
        ("x; name*=roto%", {"name": "roto%"}),
        ('x; name="abierto', {"name": "abierto"}),
        ("x", {}),
    ],
)
def test_parameters(value: str, params: dict[str, str]) -> None:
    assert parse_params(value) == params


@pytest.mark.parametrize(
    ("octets", "decoded"),
    [
        (b"aG9sYQ==", b"hola"),
        (b"aG9sYQ", b"hola"),
        (b"aG9s\r\nYQ==\r\n", b"hola"),
        (b"aG9sYQ==aG9sYQ==", b"holahola"),
        (b"aG9s!!YQ==", b"hola"),
        (b"aG9sYQ==\n-- \npie de lista", b"hola"),
        (b"a", b""),
        (b"", b""),
    ],
)
def test_base64_as_it_comes(octets: bytes, decoded: bytes) -> None:
    assert decode_base64(octets) == decoded


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_value_on_several_lines_is_read_on_one(end: str) -> None:
    assert unfold(f"Hola,{end} mundo{end}\tentero") == "Hola, mundo entero"
