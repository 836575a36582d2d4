"""A stranger's text made harmless for a terminal and a log. Imports next to nothing: every command begins with it."""

from __future__ import annotations

import unicodedata


def visible(text: str) -> str:
    """A stranger's text on one line, as it is to be read: what acts on a terminal, or ends a line, is written out."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    # Cc: escape sequences begin there. Cf: overrides that turn a line around; Zl, Zp: line breaks in disguise.
    if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs"):
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character
