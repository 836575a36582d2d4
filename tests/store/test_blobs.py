"""Bytes by their hash: in the database when small, in a folder or bucket when configured; checked when read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailgate.mail.message import Envelope
from mailgate.settings import Store
from mailgate.store import blobs, intake
from mailgate.store.base import close_store, connection, open_store, transaction

SMALL, LARGE = b"Subject: chico\r\n\r\nhola\r\n", b"Subject: grande\r\n\r\n" + b"x" * 5000 + b"\r\n"
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


@pytest.fixture
def shelf(store_settings: Store, tmp_path: Path) -> Iterator[Path]:
    """An open store that keeps what is larger than 1000 bytes in a folder."""
    folder = tmp_path / "files"
    open_store(store_settings.model_copy(update={"files": str(folder), "inline_bytes": 1000}))
    with connection():
        yield folder
    close_store()


def comes(raw: bytes) -> int:
    arrival = intake.Arrival(raw, Envelope("a@x.co", ("soporte@desk.co",), "smtp"), NOW)
    return intake.accept_many([arrival])[0].intake_id


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_large_mails_are_files_and_small_ones_are_not(shelf: Path) -> None:
    small, large = comes(SMALL), comes(LARGE)
    assert comes(LARGE) == large, "the same bytes again"
    (file,) = files_in(shelf)
    assert file.read_bytes() == LARGE
    assert (intake.raw_of_intake(small), intake.raw_of_intake(large)) == (SMALL, LARGE)


def test_what_is_damaged_or_lost_is_said_so(shelf: Path) -> None:
    large = comes(LARGE)
    (file,) = files_in(shelf)
    file.write_bytes(LARGE.replace(b"x", b"y", 1))
    with pytest.raises(blobs.BlobBroken):
        intake.raw_of_intake(large)
    file.unlink()
    with pytest.raises(blobs.BlobGone):
        intake.raw_of_intake(large)
    comes(SMALL)
    assert [bool(wrong) for _, size, wrong in sorted(blobs.check_all(), key=lambda one: one[1])] == [False, True]


def test_orphans_are_swept_when_they_are_a_day_old(shelf: Path) -> None:
    class Broken(Exception):
        pass

    def breaks() -> None:
        with transaction():
            blobs.put(b"z" * 3000)
            raise Broken

    with pytest.raises(Broken):
        breaks()
    comes(LARGE)
    assert len(files_in(shelf)) == 2
    assert blobs.sweep() == 0, "it might belong to a transaction that is still open"
    assert blobs.sweep(now=NOW.timestamp() + 10**9) == 1
    assert [file.read_bytes() for file in files_in(shelf)] == [LARGE]


def test_a_bucket_is_a_shelf_like_any_other() -> None:
    obstore = pytest.importorskip("obstore")
    bucket = blobs.Bucket("s3://desk/mails", obstore.store.MemoryStore())
    bucket.write("ab12", LARGE)
    assert bucket.read("ab12") == LARGE
    assert [name for name, _ in bucket.names()] == ["ab12"]
    bucket.remove("ab12")
    with pytest.raises(FileNotFoundError):
        bucket.read("ab12")
