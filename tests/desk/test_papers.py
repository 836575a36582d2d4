"""Licence and NIT as people write them."""

from __future__ import annotations

import time

import pytest

from mailgate.desk.papers import find_papers, licence_key, read_nits, words_beside

NIT = "900123456"  # its check digit is 8


@pytest.mark.parametrize(
    "text",
    [
        "Licencia: ABC123\nNIT: 900.123.456-8",
        "Licencia ABC123, NIT 900123456-8",
        "licencia: abc123 / nit: 900123456",
        "LICENCIA No. ABC-123\nN.I.T. 900.123.456 - 8",
        "Lic. ABC 123".replace(" 123", "123") + "\nNit No. 900 123 456-8",
        "Código de licencia: ABC123. Nit. 900123456",
        "Mi licencia es la ABC123 y el NIT es 900.123.456-8.",
        "Lic # ABC123\nNIT # 900,123,456-8",
        "License code: ABC123\nTax ID: 900123456-8",
        "Buenos días, somos Empresa S.A. (NIT 900.123.456–8), licencia ABC123. No podemos facturar desde ayer.",
        "*Licencia:* ABC123\n*NIT:* 900.123.456-8",
        "NIT:900123456-8\nLICENCIA:abc123",
        "Número de licencia ABC123\nIdentificación tributaria 900123456-8",
        "Nit 9001234568\nLicencia ABC123",  # the digit without its dash
    ],
)
def test_the_ways_people_write_both(text: str) -> None:
    papers = find_papers(text)
    assert papers.licences == ("ABC123",)
    assert NIT in papers.nits
    assert papers.complete


@pytest.mark.parametrize(
    "text",
    [
        "ABC123\n900123456-8",
        "ABC123\n900.123.456-8\n\nGracias",
        "900123456\nABC-123",
        "ABC123 - 900.123.456-8",
        "Hola, ABC123 y 900123456-8",
        "Licencia ABC123\n900.123.456-8",
        "abc123\nNIT 900.123.456-8\nJuan Pérez",
    ],
)
def test_bare_in_a_reply_to_our_question(text: str) -> None:
    papers = find_papers(text, bare=True)
    assert "ABC123" in papers.licences
    assert NIT in papers.nits
    assert not find_papers(text).complete or "icencia" in text.lower()


def test_a_cedula_is_as_good_as_a_nit() -> None:
    papers = find_papers("Licencia PER-0042\nC.C. 12.345.678")
    assert (papers.licences, papers.nits) == (("PER0042",), ("12345678",))
    assert "1020304050" in find_papers("Licencia: X1\nCédula de ciudadanía No. 1.020.304.050").nits


def test_a_check_digit_that_is_not_its_own_is_told() -> None:
    papers = find_papers("Licencia ABC123 NIT 900.123.456-5")
    assert papers.nits == ()
    assert papers.wrong_digit
    assert papers.complete  # both were given: a wrong pair, and no reason to ask again for what was said


def test_without_a_dash_both_readings_are_tried() -> None:
    assert read_nits("9001234568") == ("9001234568", "900123456")
    assert read_nits("9001234567") == ("9001234567",)
    assert read_nits("900123456-8") == ("900123456",)


@pytest.mark.parametrize("nit", ["12345-8", "9001234567-0"])
def test_a_nit_has_five_to_ten_digits(nit: str) -> None:
    digits, _, check = nit.partition("-")
    assert read_nits(nit) == (digits,)
    assert digits in read_nits(digits + check)


@pytest.mark.parametrize("nit", ["1234-1", "12341", "12345678901-2", "123456789012"])
def test_what_is_shorter_or_longer_is_none_with_its_check_digit(nit: str) -> None:
    assert read_nits(nit) == (() if "-" in nit or len(nit) > 10 else (nit,))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "La impresora no imprime desde el 12/11/2026",
        "¿Dónde veo mi licencia?",
        "La licencia dice que vence mañana; llámenme al 300 123 4567",
        "Factura 900123456 por favor",
    ],
)
def test_ordinary_words_are_no_papers(text: str) -> None:
    assert not find_papers(text).complete


def test_a_licence_is_the_same_with_and_without_its_separators() -> None:
    assert licence_key("abc-123") == licence_key("ABC 123") == licence_key("ABC.123") == "ABC123"


def test_what_a_reply_says_beyond_its_papers() -> None:
    assert words_beside("Licencia ABC123\nNIT 900.123.456-8\n\nMuchas gracias,\nJuan Pérez\nEmpresa S.A.") == ""
    assert "facturar" in words_beside(
        "Licencia ABC123\nNIT 900.123.456-8\nAdemás ahora tampoco podemos facturar nada en la sede de Cali"
    )


@pytest.mark.parametrize(
    "junk", ["nit " * 20_000, "lic. " * 20_000, "9" * 200_000, "nit 9 " + " 9" * 100_000, "no " * 9999]
)
def test_hostile_text_costs_little(junk: str) -> None:
    start = time.process_time()
    find_papers(junk, bare=True)
    assert time.process_time() - start < 1
