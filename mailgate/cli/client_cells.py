"""What stands in one cell of a table of clients, read as a licence, a NIT, a date, a mobile, addresses, a state.

Each function takes a cell that is not empty and gives its value, or raises BadCell (the row cannot be taken) or
DoubtfulCell (the value is left out, the row is taken), with words for the person.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from mailgate.cli.words import say


class BadCell(ValueError):
    """Nobody can tell what was meant."""


class DoubtfulCell(ValueError):
    """Better left out than taken as it is."""


EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 system, its false leap day allowed for
EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119: a smaller or larger number is no date of a policy
DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?:[ T].*)?")
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[ T].*)?")
BETWEEN = re.compile(r"\s+(?:-|–|—|a|al|to|hasta|until)\s+", re.IGNORECASE)

ADDRESS = re.compile(r"[^@\s<>,;\"()]+@[^@\s<>,;\"()]+\.[^@\s<>,;\"().]+")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
# Whoever has a free address would be a contact of the client.
EVERYBODYS = frozenset(
    {
        "gmail.com", "googlemail.com", "hotmail.com", "hotmail.es", "outlook.com", "outlook.es", "live.com", "msn.com",
        "yahoo.com", "yahoo.es", "yahoo.com.co", "yahoo.com.mx", "ymail.com", "icloud.com", "me.com", "mac.com",
        "aol.com", "gmx.com", "gmx.net", "proton.me", "protonmail.com", "une.net.co", "etb.net.co", "latinmail.com",
    }
)  # fmt: skip

ACTIVE = frozenset({"activo", "activa", "active", "vigente", "si", "yes", "al dia"})
SUSPENDED = frozenset({"suspendido", "suspendida", "suspended", "inactivo", "inactiva", "inactive", "bloqueado", "no"})
EXPIRED = frozenset({"vencido", "vencida", "expired", "expirado", "expirada"})


def text(cell: object) -> str:
    """One line of text. Excel's numbers lose their ".0", its ="00123" its cover."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    written = re.sub(r'^="(.*)"$', r"\1", str(cell).strip())
    return " ".join("".join(c for c in written if unicodedata.category(c) != "Cf").split())


def licence(cell: object) -> str:
    """Upper case, at most 60 characters."""
    code = text(cell).upper()
    if len(code) > 60:
        raise BadCell(say("import.too-long", value=code[:60], most=60))
    return code


def nit(cell: object, digit: str = "") -> str:
    """Digits of a NIT or cédula without its check digit, which is verified when given (DIAN, modulo 11).

    The check digit stands after a dash or in a column of its own. Without either, ten digits that begin with 8 or 9 are
    a NIT with its digit, eleven that begin with 1 a cédula with its digit: neither is that long without.
    """
    from stdnum.co.nit import calc_check_digit

    written = text(cell)
    if re.fullmatch(r"[\d.,]+E\+?\d+", written, re.IGNORECASE):
        raise BadCell(say("import.scientific", value=written))
    number, dash, after = written.rpartition("-") if re.search(r"-\s*\d\s*$", written) else (written, "", "")
    digits = re.sub(r"[\s.,'-]", "", number)
    given = after.strip() if dash else digit.strip()
    if not given and ((len(digits) == 10 and digits[0] in "89") or (len(digits) == 11 and digits[0] == "1")):
        digits, given = digits[:-1], digits[-1]
    if not digits.isascii() or not digits.isdigit() or not 5 <= len(digits) <= 10:
        raise BadCell(say("import.no-nit", value=written))
    if given and given != calc_check_digit(digits):
        raise BadCell(say("import.check-digit", value=written, right=calc_check_digit(digits), given=given))
    return digits


def day(cell: object) -> date:
    """A date: Excel's own, d/m/Y, Y-m-d, or the number Excel counts days with."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = text(cell)
    try:
        if found := YEAR_FIRST.fullmatch(written):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := DAY_FIRST.fullmatch(written):
            year = int(found[3]) + (2000 if len(found[3]) == 2 else 0)
            return date(year, int(found[2]), int(found[1]))
    except ValueError:
        raise BadCell(say("import.no-date", value=written)) from None
    if written.isascii() and written.isdigit() and int(written) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(written))
    raise BadCell(say("import.no-date", value=written))


def period(cell: object) -> tuple[date, date | None]:
    """The first day of a policy, and its last one when the cell holds both ("01/01/2026 - 31/12/2026")."""
    if isinstance(cell, str):
        ends = BETWEEN.split(cell.strip())
        if len(ends) == 2:
            return day(ends[0]), day(ends[1])
    return day(cell), None


def mobile(cell: object) -> str:
    """A mobile number in E.164; without a country it is Colombia's. The first, where several stand."""
    import phonenumbers

    written = text(cell)
    first = re.split(r"[/,;]|\s+(?:-|y|o|and)\s+", written)[0]
    try:
        number = phonenumbers.parse(first, "CO")
    except phonenumbers.NumberParseException:
        raise DoubtfulCell(say("import.no-mobile", value=written)) from None
    sort = phonenumbers.number_type(number)
    mobiles = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not phonenumbers.is_valid_number(number) or sort not in mobiles:
        raise DoubtfulCell(say("import.no-mobile", value=written))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def addresses(cell: object) -> list[str]:
    """Mail addresses, as the store compares them, separated by ; , / or space; "Ana <ana@x.co>" as well."""
    written = text(cell)
    words = [word for word in re.split(r"[;,/\s]+", written) if "@" in word or "<" not in written]
    found = [word.strip("<>\"'()").removeprefix("mailto:").casefold() for word in words if word]
    for address in found:
        if not ADDRESS.fullmatch(address):
            raise BadCell(say("import.no-address", value=address))
    return [f"{local}@{_a_label(domain)}" for local, _, domain in (a.rpartition("@") for a in found)]


def domains(cell: object) -> list[str]:
    """Mail domains, separated by ; , or space, with or without their @."""
    found = [_a_label(word.lstrip("@").casefold()) for word in re.split(r"[;,\s]+", text(cell)) if word]
    for domain in found:
        if not DOMAIN.fullmatch(domain):
            raise BadCell(say("import.no-domain", value=domain))
        if domain in EVERYBODYS:
            raise BadCell(say("import.everybodys", value=domain))
    return found


def _a_label(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise BadCell(say("import.no-domain", value=domain)) from None


def is_suspended(cell: object) -> bool:
    """Whether a state means suspended. That a policy is over is told by its dates, not by this column."""
    written = text(cell)
    word = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode().casefold()
    if word in ACTIVE or word in EXPIRED:
        return False
    if word in SUSPENDED:
        return True
    raise BadCell(say("import.no-state", value=written))
