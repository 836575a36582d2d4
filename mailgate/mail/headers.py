"""Headers of one MIME part, read so that nothing in them can raise, loop or smuggle a line break.

Values come from the stdlib's compat32 tree, raw, and are unfolded, decoded (RFC 2047 with the ways people break it,
8-bit with or without a charset) and cleaned here. Addresses are taken from the undecoded value, because an encoded
comma or angle bracket is part of a name and never structure (RFC 2047 section 5).
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence, Set
from datetime import UTC, datetime
from email.message import Message as Tree
from email.utils import parsedate_to_datetime
from functools import lru_cache

from mailgate.mail import charset
from mailgate.mail.message import Address
from mailgate.mail.ordinary import plain_date, plain_mailbox

MOST_ADDRESSES = 200
MOST_IDS = 100
LONGEST_ADDRESS = 320  # octets: 64 + @ + 255, RFC 5321 section 4.5.3.1

_EMPTY_LINE = re.compile(rb"\n\r?\n")
_FOLD = re.compile(r"\r*\n[ \t]*|\r[ \t]*")
_WORD = re.compile(r"=\?([\w.:+()*-]{1,60})\?([bBqQ])\?(.{0,4000}?)\?=", re.DOTALL)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_MESSAGE_ID = re.compile(r"<([^<>]{1,990})>")
_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def split_header_block(raw: bytes) -> tuple[bytes, bytes]:
    """(header block, body). A mail that begins with an empty line has no headers; one without any has no body."""
    return header_block(raw), raw[body_start(raw) :]


def header_block(raw: bytes) -> bytes:
    """The first half of ``split_header_block``, without a copy of the other, which is nearly all of a mail."""
    return b"" if raw.startswith((b"\n", b"\r\n")) else raw[: _divide(raw)[0]]


def body_start(raw: bytes) -> int:
    """Where the other half begins."""
    return len(raw) - len(raw.lstrip(b"\r\n")) if raw.startswith((b"\n", b"\r\n")) else _divide(raw)[1]


def _divide(raw: bytes) -> tuple[int, int]:
    """Where the header block ends and where the body begins."""
    empty = _EMPTY_LINE.search(raw)
    if empty is None:
        return len(raw), len(raw)
    return empty.start() - (raw[empty.start() - 1 : empty.start()] == b"\r"), empty.end()


def raw_headers(part: Tree) -> list[tuple[str, str]]:
    """(name, raw value) of every header in order; the values fold and hold 8-bit octets as surrogates."""
    return [(name, value) for name, value in part.raw_items() if isinstance(value, str)]


def get_header(part: Tree, name: str) -> str:
    """The topmost value, decoded, on one line; "" when absent."""
    return decode_value(raw_value(part, name))


def all_headers(part: Tree, name: str) -> tuple[str, ...]:
    """Every value of a header, topmost first, decoded, each on one line."""
    return tuple(decode_value(value) for value in raw_values(part, name))


def raw_value(part: Tree, name: str) -> str:
    """The topmost value, as ``raw_headers`` gives it; "" when absent."""
    found = _by_name(part).get(name.lower())
    return found[0] if found else ""


def raw_values(part: Tree, name: str) -> Sequence[str]:
    """Every value of a header, topmost first, as ``raw_headers`` gives them."""
    return _by_name(part).get(name.lower(), ())


def header_names(part: Tree) -> Set[str]:
    """The names of all headers, lower case."""
    return _by_name(part).keys()


def _by_name(part: Tree) -> dict[str, list[str]]:
    """The values by lower-case name, kept with the part: some seventy headers are asked for in reading one mail."""
    kept: tuple[int, dict[str, list[str]]] | None = getattr(part, "_values_by_name", None)
    if kept is not None and kept[0] == len(part._headers):  # type: ignore[attr-defined]
        return kept[1]
    values: dict[str, list[str]] = {}
    for name, value in raw_headers(part):
        values.setdefault(name.lower(), []).append(value)
    part._values_by_name = (len(part), values)  # type: ignore[attr-defined]
    return values


def header_addresses(part: Tree, name: str) -> tuple[Address, ...]:
    """The mailboxes of every occurrence of an address header."""
    found = [address for value in raw_values(part, name) for address in parse_addresses(unfold(value))]
    return tuple(found[:MOST_ADDRESSES])


def unfold(raw: str) -> str:
    """A raw value on one line, its 8-bit octets decoded, its encoded words untouched."""
    text = _FOLD.sub(" ", raw) if "\n" in raw or "\r" in raw else raw
    if text.isascii():
        return text
    return charset.decode(text.encode("utf-8", "surrogateescape"))


def decode_value(raw: str) -> str:
    """A raw header value as a person would read it: unfolded, decoded, cleaned."""
    if not raw or (_is_clean(raw) and "=?" not in raw):
        return raw
    return _decoded(raw)


@lru_cache(maxsize=32)  # the same From is looked at by whoever judges the mail
def _decoded(raw: str) -> str:
    return charset.clean_line(decode_words(unfold(raw)))


def _is_clean(raw: str) -> bool:
    """Printable ASCII, words one space apart."""
    return raw.isascii() and raw.isprintable() and "  " not in raw and raw[0] != " " != raw[-1]


def decode_words(text: str) -> str:
    """RFC 2047 encoded words decoded wherever they stand, also where the RFC forbids them (in quotes, inside words).

    Adjacent words of one charset are joined as bytes first: many senders cut in the middle of a character.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    pending, pending_charset, at = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        name = word[1].partition("*")[0]  # RFC 2231 section 5: charset*language
        data = _word_bytes(word[2], word[3])
        if between.strip() or (at == 0 and between) or name.lower() != pending_charset:
            pieces.append(charset.decode(pending, pending_charset))
            pending, pending_charset = b"", name.lower()
            pieces.append(between if between.strip() or at == 0 else "")
        pending += data
        at = word.end()
    pieces.append(charset.decode(pending, pending_charset))
    pieces.append(text[at:])
    return "".join(pieces)


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "bB":
        return decode_base64(text.encode("utf-8", "surrogateescape"))
    data = text.replace("_", " ").encode("utf-8", "surrogateescape")
    return _HEX.sub(lambda match: bytes.fromhex(match[1].decode()), data)


def decode_base64(data: bytes) -> bytes:
    """Base64 with whatever stands between and without its padding; half a group at the end is left out.

    Joined pieces are read one by one; lines of words among it (the footer of a mailing list) are left out.
    """
    if is_clean_base64(data):
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            pass
    lines = [line.strip() for line in data.splitlines()]
    kept = b"".join(line for line in lines if b" " not in line and not line.startswith((b"--", b"__")))
    return b"".join(_decode_piece(piece) for piece in kept.split(b"="))


def is_clean_base64(data: bytes) -> bool:
    """Nothing but base64 and blanks, padded at its end or not at all."""
    return data.translate(None, _BASE64 + b"\t\n\r ").strip(b"=") == b"" and b"=" not in data.rstrip()[:-2]


def _decode_piece(piece: bytes) -> bytes:
    kept = _NOT_BASE64.sub(b"", piece)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


@lru_cache(maxsize=256)  # the same From is asked for by whoever judges the mail
def parse_addresses(value: str) -> tuple[Address, ...]:
    """The mailboxes of an address header's undecoded value; an item that could be read two ways is left out.

    mail-parser decides structure (RFC 5322 strictly, with evidence instead of guesses); names are decoded after it.
    """
    plain = plain_mailbox(value)
    try:
        pairs = [plain] if plain else _pairs(value)
    except Exception:  # the library's declared and undeclared ones: no address is the safe reading
        return ()
    found = []
    for name, spec in pairs[:MOST_ADDRESSES]:
        if address := normal_address(spec):
            found.append(Address(_name(name, spec), address))
    return tuple(found)


def _pairs(value: str) -> list[tuple[str, str]]:
    from mailparser.utils import get_addresses  # slow to load, and no process needs it to begin with

    return get_addresses(value, decode_names=False)


def _name(name: str, spec: str) -> str:
    shown = charset.clean_line(decode_words(name)).strip("\"' ")
    return "" if shown == spec else shown[:250]


def normal_address(spec: str) -> str:
    """An addr-spec as it is compared: lower case, domain in A-labels (RFC 5890); "" when it is no usable address."""
    local, at, domain = spec.strip().rpartition("@")
    if not at or not local or not domain or len(spec) > LONGEST_ADDRESS or charset.clean_line(spec) != spec.strip():
        return ""
    domain = domain.rstrip(".")
    if not domain.isascii():
        try:
            encoded = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
        if "xn--" not in encoded:
            return ""  # a look-alike letter that folds to ASCII must not become somebody's domain
        domain = encoded
    # Only ASCII letters: str.lower() makes "k" of the Kelvin sign, and with it an agent of a stranger.
    address = f"{local}@{domain}".translate(_ASCII_LOWER)
    return address if len(address) <= LONGEST_ADDRESS else ""  # A-labels are longer than what they stand for


def parse_date(value: str) -> datetime | None:
    """A Date header as an aware UTC datetime; None when it is no date at all."""
    if plain := plain_date(value):
        return plain
    from mailparser.dates import parse_mail_date

    try:
        strict = parse_mail_date(value).value
        if strict is not None:
            return strict
        loose = parsedate_to_datetime(value[:200])
        return (loose if loose.tzinfo else loose.replace(tzinfo=UTC)).astimezone(UTC)
    except Exception:  # TypeError, ValueError, OverflowError, IndexError: the stdlib raises what it likes on dates
        return None


def parse_ids(value: str) -> tuple[str, ...]:
    """Message-IDs of Message-ID, In-Reply-To or References, with <>, in order, each once; the newest MOST_IDS."""
    found = ["<" + "".join(inner.split()) + ">" for inner in _MESSAGE_ID.findall(value)]
    if not found:  # some senders forget the angle brackets
        found = [
            f"<{word}>" for word in value.split() if "@" in word and len(word) < 990 and not set(word) & set("<>,;")
        ]
    return tuple(dict.fromkeys(found))[-MOST_IDS:]
