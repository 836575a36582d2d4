"""A licence and a NIT as people write them: labelled, on one line, bare in two lines of a reply.

Colombian companies write ``NIT 900.123.456-7``, ``Nit: 900123456 - 7``, ``N.I.T. No. 900 123 456``; persons a cédula,
``C.C. 12.345.678``. The digit after the dash is the DIAN's check digit (modulo 11) and is verified when it is given.
Pure and total: what is not there is empty.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from stdnum.co.nit import calc_check_digit

from mailgate.mail.accents import without_accents

MOST_TEXT = 4000  # characters looked at: who identifies says so at the beginning, or in a signature near it
FEW_WORDS = 6  # a name, a company: still only papers
MOST_FOUND = 3  # of each: more is guessing

_NIT_WORD = (
    r"(?:n\s?\.?\s?i\s?\.?\s?t\b\.?|r\.?u\.?t\b\.?|c\.?\s?c\b\.?|c\.?\s?e\b\.?"
    r"|cedula(?: de (?:ciudadania|extranjeria))?|identificacion(?: tributaria)?|tax id|documento(?: de identidad)?"
    r"|id(?=\s*[:#]))"
)
_LICENCE_WORD = r"(?:(?:codigo|numero|nro\.?|no\.?|n[o°º]\.?) de (?:la )?)?(?:licencias?|licen[cs]es?|lic\b\.?)"
_BETWEEN = (
    r"[\s:=#*_.\-–—|]*(?:(?:es|is|code|key|codigo|numero|number|num|nro|no|n[o°º]|la|el|de)\b[\s:=#*_.\-–—°º]*){0,4}"
)
_NUMBER = r"\d(?:[\d.,' \t]{0,14}\d)?(?: ?[-–—] ?\d(?!\d))?"
_NIT = re.compile(rf"(?<![a-z]){_NIT_WORD}{_BETWEEN}({_NUMBER})")
_CODE = r"[a-z0-9](?:[a-z0-9._/\-]{0,58}[a-z0-9])?"
_LICENCE = re.compile(rf"(?<![a-z]){_LICENCE_WORD}{_BETWEEN}({_CODE})(?![a-z0-9])")
_BARE_NIT = re.compile(r"(?<![\w.\-])(?:\d{1,3}(?:[.,' ]?\d{3}){2,3}|\d{5,10})(?: ?[-–—] ?\d)?(?![\w\-])")
_BARE_CODE = re.compile(rf"(?<![\w@.\-/])({_CODE})(?![\w@\-/])")
_COURTESIES = frozenset(
    """
    hola buenos buenas dias tardes noches saludos cordial cordialmente gracias muchas atentamente estimados estimado
    senores hello hi thanks thank you regards best kind dear la el mi es de los las mis son datos aqui estan adjunto
    envio here are my the is licencia licence license nit cedula numero
    """.split()  # noqa: SIM905  # a list of fifty strings reads worse
)


@dataclass(frozen=True, slots=True)
class Papers:
    """What somebody says of themselves. Each tuple holds the readings of it, likeliest first."""

    licences: tuple[str, ...] = ()  # as ``licence_key`` gives them
    nits: tuple[str, ...] = ()  # digits without check digit
    wrong_digit: bool = False  # a NIT was given whose check digit is not its own

    @property
    def complete(self) -> bool:
        return bool(self.licences) and (bool(self.nits) or self.wrong_digit)

    @property
    def pair(self) -> str:
        """To know the same papers again: a digest."""
        return hashlib.sha256(repr((self.licences, self.nits)).encode()).hexdigest()


def licence_key(written: str) -> str:
    """A licence as it is compared: upper case, without the separators that people put in or leave out."""
    return re.sub(r"[^A-Z0-9]", "", _plain(written).upper())


def read_nits(written: str) -> tuple[str, ...]:
    """The numbers that may be meant, without check digit; empty when the digit that is given is not its own.

    Without a dash, a last digit that would be the right check digit may be one, or not: both readings are given.
    """
    head, dash, tail = _dashed(written)
    digits = re.sub(r"\D", "", head)
    if dash:
        return (digits,) if 5 <= len(digits) <= 10 and calc_check_digit(digits) == tail else ()
    readings = [digits] if 5 <= len(digits) <= 10 else []
    if 6 <= len(digits) <= 11 and calc_check_digit(digits[:-1]) == digits[-1]:
        readings.append(digits[:-1])
    return tuple(readings)


def find_papers(text: str, *, bare: bool = False) -> Papers:
    """What a text says. ``bare``: it answers our question, so that no word need say which is which."""
    plain = _plain(text[:MOST_TEXT])
    nits = [found[1].strip() for found in _NIT.finditer(plain)]
    codes = [found[1] for found in _LICENCE.finditer(plain) if re.search(r"\d", found[1]) or bare]
    if bare:
        nits = nits or [found[0] for found in _BARE_NIT.finditer(plain)]
        rest = plain
        for number in nits:
            rest = rest.replace(number, " ")
        codes = codes or [found[1] for found in _BARE_CODE.finditer(rest) if re.search(r"\d", found[1])]
    readings = [read_nits(number) for number in dict.fromkeys(nits)][:MOST_FOUND]
    return Papers(
        licences=tuple(dict.fromkeys(key for code in codes if (key := licence_key(code))))[:MOST_FOUND],
        nits=tuple(dict.fromkeys(nit for reading in readings for nit in reading)),
        wrong_digit=bool(readings) and not any(readings),
    )


def words_beside(text: str) -> str:
    """What a reply says beyond its papers and its courtesies; "" when that is nothing to open a ticket with."""
    plain = _plain(text)
    for pattern in (_NIT, _LICENCE, _BARE_NIT):
        plain = pattern.sub(" ", plain)
    words = [word for word in re.findall(r"[a-z]{2,}", plain) if word not in _COURTESIES]
    return " ".join(words) if len(words) > FEW_WORDS else ""


def _dashed(written: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"(.*?)\s*[-–—]\s*(\d)\s*", written)
    return (found[1], "-", found[2]) if found else (written, "", "")


def _plain(text: str) -> str:
    """Lower case without accents: only what is looked for, never what is kept."""
    return without_accents(text, "NFKD").casefold()
