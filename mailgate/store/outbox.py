"""The letters that wait to leave: queued once, claimed by one sender at a time, ended as sent or dead.

All verbs expect an open connection of their thread and raise StoreUnavailable when the engine cannot serve. ``queue``
belongs into the transaction of the letter's cause, so that there is never one without the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from peewee import Case, fn

from mailgate.desk.tokens import Issued
from mailgate.store import audit, sending
from mailgate.store.base import transaction, translated
from mailgate.store.chain import digest
from mailgate.store.models import Outgoing, Pqrs
from mailgate.store.prepared import Query, prepared
from mailgate.store.sending import DEAD as DEAD
from mailgate.store.sending import QUEUED as QUEUED
from mailgate.store.sending import SENT as SENT

LARGE = 256 * 1024  # bytes of a letter that is not read until somebody sends it
MOST_TEXTS = 30  # letters looked at to know a quote again


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A finished letter and its envelope, as ``queue`` takes it. One recipient, one letter."""

    letter: str  # which template
    role: str  # who it is for: client, agent, management, operator
    automatic: bool  # counted against the caps
    sender: str  # MAIL FROM, "" for the null path
    recipient: str
    message_id: str  # with <>
    nonce: str
    subject: str
    text: str  # what the recipient reads, to know it again when quoted
    raw: bytes = field(repr=False)
    ticket: int | None = None
    cause: int | None = None  # the intake that made it necessary
    once: str | None = None  # what must not be said twice
    evidence: bool = False  # its ticket is a PQRS: the letter stands in the audit trail


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter that this sender has, until its lease ends. ``attempts`` counts this one, from 1."""

    id: int
    raw: bytes = field(repr=False)  # of a large one none, until ``whole`` has read them
    sender: str
    recipient: str
    attempts: int
    created_at: datetime
    cause: int | None = None  # the mail that made it necessary, for the log


@dataclass(frozen=True, slots=True)
class Row:
    """A letter as lists show it; without its bytes."""

    id: int
    ticket: int | None
    letter: str
    role: str
    automatic: bool
    sender: str
    recipient: str
    message_id: str
    nonce: str
    subject: str
    state: str
    attempts: int
    reply: str
    created_at: datetime
    next_attempt_at: datetime
    done_at: datetime | None
    cause: int | None  # the mail that caused it

    @property
    def issued(self) -> Issued:
        """What the signatures in its Message-ID and reply address were made of."""
        held = 0 if self.ticket else self.cause or 0
        return Issued(self.nonce, self.ticket or 0, self.recipient, self.role, held)


_COLUMNS = (
    Outgoing.id, Outgoing.ticket, Outgoing.letter, Outgoing.role, Outgoing.automatic, Outgoing.sender,
    Outgoing.recipient, Outgoing.message_id, Outgoing.nonce, Outgoing.subject, Outgoing.state, Outgoing.attempts,
    Outgoing.reply, Outgoing.created_at, Outgoing.next_attempt_at, Outgoing.done_at, Outgoing.cause,
)  # fmt: skip


def queue(new: NewLetter, now: datetime, not_before: datetime | None = None) -> int | None:
    """Put a letter in the outbox; its id, or None when what it says ``once`` was said already."""
    new_id: int | None = _insert.value(
        new.letter, new.role, new.automatic, new.sender, new.recipient, new.message_id, new.nonce, new.subject,
        new.text, new.raw, new.ticket, new.cause, new.once, now, not_before or now,
    )  # fmt: skip
    if new_id is not None and new.evidence:
        said = {"message_id": new.message_id, "letter_sha256": digest(new.raw)}
        told = f"{new.letter} to {new.recipient}"
        audit.append(new.ticket, "letter", actor="mailgate", now=now, why=told, intake_id=new.cause, data=said)
    return new_id


@prepared
def _insert(
    letter: str, role: str, automatic: bool, sender: str, recipient: str, message_id: str, nonce: str, subject: str,
    text: str, raw: bytes, ticket: int | None, cause: int | None, once: str | None, now: datetime, due: datetime,
) -> Query:  # fmt: skip
    row = {
        "letter": letter, "role": role, "automatic": automatic, "sender": sender, "recipient": recipient,
        "message_id": message_id, "nonce": nonce, "subject": subject, "text": text, "raw": raw, "ticket": ticket,
        "cause": cause, "once": once, "created_at": now, "next_attempt_at": due,
    }  # fmt: skip
    added = Outgoing.insert(row).on_conflict(conflict_target=[Outgoing.once], action="IGNORE")
    return added.returning(Outgoing.id)


_LIGHT = Case(None, [(fn.LENGTH(Outgoing.raw) <= LARGE, Outgoing.raw)]).alias("raw")
_OF_PARCELS = (
    Outgoing.id, _LIGHT, Outgoing.sender, Outgoing.recipient, Outgoing.attempts, Outgoing.created_at,
    Outgoing.cause,
)  # fmt: skip
_queue = sending.Queue(Outgoing, _OF_PARCELS, leases_indexed=True)


def claim(now: datetime, lease: timedelta, batch: int = 1, *, strays: bool = True) -> list[Parcel]:
    """Take the letters that have been due longest. Nobody else gets them before the lease ends.

    Without ``strays`` those are left alone whose lease ended under another sender.
    """
    return list(map(_parcel, _queue.claim(now, lease, batch, strays=strays)))


def take_following(now: datetime, lease: timedelta, batch: int) -> list[Parcel]:
    """The same in the transaction that records what became of others: of the letters that nobody has."""
    return list(map(_parcel, _queue.take(now, lease, batch, strays=False))) if batch > 0 else []


def _parcel(row: Any) -> Parcel:
    return Parcel(row.id, bytes(row.raw or b""), row.sender, row.recipient, row.attempts, row.created_at, row.cause_id)


def whole(parcel: Parcel) -> Parcel | None:
    """It with all of its bytes: large letters are read one by one, because many may be due at once. None when they
    have been erased meanwhile.
    """
    if parcel.raw:
        return parcel
    raw = raw_of(parcel.id)
    return replace(parcel, raw=raw) if raw else None


def look() -> sending.Look:
    """What waits, and what somebody has."""
    return _queue.look()


def extend(ids: Iterable[int], until: datetime) -> None:
    """Keep the leases of letters that are still on their way."""
    with translated():
        Outgoing.update(lease_until=until).where(Outgoing.id.in_(list(ids)), Outgoing.state == QUEUED).execute()


def release(parcel: Parcel, now: datetime, reply: str = "") -> None:
    """Give a letter back as untried, behind all that is due: the next probe of a relay takes another one."""
    told = {"reply": reply} if reply else {}
    sending.put_back(Outgoing, parcel.id, parcel.attempts, attempts=parcel.attempts - 1, next_attempt_at=now, **told)


def record_sent(outgoing_id: int, reply: str, now: datetime) -> None:
    """The relay has taken it. Belongs into a transaction: on a PQRS it stands in the audit trail, too."""
    row = _sent.first(outgoing_id, reply, now)
    if row is not None and row.filed:
        said = {"message_id": row.message_id, "reply": reply}
        told = f"{row.letter} to {row.recipient}"
        audit.append(row.ticket_id, "letter-sent", actor="mailgate", now=now, why=told, data=said)


@prepared
def _sent(outgoing_id: int, reply: str, now: datetime) -> Query:
    filed = Pqrs.select(fn.COUNT(Pqrs.id)).where(Pqrs.ticket == Outgoing.ticket).alias("filed")
    columns = (Outgoing.ticket, Outgoing.letter, Outgoing.recipient, Outgoing.message_id, filed)
    sent = Outgoing.update(state=SENT, reply=reply, done_at=now, lease_until=None)
    return sent.where(Outgoing.id == outgoing_id).returning(*columns)


def record_later(parcel: Parcel, reply: str, next_attempt_at: datetime) -> None:
    """The relay would not take it now."""
    sending.put_back(Outgoing, parcel.id, parcel.attempts, reply=reply, next_attempt_at=next_attempt_at)


def record_dead(outgoing_id: int, reply: str, now: datetime) -> bool:
    """It will never leave; the ticket's history says so, with the relay's words. False when it was so already."""
    with transaction():
        changed = bool(_queue.end.run(outgoing_id, DEAD, reply, now))
        if changed:
            row = get(outgoing_id)
            assert row is not None
            audit.append(
                row.ticket,
                "letter-dead",
                actor="mailgate",
                now=now,
                why=reply,
                data={"outgoing": row.id, "letter": row.letter, "recipient": row.recipient, "attempts": row.attempts},
            )
    return changed


def clamp(now: datetime) -> int:
    """Make due what a clock that ran ahead put off too far; gives how many. First tries may wait for a day to come."""
    tried = (Outgoing.attempts > 0) & (Outgoing.next_attempt_at > now + timedelta(hours=2))
    made_later = Outgoing.created_at > now + timedelta(hours=1)
    with translated():
        late = (
            Outgoing.update(next_attempt_at=now, created_at=now)
            .where(Outgoing.state == QUEUED, Outgoing.next_attempt_at > now, made_later)
            .execute()
        )
        late += Outgoing.update(next_attempt_at=now).where(Outgoing.state == QUEUED, tried).execute()
        leased = Outgoing.lease_until > now + timedelta(hours=1)
        late += Outgoing.update(lease_until=None).where(Outgoing.state == QUEUED, leased).execute()
    return int(late)


def retry(outgoing_id: int, now: datetime) -> bool:
    """Send a dead letter, or one that waits, as soon as may be. False when it was sent, or is not there.

    One that is on its way is being tried now, and would leave twice.
    """
    this = Outgoing.id == outgoing_id
    with translated():
        changed = (
            Outgoing.update(state=QUEUED, attempts=0, next_attempt_at=now, done_at=None)
            .where(this, Outgoing.state.in_([QUEUED, DEAD]), Outgoing.lease_until.is_null())
            .execute()
        )
        return bool(changed) or Outgoing.select().where(this, Outgoing.state == QUEUED).exists()


def counts() -> dict[str, int]:
    """How many letters are queued, sent, dead."""
    return _queue.counts()


def next_due() -> datetime | None:
    """When the next letter that nobody has may be taken; None when none waits."""
    return _queue.look().next_due


def get(outgoing_id: int) -> Row | None:
    values = _by_id.first(outgoing_id)
    return Row(*values) if values else None


@prepared
def _by_id(outgoing_id: int) -> Query:
    return Outgoing.select(*_COLUMNS).where(Outgoing.id == outgoing_id)


def find_by_nonce(nonce: str) -> Row | None:
    """The letter whose reply address or Message-ID carries this nonce."""
    values = _by_nonce.first(nonce)
    return Row(*values) if values else None


@prepared
def _by_nonce(nonce: str) -> Query:
    return Outgoing.select(*_COLUMNS).where(Outgoing.nonce == nonce)


def find_by_message_id(message_id: str) -> Row | None:
    return _one(Outgoing.message_id == message_id)


def raw_of(outgoing_id: int) -> bytes | None:
    """The letter's bytes as they leave; None when there is no such letter."""
    with translated():
        row = Outgoing.select(Outgoing.raw).where(Outgoing.id == outgoing_id).first()
        return bytes(row.raw) if row else None


def to_clients(cause: int) -> list[tuple[str, bytes]]:
    """(recipient, bytes) of the letters to clients that one mail has caused, in their order."""
    query = Outgoing.select(Outgoing.recipient, Outgoing.raw).where(Outgoing.cause == cause, Outgoing.role == "client")
    with translated():
        return [(recipient, bytes(raw)) for recipient, raw in query.order_by(Outgoing.id).tuples()]


def rows(*, state: str = "", ticket: int | None = None, most: int = 100) -> list[Row]:
    """The newest letters first."""
    query = Outgoing.select(*_COLUMNS).order_by(Outgoing.id.desc()).limit(most)
    if state:
        query = query.where(Outgoing.state == state)
    if ticket is not None:
        query = query.where(Outgoing.ticket == ticket)
    with translated():
        return [Row(*values) for values in query.tuples()]


def texts_sent(ticket: int, address: str, most: int = MOST_TEXTS) -> list[str]:
    """What the letters of a ticket told one address, newest first: to know it again when quoted."""
    return _texts_sent.values(ticket, address, most)


@prepared
def _texts_sent(ticket: int, address: str, most: int) -> Query:
    to_them = (Outgoing.ticket == ticket) & (Outgoing.recipient == address)
    return Outgoing.select(Outgoing.text).where(to_them).order_by(Outgoing.id.desc()).limit(most)


def message_ids_sent(ticket: int, address: str, most: int = 10) -> list[str]:
    """Message-IDs of a ticket's letters to one address, oldest first: what a further one refers to."""
    return _ids_sent.values(ticket, address, most)[::-1]


@prepared
def _ids_sent(ticket: int, address: str, most: int) -> Query:
    to_them = (Outgoing.ticket == ticket) & (Outgoing.recipient == address)
    return Outgoing.select(Outgoing.message_id).where(to_them).order_by(Outgoing.id.desc()).limit(most)


class Automatic(NamedTuple):
    """The automatic letters to one address that were queued lately."""

    hour: int  # within an hour
    day: int  # within a day
    same: int  # of one sort, within a day
    same_on_ticket: int  # of that sort, on one ticket
    letters: int  # all letters to anybody within an hour, at the most: ids do not begin again


def automatic_to(address: str, now: datetime, letter: str = "", ticket: int | None = None) -> Automatic:
    """How many there were, and how many of one sort of letter, on any ticket and on one."""
    row = _automatic_to.first(address, now - timedelta(hours=1), now - timedelta(days=1), letter, ticket or 0)
    in_hour, in_day, same, same_on_ticket, first, last = (int(count or 0) for count in row)
    return Automatic(in_hour, in_day, same, same_on_ticket, last - first + 1 if first else 0)


@prepared
def _automatic_to(address: str, hour: datetime, day: datetime, letter: str, ticket: int) -> Query:
    same = Outgoing.letter == letter
    counted = [Outgoing.created_at >= hour, Outgoing.created_at >= day, same, same & (Outgoing.ticket == ticket)]
    sums = [fn.SUM(Case(None, [(condition, 1)], 0)).alias(f"n{n}") for n, condition in enumerate(counted)]
    theirs = (Outgoing.recipient == address) & (Outgoing.created_at >= day) & Outgoing.automatic
    any_one = Outgoing.alias()
    first = (
        any_one.select(any_one.id).where(any_one.created_at >= hour).order_by(any_one.created_at, any_one.id).limit(1)
    )
    last = any_one.select(fn.MAX(any_one.id))
    return Outgoing.select(*sums, first.alias("first"), last.alias("last")).where(theirs)


def automatic_since(since: datetime) -> int:
    """How many automatic letters were queued since then, to anybody. Looks at each of them."""
    return int(_automatic_since.value(since))


@prepared
def _automatic_since(since: datetime) -> Query:
    return Outgoing.select(fn.COUNT(Outgoing.id)).where(Outgoing.automatic, Outgoing.created_at >= since)


def _one(condition: object) -> Row | None:
    with translated():
        values = Outgoing.select(*_COLUMNS).where(condition).tuples().first()
        return Row(*values) if values else None
