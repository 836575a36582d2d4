"""Accepting, claiming and ending mails, on both engines."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from mailgate.mail.message import Envelope
from mailgate.settings import Store
from mailgate.store import intake
from mailgate.store.base import connection
from mailgate.store.models import Intake

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


def arrival(raw: bytes, *recipients: str) -> intake.Arrival:
    return intake.Arrival(raw, Envelope("ana@cliente.co", recipients, "smtp", "192.0.2.1"), NOW)


def test_the_same_bytes_twice_are_one_intake(store: Store) -> None:
    first, other, again = intake.accept_many(
        [arrival(b"uno", "soporte@x.co"), arrival(b"dos", "soporte@x.co"), arrival(b"uno", "pqrs@x.co")]
    )
    assert first.fresh
    assert other.fresh
    assert not again.fresh
    assert again.intake_id == first.intake_id
    row = Intake.get_by_id(first.intake_id)
    assert row.recipients == ["soporte@x.co", "pqrs@x.co"]  # a second address of ours in one Cc
    assert row.arrivals == 2


def test_a_mail_is_kept_byte_for_byte(store: Store) -> None:
    raw = bytes(range(256)) * 3
    intake.accept_many([arrival(raw)])
    (claim,) = intake.claim(NOW, LEASE)
    assert claim.raw == raw
    assert claim.envelope == Envelope("ana@cliente.co", (), "smtp", "192.0.2.1")


def test_oldest_first_and_each_mail_to_one_worker(store: Store) -> None:
    intake.accept_many([arrival(b"%d" % number) for number in range(5)])
    assert [claim.raw for claim in intake.claim(NOW, LEASE, 2)] == [b"0", b"1"]
    assert [claim.raw for claim in intake.claim(NOW, LEASE, 9)] == [b"2", b"3", b"4"]
    assert intake.claim(NOW, LEASE) == []


def test_large_mails_are_taken_a_few_at_a_time(store: Store) -> None:
    sizes = [intake.HEAVY // 2, intake.HEAVY // 4, intake.HEAVY // 2, 10, intake.HEAVY + 1, 10, 10]
    intake.accept_many([arrival(b"%d" % number * size) for number, size in enumerate(sizes)])
    taken = []
    while claims := intake.claim(NOW, LEASE, 9):
        taken.append([int(claim.raw[:1]) for claim in claims])
    assert taken == [[0, 1], [2, 3], [4], [5, 6]]


def test_a_crashed_workers_mail_comes_back_with_its_attempt_counted(store: Store) -> None:
    intake.accept_many([arrival(b"uno")])
    assert intake.claim(NOW, LEASE)[0].attempt == 1
    assert intake.claim(NOW + timedelta(minutes=4), LEASE) == []
    assert intake.claim(NOW + timedelta(minutes=6), LEASE)[0].attempt == 2


def test_a_postponed_mail_waits_for_its_time(store: Store) -> None:
    intake.accept_many([arrival(b"uno")])
    (claim,) = intake.claim(NOW, LEASE)
    intake.postpone(claim.intake_id, until=NOW + timedelta(hours=1), reason="a bug")
    assert intake.claim(NOW, LEASE) == []
    assert intake.next_due() == NOW + timedelta(hours=1)
    assert intake.claim(NOW + timedelta(hours=1), LEASE)[0].attempt == 2


def test_outcomes_add_up_to_what_was_seen(store: Store) -> None:
    intake.accept_many([arrival(b"%d" % number) for number in range(4)])
    first, second, third = intake.claim(NOW, LEASE, 3)
    intake.finish(first.intake_id, state=intake.DONE, outcome="ticket", reason="", now=NOW)
    intake.finish(second.intake_id, state=intake.DONE, outcome="ticket", reason="", now=NOW)
    intake.finish(third.intake_id, state=intake.QUARANTINED, outcome="quarantined", reason="", now=NOW)
    assert intake.outcomes() == {"ticket": 2, "quarantined": 1, "pending": 1}


def test_a_quarantined_mail_is_replayed_as_if_it_had_just_come(store: Store) -> None:
    intake.accept_many([arrival(b"uno")])
    (claim,) = intake.claim(NOW, LEASE)
    assert not intake.replay(claim.intake_id, NOW)  # it is being worked on
    intake.finish(claim.intake_id, state=intake.QUARANTINED, outcome="quarantined", reason="boom", now=NOW)
    assert intake.replay(claim.intake_id, NOW)
    (again,) = intake.claim(NOW, LEASE)
    assert (again.raw, again.attempt) == (b"uno", 1)


def test_four_workers_at_once_take_each_mail_once(store: Store) -> None:
    intake.accept_many([arrival(b"%d" % number) for number in range(60)])
    taken: list[int] = []

    def work() -> None:
        with connection():
            while claims := intake.claim(NOW, LEASE, 3):
                taken.extend(claim.intake_id for claim in claims)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 60
