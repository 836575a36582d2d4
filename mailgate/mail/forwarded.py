"""Finds a mail that somebody forwarded inside the body, and reads who wrote it, when, to whom and what.

    the forwarder's words            -> ``Forwarded.message``
    ---------- Mensaje reenviado ---------
    De: Ana Ruiz <ana@cliente.co>    -> ``sender``, ``date``, ``subject``, ``to``, ``cc``
    …
    the original text                -> ``body``, in which another forward may be ``nested``

The first thing quoted decides. An announcement of a forward is one; a bare header block (Outlook) or a bare attribution
line (Outlook for Mac) is one only when the subject does not say that the mail is a reply; anything inside a reply's
quote is history, not a forward. Pure; time linear in the text; text that is no forward gives None, nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mailgate.mail.attribution import find_attribution
from mailgate.mail.forward_headers import (
    HeaderBlock,
    read_addresses,
    read_bare_block,
    read_block,
    read_one_line,
    read_sender,
    split_label,
)
from mailgate.mail.forward_words import FORWARD_ENDS, FORWARD_MARK_STARTS, FORWARD_PREFIXES, REPLY_PREFIXES
from mailgate.mail.header_words import FORWARD_MARKS, ORIGINAL_MARKS, Field
from mailgate.mail.message import Address, Forwarded
from mailgate.mail.written_date import parse_written_date

_MOST_LINES_ABOVE = 20_000  # a forward that begins below so much text is not looked for
_DEEPEST = 6  # forwards of forwards read; deeper ones stay in the body's text
_LONGEST_MARK = 160
_RULE = "-_=–—*~<>#· \t\xa0"
# Tags of desks and of filters ("[#1042]", "[EXTERNO]", "EXTERNO:") may stand before the prefix.
_PREFIX = re.compile(
    r"\s*(?:(?:\[[^\]\n]{0,60}\]|(?:externo|external|ext|spam)\s?:)\s*){0,3}"
    r"([^\W\d_][\w.-]{0,18})\s?(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3})?\s?[:：]",
    re.IGNORECASE,
)
_QUOTE_MARKS = re.compile(r"(?:[ \t\xa0]{0,3}[>|])+")
_ATTRIBUTED = re.compile(r"<?\(?<?([^\s<>()\"',;:]{1,64}@[^\s<>()\"',;:@]{1,255})")
_QUOTED_NAME = re.compile(r"[\"“«„]\s?([^\"”»“\n]{1,100}?)\s?[\"”»“]")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line without its ``>`` marks, and how many it had."""

    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class _Opening:
    """Where the quoted mail begins and what its header said; ``end`` is the first line of its body."""

    start: int
    end: int
    depth: int
    values: dict[Field, str]
    english: bool
    announced: bool
    rest: str = ""


def find_forwarded(text: str, subject: str = "") -> Forwarded | None:
    """The mail forwarded inside ``text`` (plain text, any line ends), or None. ``subject`` is the mail's own."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _find(text.removeprefix("\ufeff"), subject, _DEEPEST)


def read_prefix(subject: str) -> str:
    """``forward``, ``reply`` or nothing, by the outermost prefix of the subject; a bracketed tag may precede it."""
    found = _PREFIX.match(subject)
    word = found[1].casefold().rstrip(".") if found else ""
    if word in FORWARD_PREFIXES:
        return "forward"
    return "reply" if word in REPLY_PREFIXES else ""


def _find(text: str, subject: str, depth: int) -> Forwarded | None:
    lines = [_split_marks(line) for line in text.split("\n")]
    prefix = read_prefix(subject)
    opening = _find_opening(lines, prefix)
    if opening is None or (prefix == "reply" and not opening.announced):
        return None
    values = opening.values
    inner_subject = values.get("subject") or ("" if "subject" in values else _without_prefix(subject))
    body = _read_body(lines, opening)
    written = values.get("date", "")
    date = parse_written_date(written, month_first=opening.english and _says_am_pm(written))
    return Forwarded(
        sender=read_sender(values.get("from", "")),
        subject=inner_subject,
        date=date,
        date_text="" if date else written,
        to=read_addresses(values.get("to", "")),
        cc=read_addresses(values.get("cc", "")),
        body=body,
        message=_read_message(lines, opening.start),
        nested=_find(body, inner_subject, depth - 1) if depth > 1 else None,
    )


def _split_marks(line: str) -> _Line:
    marks = _QUOTE_MARKS.match(line)
    if marks is None:
        return _Line(line, 0)
    rest = line[marks.end() :]
    return _Line(rest[1:] if rest.startswith(" ") else rest, marks[0].count(">") + marks[0].count("|"))


def _find_opening(lines: Sequence[_Line], prefix: str) -> _Opening | None:
    """The first announcement or header block; None when an ordinary reply's attribution comes before it.

    In a forward an attribution counts only where there is nothing better: the forwarder's own words may look like one.
    """
    texts = [line.text for line in lines]
    attributed: _Opening | None = None
    index = 0
    while index < min(len(lines), _MOST_LINES_ABOVE):
        text = texts[index]
        mark = _read_mark(text)
        if mark:
            opening = _after_mark(lines, texts, index, announced=mark == "forward")
            if opening is not None:
                return opening
        elif ":" in text:
            block = read_block(texts, index)
            if block is not None and _is_mail(block, prefix):
                return _Opening(index, block.end, lines[index].depth, block.values, block.english, announced=False)
            if block is not None:
                index = max(index, block.end - 1)
            elif prefix != "forward" and _is_attribution(lines, texts, index):
                return None
            elif prefix == "forward" and attributed is None:
                attributed = _attributed_at(lines, texts, index, announced=False)
        index += 1
    return attributed


def _is_mail(block: HeaderBlock, prefix: str) -> bool:
    """Whether a bare header block stands over a mail; without an address it may be a memorandum ("PARA: … DE: …")."""
    return block.is_convincing and (prefix != "" or "@" in block.values["from"])


def _is_attribution(lines: Sequence[_Line], texts: Sequence[str], index: int) -> bool:
    if not texts[index].rstrip().endswith((":", "：")):
        return False
    below = next((line for line in lines[index + 1 : index + 4] if line.text.strip() or line.depth), None)
    return find_attribution(texts, index, max(0, index - 3), below is not None and below.depth > 0) is not None


def _read_mark(line: str) -> str:
    """``forward`` or ``original`` when the line announces a quoted mail, else nothing."""
    stripped = line.strip(_RULE)
    if not stripped or (len(line) > _LONGEST_MARK and stripped == line.strip()):
        return ""
    framed = line.strip()[:1] in _RULE or line.strip()[-1:] == ":"
    mark = stripped[: _LONGEST_MARK * 4]
    for piece in re.split(r"-{3,}", mark) if "---" in mark else (mark,):
        phrase = " ".join(piece.strip(_RULE).casefold().rstrip(":").split())
        if phrase in FORWARD_MARKS:
            return "forward"
        if framed and phrase.startswith(FORWARD_MARK_STARTS):
            return "forward"
        if phrase in ORIGINAL_MARKS:
            return "original"
    return ""


def _after_mark(lines: Sequence[_Line], texts: Sequence[str], index: int, *, announced: bool) -> _Opening | None:
    """The header that follows an announcement on its own line, on the same line (Yahoo), or a few lines below."""
    same_line = read_one_line(texts[index]) if len(texts[index]) > 60 else {}
    if len(same_line) >= 2 and "from" in same_line:
        return _Opening(index, index + 1, lines[index].depth, same_line, english=False, announced=announced)
    start = index + 1
    while start < min(len(texts), index + 6) and not texts[start].strip(_RULE):
        start += 1
    block = read_block(texts, start) or read_bare_block(texts, start)
    if block is None and start < len(texts) and (opening := _attributed_at(lines, texts, start, announced=announced)):
        return _Opening(index, opening.end, opening.depth, opening.values, opening.english, announced)  # Yandex
    if block is None and start < len(texts) and (label := split_label(texts[start])) and label[0] == "from":
        block = HeaderBlock(start, start + 1, {"from": label[1]})
    if block is None or "from" not in block.values:
        return None
    # MailMate quotes the header but not the announcement above it.
    depth = max(lines[index].depth, lines[start].depth)
    return _Opening(index, _skip_closing(texts, block.end), depth, block.values, block.english, announced)


def _skip_closing(texts: Sequence[str], end: int) -> int:
    """Past the line that closes the header: Zoho repeats its announcement, SquirrelMail draws a rule."""
    line = next((index for index in range(end, min(len(texts), end + 2)) if texts[index].strip()), end)
    closes = line < len(texts) and len(texts[line].strip()) > 20 and texts[line].strip()[:4] in ("----", "====", "____")
    bare = closes and (not texts[line].strip(_RULE) or _read_mark(texts[line]) != "")
    following = read_block(texts, line + 1) if bare else None
    return line + 1 if bare and following is None else end


def _attributed_at(lines: Sequence[_Line], texts: Sequence[str], index: int, *, announced: bool) -> _Opening | None:
    read = _read_attribution(texts, index)
    return _Opening(index, read[1], lines[index].depth, read[0], english=False, announced=announced) if read else None


def _read_attribution(texts: Sequence[str], index: int) -> tuple[dict[Field, str], int] | None:
    """From and date of "El 28/10/2021 12:46, "Ana" <ana@x.co> escribió:", in any language; it may take two lines."""
    for end in (index + 1, index + 2, index + 3):
        joined = " ".join(part.strip() for part in texts[index:end])
        if len(joined) > 400 or end > len(texts):
            return None
        if joined.endswith((":", "：")):
            break
    else:
        return None
    address = _ATTRIBUTED.search(joined)
    if address is None or not any(letter.isdigit() for letter in joined) or split_label(joined) is not None:
        return None
    head = joined[: address.start()]
    name = _QUOTED_NAME.search(head)
    when = re.sub(r"<[^<>]*>", " ", joined)
    return {"from": f"{name[1] if name else _name_at_end(head)} <{address[1]}>", "date": when}, end


def _name_at_end(head: str) -> str:
    """The name before the address: the words after the last number, without the small words that introduce it."""
    words = re.split(r"\d", head)[-1].split()
    while words and (
        not words[0][:1].isupper() or words[0].strip(".,").casefold() in {"am", "pm", "uhr", "gmt", "utc"}
    ):
        words.pop(0)
    return " ".join(words).strip(" ,<(")


def _read_body(lines: Sequence[_Line], opening: _Opening) -> str:
    body = list(lines[opening.end :])
    strip = opening.depth
    if strip == 0 and body and all(line.depth for line in body if line.text.strip()):
        strip = 1  # Missive quotes the text but not its header
    texts = [_with_marks(line, strip) for line in body]
    if not strip and texts and all(text.startswith("    ") for text in texts if text.strip()):
        texts = [text[4:] for text in texts]  # Outlook for Mac indents what it quotes
    while texts and _is_end_mark(texts[-1]):
        texts.pop()
    return "\n".join(texts).strip("\n \t\xa0\u200b\ufeff")


def _is_end_mark(line: str) -> bool:
    """An empty last line, or "----- Fin del mensaje reenviado -----"."""
    return not line.strip() or line.strip(_RULE).casefold() in FORWARD_ENDS


def _with_marks(line: _Line, strip: int) -> str:
    left = line.depth - strip
    return f"{'>' * left} {line.text}" if left > 0 else line.text


def _read_message(lines: Sequence[_Line], start: int) -> str:
    above = list(lines[:start])
    while above and not above[-1].text.strip(_RULE + "\ufeff"):
        above.pop()
    return "\n".join(_with_marks(line, 0) for line in above).strip("\n \t\xa0\u200b\ufeff")


def _without_prefix(subject: str) -> str:
    found = _PREFIX.match(subject)
    return subject[found.end() :].strip() if found and read_prefix(subject) else subject.strip()


def _says_am_pm(text: str) -> bool:
    return re.search(r"\d\s?[AP]M\b", text) is not None


__all__ = ["Address", "find_forwarded", "read_prefix"]
