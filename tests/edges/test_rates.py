"""How much mail one sender may send: the counters, the port, and everybody else's mail while a flood runs."""

from __future__ import annotations

import smtplib
import statistics
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from mailgate.errors import StoreUnavailable
from mailgate.intake.rates import MOST_SENDERS, Known, Rates, Remembered
from mailgate.service import Service
from mailgate.settings import Limits, load
from mailgate.store import people
from mailgate.store.base import connection
from mailgate.store.models import Intake, Outgoing, Ticket
from tests.edges.conftest import plain_desk

DESK = "soporte@desk.co"
FLOOD, LONG_FLOOD = 1500, 10_000  # mails tried; a flood costs the same whether it is this or ten times this
CLIENTS = 12


class Clock:
    now = 100 * 3600.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(rates: Rates, times: int, address: str = "x@y.co", known: Known = Known(), peer: str = "192.0.2.1") -> int:  # noqa: B008
    return sum(rates.take(address, peer, known) for _ in range(times))


def test_an_unknown_sender_has_ten_mails_an_hour_a_contact_sixty_a_company_three_hundred(clock: Clock) -> None:
    rates = Rates(Limits(), clock)
    assert taken(rates, 100) == 10
    assert taken(rates, 100, "juan@empresa.co", Known(known=True, company=1)) == 60
    others = [taken(rates, 100, f"p{n}@empresa.co", Known(known=True, company=1)) for n in range(9)]
    assert 60 + sum(others) == 300
    assert taken(rates, 100, "olga@otra.co", Known(known=True, company=2)) == 60  # another company is not touched


def test_an_hour_later_it_may_go_on_little_by_little(clock: Clock) -> None:
    rates = Rates(Limits(), clock)
    assert taken(rates, 100) == 10
    clock.now += 5400
    assert 4 <= taken(rates, 100) <= 6  # half of the hour before still counts
    clock.now += 7200
    assert taken(rates, 100) == 10


def test_who_forges_a_clients_address_elsewhere_uses_up_nothing_of_theirs(clock: Clock) -> None:
    rates = Rates(Limits(), clock)
    juan = Known(known=True, company=1)
    taken(rates, 1000, "juan@empresa.co", juan, "203.0.113.66")
    assert taken(rates, 5, "juan@empresa.co", juan) == 5


def test_a_million_addresses_cost_bounded_memory(clock: Clock) -> None:
    rates = Rates(Limits(), clock)
    for number in range(MOST_SENDERS + 5000):
        rates.take(f"a{number}@y.co", "192.0.2.1", Known())
    assert len(rates._counts) == MOST_SENDERS


@pytest.mark.slow
def test_who_waits_behind_a_question_that_the_store_could_not_answer_is_not_made_to_wait_as_long_again(
    clock: Clock,
) -> None:
    asked: list[str] = []

    def who(address: str) -> Known:
        asked.append(address)
        if len(asked) == 1:
            raise StoreUnavailable("away")
        return Known(known=True)

    remembered = Remembered(who, clock)
    waiting = [remembered.ask(f"{n}@y.co") for n in range(3)]
    assert [type(one.exception(60)) for one in waiting] == [StoreUnavailable] * 3
    assert asked == ["0@y.co"]
    clock.now += 2
    assert remembered.ask("3@y.co").result(60) == remembered.find("3@y.co") == Known(known=True)
    remembered.close()


def test_a_flood_of_one_sender_is_slowed_and_costs_few_rows_while_others_are_served(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    flood = LONG_FLOOD if request.config.getoption("--long") else FLOOD
    environment = plain_desk(tmp_path)
    with Service(load(None, environment)) as service:
        with connection():
            people.save_agent("ana@desk.co", "Ana", _now())
            for n in range(CLIENTS):
                entry = people.ClientEntry(f"L{n}", f"90012345{n}", f"C{n}", contacts=[(f"c{n}@c{n}.co", "")])
                people.save_client(entry, _now())
        assert service.smtp_port
        _time_to_ticket(service.smtp_port, CLIENTS - 1)  # the desk is awake when the flood comes
        replies: Counter[int] = Counter()
        flooders = [threading.Thread(target=_flood, args=(service.smtp_port, n, flood // 5, replies)) for n in range(5)]
        started = time.monotonic()
        for flooder in flooders:
            flooder.start()
        waits = [_time_to_ticket(service.smtp_port, n) for n in range(CLIENTS - 1)]
        for flooder in flooders:
            flooder.join(600)
        with connection():
            rows = Intake.select().where(Intake.sender == "spam@flood.co").count()
            letters = Outgoing.select().where(Outgoing.recipient == "spam@flood.co").count()
    told = f"{flood} mails in {time.monotonic() - started:.0f} s; others' tickets after {sorted(waits)} s"
    print(told)
    assert replies[250] == rows == 10
    assert replies[451] == flood - 10
    assert letters == 0
    assert statistics.median(waits) < 3, waits
    assert max(waits) < 20, waits  # a machine may have other work, too


def _now():  # type: ignore[no-untyped-def]
    from mailgate.service import now

    return now()


def _flood(port: int, number: int, mails: int, replies: Counter[int]) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as session:
        for n in range(mails):
            if n % 100 == 0:
                session.close()
                session.connect("127.0.0.1", port)
                session.ehlo()
            session.docmd("MAIL FROM:<spam@flood.co>")
            code, _ = session.docmd(f"RCPT TO:<{DESK}>")
            if code == 250:
                session.docmd("DATA")
                session.send(f"From: spam@flood.co\r\nSubject: {number}.{n}\r\n\r\nx\r\n.\r\n")
                code, _ = session.getreply()
            else:
                session.docmd("RSET")
            replies[code] += 1


def _time_to_ticket(port: int, n: int) -> float:
    started = time.monotonic()
    mail = f"From: c{n}@c{n}.co\r\nTo: {DESK}\r\nSubject: urgente {n}\r\nMessage-ID: <u{n}@c>\r\n\r\nhola\r\n"
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as session:
        session.sendmail(f"c{n}@c{n}.co", [DESK], mail)
    with connection():
        while not Ticket.select().where(Ticket.requester == f"c{n}@c{n}.co").exists():
            assert time.monotonic() - started < 30
            time.sleep(0.01)
    return time.monotonic() - started
