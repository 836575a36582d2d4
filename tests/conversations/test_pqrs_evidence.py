"""The evidence of a PQRS: whole, readable, and any change of it found and named."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from mailgate import cli
from mailgate.judgement import Desk
from mailgate.settings import Settings, load
from mailgate.settings import Store as StoreSettings
from mailgate.store import audit, intake, outbox
from mailgate.store.base import open_store
from mailgate.store.models import Blob, Comment, Event, Outgoing, Pqrs, database
from tests.conversations.conftest import DESK
from tests.stories import Direct, Person


@pytest.fixture
def settings(store: StoreSettings) -> Settings:
    addresses = {"MAILGATE_DESK_PQRS_ADDRESS": "pqrs@desk.co", "MAILGATE_DESK_MANAGEMENT": '["gerencia@desk.co"]'}
    return load(None, {**DESK, "MAILGATE_STORE_URL": store.url, **addresses})


@pytest.fixture
def story(desk: Desk, road: Direct, juan: Person, ana: Person, luis: Person) -> None:
    """A PQRS filed, extended, answered and closed; its letters sent."""
    juan.writes("Queja", "El técnico me gritó.", to="pqrs@desk.co", files=[("foto.png", "image/png", b"\x89PNG" * 9)])
    notice = ana.receives()
    juan.replies(juan.receives(), "Fue el viernes.")
    ana.replies(notice, "#prorroga 2026-12-18 Falta un concepto.")
    ana.replies(notice, "#respuesta-pqrs\n#cerrar\n\nDisculpe.")
    for row in outbox.rows(most=1000):
        outbox.record_sent(row.id, f"250 2.0.0 taken as {row.id}", road.now)


def test_an_untouched_story_is_sound(story: None) -> None:
    lines, broken = audit.verify()
    assert broken == []
    assert lines > 20
    assert audit.verify(1)[1] == []


@pytest.mark.parametrize(
    ("change", "table", "why"),
    [
        ("UPDATE event SET why = 'otra cosa' WHERE id = 2", "event", "was changed"),
        ("UPDATE event SET at = '2026-11-23 15:00:59.000000+00:00' WHERE id = 3", "event", "was changed"),
        ("DELETE FROM event WHERE id = 4", "event", "taken out"),
        ("UPDATE comment SET text = 'Todo bien.' WHERE id = 1", "comment", "words"),
        ("UPDATE pqrs SET due_on = '2026-12-31' WHERE id = 1", "pqrs", "due_on changed"),
        ("UPDATE pqrs SET answered_at = '2026-11-24 15:00:00.000000+00:00'", "pqrs", "answered_at changed"),
        ("UPDATE pqrs SET radicado = 'PQRS-2026-000002'", "pqrs", "PQRS-2026-000001 is missing"),
    ],
)
def test_any_change_is_found_and_its_row_named(story: None, change: str, table: str, why: str) -> None:
    database.execute_sql(change)
    _, broken = audit.verify()
    assert any(one.table == table and why in one.why for one in broken), broken


def test_one_changed_byte_of_a_mail_or_a_letter_is_found(story: None) -> None:
    letter = Outgoing.select().order_by(Outgoing.id).first()
    Outgoing.update(raw=bytes(letter.raw).replace(b"a", b"b", 1)).where(Outgoing.id == letter.id).execute()
    assert [(one.table, one.id) for one in audit.verify()[1]] == [("outgoing", letter.id)]
    Outgoing.update(raw=bytes(letter.raw)).where(Outgoing.id == letter.id).execute()
    digest = Event.select().where(Event.what == "ticket").get().data["mail"]
    raw = intake.raw_of(digest)
    Blob.update(data=raw.replace("gritó".encode(), b"habl", 1).replace(b"Queja", b"Quejo", 1)).where(
        Blob.digest == digest
    ).execute()
    assert {one.table for one in audit.verify()[1]} == {"blob"}


def test_a_line_that_is_put_in_is_found(story: None) -> None:
    last = Event.select().where(Event.ticket == 1).order_by(Event.id.desc()).first()
    Event.create(ticket=1, at=last.at, actor="x", what="note", why="y", data={}, prev=last.hash, hash="0" * 64)
    assert [one.id for one in audit.verify()[1]] == [last.id + 1]


def test_the_zip_holds_everything_and_its_hashes_agree(
    story: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "es")
    for name, value in {**DESK, "MAILGATE_STORE_URL": settings.store.url}.items():
        monkeypatch.setenv(name, value)
    raws = {intake.raw_of(row.data["mail"]) for row in Event.select().where(Event.what == "ticket")}
    letters = {outbox.raw_of(row.id) for row in outbox.rows(ticket=1, most=1000)}
    comments = [row.text for row in Comment.select()]
    count = Pqrs.select().count()
    database.close()
    assert count == 1
    assert cli.run(["pqrs", "list"]) == 0
    assert "PQRS-2026-000001" in capsys.readouterr().out
    assert cli.run(["pqrs", "show", "pqrs-2026-1"]) == 0
    assert "pqrs-extended" in capsys.readouterr().out
    assert cli.run(["pqrs", "verify"]) == 0
    assert cli.run(["pqrs", "export", "PQRS-2026-000001"]) == 0
    assert cli.run(["pqrs", "export", "PQRS-2026-000001"]) == 64
    capsys.readouterr()
    assert cli.run(["pqrs", "export", "PQRS-2026-000001", "--to", "again.zip", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["sha256"]) == set(zipfile.ZipFile("again.zip").namelist())
    assert cli.run(["pqrs", "show", "PQRS-2026-000009"]) != 0
    open_store(settings.store)  # the commands closed it
    database.connect()
    with zipfile.ZipFile("PQRS-2026-000001.zip") as bundle:
        bundle.extractall("evidence")
    inside = {path.read_bytes() for path in Path("evidence/correos").iterdir()}
    assert raws <= inside
    assert len(inside) == 4
    assert {path.read_bytes() for path in Path("evidence/cartas").iterdir()} == letters
    assert "250 2.0.0 taken as" in Path("evidence/cartas.txt").read_text()
    index = Path("evidence/LEEME.txt").read_text()
    assert "juan@empresa.co" in index
    assert "2026-12-18" in index
    timeline = json.loads(Path("evidence/linea-de-tiempo.json").read_text())
    assert [event["what"] for event in timeline["timeline"]].count("pqrs-answered") == 1
    assert len(comments) == 3
    assert subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd="evidence").returncode == 0
    changed = next(Path("evidence/correos").iterdir())
    changed.write_bytes(changed.read_bytes()[:-1] + b"!")
    assert subprocess.run(["sha256sum", "-c", "--status", "SHA256SUMS"], cwd="evidence").returncode == 1
