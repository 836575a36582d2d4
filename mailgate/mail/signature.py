"""Finds how a person signed, below what they wrote.

``find_signature`` gives the indexes of the lines that sign, in one stretch of a person's own lines. Pure, total,
linear. It is sure of what programs add ("-- ", "Enviado desde mi iPhone", legal notices, antivirus lines). Of a name it
is sure only below "Cordialmente" and its like, or when it is the author's (``signature_block``). In doubt a line is
theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from mailgate.mail.attribution import is_rule, plain
from mailgate.mail.signature_block import any_of, block_end, by_beginning, find_sign_off, is_contact, is_picture
from mailgate.mail.signature_words import (
    DEVICE_THINGS,
    DEVICES,
    MINE,
    NOTICE_MAY_START,
    NOTICE_MENTIONS,
    NOTICE_STARTS,
    SENT_FROM,
)

MOST_BELOW_DASHES = 40  # lines with text that may stand under "-- "; more is a letter, not a signature
MOST_WORDS_BELOW_BARE_DASHES = 12  # words of a line under "--" without its space; more is speech

_DEVICE = re.compile(rf"\W{{0,4}}(?:{'|'.join(DEVICES)})")
_SENT_FROM = re.compile(
    rf"\W{{0,4}}(?:{any_of(SENT_FROM)})\s*(?:(?P<mine>{any_of(MINE)})\s)?(?P<thing>\S.*)", re.IGNORECASE
)
_SIGNS = re.compile(r"\W{0,60}")
_NOTICE_START = by_beginning(NOTICE_STARTS)
_NOTICE_MAY_START = by_beginning(NOTICE_MAY_START)
_MENTION = re.compile(any_of(NOTICE_MENTIONS))
_MENTIONS = tuple({mention.casefold() for mention in NOTICE_MENTIONS})
_DELIMITER = re.compile(r"[ ]?--([ \t\xa0]*)$")
_THINGS = frozenset(thing.casefold() for thing in DEVICE_THINGS)
_LIST_NAME = re.compile(r"(?i)\s*\S{1,80} mailing list\b")
_LIST_RULE = re.compile(r"\s*_{2,60}\s*$")
_LINK = re.compile(r"\s*<?https?://\S{1,500}\s*$")
_FIRST_PERSON = re.compile(
    r"\b(?:solicito|pido|exijo|necesito|quiero|recib[ií]|present[oa]|reclam\w*|tiene por objeto|solicitud|petición|"
    r"quej[ao]|interpongo|adjunto|mis?|yo|i|my|preciso|quero|apresento|meus?|minhas?)\b"
)


def find_signature(
    lines: Sequence[str], author: frozenset[str] = frozenset(), *, seen_own: bool = False, signed_below: bool = False
) -> list[int]:
    """Indexes of the signing lines of one stretch of own text, blank ones left out.

    ``author``: ``signature_block.name_words`` of the sender. ``seen_own``: own text stands above this stretch.
    ``signed_below``: a mail program marked a signature right below.
    """
    signed: set[int] = set()
    end = _take_machine_lines(lines, signed)
    dashes = _find_dashes(lines, end)
    if dashes is not None:
        signed.update(range(dashes, end))
        end = _take_devices(lines, dashes, signed)
    signed_below = signed_below or dashes is not None
    signed.update(find_sign_off(lines, end, author, seen_own=seen_own, signed_below=signed_below))
    signed.update(index for index, line in enumerate(lines[:end]) if is_device(line))
    return sorted(index for index in signed if lines[index].strip())


def is_signature(lines: Sequence[str], author: frozenset[str] = frozenset()) -> bool:
    """Whether all of these lines can be a signature by their looks: a name and what stands under one."""
    first = next((index for index, line in enumerate(lines) if line.strip(" -\t\xa0")), len(lines))
    if first == len(lines) or all(is_device(line) for line in lines[first:] if line.strip()):
        return True
    end = next((index for index, line in enumerate(lines) if _begins(plain(line[:200]), _NOTICE_START)), len(lines))
    return end == first or block_end(lines, first, end, author) == end


def _find_dashes(lines: Sequence[str], end: int) -> int | None:
    """The topmost ``-- `` with no more below it than a signature has.

    Without its space (RFC 3676 asks for it, gateways strip it) it must not divide: one alone, and no speech below it.
    """
    found, below, bare, speech = None, 0, 0, False
    for index in range(end - 1, -1, -1):
        delimiter = _DELIMITER.match(lines[index])
        if delimiter and delimiter[1]:
            found = index
        elif delimiter:
            bare += 1
            if bare == 1 and not speech:
                found = index
            elif found is not None and lines[found].rstrip() == lines[found] and not is_signature(lines[found:end]):
                found = None
        elif lines[index].strip():
            below += 1
            speech = speech or len(lines[index].split()) > MOST_WORDS_BELOW_BARE_DASHES
            if below > MOST_BELOW_DASHES:
                break
    return found


def _take_machine_lines(lines: Sequence[str], signed: set[int]) -> int:
    """Marks device lines, notices and list footers at the tail; gives where the rest ends."""
    end = _take_devices(lines, len(lines), signed)
    notices = _find_notices(lines, end)
    if notices is not None:
        signed.update(range(notices, end))
        end = _take_devices(lines, notices, signed)
    for index in range(max(0, end - 8), end - 1):
        if _LIST_RULE.match(lines[index]) and _LIST_NAME.match(lines[index + 1][:200]):
            signed.update(range(index, end))
            return index
    return end


def _take_devices(lines: Sequence[str], end: int, signed: set[int]) -> int:
    """Marks device lines at the tail (with pictures and rules around them); gives where the rest ends."""
    index = end - 1
    while index >= 0:
        line = lines[index]
        if is_device(line):
            signed.update(range(index, end))
            end = index
        elif line.strip() and not (is_rule(line) or is_picture(line) or _LINK.match(line)):
            break
        index -= 1
    return end


def _find_notices(lines: Sequence[str], end: int) -> int | None:
    """The line where the notices at the tail begin: paragraphs of which each is one, or small print between such."""
    found = None
    index = end
    while index > 0:
        last = index
        while last > 0 and not lines[last - 1].strip():
            last -= 1
        first = last
        while first > 0 and lines[first - 1].strip() and last - first < 60:
            first -= 1
        if first == last:
            break
        start = _notice_in(lines, first, last)
        if start is None:
            if not _is_small_print(lines[first:last], below_notice=found is None):
                break
        else:
            found = start
            if start > first:
                break
        index = first
    return found


def _notice_in(lines: Sequence[str], first: int, last: int) -> int | None:
    """The line of a paragraph from which on it is a legal notice, None when it is none."""
    for index in range(first, last):
        text = plain(" ".join(line[:300] for line in lines[index : min(index + 2, last)]))
        if _begins(text, _NOTICE_START) or (_begins(text, _NOTICE_MAY_START) and _says_so(lines[index:last])):
            while index > first and (is_rule(lines[index - 1]) or is_picture(lines[index - 1])):
                index -= 1
            return index
    return first if _says_so(lines[first:last], least=4) else None


def _begins(text: str, phrases: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a plain text begins with one of the phrases, signs before it left out."""
    signs = _SIGNS.match(text)
    at = signs.end() if signs else 0
    return text.startswith(phrases.get(text[at : at + 3], ()), at)


def _says_so(paragraph: Sequence[str], least: int = 2) -> bool:
    """Whether a paragraph says what notices say, and speaks of nobody's own wishes."""
    whole = plain(" ".join(line[:400] for line in paragraph)[:1200])
    if sum(map(whole.__contains__, _MENTIONS)) < least:
        return False  # nearly always; and it is quickly found out
    return len({found.group() for found in _MENTION.finditer(whole)}) >= least and not _FIRST_PERSON.search(whole)


def _is_small_print(paragraph: Sequence[str], below_notice: bool) -> bool:
    """What may stand around a notice: pictures and rules; below it also links, an address."""
    return len(paragraph) <= 6 and all(
        is_picture(line) or is_rule(line) or (below_notice and is_contact(line)) for line in paragraph
    )


def is_device(line: str) -> bool:
    """Whether a line is "Enviado desde mi iPhone" or its like, and no sentence that only begins so."""
    return _is_device(line[:400])


@lru_cache(maxsize=256)  # asked of the same line from above and from below
def _is_device(line: str) -> bool:
    text = plain(line)
    if len(text) > 200:
        return False
    told = bool(_DEVICE.match(text)) or _is_sent_from_thing(" ".join(line.replace("*", " ").split()))
    return told and not _speaks_on(text)


def _is_sent_from_thing(line: str) -> bool:
    """ "Sent from" a device or a program: one of those we know, or "my" and a name that begins with a capital."""
    found = _SENT_FROM.match(line)
    if not found:
        return False
    words = re.split(r"[\s<(\[,]+", found["thing"])[:6]
    if any(word.casefold().rstrip(".:;!") in _THINGS for word in words):
        return True
    return bool(found["mine"] and words[0][:1].isupper())


def _speaks_on(text: str) -> bool:
    bare = re.sub(r"<[^<>]{0,300}>|\([^()]{0,300}\)|https?://\S{1,300}", "", text)
    return len(bare.split()) > 14 or text.endswith("?") or re.search(r",\s\w+\s\w+\s\w+\s\w+", bare) is not None
