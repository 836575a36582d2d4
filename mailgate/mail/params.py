"""Parameters of MIME headers (``name="factura.pdf"``), RFC 2231 continuations and charsets included. Never raises.

One pass, whatever is written: the stdlib's reader is quadratic in ``;``, raises on broken continuations, and turns
8-bit file names into question marks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from mailgate.mail import charset
from mailgate.mail.headers import decode_words

MOST_PARAMS = 100

_PARAM = re.compile(r';\s*([^=;\s"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_EXTENDED = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*?)")
_ESCAPED = re.compile(r'\\(["\\])')  # no other: people send "C:\datos\x.doc"


@lru_cache(maxsize=512)
def parse_params(value: str) -> dict[str, str]:
    """{name in lower case: decoded value} of an unfolded header value; a name given twice keeps its first value."""
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for count, match in enumerate(_PARAM.finditer(value)):
        if count >= MOST_PARAMS:
            break
        name, text = match[1].lower(), _unquote(match[2])
        extended = _EXTENDED.fullmatch(name)
        if extended is None or extended[0] == extended[1]:
            plain.setdefault(name, text)
        else:
            number = int(extended[2] or 0)
            pieces.setdefault(extended[1], {}).setdefault(number, (bool(extended[3]), text))
    found = {name: charset.clean_line(decode_words(text)) for name, text in plain.items()}
    for name, numbered in pieces.items():
        if joined := charset.clean_line(_join(numbered)):
            found[name] = joined  # RFC 6266 section 4.3: the extended form is the better one
    return found


def _unquote(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return text.strip('"')


def _join(numbered: dict[int, tuple[bool, str]]) -> str:
    """RFC 2231 sections 3, 4: the pieces in order, percent-decoded where marked, in the charset of the first."""
    declared, octets = "", b""
    for place, number in enumerate(sorted(numbered)):
        encoded, text = numbered[number]
        if place == 0 and encoded and text.count("'") >= 2:
            declared, _, text = text.split("'", 2)
        octets += unquote_to_bytes(text) if encoded else text.encode("utf-8", "surrogateescape")
    return decode_words(charset.decode(octets, declared))
