"""Comparing names as people write them. Pure."""

from __future__ import annotations

from mailgate.mail.accents import without_accents


def folded(text: str) -> str:
    """For comparing names: no accents, no case, single blanks."""
    return " ".join(without_accents(text.casefold()).split())
