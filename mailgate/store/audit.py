"""The audit trail: only ever added to, each line bound to the one before it on its ticket, so that a change shows.

A line about a mail carries the hash of its raw bytes and of the words it left on the ticket; one about a letter, that
of the letter; one about a PQRS, its row. ``verify`` reads all of it again and names what no longer agrees. What it
cannot see is the loss of a ticket's last lines: compare their number and the last hash with an export of earlier.

What was erased because a person asked for it (``forgetting``) is named by a line ``forgotten`` of the same chain; a
PQRS is never forgotten, so that such a line on one is itself a change. Each line carries a random salt, so that the
hash of an erased one tells nothing about who was in it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import Select

from mailgate.store import blobs
from mailgate.store.base import translated
from mailgate.store.chain import digest, link
from mailgate.store.models import Comment, Event, Intake, Outgoing, Pqrs, Ticket, database
from mailgate.store.prepared import Query, prepared

FORGOTTEN = "forgotten"
SPOKEN = {"ticket", "comment", "answer", "note"}  # lines about words that were left on a ticket
NO_TICKET_LOCK = 7240002  # PostgreSQL's advisory lock of lines that are about no ticket
PQRS_ROW = (
    Pqrs.radicado, Pqrs.type, Pqrs.petitioner, Pqrs.filed_at, Pqrs.received_at, Pqrs.counts_from, Pqrs.days,
    Pqrs.due_on, Pqrs.extendable_to, Pqrs.extended_at, Pqrs.extension_reason, Pqrs.answered_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Gone:
    """What lines ``forgotten`` name: blank lines with their hashes, digests of mails and of words."""

    lines: dict[int, str] = field(default_factory=dict)
    mails: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that is not what the trail says it was."""

    table: str
    id: int
    ticket: int | None
    why: str


def append(
    ticket: int | None,
    what: str,
    *,
    actor: str,
    now: datetime,
    why: str = "",
    intake_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Add a line. Belongs into the transaction of what it tells."""
    said = {"salt": secrets.token_hex(8)} | (data or {})
    _hold(ticket)
    before = _before.first(ticket, intake_id or 0) if ticket is not None else _before_none.first(intake_id or 0)
    if intake_id is not None:
        said["mail"] = before.mail
        if what in SPOKEN:
            said["words"] = _words(ticket, intake_id)
    if what.startswith("pqrs-") and ticket is not None:
        said["pqrs"] = _pqrs_row(ticket)
    prev = str(before.last or "")
    hashed = link(prev, ticket, intake_id, now, actor, what, why, said)
    _add_line.run(ticket, intake_id, now, actor, what, why, said, prev, hashed)


@prepared
def _add_line(
    ticket: int | None, intake: int | None, at: datetime, actor: str, what: str, why: str, data: dict[str, Any],
    prev: str, hashed: str,
) -> Query:  # fmt: skip
    return Event.insert(
        ticket=ticket, intake=intake, at=at, actor=actor, what=what, why=why, data=data, prev=prev, hash=hashed
    )


def _hold(ticket: int | None) -> None:
    """Nobody else adds to this chain before the transaction ends; SQLite has one writer anyway."""
    if database.for_update and ticket is not None:
        _lock.run(ticket)
    elif database.for_update:
        database.execute_sql(f"SELECT pg_advisory_xact_lock({NO_TICKET_LOCK})")


@prepared
def _lock(ticket: int) -> Query:
    return Ticket.select(Ticket.id).where(Ticket.id == ticket).for_update()


@prepared
def _before(ticket: int, intake_id: int) -> Query:
    """The last hash of a ticket, and the digest of a mail."""
    return _both(Event.ticket == ticket, intake_id)


@prepared
def _before_none(intake_id: int) -> Query:
    return _both(Event.ticket.is_null(), intake_id)


def _both(lines: Any, intake_id: int) -> Query:
    last = Event.select(Event.hash).where(lines).order_by(Event.id.desc()).limit(1)
    mail = Intake.select(Intake.digest).where(Intake.id == intake_id)
    return Select(columns=[last.alias("last"), mail.alias("mail")]).bind(database)


def _words(ticket: int | None, intake_id: int) -> list[str]:
    return sorted(map(digest, _said_by.values(ticket, intake_id))) if ticket is not None else []


@prepared
def _said_by(ticket: int, intake_id: int) -> Query:
    return Comment.select(Comment.text).where(Comment.ticket == ticket, Comment.intake == intake_id)


def _pqrs_row(ticket: int) -> dict[str, str]:
    row = _pqrs_of.first(ticket)
    return {field.name: str(getattr(row, field.name)) for field in PQRS_ROW} if row else {}


@prepared
def _pqrs_of(ticket: int) -> Query:
    return Pqrs.select(*PQRS_ROW).where(Pqrs.ticket == ticket)


def verify(ticket: int | None = None) -> tuple[int, list[Broken]]:
    """(lines read, what no longer agrees) of one ticket, or of everything."""
    query = Event.select().order_by(Event.id)
    if ticket is not None:
        query = query.where(Event.ticket == ticket)
    heads: dict[int | None, str] = {}
    last_pqrs: dict[int, dict[str, str]] = {}
    broken: list[Broken] = []
    count = 0
    with translated():
        gone = _gone()
        for row in query.iterator():
            count += 1
            broken += _broken_line(row, heads.get(row.ticket_id, ""), gone)
            broken += _broken_things(row, gone)
            heads[row.ticket_id] = row.hash
            if row.data.get("pqrs"):
                last_pqrs[row.ticket_id] = row.data["pqrs"]
        broken += _broken_pqrs(last_pqrs, ticket)
    return count, broken


def _gone() -> _Gone:
    found = _Gone()
    for row in Event.select().where(Event.what == FORGOTTEN):
        found.lines.update({int(number): told for number, told in row.data.get("lines", {}).items()})
        found.mails.update(row.data.get("mails", ()))
        found.words.update(row.data.get("words", ()))
    return found


def _broken_line(row: Event, prev: str, gone: _Gone) -> Iterator[Broken]:
    blank = not (row.actor or row.why or row.data) and gone.lines.get(row.id) == row.hash
    made = link(row.prev, row.ticket_id, row.intake_id, row.at, row.actor, row.what, row.why, row.data)
    if made != row.hash and not blank:
        yield Broken("event", row.id, row.ticket_id, f"the line {row.what!r} was changed")
    if row.prev != prev:
        yield Broken("event", row.id, row.ticket_id, f"a line before {row.what!r} was changed, taken out or put in")


def _broken_things(row: Event, gone: _Gone) -> Iterator[Broken]:
    """What the line is about: its mail, its words, its letter."""
    wanted = row.data.get("mail")
    if wanted and wanted not in gone.mails and not _is_whole(wanted):
        yield Broken("blob", row.intake_id or 0, row.ticket_id, f"the mail {wanted[:12]} was changed or taken out")
    if row.what == FORGOTTEN:
        if _is_record(row):
            yield Broken("event", row.id, row.ticket_id, "something of a PQRS was erased")
        return
    for told in row.data.get("words", ()):
        if told in gone.words:
            continue
        if told not in {digest(c.text) for c in Comment.select(Comment.text).where(Comment.intake == row.intake_id)}:
            yield Broken("comment", row.intake_id or 0, row.ticket_id, "words of this mail were changed or taken out")
    if "letter_sha256" in row.data:
        letter = Outgoing.get_or_none(Outgoing.message_id == row.data["message_id"])
        if letter is None or digest(bytes(letter.raw)) != row.data["letter_sha256"]:
            yield Broken("outgoing", letter.id if letter else 0, row.ticket_id, f"the letter {row.why!r} was changed")


def _is_record(row: Event) -> bool:
    """Whether the ticket was a PQRS when this line was written."""
    filed = Event.select().where(Event.ticket == row.ticket_id, Event.what == "pqrs-filed", Event.id < row.id)
    return row.ticket_id is not None and bool(filed.exists())


def _is_whole(mail: str) -> bool:
    """Whether a mail's bytes are what they were, or were purged in their time."""
    try:
        return bool(blobs.get(mail))
    except blobs.BlobBroken:
        return False
    except blobs.BlobGone:
        return bool(Intake.select().where(Intake.digest == mail, Intake.purged_at.is_null(False)).exists())


def _broken_pqrs(last: dict[int, dict[str, str]], ticket: int | None) -> Iterator[Broken]:
    """Each PQRS is what its last line says, and each radicado of a year is there."""
    rows = Pqrs.select() if ticket is None else Pqrs.select().where(Pqrs.ticket == ticket)
    years: dict[str, list[int]] = {}
    for row in rows.order_by(Pqrs.radicado):
        told, now = last.get(row.ticket_id, {}), _pqrs_row(row.ticket_id)
        changed = [name for name in now if now[name] != told.get(name)]
        if changed:
            yield Broken("pqrs", row.id, row.ticket_id, f"{row.radicado}: {', '.join(changed)} changed")
        _, year, number = row.radicado.split("-")
        years.setdefault(year, []).append(int(number))
    for year, numbers in years.items() if ticket is None else ():
        missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
        for number in missing:
            yield Broken("pqrs", 0, None, f"PQRS-{year}-{number:06d} is missing")
