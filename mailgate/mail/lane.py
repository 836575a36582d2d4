"""Which queue a mail stands in, by a glance at its headers: who wrote it, and which ticket it seems to be about.

Mails of one author, and mails that name one ticket, are worked on one after the other, in the order they came, however
many workers there are. A glance is enough: it only keeps order, and decides nothing. Total; costs some microseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailgate.mail.headers import decode_value, parse_addresses, unfold
from mailgate.mail.subject import DEFAULT_TAG, find_number

HEADER_BYTES = 65_536
ONE_VALUE = 2000
_END = re.compile(rb"\r?\n\r?\n|^\r?\n")
_FIELD = re.compile(
    rb"^(from|subject|in-reply-to|references|to)[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)", re.IGNORECASE | re.MULTILINE
)
_OURS = re.compile(r"(?:<|\+)t([1-9][0-9]{0,8})\.[a-z2-7]{8}\.[a-z2-7]{16}@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lane:
    """``author`` is "" and ``ticket`` None where the headers do not say."""

    author: str = ""
    ticket: int | None = None


def find_lane(raw: bytes, recipients: tuple[str, ...] = (), tag: str = DEFAULT_TAG) -> Lane:
    """A number in the subject, else a reply address of ours, else one of our Message-IDs answered."""
    block = raw[:HEADER_BYTES]
    end = _END.search(block)
    fields: dict[str, str] = {}
    for field in _FIELD.finditer(block[: end.start()] if end else block):
        value = unfold(field[2][-ONE_VALUE:].decode("utf-8", "replace")).strip()
        fields.setdefault(field[1].decode("ascii").lower(), value)
    authors = parse_addresses(fields.get("from", ""))
    number = find_number(decode_value(fields.get("subject", "")), tag)
    if number is None:
        said = [*recipients, fields.get("to", ""), fields.get("in-reply-to", ""), fields.get("references", "")]
        found = _OURS.findall(" ".join(said))
        number = int(found[-1]) if found else None
    return Lane(authors[0].address[:320] if authors else "", number)
