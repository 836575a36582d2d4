"""A mail whose bytes are damaged or gone, or that takes the whole process down again and again: it is set aside, and
the mails behind it are worked on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from mailgate import ahead, process
from mailgate.judgement import Judgement
from mailgate.store import intake
from mailgate.store.models import Blob, Intake, Ticket
from tests.stories import Direct, Person


@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_a_mail_whose_bytes_are_no_more_is_set_aside_and_the_next_is_answered(
    road: Direct, juan: Person, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with road.nobody_works():
        juan.writes("Perdido", "esto se daña en el disco")
    broken = Intake.select().get()
    if how == "damaged":
        Blob.update(data=b"otra cosa").where(Blob.digest == broken.digest).execute()
    else:
        Blob.delete().where(Blob.digest == broken.digest).execute()
    juan.writes("La impresora no imprime", "Buenos días, no imprime.")
    juan.receives("La impresora no imprime")
    for _ in range(3):
        road.now += timedelta(minutes=5)
        road.works()
    broken = Intake.get_by_id(broken.id)
    assert (broken.state, broken.attempts) == ("quarantined", 3)
    assert "bytes" in broken.reason


def test_a_mail_that_kills_whoever_works_on_it_is_set_aside_in_the_end(
    road: Direct, juan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with road.nobody_works():
        juan.writes("Mortal", "quien me lee muere")
    for _ in range(ahead.MOST_DEATHS):  # claimed, and never heard of again
        assert intake.claim(road.now, ahead.LEASE)
        road.now += ahead.LEASE + timedelta(seconds=1)
    road.works()
    assert Intake.select().get().state == "quarantined"
    juan.writes("La impresora no imprime", "Buenos días, no imprime.")
    juan.receives("La impresora no imprime")


def test_of_mails_worked_on_together_one_that_trips_us_up_undoes_itself_alone(
    road: Direct, juan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share one transaction; each has its savepoint."""
    luisa = Person(road, "luisa@empresa.co", "Luisa Ríos")
    with road.nobody_works():
        juan.writes("La impresora no imprime", "Buenos días, no imprime.")
        juan.writes("Tropiezo", "con esto se cae")
        luisa.writes("El inventario no cuadra", "Buenas tardes, no cuadra.")
    finish = process._finish

    def trips(judgement: Judgement, *rest: Any) -> None:
        finish(judgement, *rest)
        if judgement.message.subject == "Tropiezo":
            raise RuntimeError("a bug, after everything was written")

    with monkeypatch.context() as a_bug:
        a_bug.setattr(process, "_finish", trips)
        road.works()
    juan.receives("La impresora no imprime")
    luisa.receives("El inventario no cuadra")
    assert [row.subject for row in Ticket.select().order_by(Ticket.id)] == [
        "La impresora no imprime",
        "El inventario no cuadra",
    ]
    assert (
        Intake.select().where(Intake.state == "pending").get().reason
        == "RuntimeError: a bug, after everything was written"
    )

    road.now += timedelta(minutes=5)
    road.works()
    juan.receives("Tropiezo")


def test_of_mails_whose_worker_died_fewer_and_fewer_go_together(
    road: Direct, juan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what kills its worker again and again soon takes no other mail's attempt with it."""
    luisa = Person(road, "luisa@empresa.co", "Luisa Ríos")
    with road.nobody_works():
        juan.writes("Mortal", "quien me lee muere")
        luisa.writes("El inventario no cuadra", "Buenas tardes, no cuadra.")
    for _ in range(ahead.AT_ONCE.bit_length() - 1):
        assert len(intake.claim(road.now, ahead.LEASE, ahead.AT_ONCE)) == 2  # and the worker dies
        road.now += ahead.LEASE + timedelta(seconds=1)
    for _ in range(2):
        (alone,) = intake.claim(road.now, ahead.LEASE, ahead.AT_ONCE)
        assert b"Mortal" in alone.raw
        (other,) = intake.claim(road.now, ahead.LEASE, ahead.AT_ONCE)
        assert b"inventario" in other.raw
        intake.give_back(other)
        road.now += ahead.LEASE + timedelta(seconds=1)


def test_who_trips_over_the_next_mails_gives_back_what_was_read(
    road: Direct, juan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would wait for the end of its lease, though nobody has it in hand."""
    luisa = Person(road, "luisa@empresa.co", "Luisa Ríos")
    with road.nobody_works():
        juan.writes("La impresora no imprime", "Buenos días, no imprime.")
        luisa.writes("El inventario no cuadra", "Buenas tardes, no cuadra.")
    Intake.update(recipients=7).where(Intake.sender == "luisa@empresa.co").execute()  # a row that we wrote wrong
    with pytest.raises(TypeError):
        road.works()
    Intake.delete().where(Intake.sender == "luisa@empresa.co").execute()
    road.works()
    juan.receives("La impresora no imprime")
