"""What may stand in one line of a header, a subject, a log: never a second line, never a hidden direction. Total."""

from __future__ import annotations

import re

from mailgate.mail.charset import clean_line

LONGEST_SUBJECT = 255

# Marks that turn or hide what is read, beyond those which no text keeps.
_HIDDEN = re.compile("[\u061c\u200e\u200f\u2060-\u2064\ufff9-\ufffb\U000e0000-\U000e007f]")


def sanitize_line(text: str, most: int = LONGEST_SUBJECT) -> str:
    """One line, at most so many characters: no controls, line or paragraph breaks, direction marks, surrogates."""
    line = clean_line(_HIDDEN.sub("", text[: most * 8]))
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"
