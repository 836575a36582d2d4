"""What closed tickets teach about categories: in how many tickets of each a word's stem stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from mailgate.desk.classify import Learned, words_of
from mailgate.store.base import transaction, translated
from mailgate.store.models import Comment, LearnedCategory, LearnedWord, Ticket

OVER = ("solved", "closed")
LOOKED_AT = 2000  # characters of the first comment


def learned(words: Sequence[str]) -> Learned:
    """What is known about these stems. Two short readings, however many tickets there were."""
    if not words:
        return Learned()
    with translated():
        tickets = dict(LearnedCategory.select(LearnedCategory.category, LearnedCategory.tickets).tuples())
        found: dict[str, dict[str, int]] = {}
        if tickets:
            rows = LearnedWord.select(LearnedWord.word, LearnedWord.category, LearnedWord.tickets)
            for word, category, count in rows.where(LearnedWord.word.in_(list(words))).tuples():
                found.setdefault(word, {})[category] = count
        return Learned(tickets, found)


def to_learn(now: datetime, within: timedelta, most: int = 100) -> list[int]:
    """Closed tickets whose category is not what was learned from them."""
    with translated():
        rows = (
            Ticket.select(Ticket.id)
            .where(
                Ticket.updated_at > now - within, Ticket.status.in_(OVER), Ticket.category != Ticket.learned_as,
                Ticket.merged_into.is_null(),
            )
            .order_by(Ticket.id)
            .limit(most)
        )  # fmt: skip
        return [number for (number,) in rows.tuples()]


def learn(number: int) -> None:
    """Count a ticket's words for its category, and no longer for the one it had when it was counted before."""
    with transaction():
        row = Ticket.get_by_id(number)
        first = (
            Comment.select(Comment.text)
            .where(Comment.ticket == number, Comment.public, Comment.role == "client")
            .order_by(Comment.id)
            .first()
        )
        words = words_of(row.subject, first.text[:LOOKED_AT] if first else "")
        for category, step in ((row.learned_as, -1), (row.category, 1)):
            if category:
                _count(category, words, step)
        Ticket.update(learned_as=row.category).where(Ticket.id == number).execute()


def _count(category: str, words: Sequence[str], step: int) -> None:
    for table, keys in ((LearnedCategory, [{"category": category}]),
                        (LearnedWord, [{"category": category, "word": word} for word in words])):  # fmt: skip
        for key in keys:
            table.insert(tickets=0, **key).on_conflict_ignore().execute()
            same = [getattr(table, name) == value for name, value in key.items()]
            table.update(tickets=table.tickets + step).where(*same, table.tickets + step >= 0).execute()
