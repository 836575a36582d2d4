"""Comparing names as people write them. Pure."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """For comparing names: no accents, no case, single blanks."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
