"""What the commands say, in the language of the person's locale: Spanish, else English.

``say("stats.seen")`` looks a phrase up at the moment it is said. A phrase that a language lacks is a KeyError: a test
keeps the two tables alike.
"""

from __future__ import annotations

from mailgate.cli.words_en import ENGLISH
from mailgate.cli.words_es import SPANISH
from mailgate.tongue import language

__all__ = ["examples", "language", "say"]


def say(key: str, /, **values: object) -> str:
    """One phrase, with its {names} filled in."""
    table = SPANISH if language() == "es" else ENGLISH
    return table[key].format(**values)


def examples(*commands: str) -> str:
    """The end of a help page. \\b keeps the lines as they are."""
    return "\n".join(["\b", say("help.examples"), *(f"  {command}" for command in commands)])
