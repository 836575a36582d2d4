"""Whether a follow-up is about the same matter as its ticket: words in common, by their stems. Pure, and explainable.

The measure is the share of the follow-up's telling words that the ticket has too. Who writes little, or says that it
goes on («sigue igual», «volvió a fallar»), is believed to mean the ticket that they answer: only a text that tells of
something else, in words of its own, is another matter.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from mailgate.mail.accents import without_accents

ENOUGH = 0.18  # share of common words from which two texts are one matter
FEW = 4  # telling words with which a text tells of nothing new
LOOKED_AT = 6000  # characters

STOP_WORDS = frozenset({
    "a", "about", "after", "again", "ahora", "al", "algo", "alguna", "alguno", "all", "alla", "alli", "also", "am",
    "an", "and", "ante", "antes", "any", "aparece", "aqui", "are", "as", "asi", "at", "atenta", "atento", "aun",
    "aunque", "ayer", "ayuda", "ayudar", "ayuden", "bajo", "be", "been", "bien", "buenas", "bueno", "buenos", "but",
    "by", "cada", "can", "casi", "caso", "colaboracion", "colaborar", "como", "con", "cordial", "could", "cual",
    "cuando", "day", "de", "del", "desde", "dia", "dias", "dice", "did", "do", "does", "domingo", "donde", "dos",
    "el", "ella", "ellos", "en", "entre", "era", "error", "es", "esa", "ese", "eso", "esta", "este", "estimados",
    "esto", "estos", "favor", "for", "from", "fue", "gracias", "ha", "haber", "habia", "hace", "hacer", "hacia",
    "had", "hago", "han", "has", "hasta", "have", "hay", "he", "hello", "help", "hi", "hicimos", "hola", "how",
    "hoy", "i", "if", "in", "into", "is", "it", "its", "jueves", "just", "la", "las", "le", "les", "lo", "los",
    "luego", "lunes", "manana", "martes", "mas", "me", "mi", "mientras", "miercoles", "mis", "mismo", "muchas",
    "mucho", "muy", "my", "nada", "necesitamos", "necesito", "need", "ni", "no", "noches", "nos", "nosotros", "not",
    "now", "o", "of", "on", "one", "or", "otra", "otro", "our", "para", "pendiente", "pero", "please", "poco",
    "podemos", "por", "porque", "problem", "problema", "pueden", "puedo", "pues", "que", "quedamos", "quedo",
    "quien", "quiero", "quisiera", "sabado", "sale", "saludo", "se", "sea", "segun", "semana", "senores", "ser",
    "si", "sin", "so", "sobre", "solicito", "solo", "some", "son", "su", "sus", "tal", "tambien", "tan", "tanto",
    "tarde", "tardes", "te", "tenemos", "tengo", "thank", "thanks", "that", "the", "their", "them", "then", "there",
    "they", "this", "ticket", "tiene", "tienen", "to", "todo", "todos", "too", "tu", "un", "una", "uno", "unos",
    "us", "usted", "ustedes", "va", "van", "ver", "vez", "viernes", "was", "we", "were", "what", "when", "where",
    "which", "who", "will", "with", "would", "y", "ya", "yo", "you", "your",
})  # fmt: skip
_ENDINGS = (
    "amientos", "imientos", "amiento", "imiento", "aciones", "uciones", "adoras", "adores", "ancias", "acion",
    "ucion", "adora", "ancia", "mente", "idad", "iones", "ando", "iendo", "aron", "ieron", "amos", "emos", "imos",
    "aban", "aste", "idos", "idas", "ados", "adas", "ador", "ible", "able", "ing", "ion", "aba", "ado", "ada",
    "ido", "ida", "ian", "ara", "ers", "ies", "ed", "er", "es", "ar", "ir", "ia", "an", "en", "as", "os", "io", "o",
    "a", "e", "s",
)  # fmt: skip
_GOES_ON = re.compile(
    r"\b(?:sigue|siguen|seguimos|sigo|continua|continuan|persiste|volvio|volvieron|vuelve|otra vez|de nuevo"
    r"|nuevamente"
    r"|mism[oa]s?|igual|tampoco|reabrir|aun no|todavia|still|again|same|persists|keeps|came back|is back)\b"
)
_OTHER = re.compile(
    r"\b(?:otr[oa] (?:tema|asunto|cosa|caso|consulta|problema|duda|pregunta|solicitud|requerimiento)"
    r"|aparte de (?:eso|esto)"
    r"|tema (?:diferente|distinto|nuevo)|nuev[oa] (?:tema|caso|solicitud|consulta|requerimiento)"
    r"|(?:another|different|new) (?:matter|issue|problem|question|topic|request)|something else|unrelated)\b"
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two texts are, and what told: the words in common, as they were written."""

    same: bool
    share: float
    common: tuple[str, ...] = ()


def plain(text: str) -> str:
    """No accents, no case."""
    return without_accents(text[:LOOKED_AT].casefold())


def stems(text: str) -> dict[str, str]:
    """The telling words of a text: stem → the word as it was written first."""
    found: dict[str, str] = {}
    for word in re.findall(r"[a-z0-9ñ]{3,30}", plain(text)):
        if word not in STOP_WORDS:
            found.setdefault(stem(word), word)
    return found


@functools.lru_cache(maxsize=4_096)
def stem(word: str) -> str:
    """A folded word without its ending: «facturación», «facturas», «facturar» are one. Short words keep theirs."""
    if word.isdigit():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)][:7]
    return word[:7]


def compare(ticket: str, follow_up: str) -> Likeness:
    """Whether ``follow_up`` is about what ``ticket`` (its subject and what was said on it) is about."""
    before, now = stems(ticket), stems(follow_up)
    common = tuple(word for found, word in now.items() if found in before)
    share = len(common) / len(now) if now else 1.0
    words = plain(follow_up)
    if _OTHER.search(words):
        return Likeness(False, share, common)
    goes_on = len(now) < FEW or (_GOES_ON.search(words) is not None and (common or len(now) < 2 * FEW))
    return Likeness(bool(goes_on) or share >= ENOUGH, share, common)
