"""The content of an opaque-signed S/MIME part (RFC 8551 section 3.5.2), without judging the signature.

Reads just enough of CMS (RFC 5652 section 5.1): the octets of encapContentInfo, in DER or in the pieces of BER that
Outlook writes. Never raises; None when there are none, as in encrypted mail.
"""

from __future__ import annotations

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")  # OID 1.2.840.113549.1.7.2
_DATA = bytes.fromhex("06092a864886f70d010701")  # OID 1.2.840.113549.1.7.1
_OCTETS, _PIECES, _EXPLICIT = 0x04, 0x24, 0xA0
_INDEFINITE = -1


def signed_content(cms: bytes) -> bytes | None:
    """The signed MIME entity; None when the part is no signed data or holds no content."""
    at = cms.find(_DATA)
    if at < 0 or _SIGNED_DATA not in cms[:64]:
        return None
    try:
        tag, _, at = _head(cms, at + len(_DATA))
        return _octets(cms, at) if tag == _EXPLICIT else None
    except (IndexError, ValueError):
        return None


def _head(cms: bytes, at: int) -> tuple[int, int, int]:
    """(tag, length or _INDEFINITE, where the content begins) of the element at ``at``."""
    tag, first = cms[at], cms[at + 1]
    if first < 0x80:
        return tag, first, at + 2
    size = first & 0x7F
    if size > 4:
        raise ValueError("longer than any mail")
    return tag, int.from_bytes(cms[at + 2 : at + 2 + size], "big") if size else _INDEFINITE, at + 2 + size


def _octets(cms: bytes, at: int) -> bytes | None:
    tag, length, at = _head(cms, at)
    if tag == _OCTETS:
        return cms[at : at + length]
    if tag != _PIECES:
        return None
    end = len(cms) if length == _INDEFINITE else at + length
    pieces = []
    while at < end and cms[at] == _OCTETS:
        _, length, at = _head(cms, at)
        pieces.append(cms[at : at + length])
        at += max(length, 0)
    return b"".join(pieces)
