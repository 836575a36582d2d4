"""A letter's words and files become the bytes that leave: every header checked, equal bytes for equal letters.

mixed > (related > (alternative: text, HTML), images shown inside), files. Bodies are quoted-printable or base64, so
that no relay needs 8BITMIME and no line is longer than 998 (RFC 5321 4.5.3.1.6). Written by hand and not through
EmailMessage, whose writer lets encoded line breaks become headers on Pythons in use (CVE-2024-6923); read back and
compared afterwards. Raises UnsafeLetter rather than let out a header that nobody intended.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple

from mailgate.letters import headers
from mailgate.letters.headers import UnsafeLetter
from mailgate.mail.charset import clean
from mailgate.mail.message import Address

LOOP_HEADER = "X-Mailgate-Loop"
LONGEST_LINE = 998

_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,90}")
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[A-Z]{2})?")
_CONTENT_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,250}")
_MARK = re.compile(r"[\x21-\x7e]{1,200}")
AUTOMATIC = ("", "auto-replied", "auto-generated")


class Enclosure(NamedTuple):
    """A file that goes with a letter; shown inside its HTML when ``inline`` and the HTML names its ``content_id``."""

    name: str
    type: str
    content: bytes
    content_id: str = ""  # without <>
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person. ``text`` and ``html`` are finished; the rest is made safe here."""

    from_: Address
    to: Address
    subject: str
    text: str
    html: str
    message_id: str  # with <>
    date: datetime  # aware
    reply_to: str = ""  # bare address
    in_reply_to: str = ""  # with <>, "" for none; left out when it is no Message-ID
    references: tuple[str, ...] = ()  # oldest first; bounded here
    language: str = "es"
    automatic: str = ""  # auto-replied, auto-generated, or "" for a person's words
    bulk: bool = False  # Precedence: bulk, for what nobody waits for
    loop_mark: str = ""
    unsubscribe: str = ""  # a mailto: URL
    calendar: str = field(default="", repr=False)  # an invitation (RFC 5546), METHOD and all
    attachments: tuple[Enclosure, ...] = field(default=(), repr=False)


class _Part(NamedTuple):
    """A MIME part: its fields as (name, finished value), and its encoded body in pieces, to be joined once."""

    fields: tuple[tuple[str, str], ...]
    body: Sequence[bytes]


def compose(letter: Letter) -> bytes:
    """The letter as it leaves: RFC 5322, CRLF, 7-bit but for an address that is not ASCII. Raises UnsafeLetter."""
    fields = _fields(letter)
    part = _body(letter)
    names = [name for name, _ in (*fields, *part.fields)]
    head = b"".join(headers.field(name, value) for name, value in (*fields, *part.fields))
    raw = b"".join([head, b"\r\n", *part.body])
    _check(raw, names)
    return raw


def _fields(letter: Letter) -> list[tuple[str, str]]:
    if letter.automatic not in AUTOMATIC:
        raise UnsafeLetter(f"{letter.automatic!r} is no Auto-Submitted value")
    optional = {
        "Reply-To": headers.checked_address(letter.reply_to) if letter.reply_to else "",
        "In-Reply-To": headers.identifiers((letter.in_reply_to,)),
        "References": headers.identifiers(letter.references),
        "Auto-Submitted": letter.automatic,
        "X-Auto-Response-Suppress": "All" if letter.automatic else "",
        "Precedence": "bulk" if letter.bulk else "",
        "Content-Language": _matching(_LANGUAGE, letter.language),
        LOOP_HEADER: _matching(_MARK, letter.loop_mark),
        "List-Unsubscribe": f"<{letter.unsubscribe}>" if _MARK.fullmatch(letter.unsubscribe) else "",
    }
    return [
        ("From", headers.address_field(letter.from_)),
        ("To", headers.address_field(letter.to)),
        ("Subject", headers.text_field(letter.subject)),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", headers.identifier(letter.message_id)),
        *((name, value) for name, value in optional.items() if value),
        ("MIME-Version", "1.0"),
    ]


def _matching(form: re.Pattern[str], value: str) -> str:
    if value and not form.fullmatch(value):
        raise UnsafeLetter(f"{value!r} may not stand in a header")
    return value


def _body(letter: Letter) -> _Part:
    shown: list[Enclosure] = []
    apart: list[Enclosure] = []
    for one in letter.attachments:
        inside = one.inline and one.content_id and f"cid:{one.content_id}" in letter.html
        (shown if inside else apart).append(one)
    seed = hashlib.sha256(letter.message_id.encode())
    part = _text(letter.text, "plain")
    if letter.html:
        part = _multipart("alternative", [part, _text(letter.html, "html"), *_invite(letter)], seed.hexdigest())
    if shown:
        part = _multipart("related", [part, *(_file(one, "inline") for one in shown)], seed.hexdigest())
    if apart:
        part = _multipart("mixed", [part, *(_file(one, "attachment") for one in apart)], seed.hexdigest())
    return part


def _invite(letter: Letter) -> list[_Part]:
    """The calendar as an alternative of the body: that is where programs look for what they show buttons for."""
    if not letter.calendar:
        return []
    part = _text(letter.calendar, "calendar")
    method = "CANCEL" if "\nMETHOD:CANCEL\n" in letter.calendar else "REQUEST"
    return [_Part((("Content-Type", f"text/calendar; charset=utf-8; method={method}"), *part.fields[1:]), part.body)]


def _text(text: str, subtype: str) -> _Part:
    encoding, body = _shorter(text)
    return _Part((("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", encoding)), [body])


def _shorter(text: str) -> tuple[str, bytes]:
    """Quoted-printable for our alphabet, base64 for others'."""
    data = clean(text).encode("utf-8")
    quoted = binascii.b2a_qp(data, istext=True).replace(b"\n", b"\r\n")
    if len(quoted) <= len(data) * 2:
        return "quoted-printable", quoted
    return "base64", _base64(data.replace(b"\n", b"\r\n"))


def _base64(data: bytes) -> bytes:
    whole = binascii.b2a_base64(data, newline=False)
    return b"\r\n".join([*[whole[at : at + 76] for at in range(0, len(whole), 76)], b""])


def _file(one: Enclosure, disposition: str) -> _Part:
    kind = one.type.lower()
    if not _TYPE.fullmatch(kind) or kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    encoding, body = "base64", _base64(one.content)
    if one.type.lower() == "message/rfc822" and _fits_seven_bits(one.content):
        # A mail inside a mail may not be base64 (RFC 2046 5.2.1): whole as it is, or else as a mere file.
        kind, encoding, body = "message/rfc822", "7bit", _crlf(one.content)
    elif kind == "text/plain" and _is_utf8(one.content):
        kind = "text/plain; charset=utf-8"  # without a word, programs read it as something else
    fields = [
        ("Content-Type", kind),
        ("Content-Transfer-Encoding", encoding),
        ("Content-Disposition", f"{disposition};\r\n {headers.file_name(one.name)}"),
    ]
    if _CONTENT_ID.fullmatch(one.content_id):
        fields.append(("Content-ID", f"<{one.content_id}>"))
    return _Part(tuple(fields), [body])


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _fits_seven_bits(content: bytes) -> bool:
    return content.isascii() and b"\0" not in content and max(map(len, content.splitlines()), default=0) <= LONGEST_LINE


def _crlf(data: bytes) -> bytes:
    return re.sub(rb"\r\n|\r|\n", b"\r\n", data)


def _multipart(subtype: str, parts: Sequence[_Part], seed: str) -> _Part:
    # "=_" occurs in no quoted-printable or base64 body; a mail enclosed as it is could hold anything.
    salt = 0
    while True:
        boundary = f"=_{hashlib.sha256(f'{seed}{subtype}{salt}'.encode()).hexdigest()[:24]}"
        if not any(boundary.encode() in piece for part in parts for piece in part.body):
            break
        salt += 1
    mark = b"--" + boundary.encode()
    pieces = []
    for part in parts:
        head = b"".join(headers.field(name, value) for name, value in part.fields)
        pieces += [mark + b"\r\n" + head + b"\r\n", *part.body, b"\r\n"]
    kind = f'multipart/{subtype};\r\n boundary="{boundary}"'
    if subtype == "related":
        kind += ';\r\n type="multipart/alternative"'
    return _Part((("Content-Type", kind),), [*pieces, mark + b"--\r\n"])


def _check(raw: bytes, names: list[str]) -> None:
    """Read our own letter as a stranger would: exactly the headers that were meant, no line too long, no bare break."""
    head = raw[: raw.index(b"\r\n\r\n")]
    lines = [line for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    found = [line.partition(b":")[0].decode("ascii", "replace") for line in lines]
    if found != names or any(b":" not in line for line in lines):
        raise UnsafeLetter(f"the letter would carry the headers {found} instead of {names}")
    if head.replace(b"\r\n", b"").translate(None, b"\r\n\0") != head.replace(b"\r\n", b""):
        raise UnsafeLetter("the letter's headers hold a bare line break or NUL")
    if _has_long_line(raw):
        raise UnsafeLetter("the letter has a line longer than 998 octets")


def _has_long_line(raw: bytes) -> bool:
    """A line that is too long covers one of the pieces of half its length: most letters are looked at no further."""
    half = LONGEST_LINE // 2
    if all(raw.find(b"\r\n", at, at + half) >= 0 for at in range(0, len(raw) - half + 1, half)):
        return False
    return max(map(len, raw.split(b"\r\n"))) > LONGEST_LINE
