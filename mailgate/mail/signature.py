"""Finds how a person signed, below what they wrote.

``find_signature(lines, seen_own)`` gives the indexes of the lines that sign. Pure, total, linear. It is sure of what
machines add ("-- ", "Enviado desde mi iPhone", legal notices, antivirus lines); of a name below "Cordialmente" only when
every line looks like a signature's. In doubt a line is the person's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailgate.mail.attribution import is_rule, plain
from mailgate.mail.signature_words import DEVICES, NOT_NAMES, NOTICES, SIGN_OFFS

_SIGN_OFF = re.compile(
    rf"(?:{'|'.join(re.escape(word) for word in sorted(SIGN_OFFS, key=len, reverse=True))})[\s,.!;:~–—-]*"
    r"[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\s]*$"
)
_DEVICE = re.compile(rf"(?:{'|'.join(DEVICES)})", re.IGNORECASE)
_NOTICE = re.compile("|".join(re.escape(word) for word in sorted(set(NOTICES), key=len, reverse=True)))
_DELIMITER = re.compile(r"--[\s\xa0]?$")
_LONG_DASH = re.compile(r"\s*(?:[—–]\s*$|[_]{2,}\s*$|-{3,}\s*$)")
_LIST_FOOTER = re.compile(r"(?i)\s*\S{1,80} mailing list\b")
_AFTERTHOUGHT = re.compile(r"(?i)\s*(?:p\.?\s?[ds]\.?\s?[:.\-]|p\.?d\.?\s|ps\b|pd\b|post\s?data|nota\s*:|n\.?b\.?\s*:|\*\s?nota)")
_NAME_WORD = re.compile(r"(?:[A-ZÀ-ÖØ-ÞĀ-Ż][\w'’.-]*|de|del|la|las|los|da|do|dos|das|e|y|van|von|der|di|-)[,.]?$")
_CONTACT = re.compile(
    r"(?i)@\S+\.\w|https?://|www\.|\+?\d[\d\s().-]{6,}\d|\b(?:tel|cel|móvil|movil|phone|mobile|fax|ext|nit|whatsapp|"
    r"celular|teléfono|telefone|telemóvel|pbx|linkedin|calle|carrera|cra|cll|avenida|av|rua|edificio|piso|oficina|c/)\b[\s.:#]"
)
_IMAGE = re.compile(r"(?i)\s*(?:\[(?:cid|image|imagen|imagem|logo)[^\]]*\]|<https?://[^>]*>|!\[[^\]]*\]\([^)]*\))\s*$")


_OFFICE = re.compile(r"\b(?:manager|team|support|department|service|equipo|soporte|departamento|gerencia|equipe|suporte)\b")


def find_signature(lines: Sequence[str], seen_own: bool = False) -> list[int]:
    """Indexes of the signing lines of one stretch of own text. ``seen_own``: own text stands above this stretch."""
    end = len(lines)
    signed: set[int] = set()
    for index, line in enumerate(lines):
        if _DELIMITER.match(line.rstrip("\r")) and _delimits(lines, index):
            signed.update(range(index, end))
            end = index
            break
    end = _take_machine_lines(lines, end, signed)
    start = _find_sign_off(lines, end, seen_own)
    if start is not None:
        signed.update(range(start, end))
    return sorted(index for index in signed if lines[index].strip())


def _delimits(lines: Sequence[str], index: int) -> bool:
    """Whether ``-- `` opens a signature: not too long below it, or with the space that the rule (RFC 3676) asks for."""
    below = [line for line in lines[index + 1 :] if line.strip()]
    return len(below) <= 40


def _take_machine_lines(lines: Sequence[str], end: int, signed: set[int]) -> int:
    """Marks device lines, notices, list footers at the tail; gives where the rest ends."""
    index = end - 1
    while index >= 0:
        line = lines[index]
        if not line.strip() or _IMAGE.match(line):
            index -= 1
            continue
        if is_rule(line) and any(at > index for at in signed):
            pass
        elif not (_is_device(line) or _is_notice(line)):
            break
        signed.update(range(index, end))
        end = index
        index -= 1
    footer = _list_footer(lines, end)
    if footer is not None:
        signed.update(range(footer, end))
        end = footer
    return end


def _list_footer(lines: Sequence[str], end: int) -> int | None:
    for index in range(max(0, end - 8), end - 1):
        if re.match(r"\s*_{2,}\s*$", lines[index]) and _LIST_FOOTER.match(lines[index + 1]):
            return index
    return None


def _is_device(line: str) -> bool:
    text = plain(line)
    return len(text) <= 200 and bool(_DEVICE.match(text)) and not _speaks_on(text)


def _speaks_on(text: str) -> bool:
    """A sentence that goes on ("Sent from my desk, is much easier...") is the person's."""
    bare = re.sub(r"<[^>]*>|\([^)]*\)|https?://\S+", "", text)
    return len(bare.split()) > 14 or bool(re.search(r",\s\w+\s\w+\s\w+\s\w+", bare))


def _is_notice(line: str) -> bool:
    text = plain(line[:2000])
    return bool(_NOTICE.search(text)) and not text.endswith("?")


def _find_sign_off(lines: Sequence[str], end: int, seen_own: bool) -> int | None:
    """Where "Cordialmente" and the name under it begin, if all of what follows can be a signature."""
    for index in range(end - 1, max(-1, end - 25), -1):
        text = plain(lines[index])
        if len(text) > 60 or not _SIGN_OFF.match(text):
            continue
        above = seen_own or any(line.strip() for line in lines[:index])
        below = [line.strip() for line in lines[index + 1 : end] if line.strip()]
        if above and below and _is_signature_block(below):
            return index
    return None


def _is_signature_block(block: Sequence[str]) -> bool:
    if len(block) > 14 or any(_AFTERTHOUGHT.match(line) for line in block):
        return False
    texts = [line for line in block if not _IMAGE.match(line)]
    if not texts:
        return True
    if len(texts) == 1 and _OFFICE.search(plain(texts[0])):
        return False  # a program's or a department's name: it may be what the mail is about
    return _is_name(texts[0]) and all(_fits_signature(line) for line in texts[1:])


def _is_name(line: str) -> bool:
    words = line.strip("*_ -–—/~").split()
    if not 1 <= len(words) <= 6 or len(line) > 60 or line.rstrip().endswith(("?", "!", ":", ";")):
        return False
    return words[0].strip(".,").casefold() not in NOT_NAMES and all(_NAME_WORD.match(w.strip("*_")) for w in words)


def _fits_signature(line: str) -> bool:
    if len(line) > 90 or line.rstrip().endswith(("?", "¿")):
        return False
    if _CONTACT.search(line) or is_rule(line):
        return True
    words = line.split()
    return len(words) <= 9 and words[0].strip(".,").casefold() not in NOT_NAMES and not line.endswith((".", "…"))
