"""Which queue a mail stands in, by a glance at its headers: who wrote it, and which ticket it seems to be about.

Mails of one author, and mails that name one ticket, are worked on one after the other, in the order they came, however
many workers there are. A glance is enough: it only keeps order, and decides nothing. Total; costs some microseconds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailgate.mail.headers import decode_value, parse_addresses, split_header_block, unfold
from mailgate.mail.subject import DEFAULT_TAG, find_number

HEADER_BYTES = 65_536
ONE_VALUE = 2000
# For lower-cased bytes: a pattern that begins with fixed letters is searched for many times faster.
_FIELDS = {
    name: re.compile(rb"\n" + name.encode() + rb"[ \t]*:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)")
    for name in ("from", "subject", "to", "in-reply-to", "references")
}
_OURS = re.compile(r"(?:<|\+)t([1-9][0-9]{0,8})\.[a-z2-7]{8}\.[a-z2-7]{16}@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lane:
    """``author`` is "" and ``ticket`` None where the headers do not say."""

    author: str = ""
    ticket: int | None = None


def find_lane(raw: bytes, recipients: tuple[str, ...] = (), tag: str = DEFAULT_TAG) -> Lane:
    """A number in the subject, else a reply address of ours, else one of our Message-IDs answered."""
    block = b"\n" + split_header_block(raw[:HEADER_BYTES])[0]
    lower = block.lower()
    fields = {name: _value(block, field.search(lower)) for name, field in _FIELDS.items()}
    authors = parse_addresses(fields["from"])
    number = find_number(decode_value(fields["subject"]), tag)
    if number is None:
        said = [*recipients, fields["to"], fields["in-reply-to"], fields["references"]]
        found = _OURS.findall(" ".join(said))
        number = int(found[-1]) if found else None
    return Lane(authors[0].address[:320] if authors else "", number)


def _value(block: bytes, found: re.Match[bytes] | None) -> str:
    """What ends there of a topmost header, on one line."""
    return unfold(block[found.start(1) : found.end(1)][-ONE_VALUE:].decode("utf-8", "replace")).strip() if found else ""
