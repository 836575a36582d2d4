"""A mail that breaks its reader breaks nothing else: after a crash, a hang or hunger the next mail is read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mailgate.errors import Temporary
from mailgate.mail.message import Envelope, Kind
from mailgate.reader import Reader, UnreadableMail
from mailgate.settings import Limits

MAIL = "From: Ana <ana@cliente.example>\r\nSubject: Consulta\r\n{}\r\nBuenos días, ñ.\r\n"
HONEST = MAIL.format("").encode()
MANY = 20_000  # mails, in which a process has started on any machine


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAILGATE_DEBUG_POISON", "1")
        with Reader(limits=Limits(read_seconds=1)) as reader:
            yield reader


@pytest.mark.parametrize(
    ("poison", "reason"),
    [("abort", "SIGABRT"), ("sleep", "longer than 1 seconds"), ("spin", "longer than"), ("eat", "512 MB of memory")],
)
def test_poison_is_named_and_the_next_mail_is_read(reader: Reader, poison: str, reason: str) -> None:
    with pytest.raises(UnreadableMail, match=reason) as unreadable:
        reader.read(MAIL.format(f"X-Mailgate-Debug: {poison}\r\n").encode())
    assert not unreadable.value.final
    assert reader.read(HONEST, Envelope()).parts.own == "Buenos días, ñ."


def test_broken_limit_is_final(reader: Reader) -> None:
    with pytest.raises(UnreadableMail, match="carriage return") as unreadable:
        reader.read(MAIL.format("X: 1\rFrom: jefe@mesa.example\r\n").encode())
    assert unreadable.value.final


def test_too_many_attachments_are_final(reader: Reader) -> None:
    part = b"--b\r\nContent-Type: application/pdf\r\n\r\n%PDF-1\r\n"
    head = MAIL.format("Content-Type: multipart/mixed; boundary=b\r\n").encode() + b"\r\n"
    assert len(reader.read(head + part * 100 + b"--b--\r\n").attachments) == 100
    with pytest.raises(UnreadableMail, match="101 attachments") as unreadable:
        reader.read(head + part * 101 + b"--b--\r\n")
    assert unreadable.value.final


SHAPES = {
    "file": ("application/zip\r\nContent-Transfer-Encoding: base64", "QUJD" * 18 + "\r\n"),
    "encoded file": ("application/zip\r\nContent-Transfer-Encoding: quoted-printable", "=41=42 hola" * 6 + "=\r\n"),
    "text": ("text/plain; charset=utf-8", "El lunes Ana escribió: una línea con acentos ñ\r\n"),
    "flowed": ("text/plain; charset=utf-8; format=flowed", "una línea que sigue siempre en la de abajo \r\n"),
    "html": ("text/html; charset=utf-8", "<p>una línea con <b>acentos</b> ñ y más cosas</p>\r\n"),
    "quoted": ("text/plain", "> > > " * 10 + "cita\r\n"),
    "files in a message": ("message/rfc822", "X: y\r\n\r\n" + "texto dentro\r\n" * 40),
}


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_no_mail_of_25_mib_needs_more_than_the_limits(shape: str, pytestconfig: pytest.Config) -> None:
    """Without ``--long`` the texts are a sixteenth as long."""
    kind, line = SHAPES[shape]
    head = MAIL.format(f"Content-Type: {kind}\r\n").encode().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    limits = Limits()
    body = line.encode()
    times = min((limits.mail_bytes - len(head)) // len(body), (limits.lines - 100) // body.count(b"\n"))
    if kind.startswith("text/") and not pytestconfig.getoption("--long"):
        times //= 16
    with Reader() as reader:
        message = reader.read(head + body * times)
    assert message.text or message.attachments


def test_what_we_sent_is_quote(reader: Reader) -> None:
    letter = "Hemos recibido su mensaje con el número 1042 y le responderemos antes del viernes."
    raw = MAIL.format("").encode() + b"Gracias.\r\n\r\n" + letter.encode() + b"\r\n"
    assert letter not in reader.read(raw, known=[letter]).parts.own


def test_own_mark_makes_it_ours(reader: Reader) -> None:
    assert reader.read(HONEST, is_own=True).kind is Kind.OWN


def test_many_threads_share_few_workers() -> None:
    with Reader(workers=2) as reader, ThreadPoolExecutor(8) as threads:
        mails = [f"From: a{n}@x.example\r\nSubject: {n}\r\n\r\ncuerpo {n}\r\n".encode() for n in range(60)]
        assert [message.subject for message in threads.map(reader.read, mails)] == [str(n) for n in range(60)]


def test_who_has_read_many_mails_reads_on_until_its_successor_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailgate.reader.MAILS_PER_WORKER", 2)
    others = _children()
    with Reader() as reader:
        (first,) = _read_by(reader) - others
        both = _read_by(reader) - others
        assert first in both
        assert len(both) == 2, "a successor starts"
        seen = [both]
        while first in seen[-1] and len(seen) < MANY:
            seen.append(_read_by(reader) - others)
        assert seen.pop() == both - {first}
        assert all(processes == both for processes in seen), "one successor, and no more"


def test_a_successor_that_does_not_start_leaves_the_old_one_at_work(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("mailgate.reader.MAILS_PER_WORKER", 3)
    fails = tmp_path / "python"
    fails.write_text("#!/bin/sh\nexit 1\n")
    fails.chmod(0o755)
    others = _children()
    with Reader() as reader:
        (first,) = _read_by(reader) - others
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", str(fails))
            for _ in range(40):
                assert first in _read_by(reader)
        assert any(first not in _read_by(reader) for _ in range(MANY)), "until one starts again"


def _read_by(reader: Reader) -> set[Path]:
    """Has it read a mail; gives the processes that it has afterwards."""
    assert reader.read(HONEST).subject == "Consulta"
    return _children()


def test_worker_inherits_no_open_file(tmp_path: Path) -> None:
    with (tmp_path / "database").open("w") as handle:
        os.set_inheritable(handle.fileno(), True)
        before = _children()
        with Reader() as reader:
            reader.read(HONEST)
            (worker,) = _children() - before
            open_files = [str(link.readlink()) for link in (worker / "fd").iterdir()]
    assert not [name for name in open_files if "database" in name]


def _children() -> set[Path]:
    """The folders in /proc of this process' children."""
    mine, found = str(os.getpid()), set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if stat.read_text().rpartition(")")[2].split()[1] == mine:
                found.add(stat.parent)
        except OSError:
            continue
    return found


def test_closed_reader_says_come_back_later_and_leaves_no_process() -> None:
    before = _children()
    reader = Reader()
    reader.read(HONEST)
    assert _children() > before
    reader.close()
    assert _children() == before
    with pytest.raises(Temporary):
        reader.read(HONEST)


def test_when_no_process_can_be_started_it_is_temporary_and_heals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILGATE_DEBUG_POISON", "1")
    with Reader() as reader:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", "/nonexistent/python")
            with pytest.raises(UnreadableMail):
                reader.read(MAIL.format("X-Mailgate-Debug: abort\r\n").encode())
            for _ in range(2):
                with pytest.raises(Temporary):
                    reader.read(HONEST)
        assert reader.read(HONEST).subject == "Consulta"
