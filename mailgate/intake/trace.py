"""Sender and recipients of a mail whose envelope is gone, from the few headers mail servers write. Never raises."""

from __future__ import annotations

import re
from collections.abc import Collection

from mailgate.desk.addresses import is_ours
from mailgate.mail.headers import parse_addresses, unfold

# Bounds, not limits of the product: beyond them a header is simply not looked at here.
HEADER_BYTES = 262_144
ONE_VALUE = 20_000

_DELIVERED = ("x-original-to", "envelope-to", "delivered-to")
_WANTED = (*_DELIVERED, "return-path", "to", "cc")
_FIELD = re.compile(
    rb"^(" + b"|".join(name.encode() for name in _WANTED) + rb")[ \t]*:((?:[^\r\n]|\r?\n[ \t])*)",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(rb"\r?\n\r?\n|^\r?\n")


def read_trace(raw: bytes, ours: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """(sender, recipients): the sender of Return-Path, "" when there is none or it is null.

    An address of ours that the delivering server named (topmost X-Original-To, Envelope-To, Delivered-To) says best
    whom the mail was for; then our addresses in To and Cc; then whatever the server named, for the record.
    """
    topmost = _topmost(raw)
    named = _addresses(topmost, _DELIVERED)
    recipients = (
        [address for address in named if is_ours(address, ours)]
        or [address for address in _addresses(topmost, ("to", "cc")) if is_ours(address, ours)]
        or named
    )
    sender = next(iter(_addresses(topmost, ("return-path",))), "")
    return sender, tuple(dict.fromkeys(recipients))


def _topmost(raw: bytes) -> dict[str, str]:
    """The wanted headers by lower-case name, each the topmost of its name, unfolded."""
    block = raw[:HEADER_BYTES]
    end = _END.search(block)
    found: dict[str, str] = {}
    for field in _FIELD.finditer(block[: end.start()] if end else block):
        name = field[1].decode("ascii").lower()
        if name not in found:
            found[name] = unfold(field[2][:ONE_VALUE].decode("utf-8", "surrogateescape")).strip()
    return found


def _addresses(headers: dict[str, str], names: Collection[str]) -> list[str]:
    return [found.address for name in names for found in parse_addresses(headers.get(name, ""))]
