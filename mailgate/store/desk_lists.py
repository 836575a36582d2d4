"""Lists of tickets for agents: the queue, one's own, what waits since before today, a search, a client's. Reads only.

A search goes over all subjects, requesters and words of comments by the engine's own LIKE, which knows nothing of
accents: a Spanish word has one at most, so each vowel in turn is a wildcard, and every n, which may be an ñ. It costs a
few passes over the texts: a fraction of a second for a hundred thousand tickets.
"""

from __future__ import annotations

import functools
import operator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN, Case

from mailgate.desk.folding import folded
from mailgate.store.base import translated
from mailgate.store.models import Agent, Client, Comment, Contact, Ticket

MOST = 50  # tickets shown
MOST_WORDS = 8  # of a search
AWAITING_US = ("new", "open")
UNFINISHED = ("new", "open", "waiting")
_MAY_BEAR = "aeiou"


@dataclass(frozen=True, slots=True)
class Found:
    """Tickets for a list, and how many there are in all."""

    rows: list[dict[str, Any]]
    total: int


def queue() -> Found:
    """What waits for an answer of ours, the urgent first, the oldest first."""
    return _found(Ticket.status.in_(AWAITING_US))


def mine(agent_id: int) -> Found:
    """An agent's unfinished tickets."""
    return _found(Ticket.status.in_(UNFINISHED) & (Ticket.agent == agent_id))


def due(today: datetime) -> Found:
    """What waits for an answer of ours since before ``today`` began."""
    return _found(Ticket.status.in_(AWAITING_US) & (Ticket.updated_at < today))


def of_client(client_id: int) -> Found:
    return _found(Ticket.client == client_id, newest=True)


def search(words: str) -> Found:
    """Tickets where every word occurs: in the subject, the requester, or anywhere in what was said."""
    wanted = [_occurs(_patterns(word)) for word in words.split()[:MOST_WORDS]]
    return _found(functools.reduce(operator.and_, wanted), newest=True) if wanted else Found([], 0)


def _occurs(patterns: list[str]) -> Any:
    """That one of the patterns occurs: all of them in one pass over each text."""
    sieve = "".join("_" if "_" in letters else letters[0] for letters in zip(*patterns, strict=True))

    def any_of(column: Any) -> Any:
        found = functools.reduce(operator.or_, (column**pattern for pattern in patterns))
        # Every wildcard at once, first: what fails here, as most texts do, is looked at no more.
        return (column**sieve) & found if len(patterns) > 1 else found

    said = Comment.select(Comment.ticket).where(any_of(Comment.text))
    named = any_of(Ticket.subject) | any_of(Ticket.requester) | any_of(Ticket.requester_name)
    return Ticket.id.in_(said) | named


def _patterns(word: str) -> list[str]:
    """The word for LIKE: its accented letters as wildcards; when it has none, each that might have been in turn."""
    plain = folded(word)
    if len(plain) == len(word) and plain != word.casefold():
        marks = zip(plain, word.casefold(), strict=True)
        return ["%" + "".join("_" if bare != said else _literal(bare) for bare, said in marks) + "%"]
    letters = [_literal(letter) for letter in plain]
    places = [at for at, letter in enumerate(plain) if letter in _MAY_BEAR]
    return ["%" + "".join([*letters[:at], "_", *letters[at + 1 :]]) + "%" for at in places] or [f"%{''.join(letters)}%"]


def _literal(letter: str) -> str:
    """An n may be an ñ; wildcards in what people type match anything, which does no harm."""
    return "_" if letter in "%_\\n" else letter


def client_card(licence: str) -> dict[str, Any] | None:
    """A client's id, name, licence, NIT and contacts; None when there is none."""
    with translated():
        row = Client.get_or_none(Client.licence == licence)
        if row is None:
            return None
        contacts = Contact.select(Contact.address).where(Contact.client == row.id).order_by(Contact.address).limit(MOST)
        return {
            "id": row.id,
            "name": row.name,
            "licence": row.licence,
            "nit": row.nit,
            "plan": row.plan,
            "mobile": row.mobile,
            "contacts": [address for (address,) in contacts.tuples()],
        }


def _found(condition: Any, *, newest: bool = False) -> Found:
    urgency = Case(None, [((Ticket.priority == "high"), 0), ((Ticket.priority == "low"), 2)], 1)
    order = [Ticket.updated_at.desc()] if newest else [Ticket.urgent.desc(), urgency, Ticket.opened_at]
    with translated():
        rows = (
            Ticket.select(Ticket, Client, Agent)
            .join(Client, JOIN.LEFT_OUTER)
            .switch(Ticket)
            .join(Agent, JOIN.LEFT_OUTER)
            .where(condition)
            .order_by(*order)
            .limit(MOST)
        )
        shown = [_row(row) for row in rows]
        total = len(shown) if len(shown) < MOST else Ticket.select().where(condition).count()
        return Found(shown, total)


def _row(row: Ticket) -> dict[str, Any]:
    return {
        "number": row.id,
        "subject": row.subject,
        "status": row.status,
        "urgent": bool(row.urgent),
        "client": row.client.name if row.client else row.requester_name or row.requester,
        "agent": row.agent.name if row.agent else "",
        "updated_at": row.updated_at,
    }
