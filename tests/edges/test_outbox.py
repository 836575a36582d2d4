"""The outbox on both engines, against a real SMTP server: each letter leaves once, waits its time, or is given up."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.outbox import IN_HAND, LEAST_TRIES, SCHEDULE, THEN, Sender, next_try, send_due
from mailgate.relay.smtp import SmtpRelay
from mailgate.settings import Relay, Store
from mailgate.store import outbox
from mailgate.store.base import connection, is_sqlite, transaction
from mailgate.store.models import Event, Outgoing, Ticket, database
from tests.edges.sink import HANG_UP, WAIT, Sink, listening

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)
FIVE_DAYS = timedelta(days=5)
PATIENCE = 60  # seconds after which a test gives up waiting for a thread


@pytest.fixture
def sink() -> Iterator[Sink]:
    with listening() as server:
        yield server


def settings(port: int, **changes: object) -> Relay:
    base = {"kind": "smtp", "host": "127.0.0.1", "port": port, "tls": "none", "connections": 2}
    return Relay.model_validate(base | changes)


@pytest.fixture
def relay(sink: Sink) -> Iterator[SmtpRelay]:
    opened = SmtpRelay(settings(sink.port))
    yield opened
    opened.close()


class Clock:
    """A time that moves when the test says so."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def written(n: int, **changes: Any) -> outbox.NewLetter:
    values = {
        "letter": "answer", "role": "client", "automatic": False, "sender": "", "recipient": f"a{n}@c.example",
        "message_id": f"<{n}@desk.example>", "nonce": f"nonce{n}", "subject": f"Carta {n}", "text": f"Texto {n}",
        "raw": b"Message-ID: <%d@desk.example>\r\n\r\nHola\r\n" % n,
    }  # fmt: skip
    return outbox.NewLetter(**(values | changes))


def put(n: int = 1, *, now: datetime = NOW, **changes: Any) -> int:
    """One letter in the outbox; its id."""
    made = outbox.queue(written(n, **changes), now)
    assert made is not None
    return made


def new_ticket() -> int:
    common = {"requester": "ana@c.example", "desk_address": "s@desk.example", "subject": "x", "language": "es"}
    return int(Ticket.create(**common, status="new", opened_at=NOW, updated_at=NOW).id)


def row(letter: int) -> outbox.Row:
    found = outbox.get(letter)
    assert found is not None
    return found


def until(condition: Callable[[], bool], wake: Callable[[], None] = lambda: None) -> None:
    """Wait for a thread to have done something."""
    ticks = threading.Event()
    for _ in range(PATIENCE * 50):
        if condition():
            return
        wake()
        ticks.wait(0.02)
    raise AssertionError("it never happened")


# --- the rows


def test_what_must_not_be_said_twice_is_queued_once(store: Store) -> None:
    assert put(1, once="ack:1042")
    assert outbox.queue(written(9, once="ack:1042"), NOW) is None
    put(2)
    put(3)  # those that may be repeated are
    assert outbox.counts() == {"queued": 3, "sent": 0, "dead": 0}


def test_a_letter_is_taken_by_one_and_comes_back_when_its_lease_ends(store: Store) -> None:
    letter = put()
    (parcel,) = outbox.claim(NOW, LEASE, 5)
    assert (parcel.id, parcel.recipient, parcel.attempts, parcel.created_at) == (letter, "a1@c.example", 1, NOW)
    assert parcel.raw == b"Message-ID: <1@desk.example>\r\n\r\nHola\r\n"
    assert outbox.claim(NOW + MINUTE, LEASE) == []
    assert outbox.claim(NOW + 3 * MINUTE, LEASE)[0].attempts == 2


def test_a_lease_can_be_kept_while_a_letter_is_under_way(store: Store) -> None:
    letter = put()
    outbox.claim(NOW, LEASE)
    outbox.extend([letter], NOW + 10 * MINUTE)
    assert outbox.claim(NOW + 5 * MINUTE, LEASE) == []


def test_letters_leave_in_the_order_they_are_due(store: Store) -> None:
    late, early = put(1, now=NOW + MINUTE), put(2)
    assert [parcel.id for parcel in outbox.claim(NOW, LEASE, 9)] == [early]
    assert [parcel.id for parcel in outbox.claim(NOW + MINUTE, LEASE, 9)] == [late]


def test_the_next_letter_due_is_known(store: Store) -> None:
    assert outbox.next_due() is None
    put(now=NOW + MINUTE)
    assert outbox.next_due() == NOW + MINUTE
    outbox.claim(NOW + MINUTE, LEASE)
    assert outbox.next_due() == NOW + 3 * MINUTE  # should whoever has it be dead


def test_a_backlog_makes_no_letter_slower(store: Store) -> None:
    """A relay that was away for a day leaves a hundred thousand letters; nobody may have to read them all."""

    def steps() -> int:
        taken = 0

        def count() -> int:
            nonlocal taken
            taken += 1
            return 0

        session = database.connection()
        session.set_progress_handler(count, 1)
        outbox.look()
        outbox.claim(NOW, LEASE, 2)
        outbox.claim(NOW, LEASE, 2, strays=False)
        session.set_progress_handler(None, 0)
        return taken

    if not is_sqlite():
        pytest.skip("only SQLite counts its steps")
    for n in range(10):
        put(n)
    few = steps()
    with transaction():
        for n in range(10, 300):
            put(n)
    assert steps() < 1.5 * few


def test_a_letter_is_found_by_what_comes_back_with_it(store: Store) -> None:
    ticket = new_ticket()
    letter = put(ticket=ticket)
    by_nonce, by_id = outbox.find_by_nonce("nonce1"), outbox.find_by_message_id("<1@desk.example>")
    assert by_nonce == by_id == outbox.get(letter)
    assert by_nonce is not None
    assert (by_nonce.issued.ticket, by_nonce.issued.recipient) == (ticket, "a1@c.example")
    assert outbox.find_by_nonce("nobody") is None
    assert outbox.raw_of(letter) == b"Message-ID: <1@desk.example>\r\n\r\nHola\r\n"
    assert outbox.raw_of(letter + 1) is None


def test_what_we_told_somebody_is_remembered_newest_first(store: Store) -> None:
    ticket, other = new_ticket(), new_ticket()
    for n in (1, 2, 3):
        put(n, ticket=ticket, recipient="ana@c.example")
    put(4, ticket=other, recipient="ana@c.example")
    put(5, ticket=ticket, recipient="leo@c.example")
    assert outbox.texts_sent(ticket, "ana@c.example", 2) == ["Texto 3", "Texto 2"]
    assert outbox.message_ids_sent(ticket, "ana@c.example", 2) == ["<2@desk.example>", "<3@desk.example>"]
    assert [one.id for one in outbox.rows(ticket=ticket)] == [5, 3, 2, 1]
    assert [one.id for one in outbox.rows(state="queued", most=2)] == [5, 4]


def test_automatic_letters_are_counted_for_the_caps(store: Store) -> None:
    ticket = new_ticket()
    earlier = {"now": NOW - timedelta(hours=2), "ticket": ticket, "letter": "acknowledgement"}
    put(1, automatic=True, recipient="ana@c.example", **earlier)
    put(2, automatic=True, recipient="ana@c.example")
    put(3, automatic=True, recipient="leo@c.example")
    put(4, recipient="ana@c.example")  # a person's words count for nothing
    put(5, automatic=True, recipient="ana@c.example", ticket=new_ticket(), letter="acknowledgement")
    hour = NOW - timedelta(hours=1)
    assert outbox.automatic_to("ana@c.example", NOW, "acknowledgement", ticket) == (2, 3, 2, 1, 4)
    assert outbox.automatic_to("ana@c.example", NOW, "closed") == (2, 3, 0, 0, 4)
    assert outbox.automatic_to("nobody@c.example", NOW) == (0, 0, 0, 0, 4)
    assert outbox.automatic_to("ana@c.example", NOW + timedelta(days=2)) == (0, 0, 0, 0, 0)
    assert outbox.automatic_since(hour) == 3


# --- one pass


def test_a_pass_delivers_everything_due(store: Store, sink: Sink, relay: SmtpRelay) -> None:
    letters = [put(n) for n in range(5)]
    put(9, now=NOW + MINUTE)
    assert send_due(relay, NOW) == 5
    assert sink.recipients() == [f"a{n}@c.example" for n in range(5)]
    assert row(letters[0]).state == "sent"
    assert row(letters[0]).reply == "250 2.0.0 taken as 4711"
    assert row(letters[0]).done_at == NOW
    assert outbox.counts() == {"queued": 1, "sent": 5, "dead": 0}
    assert send_due(relay, NOW) == 0


def test_a_large_letter_is_not_read_before_it_is_sent(store: Store, sink: Sink, relay: SmtpRelay) -> None:
    raw = b"Message-ID: <1@desk.example>\r\n\r\n" + b"Hola, hola.\r\n" * 30_000
    put(raw=raw)
    (parcel,) = outbox.claim(NOW, MINUTE)
    complete = outbox.whole(parcel)
    assert complete is not None
    assert (parcel.raw, complete.raw) == (b"", raw)
    assert send_due(relay, NOW + LEASE) == 1
    assert [letter.content for letter in sink.letters] == [raw]


def test_a_large_letter_that_was_erased_meanwhile_leaves_nobody_an_empty_mail(store: Store, sink: Sink) -> None:
    sink.answers["a1@c.example"] = [WAIT, "250 2.1.5 ok"]
    raw = b"Message-ID: <1@desk.example>\r\n\r\n" + b"Hola, hola.\r\n" * 30_000
    put(1, raw=raw)
    erased = put(2, raw=raw)
    sender = sending(sink.port, settings={"connections": 1})
    sender.start()
    assert sink.arrived.wait(PATIENCE)  # the first one stands at the relay, the second one is in hand
    Outgoing.update(raw=b"").where(Outgoing.id == erased).execute()
    sink.release()
    until(lambda: outbox.counts() == {"queued": 0, "sent": 1, "dead": 1})
    assert sender.stop()
    assert sink.recipients() == ["a1@c.example"]
    assert row(erased).reply == "the letter is not kept any more"


def test_a_letter_that_must_wait_is_tried_again_by_the_schedule(store: Store, sink: Sink, relay: SmtpRelay) -> None:
    letter, moment = put(), NOW
    sink.answers = {"a1@c.example": ["450 4.2.0 greylisted", "451 4.3.0 busy", "250 ok"]}
    for minutes in (1, 2):
        assert send_due(relay, moment) == 0
        waits = row(letter).next_attempt_at - moment
        assert timedelta(minutes=0.8 * minutes) <= waits <= timedelta(minutes=1.2 * minutes)
        moment += waits
    assert row(letter).reply == "451 4.3.0 busy"
    assert send_due(relay, moment - MINUTE) == 0
    assert send_due(relay, moment) == 1
    assert row(letter).attempts == 3


def test_a_refused_letter_is_dead_at_once_and_its_ticket_says_why(store: Store, sink: Sink, relay: SmtpRelay) -> None:
    ticket = new_ticket()
    letter, told = put(ticket=ticket), []
    sink.answers = {"a1@c.example": ["550 5.1.1 no such user"]}
    assert send_due(relay, NOW, on_dead=told.append) == 0
    assert row(letter).state == "dead"
    event = Event.get(Event.ticket == ticket)
    assert (event.what, event.why, event.data["recipient"]) == ("letter-dead", "550 5.1.1 no such user", "a1@c.example")
    assert told == [letter]
    assert send_due(relay, NOW + FIVE_DAYS, on_dead=told.append) == 0
    assert told == [letter]


def test_a_letter_is_given_up_after_five_days_with_the_last_answer(store: Store, sink: Sink, relay: SmtpRelay) -> None:
    letter, moment = put(ticket=new_ticket()), NOW
    sink.answers = {"a1@c.example": ["450 4.2.2 mailbox full"]}
    while row(letter).state == "queued":
        send_due(relay, moment)
        moment = max(row(letter).next_attempt_at, moment + timedelta(seconds=1))
    assert FIVE_DAYS <= moment - NOW <= FIVE_DAYS + timedelta(hours=2)
    assert row(letter).reply.endswith("the last answer was: 450 4.2.2 mailbox full")
    assert outbox.retry(letter, moment)
    sink.answers.clear()
    assert send_due(relay, moment) == 1
    assert not outbox.retry(letter, moment)  # what was sent is not sent again


def test_an_unreachable_host_costs_no_letter_an_attempt(store: Store) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        closed = SmtpRelay(settings(nobody.getsockname()[1]))
        letters = [put(n) for n in range(3)]
        for day in range(20):
            assert send_due(closed, NOW + timedelta(days=day)) == 0
    assert [row(letter).attempts for letter in letters] == [0, 0, 0]
    assert {row(letter).state for letter in letters} == {"queued"}
    assert any(row(letter).reply.startswith("127.0.0.1:") for letter in letters)


def test_one_letter_that_upsets_the_relay_does_not_block_the_others(store: Store, sink: Sink, relay: SmtpRelay) -> None:
    bad = put(1)
    put(2)
    sink.answers = {"a1@c.example": [HANG_UP]}
    assert send_due(relay, NOW) == 1
    assert row(bad).state == "queued"
    assert row(bad).attempts == 1


def test_after_a_crash_the_same_letter_is_sent_again(store: Store, sink: Sink, relay: SmtpRelay) -> None:
    """The relay said 250, and we died before we wrote it down."""
    put()
    (parcel,) = outbox.claim(NOW, LEASE)
    relay.deliver(parcel)
    assert send_due(relay, NOW + MINUTE) == 0
    assert send_due(relay, NOW + 3 * MINUTE) == 1
    first, second = sink.letters
    assert first.content == second.content


def test_when_the_notice_fails_the_letter_is_dead_all_the_same(store: Store, sink: Sink, relay: SmtpRelay) -> None:
    letter = put(ticket=new_ticket())
    sink.answers = {"a1@c.example": ["550 no"]}

    def broken(_: int) -> None:
        put(99)
        raise RuntimeError("a bug in the notice")

    send_due(relay, NOW, on_dead=broken)
    assert row(letter).state == "dead"
    assert outbox.counts()["queued"] == 0  # half a notice is none
    assert Event.select().count() == 1


# --- the schedule


@given(st.integers(1, 500), st.integers(0, 10_000), st.integers())
def test_tries_come_later_and_later_and_end(attempts: int, minutes: int, seed: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    again = next_try(attempts, NOW, now, random.Random(seed), FIVE_DAYS)
    if again is None:
        assert now - NOW >= FIVE_DAYS
        assert attempts >= LEAST_TRIES
    else:
        usual = SCHEDULE[attempts - 1] if attempts <= len(SCHEDULE) else THEN
        assert 0.8 * usual <= again - now <= 1.2 * usual


def test_a_letter_that_slept_while_we_were_off_still_gets_its_tries() -> None:
    """A laptop that was closed for a week, or a clock that jumped, kills no letter."""
    assert next_try(1, NOW, NOW + timedelta(days=400), random.Random(1), FIVE_DAYS) is not None


# --- in threads


def sending(port: int, clock: Clock | None = None, **options: Any) -> Sender:
    changes = options.pop("settings", {})
    return Sender(settings(port, **changes), clock=clock or Clock(), rng=random.Random(1), **options)


def test_the_sender_empties_the_outbox_over_its_connections(store: Store, sink: Sink) -> None:
    for n in range(60):
        put(n)
    sender = sending(sink.port)
    sender.start()
    until(lambda: outbox.counts()["sent"] == 60)
    put(61)
    sender.ring()
    until(lambda: outbox.counts()["sent"] == 61)
    assert sender.stop()
    assert sorted(sink.recipients()) == sorted([*(f"a{n}@c.example" for n in range(60)), "a61@c.example"])
    assert sink.connections <= 2


def test_large_letters_leave_one_by_one_and_small_ones_go_past(store: Store, sink: Sink) -> None:
    sink.answers["a1@c.example"] = [WAIT, "250 2.1.5 ok"]
    large = [b"Message-ID: <%d@desk.example>\r\n\r\n" % n + (b"%d" % n * 70 + b"\r\n") * 5_000 for n in (1, 2)]
    for n, raw in enumerate(large, 1):
        put(n, raw=raw)
    put(3)
    sender = sending(sink.port, settings={"connections": 3})
    sender.start()
    until(lambda: outbox.counts()["sent"] == 1)
    assert sink.recipients() == ["a3@c.example"]
    sink.release()
    until(lambda: outbox.counts()["sent"] == 3)
    assert sender.stop()
    assert [letter.content for letter in sink.letters[1:]] == large


def test_two_senders_never_send_one_letter_twice(store: Store, sink: Sink) -> None:
    for n in range(80):
        put(n)
    senders = [sending(sink.port), sending(sink.port)]
    for sender in senders:
        sender.start()
    until(lambda: outbox.counts()["sent"] == 80)
    assert all(sender.stop() for sender in senders)
    assert sorted(sink.recipients()) == sorted(f"a{n}@c.example" for n in range(80))


def test_while_the_host_is_down_one_probe_goes_at_a_time(store: Store) -> None:
    for n in range(50):
        put(n)
    clock, calls = Clock(), []
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=slam, args=(door, calls), daemon=True).start()
        sender = sending(door.getsockname()[1], clock, settings={"connections": 3})
        sender.start()
        until(lambda: len(calls) >= 3 and nothing_under_way())
        began = len(calls)  # what the connections began with before the first answer was heard
        for probes in range(1, 4):
            clock.now += timedelta(minutes=10)
            until(lambda expected=began + probes: len(calls) >= expected and nothing_under_way(), sender.ring)
        assert sender.stop()
    assert began <= 3 * IN_HAND
    assert len(calls) == began + 3
    with connection():
        assert {one.attempts for one in outbox.rows()} == {0}


def nothing_under_way() -> bool:
    return not Outgoing.select().where(Outgoing.lease_until.is_null(False)).exists()


def slam(door: socket.socket, calls: list[int]) -> None:
    """A server that takes nobody."""
    while True:
        try:
            client, _ = door.accept()
        except OSError:
            return
        calls.append(1)
        client.sendall(b"554 5.3.2 not today\r\n")
        client.close()


def test_a_host_that_comes_back_gets_everything(store: Store) -> None:
    with listening() as sink:
        port = sink.port
    for n in range(20):
        put(n)
    clock = Clock()
    sender = sending(port, clock)
    sender.start()
    until(lambda: any(one.reply for one in outbox.rows()))
    with listening(port=port) as sink:
        until(lambda: outbox.counts()["sent"] == 20, lambda: later(clock, sender))
        assert sender.stop()
        assert len(sink.letters) == 20


def later(clock: Clock, sender: Sender) -> None:
    clock.now += timedelta(seconds=10)
    sender.ring()


def test_a_letter_that_takes_long_stays_with_its_sender(store: Store, sink: Sink) -> None:
    put()
    clock = Clock()
    sink.answers = {"DATA": [WAIT]}
    sender = sending(sink.port, clock)
    sender.start()
    assert sink.arrived.wait(PATIENCE)
    for _ in range(5):  # five minutes, in steps as a clock takes them
        clock.now += MINUTE
        until(lambda: (outbox.next_due() or NOW) > clock.now + MINUTE, sender.ring)
        assert outbox.claim(clock.now, LEASE) == []
    sink.release()
    until(lambda: outbox.counts()["sent"] == 1, sender.ring)
    assert sender.stop()
    assert len(sink.letters) == 1


def test_a_letter_retried_while_it_stands_at_the_relay_leaves_once_and_holds_up_nobody(
    store: Store, sink: Sink
) -> None:
    letter = put()
    sink.answers["a1@c.example"] = [WAIT, "250 2.1.5 ok"]
    sender = sending(sink.port)
    sender.start()
    assert sink.arrived.wait(PATIENCE)
    assert outbox.retry(letter, NOW)
    Outgoing.update(lease_until=None).where(Outgoing.id == letter).execute()  # as after a clock that ran ahead
    put(2)
    until(lambda: outbox.counts()["sent"] == 1, sender.ring)
    sink.release()
    until(lambda: outbox.counts()["sent"] == 2, sender.ring)
    put(3)
    until(lambda: outbox.counts()["sent"] == 3, sender.ring)
    assert sender.stop()
    assert sink.recipients() == ["a2@c.example", "a1@c.example", "a3@c.example"]


def test_what_somebody_has_on_its_way_is_no_other_senders_for_being_retried(store: Store) -> None:
    letter = put()
    (parcel,) = outbox.claim(NOW, LEASE)
    assert outbox.retry(letter, NOW)
    assert outbox.claim(NOW + MINUTE, LEASE) == []
    outbox.release(parcel, NOW)  # its host was down
    assert [again.attempts for again in outbox.claim(NOW + MINUTE, LEASE)] == [1]


def test_who_lost_a_letter_to_another_sender_gives_it_away_no_more(store: Store) -> None:
    """The first one was cut off from the store for longer than its lease; the second has the letter at the relay."""
    letter = put()
    (lost,) = outbox.claim(NOW, LEASE)
    (taken,) = outbox.claim(NOW + 3 * MINUTE, LEASE)
    outbox.release(lost, NOW + 3 * MINUTE, "no answer")
    outbox.record_later(lost, "no answer", NOW + 3 * MINUTE)
    assert outbox.claim(NOW + 4 * MINUTE, LEASE) == []
    outbox.record_later(taken, "450 busy", NOW + 4 * MINUTE)
    assert (row(letter).reply, row(letter).attempts) == ("450 busy", 2)
    assert [again.attempts for again in outbox.claim(NOW + 4 * MINUTE, LEASE)] == [3]


def test_a_clock_set_back_by_a_day_lets_no_letter_wait_for_a_day(store: Store) -> None:
    """A machine that begins with a wrong time and without a network gets both right at the same moment."""
    with listening() as sink:
        port = sink.port
    letter, clock = put(), Clock()
    clock.now += timedelta(days=1)
    sender = sending(port, clock)
    sender.start()
    until(lambda: bool(row(letter).reply))
    with listening(port=port) as sink:
        clock.now = NOW
        outbox.retry(letter, NOW)  # else it waits until the clock's duty has mended its own time
        until(lambda: outbox.counts()["sent"] == 1, sender.ring)
        assert sender.stop()
        assert len(sink.letters) == 1


def test_a_large_letter_that_cannot_be_read_waits_for_the_store_and_it_was_no_try(
    sqlite_store: None, sink: Sink
) -> None:
    sink.answers["a1@c.example"] = [WAIT, "250 2.1.5 ok"]
    raw = b"Message-ID: <1@desk.example>\r\n\r\n" + b"Hola, hola.\r\n" * 30_000
    put(1)
    large = put(2, raw=raw)
    put(3)
    sender = sending(sink.port, settings={"connections": 1})
    sender.start()
    assert sink.arrived.wait(PATIENCE)  # the first one stands at the relay, and all are in hand
    with no_letters_to_be_had():
        sink.release()
        until(lambda: sink.recipients() == ["a1@c.example", "a3@c.example"])
    until(lambda: outbox.counts()["sent"] == 2, sender.ring)
    assert sender.stop()
    assert (row(large).state, row(large).attempts) == ("queued", 0)
    assert [outbox.whole(parcel).raw for parcel in outbox.claim(NOW, LEASE)] == [raw]  # type: ignore[union-attr]


@contextmanager
def no_letters_to_be_had() -> Iterator[None]:
    """The store cannot serve, says SQLite; to PostgreSQL this would be a mistake of the program."""
    database.execute_sql("ALTER TABLE outgoing RENAME TO elsewhere")
    try:
        yield
    finally:
        database.execute_sql("ALTER TABLE elsewhere RENAME TO outgoing")


def test_stopping_finishes_what_is_under_way_and_gives_back_the_rest(store: Store, sink: Sink) -> None:
    letters = [put(n) for n in range(4)]
    sink.answers = {"DATA": [WAIT]}
    sender = sending(sink.port, settings={"connections": 1})
    sender.start()
    assert sink.arrived.wait(PATIENCE)
    stopping = threading.Thread(target=sender.stop)
    stopping.start()
    until(lambda: len([one for one in letters if row(one).attempts]) == 1)
    sink.release()
    stopping.join(PATIENCE)
    assert outbox.counts() == {"queued": 3, "sent": 1, "dead": 0}
    assert len(outbox.claim(NOW, LEASE, 9)) == 3  # at once, without waiting for a lease to end
