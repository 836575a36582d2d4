"""Puts the forward reader behind the call that the forward scorer makes."""

from __future__ import annotations

from typing import Any

from mailgate.mail.forwarded import find_forwarded


def forward(text: str, subject: str | None = None) -> dict[str, Any] | None:
    """The scorer's dict for a forwarded text, None when it is none."""
    found = find_forwarded(text, subject or "")
    if found is None:
        return None
    return {
        "forwarded": True,
        "from_address": found.sender.address or None,
        "from_name": found.sender.name,
        "subject": found.subject,
        "body": found.body,
        "message": found.message or None,
    }
