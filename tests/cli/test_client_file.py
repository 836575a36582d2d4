"""A table of clients as an accountant exports it: what is read, and what is told about what cannot be."""

from __future__ import annotations

import io
from datetime import date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.co.nit import calc_check_digit

from mailgate.cli import client_cells as cells
from mailgate.cli.client_file import Reading, find_clients, fold, read_table
from mailgate.errors import InputError

# A machine under load is no failure.
unhurried = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])

HEADINGS = "Licencia;NIT;Razón Social;Plan;Vigencia desde;Vence;Estado;Celular;Correos;Contacto;Dominio"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


def read(text: str, encoding: str = "utf-8", name: str = "clientes.csv") -> Reading:
    return find_clients(read_table(text.encode(encoding), name), name)


def read_row(**row: str) -> Reading:
    """One client with everything right but what the test says."""
    values = {"Licencia": "ACME", "NIT": "900373913", "Nombre": "Acme"} | row
    return read(";".join(values) + "\n" + ";".join(values.values()) + "\n")


def test_a_whole_row() -> None:
    """Every column finds its place, in the form the store keeps."""
    row = "acme01;900.373.913-4;Acmé S.A.S.;Oro;1/02/2026;2027-01-31;ACTIVO;300 123 4567;"
    row += "Ana@Acme.CO, luis@acme.co;Ana;@acme.co"
    reading = read(f"{HEADINGS}\n{row}\n")
    assert reading.problems == []
    (client,) = reading.clients
    assert (client.licence, client.nit, client.name, client.plan) == ("ACME01", "900373913", "Acmé S.A.S.", "Oro")
    assert (client.valid_from, client.valid_to, client.suspended) == (date(2026, 2, 1), date(2027, 1, 31), False)
    assert client.mobile == "+573001234567"
    assert client.contacts == {"ana@acme.co": "", "luis@acme.co": ""}, "whose name the contact is, of two, is not known"
    assert client.domains == ["acme.co"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_separator_and_encoding(separator: str, encoding: str) -> None:
    text = separator.join(["LICENCIA", "Nit", "NOMBRE"]) + "\r\n" + separator.join(["x1", "900373913", "Piñón Ltda"])
    (client,) = read(text, encoding).clients
    assert client.name == "Piñón Ltda"


def test_the_separator_that_excel_declares() -> None:
    assert read("sep=;\r\nlicencia;nit;nombre\r\nA;900373913;B, C y D\r\n").clients[0].name == "B, C y D"


def test_titles_above_and_unknown_columns_beside() -> None:
    reading = read("Clientes a noviembre\n\nlicencia;nit;nombre;Saldo\nA;900373913;B;1.000\n")
    assert [client.licence for client in reading.clients] == ["A"]
    assert [(p.row, p.column, p.fatal) for p in reading.problems] == [(3, "Saldo (D)", False)]


def test_no_headings_is_no_table() -> None:
    with pytest.raises(InputError, match="headings"):
        read("a;b;c\n1;2;3\n")


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04 not a workbook", b"\xd0\xcf\x11\xe0 old"])
def test_no_table_at_all(data: bytes) -> None:
    with pytest.raises(InputError):
        find_clients(read_table(data, "x.xlsx"), "x.xlsx")


@unhurried
@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(data: bytes) -> None:
    """Whatever the bytes: clients and problems, or InputError."""
    try:
        find_clients(read_table(b"licencia;nit;nombre;desde;celular;correo\n" + data, "x"), "x")
    except InputError:
        pass


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("900.373.913-4", "900373913"),
        ("900373913-4", "900373913"),
        ("900,373,913 - 4", "900373913"),
        ("9003739134", "900373913"),  # the digit without its dash
        ("900373913", "900373913"),
        ("1.020.304.050", "1020304050"),  # a cédula of ten digits has no check digit
        ("52123456", "52123456"),
        (900373913.0, "900373913"),  # Excel's number
        ('="900373913"', "900373913"),  # Excel's text
    ],
)
def test_nit_and_cedula(written: Any, kept: str) -> None:
    assert cells.nit(written) == kept


@unhurried
@given(st.integers(min_value=10_000, max_value=9_999_999_999))
def test_only_the_right_check_digit_passes(number: int) -> None:
    """Of the ten digits that may stand after the dash one is right."""
    right = calc_check_digit(str(number))
    assert cells.nit(f"{number}-{right}") == str(number)
    for wrong in set("0123456789") - {right}:
        with pytest.raises(cells.BadCell):
            cells.nit(f"{number}-{wrong}")


def test_a_wrong_check_digit_names_row_and_column() -> None:
    reading = read("licencia;nit;nombre\nA;900373913-4;Uno\nB;900373913-5;Dos\n")
    assert [client.licence for client in reading.clients] == ["A"]
    (problem,) = reading.errors
    assert (problem.row, problem.column) == (3, "nit (B)")
    assert "would be 4, not 5" in str(problem)


def test_the_check_digit_in_its_own_column() -> None:
    assert not read("licencia;nit;dv;nombre\nA;900373913;4;Uno\n").errors
    assert read("licencia;nit;dv;nombre\nA;900373913;5;Uno\n").errors


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("31/01/2026", date(2026, 1, 31)),
        ("1-2-26", date(2026, 2, 1)),  # the day first, as in Colombia
        ("2026-01-31", date(2026, 1, 31)),
        ("2026/01/31", date(2026, 1, 31)),
        ("2026-01-31 00:00:00", date(2026, 1, 31)),
        (datetime(2026, 1, 31), date(2026, 1, 31)),
        (46053, date(2026, 1, 31)),
        (46053.0, date(2026, 1, 31)),
        ("46053", date(2026, 1, 31)),
    ],
)
def test_dates(written: Any, read_as: date) -> None:
    assert cells.day(written) == read_as


@pytest.mark.parametrize("written", ["31/02/2026", "01/31/2026", "mañana", "12", "2026-13-01"])
def test_what_is_no_date_is_an_error(written: str) -> None:
    assert [p.column for p in read_row(Vence=written).errors] == ["Vence (D)"]


def test_one_column_with_both_ends_of_the_policy() -> None:
    (client,) = read_row(Vigencia="01/01/2026 - 31/12/2026").clients
    assert (client.valid_from, client.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_policy_that_ends_before_it_begins() -> None:
    assert "before it begins" in str(read_row(Desde="1/1/2026", Hasta="1/1/2025").errors[0])


@pytest.mark.parametrize("written", ["3001234567", "300 123 4567", "+57 300-123-4567", "(300) 1234567 / 6012345678"])
def test_mobiles_are_colombian_unless_they_say_otherwise(written: str) -> None:
    assert read_row(Celular=written).clients[0].mobile == "+573001234567"


@pytest.mark.parametrize("written", ["12345", "no tiene", "601 234 5678"])
def test_a_mobile_that_is_none_is_a_warning(written: str) -> None:
    reading = read_row(Celular=written)
    assert reading.clients[0].mobile == ""
    assert not reading.errors
    assert len(reading.problems) == 1


@pytest.mark.parametrize(
    "written", ["a@x.co,b@y.co", "a@x.co / b@y.co", "A@X.CO b@y.co", "Ana <a@x.co>, Beto <b@y.co>"]
)
def test_several_addresses_in_a_cell(written: str) -> None:
    assert list(read_row(Correos=written).clients[0].contacts) == ["a@x.co", "b@y.co"]


def test_addresses_in_two_columns_and_a_name_for_one() -> None:
    text = "licencia;nit;nombre;correo 1;correo 2\nA;900373913;N;a@x.co;b@x.co\n"
    assert list(read(text).clients[0].contacts) == ["a@x.co", "b@x.co"]
    assert read_row(Correo="a@x.co", Contacto="Ana Gil").clients[0].contacts == {"a@x.co": "Ana Gil"}


@pytest.mark.parametrize("domain", ["gmail.com", "Hotmail.com", "acme", "a b", "@"])
def test_a_domain_that_cannot_be_a_clients_own(domain: str) -> None:
    assert read_row(Dominio=domain).errors


def test_what_must_not_be_empty() -> None:
    reading = read("licencia;nit;nombre\n;900373913;Uno\nB;;Dos\nC;900373913;\n")
    assert [(p.row, p.column) for p in reading.errors] == [(2, "licencia (A)"), (3, "nit (B)"), (4, "nombre (C)")]


def test_a_licence_on_two_rows_is_one_client_with_two_contacts() -> None:
    reading = read("licencia;nit;nombre;correo\na;900373913;Uno;a@x.co\nA;900373913-4;Uno;b@x.co\n")
    (client,) = reading.clients
    assert list(client.contacts) == ["a@x.co", "b@x.co"]
    assert client.rows == [2, 3]


def test_two_rows_that_contradict_each_other() -> None:
    reading = read("licencia;nit;nombre\nA;900373913;Uno\nA;900373913;Dos\n")
    assert reading.errors[0].row == 3
    assert "row 2" in str(reading.errors[0])


def test_an_address_of_two_clients() -> None:
    reading = read("licencia;nit;nombre;correo\nA;900373913;Uno;a@x.co\nB;52123456;Dos;a@x.co\n")
    assert [client.licence for client in reading.clients] == ["A"]
    assert "licence A" in str(reading.errors[0])


@pytest.mark.parametrize(
    ("written", "suspended"),
    [("Suspendida", True), ("INACTIVO", True), ("vigente", False), ("vencido", False), ("", None)],
)
def test_states(written: str, suspended: bool | None) -> None:
    assert read_row(Estado=written).clients[0].suspended is suspended


def test_an_unknown_state_is_an_error() -> None:
    assert read_row(Estado="quizás").errors


def test_a_workbook() -> None:
    """Excel's own types: numbers, dates, empty cells; the sheet with the headings is found."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["Resumen"])
    sheet = book.create_sheet("Clientes")
    sheet.append(["Licencia", "NIT", "Nombre", "Vence", "Celular"])
    sheet.append(["acme", 900373913, "Acme", datetime(2026, 12, 31), 3001234567])
    sheet.append([None, None, None, None, None])
    data = io.BytesIO()
    book.save(data)
    reading = find_clients(read_table(data.getvalue(), "c.xlsx"), "c.xlsx")
    (client,) = reading.clients
    assert (client.nit, client.valid_to, client.mobile) == ("900373913", date(2026, 12, 31), "+573001234567")
    assert not reading.problems


@cache
def workbook() -> bytes:
    """One workbook for all draws: it holds the time it was made."""
    book = pytest.importorskip("openpyxl").Workbook()
    book.active.append(["Licencia", "NIT", "Nombre"])
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


@unhurried
@given(st.lists(st.tuples(st.integers(4, 100_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_no_damaged_workbook_breaks_the_reader(damages: list[tuple[int, int]]) -> None:
    damaged = bytearray(workbook())
    for place, value in damages:
        damaged[4 + place % (len(damaged) - 4)] = value
    try:
        find_clients(read_table(bytes(damaged), "c.xlsx"), "c.xlsx")
    except InputError:
        pass


def test_headings_without_accents_case_and_signs() -> None:
    assert fold(" Razón  Social: ") == "razon social"
    assert fold("Correo electrónico 2") == "correo electronico"
    assert fold("NIT/C.C.") == "nit c c"
