"""A table of clients as accountants export it, read into entries: pure, no store, no screen.

``read_table`` turns a file's bytes into rows of cells (CSV with ``;``, ``,``, tab or ``|``; UTF-8, UTF-16 with a mark,
else cp1252; or XLSX). ``find_clients`` reads the rows: what is wrong is a ``Problem`` that names row and column, never
an exception. Only a file that is no table at all raises InputError.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from mailgate.cli import client_cells as cells
from mailgate.cli.client_cells import BadCell, DoubtfulCell
from mailgate.cli.words import say
from mailgate.errors import InputError

Cell = str | int | float | bool | date | datetime | None
Rows = list[list[Cell]]

HEADER_WITHIN = 25  # rows of titles and logos that may stand above the headings
SEPARATORS = (";", ",", "\t", "|")

# field: names of its column, folded, the surest first. A trailing number ("correo 2") is ignored.
HEADINGS: dict[str, tuple[str, ...]] = {
    "licence": (
        "licencia", "codigo licencia", "codigo de licencia", "no licencia", "numero de licencia", "licence", "license",
        "licence code", "license code",
    ),
    "nit": (
        "nit", "nit cc", "nit c c", "c c", "nit cedula", "nit o cedula", "nit o cc", "cedula", "cc", "identificacion",
        "numero de identificacion", "documento", "tax id",
    ),
    "check_digit": ("dv", "digito de verificacion", "digito verificacion", "check digit"),
    "name": (
        "nombre razon social", "razon social", "nombre o razon social", "empresa", "cliente", "nombre",
        "nombre cliente", "nombre del cliente", "name", "company", "client", "company name",
    ),
    "plan": ("plan", "poliza", "plan contratado", "producto", "policy"),
    "valid_from": (
        "desde", "vigencia desde", "fecha desde", "vigencia", "inicio", "fecha inicio", "fecha de inicio",
        "inicio vigencia", "valid from", "from", "start",
    ),
    "valid_to": (
        "hasta", "vigencia hasta", "vence", "vencimiento", "fecha vencimiento", "fecha de vencimiento", "fecha hasta",
        "fin", "fecha fin", "fin vigencia", "valid to", "valid until", "until", "to", "expires", "end",
    ),
    "state": ("estado", "state", "status"),
    "mobile": ("celular", "movil", "telefono celular", "telefono movil", "telefono", "mobile", "cell", "phone"),
    "mails": (
        "correo", "correos", "correo electronico", "correos electronicos", "correo e", "email", "emails", "e mail",
        "e mails", "mail", "mails",
    ),
    "contact": ("contacto", "nombre contacto", "nombre del contacto", "persona de contacto", "contact", "contact name"),
    "domains": ("dominio", "dominios", "domain", "domains"),
}  # fmt: skip
NEEDED = ("licence", "nit", "name")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, or with a whole row or column ("" for either)."""

    row: int  # as a spreadsheet numbers it, from 1
    column: str
    text: str  # in the person's language
    fatal: bool = True  # False: a warning, the row is taken all the same

    def __str__(self) -> str:
        where = [say("import.row", row=self.row)] if self.row else []
        where += [say("import.column", column=self.column)] if self.column else []
        return f"{', '.join(where)}: {self.text}" if where else self.text


@dataclass(slots=True)
class ClientRow:
    """One client as the file has it; "" and None where the file says nothing."""

    rows: list[int]
    licence: str = ""
    nit: str = ""
    name: str = ""
    plan: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    suspended: bool | None = None
    mobile: str = ""
    contacts: dict[str, str] = field(default_factory=dict)  # address: name
    domains: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read. A client with a fatal problem is not among ``clients``."""

    clients: list[ClientRow]
    problems: list[Problem]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.fatal]


def read_table(data: bytes, name: str) -> Rows:
    """The cells of a file. Raises InputError when it is no table."""
    if data.startswith(b"PK\x03\x04"):
        return _read_xlsx(data, name)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(say("import.old-excel", file=name))
    return _read_csv(data, name)


def _read_xlsx(data: bytes, name: str) -> Rows:
    try:
        import openpyxl
    except ImportError:
        raise InputError(say("import.no-openpyxl", file=name)) from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [[_plain(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    except Exception as error:  # whatever zip, XML and openpyxl raise for a file that is not whole
        raise InputError(say("import.bad-xlsx", file=name, error=error)) from error
    found = [rows for rows in sheets if _header_row(rows) is not None]
    return found[0] if found else (sheets[0] if sheets else [])


def _plain(row: Sequence[object]) -> list[Cell]:
    """A row without the rarer types of a workbook (times, formulas, rich text): their text."""
    return [cell if isinstance(cell, str | int | float | date | None) else str(cell) for cell in row]


def _read_csv(data: bytes, name: str) -> Rows:
    text = decode(data).replace("\0", "")
    first, _, rest = text.partition("\n")
    if declared := re.fullmatch(r"sep=(.)\r?", first):
        return _split(rest, declared[1], name)
    tries = [_split(text, separator, name) for separator in SEPARATORS]
    return max(tries, key=_columns_known)


def decode(data: bytes) -> str:
    """Text of a CSV file, whatever program wrote it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _split(text: str, separator: str, name: str) -> Rows:
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise InputError(say("import.bad-csv", file=name, error=error)) from error


def _columns_known(rows: Rows) -> int:
    return max((len(_fields_of(row)[0]) for row in islice(rows, HEADER_WITHIN)), default=0)


def fold(text: object) -> str:
    """A heading without accents, case, signs and trailing number: " Razón Social: " is "razon social"."""
    plain = unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", " ", plain).strip()
    return re.sub(r"\s*[0-9]+$", "", words)


def _fields_of(row: Sequence[Cell]) -> tuple[dict[str, list[int]], list[int]]:
    """Which columns hold which field (mails may have several), and the columns that hold nothing we know."""
    titles = [fold(cell) if cell is not None else "" for cell in row]
    fields: dict[str, list[int]] = {}
    for name, known in HEADINGS.items():
        columns = sorted((known.index(t), i) for i, t in enumerate(titles) if t in known)
        if columns:
            fields[name] = [i for _, i in columns] if name in ("mails", "domains") else [columns[0][1]]
    used = {i for columns in fields.values() for i in columns}
    return fields, [i for i, title in enumerate(titles) if title and i not in used]


def _header_row(rows: Rows) -> int | None:
    for index, row in enumerate(islice(rows, HEADER_WITHIN)):
        if all(name in _fields_of(row)[0] for name in NEEDED):
            return index
    return None


def find_clients(rows: Rows, name: str) -> Reading:
    """Every client of the table. Raises InputError when no row has the headings needed."""
    top = _header_row(rows)
    if top is None:
        raise InputError(say("import.no-header", file=name))
    fields, unknown = _fields_of(rows[top])
    titles = [str(cell).strip() if cell is not None else "" for cell in rows[top]]
    problems = [Problem(top + 1, _column(i, titles), say("import.ignored-column"), fatal=False) for i in unknown]
    found: dict[str, ClientRow] = {}
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        if all(cell is None or not str(cell).strip() for cell in row):
            continue
        reader = _RowReader(number, row, fields, titles)
        client = reader.read()
        problems += reader.problems
        if not any(problem.fatal for problem in reader.problems):
            problems += _join(found, client)
    problems += _mails_of_two(found)
    wrong = {problem.row for problem in problems if problem.fatal}
    return Reading([client for client in found.values() if not wrong.intersection(client.rows)], problems)


def _column(index: int, titles: Sequence[str]) -> str:
    """ "NIT (B)": the heading as written and the letter of the spreadsheet."""
    letters, left = "", index + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{titles[index]} ({letters})"


def _join(found: dict[str, ClientRow], client: ClientRow) -> list[Problem]:
    """A licence on several rows is one client with several contacts, if the rows agree."""
    known = found.setdefault(client.licence, client)
    if known is client:
        return []
    problems = []
    for name in ("nit", "name", "plan", "valid_from", "valid_to", "suspended", "mobile"):
        before, after = getattr(known, name), getattr(client, name)
        if before in ("", None):
            setattr(known, name, after)
        elif after not in ("", None, before):
            text = say("import.twice", licence=client.licence, row=known.rows[0], before=before, after=after)
            problems.append(Problem(client.rows[0], "", text))
    known.rows += client.rows
    known.contacts |= client.contacts
    known.domains += [domain for domain in client.domains if domain not in known.domains]
    return problems


def _mails_of_two(found: dict[str, ClientRow]) -> list[Problem]:
    """An address or a domain belongs to one client: who writes from it is known by it."""
    owners: dict[str, ClientRow] = {}
    problems = []
    for client in found.values():
        for address in (*client.contacts, *client.domains):
            owner = owners.setdefault(address, client)
            if owner is not client:
                text = say("import.shared", what=address, licence=owner.licence, row=owner.rows[0])
                problems.append(Problem(client.rows[0], "", text))
    return problems


class _RowReader:
    """Reads one row, noting what is wrong with which column."""

    def __init__(self, number: int, row: Sequence[Cell], fields: dict[str, list[int]], titles: Sequence[str]) -> None:
        self.number, self.row, self.fields, self.titles = number, row, fields, titles
        self.problems: list[Problem] = []

    def read(self) -> ClientRow:
        number = self.number
        client = ClientRow(
            rows=[number],
            licence=self._field("licence", cells.licence, ""),
            nit=self._nit(),
            name=self._field("name", cells.text, ""),
            plan=self._field("plan", cells.text, ""),
            suspended=self._field("state", cells.is_suspended, None),
            mobile=self._field("mobile", cells.mobile, ""),
        )
        client.valid_from, until = self._field("valid_from", cells.period, (None, None))
        client.valid_to = self._field("valid_to", cells.day, None) or until
        contact = self._field("contact", cells.text, "")
        addresses = self._all("mails", cells.addresses)
        client.contacts = {address: contact if len(addresses) == 1 else "" for address in addresses}
        client.domains = self._all("domains", cells.domains)
        self._check(client)
        return client

    def _check(self, client: ClientRow) -> None:
        for name in NEEDED:
            column = self.fields[name][0]
            if not getattr(client, name) and not any(p.column == self._title(column) for p in self.problems):
                self._note(column, say("import.empty"))
        if client.valid_from and client.valid_to and client.valid_to < client.valid_from:
            column = self.fields.get("valid_to", self.fields["valid_from"])[0]
            self._note(column, say("import.backwards", start=client.valid_from, end=client.valid_to))

    def _nit(self) -> str:
        digit = self._field("check_digit", cells.text, "")
        return self._field("nit", lambda cell: cells.nit(cell, digit), "")

    def _field(self, name: str, read: Callable[[Any], Any], missing: Any) -> Any:
        values = [self._read(column, read, missing) for column in self.fields.get(name, [])]
        return values[0] if values else missing

    def _all(self, name: str, read: Callable[[Any], list[str]]) -> list[str]:
        columns = self.fields.get(name, [])
        return list(dict.fromkeys(value for column in columns for value in self._read(column, read, [])))

    def _read(self, column: int, read: Callable[[Any], Any], missing: Any) -> Any:
        cell = self.row[column] if column < len(self.row) else None
        if cell is None or not str(cell).strip():
            return missing
        try:
            return read(cell)
        except BadCell as bad:
            self._note(column, str(bad))
        except DoubtfulCell as doubtful:
            self._note(column, str(doubtful), fatal=False)
        return missing

    def _title(self, column: int) -> str:
        return _column(column, self.titles)

    def _note(self, column: int, text: str, *, fatal: bool = True) -> None:
        self.problems.append(Problem(self.number, self._title(column), text, fatal))
