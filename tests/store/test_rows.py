"""Rows inserted by SQL of our own are those that Peewee would have inserted."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from mailgate.settings import Store
from mailgate.store import blobs
from mailgate.store.models import Blob, Intake
from mailgate.store.rows import Inserting

NOW = datetime(2026, 11, 23, 10, 0, 0, 5, tzinfo=timezone(timedelta(hours=-5)))
COLUMNS = ("digest", "channel", "recipients", "tls", "received_at", "next_attempt_at", "author", "about")
insert = Inserting(Intake, COLUMNS, unique=Intake.digest, returning=(Intake.digest, Intake.id))


def row(digest: str, author: str = "maría@empresa.co") -> tuple[object, ...]:
    return digest, "smtp", ["soporte@x.co", 'o"tra\\@x.co'], True, NOW, NOW + timedelta(hours=1), author, 1042


def kept(digest: str) -> dict[str, object]:
    columns = Intake.select().where(Intake.digest == digest).dicts().get()
    return {name: value for name, value in columns.items() if name not in ("id", "digest")}


def test_every_column_is_as_peewee_writes_it(store: Store) -> None:
    Intake.insert(dict(zip(COLUMNS, row("a"), strict=True))).execute()
    insert([row("b"), row("c")])
    assert kept("a") == kept("b") == kept("c")


def test_what_was_there_stays_as_it_was_and_is_not_given_back(store: Store) -> None:
    ((_, first),) = insert([row("a")])
    fresh = dict(insert([row("a", "otra@empresa.co"), row("b")]))
    assert set(fresh) == {"b"}
    assert fresh["b"] > first
    assert kept("a")["author"] == "maría@empresa.co"


def test_bytes_are_kept_once_and_whole(store: Store) -> None:
    mails = [bytes(range(256)), b"", b"\0" * 3, bytes(range(256))]
    digests = blobs.put_many(mails)
    assert [blobs.get(digest) for digest in digests] == mails
    assert Blob.select().count() == 3
