"""What a subject says: numbers, radicados, and the matter itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.mail.subject import find_number, find_radicado, strip_prefixes, subject_from


@pytest.mark.parametrize(
    "subject",
    [
        "[#1042] No imprime",
        "Re: [#1042] No imprime",
        "RE: RV: Ticket #1042",
        "TICKET 1042",
        "ticket Nº 1042",
        "Ticket n° 1042 sin respuesta",
        "sobre el ticket número 1042",
        "estado del ticket 1042",
        "Fwd: RES: [ # 1042 ] nómina",
        "[#1042] y otra vez [#1042]",
        "RE: [#1042] Ticket 1042",
        "Ticket:1042",
        "Ticket 1042, factura 88",
    ],
)
def test_number_is_found_as_people_write_it(subject: str) -> None:
    assert find_number(subject) == 1042


@pytest.mark.parametrize(
    "subject",
    [
        "No imprime",
        "[#1] [#2]",
        "[#1042] Ticket 1043",
        "[#٤٢]",
        "[#0]",
        "[#-1]",
        "[#0x4D2]",
        "[#1234 OR 1=1]",
        "[#12345678901234567890]",
        "[#" + "7" * 5000 + "]",
        "Ticket 1042.5",
        "Ticket 2026-11-23",
        "tickets 2 por 1",
        "Factura 1042",
        "foo@ticket1042",
        "[#10\u200b42]",
    ],
)
def test_what_is_no_number_or_several_names_no_ticket(subject: str) -> None:
    assert find_number(subject) is None


def test_tag_is_as_the_desk_writes_it() -> None:
    assert find_number("Re: (Mesa-77) hola", "(Mesa-{number})") == 77
    assert find_number("Re: [#77] hola", "(Mesa-{number})") is None


def test_radicado() -> None:
    assert find_radicado("RE: Queja PQRS-2026-000017") == "PQRS-2026-000017"
    assert find_radicado("re: pqrs - 2026 - 17") == "PQRS-2026-000017"
    assert find_radicado("PQRS-2026-000017 y PQRS-2026-000018") is None
    assert find_radicado("PQRS sobre nómina") is None


@pytest.mark.parametrize(
    ("subject", "matter"),
    [
        ("RE: RV: [#1042] No imprime", "No imprime"),
        ("Fwd: Re[2]: No imprime", "No imprime"),
        ("ENC: RES: No imprime", "No imprime"),
        ("[EXTERNAL] RE: No imprime", "No imprime"),
        ("Re：No imprime", "No imprime"),
        ("Resumen: No imprime", "Resumen: No imprime"),
        ("Rectificación: RE no es prefijo", "Rectificación: RE no es prefijo"),
        ("RE:", ""),
    ],
)
def test_matter_without_prefixes(subject: str, matter: str) -> None:
    assert strip_prefixes(subject) == matter


@given(st.text())
def test_any_subject_is_answered(subject: str) -> None:
    number = find_number(subject)
    assert number is None or 0 < number < 10**9
    assert find_radicado(subject) is None or subject
    assert strip_prefixes(strip_prefixes(subject)) == strip_prefixes(subject)


def test_a_case_or_an_invoice_is_no_ticket() -> None:
    """People number their own things: only our tag and the word ticket name one of ours."""
    for subject in ("Caso 12", "Caso No. 1042 de la DIAN", "Case 88", "Factura 1042"):
        assert find_number(subject) is None


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Hola buenas tardes por favor me colaboran que no abre el programa", "por favor me colaboran que no abre el"),
        ("Buenos días:\n\nNo cierra la nómina.", "No cierra la nómina."),
        ("Un cordial saludo, señores. Necesito una factura", "Necesito una factura"),
        ("Un error sale", "Un error sale"),
        ("Hola", "Hola"),
        ("", ""),
    ],
)
def test_a_mail_without_subject_is_called_by_its_first_words_and_no_greeting(text: str, subject: str) -> None:
    assert subject_from(text) == subject


@pytest.mark.parametrize("subject", ["(sin asunto)", "Fwd: (Sin asunto)", "Re: (no subject)"])
def test_what_programs_write_for_none_is_none(subject: str) -> None:
    assert strip_prefixes(subject) == ""
