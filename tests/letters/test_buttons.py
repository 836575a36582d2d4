"""Buttons: mailto links that every mail program opens as they were meant."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest

from mailgate.desk.tokens import note_address
from mailgate.letters.buttons import mailto, make_buttons
from mailgate.letters.render import LANGUAGES, Renderer
from mailgate.letters.samples import REPLY_TO, TAG


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_opens_a_mail_to_the_reply_address_with_the_number(language: str) -> None:
    words = Renderer(zone=ZoneInfo("America/Bogota")).words(language)
    for button in make_buttons(words, words["buttons"], reply_to=REPLY_TO, tag=TAG):
        url = urlsplit(button["url"])
        assert url.scheme == "mailto"
        assert unquote(url.path) == (note_address(REPLY_TO) if button["key"] == "note" else REPLY_TO)
        assert parse_qs(url.query)["subject"][0].startswith(f"{TAG} ")
        assert button["label"]
        assert button["how"]


def test_the_solved_button_says_it_in_subject_and_body() -> None:
    words = Renderer(zone=ZoneInfo("America/Bogota")).words("es")
    (button,) = make_buttons(words, ["solved"], reply_to=REPLY_TO, tag=TAG)
    assert button["label"] == "Ya se solucionó"
    assert button["url"].endswith("?subject=%5B%231042%5D%20SOLUCIONADO&body=SOLUCIONADO")


def test_a_pqrs_goes_to_its_own_address_when_there_is_one() -> None:
    words = Renderer(zone=ZoneInfo("America/Bogota")).words("es")
    (button,) = make_buttons(words, ["pqrs"], reply_to=REPLY_TO, tag=TAG, pqrs_address="pqrs@desk.example")
    assert button["url"].startswith("mailto:pqrs@desk.example?subject=%5B%231042%5D%20PQRS&body=PQRS%0D%0A%0D%0ATipo")


def test_signs_that_mean_something_in_a_url_are_escaped() -> None:
    """Some programs take + for a blank, and & for the next field."""
    url = mailto("a+b&c@x.example", "1 + 1 & más?", "uno\ndos #fin")
    assert url == "mailto:a%2Bb%26c@x.example?subject=1%20%2B%201%20%26%20m%C3%A1s%3F&body=uno%0D%0Ados%20%23fin"
