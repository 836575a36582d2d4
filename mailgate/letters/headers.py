"""Header fields as they leave: ASCII, encoded words for the rest (RFC 2047), RFC 2231 for file names, folded at 76.

Values are given as text and are made one line here; no value can begin a second field. ``UnsafeLetter`` is raised for
what cannot stand in a header at all: an address or an identifier that is none.
"""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from mailgate.letters.lines import sanitize_line
from mailgate.mail.message import Address

FOLD = 76
WORD_BYTES = 45  # of UTF-8 in one encoded word: 60 characters of base64, 72 with its frame
MOST_REFERENCES = 20
LONGEST_ID = 250
LONGEST_FILE_NAME = 150

_PLAIN = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_ADDRESS = re.compile(
    r'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"|[^\s<>()\[\]\\,;:@"\x00-\x1f\x7f]+)@[^\s<>()\\,;@"]+'
)
_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")


class UnsafeLetter(ValueError):
    """A letter that must not leave: an address or identifier that is none, or a header nobody intended."""


def text_field(text: str, most: int = 255) -> str:
    """An unstructured value (Subject): as it is when plain ASCII, else in encoded words."""
    line = sanitize_line(text, most)
    if _PLAIN.fullmatch(line) and "=?" not in line and all(len(word) < FOLD for word in line.split(" ")):
        return _fold(line.split(" "))
    return "\r\n ".join(encoded_words(line))


def encoded_words(line: str) -> list[str]:
    """RFC 2047 words of at most 75 characters; no character is cut in two."""
    data, words = line.encode("utf-8", "replace"), []
    while len(data) > WORD_BYTES:
        end = next(end for end in range(WORD_BYTES, 0, -1) if data[end] & 0xC0 != 0x80)  # where a character begins
        words.append(data[:end])
        data = data[end:]
    return [f"=?utf-8?b?{base64.b64encode(word).decode('ascii')}?=" for word in [*words, data]]


@functools.lru_cache(maxsize=256)
def address_field(address: Address) -> str:
    """A mailbox (RFC 5322 3.4), remembered: the desk and its agents are in most letters. An address outside ASCII
    stays as it is: such a letter needs SMTPUTF8.
    """
    spec = checked_address(address.address)
    name = sanitize_line(address.name, 150)
    if not name:
        return spec
    if not name.isascii() or "=?" in name:
        return "\r\n ".join([*encoded_words(name), f"<{spec}>"])
    if not _ATOMS.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return _fold([*name.split(" "), f"<{spec}>"])


def checked_address(spec: str) -> str:
    """The addr-spec itself. Raises UnsafeLetter when it is none."""
    if len(spec) > 320 or not _ADDRESS.fullmatch(spec) or sanitize_line(spec, 320) != spec:
        raise UnsafeLetter(f"{spec!r} is no address a letter can carry")
    return spec


def identifier(message_id: str) -> str:
    """A Message-ID with its <>. Raises UnsafeLetter when it is none."""
    if len(message_id) > LONGEST_ID or not _ID.fullmatch(message_id):
        raise UnsafeLetter(f"{message_id!r} is no Message-ID")
    return message_id


def identifiers(message_ids: Iterable[str]) -> str:
    """References: the first, which names the thread, and the newest; other people's broken ones are left out."""
    usable = list(dict.fromkeys(one for one in message_ids if len(one) <= LONGEST_ID and _ID.fullmatch(one)))
    if len(usable) > MOST_REFERENCES:
        usable = [usable[0], *usable[-(MOST_REFERENCES - 1) :]]
    return "\r\n ".join(usable)


def file_name(name: str) -> str:
    """The ``filename`` parameter (RFC 2183, RFC 2231), short enough for one line whatever it holds."""
    shown = re.sub(r'[/\\:*?<>|"]', "_", sanitize_line(name, LONGEST_FILE_NAME)) or "adjunto"
    if _PLAIN.fullmatch(shown) and "=?" not in shown:
        return f'filename="{shown}"'
    return f"filename*=utf-8''{quote(shown, safe='', errors='replace')[:900]}"


def field(name: str, value: str) -> bytes:
    """One finished field. Its value is one that the functions above made, or ASCII of our own."""
    return f"{name}: {value}\r\n".encode()


def _fold(words: Sequence[str]) -> str:
    """Words joined by blanks, on lines of at most FOLD characters where words allow (the first is shorter: a name)."""
    lines, room = [words[0]], FOLD - 20
    for word in words[1:]:
        # A line of blanks alone would end the header for some programs.
        if word and lines[-1].strip() and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = FOLD
        else:
            lines[-1] += " " + word
    return "\r\n ".join(lines)
