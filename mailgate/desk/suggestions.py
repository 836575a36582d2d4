"""Which solutions fit what somebody wrote, and from which likeness on it is worth telling them. Pure.

A solution is as like as the part of the writer's telling words that it has, each weighted by how rare it is among all
solutions (BM25's idf); words of its title weigh more. Below a threshold nothing is said: an answer that does not fit
costs more goodwill than none. The threshold is learned from what people did with what they were shown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mailgate.desk.same_matter import STOP_WORDS, plain
from mailgate.desk.stems import terms

IN_TITLE, IN_BODY = 1.0, 0.55  # what a word in common is worth
MOST_TELLING = 12  # words of a long mail that are compared: the rarest
UNKNOWN = 0.8  # what a word that no solution has weighs against them, of the usual weight
MOST_UNKNOWN = 3  # of these count
START = 0.34  # likeness from which a solution is shown while nothing is learned
LOWEST, HIGHEST, STEP = 0.22, 0.70, 0.04
WORTH = 0.12  # of those shown, this part must have helped
BELIEF = 25  # how many shown solutions outweigh what we believed before


@dataclass(frozen=True, slots=True)
class Text:
    """What is searched: the terms of its title (or question), and of the rest, each between blanks.

    A few of them are asked for and the rest is not, so it is not taken apart.
    """

    id: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Ranked:
    id: int
    score: float  # 0 to 1
    common: int  # telling words that both have


def telling(text: str) -> list[str]:
    """The terms of a text that say what it is about."""
    words = [word for word in plain(text).split() if word.strip(".,;:¿?¡!()«»\"'") not in STOP_WORDS]
    return [term for term in terms(" ".join(words)) if len(term) > 1]


def weights(wanted: Sequence[str], frequency: Mapping[str, int], total: int) -> dict[str, float]:
    """How much each term tells: rare ones more, of a long text only the rarest.

    Terms that no text has (keys «?n») count against every one of them.
    """
    known = sorted(
        (term for term in wanted if frequency.get(term)), key=lambda term: (frequency[term], wanted.index(term))
    )[:MOST_TELLING]
    idf = {term: math.log(1 + (total - frequency[term] + 0.5) / (frequency[term] + 0.5)) for term in known}
    unknown = min(len(wanted) - len(known), MOST_TELLING - len(known), MOST_UNKNOWN)
    usual = sum(idf.values()) / len(idf) if idf else 1.0
    return idf | {f"?{n}": usual * UNKNOWN for n in range(unknown)}


def rank(weight: Mapping[str, float], texts: Iterable[Text]) -> list[Ranked]:
    """The texts from the most like to the least; those with nothing in common are left out."""
    whole = sum(weight.values())
    known = sorted((term, f" {term} ") for term in weight if not term.startswith("?"))
    found = []
    for text in texts:
        common = [(term, mark in text.title) for term, mark in known if mark in text.title or mark in text.body]
        if common:
            worth = sum(weight[term] * (IN_TITLE if titled else IN_BODY) for term, titled in common)
            length = text.title.count(" ") - 1
            named = sum(titled for _, titled in common) / max(3, length)  # much of a short title is a good sign
            found.append(Ranked(text.id, min(1.0, worth / whole * (0.9 + 0.3 * named)), len(common)))
    return sorted(found, key=lambda one: (-one.score, one.id))


def worth_telling(ranked: Sequence[Ranked], threshold: float, most: int) -> list[Ranked]:
    """The best few that are like enough; one word in common is chance, whatever its weight."""
    return [one for one in ranked[:most] if one.score >= threshold and one.common >= 2]


def learned_threshold(shown: Sequence[tuple[float, bool]]) -> float:
    """The lowest likeness from which what is shown is worth it.

    ``shown``: likeness and whether it helped, of what people saw. Before anything is known we believe that the more
    like a solution is, the oftener it helps, and that it is worth it from ``START`` on. What helped more or less often
    than believed moves that as a whole; what happened at a likeness moves it there.
    """
    expected = sum(_believed(score) for score, _ in shown)
    level = (sum(helped for _, helped in shown) + BELIEF * WORTH) / (expected + BELIEF * WORTH)
    for step in range(round((HIGHEST - LOWEST) / STEP)):
        likeness = round(LOWEST + step * STEP, 2)
        near = [helped for score, helped in shown if likeness <= score < likeness + 2 * STEP]
        if (sum(near) + BELIEF * level * _believed(likeness)) / (len(near) + BELIEF) >= WORTH - 1e-9:
            return likeness
    return HIGHEST


def _believed(likeness: float) -> float:
    """How often a solution helps, as we believe before we know."""
    return min(1.0, WORTH * (likeness / START) ** 2)
