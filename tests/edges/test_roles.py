"""Roles in processes of their own, on one store: woken at once, one clock, one reader of a mailbox."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mailgate import turn
from mailgate.service import Service
from mailgate.settings import Store, load
from mailgate.store import bells, intake, living, turns
from mailgate.store.base import close_store, connection, open_store
from mailgate.turn import Turns
from tests.stories import Smtp

PATIENCE = 60.0


def wait_until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_mail_taken_by_one_process_is_answered_by_others(store_settings: Store, tmp_path: Path) -> None:
    environment = {
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
        "MAILGATE_DESK_MANAGEMENT": '["gerencia@desk.co"]',
        "MAILGATE_STORE_URL": store_settings.url,
        "MAILGATE_RELAY_MAILDIR": str(tmp_path / "letters"),
        "MAILGATE_SMTP_PORT": "0",
        "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
    }
    command = [sys.executable, "-m", "mailgate", "serve"]
    others = [
        subprocess.Popen([*command, "--role", role], env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
        for role in ("worker", "sender")
    ]
    try:
        with Service(load(None, environment), roles=["smtp"]) as service, connection():
            assert service.faults() == []
            road = Smtp(service.smtp_port or 0, tmp_path / "letters")
            mail = b"From: x@y.co\r\nTo: soporte@desk.co\r\nSubject: PQRS queja\r\nMessage-ID: <1@y.co>\r\n\r\nMal.\r\n"
            road.post(mail, "x@y.co", ["soporte@desk.co"])
            wait_until(lambda: intake.outcomes().get("pending", 0) == 0)
            wait_until(road.letters)
    finally:
        for process in others:
            process.terminate()
        assert [process.wait(PATIENCE) for process in others] == [0, 0]


def test_a_bell_is_heard_in_another_process(store: Store) -> None:
    heard: set[str] = set()
    ready, stop = threading.Event(), threading.Event()

    def listen() -> None:
        ear = bells.Ear()
        ear.hear(0.1)  # what is there at the start wakes everybody
        ready.set()
        while not stop.is_set():
            heard.update(ear.hear(0.2))
        ear.close()

    thread = threading.Thread(target=listen)
    thread.start()
    assert ready.wait(PATIENCE)
    turns.first_time("something was stored", turns.common_time())
    bells.ring(bells.MAIL)
    wait_until(lambda: bells.MAIL in heard)
    stop.set()
    thread.join(PATIENCE)


def test_processes_on_one_sqlite_file_wake_each_other_at_once(tmp_path: Path) -> None:
    """By a word, and not by a look at the file: nothing is stored here."""
    store = Store(url=f"sqlite:///{tmp_path}/mailgate.db")
    open_store(store)
    code = (
        "import sys\nfrom mailgate.settings import Store\nfrom mailgate.store import bells\n"
        "from mailgate.store.base import open_store\nopen_store(Store(url=sys.argv[1]))\near = bells.Ear()\n"
        "ear.hear(0)\nprint('there', flush=True)\nheard = set()\n"
        "while heard != {'mail', 'letters'}: heard |= ear.hear(60)\nprint('heard', flush=True)\nsys.stdin.read()"
    )
    command = [sys.executable, "-c", code, store.url]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdin is not None
    assert other.stdout is not None
    with other:
        assert other.stdout.readline() == "there\n"
        bells.ring(bells.MAIL)
        bells.ring(bells.LETTERS)
        assert other.stdout.readline() == "heard\n"
        other.kill()
    sockets = tmp_path / "mailgate.db.bells"
    assert list(sockets.iterdir())
    bells.ring(bells.MAIL)
    assert not list(sockets.iterdir()), "what a killed process leaves is cleared away"


def test_where_no_socket_can_be_nobody_waits_longer_than_a_second(tmp_path: Path) -> None:
    deep = tmp_path / ("carpeta" * 10) / ("carpeta" * 10)
    open_store(Store(url=f"sqlite:///{deep}/mailgate.db"))
    ear = bells.Ear()
    ear.hear(0)
    with connection():
        turns.first_time("something was stored", turns.common_time())
    bells.ring(bells.MAIL)
    assert ear.hear(60) == bells.BELLS
    ear.close()


def test_one_of_two_has_a_turn_and_the_other_gets_it_when_it_is_given_up(store: Store, monkeypatch) -> None:
    monkeypatch.setattr(turn, "RENEW_SECONDS", 0.05)
    first, second = Turns("one"), Turns("two")
    mine, yours = first.want("clock"), second.want("clock")
    first.start()
    second.start()
    assert mine()
    assert not yours()
    first.stop()
    assert not mine()
    wait_until(yours)
    second.stop()


def test_the_turn_of_a_process_that_was_killed_is_free_at_once(store: Store) -> None:
    code = "from mailgate.store.living import this_process; print(this_process())"
    gone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert turns.take_turn("clock", gone, turns.common_time(), turn.LENGTH)
    assert not living.is_dead(living.this_process())
    successor = Turns()
    mine = successor.want("clock")
    successor.start()
    assert mine()
    successor.stop()


def test_many_processes_may_migrate_one_empty_store_at_once(store_settings: Store) -> None:
    code = (
        "import sys\nfrom mailgate.settings import Store\nfrom mailgate.store.base import open_store, close_store\n"
        "open_store(Store(url=sys.argv[1])); close_store()"
    )
    starts = [subprocess.Popen([sys.executable, "-c", code, store_settings.url]) for _ in range(4)]
    assert [process.wait(PATIENCE) for process in starts] == [0, 0, 0, 0]


def test_a_role_that_does_not_exist_is_named(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "mailgate", "serve", "--role", "sendr"], capture_output=True, text=True, cwd=tmp_path
    )
    assert ended.returncode == os.EX_USAGE
    assert "sendr" in ended.stderr


def test_a_point_to_crash_at_must_exist() -> None:
    environment = {**os.environ, "MAILGATE_CRASH_AT": "smtp-stord"}
    ended = subprocess.run([sys.executable, "-c", "import mailgate.crash"], env=environment, capture_output=True)
    assert b"smtp-stored" in ended.stderr


@pytest.fixture(autouse=True)
def nothing_stays_open():
    yield
    close_store()
