"""Hashes of the passwords of those who may send through our own listener (``smtp.users``), by scrypt (RFC 7914).

A hash is one line without spaces, ``scrypt$N$r$p$salt$key`` (base64), so that its cost can grow later and old ones
still verify. ``verify_password`` never raises for a password; a hash that is none raises ConfigError.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from mailgate.errors import ConfigError

N, R, P = 2**14, 8, 1  # 16 MiB and some 50 ms a try
SALT_BYTES, KEY_BYTES = 16, 32
MOST_MEMORY = 256 * 2**20


def hash_password(password: str) -> str:
    """A new salted hash of a password, to be written into ``smtp.users``."""
    salt = secrets.token_bytes(SALT_BYTES)
    fields = ("scrypt", N, R, P, _text(salt), _text(_key(password, salt, N, R, P)))
    return "$".join(str(field) for field in fields)


def verify_password(password: str, stored: str) -> bool:
    """Whether the password is the one that was hashed. Takes as long for a wrong one. Raises ConfigError."""
    salt, key, n, r, p = _read(stored)
    return hmac.compare_digest(key, _key(password, salt, n, r, p))


def check_hash(stored: str) -> None:
    """Raises ConfigError when it is no hash of ours."""
    _read(stored)


def _read(stored: str) -> tuple[bytes, bytes, int, int, int]:
    try:
        name, n, r, p, salt, key = stored.strip().split("$")
        if name != "scrypt":
            raise ValueError(name)
        return base64.b64decode(salt, validate=True), base64.b64decode(key, validate=True), int(n), int(r), int(p)
    except (ValueError, binascii.Error):
        raise ConfigError("smtp.users: a hash there is none; make one with 'mailgate agent password'") from None


def _key(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    octets = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(octets, salt=salt, n=n, r=r, p=p, dklen=KEY_BYTES, maxmem=MOST_MEMORY)


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
