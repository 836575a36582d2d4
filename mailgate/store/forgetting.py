"""Erasing what is held on one person, as far as it may go (Ley 1581 de 2012, art. 8 e; Decreto 1074 de 2015, art.
2.2.2.25.2.6), in one transaction.

The person's words, files, names and addresses go, and with them the bytes of every mail and letter that carries copies
of them. Rows stay, without a person in them: a ticket's number is never used again, and the sums still agree. What
others said stays, with the person's address and full names taken out of it. A PQRS stays whole.

The audit trail stays verifiable. A line that names the person becomes a blank one that keeps its hash, to which the
next line is bound; a line ``forgotten`` at the end of the ticket's chain names each blank line with its hash, and the
mails and words that are gone, so that ``audit.verify`` knows them. A line's hash covers a random salt that is erased
with it: nobody can try addresses against it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import fn

from mailgate.store import audit, blobs, suggestions
from mailgate.store.base import transaction
from mailgate.store.chain import digest
from mailgate.store.holdings import Holdings, pattern_of, texts_of
from mailgate.store.models import (
    Comment,
    Contact,
    Event,
    File,
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
    Service,
    TextMessage,
    Ticket,
)

NOBODY = "@forgotten.invalid"  # RFC 2606: no letter can ever go there
BLANK = "[…]"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went."""

    pseudonym: str
    counts: dict[str, int]


def forget(held: Holdings, *, by: str, now: datetime) -> Forgotten:
    """Erase it. The caller has made sure that nothing of it is still on its way."""
    pseudonym = f"{secrets.token_hex(6)}{NOBODY}"
    with transaction():
        trace = _Trace()
        counts = {
            "lines": _blank_lines(held, trace),
            "comments": _empty_comments(held, pseudonym),
            "words": _redact(held, trace),
            "mails": _empty_mails(held, trace, now),
            "letters": _empty_letters(held, pseudonym),
            "texts": TextMessage.update(mobile="", text="", reply="").where(texts_of(held)).execute(),
            "tickets": _empty_tickets(held, pseudonym, now),
            "others": _drop_others(held, pseudonym),
        }
        counts["files"] = _drop_blobs(trace)
        suggestions.index_again(held.theirs | {ticket for ticket in trace.words if ticket is not None})
        for ticket in sorted(trace.lines.keys() | trace.mails.keys() | trace.words.keys(), key=lambda t: t or 0):
            audit.append(ticket, audit.FORGOTTEN, actor=by, now=now, why=pseudonym, data=trace.of(ticket))
    return Forgotten(pseudonym, counts)


class _Trace:
    """What the trail has to know is gone, by ticket."""

    def __init__(self) -> None:
        self.lines: dict[int | None, dict[str, str]] = {}
        self.mails: dict[int | None, list[str]] = {}
        self.words: dict[int | None, list[str]] = {}
        self.blobs: set[str] = set()

    def of(self, ticket: int | None) -> dict[str, Any]:
        return {
            "lines": self.lines.get(ticket, {}),
            "mails": self.mails.get(ticket, []),
            "words": self.words.get(ticket, []),
        }


def _blank_lines(held: Holdings, trace: _Trace) -> int:
    for row in _chosen(Event, held.lines):
        trace.lines.setdefault(row.ticket_id, {})[str(row.id)] = row.hash
    return _update(Event, held.lines, actor="", why="", data={})


def _empty_comments(held: Holdings, pseudonym: str) -> int:
    return _update(
        Comment, held.comments, author=pseudonym, author_name="", text="", html="", quote="", signature="", remark="",
        message_id="",
    )  # fmt: skip


def _redact(held: Holdings, trace: _Trace) -> int:
    """What others said: the quotes on the person's tickets go, and the person's address and names everywhere."""
    records = Pqrs.select(Pqrs.ticket)
    named = Comment.text.contains(held.address) | Comment.quote.contains(held.address)
    named |= Comment.html.contains(held.address) | Comment.signature.contains(held.address)
    named |= Comment.ticket.in_(list(held.theirs))
    query = Comment.select().where(Comment.id.not_in(list(held.comments)), Comment.ticket.not_in(records), named)
    changed, whole = 0, pattern_of(held.address)
    for row in list(query):
        if row.ticket_id not in held.theirs and not whole.search(
            f"{row.text}\n{row.quote}\n{row.html}\n{row.signature}"
        ):
            continue  # a longer address that holds this one
        text = _without(row.text, held)
        if text != row.text:
            trace.words.setdefault(row.ticket_id, []).append(digest(row.text))
        values = {"text": text, "signature": _without(row.signature, held), "quote": "", "html": ""}
        changed += _update(Comment, [row.id], **values)
    changed += _redact_subjects(held)
    for model, text_of in ((Service, Service.text), (Meeting, Meeting.text)):
        for row in list(model.select().where(model.ticket.in_(list(held.theirs)), text_of != "")):
            changed += _update(model, [row.id], text=_without(row.text, held))
    return changed


def _redact_subjects(held: Holdings) -> int:
    """Others put people into subjects, too; they stand in every list."""
    records = Pqrs.select(Pqrs.ticket)
    on_tickets = Ticket.subject.contains(held.address) | Ticket.id.in_(list(held.theirs))
    of_mails = Intake.ticket.is_null() | Intake.ticket.not_in(records)
    tickets = _told_otherwise(Ticket, Ticket.id.not_in(records) & on_tickets, held)
    mails = _told_otherwise(Intake, of_mails & Intake.subject.contains(held.address), held)
    suggestions.index_again(tickets)
    return len(tickets) + len(mails)


def _told_otherwise(model: Any, which: Any, held: Holdings) -> list[int]:
    """The rows whose subjects named the person; they do no more."""
    rows = model.select(model.id, model.subject).where(which)
    told = {row.id: (row.subject, _without(row.subject, held)) for row in rows}
    changed = {number: subject for number, (before, subject) in told.items() if subject != before}
    for number, subject in changed.items():
        _update(model, [number], subject=subject)
    return list(changed)


def _without(text: str, held: Holdings) -> str:
    for word in (held.address, *held.names):
        text = pattern_of(word).sub(BLANK, text)
    return text


def _empty_mails(held: Holdings, trace: _Trace, now: datetime) -> int:
    for row in _chosen(Intake, held.mails):
        trace.blobs.add(row.digest)
        for event in Event.select().where(Event.intake == row.id, Event.id.not_in(list(held.lines))):
            trace.mails.setdefault(event.ticket_id, []).append(row.digest)
    waiting = Intake.update(state="done", outcome="refused").where(
        Intake.id.in_(list(held.mails)), Intake.state.in_(["held", "quarantined"])
    )
    waiting.execute()
    return _update(
        Intake, held.mails, sender="", author="", subject="", message_id="", reason="forgotten", peer="", helo="",
        auth_user="", content_digest=None, purged_at=now,
    )  # fmt: skip


def _empty_letters(held: Holdings, pseudonym: str) -> int:
    Outgoing.update(recipient=pseudonym).where(
        Outgoing.id.in_(list(held.letters)), Outgoing.recipient == held.address
    ).execute()
    return _update(Outgoing, held.letters, raw=b"", text="", subject="", reply="")


def _empty_tickets(held: Holdings, pseudonym: str, now: datetime) -> int:
    _update(Ticket, _called_at_theirs(held), mobile="")
    asked = Ticket.select(Ticket.id).where(Ticket.id.in_(list(held.theirs)), Ticket.requester == held.address)
    numbers = [number for (number,) in asked.tuples()]
    Ticket.update(status="closed", closed_at=now).where(
        Ticket.id.in_(numbers), Ticket.status.not_in(["solved", "closed"])
    ).execute()
    return _update(Ticket, numbers, requester=pseudonym, requester_name="", subject=BLANK, mobile="", contact=None)


def _called_at_theirs(held: Holdings) -> list[int]:
    """The tickets whose mobile the person gave: others' too, on which they had a word."""
    last = Event.select(Event.ticket, fn.MAX(Event.id)).group_by(Event.ticket)
    told = last.where(Event.what == "mobile", Event.ticket.in_(list(held.theirs)))
    return [ticket for ticket, line in told.tuples() if line in held.lines]


def _drop_others(held: Holdings, pseudonym: str) -> int:
    """Contact, participation, stars: the stars stay in the sums, of nobody."""
    gone = Contact.delete().where(Contact.address == held.address).execute()
    for model in (OptOut, NewsTold):
        gone += model.delete().where(model.address == held.address).execute()
    gone += Identification.delete().where(Identification.address == held.address).execute()
    free = [*held.theirs, *held.joined]
    gone += Participant.delete().where(Participant.address == held.address, Participant.ticket.in_(free)).execute()
    meetings = Meeting.select(Meeting.id).where(Meeting.ticket.in_(free))
    gone += Rating.update(address=pseudonym).where(Rating.address == held.address, Rating.ticket.in_(free)).execute()
    gone += (
        MeetingReply.update(address=pseudonym)
        .where(MeetingReply.address == held.address, MeetingReply.meeting.in_(meetings))
        .execute()
    )
    return int(gone)


def _drop_blobs(trace: _Trace) -> int:
    """The files of comments without words, and then all bytes that nothing names any more."""
    emptied = Comment.select(Comment.id).where(Comment.author.endswith(NOBODY))
    files = File.select().where(File.comment.in_(emptied))
    trace.blobs.update(row.digest for row in files)
    count = int(File.delete().where(File.comment.in_(emptied)).execute())
    for one in sorted(trace.blobs):
        kept = Pqrs.select(Pqrs.intake).where(Pqrs.intake.is_null(False))
        used = File.select().where(File.digest == one).exists()
        used = used or Intake.select().where(Intake.digest == one, Intake.reason != "forgotten").exists()
        used = used or Intake.select().where(Intake.digest == one, Intake.id.in_(kept)).exists()
        if not used:
            blobs.drop(one)
    return count


def _chosen(model: Any, ids: Iterable[int]) -> list[Any]:
    return list(model.select().where(model.id.in_(list(ids))))


def _update(model: Any, ids: Iterable[int], **values: Any) -> int:
    return int(model.update(values).where(model.id.in_(list(ids))).execute())
