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
from tests.stories import Direct, Person, maildir_letters, received


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


@pytest.mark.parametrize("how", ["mended", "removed"])
def test_a_template_that_was_mended_is_told_of_no_more(
    how: str, desk: Desk, juan: Person, road: Direct, tmp_path: Path
) -> None:
    juan.writes("La nómina no cierra", "Sale «error 512».")
    assert desk.office.renderer.stood_in() == ["es/acknowledgement.txt"]
    own = tmp_path / "own" / "es" / "acknowledgement.txt"
    if how == "removed":
        own.unlink()
    else:
        own.write_text("Hola, {{ name }}, ya está.")
        juan.writes("La impresora no imprime", "Sale en blanco.")
    assert desk.office.renderer.stood_in() == []


def test_the_operator_hears_in_time_that_too_much_waits_for_somebody_to_decide(
    desk: Desk, road: Direct, tmp_path: Path
) -> None:
    limits = desk.settings.limits.model_copy(update={"waiting_mails": 5})
    desk = replace(desk, settings=desk.settings.model_copy(update={"limits": limits}))
    for n in range(4):
        assert raise_alerts(desk, road.now) == 0
        Person(road, f"nadie{n}@lejos.co", "Nadie").writes(f"Hola {n}", "¿Hay alguien?")
    assert raise_alerts(desk, road.now) == 1
    (told,) = (received(raw).text for raw in maildir_letters(tmp_path / "alerts"))
    assert "4 correos (0 MB) esperan a que alguien decida" in told
    raise_alerts(desk, road.now + timedelta(hours=1))  # of letters that nobody sends here
    assert sum("esperan a que alguien" in received(raw).text for raw in maildir_letters(tmp_path / "alerts")) == 1
