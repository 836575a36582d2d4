"""Files on tickets, as letters list and enclose them. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from mailgate.store import blobs
from mailgate.store.base import translated
from mailgate.store.models import Comment, File
from mailgate.store.prepared import Query, prepared

MOST = 200


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file; ``id`` is its number in ``#archivos``."""

    id: int
    name: str
    type: str
    size: int
    digest: str
    withheld: str


def of_mail(number: int, intake_id: int | None) -> list[StoredFile]:
    """The files that one mail brought to a ticket, in its order."""
    return [StoredFile(*values) for values in _of_mail.rows(number, intake_id)][::-1] if intake_id else []


@prepared
def _of_mail(number: int, intake_id: int) -> Query:
    return _found((Comment.ticket == number) & (Comment.intake == intake_id))


def of_ticket(number: int, ids: Collection[int] = ()) -> list[StoredFile]:
    """A ticket's files, the newest first; only these, when some are named. What is shown inside a text is no file."""
    named = File.id.in_(list(ids)) if ids else ~File.inline
    with translated():
        return [StoredFile(*values) for values in _found((Comment.ticket == number) & named).tuples()]


def content(file: StoredFile) -> bytes:
    with translated():
        return blobs.get(file.digest)


def _found(condition: object) -> Query:
    """The newest first."""
    columns = (File.id, File.name, File.type, File.size, File.digest, File.withheld)
    return File.select(*columns).join(Comment).where(condition).order_by(File.id.desc()).limit(MOST)
