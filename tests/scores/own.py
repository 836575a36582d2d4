"""Our own sets: what fits a question, what is the same matter, what is solved. One table each, as README.md tells them.

Each gives True when it reaches what it is held to.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from mailgate.desk.classify import Learned, classify, words_of
from mailgate.desk.requests import Ask, find_request
from mailgate.settings import Categories, Store
from mailgate.store import suggestions
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.fulltext import SOLUTIONS
from mailgate.store.models import Solution
from tests.desk import test_requests, test_same_matter

FOLDER = Path(__file__).parent / "solutions"
Rank = Callable[[str], list[int]]  # the solutions, from the most like to the least


def pairs(name: str) -> list[tuple[str, str]]:
    """The lines «left | right» of a file."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    parts = [line.partition("|") for line in lines if "|" in line and not line.startswith("#")]
    return [(left.strip(), right.strip()) for left, _, right in parts]


def solutions(show: int = 0) -> bool:
    """Sixty questions as people ask them, over two hundred solutions."""
    written, asked = pairs("solutions.txt"), pairs("queries.txt")
    print(f"solutions: {len(asked)} questions over {len(written)} solutions")
    with tempfile.TemporaryDirectory() as folder:
        open_store(Store(url=f"sqlite:///{folder}/scores.db"))
        with connection():
            for title, body in written:
                row = Solution.create(title=title, body=body, created_by="-", created_at=datetime.now(UTC))
                suggestions.index_solution(row.id, title, body)
            right = _report("full-text", lambda text: [one.id for one in suggestions.ranked(SOLUTIONS, text)], show)
            told = [[one.id for one in suggestions.find(text)] for text, _ in asked]
            wanted = [_wanted(titles) for _, titles in asked]
            fits = sum(bool(set(ids) & one) for ids, one in zip(told, wanted, strict=True))
            off_topic = (FOLDER / "off-topic.txt").read_text(encoding="utf-8").splitlines()
            noise = sum(bool(suggestions.find(text)) for text in off_topic)
            print(f"  told at the first threshold: {fits} of {len(asked)} get the right one;", end=" ")
            print(f"{noise} of {len(off_topic)} mails about something else get one")
        close_store()
    for name, rank in _by_meaning(written):
        _report(name, rank, show)
    return right >= 50


def _report(name: str, rank: Rank, show: int) -> int:
    asked = pairs("queries.txt")
    started = time.perf_counter()
    places = []
    for text, titles in asked:
        found, wanted = rank(text), _wanted(titles)
        place = next((at for at, one in enumerate(found, 1) if one in wanted), 0)
        places.append(place)
        if show and not 1 <= place <= 3:
            show -= 1
            print(f"    at {place or '-'}: {text} → {titles}")
    first, three = sum(place == 1 for place in places), sum(1 <= place <= 3 for place in places)
    each = (time.perf_counter() - started) / len(asked) * 1000
    print(
        f"  {name}: first {first}, in the first three {three} of {len(asked)} ({three / len(asked):.0%}), {each:.1f} ms"
    )
    return three


def _wanted(titles: str) -> set[int]:
    order = [title for title, _ in pairs("solutions.txt")]
    return {order.index(title.strip()) + 1 for title in titles.split(" / ")}


def _by_meaning(written: list[tuple[str, str]]) -> Iterator[tuple[str, Rank]]:
    """The optional ranking, where its package is installed."""
    try:
        from mailgate.duties.meaning import Meaning

        meaning = Meaning()
    except Exception as error:
        print(f"  semantic: {error}")
        return
    meaning.learn(dict(enumerate(written, 1)))
    yield "semantic", lambda text: [one for one, _ in meaning.like(text)]


def same_matter(show: int = 0) -> bool:
    """Eighty follow-ups to closed tickets."""
    found = test_same_matter.scores()
    print(f"same matter: {found['pairs']:.0f} pairs, precision {found['precision']:.3f}, recall {found['recall']:.3f}")
    return found["precision"] >= 0.95 and found["recall"] >= 0.95


def settled(show: int = 0) -> bool:
    """Eighty sentences: solved, thanks, still broken."""
    sets = {"solved": test_requests.SOLVED, "thanks": test_requests.THANKED, "still broken": test_requests.BROKEN}
    wanted = {"solved": Ask.SOLVED, "thanks": Ask.THANKS, "still broken": None}
    print(f"solved / thanks / still broken: {sum(len(test_requests.lines(text)) for text in sets.values())} sentences")
    mistaken = 0
    for name, text in sets.items():
        read = [find_request(test_requests.REPLY, line, test_requests.TAG) for line in test_requests.lines(text)]
        asks = [one.ask if one else None for one in read]
        right = sum(ask is wanted[name] for ask in asks)
        if name == "still broken":
            mistaken = sum(ask is Ask.SOLVED for ask in asks)
        print(f"  {name}: {right} of {len(asks)} read so")
    print(f"  still broken, read as solved: {mistaken}")
    return mistaken == 0


def categories(show: int = 0) -> bool:
    """Eighty tickets of five categories: each sorted by what the seventy-nine others teach."""
    lines = (Path(__file__).parent / "categories" / "tickets.txt").read_text(encoding="utf-8").splitlines()
    tickets = [tuple(part.strip() for part in line.split("|")) for line in lines if "|" in line and line[0] != "#"]
    rules = Categories(names=tuple(dict.fromkeys(category for category, _ in tickets)))
    told = right = 0
    for at, (category, text) in enumerate(tickets):
        found = classify("", text, "", rules, _taught([*tickets[:at], *tickets[at + 1 :]]))
        told += found is not None
        right += found is not None and found.category == category
        if show and (found is None or found.category != category):
            show -= 1
            print(f"    {category}: {text} → {found}")
    print(f"categories: {len(tickets)} tickets, {told} sorted by learned words, {right} of them rightly")
    return right / told >= 0.9 and told >= len(tickets) / 3


def _taught(past: list[tuple[str, ...]]) -> Learned:
    words: dict[str, dict[str, int]] = {}
    for category, text in past:
        for word in words_of("", text):
            counts = words.setdefault(word, {})
            counts[category] = counts.get(category, 0) + 1
    return Learned(Counter(category for category, _ in past), words)


SETS = {"solutions": solutions, "same_matter": same_matter, "settled": settled, "categories": categories}
