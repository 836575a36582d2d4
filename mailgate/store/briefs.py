"""Short readings of a ticket for letters to agents. Reads only, plain values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from peewee import JOIN

from mailgate.desk.facts import ClientFacts
from mailgate.store.base import translated
from mailgate.store.models import Client, Comment, Contact, Ticket
from mailgate.store.people import client_facts
from mailgate.store.prepared import Query, prepared

MOST_HISTORY = 5


def history(number: int, *, but: int | None = None, most: int = MOST_HISTORY) -> list[dict[str, Any]]:
    """What was said on a ticket last, oldest first: ``at``, ``who``, ``text``; not by the mail ``but``."""
    said = [row for row in _said_last.rows(number, most + 1) if but is None or row.intake_id != but][:most]
    return [{"at": row.at, "who": row.author_name or row.author, "text": row.text} for row in reversed(said)]


@prepared
def _said_last(number: int, most: int) -> Query:
    columns = (Comment.at, Comment.author, Comment.author_name, Comment.text, Comment.intake)
    return Comment.select(*columns).where(Comment.ticket == number).order_by(Comment.id.desc()).limit(most)


def last_words(number: int) -> str:
    """What the client wrote last."""
    with translated():
        row = (
            Comment.select(Comment.text)
            .where(Comment.ticket == number, Comment.public, Comment.role == "client")
            .order_by(Comment.id.desc())
            .first()
        )
        return str(row.text) if row else ""


def first_comment(number: int) -> dict[str, Any]:
    """What a ticket began with: ``subject``, ``name``, ``address``, ``at``, ``text``."""
    row = _began.first(number)
    told = {"name": row.author_name, "address": row.author, "at": row.at, "text": row.text}
    return told | {"subject": row.subject}


@prepared
def _began(number: int) -> Query:
    columns = (Comment.author_name, Comment.author, Comment.at, Comment.text, Ticket.subject)
    return Comment.select(*columns).join(Ticket).where(Comment.ticket == number).order_by(Comment.id).limit(1)


def mobile_of(number: int) -> str:
    """The mobile to call about a ticket: the one given in it, else the contact's, else the client's; "" for none."""
    return next(filter(None, _mobiles.first(number)), "")


@prepared
def _mobiles(number: int) -> Query:
    theirs = (Contact.id == Ticket.contact) | (Ticket.contact.is_null() & (Contact.address == Ticket.requester))
    found = Ticket.select(Ticket.mobile, Contact.mobile, Client.mobile).join(Contact, JOIN.LEFT_OUTER, on=theirs)
    return found.join(Client, JOIN.LEFT_OUTER, on=Client.id == Ticket.client).where(Ticket.id == number)


def related(number: int) -> tuple[int | None, int | None]:
    """(the ticket it came out of, the ticket that took it in)."""
    with translated():
        row = Ticket.get_by_id(number)
        return row.linked_to, row.merged_into


def opened_just_before(number: int, since: datetime) -> list[dict[str, Any]]:
    """Unfinished tickets that the same person opened since then, newest first: ``number``, ``subject``, ``text``."""
    begun = [(one, _began.first(one.id)) for one in _opened_before.rows(number, since)]
    return [
        {"number": one.id, "subject": one.subject, "text": first.text, "at": one.opened_at}
        for one, first in begun
        if first is not None
    ]


@prepared
def _opened_before(number: int, since: datetime) -> Query:
    this = Ticket.alias()
    same = (Ticket.requester == this.requester) & (Ticket.id < this.id)
    unfinished = Ticket.status.in_(["new", "open", "waiting"]) & Ticket.merged_into.is_null()
    not_linked = this.linked_to.is_null() | (this.linked_to != Ticket.id)
    found = Ticket.select(Ticket.id, Ticket.subject, Ticket.opened_at).join(this, on=same)
    found = found.where(this.id == number, Ticket.opened_at >= since, unfinished, not_linked)
    # In the order of the index, so that nothing is sorted.
    return found.order_by(Ticket.opened_at.desc(), Ticket.id.desc()).limit(MOST_HISTORY)


def client_of(number: int, today: date) -> ClientFacts | None:
    """The client of a ticket, None when it has none."""
    with translated():
        row = Client.select().join(Ticket).where(Ticket.id == number).first()
        return client_facts(row, today) if row else None
