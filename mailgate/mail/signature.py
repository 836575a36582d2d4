"""Finds how a person signed, below what they wrote.

``find_signature(lines, seen_own)`` gives the indexes of the lines that sign, in one stretch of a person's own lines.
Pure, total, linear. It is sure of what programs add ("-- ", "Enviado desde mi iPhone", legal notices, antivirus
lines). Of a name it is sure only below "Cordialmente" and its like, and of the lines under the name only as long as
they look like a telephone, a post, a firm. In doubt a line is the person's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailgate.mail.attribution import is_rule, plain
from mailgate.mail.signature_words import (
    DEVICES,
    LEAVES,
    NOT_NAMES,
    NOTICE_MENTIONS,
    NOTICE_STARTS,
    ROLES,
    SIGN_OFFS,
    THANKS,
)

MOST_BELOW_DASHES = 40  # lines with text that may stand under "-- "; more is a letter, not a signature
MOST_BELOW_NAME = 14
LONGEST_NAME = 60


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


_TAIL = r"[\s,.!;:~*_–—\-\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]*"
_SIGN_OFF = re.compile(rf"{_TAIL}(?:{_any(SIGN_OFFS)}){_TAIL}$")
_SIGNED_INLINE = re.compile(rf"\W*(?:{_any(SIGN_OFFS)})\s*[,.:–—-]\s*(?P<name>\S.{{0,50}})$", re.IGNORECASE)
_THANKS = re.compile(rf"(?:{_any(THANKS)})\b[^?¿:]{{0,60}}$")
_DEVICE = re.compile(rf"\W{{0,4}}(?:{'|'.join(DEVICES)})")
_NOTICE_START = re.compile(rf"\W{{0,12}}(?:{_any(NOTICE_STARTS)})")
_MENTION = re.compile(_any(NOTICE_MENTIONS))
_DELIMITER = re.compile(r"--[ \t\xa0]?$")
_LIST_NAME = re.compile(r"(?i)\s*\S{1,80} mailing list\b")
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
    r"(?i)\s*(?:(?:\[(?:cid|image|imagen|imagem|logo|https?:)[^\]]{0,500}\]|<https?://[^>]{0,2000}>|\ufffc)\s*)+$"
)
_FIRST_PERSON = re.compile(
    r"\b(?:solicito|pido|exijo|necesito|quiero|recib[ií]|me|mis?|yo|i|my|preciso|quero|meus?|minhas?)\b"
)
_LINK = re.compile(r"\s*<?https?://\S{1,500}\s*$")
_OFFICE = re.compile(
    r"\b(?:manager|team|support|department|service|equipo|soporte|departamento|gerencia|equipe|suporte)\b"
)
_ROLE = re.compile(rf"(?<!\w)(?:{_any(ROLES)})(?!\w)")
_FINITE = re.compile(rf"(?<!\w)(?:{_any(LEAVES)})(?!\w)")


def find_signature(lines: Sequence[str], seen_own: bool = False, signed_below: bool = False) -> list[int]:
    """Indexes of the signing lines of one stretch of own text, blank ones left out.

    ``seen_own``: own text stands above this stretch; ``signed_below``: a mail program marked a signature right below.
    """
    signed: set[int] = set()
    end = _take_machine_lines(lines, signed)
    dashes = _find_dashes(lines, end)
    if dashes is not None:
        signed.update(range(dashes, end))
        end = dashes
        end = _take_devices(lines, end, signed)
    signed.update(_sign_off(lines, end, seen_own, bool(signed_below or (signed and end in signed))))
    signed.update(index for index, line in enumerate(lines[:end]) if is_device(line))
    return sorted(index for index in signed if lines[index].strip())


def is_signature(lines: Sequence[str]) -> bool:
    """Whether all of these lines can be a signature by their looks: a name and what stands under one."""
    first = next((index for index, line in enumerate(lines) if line.strip(" -\t\xa0")), len(lines))
    if first == len(lines) or all(is_device(line) for line in lines[first:] if line.strip()):
        return True
    end = next((index for index, line in enumerate(lines) if _NOTICE_START.match(plain(line[:200]))), len(lines))
    return end == first or _block_end(lines, first, end) == end


def _find_dashes(lines: Sequence[str], end: int) -> int | None:
    """The topmost ``-- `` with no more below it than a signature has."""
    found, below = None, 0
    for index in range(end - 1, -1, -1):
        if _DELIMITER.match(lines[index].lstrip(" ").rstrip("\r")):
            found = index
        elif lines[index].strip():
            below += 1
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
        if re.match(r"\s*_{2,60}\s*$", lines[index]) and _LIST_NAME.match(lines[index + 1][:200]):
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
        elif not (is_rule(line) or _IMAGE.match(line) or _LINK.match(line) or not line.strip()):
            break
        index -= 1
    return end


def _find_notices(lines: Sequence[str], end: int) -> int | None:
    """The line where the notices at the tail begin: paragraphs of which each is one, or short lines between such."""
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
        text = plain(lines[index][:400])
        if _NOTICE_START.match(text):
            above_is_rule = index > first and is_rule(lines[index - 1])
            return index - 1 if above_is_rule else index
    whole = plain(" ".join(line[:400] for line in lines[first:last])[:1200])
    mentions = {found.group() for found in _MENTION.finditer(whole)}
    return first if len(mentions) >= 4 and not _FIRST_PERSON.search(whole) else None


def _is_small_print(paragraph: Sequence[str], below_notice: bool) -> bool:
    """What may stand around a notice: pictures and rules; below it also links, an address."""
    return len(paragraph) <= 6 and all(
        _IMAGE.match(line) or is_rule(line) or (below_notice and len(line) <= 120 and _CONTACT.search(line))
        for line in paragraph
    )


def is_device(line: str) -> bool:
    """ "Enviado desde mi iPhone" and its like, and no sentence that only begins so."""
    text = plain(line[:400])
    return len(text) <= 200 and bool(_DEVICE.match(text)) and not _speaks_on(text)


def _speaks_on(text: str) -> bool:
    bare = re.sub(r"<[^<>]{0,300}>|\([^()]{0,300}\)|https?://\S{1,300}", "", text)
    return len(bare.split()) > 14 or text.endswith("?") or re.search(r",\s\w+\s\w+\s\w+\s\w+", bare) is not None


def _sign_off(lines: Sequence[str], end: int, seen_own: bool, signed_below: bool) -> range:
    """The lines from "Cordialmente" on to the last that looks like a signature's, empty when there are none."""
    first = next((index for index in range(end) if lines[index].strip()), end)
    for index in range(end - 1, max(-1 if seen_own else first, end - 25), -1):
        line = lines[index]
        text = plain(line)
        if len(text) > LONGEST_NAME or not text:
            continue
        below = next((at for at in range(index + 1, end) if lines[at].strip()), end)
        if _SIGN_OFF.match(text):
            if below == end:
                if signed_below:
                    return range(index, end)
                continue
            last = _block_end(lines, below, end)
            if last > below:
                return range(index, last)
        inline = _SIGNED_INLINE.match(line.strip())
        if inline and _is_name(inline["name"]) and _block_end(lines, index + 1, end, named=True) == end:
            return range(index, end)
        if _THANKS.match(text) and below < end:
            last = _block_end(lines, below, end)
            if last == end and any(_CONTACT.search(signed) for signed in lines[below + 1 : last]):
                return range(below, last)
    return range(0)


def _block_end(lines: Sequence[str], first: int, end: int, named: bool = False) -> int:
    """The line after the last that belongs to a signature block beginning on ``first``; ``first`` when it is none."""
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
            elif not _is_name(line):
                return first
            named = True
        taken = index + 1
    if taken == first or not named:
        return first
    texts = [line for line in lines[first:taken] if line.strip() and not _IMAGE.match(line)]
    doubtful = len(texts) == 1 and (texts[0].isupper() or _OFFICE.search(plain(texts[0])))
    return first if doubtful else (end if not any(line.strip() for line in lines[taken:end]) else taken)


def _is_name(line: str) -> bool:
    """A person's name as it is signed, capitals and all; not a sentence that begins with a capital."""
    line = line.strip("*_ -–—/~\t")
    words = line.split()
    if not 1 <= len(words) <= 7 or len(line) > LONGEST_NAME or line.endswith(("?", "!", ":", ";", "...", "…")):
        return False
    if any(word.strip(".,").casefold() in NOT_NAMES for word in (words[0], words[-1])):
        return False
    return all(_NAME_WORD.match(word.strip('*_()"“”')) for word in words)


def _fits(line: str) -> bool:
    """A line under a name: a way to reach them, their post, their firm, their town."""
    if len(line) > 120 or line.endswith(("?", "¿")):
        return False
    if is_rule(line) or (_CONTACT.search(line) and len(line.split()) <= 14):
        return True
    text = plain(line)
    if len(text.split()) > 9 or _FINITE.search(text):
        return False
    return bool(_ROLE.search(text)) or _is_name(line)
