"""Which of our two languages somebody writes in, by the little words that every sentence has. Pure.

Only what is plain counts: several words of one language and hardly any of the other. An error message in English below
«Buenos días, me sale esto» is no English letter.
"""

from __future__ import annotations

import functools
import re

from mailgate.mail.message import Message
from mailgate.mail.subject import strip_prefixes

LOOKED_AT = 600  # characters: five little words stand in the first ones
ENOUGH = 5  # little words of a language, from which a text is in it
STRANGE = 10  # to each of the other language there must be so many

_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_LITTLE = {
    "en": frozenset({
        "the", "is", "are", "and", "to", "of", "my", "we", "you", "your", "please", "cannot", "can", "not", "with",
        "this", "that", "have", "has", "hello", "hi", "dear", "thank", "thanks", "it", "i", "for", "from", "when",
        "what", "how", "need", "help", "our", "since", "yesterday", "was", "be", "on", "in", "at", "but", "could",
        "would", "do", "does", "an", "there", "it's", "don't", "can't", "doesn't", "regards",
    }),
    "es": frozenset({
        "el", "la", "los", "las", "de", "del", "que", "y", "en", "un", "una", "por", "para", "con", "se", "mi",
        "buenos", "buenas", "buen", "dias", "dia", "días", "día", "está", "qué", "cómo", "señores",
        "senores", "tardes", "hola", "gracias", "favor", "cordial", "saludo",
        "desde", "esta", "nos", "al", "lo", "su", "tengo", "puedo", "como", "pero", "es", "le", "les", "sale", "muchas",
        "ayuda",
    }),
}  # fmt: skip


def spoken_in(message: Message) -> str:
    """``es`` or ``en``; "" when it is neither for certain."""
    return _spoken_in(f"{strip_prefixes(message.subject[:300])}\n{message.parts.own[:LOOKED_AT]}")


@functools.lru_cache(maxsize=32)  # a ticket and its letters ask the same
def _spoken_in(text: str) -> str:
    words = _WORD.findall(text.casefold().replace("’", "'"))
    counts = {language: sum(map(little.__contains__, words)) for language, little in _LITTLE.items()}
    for language, other in (("es", "en"), ("en", "es")):
        if counts[language] >= ENOUGH and counts[other] * STRANGE <= counts[language]:
            return language
    return ""
