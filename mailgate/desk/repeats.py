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


def count_repeats(text: str, earlier: Iterable[str]) -> int:
    """How many of the earlier texts say the same. Texts without a word say nothing, and nothing again."""
    before = [words_of(one) for one in earlier]
    now = words_of(text) if before else frozenset[str]()  # mostly there is nothing to compare with
    return sum(len(now & one) >= ALIKE * len(now | one) for one in before) if now else 0
