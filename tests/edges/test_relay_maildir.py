"""Letters written into a Maildir, where any mail program finds them."""

from __future__ import annotations

import mailbox
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailgate.relay import Dead, Delivered, HostDown
from mailgate.relay.maildir import MaildirRelay
from mailgate.store.outbox import Parcel

RAW = b"From: d@desk.example\r\nSubject: hola\r\n\r\nUno\r\nDos\r\n"


def parcel(recipient: str = "ana@c.example", sender: str = "") -> Parcel:
    return Parcel(1, RAW, sender, recipient, 1, datetime(2026, 11, 24, tzinfo=UTC))


def test_a_letter_is_there_with_its_envelope(tmp_path: Path) -> None:
    outcome = MaildirRelay(tmp_path / "out").deliver(parcel(sender="d@desk.example"))
    assert isinstance(outcome, Delivered)
    (file,) = (tmp_path / "out" / "new").iterdir()
    assert file.read_bytes() == (
        b"Return-Path: <d@desk.example>\nDelivered-To: ana@c.example\n" + RAW.replace(b"\r\n", b"\n")
    )
    assert list((tmp_path / "out" / "tmp").iterdir()) == []


def test_other_programs_read_it(tmp_path: Path) -> None:
    for n in range(3):
        MaildirRelay(tmp_path / "out").deliver(parcel(f"a{n}@c.example"))
    letters = mailbox.Maildir(tmp_path / "out")
    assert sorted(letter["Delivered-To"] for letter in letters) == ["a0@c.example", "a1@c.example", "a2@c.example"]
    assert all(letter["Return-Path"] == "<>" for letter in letters)


def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file is in the way")
    outcome = MaildirRelay(tmp_path / "out").deliver(parcel())
    assert isinstance(outcome, HostDown)
    assert str(tmp_path / "out") in outcome.reply


@pytest.mark.parametrize("recipient", ["a@b.example\nX-Evil: yes", "a\x00@b.example"])
def test_an_address_cannot_write_headers(tmp_path: Path, recipient: str) -> None:
    assert isinstance(MaildirRelay(tmp_path / "out").deliver(parcel(recipient)), Dead)
