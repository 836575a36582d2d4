"""Bytes kept once, by their sha256: raw mails and attachments. In the database when small, elsewhere when configured.

``store.files`` names a folder (a network disk will do) or an S3-compatible bucket for those larger than
``store.inline_bytes``. What is put is durable when ``put`` returns: a file is complete, synced and only then named; its
row follows in the caller's transaction. What is read is checked against its name. Bytes whose row was never committed
are orphans, and are swept.

All verbs expect an open connection and raise StoreUnavailable when the engine, the disk or the bucket cannot serve.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from peewee import fn

from mailgate.errors import ConfigError, MailgateError, StoreUnavailable
from mailgate.store.base import opened, translated
from mailgate.store.models import Blob, File, Intake, database
from mailgate.store.prepared import Query, prepared, prepared_for_many
from mailgate.store.rows import Inserting

HERE, ELSEWHERE = "", "files"  # Blob.place
SMALL = 256 * 1024  # bytes that may be read together with others
SETTLED_SECONDS = 24 * 3600.0  # younger bytes may belong to a transaction that is still open


class BlobGone(MailgateError):
    """No such bytes: purged, or lost."""

    exit_status = os.EX_NOINPUT


class BlobBroken(MailgateError):
    """The bytes are not what their name says: a broken disk, or somebody's hand."""

    exit_status = os.EX_DATAERR


class Shelf(Protocol):
    """A place for bytes outside of the database. Raises OSError or what its library does."""

    def write(self, digest: str, data: bytes) -> None: ...

    def read(self, digest: str) -> bytes: ...  # FileNotFoundError

    def remove(self, digest: str) -> None: ...

    def names(self) -> Iterator[tuple[str, float]]: ...  # (digest, when it was written)


class Folder:
    """``ab/cdef…`` under a folder of this machine or a network disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest[2:]

    def write(self, digest: str, data: bytes) -> None:
        path = self._path(digest)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        for folder in (path.parent, self._root):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)  # the name as well as the bytes
            finally:
                os.close(handle)

    def read(self, digest: str) -> bytes:
        return self._path(digest).read_bytes()

    def remove(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, float]]:
        for path in self._root.glob("??/*"):
            yield f"{path.parent.name}{path.name}".replace(".", "", 1), path.stat().st_mtime


class Bucket:
    """An S3-compatible bucket, by its URL: ``s3://bucket/prefix``; keys and endpoint from the usual AWS_… variables."""

    def __init__(self, url: str, store: Any = None) -> None:
        try:
            import obstore
        except ImportError as error:
            raise ConfigError("store.files names a bucket: install mailgate[s3]") from error
        self._do = obstore
        self._store = store or obstore.store.from_url(url)

    def write(self, digest: str, data: bytes) -> None:
        self._do.put(self._store, digest, data)

    def read(self, digest: str) -> bytes:
        return bytes(self._do.get(self._store, digest).bytes())

    def remove(self, digest: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._do.delete(self._store, digest)

    def names(self) -> Iterator[tuple[str, float]]:
        for some in self._do.list(self._store):
            for one in some:
                yield one["path"].rpartition("/")[2], one["last_modified"].timestamp()


_shelves: dict[tuple[object, str], Shelf] = {}


def shelf() -> tuple[Shelf | None, int]:
    """Where the open store puts bytes larger than so many. Raises ConfigError."""
    where, inline_bytes = opened().files, opened().inline_bytes
    if not where:
        return None, inline_bytes
    if (made := _shelves.get((database.obj, where))) is None:
        _shelves.clear()
        made = _shelves[(database.obj, where)] = Bucket(where) if "://" in where else Folder(Path(where))
    return made, inline_bytes


@contextlib.contextmanager
def _served() -> Iterator[None]:
    """What a disk or a bucket says when it cannot serve is temporary."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreUnavailable(f"store.files cannot serve: {error.strerror or error}") from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "obstore":
            raise
        raise StoreUnavailable(f"store.files cannot serve: {type(error).__name__}") from error


def try_shelf() -> str:
    """Whether ``store.files`` takes bytes, gives them back, and lets them go; gives its name, "" where there is none.

    Raises ConfigError and StoreUnavailable.
    """
    there, _ = shelf()
    if there is None:
        return ""
    data = secrets.token_bytes(64)
    digest = hashlib.sha256(data).hexdigest()
    with _served():
        try:
            there.write(digest, data)
            same = there.read(digest) == data
            there.remove(digest)
        except FileNotFoundError as error:
            raise StoreUnavailable(f"store.files cannot serve: {error.strerror or error}") from error
    if not same:
        raise StoreUnavailable("store.files gives back other bytes than it took")
    return opened().files


def put(data: bytes) -> str:
    """Keep bytes; gives their digest. Belongs into the transaction of what they are kept for."""
    return put_many([data])[0]


def put_many(kept: Sequence[bytes]) -> list[str]:
    """Keep bytes; gives the digest of each, in their order."""
    where, inline_bytes = shelf()
    rows: dict[str, tuple[str, int, bytes, str]] = {}
    digests = []
    for data in kept:
        digest = hashlib.sha256(data).hexdigest()
        digests.append(digest)
        if where is None or len(data) <= inline_bytes:
            rows[digest] = (digest, len(data), data, HERE)
            continue
        with _served():
            where.write(digest, data)
        rows[digest] = (digest, len(data), b"", ELSEWHERE)
    if rows:
        _insert(list(rows.values()))
    return digests


_insert = Inserting(Blob, ("digest", "size", "data", "place"), unique=Blob.digest)


class Found(NamedTuple):
    """What the database has under a digest: the bytes, or word that they lie elsewhere."""

    data: bytes
    place: str


def get(digest: str, among: Mapping[str, Found] | None = None) -> bytes:
    """The bytes of a digest, which may have been found ``among`` others already. Raises BlobGone, BlobBroken."""
    found = (among or {}).get(digest) or _kept.first(digest)
    if found is None:
        raise BlobGone(f"the bytes {digest[:12]}… are not kept any more")
    data = bytes(found.data)
    if found.place != HERE:
        where, _ = shelf()
        if where is None:
            raise ConfigError(f"the bytes {digest[:12]}… are kept outside of the database: set store.files")
        try:
            with _served():
                data = where.read(digest)
        except FileNotFoundError:
            raise BlobGone(f"the bytes {digest[:12]}… should be in store.files and are not") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise BlobBroken(f"the bytes {digest[:12]}… are damaged")
    return data


@prepared
def _kept(digest: str) -> Query:
    return Blob.select(Blob.data, Blob.place).where(Blob.digest == digest)


def find_small(digests: Sequence[str]) -> dict[str, Found]:
    """What the database has under these digests, asked for together, but for what is too large to be had at once."""
    return {digest: Found(data, place) for digest, data, place in _small.rows(digests)}


@prepared_for_many
def _small(digests: Sequence[str]) -> Query:
    return Blob.select(Blob.digest, Blob.data, Blob.place).where(Blob.digest.in_(digests), Blob.size <= SMALL)


def is_kept(digest: str) -> bool:
    with translated():
        return bool(Blob.select().where(Blob.digest == digest).exists())


def drop(digest: str) -> None:
    """Forget bytes that nothing needs. Belongs into the transaction that found so; the shelf is swept afterwards."""
    with translated():
        Blob.delete().where(Blob.digest == digest).execute()


def count() -> int:
    """How many are kept, wherever they are."""
    with translated():
        return int(Blob.select().count())


def check_all(batch: int = 200) -> Iterator[tuple[str, int, str]]:
    """(digest, size, "" or what is wrong) of everything kept, read whole."""
    last = ""
    while True:
        with translated():
            rows = list(
                Blob.select(Blob.digest, Blob.size).where(Blob.digest > last).order_by(Blob.digest).limit(batch)
            )
        if not rows:
            return
        for row in rows:
            last = row.digest
            try:
                found = len(get(row.digest))
                yield row.digest, row.size, "" if found == row.size else f"{row.size} bytes became {found}"
            except (BlobGone, BlobBroken) as error:
                yield row.digest, row.size, str(error)


def unused() -> list[str]:
    """Rows of bytes that no mail and no file of a ticket needs."""
    with translated():
        needed = Intake.select(Intake.digest).where(Intake.digest == Blob.digest)
        attached = File.select(File.digest).where(File.digest == Blob.digest)
        rows = Blob.select(Blob.digest).where(~fn.EXISTS(needed), ~fn.EXISTS(attached))
        return [digest for (digest,) in rows.tuples()]


def sweep(now: float | None = None) -> int:
    """Remove bytes on the shelf that no row names and that are a day old; gives how many."""
    where, _ = shelf()
    if where is None:
        return 0
    swept = 0
    with _served():
        for digest, written in list(where.names()):
            if (now or time.time()) - written > SETTLED_SECONDS and not is_kept(digest):
                where.remove(digest)
                swept += 1
    return swept
