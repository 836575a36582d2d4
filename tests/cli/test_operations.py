"""What an operator does: look, copy, restore, purge; on SQLite here, on PostgreSQL where it is there."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailgate.mail.message import Envelope
from mailgate.settings import Retention, Store
from mailgate.store import backup, intake, outbox, purge
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Done, Intake, Outgoing, Pqrs, Ticket
from tests.conftest import new_database

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def comes(number: int, *, days_ago: int = 0, ticket: int | None = None) -> int:
    raw = f"From: a{number}@x.co\r\nSubject: caso {number}\r\n\r\nhola\r\n".encode()
    at = NOW - timedelta(days=days_ago)
    arrival = intake.Arrival(raw, Envelope("a@x.co", ("soporte@desk.co",), "smtp"), at)
    mail = intake.accept_many([arrival])[0].intake_id
    intake.finish(mail, state=intake.DONE, outcome="ticket", reason="", now=at, known=intake.Known(ticket=ticket))
    return mail


def opened(days_ago: int) -> int:
    at = NOW - timedelta(days=days_ago)
    row = Ticket.create(
        requester="a@x.co", desk_address="soporte@desk.co", subject="x", language="es", status="open",
        opened_at=at, updated_at=at,
    )  # fmt: skip
    return int(row.id)


def sent(ticket: int, days_ago: int) -> int:
    at = NOW - timedelta(days=days_ago)
    row = Outgoing.create(
        ticket=ticket, letter="acknowledgement", role="client", automatic=True, sender="", recipient="a@x.co",
        message_id=f"<{ticket}@desk.co>", nonce=f"n{ticket}", subject="x", text="hola", raw=b"hola", state=outbox.SENT,
        next_attempt_at=at, created_at=at, done_at=at,
    )  # fmt: skip
    return int(row.id)


def test_purge_takes_what_is_old_and_keeps_pqrs(store: Store) -> None:
    plain, filed = opened(200), opened(200)
    old, petition, fresh = comes(1, days_ago=200, ticket=plain), comes(2, days_ago=200, ticket=filed), comes(3)
    letters = [sent(plain, 200), sent(filed, 200)]
    Pqrs.create(
        radicado="PQRS-2026-000001", ticket=filed, type="queja", petitioner="a@x.co", filed_at=NOW, received_at=NOW,
        counts_from=NOW.date(), days=15, due_on=NOW.date(), extendable_to=NOW.date(), intake=petition,
    )  # fmt: skip
    Done.create(key="digest:1", at=NOW - timedelta(days=500))

    sorts = purge.sorts(Retention(), NOW)
    assert {one.name: purge.count(one) for one in sorts if purge.count(one)} == {"raw": 1, "letters": 1, "keys": 1}
    assert sum(sum(purge.run(one)) for one in sorts) == 3
    with pytest.raises(intake.blobs.BlobGone):
        intake.raw_of_intake(old)
    assert intake.raw_of_intake(petition)
    assert intake.raw_of_intake(fresh)
    assert [outbox.raw_of(letter) for letter in letters] == [b"", b"hola"]
    again = comes(1, ticket=plain)
    assert again == old, "it is still known"
    with pytest.raises(intake.blobs.BlobGone):
        intake.raw_of_intake(old)  # and does not begin anew


def test_a_copy_made_while_mail_comes_is_a_whole_store(
    store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for number in range(30):
        comes(number)
    copy = tmp_path / "desk.backup"
    assert backup.save(store, copy)["intake"] == 30
    assert copy.stat().st_mode & 0o077 == 0, "it holds people's mails and our keys"
    with pytest.raises(backup.UsageError):
        backup.save(store, copy)
    comes(31)
    close_store()
    if store.url.startswith("sqlite"):
        elsewhere = Store(url=f"sqlite:///{tmp_path}/restored/mailgate.db")
    else:
        elsewhere = Store(url=new_database(request.getfixturevalue("postgresql_url")))
    assert backup.restore(elsewhere, copy)["intake"] == 30
    with pytest.raises(backup.UsageError):
        backup.restore(elsewhere, copy)
    open_store(elsewhere)
    with connection():
        assert intake.raw_of_intake(Intake.select().first().id)


def test_no_backup_is_no_backup(tmp_path: Path) -> None:
    nonsense = tmp_path / "nonsense"
    nonsense.write_bytes(b"hello" * 1000)
    with pytest.raises(backup.InputError):
        backup.restore(Store(url=f"sqlite:///{tmp_path}/new.db"), nonsense)
    assert not (tmp_path / "new.db").exists()


def test_doctor_backup_and_purge_by_command(mailgate, folder: Path) -> None:
    (folder / "mail.eml").write_bytes(b"From: a@x.co\r\nSubject: hola\r\n\r\nhola\r\n")
    mailgate("ingest", "mail.eml", "--no-process")
    told = mailgate("doctor", "--deep", "--json").json
    states = {one["what"]: one["state"] for one in told["findings"]}
    assert told["ill"] == 0
    assert (states["blobs"], states["integrity"], states["tables"]) == ("well", "well", "well")
    assert mailgate("backup", "copy.backup", "--json").json["rows"]["intake"] == 1
    assert "raw" in mailgate("purge", "--dry-run", "--json").json["found"]
    (folder / "mailgate-data/mailgate.db").rename(folder / "lost.db")
    assert mailgate("restore", "copy.backup", "--json").json["rows"]["intake"] == 1


def test_doctor_says_what_is_ill(mailgate, folder: Path) -> None:
    (folder / "mailgate.toml").write_text('[relay]\nkind = "smtp"\nhost = "127.0.0.1"\nport = 9\ntls = "none"\n')
    told = mailgate("doctor", status=1)
    assert "ILL" in told.out
    assert "127.0.0.1:9" in told.out


def test_an_older_mailgate_on_a_newer_ones_store_is_told(mailgate, folder: Path) -> None:
    mailgate("stats")  # makes the store
    with sqlite3.connect(folder / "mailgate-data/mailgate.db") as database:
        database.execute("INSERT INTO schema_migration (name, applied) VALUES ('9999_tomorrow', '2031-01-01')")
    findings = mailgate("doctor", "--json", status=1).json["findings"]
    assert ["a newer mailgate has changed this store" in one["told"] for one in findings if one["state"] == "ill"] == [
        True
    ]


def test_doctor_looks_at_all_that_a_mail_or_a_letter_needs(mailgate, folder: Path) -> None:
    """Each of these let the service start, or kept it from starting, while nothing was ill."""
    (folder / "wall").write_text("no folder")
    (folder / "mailgate.toml").write_text(
        "[letters]\ndirectory = 'nowhere'\nlogo = 'gone.png'\n"
        "[store]\nfiles = 'wall/mails'\n[clamav]\naddress = '127.0.0.1:1'\n"
    )
    findings = mailgate("doctor", "--json", status=1).json["findings"]
    ill = {one["what"]: one["told"] for one in findings if one["state"] == "ill"}
    assert ill.keys() == {"templates", "logo", "store.files wall/mails", "clamav"}
    assert "nowhere" in ill["templates"]
    (folder / "wall").unlink()
    findings = mailgate("doctor", "--json", status=1).json["findings"]
    assert {one["what"]: one["state"] for one in findings}["store.files wall/mails"] == "well"
    assert not [path for path in (folder / "wall" / "mails").rglob("*") if path.is_file()]
