"""Ordinary mails read by the standard library alone: the tree that mail-parser gives, at a fifth of its cost.

mail-parser is the reader of record. Of what it does we use two things: the tree, which it has from the standard library
untouched, and the names of what it found odd. A mail in which it would find nothing odd need not be shown to it; that
is so when every header it looks into has one of the few plain forms below, which nearly all programs write. In doubt a
mail is not ordinary. ``tests/mail/test_ordinary.py`` holds both readers side by side over every mail there is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message as Tree

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
_KINDS = ("text", "multipart", "application", "image", "audio", "video")  # none of them holds another message
_ENCODINGS = frozenset(("", "7bit", "8bit", "binary", "quoted-printable", "base64"))
_FOLD = re.compile(r"\r?\n[ \t]+|\t")


def read_ordinary(raw: bytes) -> Tree | None:
    """The tree of an ordinary mail; None when it is none, and mail-parser must be asked."""
    try:
        tree = message_from_bytes(raw)
        return tree if all(_is_plain(part, top=part is tree) for part in tree.walk()) else None
    except Exception:  # it will be told by whoever reads it next
        return None


def _is_plain(part: Tree, top: bool) -> bool:
    if part.defects or part.get_content_maintype() not in _KINDS:
        return False
    for name, value in part.raw_items():
        if not isinstance(value, str) or not value.isascii():
            return False
        lower = name.lower()
        if lower in _MIME:
            if not _is_plain_mime(lower, _on_one_line(value)):
                return False
        elif top and not _is_plain_header(lower, value):
            return False
    return True


def _is_plain_header(name: str, value: str) -> bool:
    if name in _ADDRESSES:
        return _MAILBOXES.fullmatch(_on_one_line(value)) is not None
    if name == "received":
        stamped = _RECEIVED.fullmatch(_on_one_line(value))
        return stamped is not None and plain_date(stamped[1]) is not None
    return name not in ("date", "resent-date") or plain_date(value) is not None


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
