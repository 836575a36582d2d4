"""Which of our two languages somebody writes in, by the little words that every sentence has. Pure.

Only what is plain counts: several words of one language and hardly any of the other. An error message in English below
«Buenos días, me sale esto» is no English letter.
"""

from __future__ import annotations

import re

from mailgate.mail.accents import without_accents
from mailgate.mail.message import Message
from mailgate.mail.subject import strip_prefixes

LOOKED_AT = 3000  # characters
ENOUGH = 5  # little words of a language, from which a text is in it
STRANGE = 10  # to each of the other language there must be so many

_LITTLE = {
    "en": frozenset({
        "the", "is", "are", "and", "to", "of", "my", "we", "you", "your", "please", "cannot", "can", "not", "with",
        "this", "that", "have", "has", "hello", "hi", "dear", "thank", "thanks", "it", "i", "for", "from", "when",
        "what", "how", "need", "help", "our", "since", "yesterday", "was", "be", "on", "in", "at", "but", "could",
        "would", "do", "does", "an", "there", "it's", "don't", "can't", "doesn't", "regards",
    }),
    "es": frozenset({
        "el", "la", "los", "las", "de", "del", "que", "y", "en", "un", "una", "por", "para", "con", "se", "mi",
        "buenos", "buenas", "buen", "dias", "dia", "tardes", "hola", "gracias", "favor", "senores", "cordial", "saludo",
        "desde", "esta", "nos", "al", "lo", "su", "tengo", "puedo", "como", "pero", "es", "le", "les", "sale", "muchas",
        "ayuda",
    }),
}  # fmt: skip


def spoken_in(message: Message) -> str:
    """``es`` or ``en``; "" when it is neither for certain."""
    text = f"{strip_prefixes(message.subject[:300])}\n{message.parts.own[:LOOKED_AT]}"
    words = re.findall(r"[a-z']+", without_accents(text.casefold().replace("’", "'")))
    counts = {language: sum(word in little for word in words) for language, little in _LITTLE.items()}
    for language, other in (("es", "en"), ("en", "es")):
        if counts[language] >= ENOUGH and counts[other] * STRANGE <= counts[language]:
            return language
    return ""
