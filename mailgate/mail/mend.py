"""Raw bytes made fit for a parser: line ends that all readers agree on, header lines that are header lines.

Everything done is told in ``defects``. Nothing here can add a From, a Subject or a verdict that the MX in front of us
did not see: below a line that is no header, only MIME headers are taken for headers.
"""

from __future__ import annotations

import re

from mailgate.mail import headers, limits

_BARE_CR_OR_NUL = re.compile(rb"\r(?!\n)|\0")
_NO_HEADER = re.compile(rb"\n(?![!-9;-~]+:|[ \t]|>?From (?![ \t]*:)|\r?(?:\n|\Z))[^\n]+")  # of a block below a line
_SPACE_BEFORE_COLON = re.compile(rb"^([!-9;-~]+)[ \t]+:", re.MULTILINE)  # RFC 5322 section 4.5 calls it obsolete
_CUT_END = re.compile(rb"\n(--[^\r\n]{1,200})-\s*\Z")
_MIME_HEADER = re.compile(rb"(?:content-[!-9;-~]+|mime-version):", re.IGNORECASE)


def mend(raw: bytes, defects: list[str]) -> bytes:
    """The mail with one kind of line end and a header block that ends where it should."""
    if b"\n" not in raw and b"\r" in raw:
        defects.append("The lines end in carriage returns only.")
        raw = raw.replace(b"\r", b"\n")
    if (cut := _CUT_END.search(raw[-300:])) and _has_line(raw, cut[1]):
        defects.append("The end of the last part is cut off.")
        raw = raw.rstrip() + b"-\n"
    block = headers.header_block(raw)
    mended = block
    if trick := limits.find_trick(raw):
        defects.append(trick)
        mended = _BARE_CR_OR_NUL.sub(b" ", mended)
    if _NO_HEADER.search(b"\n" + mended):
        mended = _mend_header_lines(mended, defects)
    return raw if mended is block else mended + raw[len(block) :]


def _has_line(raw: bytes, line: bytes) -> bool:
    return any(b"\n" + line + end in raw for end in (b"\r\n", b"\n"))


def _mend_header_lines(block: bytes, defects: list[str]) -> bytes:
    block = _SPACE_BEFORE_COLON.sub(rb"\1:", block)
    stranger = _NO_HEADER.search(b"\n" + block)
    if stranger is None:
        defects.append("A header has a space before its colon.")
        return block
    below = _mime_headers(block[stranger.end() - 1 :].lstrip(b"\r\n"))
    if b"content-type" not in below.lower():
        return block  # the parser will take all of it for the body, and so it is
    defects.append("A line among the headers is no header.")
    return block[: stranger.start()] + below.rstrip(b"\r\n")


def _mime_headers(block: bytes) -> bytes:
    kept, taking = [], False
    for line in block.splitlines(keepends=True):
        if not line.startswith((b" ", b"\t")):
            taking = _MIME_HEADER.match(line) is not None
        if taking:
            kept.append(line)
    return b"".join(kept)
