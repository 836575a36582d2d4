"""What the commands say, in the language of the person's locale: Spanish, else English.

``say("stats.seen")`` looks a phrase up at the moment it is said. A phrase that a language lacks is a KeyError: a test
keeps the two tables alike.
"""

from __future__ import annotations

import os

from mailgate.cli.words_en import ENGLISH
from mailgate.cli.words_es import SPANISH


def language() -> str:
    """ "es" or "en", by the first of the usual variables that is set (POSIX order)."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, ""):
            return "es" if value.casefold().startswith("es") else "en"
    return "en"


def say(key: str, /, **values: object) -> str:
    """One phrase, with its {names} filled in."""
    table = SPANISH if language() == "es" else ENGLISH
    return table[key].format(**values)


def examples(*commands: str) -> str:
    """The end of a help page. \\b keeps the lines as they are."""
    return "\n".join(["\b", say("help.examples"), *(f"  {command}" for command in commands)])
