"""The dialogues that abuse an SMTP port, each against the real one; afterwards it serves as if nothing had been."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from mailgate.settings import Limits
from tests.servers.listener import Listening

FOLDER = Path(__file__).resolve().parents[2] / "../shared/attacks"
SESSIONS = FOLDER / "smtp_sessions.json"
DIALOGUES = json.loads(SESSIONS.read_text(encoding="utf-8")) if SESSIONS.exists() else []
OURS = ("soporte@apolosoft.example", "pqrs@apolosoft.example")
MOST_FLOOD = 200_000_000
CONTROL = b"From: cliente@empresa.example\r\nSubject: control\r\n\r\nhola"
IDLE = 4.0  # seconds; the dialogues that dribble would take minutes with the default

pytestmark = pytest.mark.skipif(not DIALOGUES, reason="the set of attack dialogues is not beside the repository")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate to test with")
    both = tmp_path_factory.mktemp("tls") / "both.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*request, "-keyout", both, "-out", f"{both}.chain"], check=True, capture_output=True)
    both.write_text(both.read_text() + Path(f"{both}.chain").read_text())
    return both


@pytest.fixture(scope="module")
def player():
    """The program that plays a dialogue."""
    spec = importlib.util.spec_from_file_location("play_smtp", FOLDER / "play_smtp.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Play


def verdict(player, port: int, steps: list) -> tuple[str, list[str]]:
    """What the player says, and every reply it heard."""
    play = player("127.0.0.1", port, MOST_FLOOD)
    try:
        return play.run(steps), play.log
    except (ConnectionError, ssl.SSLError):
        return "CLOSED", play.log


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue["name"])
def test_the_port_withstands(tmp_path, certificate, player, dialogue):
    limits = Limits(free_disk_bytes=0)
    with Listening(tmp_path, ours=OURS, limits=limits, tls_certificate=certificate, idle_seconds=IDLE) as port:
        said, replies = verdict(player, port.port, dialogue["steps"])
        assert said in {"ok", "CLOSED"}
        assert not any(re.search(r"Error|Exception|Traceback|/|\.py", reply[4:]) for reply in replies)
        known = port.raws()
        assert len(known) <= 1, "one mail or none, never two"
        assert not any(b"ana@apolosoft" in mail for _, envelope in port.stored() for mail in [envelope.sender.encode()])
        with port.line() as client:
            assert client.mails(CONTROL, "cliente@empresa.example", OURS[0]).startswith("250 ")
        assert len(port.raws()) == len(known) + 1
