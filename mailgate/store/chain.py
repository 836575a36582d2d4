"""How one line of the audit trail is bound to the one before it: a SHA-256 over all that it says. Pure."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def link(
    prev: str,
    ticket: int | None,
    intake: int | None,
    at: datetime,
    actor: str,
    what: str,
    why: str,
    data: Any,
) -> str:
    """The hash of a line, hex; ``prev`` is that of the ticket's line before it, "" for the first."""
    said = [prev, ticket, intake, at.astimezone(UTC).isoformat(timespec="microseconds"), actor, what, why, data]
    return hashlib.sha256(
        json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def digest(content: bytes | str) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
