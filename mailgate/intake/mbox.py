"""The mails of an mbox, one at a time, however large the file is. What is cut off or too large is told, not guessed at.

The format (RFC 4155, and mboxrd where it is silent): a mail begins at a "From " line with a date, at the beginning or
after an empty line; ">From " in a body lost one ">" less when it was written; an empty line ends a mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

# The address is whatever has no blank; the date is asctime's, with or without a zone before or after the year.
FROM_LINE = re.compile(
    rb"From (\S*) .{0,40}?[A-Z][a-z]{2} +\d{1,2} \d{1,2}:\d{2}(?::\d{2})?.{0,20}?\d{4}(?:.{0,10})?\r?\n?\Z"
)
_QUOTED = re.compile(rb"(?m)^>(>*From )")
_BOUNDARY = re.compile(
    rb'(?is)^content-type:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*?;\s*boundary="?([^";\r\n]{1,200})', re.MULTILINE
)
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_PIECE = 65_536  # a line may have no end


@dataclass(frozen=True, slots=True)
class Boxed:
    """One mail of an mbox."""

    at: int  # byte where its "From " line begins
    raw: bytes = field(repr=False)
    sender: str = ""  # of the "From " line, as written there
    defect: str = ""  # why ``raw`` is not to be taken: cut off, or too large
    cut: bool = False  # the file's last mail, and its end seems to be missing


def sender_of(from_line: bytes) -> str:
    """The address in a "From " line; "" for MAILER-DAEMON, Thunderbird's "-" and invented ones without a domain."""
    found = FROM_LINE.match(from_line)
    word = found[1].decode("utf-8", "replace") if found else ""
    return word if "." in word.rpartition("@")[2] and "@" in word else ""


def read_mbox(file: BinaryIO, most_bytes: int) -> Iterator[Boxed]:
    """Every mail in order; those with a ``defect`` are fragments. A beginning without "From " line is one, too."""
    at, sender, held, size = 0, "", bytearray(), 0
    begun = False  # inside a mail, not in what precedes the first
    position, blank, line_start = 0, True, True
    while piece := file.readline(_PIECE):
        if line_start and blank and FROM_LINE.match(piece):
            if begun or held.strip():
                yield _boxed(at, sender, held, size, most_bytes, begun=begun, last=False)
            at, sender, held, size, begun = position, sender_of(piece), bytearray(), 0, True
        else:
            size += len(piece)
            if len(held) <= most_bytes + 2:  # the rest of a mail too large is read past, not kept
                held += piece
        blank = line_start and piece in (b"\n", b"\r\n")
        line_start = piece.endswith(b"\n")
        position += len(piece)
    if begun or held.strip():
        yield _boxed(at, sender, held, size, most_bytes, begun=begun, last=True)


def _boxed(at: int, sender: str, held: bytearray, size: int, most_bytes: int, *, begun: bool, last: bool) -> Boxed:
    raw = bytes(held)
    if not begun:
        return Boxed(at, raw, defect='does not begin with a "From " line: its beginning is cut off')
    ending = b"\r\n\r\n" if raw.endswith(b"\r\n\r\n") else b"\n\n"
    blank = len(ending) // 2 if raw.endswith(ending) else 0  # the empty line that ends a mail is none of its own
    if size - blank > most_bytes:
        return Boxed(at, b"", sender, defect=f"has {size} bytes, over limits.mail_bytes ({most_bytes})")
    if last and (why := _cut(raw)):
        return Boxed(at, raw, sender, f"is cut off: {why}", cut=True)
    raw = raw[: len(raw) - blank]
    return Boxed(at, _QUOTED.sub(rb"\1", raw), sender)


def _cut(raw: bytes) -> str:
    """Why the last mail of a file is not whole; "" when it seems to be: the format has no mark at its end."""
    if not raw.endswith(b"\n"):
        return "the file ends in the middle of a line"
    headers_end = _HEADERS_END.search(raw)
    if headers_end is None:
        return "the file ends within its headers"
    boundary = _BOUNDARY.search(raw[: headers_end.start()])
    if boundary and b"--" + boundary[1].rstrip() + b"--" not in raw[headers_end.start() :]:
        return "the file ends before its last part"
    return ""
