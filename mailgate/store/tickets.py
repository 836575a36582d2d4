"""Tickets and what is written on them. Writing verbs expect to be inside the mail's one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from peewee import JOIN

from mailgate.desk.facts import Role, Status
from mailgate.desk.folding import folded
from mailgate.mail.message import Attachment, Parts
from mailgate.store import audit, blobs, suggestions
from mailgate.store.base import translated
from mailgate.store.models import Agent, Client, Comment, Event, File, Ticket
from mailgate.store.prepared import Query, prepared

WRONG_MOBILE = "mobile-wrong"  # the line of the trail by which it is said but once


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What a ticket starts with."""

    requester: str
    requester_name: str
    desk_address: str
    subject: str
    language: str
    client_id: int | None = None
    contact_id: int | None = None
    linked_to: int | None = None  # the ticket it comes out of


@dataclass(frozen=True, slots=True)
class NewComment:
    """What somebody added."""

    ticket: int
    author: str
    author_name: str
    role: Role
    public: bool
    parts: Parts
    html: str = ""
    remark: str = ""
    message_id: str = ""
    attachments: Sequence[Attachment] = ()
    intake_id: int | None = None
    at: datetime | None = None  # when it was written, if not now
    opens: NewTicket | None = None  # what the ticket was just opened with, when these are its first words


def open_ticket(new: NewTicket, now: datetime) -> int:
    """Gives the new ticket's number."""
    return int(_insert_ticket.value(
        client=new.client_id, contact=new.contact_id, requester=new.requester, name=new.requester_name[:200],
        desk_address=new.desk_address, subject=new.subject, language=new.language, now=now, linked_to=new.linked_to,
    ))  # fmt: skip


@prepared
def _insert_ticket(
    client: int | None, contact: int | None, requester: str, name: str, desk_address: str, subject: str, language: str,
    now: datetime, linked_to: int | None,
) -> Query:  # fmt: skip
    return Ticket.insert(
        client=client, contact=contact, requester=requester, requester_name=name, desk_address=desk_address,
        subject=subject, language=language, status=Status.NEW.value, opened_at=now, updated_at=now,
        linked_to=linked_to,
    ).returning(Ticket.id)  # fmt: skip


def add_comment(new: NewComment, now: datetime) -> int:
    """Add a comment with its files; gives its id."""
    comment_id = int(_insert_comment.value(
        ticket=new.ticket, intake=new.intake_id, at=new.at or now, author=new.author, name=new.author_name[:200],
        role=new.role.value, public=new.public, text=new.parts.own, quote=new.parts.quote,
        signature=new.parts.signature, html=new.html, remark=new.remark, message_id=new.message_id,
    ))  # fmt: skip
    for attachment in new.attachments:
        _add_file(comment_id, attachment)
    if new.opens is None:
        _touch.run(new.ticket, now)
        suggestions.index_comment(new.ticket, new.parts.own)
    else:
        asked = suggestions.Asked(new.opens.subject, new.opens.requester_name[:200], new.opens.requester)
        suggestions.index_opened(new.ticket, asked, new.parts.own)
    return comment_id


@prepared
def _insert_comment(
    ticket: int, intake: int | None, at: datetime, author: str, name: str, role: str, public: bool, text: str,
    quote: str, signature: str, html: str, remark: str, message_id: str,
) -> Query:  # fmt: skip
    return Comment.insert(
        ticket=ticket, intake=intake, at=at, author=author, author_name=name, role=role, public=public, text=text,
        quote=quote, signature=signature, html=html, remark=remark, message_id=message_id,
    ).returning(Comment.id)  # fmt: skip


@prepared
def _touch(number: int, now: datetime) -> Query:
    return Ticket.update(updated_at=now).where(Ticket.id == number)


def _add_file(comment_id: int, attachment: Attachment) -> None:
    digest = blobs.put(attachment.content)
    _insert_file.run(
        comment_id, attachment.name, attachment.type[:255], digest, attachment.size, attachment.content_id,
        attachment.inline, attachment.dangerous[:200],
    )  # fmt: skip


@prepared
def _insert_file(
    comment: int, name: str, kind: str, digest: str, size: int, content_id: str, inline: bool, withheld: str
) -> Query:
    return File.insert(
        comment=comment, name=name, type=kind, digest=digest, size=size, content_id=content_id, inline=inline,
        withheld=withheld,
    )  # fmt: skip


def set_status(number: int, status: Status, now: datetime) -> None:
    """Move a ticket to a state; from one that was over to open is a reopening, and counted."""
    closed = now if status in (Status.CLOSED, Status.SOLVED) else None
    if status is Status.OPEN:
        _reopen.run(number)
    _move.run(number, status.value, closed, now)


@prepared
def _reopen(number: int) -> Query:
    over = Ticket.status.in_([Status.CLOSED.value, Status.SOLVED.value])
    return Ticket.update(reopened=Ticket.reopened + 1).where(Ticket.id == number, over)


@prepared
def _move(number: int, status: str, closed_at: datetime | None, now: datetime) -> Query:
    changes = {"status": status, "closed_at": closed_at, "updated_at": now}
    return Ticket.update(changes).where(Ticket.id == number, Ticket.status != status)


def answered(number: int, agent_id: int, now: datetime) -> None:
    """An agent's answer: the first one is remembered, and who answers an unassigned ticket has it."""
    Ticket.update(answered_at=now).where(Ticket.id == number, Ticket.answered_at.is_null()).execute()
    Ticket.update(agent=agent_id).where(Ticket.id == number, Ticket.agent.is_null()).execute()


def record(
    number: int | None,
    what: str,
    *,
    actor: str,
    now: datetime,
    why: str = "",
    intake_id: int | None = None,
    **data: Any,
) -> None:
    """One line of the audit trail."""
    audit.append(number, what, actor=actor, now=now, why=why, intake_id=intake_id, data=data)


def reopened_since(number: int, since: datetime) -> int:
    """How often a ticket that was over has been opened again."""
    again = [f"{before} → {Status.OPEN}" for before in (Status.SOLVED, Status.CLOSED)]
    with translated():
        told = Event.select().where(Event.ticket == number, Event.what == "status", Event.at >= since)
        return int(told.where(Event.why.in_(again)).count())


def was_recorded(number: int, what: str) -> bool:
    """Whether the audit trail of a ticket has such a line."""
    with translated():
        return bool(Event.select().where(Event.ticket == number, Event.what == what).exists())


def count() -> tuple[int, int]:
    """(tickets, comments)."""
    with translated():
        return Ticket.select().count(), Comment.select().count()


def listing(*, status: str = "", text: str = "", limit: int = 50) -> list[dict[str, Any]]:
    """Tickets for a list, latest change first."""
    with translated():
        rows = (
            Ticket.select(Ticket, Client, Agent)
            .join(Client, JOIN.LEFT_OUTER)
            .switch(Ticket)
            .join(Agent, JOIN.LEFT_OUTER)
            .order_by(Ticket.updated_at.desc())
            .limit(limit)
        )
        if status:
            rows = rows.where(Ticket.status == status)
        if text:
            rows = rows.where(Ticket.id.in_(_with_subject(text, status, limit)))
        return [_summary(row) for row in rows]


def _with_subject(text: str, status: str, most: int) -> list[int]:
    """The tickets with this in their subject, latest change first. Read here: to SQLite É and é, é and e are strangers,
    and to PostgreSQL it depends on how it was set up.
    """
    subjects = Ticket.select(Ticket.id, Ticket.subject).order_by(Ticket.updated_at.desc())
    if status:
        subjects = subjects.where(Ticket.status == status)
    wanted = folded(text)
    return list(islice((number for number, subject in subjects.tuples().iterator() if wanted in folded(subject)), most))


def full(number: int) -> dict[str, Any] | None:
    """A ticket with everything on it, as plain values; None when there is none."""
    with translated():
        row = Ticket.get_or_none(Ticket.id == number)
        if row is None:
            return None
        files: dict[int, list[dict[str, Any]]] = {}
        for file in File.select().join(Comment).where(Comment.ticket == number).order_by(File.id):
            files.setdefault(file.comment_id, []).append(
                {"name": file.name, "type": file.type, "size": file.size, "sha256": file.digest,
                 "inline": bool(file.inline), "withheld": file.withheld}
            )  # fmt: skip
        comments = [
            {"id": c.id, "at": c.at.isoformat(), "author": c.author, "author_name": c.author_name, "role": c.role,
             "public": bool(c.public), "text": c.text, "html": c.html, "quote": c.quote, "signature": c.signature,
             "remark": c.remark, "message_id": c.message_id, "intake": c.intake_id, "files": files.get(c.id, [])}
            for c in row.comments.order_by(Comment.id)
        ]  # fmt: skip
        events = [
            {
                "at": e.at.isoformat(),
                "actor": e.actor,
                "what": e.what,
                "why": e.why,
                "intake": e.intake_id,
                "data": e.data,
            }
            for e in row.events.order_by(Event.id)
        ]
        participants = [p.address for p in row.participants]
        return _summary(row) | {"participants": participants, "comments": comments, "events": events}


def _summary(row: Ticket) -> dict[str, Any]:
    return {
        "number": row.id,
        "subject": row.subject,
        "status": row.status,
        "requester": row.requester,
        "requester_name": row.requester_name,
        "client": row.client.licence if row.client else None,
        "client_name": row.client.name if row.client else None,
        "agent": row.agent.address if row.agent else None,
        "category": row.category,
        "urgent": bool(row.urgent),
        "language": row.language,
        "opened_at": row.opened_at.isoformat(),
        "updated_at": row.updated_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "reopened": row.reopened,
    }
