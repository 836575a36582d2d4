"""What hardly any line has is seen by plain comparison before a pattern is tried: never less than the pattern sees."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from mailgate.desk import mobiles
from mailgate.mail import attribution, signature
from mailgate.mail.accents import without_accents
from mailgate.mail.attribution_words import WROTE
from mailgate.mail.signature_block import any_of
from mailgate.mail.signature_words import NOTICE_MAY_START, NOTICE_STARTS

MAILS = Path(__file__).resolve().parents[1] / "mails"
BEFORE = ("", "el lun, 23 nov 2026 a las 10:15, ana <ana@x.co> ", "(", "x", "12", "… ")
BEHIND = ("", ":", ".", " me", "a", "(a)", " >:", "1")


@pytest.fixture(scope="module")
def lines() -> list[str]:
    files = sorted(path for path in MAILS.rglob("*") if path.is_file())
    read = {line for path in files for line in path.read_text("utf-8", "replace").split("\n") if len(line) < 2000}
    return sorted({attribution.plain(line) for line in read})


def test_who_wrote_is_found_wherever_the_pattern_finds_it(lines: list[str]) -> None:
    told = [f"{before}{word.casefold()}{behind}" for word in WROTE for before in BEFORE for behind in BEHIND]
    for line in (*lines, *told):
        found, by_pattern = attribution._find_wrote(line), attribution._WROTE.search(line)
        assert (found and found.span()) == (by_pattern and by_pattern.span()), line


@pytest.mark.parametrize("least", ["NOTICE_STARTS", "NOTICE_MAY_START"])
def test_notices_begin_where_a_pattern_says_so(lines: list[str], least: str) -> None:
    phrases = {"NOTICE_STARTS": NOTICE_STARTS, "NOTICE_MAY_START": NOTICE_MAY_START}[least]
    groups = {"NOTICE_STARTS": signature._NOTICE_START, "NOTICE_MAY_START": signature._NOTICE_MAY_START}[least]
    pattern = re.compile(rf"\W{{0,60}}(?:{any_of(phrases)})")
    told = [f"{signs}{phrase.casefold()} x" for phrase in phrases for signs in ("", "* ", "-" * 60, "-" * 61, "a ")]
    for line in (*lines, *told):
        assert signature._begins(line, groups) == bool(pattern.match(line)), line


def test_a_mobile_is_found_wherever_the_pattern_finds_it(lines: list[str]) -> None:
    labels = ("Celular", "MÓVİL", "mobıle", "whatſapp", "Cel.", "número de móvil es", "wsp", "Cell phone", "tel")
    for line in (*lines, *(f"{label}: 300 123 4567" for label in labels)):
        by_pattern = [found["said"].strip(" .-\t") for found in mobiles._LABELLED.finditer(line)]
        assert mobiles._said(line) == by_pattern, line


def test_accents_go_one_by_one_as_all_at_once(lines: list[str]) -> None:
    for line in (*lines, "Peña, Ångström ﬁ ǘ Ệ ק֑ี"):
        apart = unicodedata.normalize("NFKD", line)
        assert without_accents(line, "NFKD") == "".join(char for char in apart if not unicodedata.combining(char))
