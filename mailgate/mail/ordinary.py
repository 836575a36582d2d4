"""Ordinary mails read by the standard library alone: the tree that mail-parser gives, at a fifth of its cost.

mail-parser is the reader of record. Of what it does we use two things: the tree, which it has from the standard library
untouched, and the names of what it found odd. A mail in which it would find nothing odd need not be shown to it; that
is so when every header it looks into has one of the few plain forms below, which nearly all programs write. In doubt a
mail is not ordinary. ``tests/mail/test_ordinary.py`` holds both readers side by side over every mail there is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.message import Message as Tree
from functools import lru_cache

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_SPEC = rf"{_ATOM}(?:\.{_ATOM})*@{_ATOM}(?:\.{_ATOM})*"
# In a charset that cannot make what is no character (utf-7 and utf-16 can), and as short as RFC 2047 wants it.
_CHARSET = r"(?:utf-8|iso-8859-1|iso-8859-15|windows-1252|us-ascii)"
_BASE64 = r"(?:[A-Za-z0-9+/]{4}){0,13}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_ENCODED = rf"=\?{_CHARSET}\?(?:q\?[A-Za-z0-9!*+/=_.'-]{{1,52}}|b\?{_BASE64})\?="
_WORD = r"[A-Za-z0-9!#$%&'*+/^_`{|}~.-]+"  # no "=" and no "?": what looks like an encoded word must be one
_NAME = rf"(?:{_ENCODED}|{_WORD})(?: (?:{_ENCODED}|{_WORD}))*"
_MAILBOX = rf"(?:(?:{_NAME} |\"[A-Za-z0-9 .,'_&/-]*\" )?<{_SPEC}>|{_SPEC})"
_MAILBOXES = re.compile(rf" ?{_MAILBOX}(?:, ?{_MAILBOX})* ?", re.IGNORECASE)
_ONE = re.compile(rf"(?:(?:({_NAME}) |\"([A-Za-z0-9 .,'_&/-]*)\" )?<({_SPEC})>|({_SPEC}))", re.IGNORECASE)
_ADDRESSES = frozenset(("bcc", "cc", "delivered-to", "from", "reply-to", "to"))

_MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_WEEKDAYS = {name: number for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))}
_DATE = re.compile(
    rf" ?(?:({'|'.join(_WEEKDAYS)}), )?([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})(?: \([A-Za-z0-9 :+-]*\))? ?"
)

_TRACE = r"[A-Za-z0-9 .,:=_/@+*!?#$%&'{}|~^-]"
_RECEIVED = re.compile(rf"(?:{_TRACE}|\((?:{_TRACE}|[<>\[\]])*\)|\[{_TRACE}*\]|<{_TRACE}*>)*;([A-Za-z0-9 ,:+()-]+)")

_MIME = frozenset(("content-type", "content-disposition", "content-id", "content-transfer-encoding"))
_PLAIN = rf"[A-Za-z0-9_-]+=(?:[A-Za-z0-9.+/_:-]+|\"(?:[A-Za-z0-9 .,'()&@!#+/:_=-]|{_ENCODED})*\")"
_CODED = rf"[A-Za-z]+(?:\*[0-9])?\*={_CHARSET}'[a-z]{{0,2}}'[A-Za-z0-9%._-]+"  # RFC 2231
_MIME_VALUE = re.compile(rf" ?<?[A-Za-z0-9/.+_@$-]+>?(?: ?; ?(?:{_PLAIN}|{_CODED}))* ?;? ?", re.IGNORECASE)
_BOUNDARY = re.compile(r"; ?boundary=(?:\"([^\"]*)\"|([^; ]+))", re.IGNORECASE)
_KINDS = ("text", "multipart", "application", "image", "audio", "video")  # none of them holds another message
_ENCODINGS = frozenset(("", "7bit", "8bit", "binary", "quoted-printable", "base64"))
_FOLD = re.compile(r"\r?\n[ \t]+|\t")
_FIELD = re.compile(r"([!-9;-~]+):([^\n]*(?:\n[ \t][^\n]*)*)\n")
_DELIMITER_END = re.compile(r"(--)?[ \t]*(?:\r?\n|\Z)")


def read_ordinary(raw: bytes) -> Tree | None:
    """The tree of an ordinary mail; None when it is none, and mail-parser must be asked."""
    if raw.count(b"\r") != raw.count(b"\r\n"):
        return None
    try:
        tree = _part(raw.decode("ascii", "surrogateescape"), top=True)
    except Exception:  # it will be told by whoever reads it next
        return None
    return tree


def _part(text: str, top: bool = False) -> Tree | None:
    """A part as the standard library reads it, of text whose lines end in LF or CR LF; None when in doubt.

    The library looks at every line with half a dozen patterns, one of them made for this very boundary.
    """
    part, at = Tree(), 0
    declared, encoding = "", ""
    while not text.startswith(("\n", "\r\n"), at):
        field = _FIELD.match(text, at)
        if field is None:
            return None
        name, value = field[1].lower(), field[2].lstrip(" \t").rstrip("\r\n")
        line = _on_one_line(value)
        if not line.isascii() or not (
            _is_plain_mime(name, line) if name in _MIME else not top or _is_plain(name, line)
        ):
            return None
        if name == "content-type":
            declared = declared or line
        elif name == "content-transfer-encoding":
            encoding = encoding or line.strip().lower()
        part.set_raw(field[1], value)
        at = field.end()
    kind, _, subtype = declared.partition(";")[0].strip().lower().partition("/")
    if declared and (kind not in _KINDS or not subtype or "/" in subtype):
        return None
    content = text[at + 1 + (text[at] == "\r") :]
    if kind != "multipart":
        part.set_payload(content)
        return part
    named = _BOUNDARY.search(declared)
    if (
        named is None
        or "boundary*" in declared.lower()
        or subtype == "digest"
        or encoding not in ("", "7bit", "8bit", "binary")
    ):
        return None
    return _multipart(part, content, (named[1] or named[2] or "").rstrip())


def _multipart(part: Tree, content: str, boundary: str) -> Tree | None:
    if not boundary:
        return None
    delimiter, at, opened = f"--{boundary}", 0, -1
    while (found := content.find(delimiter, at)) >= 0:
        at = found + len(delimiter)
        line = _DELIMITER_END.match(content, at)
        if line is None or (found and content[found - 1] != "\n"):
            continue
        at, before = line.end(), content[max(opened, 0) : found]
        if opened >= 0:
            child = _part(before)
            if child is None:
                return None
            _give_line_end(child)
            part.attach(child)
        elif found:
            part.preamble = _without_line_end(before)
        opened = at
        if line[1]:
            part.epilogue = content[at:]
            return part if part.is_multipart() else None
    return None


def _give_line_end(child: Tree) -> None:
    """The line end above a delimiter is the delimiter's (RFC 2046 section 5.1.1)."""
    if child.epilogue is not None:
        child.epilogue = _without_line_end(child.epilogue) if child.epilogue else None
    elif not child.is_multipart():
        text = getattr(child, "_payload", "")  # get_payload() would decode it
        child.set_payload(_without_line_end(text))


def _without_line_end(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _is_plain(name: str, line: str) -> bool:
    if name in _ADDRESSES:
        return _MAILBOXES.fullmatch(line) is not None
    if name == "received":
        stamped = _RECEIVED.fullmatch(line)
        return stamped is not None and plain_date(stamped[1]) is not None
    return name not in ("date", "resent-date") or plain_date(line) is not None


def _is_plain_mime(name: str, value: str) -> bool:
    if name == "content-transfer-encoding" and value.strip().lower() not in _ENCODINGS:
        return False
    return _MIME_VALUE.fullmatch(value) is not None


def _on_one_line(value: str) -> str:
    return _FOLD.sub(" ", value) if "\n" in value or "\t" in value else value


def plain_mailbox(value: str) -> tuple[str, str] | None:
    """(name as written, address) of an address header with one mailbox, plainly written; None for any other."""
    found = _ONE.fullmatch(value.strip(" "))
    return (found[1] or found[2] or "", found[3] or found[4]) if found else None


@lru_cache(maxsize=64)  # asked when it is read, and when it is understood
def plain_date(written: str) -> datetime | None:
    """The instant of a date as nearly all programs write it, in UTC; None when it is written otherwise, or is none."""
    found = _DATE.fullmatch(_on_one_line(written))
    if found is None:
        return None
    weekday, day, month, year, hour, minute, second, sign, hours, minutes = found.groups()
    try:
        stamp = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
        if stamp.year < 1900 or int(minutes) > 59 or (weekday and stamp.weekday() != _WEEKDAYS[weekday]):
            return None
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return stamp + offset if sign == "-" else stamp - offset
    except (ValueError, OverflowError):
        return None
