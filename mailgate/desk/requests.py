"""What a client's few words ask for: one of our words alone (ESTADO), «ya quedó, gracias», or bare thanks.

Our words count in the first line, or in the subject of a mail that is no reply. What is said in sentences counts only
when every word of the mail is accounted for by the tables: one word that they do not know, one «pero», one question
mark, and a person reads the mail. Whoever says that it still fails is never taken for content. Pure and total.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailgate.desk.request_words import ASKS, CHEERS, COURTESY, SETTLED, TELLING_NOTHING, THANKS, THING, VETO, WORDS
from mailgate.mail.accents import without_accents
from mailgate.mail.subject import find_number, has_prefix, strip_prefixes

LONGEST = 400  # characters; more than that is no mere word of thanks
BEGINNING = 60  # characters of a line, by which it is known whether it begins with a word
GRATEFUL = 15  # words, with which thanks may be said freely
SHORT_REST = 3  # words that may stand under one of ours: a name


class Ask(enum.StrEnum):
    """What is asked for."""

    STATUS = "status"
    MY_TICKETS = "my-tickets"
    NEWS = "news"
    HELP = "help"
    SOLVED = "solved"
    HELPED = "helped"  # by a solution that we proposed
    REOPEN = "reopen"
    URGENT = "urgent"
    ACCEPT = "accept"
    STOP = "stop"  # no more messages to the mobile
    START = "start"
    RATE = "rate"
    CATEGORY = "category"  # the ticket belongs to another one
    THANKS = "thanks"
    UNKNOWN = "unknown"  # looks like one of our words, and is none


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for; ``number``: the ticket, solution or stars it names; ``name``: the category; ``rest``: what
    else was written.

    ``alone``: the subject of a new mail tells of no matter, so that these few words are all there is.
    """

    ask: Ask
    number: int | None = None
    rest: str = ""
    alone: bool = True
    name: str = ""


_WORDS = tuple((Ask(name), re.compile(form)) for name, form in WORDS)
# «Ayuda, por favor» asks a person, «buenas noticias» for nothing; a category's name may be anything.
_KEPT_APART = {Ask.HELP, Ask.NEWS, Ask.CATEGORY, Ask.RATE}
_AMONG = tuple((ask, re.compile(rf"(?<!\S)(?:{form.pattern})(?!\S)")) for ask, form in _WORDS if ask not in _KEPT_APART)
_NAMED = re.compile(r"\?P<\w+>")
_ANY_AMONG = re.compile(rf"(?<!\S)(?:{'|'.join(_NAMED.sub('?:', form.pattern) for _, form in _AMONG)})(?!\S)")
_MAY_BE_ASKED = {Ask.STATUS, Ask.MY_TICKETS}  # with a question mark as well
_VETO = re.compile(rf"\b(?:{VETO})\b|[?¿]")
_MANY_LETTERS = re.compile(r"(?:\W*+\w){100}")  # more than ours have in any case
_URGENT_FIRST = re.compile(r"(?:muy )?urgente?\b(?! (?:not|is not|no es)\b)")
_REACTED = re.compile(
    r"\b(?:reacciono|ha reaccionado|reacted|reagiu) (?:mediante|a traves de|con|desde|via|pelo|pela|por|usando) gmail\b"
    r"|\b(?:reacciono|ha reaccionado|reacted|reagiu) (?:a (?:tu|su|sua) (?:mensaje|mensagem)|to your message)\W*$"
)
_ASKS = re.compile(rf"\b(?:{ASKS})")
_STARS = re.compile(r"\s*([★⭐]\ufe0f?){1,5}\s*")
_NAME = re.compile(r"[A-ZÁÉÍÓÚÑÜ][\wáéíóúñü.]*(?:\s+[A-ZÁÉÍÓÚÑÜ][\wáéíóúñü.]*){0,3}")
_GREETED = re.compile(
    r"\b((?i:hola|gracias|buen[oa]s d[ií]as|buenas tardes|buen d[ií]a|buenas|estimad[oa]|hi|hello|dear|thanks"
    r"|thank you))"
    rf",?\s+(?:{_NAME.pattern})(?=\s*(?:[:,.;!]|$))"
)
_SHOUTED = re.compile(r"[A-ZÁÉÍÓÚÑÜ]{3,20}(?: [A-ZÁÉÍÓÚÑÜ]{2,20})?")
_ONLY_OF_WORDS = {Ask.STATUS, Ask.MY_TICKETS, Ask.NEWS, Ask.HELP}  # a subject asks for these beside a few courtesies


def find_request(subject: str, text: str, tag: str) -> Request | None:
    """What a mail asks for; None when it is to be read by a person. ``text``: the person's own words."""
    found = _found(subject, text, tag)
    if found is None or has_prefix(subject):
        return found
    matter = strip_prefixes(subject, tag)
    return found if not matter or _one_of_ours(matter) or _said(matter) else replace(found, alone=False)


def _found(subject: str, text: str, tag: str) -> Request | None:
    first, _, rest = text.strip().partition("\n")
    if (spoken := _one_of_ours(first)) and spoken.ask is not Ask.RATE:
        return replace(spoken, number=spoken.number or find_number(subject, tag), rest=rest.strip())
    if spoken and not rest.strip():
        return spoken
    matter = "" if has_prefix(subject) else strip_prefixes(subject, tag)
    titled = _one_of_ours(matter)
    if titled and (not text.strip() or (titled.ask in _ONLY_OF_WORDS and says_nothing_more(text))):
        return titled if titled.number else replace(titled, number=find_number(subject, tag))
    if titled and titled.ask is Ask.URGENT:
        return Request(Ask.URGENT, find_number(subject, tag), text.strip())
    if any(_URGENT_FIRST.match(folded(line[:BEGINNING])) for line in (matter, first)):
        return Request(Ask.URGENT, find_number(subject, tag), text.strip())
    return _said(text.strip() or matter) or (Request(Ask.UNKNOWN) if _SHOUTED.fullmatch(text.strip()) else None)


def says_nothing_more(rest: str) -> bool:
    """Whether what stands beside one of our words is a courtesy, a name, or nothing."""
    words = folded(rest)
    few = len(rest.split()) <= SHORT_REST and not _VETO.search(words)
    if not words or (few and not any(trouble.fullmatch(words) for trouble in _TROUBLES)):
        return True
    return _accounted(rest) is not None


def is_reaction(text: str) -> bool:
    """Whether a mail is an emoji that somebody tapped below our letter, as Gmail and Outlook send them."""
    return len(text) <= LONGEST and _REACTED.search(folded(text)) is not None


def is_grateful(text: str) -> bool:
    """Whether a short text gives thanks in words of its own and asks for nothing: «mil gracias, son los mejores»."""
    words = folded(text)
    if len(words.split()) > GRATEFUL or _VETO.search(words) or _ASKS.search(words):
        return False
    return re.search(rf"\b(?:{'|'.join(THANKS)})\b", words) is not None if words else _only_cheers(text)


def _only_cheers(text: str) -> bool:
    if len(text) > LONGEST:
        return False
    signs = (sign for sign in text if not sign.isspace() and sign not in "\ufe0f\u200d🏻🏼🏽🏾🏿")
    first = next(signs, None)
    return first is not None and first in CHEERS and all(sign in CHEERS for sign in signs)


def tells_nothing(subject: str, text: str) -> bool:
    """Whether a mail names a trouble and tells nothing by which somebody could look for it («no funciona»)."""
    if len(text) > LONGEST:
        return False
    several = len(text.strip().splitlines()) > 1
    return _is_bare([subject]) and _is_bare(_without_names(text) if several else [text])


def _is_bare(lines: Iterable[str]) -> bool:
    """Nothing at all, or a trouble without its matter, urgent or not."""
    said = " ".join(filter(None, (folded(line) for line in lines)))
    words = re.sub(r"\b(?:muy )?(?:urgente|urgent|importante|asap)\b ?", "", said).strip(" ?¿'")
    return not words or _is_made_of(words, _NOTHING_TOLD)


def folded(text: str) -> str:
    """No accents, no case, blanks and signs between words as single blanks; ``?`` and ``'`` are kept."""
    plain = without_accents(text.casefold().replace("’", "'"))
    return " ".join(re.sub(r"[^\w?¿'#/°º]+", " ", plain).split())


def _one_of_ours(line: str) -> Request | None:
    if _STARS.fullmatch(line):
        return Request(Ask.RATE, len(re.findall("[★⭐]", line)))
    words = "" if _MANY_LETTERS.match(line) else folded(line)
    if not words or len(words) > 100:
        return None
    for ask, form in _WORDS:
        if match := form.fullmatch(words):
            return _request(ask, match)
    return _politely(words)


def _politely(words: str) -> Request | None:
    """One of our words among courtesies: «sí, acepto, gracias», «buenos días, ¿cuál es el estado de mi ticket?»."""
    said = " ".join(re.sub(r"[?¿]", " ", words).split())
    if not _ANY_AMONG.search(said):  # asked of every mail's first line: one look for all of them
        return None
    for ask, form in _AMONG:
        match = form.search(said)
        if match is None or match[0] == "sos" or (ask not in _MAY_BE_ASKED and re.search(r"[?¿]", words)):
            continue
        beside = [said[: match.start()].strip(), said[match.end() :].strip()]
        if all(not part or _is_made_of(part, _ONLY_THANKS) for part in beside):
            return _request(ask, match)
    return None


def _request(ask: Ask, match: re.Match[str]) -> Request:
    found = match.groupdict()
    return Request(ask, int(found["n"]) if found.get("n") else None, name=found.get("name") or "")


def _said(text: str) -> Request | None:
    if is_reaction(text) or _only_cheers(text):
        return Request(Ask.THANKS)
    ask = _accounted(text)
    return Request(ask) if ask else None


def _accounted(text: str) -> Ask | None:
    """Solved or thanks, when the whole text is made of phrases that we know; None when anything else is said."""
    if not text.strip() or len(text) > LONGEST or _VETO.search(folded(text)):
        return None
    spoken = " ".join(filter(None, (folded(line) for line in _without_names(text))))
    if _is_made_of(spoken, _ONLY_THANKS):
        return Ask.THANKS if re.search(rf"\b(?:{'|'.join(THANKS)})\b", spoken) else None
    return Ask.SOLVED if _is_made_of(spoken, _ALL_WELL) else None


def _without_names(text: str) -> Iterable[str]:
    """Lines without a name that follows a greeting or thanks, or stands last: «Hola, Ana:», «Gracias Luis»."""
    lines = [_GREETED.sub(r"\1", line) for line in text.strip().splitlines()]
    signed = _NAME.fullmatch(lines[-1].strip(" .,-")) and not _is_made_of(folded(lines[-1]), _ALL_WELL)
    return lines[:-1] if signed else lines


Phrases = tuple[re.Pattern[str], ...]


def _phrases(*tables: Iterable[str]) -> Phrases:
    return tuple(re.compile(rf"(?:{form})(?=\s|$)\s*") for table in tables for form in table)


_ONLY_THANKS = _phrases(THANKS, COURTESY)
_ALL_WELL = (*_ONLY_THANKS, *_phrases(SETTLED, (f"{THING} {form}" for form in SETTLED)))
_TROUBLES = _phrases(TELLING_NOTHING)
_NOTHING_TOLD = (*_ONLY_THANKS, *_TROUBLES)


def _is_made_of(words: str, phrases: Phrases) -> bool:
    """Whether words can be cut into phrases without a rest: the positions that can be reached, left to right."""
    reached = {0} if words else set()
    for start in range(len(words)):
        if start in reached:
            reached |= {match.end() for form in phrases if (match := form.match(words, start))}
    return len(words) in reached
