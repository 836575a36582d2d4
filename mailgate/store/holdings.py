"""Everything that the store holds on one person, by their address (Ley 1581 de 2012, art. 8 and 14). Reads only.

A ticket that is a PQRS is a record that must be kept, with all that is on it (``kept``). On any other ticket that the
person asked for or wrote on (``theirs``) the mails that came and the letters that left carry copies of their words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from mailgate.store.base import translated
from mailgate.store.evidence import Mail, Sent
from mailgate.store.intake import raw_of
from mailgate.store.models import (
    Agent,
    Blob,
    Comment,
    Contact,
    Event,
    Identification,
    Intake,
    Meeting,
    MeetingReply,
    NewsTold,
    OptOut,
    Outgoing,
    Participant,
    Pqrs,
    Rating,
    TextMessage,
    Ticket,
)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Ids of what is held; nothing of it is read yet."""

    address: str
    names: tuple[str, ...]  # by which they are known, longest first
    theirs: frozenset[int]  # tickets that they asked for or wrote on, and that are no PQRS
    joined: frozenset[int]  # tickets on which they only take part
    kept: dict[int, str]  # their tickets that are a PQRS, with the radicado
    comments: frozenset[int]  # of theirs, not on what is kept
    mails: frozenset[int]  # of theirs or about them, not on what is kept
    letters: frozenset[int]
    lines: frozenset[int]  # of the audit trail that name them, not on what is kept
    others: dict[str, int]  # further rows, counted by table

    @property
    def nothing(self) -> bool:
        found = (self.theirs, self.joined, self.kept, self.mails, self.letters, self.lines)
        return not any(found) and not any(self.others.values())


def find(address: str) -> Holdings:
    """What is held on an address; it is compared as the store keeps it, case-folded."""
    address = address.strip().casefold()
    with translated():
        asked = _ids(Ticket.select(Ticket.id).where(Ticket.requester == address))
        wrote = _ids(Comment.select(Comment.ticket).where(Comment.author == address))
        joined = _ids(Participant.select(Participant.ticket).where(Participant.address == address))
        filed = _ids(Pqrs.select(Pqrs.ticket).where(Pqrs.petitioner == address))
        every = asked | wrote | joined | filed
        rows = Pqrs.select(Pqrs.ticket, Pqrs.radicado).where(Pqrs.ticket.in_(every))
        kept = {row.ticket_id: row.radicado for row in rows}
        theirs = (asked | wrote) - kept.keys()
        mails = _mails(address, theirs)
        return Holdings(
            address,
            names=_names(address),
            theirs=frozenset(theirs),
            joined=frozenset(joined - kept.keys() - theirs),
            kept=kept,
            comments=_ids(Comment.select(Comment.id).where(Comment.author == address, _free(Comment.ticket))),
            mails=mails,
            letters=_letters(address, theirs, mails),
            lines=_lines(address),
            others={model.__name__: model.select().where(field == address).count() for model, field in OTHERS},
        )


OTHERS = (
    (Contact, Contact.address),
    (Identification, Identification.address),
    (OptOut, OptOut.address),
    (NewsTold, NewsTold.address),
    (Rating, Rating.address),
    (MeetingReply, MeetingReply.address),
    (NewsTold, NewsTold.address),
)


def _ids(query: Any) -> frozenset[int]:
    return frozenset(row[0] for row in query.tuples())


def _records() -> Any:
    """The tickets of all PQRS."""
    return Pqrs.select(Pqrs.ticket)


def _free(ticket: Any) -> Any:
    """That a row is about no PQRS."""
    return ticket.is_null() | ticket.not_in(_records())


def _mails(address: str, theirs: Iterable[int]) -> frozenset[int]:
    """What they sent, what came about their tickets, and what carried words of theirs; never what filed a PQRS."""
    carried = Comment.select(Comment.intake).where(Comment.author == address, Comment.intake.is_null(False))
    of_them = (Intake.author == address) | (Intake.sender == address)
    of_them |= Intake.ticket.in_(list(theirs)) | Intake.id.in_(carried)
    filed = Pqrs.select(Pqrs.intake).where(Pqrs.intake.is_null(False))
    records = Comment.select(Comment.intake).where(Comment.intake.is_null(False), Comment.ticket.in_(_records()))
    return _ids(
        Intake.select(Intake.id).where(
            of_them, _free(Intake.ticket), Intake.id.not_in(filed), Intake.id.not_in(records)
        )
    )


def _letters(address: str, theirs: Iterable[int], mails: Iterable[int]) -> frozenset[int]:
    of_them = (Outgoing.recipient == address) | Outgoing.ticket.in_(list(theirs)) | Outgoing.cause.in_(list(mails))
    return _ids(Outgoing.select(Outgoing.id).where(of_them, _free(Outgoing.ticket)))


def _lines(address: str) -> frozenset[int]:
    # Data is JSON, in which an engine may keep the ñ of an address as \\u00f1.
    kept_as = {address, json.dumps(address)[1:-1]}
    named = [field.contains(address) for field in (Event.actor, Event.why)]
    named += [Event.data.cast("text").contains(form) for form in kept_as]
    whole = pattern_of(address)
    rows = Event.select(Event.id, Event.actor, Event.why, Event.data).where(reduce(or_, named), _free(Event.ticket))
    told = ((row.id, f"{row.actor}\n{row.why}\n{json.dumps(row.data, ensure_ascii=False)}") for row in rows)
    return frozenset(number for number, words in told if whole.search(words))


def pattern_of(word: str) -> re.Pattern[str]:
    """An address or a name that stands by itself: ``juan@a.co`` is not in ``juan@a.co.uk`` nor in ``sanjuan@a.co``."""
    return re.compile(rf"(?<![\w.+-]){re.escape(word)}(?![\w-]|\.\w)", re.IGNORECASE)


def _names(address: str) -> tuple[str, ...]:
    """Full names only: a single word would be found in other people's."""
    queries = (
        Contact.select(Contact.name).where(Contact.address == address),
        Ticket.select(Ticket.requester_name).where(Ticket.requester == address),
        Comment.select(Comment.author_name).where(Comment.author == address),
        Participant.select(Participant.name).where(Participant.address == address),
    )
    found = {name for query in queries for (name,) in query.tuples() if name and " " in name.strip()}
    return tuple(sorted(found, key=lambda name: (-len(name), name)))


def is_staff(address: str) -> bool:
    with translated():
        return bool(Agent.select().where(Agent.address == address.strip().casefold()).exists())


def still_moving(held: Holdings) -> int:
    """Mails that wait to be read and letters that wait to leave, of what is held: nothing may be erased under them."""
    with translated():
        of_them = (Intake.author == held.address) | (Intake.sender == held.address)
        mails = Intake.select().where(of_them, Intake.state == "pending").count()
        letters = Outgoing.select().where(Outgoing.id.in_(list(held.letters)), Outgoing.state == "queued").count()
        letters += TextMessage.select().where(texts_of(held), TextMessage.state == "queued").count()
        return int(mails + letters)


def texts_of(held: Holdings) -> Any:
    """That a short message is about a ticket of theirs."""
    return TextMessage.ticket.in_(list(held.theirs))


def record(held: Holdings, *, inside: bool = False) -> dict[str, Any]:
    """What is held as plain values; with ``inside`` also what the staff wrote among themselves."""
    with translated():
        contact = Contact.get_or_none(Contact.address == held.address)
        asked = Identification.get_or_none(Identification.address == held.address)
        numbers = sorted({*held.theirs, *held.joined, *held.kept})
        asked_for = Ticket.select(Ticket.id).where(Ticket.id.in_(numbers), Ticket.requester == held.address)
        texts = TextMessage.select().where(TextMessage.ticket.in_(asked_for)).order_by(TextMessage.id)
        return {
            "address": held.address,
            "names": list(held.names),
            "contact": _contact(contact) if contact else None,
            "asked_to_identify_at": asked.asked_at if asked else None,
            "tickets": [_ticket(number, held, inside) for number in numbers],
            "short_messages": [
                {"ticket": row.ticket_id, "mobile": row.mobile, "text": row.text, "at": row.created_at} for row in texts
            ],
            "no_short_messages": OptOut.select().where(OptOut.address == held.address).exists(),
            "ratings": [
                {"ticket": row.ticket_id, "stars": row.stars, "at": row.at}
                for row in Rating.select().where(Rating.address == held.address).order_by(Rating.id)
            ],
            "meeting_replies": [
                {"ticket": row.meeting.ticket_id, "answer": row.answer, "at": row.at}
                for row in MeetingReply.select(MeetingReply, Meeting)
                .join(Meeting)
                .where(MeetingReply.address == held.address)
                .order_by(MeetingReply.id)
            ],
        }


def _contact(row: Contact) -> dict[str, Any]:
    return {
        "name": row.name, "mobile": row.mobile, "language": row.language, "since": row.created_at,
        "client": row.client.licence if row.client else None, "confirmed": bool(row.confirmed),
    }  # fmt: skip


def _ticket(number: int, held: Holdings, inside: bool) -> dict[str, Any]:
    row = Ticket.get_by_id(number)
    comments = Comment.select().where(Comment.ticket == number).order_by(Comment.id)
    if not inside:
        comments = comments.where(Comment.public)
    if number in held.joined:  # somebody else's: what they themselves said
        comments = comments.where(Comment.author == held.address)
    return {
        "number": number, "subject": row.subject, "status": row.status, "opened_at": row.opened_at,
        "closed_at": row.closed_at, "mobile": row.mobile if row.requester == held.address else "",
        "radicado": held.kept.get(number),
        "comments": [
            {"at": c.at, "author": c.author, "name": c.author_name, "public": bool(c.public), "text": c.text}
            for c in comments
        ],
    }  # fmt: skip


def mails(held: Holdings, *, inside: bool = False) -> list[Mail]:
    """The mails that the person sent, byte for byte; with ``inside`` all that came on their tickets."""
    wanted = Intake.author == held.address
    if inside:
        wanted |= Intake.id.in_(list(held.mails)) | Intake.ticket.in_(list(held.kept))
    with translated():
        rows = Intake.select().join(Blob, on=(Blob.digest == Intake.digest)).where(wanted).order_by(Intake.id)
        return [Mail(row.id, row.received_at, row.author, raw_of(row.digest), row.outcome) for row in rows]


def letters(held: Holdings) -> list[Sent]:
    """The letters to the person, byte for byte."""
    with translated():
        rows = Outgoing.select().where(Outgoing.recipient == held.address).order_by(Outgoing.id)
        return [
            Sent(row.id, row.created_at, row.letter, row.recipient, bytes(row.raw), row.state, row.done_at,
                 row.attempts, row.reply)
            for row in rows
        ]  # fmt: skip
