"""The next mails are read while those before them are carried out; what is in hand and cannot be worked on is given
back as if it had never been taken.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mailgate import process
from mailgate.errors import StoreUnavailable
from mailgate.mail.message import Envelope, Message
from mailgate.process import run_due
from mailgate.store import intake
from mailgate.store.models import Intake
from tests.stories import Direct

PATIENCE = 60.0  # seconds


@pytest.fixture
def many(road: Direct) -> Direct:
    """Twenty clients have written, and nobody has worked on their mails yet."""
    for n in range(20):
        raw = f"From: cliente{n}@empresa.co\r\nSubject: Caso {n}\r\nMessage-ID: <{n}@empresa.co>\r\n\r\nNo imprime.\r\n"
        envelope = Envelope(f"cliente{n}@empresa.co", ("soporte@desk.co",), "smtp", "192.0.2.7")
        intake.accept_many([intake.Arrival(raw.encode(), envelope, road.now)])
    return road


def test_the_next_mails_are_being_read_before_the_last_ones_are_carried_out(
    many: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = [threading.Event() for _ in range(20)]

    def reads(raw: bytes, envelope: Envelope) -> Message:
        message = many.desk.read(raw, envelope)
        next(one for one in read if not one.is_set()).set()
        return message

    carry_out, in_time = process._carried_out, []

    def carried_out(*args: Any) -> process._Done:
        following = min(2 * len(in_time) + 1, 19)  # of one, two, four, eight mails in hand
        in_time.append(read[following].wait(PATIENCE))
        return carry_out(*args)

    monkeypatch.setattr(process, "_carried_out", carried_out)
    assert run_due(replace(many.desk, read=reads), lambda: many.now) == 20
    assert in_time == [True] * 20
    assert not Intake.select().where(Intake.state == intake.PENDING).exists()


def test_when_the_store_goes_away_all_that_was_taken_is_given_back(
    many: Direct, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreUnavailable("the database cannot serve")

    with monkeypatch.context() as away:
        away.setattr(process, "_carried_out", gone)
        with pytest.raises(StoreUnavailable):
            run_due(many.desk, lambda: many.now)
    assert not Intake.select().where((Intake.attempts != 0) | Intake.lease_until.is_null(False)).exists()
    assert run_due(many.desk, lambda: many.now) == 20


def test_who_is_told_to_stop_finishes_what_was_read_and_gives_the_rest_back(many: Direct) -> None:
    done: list[bool] = []
    worked_on = run_due(many.desk, lambda: many.now, stopping=lambda: bool(done), on_done=lambda: done.append(True))
    assert worked_on == 1
    waiting = Intake.select().where(Intake.state == intake.PENDING)
    assert [(row.attempts, row.lease_until) for row in waiting] == [(0, None)] * 19


def test_a_mail_that_is_read_as_long_as_the_settings_allow_is_taken_once(many: Direct) -> None:
    """A loaded machine takes a minute for each."""
    Intake.delete().where(Intake.id > 6).execute()
    settings = many.desk.settings
    patient = settings.model_copy(update={"limits": settings.limits.model_copy(update={"read_seconds": 90})})

    def reads(raw: bytes, envelope: Envelope) -> Message:
        many.now += timedelta(minutes=1)
        return many.desk.read(raw, envelope)

    assert run_due(replace(many.desk, settings=patient, read=reads), lambda: many.now) == 6
    assert {(row.attempts, row.state) for row in Intake.select()} == {(1, intake.HELD)}
