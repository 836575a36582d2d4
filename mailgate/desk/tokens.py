"""Signed names for our letters: the Message-ID we give each one, and the reply address we put into it.

Both carry what the letter is about (``t1042`` a ticket, ``h77`` a held mail), a nonce that names the letter, and an
HMAC over all of that, the recipient, the role and the purpose. The purpose keeps them apart: who sees a Message-ID (any
reader of a forwarded thread) cannot derive the reply address. ``read_*`` never raise; what does not verify is None.
80 bits of HMAC-SHA256, compared in constant time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MAC_BYTES = 10  # 80 bits, 16 characters of base32
NOTE = "nota"  # as agents write it, too: soporte+nota@…
LONGEST_LOCAL = 64  # octets before the @ (RFC 5321 4.5.3.1.1)
NONCE_BYTES = 5  # 8 characters

_TOKEN = r"([th])(0|[1-9][0-9]{0,8})\.([a-z2-7]{8})\.([a-z2-7]{16})"  # noqa: S105  # a pattern
_IN_MESSAGE_ID = re.compile(rf"<{_TOKEN}@[^<>@\s]+>", re.ASCII)
_IN_ADDRESS = re.compile(rf"[^@\s]+\+{_TOKEN}@[^@\s]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Issued:
    """To whom a letter of ours went: what the store remembers under its nonce."""

    nonce: str
    ticket: int  # 0 when it is about none
    recipient: str
    role: str  # client, agent, management
    held: int = 0  # the intake it asks about, when it is about a held mail

    @property
    def about(self) -> str:
        return f"t{self.ticket}" if self.ticket else f"h{self.held}"


@dataclass(frozen=True, slots=True)
class Token:
    """A claim as it stands in a mail, not yet verified."""

    about: str  # t1042, h77
    nonce: str
    mac: str
    purpose: str  # "id" or "reply"


def new_nonce(random_bytes: Callable[[int], bytes]) -> str:
    return _base32(random_bytes(NONCE_BYTES))


def message_id(issued: Issued, domain: str, key: bytes) -> str:
    """The Message-ID of a letter, with <>."""
    return f"<{issued.about}.{issued.nonce}.{_mac(issued, 'id', key)}@{domain}>"


def reply_address(issued: Issued, desk_address: str, key: bytes) -> str:
    """The address to which the recipient of this letter, and nobody else, replies."""
    local, _, domain = desk_address.partition("@")
    return f"{local}+{issued.about}.{issued.nonce}.{_mac(issued, 'reply', key)}@{domain}"


def note_address(reply: str) -> str:
    """The same address, by which everything stays inside: ``soporte+nota+t1042.…``; as it is when that is too long."""
    local, _, domain = reply.partition("@")
    own, _, signed = local.partition("+")
    noted = f"{own}+{NOTE}+{signed}"
    return f"{noted}@{domain}" if len(noted) <= LONGEST_LOCAL else reply


def read_message_id(text: str) -> Token | None:
    """The token of one Message-ID with <>, None when it has not our form."""
    return _read(_IN_MESSAGE_ID.fullmatch(text.strip().lower()), "id")


def read_address(address: str) -> Token | None:
    """The token of one recipient address, None when it has not our form."""
    return _read(_IN_ADDRESS.fullmatch(address.strip().lower()), "reply")


def verify(token: Token, issued: Issued, keys: Sequence[bytes]) -> bool:
    """Whether one of our keys made this token for this letter."""
    if token.nonce != issued.nonce or token.about != issued.about:
        return False
    # Every key is tried, so that the time tells nothing about which one.
    matches = [hmac.compare_digest(token.mac, _mac(issued, token.purpose, key)) for key in keys]
    return any(matches)


def loop_mark(message_identifier: str, key: bytes) -> str:
    """What our own letters carry, so that one come back is known though everything else was rewritten."""
    return _base32(hmac.new(key, b"loop\0" + message_identifier.encode(), hashlib.sha256).digest()[:MAC_BYTES])


def _read(match: re.Match[str] | None, purpose: str) -> Token | None:
    return Token(match[1] + match[2], match[3], match[4], purpose) if match else None


def _mac(issued: Issued, purpose: str, key: bytes) -> str:
    told = "\0".join((purpose, issued.about, issued.nonce, issued.recipient, issued.role))
    return _base32(hmac.new(key, told.encode(), hashlib.sha256).digest()[:MAC_BYTES])


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()
