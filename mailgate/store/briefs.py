"""Short readings of a ticket for letters to agents. Reads only, plain values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from peewee import JOIN

from mailgate.desk.facts import ClientFacts
from mailgate.store.base import translated
from mailgate.store.models import Client, Comment, Contact, Ticket
from mailgate.store.people import client_facts

MOST_HISTORY = 5


def history(number: int, *, but: int | None = None, most: int = MOST_HISTORY) -> list[dict[str, Any]]:
    """What was said on a ticket last, oldest first: ``at``, ``who``, ``text``; not by the mail ``but``."""
    with translated():
        rows = Comment.select().where(Comment.ticket == number).order_by(Comment.id.desc()).limit(most + 1)
        said = [row for row in rows if but is None or row.intake_id != but][:most]
        return [{"at": row.at, "who": row.author_name or row.author, "text": row.text} for row in reversed(said)]


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
    with translated():
        row = Comment.select().where(Comment.ticket == number).order_by(Comment.id).first()
        subject = Ticket.get_by_id(number).subject
        told = {"name": row.author_name, "address": row.author, "at": row.at, "text": row.text}
        return told | {"subject": subject}


def marks(number: int) -> dict[str, Any]:
    """``category`` and ``urgent`` of a ticket."""
    with translated():
        row = Ticket.get_by_id(number)
        return {"category": row.category, "urgent": bool(row.urgent)}


def mobile_of(number: int) -> str:
    """The mobile to call about a ticket: the one given in it, else the contact's, else the client's; "" for none."""
    with translated():
        theirs = (Contact.id == Ticket.contact) | (Ticket.contact.is_null() & (Contact.address == Ticket.requester))
        row = (
            Ticket.select(Ticket.mobile, Contact.mobile, Client.mobile)
            .join(Contact, JOIN.LEFT_OUTER, on=theirs)
            .join(Client, JOIN.LEFT_OUTER, on=Client.id == Ticket.client)
            .where(Ticket.id == number)
            .tuples()
            .get()
        )
        return next(filter(None, row), "")


def related(number: int) -> tuple[int | None, int | None]:
    """(the ticket it came out of, the ticket that took it in)."""
    with translated():
        row = Ticket.get_by_id(number)
        return row.linked_to, row.merged_into


def opened_just_before(number: int, since: datetime) -> list[dict[str, Any]]:
    """Unfinished tickets that the same person opened since then, newest first: ``number``, ``subject``, ``text``."""
    with translated():
        row = Ticket.get_by_id(number)
        rows = (
            Ticket.select()
            .where(
                Ticket.requester == row.requester,
                Ticket.opened_at >= since,
                Ticket.id < number,
                Ticket.status.in_(["new", "open", "waiting"]),
                Ticket.merged_into.is_null(),
                Ticket.id != (row.linked_to or 0),
            )
            .order_by(Ticket.id.desc())
            .limit(MOST_HISTORY)
        )
        return [
            {"number": one.id, "subject": one.subject, "text": first_comment(one.id)["text"], "at": one.opened_at}
            for one in rows
            if one.comments.exists()
        ]


def client_of(number: int, today: date) -> ClientFacts | None:
    """The client of a ticket, None when it has none."""
    with translated():
        row = Client.select().join(Ticket).where(Ticket.id == number).first()
        return client_facts(row, today) if row else None
