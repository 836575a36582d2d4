"""A mail whose bytes are damaged or gone, or that takes the whole process down again and again: it is set aside, and
the mails behind it are worked on.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailgate import process
from mailgate.store import intake
from mailgate.store.models import Blob, Intake
from tests.stories import Direct, Person


@pytest.mark.parametrize("how", ["damaged", "gone"])
def test_a_mail_whose_bytes_are_no_more_is_set_aside_and_the_next_is_answered(
    road: Direct, juan: Person, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as nobody_works:
        nobody_works.setattr("tests.stories.run_due", lambda *_: 0)
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
    with monkeypatch.context() as nobody_works:
        nobody_works.setattr("tests.stories.run_due", lambda *_: 0)
        juan.writes("Mortal", "quien me lee muere")
    for _ in range(process.MOST_DEATHS):  # claimed, and never heard of again
        assert intake.claim(road.now, process.LEASE)
        road.now += process.LEASE + timedelta(seconds=1)
    road.works()
    assert Intake.select().get().state == "quarantined"
    juan.writes("La impresora no imprime", "Buenos días, no imprime.")
    juan.receives("La impresora no imprime")
