"""Messages to mobiles through Apprise and a real HTTP gateway: sent, tried again, refused, in quiet hours kept back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mailgate.desk.worktime import Calendar
from mailgate.errors import ConfigError
from mailgate.relay import Dead, Delivered, Later
from mailgate.relay.sms import SmsRelay
from mailgate.settings import Settings, Sms
from mailgate.settings import Store as StoreSettings
from mailgate.store import texts, tickets
from mailgate.store.models import Event, TextMessage
from mailgate.texter import Texter, send_due
from tests.servers import gateway

pytest.importorskip("apprise", reason="apprise (extra sms) is not installed")

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # Monday, 10:00 in Bogotá
OFFICE = Calendar(ZoneInfo("America/Bogota"))
DAY = timedelta(days=1)
MOBILE = "+573001234567"


@pytest.fixture(scope="module")
def running() -> Iterator[gateway.Gateway]:
    with gateway.running() as here:
        yield here


@pytest.fixture
def here(running: gateway.Gateway) -> gateway.Gateway:
    running.sent.clear()
    running.answers.clear()
    running.arrived.clear()
    return running


@pytest.fixture
def relay(here: gateway.Gateway) -> SmsRelay:
    return SmsRelay(Sms(url=here.url))  # type: ignore[arg-type]


@pytest.fixture
def ticket(store: StoreSettings) -> int:
    return tickets.open_ticket(tickets.NewTicket("juan@empresa.co", "Juan", "soporte@desk.co", "No abre", "es"), NOW)


def queue(ticket: int, what: str = "answer", at: datetime = NOW) -> None:
    assert texts.queue(ticket, MOBILE, what, "Soporte: ñandú & más", at, not_before=at, once=f"{what}:{ticket}:{at}")


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def trail(ticket: int) -> list[tuple[str, str]]:
    rows = Event.select().where(Event.ticket == ticket, Event.what.startswith("sms")).order_by(Event.id)
    return [(row.what, row.why) for row in rows]


def test_a_message_reaches_the_gateway_as_it_was_written(relay: SmsRelay, here: gateway.Gateway) -> None:
    assert isinstance(relay.deliver(MOBILE, "Soporte: tu ticket [#1] <tiene> una respuesta & más"), Delivered)
    assert here.sent == [("/573001234567", "Soporte: tu ticket [#1] <tiene> una respuesta & más")]


@pytest.mark.parametrize(
    ("code", "outcome"), [(500, Later), (503, Later), (429, Later), (408, Later), (400, Dead), (404, Dead)]
)
def test_what_the_gateway_says_decides(code: int, outcome: type, relay: SmsRelay, here: gateway.Gateway) -> None:
    here.answers.append(code)
    answered = relay.deliver(MOBILE, "x")
    assert isinstance(answered, outcome)
    assert str(code) in answered.reply


def test_a_gateway_that_is_not_there_is_tried_again_later() -> None:
    assert isinstance(SmsRelay(Sms(url="json://127.0.0.1:9/{mobile}")).deliver(MOBILE, "x"), Later)  # type: ignore[arg-type]


@pytest.mark.parametrize("url", ["json://gateway.local/send", "nothing", "carrier-pigeon://x/{mobile}"])
def test_a_url_that_leads_nowhere_is_refused_at_once(url: str) -> None:
    with pytest.raises(ConfigError, match=r"sms\.url"):
        SmsRelay(Sms(url=url))  # type: ignore[arg-type]


def test_the_url_may_stand_in_a_file_of_its_own(here: gateway.Gateway, tmp_path: Path) -> None:
    (tmp_path / "url").write_text(here.url + "\n")
    assert isinstance(SmsRelay(Sms(url_file=tmp_path / "url")).deliver(MOBILE, "x"), Delivered)


def test_what_became_of_a_message_is_on_its_tickets_trail(ticket: int, relay: SmsRelay, here: gateway.Gateway) -> None:
    queue(ticket)
    queue(ticket, "closing")
    here.answers += [200, 400]
    assert send_due(relay, OFFICE, at(NOW), give_up=DAY) == 1
    assert [what for what, _ in trail(ticket)] == ["sms-sent", "sms-dead"]
    assert "closing to +573001234567: " in trail(ticket)[1][1]
    assert "400" in trail(ticket)[1][1]
    assert texts.counts() == {"queued": 0, "sent": 1, "dead": 1}


def test_a_message_is_tried_again_by_the_outboxs_schedule_and_given_up(
    ticket: int, relay: SmsRelay, here: gateway.Gateway
) -> None:
    queue(ticket)
    here.answers += [503] * 100
    now, rng = NOW, random.Random(1)
    for _ in range(60):
        send_due(relay, OFFICE, at(now), give_up=DAY, rng=rng)
        now += timedelta(hours=1)
    assert 6 <= len(here.sent) < 40  # never by night
    assert trail(ticket)[0][0] == "sms-dead"
    assert "given up after" in trail(ticket)[0][1]


def test_nobody_is_woken_by_night_but_those_on_call(ticket: int, relay: SmsRelay, here: gateway.Gateway) -> None:
    night = NOW + timedelta(hours=12)
    queue(ticket, at=night)
    assert send_due(relay, OFFICE, at(night), give_up=DAY) == 0
    queue(ticket, "urgent", night)
    assert send_due(relay, OFFICE, at(night), give_up=DAY) == 1
    morning = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    assert send_due(relay, OFFICE, at(morning - timedelta(minutes=1)), give_up=DAY) == 0
    assert send_due(relay, OFFICE, at(morning), give_up=DAY) == 1


def test_the_same_thing_is_told_once_and_by_one_sender(ticket: int) -> None:
    queue(ticket)
    assert not texts.queue(ticket, MOBILE, "answer", "x", NOW, not_before=NOW, once=f"answer:{ticket}:{NOW}")
    assert len(texts.claim(NOW, timedelta(minutes=5), 10)) == 1
    assert texts.claim(NOW, timedelta(minutes=5), 10) == []
    assert len(texts.claim(NOW + timedelta(minutes=6), timedelta(minutes=5), 10)) == 1  # its sender has died


def test_who_wants_no_more_while_one_is_under_way_gets_it_at_most_once(ticket: int) -> None:
    queue(ticket)
    (text,) = texts.claim(NOW, timedelta(minutes=5))
    texts.stop("juan@empresa.co", NOW)
    texts.record_end(text, texts.SENT, "taken over", NOW)
    assert texts.claim(NOW + timedelta(minutes=6), timedelta(minutes=5)) == []
    assert texts.next_due() is None


class Slow:
    """A service that takes two minutes for each message."""

    def __init__(self) -> None:
        self.now = NOW
        self.sent = self.free_for_others = 0

    def deliver(self, mobile: str, text: str) -> Delivered:
        self.now += timedelta(minutes=2)
        self.sent += 1
        self.free_for_others += TextMessage.select().where(TextMessage.lease_until < self.now).count()
        return Delivered("taken over")


def test_however_long_a_queue_takes_no_other_sender_may_take_what_is_under_way(ticket: int) -> None:
    for what in ("opening", "answer", "meeting", "closing"):
        queue(ticket, what)
    slow = Slow()
    assert send_due(slow, OFFICE, lambda: slow.now, give_up=DAY, stopping=lambda: slow.sent == 4) == 4
    assert slow.free_for_others == 0
    assert [row.done_at for row in TextMessage.select().order_by(TextMessage.id)][-1] == slow.now


def test_who_stops_begins_with_no_further_message(ticket: int) -> None:
    queue(ticket)
    queue(ticket, "closing")
    slow = Slow()
    assert send_due(slow, OFFICE, lambda: slow.now, give_up=DAY, stopping=lambda: slow.sent == 1) == 1
    assert texts.counts() == {"queued": 1, "sent": 1, "dead": 0}


def test_the_thread_sends_what_is_queued(ticket: int, here: gateway.Gateway, store: StoreSettings) -> None:
    texter = Texter(Settings(sms=Sms(url=here.url)), lambda: NOW)  # type: ignore[arg-type]
    texter.start()
    queue(ticket)
    texter.ring()
    assert here.arrived.wait(20)
    texter.stop()
    assert texts.counts()["sent"] == 1
