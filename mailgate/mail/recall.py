"""Knows the mail that Outlook sends to recall another one, which outside its own server recalls nothing. Pure."""

from __future__ import annotations

import re

from mailgate.mail.message import Message

LONGEST = 500  # characters: it says one sentence

_SUBJECT = re.compile(r"(?:recall|recuperar|retirar|recuperaci[oó]n|recupera[cç][aã]o)\s*:", re.I)
_SENTENCE = re.compile(
    r"\b(?:would like to recall the (?:message|mail)"
    r"|(?:desea|desear[ií]a|quiere|quisiera|gostaria de|deseja) (?:recuperar|retirar|cancelar) (?:el|la|a|o) "
    r"(?:mensaje|mensagem|correo))",
    re.I,
)


def is_recall(message: Message) -> bool:
    text = message.parts.own
    return len(text) <= LONGEST and bool(_SUBJECT.match(message.subject.strip()) and _SENTENCE.search(text))
