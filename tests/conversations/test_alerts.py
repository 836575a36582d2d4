"""What the operator is written to about, beside the log: a template of theirs that letters cannot be written with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailgate.alerts import raise_alerts
from mailgate.judgement import Desk
from mailgate.letters.render import Renderer
from mailgate.settings import Relay
from tests.stories import Direct, Person, maildir_letters


@pytest.fixture
def desk(desk: Desk, tmp_path: Path) -> Desk:
    """The desk of an operator who wrote an acknowledgement of their own, with a mistake in it."""
    (tmp_path / "own" / "es").mkdir(parents=True)
    (tmp_path / "own" / "es" / "acknowledgement.txt").write_text("Hola {{ nombr }}")
    alerts = desk.settings.alerts.model_copy(update={"to": ("operador@desk.co",)})
    relay = Relay(maildir=tmp_path / "alerts")
    settings = desk.settings.model_copy(update={"alerts": alerts, "relay": relay})
    renderer = Renderer(zone=ZoneInfo("America/Bogota"), directory=tmp_path / "own")
    return replace(desk, settings=settings, office=replace(desk.office, settings=settings, renderer=renderer))


def test_a_broken_template_stops_no_letter_and_its_operator_is_told_once_a_day(
    desk: Desk, juan: Person, road: Direct, tmp_path: Path
) -> None:
    assert raise_alerts(desk, road.now) == 0
    juan.writes("La nómina no cierra", "Sale «error 512».")
    juan.receives("[#1] La nómina no cierra", "Recibimos tu mensaje")
    assert raise_alerts(desk, road.now) == 1
    (told,) = maildir_letters(tmp_path / "alerts")
    assert b"operador@desk.co" in told
    assert b"es/acknowledgement.txt" in told
    assert raise_alerts(desk, road.now + timedelta(minutes=20)) == 0
    raise_alerts(desk, road.now + timedelta(days=1))
    assert b"es/acknowledgement.txt" in maildir_letters(tmp_path / "alerts")[-1]
