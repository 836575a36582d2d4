"""Mobiles as people give them in a mail, and numbers that are none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.desk.mobiles import find_mobile, normalised, shown


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Celular: 300 123 4567", "+573001234567"),
        ("Mi celular es 3001234567, gracias", "+573001234567"),
        ("cel. (300) 123-45-67", "+573001234567"),
        ("Cel 300.123.4567", "+573001234567"),
        ("CELULAR : +57 300 123 45 67", "+573001234567"),
        ("Móvil: 57 3001234567", "+573001234567"),
        ("WhatsApp 3001234567", "+573001234567"),
        ("Número de celular: 300 1234567", "+573001234567"),
        ("Teléfono celular 300-123-4567", "+573001234567"),
        ("Mobile number: +1 305 555 0123", "+13055550123"),
        ("Cell phone: +57 (300) 123 4567", "+573001234567"),
        ("Factura 900123456\nCelular:\t310 555 1212\nGracias", "+573105551212"),
        ("Celular: 12345\nCelular: 320 555 1212", "+573205551212"),
        ("Mi celular cambió, ahora es 315 444 5566", "+573154445566"),
        ("mi nuevo numero es 3154445566", "+573154445566"),
        ("me pueden llamar al 3209998877", "+573209998877"),
        ("Por favor llámenme al 320 999 8877 gracias", "+573209998877"),
        ("Please call me at +57 320 999 8877", "+573209998877"),
    ],
)
def test_a_labelled_mobile_is_found(text: str, number: str) -> None:
    found = find_mobile(text)
    assert found is not None
    assert found.number == number


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Celular: 12345", "12345"),
        ("celular 601 514 1327", "601 514 1327"),  # a landline
        ("Cel: 300 123 45", "300 123 45"),
        ("Mobile: 999 999 9999 999", "999 999 9999 999"),
    ],
)
def test_what_is_given_as_a_mobile_and_is_none_is_found_as_that(text: str, said: str) -> None:
    found = find_mobile(text)
    assert found is not None
    assert (found.number, found.said) == ("", said)


@pytest.mark.parametrize(
    "text",
    [
        "La factura 3001234567 no sale",
        "NIT 900.123.456-7, licencia ABC123",
        "El celular no carga y la cancela",
        "Tengo 3 celulares",
        "cancelar 3001234567",
        "El cliente llamó 3209998877 veces",
        "Me pueden llamar al 601 514 1327",  # a landline is as good to be called at
        "Por favor no me llamen al 3209998877",
        "excel 2016 no abre",
        "Tel: 601 514 1327",
        "soporte.cel@x.co 3001234567",
    ],
)
def test_other_numbers_are_no_mobiles(text: str) -> None:
    found = find_mobile(text)
    assert found is None or not found.number


def test_a_number_is_shown_as_people_read_it() -> None:
    assert shown("+573001234567") == "+57 300 1234567"
    assert shown("nada") == "nada"


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    find_mobile(text)
    find_mobile(f"Celular: {text}")
    assert normalised(text) == "" or normalised(text).startswith("+")


@pytest.mark.parametrize("between", [" ", "\t", "no. de ", "cel ", " es", "(", "1 "])
def test_a_label_and_a_heap_of_anything_cost_little(between: str) -> None:
    """A run of blanks behind the label took half a minute of whoever works on mails."""
    began = time.process_time()
    assert find_mobile("celular" + between * 20_000 + "x") is None or between == "1 "
    assert time.process_time() - began < 2
