"""Posibles Soluciones: what is proposed to whom, and what became of it. The only SQL about them.

Clients are shown published solutions only; what was answered on other tickets is for agents. Writing verbs expect to be
inside the mail's transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from peewee import Value, fn

from mailgate.desk.stems import terms
from mailgate.desk.suggestions import START, Ranked, learned_threshold, rank, telling, weights, worth_telling
from mailgate.store.base import transaction, translated
from mailgate.store.fulltext import COMMON, SOLUTIONS, TICKETS, Index
from mailgate.store.models import Comment, Done, Solution, Suggestion, Ticket
from mailgate.store.prepared import Query, prepared

MOST_SHOWN = 3
MOST_LOOKED_AT = 600  # texts with a rare word
MOST_COMPARED = 60  # texts that an index gives, before they are weighed word by word
MOST_TERMS_ASKED = 24
MOST_ALIKE = 10  # solved tickets whose answers are looked for; not each was answered
REMEMBERED = 2000  # shown solutions that the threshold is learned from, the latest
BY_WORDS, BY_MEANING = "words", "meaning"
OVER = ("solved", "closed")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A solution that fits a ticket, or an answer that a ticket like it got."""

    id: int  # of the solution; the number of the ticket
    title: str
    text: str
    score: float


class Asked(NamedTuple):
    """What a ticket is found by beside the words on it."""

    subject: str
    name: str  # the requester's
    address: str


def index_solution(number: int, title: str, body: str) -> None:
    SOLUTIONS.put(number, terms(title), terms(body))


def find(text: str, most: int = MOST_SHOWN) -> list[Ranked]:
    """The published solutions that fit a text, best first; nothing when none fits well enough."""
    with translated():
        found = ranked(SOLUTIONS, text)
        return worth_telling(found, threshold(), most) if found else []


def ranked(index: Index, text: str) -> list[Ranked]:
    """What an index has that is like the text, from the most like to the least.

    Looked for by the rarest words, so that the time it takes does not grow with the index.
    """
    total = index.total()
    wanted = telling(text)[:MOST_TERMS_ASKED] if total else []
    frequency = index.frequency(wanted, total)
    weight = weights(wanted, frequency, total)
    return rank(weight, index.best(_rarest(weight, frequency), MOST_COMPARED, total))


def _rarest(weight: Mapping[str, float], frequency: Mapping[str, int]) -> list[str]:
    """The terms that all together few texts have; the rarest one, however many have it, unless it is common."""
    rare: list[str] = []
    texts = 0
    for term in sorted((term for term in weight if term in frequency), key=lambda term: frequency[term]):
        texts += frequency[term]
        if frequency[term] >= COMMON or (rare and texts > MOST_LOOKED_AT):
            break
        rare.append(term)
    return rare


def propose(ticket: int, text: str, now: datetime) -> None:
    """Keep with the ticket what fits what its client wrote."""
    for one in find(text):
        add(ticket, one.id, one.score, BY_WORDS, now)


def add(ticket: int, solution: int, score: float, by: str, now: datetime) -> None:
    _propose.run(ticket, solution, score, by, now)


@prepared
def _propose(ticket: int, solution: int, score: float, by: str, now: datetime) -> Query:
    return Suggestion.insert(ticket=ticket, solution=solution, score=score, by=by, at=now).on_conflict_ignore()


def proposed(ticket: int, most: int = MOST_SHOWN) -> list[Proposed]:
    """What was proposed for a ticket and is still published, best first."""
    # Few enough to be put in order here; mostly there are none, and an engine sorts those slowly.
    fits = [Proposed(*row) for row in _proposed.rows(ticket)]
    return sorted(fits, key=lambda one: (-one.score, one.id))[:most]


@prepared
def _proposed(ticket: int) -> Query:
    fits = Suggestion.select(Solution.id, Solution.title, Solution.body, Suggestion.score).join(Solution)
    return fits.where(Suggestion.ticket == ticket, Solution.published)


def published() -> dict[int, tuple[str, str]]:
    """Every published solution: title and body."""
    with translated():
        return {row.id: (row.title, row.body) for row in Solution.select().where(Solution.published)}


def not_looked_at(mark: str, since: datetime) -> list[tuple[int, str]]:
    """Tickets opened since for which ``mark`` and their number was never done, with what was asked: the subject and
    the first words."""
    done = Done.select().where(Done.key == Value(mark).concat(Ticket.id.cast("text")))
    with translated():
        new = (Ticket.opened_at >= since) & ~fn.EXISTS(done)
        found = Ticket.select(Ticket.id, Ticket.subject).where(new).order_by(Ticket.id)
        return [(row.id, f"{row.subject}. {_asked(row.id)}") for row in found]


def _asked(number: int) -> str:
    row = Comment.select(Comment.text).where(Comment.ticket == number, Comment.public).order_by(Comment.id).first()
    return str(row.text) if row else ""


def helped(ticket: int, solution: int, now: datetime) -> None:
    """Somebody says that a solution did it; one that was never proposed to them counts for nothing."""
    Suggestion.update(helped_at=now).where(Suggestion.ticket == ticket, Suggestion.solution == solution).execute()


def threshold() -> float:
    """From which likeness on a solution is worth telling, as people's answers have taught."""
    return learned_threshold([(row.score, row.helped_at is not None) for row in _shown.rows()])


@prepared
def _shown() -> Query:
    over = Ticket.status.in_(OVER) | Suggestion.helped_at.is_null(False)
    shown = Suggestion.select(Suggestion.score, Suggestion.helped_at).join(Ticket)
    return shown.where(Suggestion.by == BY_WORDS, over).order_by(Suggestion.id.desc()).limit(REMEMBERED)


def answers_like(ticket: int, text: str, most: int = MOST_SHOWN) -> list[Proposed]:
    """For agents: what was answered last on solved tickets that asked for something like this."""
    with translated():
        like = [one for one in worth_telling(ranked(TICKETS, text), START, MOST_ALIKE) if one.id != ticket]
        answered = (
            Proposed(one.id, last.subject, last.text.strip(), one.score)
            for one in like
            if (last := _answered.first(one.id)) is not None and last.text.strip()
        )
        return list(islice(answered, most))


@prepared
def _answered(number: int) -> Query:
    """What a ticket that is over was answered last."""
    told = (Comment.ticket == number) & Comment.public & (Comment.role != "client")
    found = Comment.select(Ticket.subject, Comment.text).join(Ticket).where(told, Ticket.status.in_(OVER))
    return found.order_by(Comment.id.desc()).limit(1)


def texts(names: Iterable[str]) -> dict[str, str]:
    """What agents may send by name: ``S12`` a published solution, ``1040`` the last answer on a ticket."""
    found = {}
    for name in names:
        number = int(name.lstrip("S")) if re.fullmatch(r"S?\d{1,9}", name, re.ASCII) else 0
        row = Solution.get_or_none(Solution.id == number, Solution.published) if name.startswith("S") else None
        text = row.body if row else _last_answer(number) if not name.startswith("S") else ""
        if text:
            found[name] = text
    return found


def _last_answer(ticket: int) -> str:
    return str(_told_last.value(ticket) or "").strip()


@prepared
def _told_last(ticket: int) -> Query:
    told = Comment.select(Comment.text).where(Comment.ticket == ticket, Comment.public, Comment.role != "client")
    return told.order_by(Comment.id.desc()).limit(1)


def index_ticket(number: int) -> None:
    """Index a ticket from all that is on it: after a merge, a division, or for the first time.

    One that is older than all that is indexed is left to ``index_older``, which goes down without gaps.
    """
    lowest = TICKETS.lowest()
    if number >= (lowest if lowest is not None else Ticket.select(fn.MAX(Ticket.id)).scalar() or 0):
        _index_ticket(number)


def index_older(most: int) -> int:
    """Index the next of the tickets from before there was an index, newest first; how many. 0 when all are."""
    with transaction():
        lowest = TICKETS.lowest()
        older = Ticket.select(Ticket.id).order_by(Ticket.id.desc()).limit(most)
        if lowest is not None:
            older = older.where(Ticket.id < lowest)
        numbers = [number for (number,) in older.tuples()]
        for number in numbers:
            _index_ticket(number)
    return len(numbers)


def _index_ticket(number: int) -> None:
    row, said = _asked_by.first(number), _all_said.values(number)
    _put(number, Asked(row.subject, row.requester_name, row.requester), said)


def _put(number: int, asked: Asked, said: Sequence[str]) -> None:
    first, *later = said or [""]
    TICKETS.put(number, terms(f"{asked.subject} {first} {asked.name} {asked.address}"), terms(" ".join(later)))


@prepared
def _asked_by(number: int) -> Query:
    # Only the columns it needs: a migration calls this while later columns are not there yet.
    return Ticket.select(Ticket.subject, Ticket.requester_name, Ticket.requester).where(Ticket.id == number)


@prepared
def _all_said(number: int) -> Query:
    return Comment.select(Comment.text).where(Comment.ticket == number).order_by(Comment.id)


def index_again(numbers: Iterable[int]) -> None:
    """Words that were erased or moved are found no more where they were; nothing of them stays in the index's file."""
    for number in sorted(numbers):
        index_ticket(number)
    TICKETS.tidy()


def index_opened(number: int, asked: Asked, text: str) -> None:
    """Index a ticket that was just opened, with its first words."""
    _put(number, asked, [text])


def index_comment(number: int, text: str) -> None:
    """Index what was added to a ticket."""
    if not TICKETS.add(number, terms(text)):
        index_ticket(number)


def rows(ticket: int) -> list[dict[str, Any]]:
    """The section of the ticket's file: ``at``, ``who``, ``text``."""
    with translated():
        return [{"at": None, "who": "", "text": f"{one.title}: {one.text}"} for one in proposed(ticket, most=50)]
