"""Text without its accents, for comparing what people type in a hurry. Pure."""

from __future__ import annotations

import unicodedata


def without_accents(text: str, form: str = "NFD") -> str:
    """«Peña» → «Pena»: decomposed (``NFKD``: ligatures and widths, too), its combining marks left out.

    What is asked of each character is asked once of each different one: texts are long and alphabets short.
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    return apart.translate({ord(char): None for char in set(apart) if unicodedata.combining(char)})
