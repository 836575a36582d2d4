"""Files are decoded right out of the mail that holds them, as if they had been copied out first: held side by side."""

from __future__ import annotations

import base64
import random

import pytest

from mailgate.mail import body
from mailgate.mail.collect import collect
from mailgate.mail.hollow import hollow_out
from mailgate.mail.tree import read_by_record, read_hollow, read_tree
from tests.mail.test_ordinary import ROOT, SHARED, mails_in, shape

FILE = bytes(range(256)) * 90
HEAD = b'Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
ENCODED = b"Content-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"


def lines(octets: bytes, width: int = 76) -> bytes:
    run = base64.b64encode(octets)
    return b"\n".join(run[at : at + width] for at in range(0, len(run), width)) + b"\n"


def differs(raw: bytes) -> str:
    """How the files of a hollow mail differ from those of a full one; "" when they do not."""
    hollow, full = read_hollow(hollow_out(raw), []), read_tree(raw, [])
    if [body.payload(part) for part in body.walk(hollow)] != [body.payload(part) for part in body.walk(full)]:
        return "octets"
    return "" if shape(body.fetch(hollow)) == shape(full) else "the tree"


def test_every_mail_has_the_same_files() -> None:
    mails = mails_in(ROOT / "tests" / "mails")
    mails += mails_in(SHARED / "corpora", SHARED / "attacks") if SHARED.is_dir() else []
    assert {name: how for name, raw in mails if len(raw) > 16_000 and (how := differs(raw))} == {}


@pytest.mark.parametrize("width", [76, 72, 64])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_octets_are_those_that_were_encoded(end: bytes, width: int) -> None:
    for length in range(len(FILE) - 60, len(FILE)):  # every way in which the last line can end
        raw = HEAD + b"--b\n" + ENCODED + lines(FILE[:length], width) + b"--b--\n"
        [file] = collect(read_hollow(hollow_out(raw.replace(b"\n", end)), [])).attachments
        assert file.content == FILE[:length]


def test_a_slip_among_the_lines_changes_nothing() -> None:
    """A character lost, doubled or foreign, a blank line or a delimiter among the base64, two files in one part."""
    chance = random.Random(1042)
    scraps = [b"=", b"\n", b"\r", b"\r\n", b"--b\n", b"--b--\n", b" ", b"-", b"\xe1", b"A", b"", b"==\n"]
    scraps.append(b"\n\n-- \nlista\n")
    for _ in range(150):
        file = ENCODED + lines(FILE[: chance.randrange(9000, len(FILE))])
        raw = bytearray(HEAD + b"--b\n" + file + chance.choice([b"", lines(FILE)]) + b"--b\n" + file + b"--b--\n")
        for _ in range(chance.randrange(4)):
            at = chance.randrange(len(HEAD), len(raw))
            raw[at : at + chance.randrange(2)] = chance.choice(scraps)
        mail = bytes(raw).replace(b"\n", b"\r\n") if chance.random() < 0.5 else bytes(raw)
        assert differs(mail) == "", mail


def test_a_file_in_an_attached_mail_is_part_of_that_mail() -> None:
    inner = b"Subject: y\n" + ENCODED + lines(FILE)
    raw = HEAD + b"--b\nContent-Type: message/rfc822\n\n" + inner + b"\n--b--\n"
    [mail] = collect(read_hollow(hollow_out(raw), [])).attachments
    assert mail.content == inner


def test_a_mail_that_speaks_of_our_own_line_is_left_as_it_is() -> None:
    line = b"MailgatePutsThisLineWhereALongRunOfBase64StoodAndTakesItAwayAgain+++00000000\n"
    raw = HEAD + b"--b\n\n" + line + b"--b\n" + ENCODED + lines(FILE) + b"--b--\n"
    assert hollow_out(raw).runs == ()
    assert shape(read_tree(raw, [])) == shape(read_by_record(raw, []))
    assert differs(raw) == ""


def test_only_what_is_left_is_looked_at() -> None:
    raw = HEAD + b"--b\n" + ENCODED + lines(FILE * 10) + b"--b--\n"
    mail = hollow_out(raw)
    assert len(mail.octets) < 500 < 200_000 < len(raw)
    assert mail.filled(mail.octets.decode()) == raw.decode()
