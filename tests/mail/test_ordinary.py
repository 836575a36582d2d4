"""Ordinary mails are read without mail-parser, and understood as if it had read them: held side by side here."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Tree
from pathlib import Path

import pytest
from mailparser.utils import get_addresses

from mailgate.mail.headers import parse_date, raw_values, split_header_block, unfold
from mailgate.mail.mend import mend
from mailgate.mail.ordinary import plain_date, plain_mailbox
from mailgate.mail.tree import LARGEST_HEADERS_NORMALISED, read_by_record, read_tree

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
LARGEST = 60_000
SCRAPS = [b"<", b">", b"(", b")", b'"', b";", b",", b"@", b"=?", b"?=", b"\\", b"\n", b" ", b"\xc3", b"=", b":", b"[",
          b"]", b"7", b"\r\n\t", b"*", b"%", b""]  # fmt: skip


def mails_in(*folders: Path) -> list[tuple[str, bytes]]:
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [(path.name, path.read_bytes()) for path in files if path.stat().st_size <= LARGEST]


def shape(tree: Tree) -> object:
    """All there is to know of a tree."""
    inside = tree._payload
    below = [shape(child) for child in inside] if isinstance(inside, list) else inside
    return list(tree.raw_items()), [type(defect) for defect in tree.defects], tree.preamble, tree.epilogue, below


def differs(raw: bytes) -> str:
    """How the two readings differ; "" when they do not."""
    odd: list[str] = []
    mended = mend(raw, odd)
    if len(split_header_block(mended)[0]) > LARGEST_HEADERS_NORMALISED:
        return ""
    read: list[str] = []
    tree, by_record = read_tree(raw, read), read_by_record(mended, odd)
    if read != odd:
        return f"{odd} became {read}"
    return "" if shape(tree) == shape(by_record) else "the tree"


def test_every_mail_of_ours_is_read_the_same() -> None:
    mails = mails_in(ROOT / "tests" / "mails")
    assert {name: how for name, raw in mails if (how := differs(raw))} == {}


def test_every_mail_of_the_corpora_is_read_the_same() -> None:
    if not SHARED.is_dir():
        pytest.skip("the shared corpora are absent")
    mails = mails_in(SHARED / "corpora", SHARED / "attacks")
    assert {name: how for name, raw in mails if (how := differs(raw))} == {}


def test_mails_with_a_slip_in_them_are_read_the_same() -> None:
    """A character lost, doubled or put where it has a meaning, most of them among the headers."""
    chance = random.Random(1042)
    mails = [raw for _, raw in mails_in(ROOT / "tests" / "mails") if 200 < len(raw) < 8000]
    for _ in range(600):
        raw = bytearray(chance.choice(mails))
        head = len(split_header_block(bytes(raw))[0]) or len(raw)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(head if chance.random() < 0.8 else len(raw))
            raw[at : at + chance.randrange(2)] = chance.choice(SCRAPS)
        assert differs(bytes(raw)) == "", bytes(raw)


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 23 Nov 2026 09:00:00 -0500", "23 Nov 2026 09:00:00 +0530", " Mon, 23 Nov 2026 09:00:00 +0000 (UTC)",
        "Thu, 29 Feb 2024 23:59:59 -0000", "Mon, 23 Nov 2026 09:00:00 -0500 (hora de Colombia)",
    ],
)  # fmt: skip
def test_a_plain_date_is_the_instant_that_the_reader_of_record_gives(written: str) -> None:
    assert plain_date(written) == parse_date(f"{written} (\\))")  # a comment that is not plain


@pytest.mark.parametrize(
    "written",
    [
        "", "Tue, 23 Nov 2026 09:00:00 -0500", "Mon, 31 Nov 2026 09:00:00 -0500", "Mon, 23 Nov 2026 24:00:00 -0500",
        "Mon, 23 Nov 2026 09:00:00 -0560", "Mon, 23 Nov 2026 09:00:60 -0500", "Mon, 23 Nov 0000 09:00:00 -0500",
        "lunes, 23 Nov 2026 09:00:00 -0500", "Mon, 23 Nov 2026 09:00:00 EST",
    ],
)  # fmt: skip
def test_what_is_no_plain_date_is_left_to_the_reader_of_record(written: str) -> None:
    assert plain_date(written) is None


def test_a_plain_date_is_in_utc() -> None:
    assert plain_date("Mon, 23 Nov 2026 20:00:00 -0500") == datetime(2026, 11, 24, 1, tzinfo=UTC)


def test_a_plain_mailbox_is_the_one_that_the_reader_of_record_gives() -> None:
    chance = random.Random(1042)
    trees = [message_from_bytes(raw) for _, raw in mails_in(ROOT / "tests" / "mails")]
    values = [unfold(value) for tree in trees for name in ("From", "To", "Cc") for value in raw_values(tree, name)]
    for _ in range(2000):
        value = list(chance.choice(values))
        at = chance.randrange(len(value) + 1)
        value[at : at + chance.randrange(2)] = chance.choice(SCRAPS).decode("latin-1")
        values.append("".join(value))
    plain = {value: found for value in values if (found := plain_mailbox(value))}
    assert len(plain) > 100
    assert {value: [found] for value, found in plain.items()} == {value: get_addresses(value) for value in plain}
