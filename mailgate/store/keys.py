"""The key ring that signs our Message-IDs and reply addresses: from a file, else kept in the store and made once."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path

from mailgate.errors import ConfigError
from mailgate.store.base import transaction
from mailgate.store.models import SecretKey, database

KEY_BYTES = 32


def key_ring(file: Path | None, now: datetime) -> tuple[bytes, ...]:
    """Every key, the signing one first. Raises ConfigError when the file holds none."""
    if file is not None:
        return _from_file(file)
    with transaction():
        if not SecretKey.select().exists():
            if database.for_update:
                database.execute_sql("LOCK TABLE secret_key IN EXCLUSIVE MODE")  # several start at once
            if not SecretKey.select().exists():
                rotate(now)
        return tuple(bytes.fromhex(row.key) for row in SecretKey.select().order_by(SecretKey.id.desc()))


def rotate(now: datetime) -> None:
    """Make a new signing key; the old ones go on verifying."""
    SecretKey.create(key=secrets.token_hex(KEY_BYTES), created_at=now)


def _from_file(file: Path) -> tuple[bytes, ...]:
    try:
        keys = tuple(bytes.fromhex(line.strip()) for line in file.read_text().splitlines() if line.strip())
    except (OSError, ValueError) as error:
        raise ConfigError(f"keys.file {file}: {error}; write one hex key of 32 bytes a line") from error
    if not keys or any(len(key) < KEY_BYTES for key in keys):
        raise ConfigError(f"keys.file {file}: needs at least one key of {KEY_BYTES} bytes, in hex, one a line")
    return keys
