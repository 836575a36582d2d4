"""Mails of one person or one ticket are worked on in the order they came, by however many; each by one at a time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from mailgate.mail.lane import Lane, find_lane
from mailgate.mail.message import Envelope
from mailgate.settings import Store
from mailgate.store import intake
from mailgate.store.base import connection

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LEASE = timedelta(seconds=45)
TOKEN = "t1042.abcdefgh.abcdefghabcdefgh"


def comes(author: str, subject: str, text: str = "", *, seconds: int = 0) -> int:
    raw = f"From: {author}\r\nSubject: {subject}\r\n\r\n{text or subject}\r\n".encode()
    arrival = intake.Arrival(raw, Envelope(author, ("soporte@desk.co",), "smtp"), NOW + timedelta(seconds=seconds))
    return intake.accept_many([arrival])[0].intake_id


@pytest.mark.parametrize(
    ("headers", "lane"),
    [
        ("From: Juan <Juan@Empresa.co>\r\nSubject: Re: [#1042] No imprime\r\n", Lane("Juan@empresa.co", 1042)),
        ("Subject: =?utf-8?b?WyMxMDQyXQ==?=\r\nFrom: juan@empresa.co\r\n", Lane("juan@empresa.co", 1042)),
        (f"From: j@e.co\r\nSubject: hola\r\nTo: soporte+{TOKEN}@desk.co\r\n", Lane("j@e.co", 1042)),
        (f"From: j@e.co\r\nSubject: hola\r\nReferences: <a@b>\r\n <{TOKEN}@desk.co>\r\n", Lane("j@e.co", 1042)),
        ("From: j@e.co\r\nSubject: hola\r\n\r\n[#1042]", Lane("j@e.co", None)),
        ("\xff\x00: nothing", Lane()),
        ("", Lane()),
    ],
)
def test_a_glance_tells_author_and_ticket(headers: str, lane: Lane) -> None:
    found = find_lane(headers.encode("latin-1") + b"\r\n")
    assert (found.author.casefold(), found.ticket) == (lane.author.casefold(), lane.ticket)


def test_of_one_person_and_of_one_ticket_one_mail_at_a_time(store: Store) -> None:
    first = comes("juan@empresa.co", "No imprime")
    second = comes("juan@empresa.co", "Sigue sin imprimir", seconds=1)
    other = comes("luisa@empresa.co", "Re: [#7] Factura", seconds=2)
    same_ticket = comes("ana@desk.co", "Re: [#7] Factura", seconds=3)
    later = NOW + timedelta(seconds=10)

    (one,) = intake.claim(later, LEASE)
    (two,) = intake.claim(later, LEASE)
    assert (one.intake_id, two.intake_id) == (first, other)
    assert intake.claim(later, LEASE) == [], "the rest has to wait for its predecessors"

    intake.finish(first, state=intake.DONE, outcome="ticket", reason="", now=later, attempt=1)
    assert [c.intake_id for c in intake.claim(later, LEASE)] == [second]
    intake.finish(other, state=intake.DONE, outcome="comment", reason="", now=later, attempt=1)
    assert [c.intake_id for c in intake.claim(later, LEASE)] == [same_ticket]


def test_a_mail_that_has_to_be_tried_again_holds_up_none_of_its_author(store: Store) -> None:
    first, second = comes("juan@empresa.co", "uno"), comes("juan@empresa.co", "dos", seconds=1)
    intake.claim(NOW, LEASE)
    intake.postpone(first, until=NOW + timedelta(minutes=1), reason="a bug", attempt=1)
    assert [c.intake_id for c in intake.claim(NOW + timedelta(seconds=2), LEASE)] == [second]


def test_who_was_too_slow_changes_nothing(store: Store) -> None:
    mail = comes("juan@empresa.co", "uno")
    intake.claim(NOW, LEASE)
    later = NOW + LEASE + timedelta(seconds=1)
    (again,) = intake.claim(later, LEASE)
    assert (again.intake_id, again.attempt) == (mail, 2)
    with pytest.raises(intake.Overtaken):
        intake.finish(mail, state=intake.DONE, outcome="ticket", reason="", now=later, attempt=1)
    intake.finish(mail, state=intake.DONE, outcome="ticket", reason="", now=later, attempt=2)
    with pytest.raises(intake.Overtaken):
        intake.postpone(mail, until=later, reason="", attempt=2)


TAKES_A_MAIL = """
import sys, time
from datetime import datetime, timedelta
from mailgate.settings import Store
from mailgate.store import intake
from mailgate.store.base import connection, open_store
open_store(Store(url=sys.argv[1]))
with connection():
    (claim,) = intake.claim(datetime.fromisoformat(sys.argv[2]), timedelta(seconds=45))
    print(claim.attempt, flush=True)
    time.sleep(600)
"""


def test_what_a_killed_process_had_in_hand_is_free_at_once(store: Store) -> None:
    """And what a living one has is not, whoever else was killed."""
    first, second = comes("juan@empresa.co", "uno"), comes("juan@empresa.co", "dos", seconds=1)
    other = comes("luisa@empresa.co", "tres", seconds=2)
    command = [sys.executable, "-c", TAKES_A_MAIL, store.url, (NOW + timedelta(seconds=5)).isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        (ours,) = intake.claim(NOW + timedelta(seconds=5), LEASE, 8)
        assert ours.intake_id == other
        holder.kill()
        for _ in range(300):  # until the server has seen it; its parent has not yet
            if claims := intake.claim(NOW + timedelta(seconds=6), LEASE, 8):
                break
            time.sleep(0.05)
    assert [(claim.intake_id, claim.attempt) for claim in claims] == [(first, 2)]
    intake.finish(first, state=intake.DONE, outcome="ticket", reason="", now=NOW, attempt=2)
    assert [claim.intake_id for claim in intake.claim(NOW + timedelta(seconds=6), LEASE, 8)] == [second]


def test_what_could_not_be_worked_on_is_given_back_uncounted(store: Store) -> None:
    comes("juan@empresa.co", "uno")
    (claim,) = intake.claim(NOW, LEASE)
    intake.give_back(claim)
    (again,) = intake.claim(NOW, LEASE)
    assert again.attempt == 1


def test_many_workers_keep_each_persons_order(store: Store) -> None:
    authors = [f"p{n}@empresa.co" for n in range(4)]
    for serial in range(6):
        for author in authors:
            comes(author, f"mail {serial}", f"{author} {serial}", seconds=serial)
    done: dict[str, list[int]] = {author: [] for author in authors}
    in_hand: set[str] = set()
    clashes: list[str] = []
    lock = threading.Lock()

    def work() -> None:
        with connection():
            while any(len(serials) < 6 for serials in done.values()):
                for claim in intake.claim(NOW + timedelta(minutes=1), LEASE):
                    author, _, serial = claim.raw.decode().rstrip().rpartition("\n")[2].partition(" ")
                    with lock:
                        clashes.extend([author] if author in in_hand else [])
                        in_hand.add(author)
                    done[author].append(int(serial))
                    with lock:
                        in_hand.discard(author)
                    now = NOW + timedelta(minutes=1)
                    intake.finish(
                        claim.intake_id, state=intake.DONE, outcome="ticket", reason="", now=now, attempt=claim.attempt
                    )

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert clashes == []
    assert all(serials == list(range(6)) for serials in done.values()), done
