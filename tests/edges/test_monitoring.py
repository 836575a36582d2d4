"""What machines see of the service: health, metrics, systemd's socket, one id a mail in the log, alerts."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from mailgate import logs
from mailgate.alert_words import ALERTS
from mailgate.alerts import find, tell
from mailgate.duties.timekeeping import Steady, mend_times
from mailgate.judgement import Desk
from mailgate.mail.message import Envelope
from mailgate.settings import Store, load
from mailgate.store import intake, outbox
from mailgate.store.figures import Figures
from tests.edges import sink as sinks
from tests.servers.dovecot import free_port

PATIENCE = 60.0
QUIET = Figures({}, {}, {}, timedelta(0), timedelta(0), 0, 0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture(autouse=True)
def log_of_this_test() -> None:
    """Commands tested before in this process have pointed the log at their own stderr."""
    logs.configure(json=True)


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_service_under_systemd_from_ready_to_stopped(tmp_path: Path) -> None:
    """READY when it serves, WATCHDOG while it lives; /metrics count the mail; 421 and the end within 20 s."""
    port, monitor = free_port(), free_port()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd, (tmp_path / "log").open("wb") as log:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(PATIENCE)
        environment = {
            **os.environ,
            "NOTIFY_SOCKET": str(tmp_path / "notify"),
            "WATCHDOG_USEC": "200000",
            "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
            "MAILGATE_STORE_URL": f"sqlite:///{tmp_path}/mailgate.db",
            "MAILGATE_RELAY_MAILDIR": str(tmp_path / "letters"),
            "MAILGATE_SMTP_PORT": str(port),
            "MAILGATE_MONITOR_PORT": str(monitor),
            "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
            "MAILGATE_DESK_MANAGEMENT": '["gerencia@desk.co"]',
        }
        process = subprocess.Popen([sys.executable, "-m", "mailgate", "serve"], env=environment, stderr=log)
        try:
            assert systemd.recv(100) == b"READY=1"
            assert systemd.recv(100) == b"WATCHDOG=1"
            assert get(monitor, "/healthz") == (200, "ok\n")
            assert get(monitor, "/readyz") == (200, "ok\n")
            assert get(monitor, "/secrets")[0] == 404
            mail = b"From: x@y.co\r\nSubject: PQRS queja\r\nMessage-ID: <1@y.co>\r\n\r\nmarca-xyz\r\n"
            idle = smtplib.SMTP("127.0.0.1", port, timeout=30)
            idle.ehlo()
            idle.sendmail("x@y.co", ["soporte@desk.co"], mail)
            deadline = time.monotonic() + PATIENCE
            while 'mailgate_letters{state="sent"} 0.0' in (told := get(monitor, "/metrics")[1]):
                assert time.monotonic() < deadline, told
                time.sleep(0.2)
            assert "mailgate_unexplained 0.0" in told
            process.send_signal(signal.SIGHUP)  # as logrotate does; it must not end a desk that nobody starts again
            while "SIGHUP changes nothing" not in (tmp_path / "log").read_text():
                assert process.poll() is None
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert idle.getreply()[0] == 421
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
    lines = (tmp_path / "log").read_text().splitlines()
    assert not [line for line in lines if "marca-xyz" in line], "words of a person stand in the log"
    told_of = {event["event"] for event in map(json.loads, lines) if event.get("mail") == 1}
    assert {"accepted", "processed", "letter"} <= told_of


def test_an_alert_leaves_by_a_relay_of_its_own() -> None:
    with sinks.listening() as sink:
        environment = {
            "MAILGATE_ALERTS_TO": '["ops@acme.co"]',
            "MAILGATE_ALERTS_HOST": "127.0.0.1",
            "MAILGATE_ALERTS_PORT": str(sink.port),
            "MAILGATE_ALERTS_TLS": "none",
            "MAILGATE_STORE_URL": "postgresql://x@localhost/x",
        }
        settings = load(None, environment)
        seen = Figures({}, {}, {}, timedelta(hours=2), timedelta(0), 30, 0, 0, 9000, 0, 1, 0, 0, 2)
        found = find(settings, seen)
        assert [kind for kind, _ in found] == ["mail", "differs", "quarantine", "waiting", "pqrs"]
        tell(settings, found)
        (letter,) = sink.letters
        assert (letter.sender, letter.recipient) == ("<>", "ops@acme.co")
        assert b"120 minutos" in letter.content
    tell(settings, found)  # nobody listens any more: logged, and nothing else
    assert find(settings, QUIET) == []


def test_alerts_say_the_same_in_both_languages() -> None:
    assert ALERTS["es"].keys() == ALERTS["en"].keys()


@pytest.mark.parametrize("jump", [timedelta(days=365), timedelta(days=-1)])
def test_after_a_jump_of_the_clock_duties_rest_for_an_hour(jump: timedelta) -> None:
    now, steady = datetime(2026, 11, 23, 15, 0, tzinfo=UTC), Steady()
    assert steady.believes(now, 0)
    assert steady.believes(now + timedelta(seconds=30), 30)
    assert not steady.believes(now + jump, 60)
    assert not steady.believes(now + jump + timedelta(minutes=59), 60 + 59 * 60)
    assert steady.believes(now + jump + timedelta(minutes=61), 60 + 61 * 60)


def test_a_desk_that_starts_in_a_wrong_year_closes_and_reminds_of_nothing_for_an_hour(store: Store) -> None:
    now, fresh = datetime(2026, 11, 23, 15, 0, tzinfo=UTC), Steady()
    fresh.starts(now, 0)
    assert fresh.believes(now, 0), "a new desk has nothing to be wrong about"
    intake.accept_many([intake.Arrival(b"Subject: x\r\n\r\n", Envelope("x@y.co", ("a@b.co",)), now)])
    for later, believed in ((timedelta(days=3), True), (timedelta(days=365), False), (timedelta(days=-1), True)):
        steady = Steady()
        steady.starts(now + later, 0)
        assert steady.believes(now + later, 0) is believed
    assert not steady.believes(now + timedelta(days=365), 30)


def test_what_a_wrong_clock_put_off_for_a_year_is_due_again(store: Store) -> None:
    """A mail and a letter of a desk whose time ran ahead for a moment; what waits as it should is left alone."""
    now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    ahead = now + timedelta(days=365)
    envelope = Envelope("x@y.co", ("a@b.co",))
    wrong, right = intake.accept_many(
        [intake.Arrival(b"Subject: %d\r\n\r\n" % n, envelope, at) for n, at in enumerate((ahead, now))]
    )
    words = {"letter": "x", "role": "client", "automatic": True, "sender": "", "subject": "", "text": "", "raw": b"x"}
    for name, made, due in (("wrong", ahead, None), ("right", now, now + timedelta(hours=9))):
        new = outbox.NewLetter(recipient="x@y.co", message_id=f"<{name}@x>", nonce=name, **words)
        outbox.queue(new, made, due)
    assert [claim.intake_id for claim in intake.claim(now, timedelta(minutes=1), 9)] == [right.intake_id]
    assert mend_times(cast(Desk, None), now) == 2
    assert [claim.intake_id for claim in intake.claim(now, timedelta(minutes=1), 9)] == [wrong.intake_id]
    assert len(outbox.claim(now, timedelta(minutes=1), 9)) == 1
    assert mend_times(cast(Desk, None), now) == 0


def test_an_alert_is_posted_to_whatever_apprise_reaches() -> None:
    """A real HTTP server takes what Apprise posts; one that refuses is logged, and nothing else."""
    pytest.importorskip("apprise", reason="apprise (extra sms) is not installed")
    posted: list[dict[str, str]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200 if self.path == "/alarm" else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        where = f"json://127.0.0.1:{server.server_address[1]}"
        for path in ("alarm", "refused"):
            tell(load(None, {"MAILGATE_ALERTS_APPRISE": json.dumps([f"{where}/{path}"])}), [("mail", {"minutes": 120})])
        server.shutdown()
    assert len(posted) == 2
    assert "120 minutos" in posted[0]["title"] + posted[0]["message"]
