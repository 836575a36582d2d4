"""The book of letters and the folder of templates hold the same letters, and its buttons have words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from mailgate.letters.book import BOOK, Cap
from mailgate.letters.render import LANGUAGES, Renderer, built_in


def test_every_letter_has_its_row_and_its_templates() -> None:
    """A row without templates would stop mail when it is written; templates without a row are never written."""
    assert set(BOOK) == {path.name.removesuffix(".subject.txt") for path in (built_in() / "es").glob("*.subject.txt")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_of_the_book_has_words(language: str) -> None:
    words = Renderer(zone=ZoneInfo("America/Bogota")).words(language)
    for letter, entry in BOOK.items():
        for key in entry.buttons:
            assert words["buttons"][key]["label"], f"{letter}: {key}"


def test_what_leaves_by_itself_is_capped_and_a_persons_words_are_not() -> None:
    """An agent's answer is never held back by a counter; an acknowledgement must be."""
    assert all(entry.cap is Cap.FREE for entry in BOOK.values() if entry.by_a_person or entry.echoes)
    assert BOOK["acknowledgement"].cap is Cap.UNASKED
