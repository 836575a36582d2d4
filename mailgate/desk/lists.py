"""The lists that agents ask for by mail: which one, from a subject or a first line. Pure.

``COLA`` · ``MIS TICKETS`` · ``VENCEN HOY`` · ``BUSCAR palabras`` · ``CLIENTE licencia`` · ``PLANTILLAS``, and the same
in English. A subject asks when the mail says nothing else; in a text the words stand alone on the only line, in
capitals, so that an answer which begins with «Cliente» stays an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailgate.desk.folding import folded

LONGEST = 200  # characters of a question

_FIXED = {
    "cola": "queue", "queue": "queue",
    "mis tickets": "mine", "mis tiquetes": "mine", "my tickets": "mine",
    "vencen hoy": "due", "due today": "due",
    "plantillas": "canned", "templates": "canned",
}  # fmt: skip
_WITH_WORDS = {"buscar": "search", "search": "search", "cliente": "client", "client": "client"}
_LICENCE = re.compile(r"[\w./-]{2,60}")


@dataclass(frozen=True, slots=True)
class Asked:
    """One list: queue, mine, due, canned, search (``words``) or client (``words`` is the licence)."""

    kind: str
    words: str = ""


def find_list(subject: str, own: str) -> Asked | None:
    """What is asked for by a mail's subject (without prefixes) and own text."""
    text = own.strip()
    if not text:
        return _read(subject.strip(), loud=False)
    return _read(text, loud=True) if "\n" not in text else None


def _read(line: str, *, loud: bool) -> Asked | None:
    line = line.rstrip(" .!?")
    if len(line) > LONGEST:
        return None
    if folded(line) in _FIXED and (not loud or line.isupper()):
        return Asked(_FIXED[folded(line)])
    word, _, words = line.partition(" ")
    kind, words = _WITH_WORDS.get(folded(word.rstrip(":"))), words.strip()
    if kind is None or not words or (loud and not word.isupper()):
        return None
    if kind == "client":
        return Asked(kind, words.upper()) if _LICENCE.fullmatch(words) else None
    return Asked(kind, words)
