"""Group commit: what waits shares a transaction, and each mail gets its own answer."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pysqlite3.dbapi2 as sqlite3  # two SQLite libraries in one process do not see each other's locks
import pytest

from mailgate.errors import StoreUnavailable
from mailgate.intake import accept
from mailgate.intake.accept import Acceptor, Unstorable
from mailgate.mail.message import Envelope
from mailgate.settings import Store
from mailgate.store import base
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.intake import Arrival
from mailgate.store.models import Intake

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PATIENCE = 60


@pytest.fixture
def database(tmp_path, monkeypatch):
    """The path of an open, empty store that gives up at once when it is locked."""
    monkeypatch.setattr(base, "BUSY_SECONDS", 0)
    open_store(Store(url=f"sqlite:///{tmp_path}/mailgate.db"))
    yield tmp_path / "mailgate.db"
    close_store()


@pytest.fixture
def acceptor(database):
    """Not started; it ends with the test."""
    acceptor = Acceptor()
    yield acceptor
    if acceptor._thread.ident is None:
        acceptor.start()
    acceptor.stop()


def mail(text: str, sender: str = "ana@cliente.co") -> Arrival:
    return Arrival(text.encode(), Envelope(sender, ("soporte@acme.co",), "smtp"), NOW)


def poison(text: str) -> Arrival:
    """A mail that the store cannot take at all: a lone surrogate, which no channel lets through."""
    return mail(text, sender="\udcff@cliente.co")


def stored() -> int:
    with connection():
        return Intake.select().count()


def lock(path) -> sqlite3.Connection:
    """Another process that writes and does not end."""
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    return other


def test_what_waits_is_stored_together_in_its_order(acceptor):
    waiting = [acceptor.submit(mail(f"{number}")) for number in range(10)]
    acceptor.start()
    ids = [future.result(PATIENCE).intake_id for future in waiting]
    assert ids == sorted(ids)
    assert len(set(ids)) == stored() == 10


def test_the_worker_is_woken_after_the_mails_are_there(database):
    seen: list[int] = []
    rung = threading.Event()

    def worker() -> None:
        seen.append(stored())
        rung.set()

    acceptor = Acceptor(worker)
    for number in range(3):
        acceptor.submit(mail(f"{number}"))
    acceptor.start()
    assert rung.wait(PATIENCE)
    acceptor.stop()
    assert seen == [3], "three mails, one transaction, one call"


def test_the_same_mail_is_known_again(acceptor):
    acceptor.start()
    first = acceptor.submit(mail("hola")).result(PATIENCE)
    second = acceptor.submit(mail("hola")).result(PATIENCE)
    assert (first.fresh, second.fresh) == (True, False)
    assert first.intake_id == second.intake_id


def test_a_mail_that_breaks_the_transaction_does_not_take_its_neighbours_along(acceptor):
    waiting = [acceptor.submit(arrival) for arrival in (mail("antes"), poison("mal"), mail("después"))]
    acceptor.start()
    assert waiting[0].result(PATIENCE).fresh
    assert waiting[2].result(PATIENCE).fresh
    with pytest.raises(Unstorable):
        waiting[1].result(PATIENCE)
    assert stored() == 2
    with pytest.raises(Unstorable):
        acceptor.submit(poison("otra vez, sola")).result(PATIENCE)


def test_a_locked_store_puts_everybody_off_and_is_tried_again_for_the_next(acceptor, database):
    other = lock(database)
    acceptor.start()
    with pytest.raises(StoreUnavailable):
        acceptor.submit(mail("uno")).result(PATIENCE)
    other.execute("ROLLBACK")
    other.close()
    assert acceptor.submit(mail("uno")).result(PATIENCE).fresh


def test_it_works_on_over_a_database_that_went_away_and_came_back(acceptor, database):
    acceptor.start()
    acceptor.submit(mail("uno")).result(PATIENCE)
    with connection():
        Intake._meta.database.execute_sql("ALTER TABLE intake RENAME TO lost")
    with pytest.raises(StoreUnavailable):
        acceptor.submit(mail("dos")).result(PATIENCE)
    with connection():
        Intake._meta.database.execute_sql("ALTER TABLE lost RENAME TO intake")
    assert acceptor.submit(mail("dos")).result(PATIENCE).fresh


def test_too_much_waiting_is_refused_at_once(acceptor, monkeypatch):
    monkeypatch.setattr(accept, "MOST_WAITING_BYTES", 1000)
    waiting = [acceptor.submit(mail(f"{number}" + "x" * 399)) for number in range(3)]
    with pytest.raises(StoreUnavailable):
        waiting[2].result(0)
    acceptor.start()
    assert all(future.result(PATIENCE).fresh for future in waiting[:2])
    assert acceptor.submit(mail("otra vez")).result(PATIENCE).fresh


def test_stopping_stores_what_waits_and_refuses_what_comes_later(acceptor):
    waiting = [acceptor.submit(mail(f"{number}")) for number in range(200)]
    acceptor.start()
    acceptor.stop()
    assert all(future.result(0).fresh for future in waiting)
    with pytest.raises(StoreUnavailable):
        acceptor.submit(mail("tarde")).result(0)
    assert stored() == 200


def test_a_channel_that_gave_up_hinders_nobody(acceptor):
    gone, waiting = acceptor.submit(mail("uno")), acceptor.submit(mail("dos"))
    gone.cancel()
    acceptor.start()
    assert waiting.result(PATIENCE).fresh
    assert not acceptor.submit(mail("uno")).result(PATIENCE).fresh, "it was stored all the same, and is known again"


def test_a_worker_that_fails_to_wake_does_not_stop_the_accepting(database):
    def broken() -> None:
        raise RuntimeError("campana rota")

    acceptor = Acceptor(broken)
    acceptor.start()
    assert acceptor.submit(mail("uno")).result(PATIENCE).fresh
    assert acceptor.submit(mail("dos")).result(PATIENCE).fresh
    acceptor.stop()
