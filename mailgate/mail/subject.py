"""What a subject says: the ticket's number, a PQRS radicado, and the matter under the prefixes. Total functions.

A number in a subject is an address, never a permission. Only ASCII digits, at most nine, count, and only when the
subject names exactly one: a mail that names several is a scan or a mistake, and belongs to none of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

DEFAULT_TAG = "[#{number}]"

_NUMBER = r"(?<![0-9])([1-9][0-9]{0,8})(?![0-9])"
_SPOKEN = re.compile(
    r"(?<![\w#@./-])(?:ticket|tiquete|tiquet)(?:\s{1,3}(?:n[uú]mero|number|num|n[uú]m|n[º°o]|no|nro))?"
    rf"[.:]?\s{{0,3}}#?\s?{_NUMBER}(?![\w.,/-]?[0-9])",
    re.IGNORECASE,
)
_RADICADO = re.compile(r"(?<![\w-])PQRS\s?-\s?([0-9]{4})\s?-\s?([0-9]{1,9})(?![\w-])", re.IGNORECASE)
_PREFIX = re.compile(
    r"\s*(?:re|rv|fw|fwd|reenv|reenviado|reenvío|enc|res|resp|rta|respuesta|resposta|aw|antw|antwort|wg|tr|rif|sv|vs|vb"
    r"|rép|odp|pd|ynt|ilt|forward|urgente(?=\s*:\s*(?:re|rv)\b))\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\*\d{1,3})?\s?[:：]",
    re.IGNORECASE,
)
_LIST_TAG = re.compile(r"\s*\[(?:external|externo|ext|spam\??|posible spam)\]:?", re.IGNORECASE)

_NONE = re.compile(
    r"\((?:sin asunto|no subject|sem assunto|ningún asunto|none)\)", re.IGNORECASE
)  # what programs write
_GREETING = re.compile(
    r"\s*(?:(?:hola|(?:muy )?buen(?:os d[ií]as|as tardes|as noches| d[ií]a|as)|(?:un )?cordial saludo|saludos"
    r"|señor(?:es|as|a)?|estimad[oa]s?|apreciad[oa]s?"
    r"|hello|hi|dear|good (?:morning|afternoon|evening))\b[\s,.:;!¡-]*)+",
    re.IGNORECASE,
)


@lru_cache(maxsize=16)
def _tag(tag_pattern: str) -> re.Pattern[str]:
    before, _, after = tag_pattern.partition("{number}")
    loose = r"\s{0,2}".join((_spaced(before), _NUMBER, _spaced(after)))
    return re.compile(loose, re.IGNORECASE)


def _spaced(text: str) -> str:
    return r"\s{0,2}".join(re.escape(char) for char in text if not char.isspace())


def find_number(subject: str, tag_pattern: str = DEFAULT_TAG) -> int | None:
    """The one ticket number that a subject names, as its tag (``[#1042]``) or in words (``Ticket Nº 1042``)."""
    subject = subject[:2000]
    found = {*_tag(tag_pattern).findall(subject), *_SPOKEN.findall(subject)}
    return int(found.pop()) if len(found) == 1 else None


def find_radicado(subject: str) -> str | None:
    """The one PQRS filing number that a subject names, as ``PQRS-2026-000017``."""
    found = {f"PQRS-{year}-{int(number):06d}" for year, number in _RADICADO.findall(subject[:2000])}
    return found.pop() if len(found) == 1 else None


def has_prefix(subject: str) -> bool:
    """Whether a subject begins with RE:, RV:, Fwd: or the like."""
    return _PREFIX.match(subject[:2000]) is not None


def strip_prefixes(subject: str, tag_pattern: str = DEFAULT_TAG) -> str:
    """The matter: without RE:, RV:, Fwd:, ENC: ... in front, and without our tag."""
    matter = _tag(tag_pattern).sub(" ", subject[:2000])
    while match := _PREFIX.match(matter) or _LIST_TAG.match(matter):
        matter = matter[match.end() :]
    return "" if _NONE.fullmatch(matter.strip()) else " ".join(matter.split())


def subject_from(text: str) -> str:
    """A subject for a mail without one: the first words of its text that are no greeting."""
    greeted = _GREETING.match(text)
    told = text[greeted.end() :] if greeted and text[greeted.end() :].strip() else text
    return " ".join(told.split()[:8])
