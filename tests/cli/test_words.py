"""The two languages of the commands say the same things."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import mailgate.cli
from mailgate.cli.words import say
from mailgate.cli.words_en import ENGLISH
from mailgate.cli.words_es import SPANISH
from mailgate.desk.decision import Outcome
from mailgate.desk.facts import Role, Status

CODE = "\n".join(path.read_text() for path in Path(mailgate.cli.__file__).parent.glob("*.py"))


def names_in(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name}


def test_both_languages_have_every_phrase() -> None:
    assert ENGLISH.keys() == SPANISH.keys()


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_both_languages_fill_in_the_same_names(key: str) -> None:
    assert names_in(ENGLISH[key]) == names_in(SPANISH[key])


def test_every_phrase_that_is_said_exists() -> None:
    said = set(re.findall(r"""say\(\s*"([a-z][a-z0-9._-]*)\"""", CODE))
    assert said
    assert said <= ENGLISH.keys()


def test_every_outcome_status_and_role_has_its_word() -> None:
    wanted = {f"outcome.{o.value}" for o in Outcome} | {f"status.{s.value}" for s in Status}
    wanted |= {f"role.{r.value}" for r in Role}
    assert wanted <= ENGLISH.keys()


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"LANG": "es_CO.UTF-8"}, "No hay tickets."),
        ({"LANG": "C.UTF-8"}, "No tickets."),
        ({"LC_ALL": "es_ES.UTF-8", "LANG": "en_US.UTF-8"}, "No hay tickets."),
        ({"LANGUAGE": "en", "LANG": "es_CO.UTF-8"}, "No tickets."),
        ({}, "No tickets."),
    ],
)
def test_the_locale_chooses(environment: dict[str, str], word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert say("ticket.none") == word
