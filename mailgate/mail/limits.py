"""Structural limits, looked at before anything parses the mail: a bomb is recognised by counting, not by exploding.

``find_broken_limit`` says in one English sentence, for the operator, why a mail must not be read; "" when it may.
All of it is a few passes of C code over the bytes; a mail of 25 MiB takes tens of milliseconds.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message as Tree

from mailgate.mail.body import children
from mailgate.mail.headers import header_block
from mailgate.mail.hollow import hollow_out
from mailgate.mail.message import Message
from mailgate.settings import Limits

MOST_PARAMS_TEXT = 200  # ";" in one header: nobody has that many parameters, and readers of them were quadratic

_MBOX_LINE = re.compile(rb">?From (?![ \t]*:)")
_BARE_CR = re.compile(rb"\r(?!\n)")
_NEW_HEADER = re.compile(rb"\n(?![ \t])")
# For lower-cased bytes: a pattern that begins with fixed letters is searched for many times faster.
_RECEIVED = re.compile(rb"\nreceived[ \t]*:")
_BOUNDARY = re.compile(rb"boundary\s{0,10}\*?\d?\*?=\s{0,10}\"?([^\"\r\n;]{1,200})")
_INNER_MESSAGE = re.compile(rb"\ncontent-type\s{0,10}:\s{0,10}message/")
_DELIMITER = re.compile(rb"\n--([^\r\n]{1,210})")


def find_broken_limit(raw: bytes, limits: Limits, left: bytes | None = None) -> str:
    """Why this mail must wait for the operator, as a sentence; "" when nothing is wrong with its structure.

    ``left``: what is left of it without its files (``hollow``), of a caller that has it already.
    """
    return find_trick(raw) or find_bomb(raw, limits, left)


def find_excess(message: Message, limits: Limits) -> str:
    """What an understood mail has too much of, as a sentence; "" when nothing."""
    if len(message.attachments) > limits.attachments:
        return f"The mail has {len(message.attachments)} attachments; the most is {limits.attachments}."
    return ""


def find_trick(raw: bytes) -> str:
    """Bytes in the header block that make two readers see two different mails.

    A bare CR ends a line for Python and for nobody who checked DMARC before us: it can hide a second From.
    """
    block = header_block(raw)
    if _BARE_CR.search(block):
        return "The header block has a carriage return without a line feed, which can hide a second sender."
    if b"\0" in block:
        return "The header block has a NUL byte."
    if _MBOX_LINE.match(block):
        return "The mail begins with an mbox separator line instead of a header."
    return ""


def find_bomb(raw: bytes, limits: Limits, left: bytes | None = None) -> str:
    """What in this mail would cost too much to read, as a sentence; "" when nothing. ``left`` as above."""
    if len(raw) > limits.mail_bytes:
        return f"The mail has {len(raw)} bytes; the most is {limits.mail_bytes}."
    if (lines := raw.count(b"\n")) > limits.lines:
        return f"The mail has {lines} lines; the most is {limits.lines}."
    if _has_long_line(raw, limits.line_bytes):
        return f"The mail has a line of more than {limits.line_bytes} bytes."
    if bomb := _find_header_bomb(header_block(raw), limits):
        return bomb
    return _find_mime_bomb(hollow_out(raw).octets if left is None else left, limits)


def _has_long_line(raw: bytes, most: int) -> bool:
    """Jumps from line end to line end, a whole limit at a time; a regular expression would be quadratic here."""
    at = 0
    while len(raw) - at > most:
        end = raw.rfind(b"\n", at, at + most + 1)
        if end < 0:
            return True
        at = end + 1
    return False


def _find_header_bomb(block: bytes, limits: Limits) -> str:
    if len(block) > limits.header_bytes:
        return f"The header block has {len(block)} bytes; the most is {limits.header_bytes}."
    headers = _NEW_HEADER.split(block)
    if len(headers) > limits.headers:
        return f"The mail has {len(headers)} headers; the most is {limits.headers}."
    for header in headers:
        if len(header) > limits.one_header_bytes:
            return f"A header has {len(header)} bytes; the most is {limits.one_header_bytes}."
        if header.count(b";") > MOST_PARAMS_TEXT and header[:8].lower() == b"content-":
            return f"A header has more than {MOST_PARAMS_TEXT} parameters."
    if (received := len(_RECEIVED.findall(b"\n" + block.lower()))) > limits.received:
        return f"The mail has {received} Received headers, so it goes in a circle; the most is {limits.received}."
    return ""


def _find_mime_bomb(raw: bytes, limits: Limits) -> str:
    """Counts what may be parts; only when that is suspicious is the tree built and really counted."""
    lower = raw.lower()
    boundaries = {raw[match.start(1) : match.end(1)] for match in _BOUNDARY.finditer(lower)}
    inner = len(_INNER_MESSAGE.findall(lower))
    if len(boundaries) + inner > 10 * limits.parts:
        return f"The mail has more than {limits.parts} parts."
    parts = inner + sum(name.rstrip() in boundaries for name in _DELIMITER.findall(raw)) if boundaries else inner
    if parts <= limits.parts and len(boundaries) + inner <= limits.depth:
        return ""
    if parts > 20 * limits.parts:
        return f"The mail has more than {limits.parts} parts."
    if _written_depth(raw, boundaries) > 2 * limits.depth:  # reading a tree costs its depth squared
        return f"The mail's parts are nested more than {limits.depth} deep."
    try:
        return _count_tree(message_from_bytes(raw), limits)
    except RecursionError:
        return f"The mail's parts are nested more than {limits.depth} deep."


def _written_depth(raw: bytes, boundaries: set[bytes]) -> int:
    """How deep the delimiter lines nest: one that is open closes what was opened after it."""
    open_ones: list[bytes] = []
    inside: set[bytes] = set()
    deepest = 0
    for line in _DELIMITER.findall(raw):
        name = line.rstrip()
        ends = name.endswith(b"--") and name[:-2] in inside
        name = name[:-2] if ends else name
        if name in inside:
            while open_ones[-1] != name:
                inside.discard(open_ones.pop())
            if ends:
                inside.discard(open_ones.pop())
        elif name in boundaries:
            open_ones.append(name)
            inside.add(name)
            deepest = max(deepest, len(open_ones))
    return deepest


def _count_tree(tree: Tree, limits: Limits) -> str:
    waiting, parts = [(tree, 0)], 0
    while waiting:
        part, depth = waiting.pop()
        parts += 1
        if depth > limits.depth:
            return f"The mail's parts are nested more than {limits.depth} deep."
        if parts > limits.parts:
            return f"The mail has more than {limits.parts} parts."
        waiting.extend((child, depth + 1) for child in children(part))
    return ""
