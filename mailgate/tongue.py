"""The language of whoever reads what a command says: Spanish, else English, by the locale."""

from __future__ import annotations

import os


def language() -> str:
    """ "es" or "en", by the first of the usual variables that is set (POSIX order)."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, ""):
            return "es" if value.casefold().startswith("es") else "en"
    return "en"
