"""Text without its accents, for comparing what people type in a hurry. Pure."""

from __future__ import annotations

import unicodedata

_FIRST_MARK = "\u0300"


def without_accents(text: str, form: str = "NFD") -> str:
    """«Peña» → «Pena»: decomposed (``NFKD``: ligatures and widths, too), its combining marks left out.

    What is asked of each character is asked once of each different one: texts are long and alphabets short.
    """
    if text.isascii():
        return text
    apart = unicodedata.normalize(form, text)  # type: ignore[arg-type]
    for char in set(apart):
        if char >= _FIRST_MARK and unicodedata.combining(char):
            apart = apart.replace(char, "")
    return apart
