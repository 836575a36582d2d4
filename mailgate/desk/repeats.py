"""Whether somebody says again what they said before: a program that answers our letters, without a header that says so.

Two programs that acknowledge each other use the same words each time, with other numbers and dates in them, and ever
longer subjects. So the words alone are compared, each once. A person who insists is heard all the same: the agents are
told, only the acknowledgement is left out. Pure.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from mailgate.mail.accents import without_accents

TIMES = 2  # said so often within a day, it is answered no more
ALIKE = 0.75  # words in common, of all words of both
MOST_WORDS = 400  # of a text; both of a pair are cut alike

_WORD = re.compile(r"[^\W\d_]{2,}")


def words_of(text: str) -> frozenset[str]:
    """The words of a text: no numbers, no case, no accents."""
    return _words_of(text[: MOST_WORDS * 12])


@functools.lru_cache(maxsize=64)  # what somebody wrote is compared with each mail that they write after it
def _words_of(beginning: str) -> frozenset[str]:
    return frozenset(_WORD.findall(without_accents(beginning.casefold()))[:MOST_WORDS])


def count_repeats(subject: str, text: str, earlier: Iterable[tuple[str, str]]) -> int:
    """How many of the earlier (subject, text) say the same. Texts without a word say nothing, and nothing again.

    A subject that is kept through a thread makes two short replies no alike: their own words must be so too.
    """
    before = list(earlier)  # mostly there is nothing to compare with
    return sum(_alike(f"{subject}\n{text}", f"{one}\n{said}") and _agree(text, said) for one, said in before)


def _agree(text: str, earlier: str) -> bool:
    return not words_of(text) or _alike(text, earlier)


def _alike(text: str, earlier: str) -> bool:
    now, one = words_of(text), words_of(earlier)
    return bool(now) and len(now & one) >= ALIKE * len(now | one)
