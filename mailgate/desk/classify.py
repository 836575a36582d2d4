"""What a new ticket is about: its category, and why, in words for the audit trail. Pure.

What the person says comes first, then what the operator says, then what past tickets teach:

    soporte+nomina@ → «Categoría: nómina» in the text → [Nómina] in the subject → the settings' words → learned words

Learned words are a naive Bayes over stems (accents and endings ignored): each word of the mail speaks for the
categories in whose closed tickets it stood. It decides only when it is sure; in doubt a ticket has no category.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from mailgate.desk.folding import folded
from mailgate.desk.same_matter import plain, stem, stems
from mailgate.settings import Categories

LINES = 15  # of a mail, in which a category may be named
MOST_WORDS = 60  # of a mail, that speak for a category
FEWEST_WORDS = 2  # of them known, or nothing is said
SMOOTH = 0.3  # less than Laplace's one: what never stood in a category's tickets speaks against it
NEAR = 0.86  # how like a category's name a word is that means it
_LINE = re.compile(r"(?im)^[ \t>*]*(?:categor[ií]a|category|tema|topic)[ \t]*[:=][ \t]*(?P<name>[^\n]{2,60})$")
_TAG = re.compile(r"\[(?P<name>[^\]\[#]{2,60})\]")


@dataclass(frozen=True, slots=True)
class Learned:
    """What closed tickets teach about the words of one mail: in how many of each category a stem stood."""

    tickets: Mapping[str, int] = field(default_factory=dict)  # category → tickets it was learned from
    words: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # stem → category → tickets with it


@dataclass(frozen=True, slots=True)
class Filed:
    """A category, and why."""

    category: str
    why: str


def classify(subject: str, text: str, detail: str, rules: Categories, learned: Learned) -> Filed | None:
    """The category of a new ticket; None when nothing tells it, or none are set."""
    if not rules.names:
        return None
    said = (
        (name_of(detail.replace("-", " "), rules), f"the address +{detail}"),
        (_first(_LINE, "\n".join(text.splitlines()[:LINES]), rules), "a line of the mail"),
        (_first(_TAG, subject, rules), "the subject"),
    )
    for name, why in said:
        if name:
            return Filed(name, f"by {why}")
    return _by_rules(f"{subject}\n{text}", rules) or _by_words(f"{subject}\n{text}", rules, learned)


def name_of(written: str, rules: Categories) -> str:
    """The category that somebody means by a name; "" when there is none like it."""
    known = {_bare(name): name for name in rules.names}
    wanted = _bare(written)
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=NEAR) if len(wanted) >= 4 else []
    return known.get(wanted) or (known[near[0]] if near else "")


def words_of(subject: str, text: str) -> tuple[str, ...]:
    """The stems of a mail that speak for a category."""
    return tuple(stems(f"{subject}\n{text}"))[:MOST_WORDS]


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", folded(name))


def _first(form: re.Pattern[str], text: str, rules: Categories) -> str:
    return next((name for match in form.finditer(text) if (name := name_of(match["name"], rules))), "")


def _by_rules(text: str, rules: Categories) -> Filed | None:
    """The category with the most of its words in the text; two with as many say nothing."""
    here, words = plain(text), stems(text)
    found = {
        name: [phrase for phrase in phrases if _occurs(phrase, here, words)] for name, phrases in rules.rules.items()
    }
    ranked = sorted(found, key=lambda name: -len(found[name]))
    if not ranked or not found[ranked[0]] or (ranked[1:] and len(found[ranked[1]]) == len(found[ranked[0]])):
        return None
    return Filed(ranked[0], f"by the words of the settings: {', '.join(found[ranked[0]])}")


def _occurs(phrase: str, here: str, words: Mapping[str, str]) -> bool:
    """A word by its stem, a phrase as it stands."""
    wanted = plain(phrase).strip()
    if " " in wanted:
        return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", here) is not None
    return stem(wanted) in words


def _by_words(text: str, rules: Categories, learned: Learned) -> Filed | None:
    teachers = {name: learned.tickets[name] for name in rules.names if learned.tickets.get(name)}
    if not rules.learn or len(teachers) < 2 or sum(teachers.values()) < rules.learned_from:
        return None
    written = stems(text)
    telling = [word for word in list(written)[:MOST_WORDS] if any(learned.words.get(word, {}).get(n) for n in teachers)]
    if len(telling) < FEWEST_WORDS:
        return None
    scores = {name: _score(name, telling, teachers, learned) for name in teachers}
    best = max(scores, key=lambda name: scores[name])
    share = 1 / sum(math.exp(score - scores[best]) for score in scores.values())
    if share < rules.sure:
        return None
    heard = sorted(telling, key=lambda word: -learned.words[word].get(best, 0) / sum(learned.words[word].values()))
    return Filed(best, f"by learned words, {share:.0%}: {', '.join(written[word] for word in heard[:5])}")


def _score(name: str, telling: list[str], teachers: Mapping[str, int], learned: Learned) -> float:
    """log P(category) + Σ log P(word | category), as if ``SMOOTH`` more tickets had each word, and as many had not."""
    count = teachers[name]
    prior = math.log(count / sum(teachers.values()))
    return prior + sum(math.log((learned.words[word].get(name, 0) + SMOOTH) / (count + 2 * SMOOTH)) for word in telling)
