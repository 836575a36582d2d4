"""``ingest``: accepted durably, worked on here and now, once, whatever else lies in the folder."""

from __future__ import annotations

import hashlib
import mailbox
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "../shared"


def mail(number: int, sender: str = "ana@acme.co", body: str = "Hola.") -> bytes:
    return (
        f"From: {sender}\nTo: soporte@localhost.localdomain\nSubject: Pregunta {chr(64 + number)}\n"
        f"Message-ID: <{number}@acme.co>\nDate: Mon, 23 Nov 2026 10:00:00 -0500\n\n{body}\n"
    ).encode()


@pytest.fixture
def acme(mailgate) -> None:
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme", "--contact", "ana@acme.co")


@pytest.fixture
def box(folder: Path) -> Path:
    """An mbox of three mails."""
    path = folder / "old.mbox"
    made = mailbox.mbox(path)
    for number in (1, 2, 3):
        made.add(mailbox.mboxMessage(mail(number)))
    made.flush()
    return path


def test_files_folders_and_mboxes(mailgate, acme, box: Path, folder: Path) -> None:
    (folder / "one.eml").write_bytes(mail(4))
    inbox = mailbox.Maildir(folder / "inbox")
    inbox.add(mail(5))
    assert mailgate("ingest", box, "one.eml", "inbox").out == "Mails taken: 5 (5 new, 0 here already).\n"
    counted = mailgate("stats", "--json").json
    assert (counted["seen"], counted["outcomes"]["ticket"], counted["outcomes"]["pending"]) == (5, 5, 0)
    assert {t["subject"] for t in mailgate("ticket", "list", "--json").json} == {
        f"Pregunta {letter}" for letter in "ABCDE"
    }


def test_the_second_time_adds_nothing(mailgate, acme, box: Path) -> None:
    mailgate("ingest", box)
    before = mailgate("stats", "--json").json
    assert mailgate("ingest", box).out == "Mails taken: 3 (0 new, 3 here already).\n"
    assert mailgate("stats", "--json").json == before


def test_only_accepted(mailgate, acme, box: Path) -> None:
    mailgate("ingest", "--no-process", box)
    counted = mailgate("stats", "--json").json
    assert (counted["seen"], counted["outcomes"]["pending"], counted["tickets"]) == (3, 3, 0)
    mailgate("ingest", box)
    assert mailgate("stats", "--json").json["tickets"] == 3


def test_one_mail_as_an_mta_pipes_it(shell, mailgate, acme) -> None:
    piped = shell(
        "ingest", "-", "--to", "soporte+nota@localhost.localdomain", "--from", "bounce@acme.co", stdin=mail(1)
    )
    assert (piped.out, piped.err) == ("", ""), "an MTA returns to the sender whatever a pipe prints"
    assert mailgate("stats", "--json").json["tickets"] == 1


def test_an_mbox_cut_in_half(mailgate, acme, box: Path) -> None:
    """What is whole is taken, what is cut is told in one line with status 65; what was there before is untouched."""
    mailgate("ingest", box)
    whole = box.read_bytes().replace(b"Pregunta", b"Inquietud").replace(b"@acme.co>", b"@again.co>")
    box.write_bytes(whole[: len(whole) - 30])
    told = mailgate("ingest", box, status=65)
    assert told.err.count("\n") == 1
    assert "cut off" in told.err
    counted = mailgate("stats", "--json").json
    assert (counted["seen"], counted["tickets"]) == (5, 5)


@pytest.mark.parametrize(
    ("name", "content", "status"), [("gone.eml", None, 66), ("empty.eml", b"", 65), ("blank.eml", b"\n \n", 65)]
)
def test_what_is_no_mail(mailgate, folder: Path, name: str, content: bytes | None, status: int) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    told = mailgate("ingest", name, status=status)
    assert told.err.startswith("mailgate: ")
    assert name in told.err
    assert mailgate("stats", "--json").json["seen"] == 0


def test_json(mailgate, acme, box: Path) -> None:
    assert mailgate("ingest", "--json", box).json == {"seen": 3, "fresh": 3, "known": 0, "failed": []}


@pytest.mark.parametrize(
    "wrong",
    ["[desk]\nadress = 'a@b.co'\n", "[store]\nurl = 'sqlite:////proc/no/such.db'\n"],
    ids=["unknown setting", "store that cannot be made"],
)
def test_whatever_stops_a_piped_mail_before_it_is_kept_has_the_mta_try_again(shell, folder: Path, wrong: str) -> None:
    (folder / "mailgate.toml").write_text(wrong)
    told = shell("ingest", "-", stdin=mail(1), status=75)
    assert told.err.count("\n") == 1


def test_a_piped_mail_that_is_kept_is_a_success_whatever_comes_after(shell, mailgate, folder: Path) -> None:
    """The key ring cannot be read: nothing can be worked on; but the mail is stored, and the MTA need not know."""
    (folder / "mailgate.toml").write_text("[keys]\nfile = 'nowhere'\n")
    told = shell("ingest", "-", stdin=mail(1))
    assert "accepted" in told.err
    (folder / "mailgate.toml").unlink()
    assert mailgate("stats", "--json").json["outcomes"]["pending"] == 1


@pytest.mark.slow
def test_the_worst_mails_there_are(shell, folder: Path) -> None:
    """Every raw mail of the corpora: none lost, none twice, none stops the run; the second time adds nothing."""
    if not (SHARED / "corpora").is_dir():
        pytest.skip("no corpora beside the repository")
    files = sorted(path for path in (SHARED / "corpora").rglob("*.eml") if path.stat().st_size > 0)
    wanted = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    told: dict[str, Any] = shell("ingest", "--json", SHARED / "corpora").json
    counted = shell("stats", "--json").json
    assert counted["seen"] == sum(counted["outcomes"].values()) == told["fresh"]
    assert counted["outcomes"]["pending"] == 0
    assert counted["seen"] >= 0.99 * len(wanted)
    shell("ingest", SHARED / "corpora", "--json")
    assert shell("stats", "--json").json == counted
