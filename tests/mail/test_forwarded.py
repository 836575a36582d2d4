"""A forward is read whoever's program wrote it: who asked, when, to whom, and what; a reply never is one."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.mail.forward_headers import read_addresses, read_sender
from mailgate.mail.forwarded import find_forwarded, read_prefix
from mailgate.mail.message import Address
from mailgate.mail.parse import understand
from mailgate.mail.written_date import parse_written_date

MAILS = Path(__file__).resolve().parents[1] / "mails" / "forwards"
EXPECTED: dict[str, dict[str, Any]] = json.loads((MAILS / "expected.json").read_text("utf-8"))
SHREDS = "De: \n>-<@.aA:*|_Para Asunto Fecha 0123reenviado,;\"'"


def squeeze(text: str) -> str:
    return " ".join(text.split())


def test_every_mail_of_the_folder_has_its_expected_reading_beside_it() -> None:
    assert {path.stem for path in MAILS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected["forwarded"]])
def test_the_original_is_read_out_of_the_forward(name: str) -> None:
    expected = EXPECTED[name]
    found = understand((MAILS / f"{name}.eml").read_bytes()).forwarded
    assert len(found) == 1
    forward = found[0]
    assert forward.sender == Address(expected["name"], expected["address"])
    assert forward.subject == expected["subject"]
    assert forward.date is not None
    assert forward.date.isoformat().startswith(expected["date"])
    assert [one.address for one in forward.to if one.address] == expected["to"]
    assert [one.address for one in forward.cc] == expected["cc"]
    assert squeeze(forward.message) == squeeze(expected["message"])
    if "body" in expected:
        assert squeeze(forward.body) == squeeze(expected["body"])
    if "nested" in expected:
        assert (forward.nested.sender.address if forward.nested else None) == expected["nested"]


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if not expected["forwarded"]])
def test_what_only_looks_like_a_forward_is_none(name: str) -> None:
    assert understand((MAILS / f"{name}.eml").read_bytes()).forwarded == ()


@pytest.mark.parametrize(
    ("subject", "prefix"),
    [
        ("RV: Nómina", "forward"),
        ("RV: RE: Nómina", "forward"),
        ("Fwd: Nómina", "forward"),
        ("ENC: Folha", "forward"),
        ("[#1042] RV: Nómina", "forward"),
        ("[EXTERNO] [#1042] RE: RV: Nómina", "reply"),
        ("EXTERNO: RV: Nómina", "forward"),
        ("RE: RV: Nómina", "reply"),
        ("RE[2]: Nómina", "reply"),
        ("Res: Folha", "reply"),
        ("Nómina: no abre", ""),
        ("", ""),
    ],
)
def test_the_outermost_prefix_says_what_the_mail_is(subject: str, prefix: str) -> None:
    assert read_prefix(subject) == prefix


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("jueves, 12 de noviembre de 2026 9:31 a. m.", datetime(2026, 11, 12, 9, 31)),
        ("jueves, 12 de noviembre de 2026 9:31 p. m.", datetime(2026, 11, 12, 21, 31)),
        ("jueves, noviembre 12, 2026 12:05 a. m.", datetime(2026, 11, 12, 0, 5)),
        ("mar, 3 mar 2026 a las 9:31", datetime(2026, 3, 3, 9, 31)),
        ("lun., 5 de ene. de 2026 a la(s) 14:02", datetime(2026, 1, 5, 14, 2)),
        ("martes, 1 de septiembre de 2026 8:00", datetime(2026, 9, 1, 8, 0)),
        ("mié, 30 sept 2026 a las 7:09", datetime(2026, 9, 30, 7, 9)),
        ("sábado, 15 de agosto de 2026, 18:45", datetime(2026, 8, 15, 18, 45)),
        ("segunda-feira, 2 de fevereiro de 2026 09:31", datetime(2026, 2, 2, 9, 31)),
        ("qua., 27 de mai. de 2026 às 09:31", datetime(2026, 5, 27, 9, 31)),
        ("terça-feira, 10 de março de 2026 às 21:00", datetime(2026, 3, 10, 21, 0)),
        ("Wednesday, October 27, 2021 3:14 PM", datetime(2021, 10, 27, 15, 14)),
        ("12/11/2026 9:31:00 a. m.", datetime(2026, 11, 12, 9, 31)),
        ("2026-11-12 09:31", datetime(2026, 11, 12, 9, 31)),
        ("Thu, 12 Nov 2026 09:31:00 -0500", datetime(2026, 11, 12, 14, 31, tzinfo=UTC)),
        ("12 de noviembre de 2026, 9:31:22 GMT-5", datetime(2026, 11, 12, 14, 31, 22, tzinfo=UTC)),
        ("12 de noviembre de 2026, 9:31:22 a.m. COT", datetime(2026, 11, 12, 14, 31, 22, tzinfo=UTC)),
        ("sin fecha", None),
        ("31/31/2026", None),
        ("", None),
    ],
)
def test_dates_are_read_as_people_write_them(written: str, meant: datetime | None) -> None:
    assert parse_written_date(written) == meant


def test_an_american_date_is_read_the_american_way_where_its_labels_are_english() -> None:
    text = "From: Ann <ann@client.example>\nSent: 2/10/2026 4:52 PM\nTo: b@x.example\nSubject: Hi\n\nHello"
    forward = find_forwarded(text, "FW: Hi")
    assert forward is not None
    assert forward.date == datetime(2026, 2, 10, 16, 52)


def test_a_date_that_nobody_can_read_is_kept_as_written() -> None:
    text = "---------- Mensaje reenviado ---------\nDe: Ana <ana@x.example>\nFecha: el otro día\nAsunto: Hola\n\nTexto"
    forward = find_forwarded(text)
    assert forward is not None
    assert (forward.date, forward.date_text) == (None, "el otro día")


@pytest.mark.parametrize(
    ("written", "person"),
    [
        ("Ruiz, Ana [mailto:Ana@X.example]", Address("Ruiz, Ana", "ana@x.example")),
        ("'Ana Ruiz' <ana@x.example>", Address("Ana Ruiz", "ana@x.example")),
        ("ana@x.example <ana@x.example>", Address("", "ana@x.example")),
        ("ana@x.example", Address("", "ana@x.example")),
        ("Ana Ruiz", Address("Ana Ruiz", "")),
        ("Ana <ana@x.example> por cuenta de Ventas <v@x.example>", Address("Ana", "ana@x.example")),
        ("", Address("", "")),
    ],
)
def test_a_sender_is_read_however_outlook_wrote_it(written: str, person: Address) -> None:
    assert read_sender(written) == person


def test_recipients_keep_their_names_with_commas_and_semicolons() -> None:
    people = read_addresses('Ruiz, Ana <a@x.example>; "Gil, Pedro" <p@x.example>, c@x.example')
    assert [str(one) for one in people] == ["Ruiz, Ana <a@x.example>", "Gil, Pedro <p@x.example>", "c@x.example"]


def test_a_long_announcement_without_any_label_is_no_forward() -> None:
    assert find_forwarded("-" * 40 + " Mensaje reenviado " + "-" * 40 + "\n\nHola") is None


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from(SHREDS), max_size=400), st.text(max_size=40))
def test_no_text_raises_and_reading_twice_gives_the_same(text: str, subject: str) -> None:
    assert find_forwarded(text, subject) == find_forwarded(text, subject)


@pytest.mark.parametrize(
    "line",
    [
        "De: a\n",
        "De: ana@x.example\nPara: b@x.example\n",
        "> ",
        "-----\n",
        "Para: x\n\n",
        "a@",
        "De: " + "a," * 50,
        "<" * 90 + "\n",
        "El 12/11/26 a@b.co\n",
        "---------- Mensaje reenviado ---------\nDe: a <a@x.example>\nAsunto: b\n\n",
    ],
)
def test_a_megabyte_of_anything_is_read_in_no_time(line: str) -> None:
    text = (line * (1_000_000 // len(line)))[:1_000_000]
    begun = time.process_time()
    find_forwarded(text, "RV: x")
    assert time.process_time() - begun < 8


HEADERS = "De: Ana Ruiz <ana@x.example>\nFecha: 28/10/2021 12:46\nAsunto: Caso"


def test_what_the_original_quotes_keeps_its_marks() -> None:
    forward = f"Mira:\n\n---------- Mensaje reenviado ----------\n{HEADERS}\n\n"
    found = find_forwarded(f"{forward}Sigue igual.\n\n> ¿Ya probaron?\n>> Hola\n", "Fwd: Caso")
    assert found is not None
    assert found.body == "Sigue igual.\n\n> ¿Ya probaron?\n>> Hola"
    quoted = find_forwarded(f"{forward}> Sigue igual.\n>\n> > ¿Ya probaron?\n", "Fwd: Caso")
    assert quoted is not None, "Missive quotes the text and not its header"
    assert quoted.body == "Sigue igual.\n\n> ¿Ya probaron?"


def test_an_attribution_may_take_as_many_as_three_lines_of_a_forward() -> None:
    when, who = "El jueves, 28 de octubre de 2021 a las 12:46,", '"Ana Ruiz" <ana@x.example>'
    for said in (f"{when} {who} escribió:", f"{when} {who}\nescribió:", f"{when}\n{who}\nescribió:"):
        found = find_forwarded(f"Ver abajo.\n\n{said}\n\nNo entra nadie.", "RV: Caso")
        assert found is not None, said
        assert (found.sender, found.body) == (Address("Ana Ruiz", "ana@x.example"), "No entra nadie.")
        assert found.message == "Ver abajo."


def test_what_follows_whole_headers_is_text_however_it_begins() -> None:
    whole = HEADERS.replace("Asunto", "Para: Luis <luis@x.example>\nAsunto")
    found = find_forwarded(
        f"---------- Mensaje reenviado ----------\n{whole}\n\nCC: el contador pide copia.", "Fwd: Caso"
    )
    assert found is not None
    assert found.body == "CC: el contador pide copia."
    spaced = whole.replace("\n", "\n\n")
    found = find_forwarded(f"---------- Mensaje reenviado ----------\n{spaced}\n\nNo entra nadie.", "Fwd: Caso")
    assert found is not None, "some programs put an empty line between two of them"
    assert (found.subject, found.body) == ("Caso", "No entra nadie.")
    assert [one.address for one in found.to] == ["luis@x.example"]


def test_a_line_that_closes_the_headers_is_none_of_the_original() -> None:
    """Zoho repeats its announcement there, SquirrelMail draws a rule."""
    mark = "---------- Mensaje reenviado ----------"
    for closing in (mark, "-" * 40, "=" * 40):
        for gap in ("\n", "\n\n"):
            found = find_forwarded(f"Mira:\n\n{mark}\n{HEADERS}{gap}{closing}\n\nNo entra nadie.", "Fwd: Caso")
            assert found is not None
            assert found.body == "No entra nadie.", closing


@pytest.mark.parametrize(
    ("subject", "told"), [("Fwd: Pedido: 12", "Pedido: 12"), ("Pedido: 12", "Pedido: 12"), ("RV: Caso", "Caso")]
)
def test_where_the_headers_name_no_subject_it_is_the_mails_own_without_its_prefix(subject: str, told: str) -> None:
    text = (
        "---------- Mensaje reenviado ----------\nDe: Ana <ana@x.example>\nFecha: 28/10/2021 12:46\n\nNo entra nadie."
    )
    found = find_forwarded(text, subject)
    assert found is not None
    assert found.subject == told
