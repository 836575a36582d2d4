"""The durable row of each received mail: accepted once, claimed by one worker at a time, ended with an outcome.

All verbs expect an open connection of their thread and raise StoreUnavailable when the engine cannot serve.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, takewhile

from peewee import SQL, fn

from mailgate import crash
from mailgate.errors import MailgateError, StoreUnavailable
from mailgate.mail.lane import find_lane
from mailgate.mail.message import Envelope
from mailgate.store import blobs, living
from mailgate.store.base import brief_transaction, transaction, translated
from mailgate.store.models import Blob, File, Intake, database
from mailgate.store.prepared import Query, Row, prepared, prepared_for_many
from mailgate.store.rows import Inserting

PENDING, DONE, HELD, QUARANTINED = "pending", "done", "held", "quarantined"
FARTHEST = timedelta(hours=1)  # nothing that waits is put off for longer
HEAVY = 8 * 2**20  # bytes of mails that are taken together: each is in memory two or three times while it is read
CLAIM_LOCK = 7240003  # PostgreSQL's advisory lock of those who look for the next mail


class Overtaken(MailgateError):
    """The lease had run out and somebody else has the mail, or is done with it: nothing of ours may remain."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail as a channel hands it over."""

    raw: bytes = field(repr=False)
    envelope: Envelope
    received_at: datetime  # aware

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where it stands now; ``fresh`` is False when these very bytes were here already."""

    intake_id: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that this worker has, until its lease ends. ``attempt`` counts from 1."""

    intake_id: int
    raw: bytes = field(repr=False)
    envelope: Envelope
    received_at: datetime
    attempt: int
    released_by: str = ""
    damage: str = ""  # why there are no bytes


def accept_many(arrivals: Sequence[Arrival]) -> list[Accepted]:
    """Store mails in one transaction, durable when this returns. The same bytes twice are one intake.

    Bytes that came before only add their recipients and their count. Order of answers is the order of arrivals.
    """
    with transaction():
        accepted = _accept(arrivals)
        crash.point("accept-inside")
    crash.point("accept-stored")
    return accepted


def _accept(arrivals: Sequence[Arrival]) -> list[Accepted]:
    digests = blobs.put_many([arrival.raw for arrival in arrivals])
    rows: dict[str, tuple[object, ...]] = {}
    for digest, arrival in zip(digests, arrivals, strict=True):
        if digest not in rows:
            rows[digest] = _row(digest, arrival)
    fresh = {digest: int(new_id) for digest, new_id in _insert(list(rows.values()))}
    accepted = []
    for digest, arrival in zip(digests, arrivals, strict=True):
        new_id = fresh.pop(digest, None)
        if new_id is None:
            accepted.append(Accepted(_arrived_again(digest, arrival.envelope), fresh=False))
        else:
            accepted.append(Accepted(new_id, fresh=True))
    return accepted


_insert = Inserting(
    Intake,
    ("digest", "channel", "sender", "recipients", "peer", "helo", "auth_user", "tls", "checked", "received_at",
     "next_attempt_at", "author", "about"),
    unique=Intake.digest,
    returning=(Intake.digest, Intake.id),
)  # fmt: skip


def _row(digest: str, arrival: Arrival) -> tuple[object, ...]:
    """Values for the columns of ``_insert``."""
    envelope, at = arrival.envelope, arrival.received_at
    lane = find_lane(arrival.raw, envelope.recipients)
    return (
        digest, envelope.channel, envelope.sender, list(envelope.recipients), envelope.peer, envelope.helo,
        envelope.auth_user, envelope.tls, envelope.checked, at,
        at, lane.author, lane.ticket,
    )  # fmt: skip


def _arrived_again(digest: str, envelope: Envelope) -> int:
    known = Intake.select(Intake.id, Intake.recipients, Intake.purged_at).where(Intake.digest == digest).get()
    recipients = list(dict.fromkeys([*known.recipients, *envelope.recipients]))
    Intake.update(arrivals=Intake.arrivals + 1, recipients=recipients).where(Intake.id == known.id).execute()
    if known.purged_at is not None and not File.select().where(File.digest == digest).exists():
        blobs.drop(digest)  # its time was over, or its author was forgotten: it does not come back by coming again
    return int(known.id)


def claim(now: datetime, lease: timedelta, batch: int = 1) -> list[Claim]:
    """Take the mails that have waited longest; the attempt is counted, durably, before anybody reads the mail.

    None of an author or a ticket of whom another mail is in somebody's hands: theirs are worked on in order. Those who
    claim do so one after the other, or two could take two mails of one ticket at the same instant. What a process had
    in hand that is no more is free at once. Of mails that were tried before half as many go together for each try,
    until one goes alone: what ends its worker again and again soon takes no other mail's attempt with it. Nor do
    more go together than memory bears: ``HEAVY`` bytes, or a single mail.
    """
    holder = living.sign()
    with brief_transaction():
        if database.for_update:
            database.execute_sql(f"SELECT pg_advisory_xact_lock({CLAIM_LOCK})")
        _free_what_the_dead_had(now, holder)
        taken = _together(_due.rows(now, batch), batch)
        if taken:
            _take.run([row.id for row in taken], now + lease, holder)
    return _with_their_bytes(taken)


def _together(due: list[Row], batch: int) -> list[Row]:
    if not due:
        return []
    tried = due[0].attempts
    alike = list(takewhile(lambda row: row.attempts == tried, due))[: max(1, batch >> tried)]
    bearable = sum(weight <= HEAVY for weight in accumulate(row.size or 0 for row in alike))
    return alike[: max(1, bearable)]


def _free_what_the_dead_had(now: datetime, ours: str) -> None:
    for row in _in_hands.rows(now, ours):
        if living.is_dead(row.holder):
            _free.run(row.holder, now)


@prepared
def _in_hands(now: datetime, ours: str) -> Query:
    held = Intake.select(Intake.holder).where(Intake.state == PENDING, Intake.lease_until >= now)
    return held.where(Intake.holder != ours, Intake.holder != "").distinct()


@prepared
def _free(holder: str, now: datetime) -> Query:
    held = (Intake.state == PENDING) & (Intake.lease_until >= now) & (Intake.holder == holder)
    return Intake.update(lease_until=None).where(held)


def _with_their_bytes(taken: list[Row]) -> list[Claim]:
    """Read after the others may claim again. When they cannot be read now, all are given back."""
    try:
        found = blobs.find_small([row.digest for row in taken])
        return [_claimed(row, found) for row in taken]
    except StoreUnavailable:
        for row in taken:
            with contextlib.suppress(StoreUnavailable):  # else the lease ends by itself
                _give_back(row.id, row.attempts + 1)
        raise


def _claimed(row: Row, found: Mapping[str, blobs.Found]) -> Claim:
    """Bytes that are damaged or gone are this mail's trouble, and must not keep the others from being claimed."""
    raw, damage = b"", ""
    try:
        raw = blobs.get(row.digest, found)
    except (blobs.BlobBroken, blobs.BlobGone) as error:
        damage = str(error)
    return Claim(row.id, raw, envelope_of(row), row.received_at, row.attempts + 1, row.released_by, damage)


_OF_CLAIMS = (
    Intake.id, Intake.digest, Intake.sender, Intake.recipients, Intake.channel, Intake.peer, Intake.helo,
    Intake.auth_user, Intake.tls, Intake.checked, Intake.received_at, Intake.attempts, Intake.released_by,
)  # fmt: skip


@prepared
def _due(now: datetime, batch: int) -> Query:
    """The lanes in hand are looked up once for all: a queue behind them is passed quickly, however long it is."""
    one, other = Intake.alias(), Intake.alias()
    authors = one.select(one.author).where(one.state == PENDING, one.lease_until >= now)
    tickets = other.select(other.about).where(other.state == PENDING, other.lease_until >= now, ~other.about.is_null())
    author_free = (Intake.author == "") | Intake.author.not_in(authors)
    ticket_free = Intake.about.is_null() | Intake.about.not_in(tickets)
    free = Intake.lease_until.is_null() | (Intake.lease_until < now)
    ready = (Intake.state == PENDING) & (Intake.next_attempt_at <= now)
    size = Blob.select(Blob.size).where(Blob.digest == Intake.digest)
    due = Intake.select(*_OF_CLAIMS, size.alias("size")).where(ready, free, author_free, ticket_free)
    due = due.order_by(Intake.next_attempt_at, Intake.id).limit(batch)
    return due.for_update(skip_locked=True) if database.for_update else due


@prepared_for_many
def _take(ids: Sequence[int], until: datetime, holder: str) -> Query:
    changes = {"lease_until": until, "holder": holder, "attempts": Intake.attempts + 1}
    return Intake.update(changes).where(Intake.id.in_(ids))


def give_back(claim: Claim) -> None:
    """Nothing could be done with it, and not for its own sake: as if it had never been claimed."""
    _give_back(claim.intake_id, claim.attempt)


def _give_back(intake_id: int, attempt: int) -> None:
    with translated():
        Intake.update(lease_until=None, attempts=Intake.attempts - 1).where(
            Intake.id == intake_id, Intake.state == PENDING, Intake.attempts == attempt
        ).execute()


def envelope_of(row: Intake | Row) -> Envelope:
    return Envelope(
        row.sender,
        tuple(row.recipients),
        row.channel,
        row.peer,
        row.helo,
        row.auth_user,
        bool(row.tls),
        row.checked,
    )


def raw_of(digest: str) -> bytes:
    """The bytes stored under a digest. Raises BlobGone when they are kept no more, BlobBroken when damaged."""
    return blobs.get(digest)


def raw_of_intake(intake_id: int) -> bytes:
    """The bytes of a mail as they came. Raises Intake.DoesNotExist."""
    with translated():
        return raw_of(Intake.select(Intake.digest).where(Intake.id == intake_id).get().digest)


@dataclass(frozen=True, slots=True)
class Known:
    """What was read in a mail, for lists and for knowing it again."""

    author: str = ""
    subject: str = ""
    message_id: str = ""
    kind: str = ""
    ticket: int | None = None
    content_digest: str | None = None


def finish(
    intake_id: int,
    *,
    state: str,
    outcome: str,
    reason: str,
    now: datetime,
    attempt: int | None = None,
    known: Known | None = None,
) -> None:
    """Record what became of a mail, and what is ``known`` of one that could be read.

    ``attempt`` is the claim's: raises Overtaken when the mail is no longer this claim's, so that all is undone.
    """
    if known is None or attempt is None:
        changes: dict[str, object] = {"state": state, "outcome": outcome, "reason": reason, "processed_at": now}
        _end_claim(intake_id, attempt, changes | {"lease_until": None} | (asdict(known) if known else {}))
    elif not _finish.run(
        intake_id, attempt, state, outcome, reason, now, known.author, known.subject, known.message_id, known.kind,
        known.ticket, known.content_digest,
    ):  # fmt: skip
        raise Overtaken(f"mail {intake_id} is in other hands")


@prepared
def _finish(
    intake_id: int, attempt: int, state: str, outcome: str, reason: str, now: datetime, author: str, subject: str,
    message_id: str, kind: str, ticket: int | None, content_digest: str | None,
) -> Query:  # fmt: skip
    changes = {
        "state": state, "outcome": outcome, "reason": reason, "processed_at": now, "lease_until": None,
        "author": author, "subject": subject, "message_id": message_id, "kind": kind, "ticket": ticket,
        "content_digest": content_digest,
    }  # fmt: skip
    mine = (Intake.id == intake_id) & (Intake.state == PENDING) & (Intake.attempts == attempt)
    return Intake.update(changes).where(mine)


def postpone(
    intake_id: int, *, until: datetime, reason: str, attempt: int | None = None, untried: bool = False
) -> None:
    """Give it back to be tried again; ``untried``: this was no try. ``attempt`` as for ``finish``."""
    changes: dict[str, object] = {"next_attempt_at": until, "lease_until": None, "reason": reason}
    if untried:
        changes["attempts"] = Intake.attempts - 1
    _end_claim(intake_id, attempt, changes)


def _end_claim(intake_id: int, attempt: int | None, changes: dict[str, object]) -> None:
    mine = Intake.id == intake_id
    if attempt is not None:
        mine &= (Intake.state == PENDING) & (Intake.attempts == attempt)
    with translated():
        if not Intake.update(changes).where(mine).execute():
            raise Overtaken(f"mail {intake_id} is in other hands")


def clamp(now: datetime) -> int:
    """Make due what a clock that ran ahead put off too far; gives how many."""
    far = now + FARTHEST
    with translated():
        late = Intake.update(next_attempt_at=now).where(Intake.state == PENDING, Intake.next_attempt_at > far).execute()
        kept = Intake.update(lease_until=None).where(Intake.state == PENDING, Intake.lease_until > far).execute()
    return int(late + kept)


def replay(intake_id: int, now: datetime, *, released_by: str = "") -> bool:
    """Put a quarantined or held mail back in the queue as if it had just come. False when it is neither."""
    with translated():
        changed = (
            Intake.update(
                state=PENDING,
                outcome="",
                reason="",
                attempts=0,
                next_attempt_at=now,
                lease_until=None,
                content_digest=None,
                released_by=released_by,
            )
            .where(Intake.id == intake_id, Intake.state.in_([QUARANTINED, HELD]))
            .execute()
        )
    return bool(changed)


def reject(intake_id: int, now: datetime, *, by: str) -> bool:
    """Turn a held mail away: it stays stored, with an outcome. False when it is not held."""
    with translated():
        changed = (
            Intake.update(state=DONE, outcome="refused", reason=f"rejected by {by}", processed_at=now)
            .where(Intake.id == intake_id, Intake.state == HELD)
            .execute()
        )
    return bool(changed)


def judged_since(intake_id: int) -> list[dict[str, object]]:
    """The mails accepted after this one that have their outcome, in their order: ``id``, ``author``, ``subject``,
    ``outcome``, ``ticket``."""
    with translated():
        rows = Intake.select().where(Intake.id > intake_id, Intake.state != PENDING).order_by(Intake.id)
        return [
            {"id": row.id, "author": row.author or row.sender, "subject": row.subject,
             "outcome": row.outcome or row.state, "ticket": row.ticket_id}
            for row in rows
        ]  # fmt: skip


def outcomes() -> dict[str, int]:
    """How many mails ended how; those that wait count as "pending"."""
    with translated():
        rows = Intake.select(Intake.state, Intake.outcome, fn.COUNT(SQL("*"))).group_by(Intake.state, Intake.outcome)
        counts: dict[str, int] = {}
        for state, outcome, count in rows.tuples():
            name = PENDING if state == PENDING else outcome
            counts[name] = counts.get(name, 0) + count
    return counts


def next_due() -> datetime | None:
    """When the next waiting mail may be taken; None when none waits."""
    with translated():
        return Intake.select(fn.MIN(Intake.next_attempt_at)).where(Intake.state == PENDING).scalar()
