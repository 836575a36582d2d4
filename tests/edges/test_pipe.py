"""Mails from files and standard input: every whole mail is taken once; what is not taken is named with its reason."""

from __future__ import annotations

import io
import mailbox
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.errors import InputError, NotFound, StoreUnavailable
from mailgate.intake.mbox import read_mbox
from mailgate.intake.pipe import Found, Ingested, count_bytes, ingest, iter_mails
from mailgate.store.intake import accept_many, raw_of
from mailgate.store.models import Intake

CORPORA = Path(__file__).resolve().parents[2] / "../shared/corpora"
SOME_TIME = datetime(2026, 11, 23, 12, tzinfo=UTC)
FROM_LINE = b"From ana@cliente.co Mon Nov 23 22:34:58 2026\n"
MOST = 100_000


def read(*paths, stdin=b"", most=MOST):
    return list(iter_mails([str(path) for path in paths], most, io.BytesIO(stdin)))


def take(found, **arguments):
    return ingest(found, accept_many, now=lambda: SOME_TIME, ours=("soporte@acme.co",), **arguments)


def boxed(mails: Iterable[bytes]) -> bytes:
    """An mbox as mboxrd writes it."""
    out = b""
    for raw in mails:
        lines = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in raw.splitlines(True)]
        out += FROM_LINE + b"".join(lines) + b"\n"
    return out


# Files of one mail


def test_an_eml_is_taken_byte_for_byte(tmp_path):
    raw = b"Subject: =?x?= \x00\xff\r\nBad header\r\n\r\nFrom here on\r\n>From there\r\n\r\n"
    (tmp_path / "uno.eml").write_bytes(raw)
    (only,) = read(tmp_path / "uno.eml")
    assert only == Found(str(tmp_path / "uno.eml"), raw)


def test_standard_input_is_one_mail_whatever_lines_stand_in_it():
    """A stranger's body must not become a second mail, with a sender of his choice."""
    body = b"Subject: Hola\n\nTexto\n\n" + FROM_LINE + b"From: gerencia@acme.co\nSubject: Falso\n\nx\n"
    (only,) = read("-", stdin=FROM_LINE.replace(b"ana@", b"eva@") + body)
    assert only == Found("-", body, "eva@cliente.co")


@pytest.mark.parametrize(
    "line", [b"From MAILER-DAEMON Mon Nov 23 22:34:58 2026\n", b"From - Mon Nov 23 22:34:58 2026\r\n"]
)
def test_a_from_line_without_address_gives_no_sender(line):
    (only,) = read("-", stdin=line + b"Subject: Hola\n\nx\n")
    assert only == Found("-", b"Subject: Hola\n\nx\n")


def test_what_begins_with_the_word_from_is_still_a_mail():
    (only,) = read("-", stdin=b"From the beginning\nSubject: Hola\n\nx\n")
    assert only.raw.startswith(b"From the beginning")


@pytest.mark.parametrize("empty", [b"", b"\n\r\n"])
def test_nothing_is_told_as_nothing(empty):
    (told,) = read("-", stdin=empty)
    assert isinstance(told, InputError)
    assert "standard input is empty" in str(told)


def test_a_file_that_is_too_large_is_refused_with_the_limit(tmp_path):
    (tmp_path / "grande.eml").write_bytes(b"x" * (MOST + 1))
    (tmp_path / "justo.eml").write_bytes(b"x" * MOST)
    told, just = read(tmp_path / "grande.eml", tmp_path / "justo.eml")
    assert str(MOST) in str(told)
    assert "grande.eml" in str(told)
    assert isinstance(just, Found)


def test_a_missing_or_unreadable_file_is_named_and_others_go_on(tmp_path):
    (tmp_path / "bien.eml").write_bytes(b"Subject: x\n\ny\n")
    (tmp_path / "colgado.eml").symlink_to(tmp_path / "no-hay")
    missing, unreadable, dangling_after = read("/no/hay.eml", "/proc/self/mem", tmp_path / "colgado.eml")
    assert isinstance(missing, NotFound)
    assert "/no/hay.eml" in str(missing)
    assert isinstance(unreadable, InputError)
    assert "/proc/self/mem" in str(unreadable)
    assert isinstance(dangling_after, NotFound)
    assert [type(one) for one in read(tmp_path)] == [Found, NotFound]


# mbox

LINES = st.sampled_from(
    [b"", b"From ana@x.co Mon Nov 23 22:34:58 2026", b">From x", b">>From ", b"From here", b"Hola", b"\xff\x00"]
)
MAILS = st.lists(LINES, max_size=8).map(lambda lines: b"Subject: x\n\n" + b"".join(line + b"\n" for line in lines))


@given(st.lists(MAILS, max_size=5))
def test_what_was_put_into_an_mbox_comes_out_of_it(mails):
    assert [one.raw for one in read_mbox(io.BytesIO(boxed(mails)), MOST)] == mails


def test_an_mbox_that_python_wrote_is_read(tmp_path):
    box = mailbox.mbox(tmp_path / "correo.mbox")
    for number in range(3):
        box.add(f"From: ana@cliente.co\nSubject: Caso {number}\n\nFrom aquí\n".encode())
    box.close()
    found = read(tmp_path / "correo.mbox")
    assert [one.name.rpartition("#")[2] for one in found] == ["1", "2", "3"]
    assert found[2].raw == "From: ana@cliente.co\nSubject: Caso 2\n\nFrom aquí\n".encode()


def test_an_mbox_is_known_without_its_suffix(tmp_path):
    (tmp_path / "Archivo").write_bytes(boxed([b"Subject: 1\n\nx\n", b"Subject: 2\n\nx\n"]))
    assert [one.sender for one in read(tmp_path / "Archivo")] == ["ana@cliente.co"] * 2


def test_an_mbox_with_line_ends_of_the_net(tmp_path):
    mails = [b"Subject: 1\r\n\r\nuno\r\n", b"Subject: 2\r\n\r\ndos\r\n"]
    whole = b"".join(FROM_LINE.replace(b"\n", b"\r\n") + raw + b"\r\n" for raw in mails)
    assert [one.raw for one in read_mbox(io.BytesIO(whole), MOST)] == mails


@pytest.mark.parametrize("cut_at", ["in a line", "in the headers", "between the parts", "after the From line"])
def test_an_mbox_cut_in_half_gives_what_is_whole_and_names_the_rest(cut_at, tmp_path):
    parts = b'Subject: 3\nContent-Type: multipart/mixed;\n boundary="b1"\n\n--b1\n\nuno\n\n--b1\n\ndos\n\n--b1--\n'
    whole = boxed([b"Subject: 1\n\nx\n", b"Subject: 2\n\nx\n", parts])
    third = whole.rindex(b"From ")
    ends = {
        "in a line": len(whole) - 6,
        "in the headers": whole.rindex(b"Content-Type"),
        "between the parts": whole.rindex(b"--b1\n"),
        "after the From line": third + len(FROM_LINE),
    }
    (tmp_path / "medio.mbox").write_bytes(whole[: ends[cut_at]])
    first, second, told = read(tmp_path / "medio.mbox")
    assert (first.raw, second.raw) == (b"Subject: 1\n\nx\n", b"Subject: 2\n\nx\n")
    assert isinstance(told, InputError)
    assert f"mail 3, at byte {third}, is cut off" in str(told)
    assert "medio.mbox" in str(told)


def test_a_single_mail_saved_from_an_mbox_is_taken_even_without_its_last_boundary(tmp_path):
    raw = b'Subject: 1\nContent-Type: multipart/mixed; boundary="b1"\n\n--b1\n\nuno\n'
    (tmp_path / "correo.txt").write_bytes(FROM_LINE + raw)
    assert read(tmp_path / "correo.txt") == [Found(str(tmp_path / "correo.txt"), raw, "ana@cliente.co")]


def test_an_mbox_without_its_beginning_gives_what_is_whole(tmp_path):
    whole = boxed([b"Subject: 1\n\nuno\n", b"Subject: 2\n\ndos\n"])
    (tmp_path / "resto.mbox").write_bytes(whole[50:])
    second, told = read(tmp_path / "resto.mbox")
    assert second.raw == b"Subject: 2\n\ndos\n"
    assert "its beginning is cut off" in str(told)


def test_a_mail_too_large_in_an_mbox_leaves_the_others(tmp_path):
    mails = [b"Subject: 1\n\nx\n", b"Subject: 2\n\n" + b"x" * 3 * MOST + b"\n", b"Subject: 3\n\nx\n"]
    (tmp_path / "caja.mbox").write_bytes(boxed(mails))
    first, third, told = read(tmp_path / "caja.mbox")
    assert (first.raw, third.raw) == (mails[0], mails[2])
    assert "mail 2" in str(told)
    assert str(MOST) in str(told)


@pytest.mark.parametrize("over", [0, 1])
def test_the_last_mail_of_an_mbox_may_be_just_as_large_as_allowed(over, tmp_path):
    raw = b"Subject: 1\n\n" + b"x" * (MOST - 13 + over) + b"\n"
    assert len(raw) == MOST + over
    (tmp_path / "caja.mbox").write_bytes(boxed([raw]))
    (only,) = read(tmp_path / "caja.mbox")
    assert ("over limits.mail_bytes" in str(only)) is bool(over)


def test_an_empty_mbox_holds_nothing_and_that_is_no_error(tmp_path):
    (tmp_path / "vacía.mbox").touch()
    assert read(tmp_path / "vacía.mbox") == []


# Folders


def test_a_maildir_gives_new_and_cur_oldest_first_and_stays_as_it_is(tmp_path):
    for part in ("new", "cur", "tmp", ".Enviados/new", ".Enviados/cur"):
        (tmp_path / part).mkdir(parents=True)
    (tmp_path / "new/1700000002.a").write_bytes(b"Subject: 2\n\nx\n")
    (tmp_path / "cur/1700000001.b:2,S").write_bytes(b"Subject: 1\n\nx\n")
    (tmp_path / "tmp/1700000003.c").write_bytes(b"Subject: half\n")
    (tmp_path / ".Enviados/cur/1700000004.d:2,").write_bytes(b"Subject: 4\n\nx\n")
    (tmp_path / "dovecot-uidlist").write_bytes(b"3 V1\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*"))
    assert [one.raw[:10] for one in read(tmp_path)] == [b"Subject: 1", b"Subject: 2", b"Subject: 4"]
    assert sorted((path, path.stat().st_mtime_ns) for path in tmp_path.rglob("*")) == before


def test_a_folder_is_read_with_the_folders_in_it(tmp_path):
    (tmp_path / "2025/enero").mkdir(parents=True)
    (tmp_path / "2025/enero/b.eml").write_bytes(b"Subject: b\n\nx\n")
    (tmp_path / "2025/c.mbox").write_bytes(boxed([b"Subject: c\n\nx\n"]))
    (tmp_path / "a.eml").write_bytes(b"Subject: a\n\nx\n")
    (tmp_path / ".oculto").write_bytes(b"Subject: z\n\nx\n")
    os.mkfifo(tmp_path / "tubo")
    assert [one.raw[9:10] for one in read(tmp_path)] == [b"a", b"c", b"b"]


# Accepting


def test_ingesting_twice_takes_everything_once(sqlite_store, tmp_path):
    box = tmp_path / "correos"
    box.mkdir()
    for number in range(120):
        (box / f"{number:03}.eml").write_bytes(b"Subject: %d\n\nx\n" % number)
    seen = []
    first = take(read(box), progress=lambda name, size: seen.append((name, size)))
    second = take(read(box))
    assert (first.fresh, first.known, first.exit_status) == (120, 0, 0)
    assert (second.fresh, second.known, second.exit_status) == (0, 120, 0)
    assert len(seen) == 120
    assert sum(size for _, size in seen) == count_bytes([str(box)])
    assert Intake.select().count() == 120


def test_the_envelope_is_the_mtas_when_it_gives_one(sqlite_store):
    raw = b"Return-Path: <otro@x.co>\nTo: soporte@acme.co\nSubject: x\n\ny\n"
    take([Found("-", raw)], sender="<Ana@Cliente.CO>", recipients=["pqrs@acme.co"])
    row = Intake.get()
    assert (row.channel, row.sender, row.recipients) == ("pipe", "ana@cliente.co", ["pqrs@acme.co"])


def test_the_null_sender_stays_null(sqlite_store):
    take([Found("-", b"Return-Path: <otro@x.co>\nSubject: x\n\ny\n")], sender="MAILER-DAEMON")
    assert Intake.get().sender == ""


@pytest.mark.parametrize(
    ("headers", "sender", "recipients"),
    [
        ("Return-Path: <ana@x.co>\nTo: <soporte@acme.co>", "ana@x.co", ["soporte@acme.co"]),
        ("Return-Path: <>\nDelivered-To: soporte+7@acme.co\nTo: x@y.co", "eva@cliente.co", ["soporte+7@acme.co"]),
        ("Delivered-To: buzon7@hosting.co\nX-Original-To: soporte@acme.co", "eva@cliente.co", ["soporte@acme.co"]),
        ("Delivered-To: buzon7@hosting.co\nTo: otro@y.co", "eva@cliente.co", ["buzon7@hosting.co"]),
        (
            "Delivered-To: buzon7@hosting.co\nCc: a@b.co,\n Mesa <SOPORTE@acme.co>",
            "eva@cliente.co",
            ["soporte@acme.co"],
        ),
        ("To: undisclosed-recipients:;", "eva@cliente.co", []),
    ],
)
def test_without_an_mta_the_mail_tells_its_envelope(headers, sender, recipients, sqlite_store):
    take([Found("x.mbox#1", headers.encode() + b"\nSubject: x\n\nTo: soporte@acme.co\n", "eva@cliente.co")])
    row = Intake.get()
    assert (row.sender, row.recipients) == (sender, recipients)


def test_a_store_that_cannot_serve_means_try_again(tmp_path):
    def away(arrivals):
        raise StoreUnavailable("the disk is full")

    result = ingest([Found("-", b"Subject: x\n\ny\n")], away, now=lambda: SOME_TIME, ours=())
    assert result.exit_status == os.EX_TEMPFAIL == 75
    assert (result.fresh, result.known) == (0, 0)


@pytest.mark.parametrize(
    ("failed", "status"),
    [
        ([], 0),
        ([InputError("x")], 65),
        ([NotFound("x")], 66),
        ([NotFound("x"), InputError("y")], 65),
        ([InputError("y"), StoreUnavailable("x")], 75),
    ],
)
def test_the_exit_status_is_what_an_mta_understands(failed, status):
    assert Ingested(failed=failed).exit_status == status


@given(st.binary(max_size=500))
def test_whatever_stands_in_a_file_is_read_without_trouble(data):
    from mailgate.intake.trace import read_trace

    for one in read_mbox(io.BytesIO(FROM_LINE + data), MOST):
        read_trace(one.raw, ())
    read_trace(b"To: " + data + b"\n\n", ())


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the shared corpora are not here")
def test_the_worst_mails_there_are_all_go_in_once(sqlite_store):
    paths = [str(folder) for folder in CORPORA.iterdir() if folder.name in ("mikel", "cpython", "flufl")]
    files = [file for path in paths for file in Path(path).rglob("*") if file.is_file() and file.stat().st_size]
    found = read(*paths, most=25 * 2**20)
    taken = take(found)
    again = take(read(*paths, most=25 * 2**20))
    assert len(found) >= len(files)
    assert taken.fresh + taken.known == sum(isinstance(one, Found) for one in found)
    assert again.fresh == 0
    stored = {raw_of(row.digest) for row in Intake.select()}
    assert all(one.raw in stored for one in found if isinstance(one, Found))
