"""What is kept only for a time: found, and taken away in small transactions, so that mail goes on meanwhile.

Never taken: the mails of a PQRS, its letters (they are evidence), tickets, comments, their files, the audit trail. A
mail whose bytes are gone keeps its row, so that the same mail is still known when it comes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import SQL, fn

from mailgate.settings import Retention
from mailgate.store import blobs, intake, outbox
from mailgate.store.base import transaction, translated
from mailgate.store.models import Comment, Done, Event, File, Intake, Outgoing, Pqrs

BATCH = 200


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of thing that ends: which rows, and how a batch of them goes."""

    name: str  # raw, letters, quarantine, memory, keys
    ids: Callable[[], Any]  # a query of ids
    end: Callable[[list[Any]], None]


def sorts(retention: Retention, now: datetime) -> list[Sort]:
    """Everything that has an end, by the settings."""
    raw_before = now - timedelta(days=retention.raw_days)
    memory_before = now - timedelta(days=retention.memory_days)
    quarantine_before = now - timedelta(days=retention.quarantine_days)
    evidence = Pqrs.select(Pqrs.ticket)
    filed = Pqrs.select(Pqrs.intake).where(Pqrs.intake.is_null(False))
    return [
        Sort(
            "quarantine",
            lambda: Intake.select(Intake.id).where(
                Intake.state == intake.QUARANTINED, Intake.processed_at < quarantine_before
            ),
            lambda ids: _expire(ids, now),
        ),
        Sort(
            "raw",
            lambda: Intake.select(Intake.id).where(
                Intake.state == intake.DONE,
                Intake.received_at < raw_before,
                Intake.purged_at.is_null(),
                Intake.ticket.is_null() | Intake.ticket.not_in(evidence),
                Intake.id.not_in(filed),
            ),
            lambda ids: _purge_raw(ids, now),
        ),
        Sort(
            "letters",
            lambda: Outgoing.select(Outgoing.id).where(
                Outgoing.state == outbox.SENT,
                Outgoing.done_at < raw_before,
                fn.LENGTH(Outgoing.raw) > 0,
                Outgoing.ticket.is_null() | Outgoing.ticket.not_in(evidence),
            ),
            _purge_letters,
        ),
        Sort(
            "memory",
            lambda: Intake.select(Intake.id).where(
                Intake.state == intake.DONE,
                Intake.received_at < memory_before,
                Intake.purged_at.is_null(False),
                ~fn.EXISTS(Event.select(SQL("1")).where(Event.intake == Intake.id)),
                ~fn.EXISTS(Comment.select(SQL("1")).where(Comment.intake == Intake.id)),
                ~fn.EXISTS(Outgoing.select(SQL("1")).where(Outgoing.cause == Intake.id)),
            ),
            _forget,
        ),
        Sort("keys", lambda: Done.select(Done.key).where(Done.at < memory_before), _drop_keys),
    ]


def count(sort: Sort) -> int:
    with translated():
        return int(sort.ids().count())


def run(sort: Sort) -> Iterator[int]:
    """End all of a sort; gives how many with each batch."""
    while True:
        with transaction():
            ids = [found for (found,) in sort.ids().limit(BATCH).tuples()]
            if ids:
                sort.end(ids)
        if not ids:
            return
        yield len(ids)


def _expire(ids: list[int], now: datetime) -> None:
    Intake.update(state=intake.DONE, outcome="refused", reason="nobody looked at it in time", processed_at=now).where(
        Intake.id.in_(ids)
    ).execute()


def _purge_raw(ids: list[int], now: datetime) -> None:
    rows = Intake.select(Intake.digest).where(Intake.id.in_(ids)).tuples()
    digests = [digest for (digest,) in rows]
    Intake.update(purged_at=now).where(Intake.id.in_(ids)).execute()
    attached = {digest for (digest,) in File.select(File.digest).where(File.digest.in_(digests)).tuples()}
    for digest in set(digests) - attached:
        blobs.drop(digest)


def _purge_letters(ids: list[int]) -> None:
    Outgoing.update(raw=b"").where(Outgoing.id.in_(ids)).execute()


def _forget(ids: list[int]) -> None:
    Intake.delete().where(Intake.id.in_(ids)).execute()


def _drop_keys(keys: list[str]) -> None:
    Done.delete().where(Done.key.in_(keys)).execute()
