"""Reads the lines under "Cordialmente": a name, and what stands under a name.

``find_sign_off`` gives the stretch of lines that a person signs with; pure, total, linear (the last 25 lines are
looked at). A name is told by its capitals or, better, by being the author's; a line under it by a telephone, an
address, a post, a firm. The first line that is none of these ends the signature, for it may be an afterthought.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from mailgate.mail.accents import without_accents
from mailgate.mail.attribution import is_rule, plain
from mailgate.mail.signature_words import LEAVES, NOT_NAMES, ROLES, SIGN_OFFS, THANKS

MOST_BELOW_NAME = 14
LONGEST_NAME = 60


def any_of(words: Sequence[str]) -> str:
    """A pattern of alternatives, the longest first."""
    return "|".join(re.escape(word) for word in sorted({word.casefold() for word in words}, key=len, reverse=True))


def by_beginning(phrases: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The phrases by their first three letters: most texts begin with no three of them, and are done with."""
    folded = sorted({phrase.casefold() for phrase in phrases})
    return {start: tuple(group) for start, group in groupby(folded, key=lambda phrase: phrase[:3])}


_TAIL = r"[\s,.!;:~*_–—\-\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]*"
_SIGN_OFF = re.compile(rf"{_TAIL}(?:{any_of(SIGN_OFFS)}){_TAIL}$")
_SIGNED_INLINE = re.compile(rf"\W*(?:{any_of(SIGN_OFFS)})\s*[,.:–—-]\s*(?P<name>\S.{{0,50}})$", re.IGNORECASE)
_THANKS = re.compile(rf"(?:{any_of(THANKS)})\b[^?¿:]{{0,60}}$")
_AFTERTHOUGHT = re.compile(
    r"(?i)\s*\*?(?:p\.?\s?[ds]\.?\s?[:.–-]|p\.d\.?\s|ps\s|pd\s|post\s?data|nota\s*:|n\.?b\.?\s*:|obs\.?\s*:|aclaro|ojo\b)"
)
_NAME_WORD = re.compile(
    r"(?:[A-ZÀ-ÖØ-ÞĀ-ŻА-Я][\w'’.]*(?:-[A-ZÀ-ÖØ-Þ][\w'’.]*)?|de|del|la|las|los|da|do|dos|das|e|y|van|von|der|di|[-–|/])[,.]?$"
)
_CONTACT = re.compile(
    r"(?i)\S@\S+\.\w|https?://|\bwww\.|\+?\(?\d[\d\s().-]{5,}\d|^\W*(?:tels?|cel|m[óo]vil|m[óo]vel|phone|mobile|fax|ext|nit|"
    r"whatsapp|celular|tel[ée]fonos?|telefone|telem[óo]vel|pbx|linkedin|calle|carrera|cra|cll|kra|avenida|av|rua|edificio|"
    r"e-?mail|correo|web|skype|cnpj|nif|cif|rfc|dg|transversal|direcci[óo]n|endere[çc]o|address|[tmfc])\b\s?[.:#|\d]"
)
_IMAGE = re.compile(
    r"(?i)\s*(?:(?:\[(?:cid|image|imagen|imagem|logo|https?:)[^\]]{0,500}\]|<(?:https?://|#)[^>]{0,2000}>|\ufffc)\s*)+$"
)
_SLOGAN = re.compile(r"[\"“«'‘*_].{3,100}[\"”»'’*_.]$")
_CARD = re.compile(r"\s[|·•–-]\s|,\s")  # between the pieces of a card on one line
_SLASHED = re.compile(r"\s*/ ?[A-ZÅÄÖØÆ]\w{1,20}(?: [A-ZÅÄÖØÆ]\w{1,20})?\s*$")  # "/John", as in Sweden and Denmark
_OFFICE = re.compile(
    r"\b(?:manager|team|support|department|service|equipo|soporte|departamento|gerencia|equipe|suporte)\b"
)
_ROLE = re.compile(rf"(?<!\w)(?:{any_of(ROLES)})(?!\w)")
_FINITE = re.compile(rf"(?<!\w)(?:{any_of(LEAVES)})(?!\w)")


def name_words(author: str) -> frozenset[str]:
    """The words of a display name, comparable with what the same person signs: folded case, no accents."""
    return frozenset(re.findall(r"\w+", without_accents(author[:200]).casefold()))


def is_picture(line: str) -> bool:
    """A line that only holds the place of pictures or links."""
    return bool(_IMAGE.match(line))


def is_contact(line: str) -> bool:
    """A line with a way to reach somebody: a telephone, an address, a link."""
    return len(line) <= 120 and bool(_CONTACT.search(line))


def find_sign_off(
    lines: Sequence[str], end: int, author: frozenset[str], *, seen_own: bool, signed_below: bool
) -> range:
    """The lines that sign among those before ``end``: from "Cordialmente" on to the last that looks like it; or none.

    ``author``: ``name_words`` of the sender. ``seen_own``: own text stands above these lines. ``signed_below``: a
    signature of another sort follows directly, so that a bare "Cordialmente" belongs to it.
    """
    first = next((index for index in range(end) if lines[index].strip()), end)
    for index in range(end - 1, max(-1, first - 1, end - 25), -1):
        above = seen_own or index > first
        found = _sign_off_at(lines, index, end, author, above, signed_below)
        if found:
            return found
    return _bare_name(lines, first if not seen_own else -1, end, author)


def _sign_off_at(
    lines: Sequence[str], index: int, end: int, author: frozenset[str], above: bool, signed_below: bool
) -> range:
    line, text = lines[index], plain(lines[index])
    if len(text) > LONGEST_NAME or not text:
        return range(0)
    below = next((at for at in range(index + 1, end) if lines[at].strip()), end)
    if _SIGN_OFF.match(text):
        if below == end:
            return range(index, end) if above and signed_below else range(0)
        last = block_end(lines, below, end, author)
        if last > below and (above or (last == end and _has_contact(lines[below + 1 : last]))):
            return range(index, last)
    if not above:
        return range(0)
    inline = _SIGNED_INLINE.match(line.strip())
    if inline and _is_name(inline["name"], author) and block_end(lines, index + 1, end, author, named=True) == end:
        return range(index, end)
    if below < end and (_THANKS.match(text) or is_rule(line)):
        last = block_end(lines, below, end, author)
        if last == end and (_has_contact(lines[below + 1 : last]) or _is_author(lines[below], author)):
            return range(index if is_rule(line) else below, last)
    return range(0)


def _bare_name(lines: Sequence[str], first: int, end: int, author: frozenset[str]) -> range:
    """The author's own name (or "/John") as the last line, with nothing but what stands under a name below it."""
    for index in range(end - 1, max(first, end - MOST_BELOW_NAME - 2), -1):
        above = next((lines[at] for at in range(index - 1, -1, -1) if lines[at].strip()), "")
        if above.rstrip().endswith(":"):
            continue  # the name is what they write, not how they sign
        if _is_author(lines[index], author) and block_end(lines, index, end, author) == end:
            return range(index, end)
        if _SLASHED.match(lines[index]) and index > first and not any(line.strip() for line in lines[index + 1 : end]):
            return range(index, end)
    return range(0)


def _has_contact(lines: Sequence[str]) -> bool:
    return any(_CONTACT.search(line[:200]) for line in lines)


def block_end(lines: Sequence[str], first: int, end: int, author: frozenset[str], named: bool = False) -> int:
    """The line after the last that belongs to a signature block beginning on ``first``; ``first`` when it is none.

    ``named``: the name stands above already.
    """
    taken, count = first, 0
    for index in range(first, end):
        line = lines[index].strip()
        if not line:
            continue
        count += 1
        if count > MOST_BELOW_NAME or _AFTERTHOUGHT.match(line):
            break
        if not _IMAGE.match(line):
            if named:
                if not _fits(line):
                    break
            elif not _is_name(line, author):
                return first
            named = True
        taken = index + 1
    if not any(line.strip() for line in lines[taken:end]):
        taken = end
    texts = [line for line in lines[first:taken] if line.strip() and not _IMAGE.match(line)]
    if not texts:
        return taken if named else first
    doubtful = len(texts) == 1 and (texts[0].isupper() or _OFFICE.search(plain(texts[0])))
    if doubtful and not _is_author(texts[0], author):
        return first
    return taken


def _is_author(line: str, author: frozenset[str]) -> bool:
    """Whether a line is nothing but (part of) the author's name."""
    if not author or len(line) > LONGEST_NAME:
        return False
    words = name_words(line)
    initials = {word[0] for word in author}
    return any(len(word) > 2 for word in words) and all(word in author or word in initials for word in words)


def _is_name(line: str, author: frozenset[str]) -> bool:
    """A person's name as it is signed, capitals and all; not a sentence that begins with a capital."""
    if _is_author(line, author):
        return True
    first, rest = _CARD.split(line, maxsplit=1) if _CARD.search(line) else (line, "")
    if rest and (is_contact(rest) or _ROLE.search(plain(rest))) and len(line) <= 120:
        return len(first.split()) > 1 and _is_name(first, author)
    line = line.strip().strip("*_ -–—/~\t")
    words = line.split()
    if not 1 <= len(words) <= 7 or len(line) > LONGEST_NAME or line.endswith(("?", "!", ":", ";", "...", "…")):
        return False
    if any(word.strip(".,").casefold() in NOT_NAMES for word in (words[0], words[-1])):
        return False
    return all(_NAME_WORD.match(word.strip('*_()"“”')) for word in words)


def _fits(line: str) -> bool:
    """A line under a name: a way to reach them, their post, their firm, their town, their motto."""
    if len(line) > 120 or line.endswith(("?", "¿")):
        return False
    if is_rule(line) or _SLOGAN.match(line) or (_CONTACT.search(line) and len(line.split()) <= 14):
        return True
    text = plain(line)
    if len(text.split()) > 9 or _FINITE.search(text):
        return False
    return bool(_ROLE.search(text)) or _is_name(line, frozenset())
