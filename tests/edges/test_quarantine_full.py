"""What waits for a person has a bound: beyond it strangers are put off, and those whom the desk knows are served."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailgate.mail.message import Envelope
from mailgate.service import Service
from mailgate.settings import load
from mailgate.store import intake, people, quarantine
from mailgate.store.base import connection
from mailgate.store.models import Intake
from tests.edges.conftest import plain_desk

DESK = "soporte@desk.co"
MOST = 100
NOW = datetime.now(UTC)


@pytest.mark.parametrize("bound", [f"WAITING_MAILS={MOST}", "WAITING_BYTES=1000000"], ids=["mails", "octets"])
def test_a_full_quarantine_puts_strangers_off_and_keeps_what_it_has(tmp_path: Path, bound: str) -> None:
    key, _, value = bound.partition("=")
    environment = plain_desk(tmp_path, **{f"MAILGATE_LIMITS_{key}": value})
    with Service(load(None, environment)) as service:
        with connection():
            people.save_client(people.ClientEntry("L1", "900123456", "C", contacts=[("juan@c.co", "")]), NOW)
            _fill()
            assert quarantine.size()[0] == MOST
        with smtplib.SMTP("127.0.0.1", service.smtp_port, timeout=60) as session:
            session.ehlo()
            assert _asks(session, "nadie@flood.co")[0] == 452
            assert _asks(session, "juan@c.co")[0] == 250, "whom we know is served"
        with connection():
            assert quarantine.size()[0] == MOST, "nothing that waits is thrown away"
            Intake.update(state=intake.DONE).execute()
        with smtplib.SMTP("127.0.0.1", service.smtp_port, timeout=60) as session:
            session.ehlo()
            assert _asks(session, "otro@flood.co")[0] == 250, "once somebody has looked, it goes on"


def _asks(session: smtplib.SMTP, sender: str) -> tuple[int, bytes]:
    session.rset()
    session.mail(sender)
    return session.rcpt(DESK)


def _fill() -> None:
    arrivals = [
        intake.Arrival(b"From: x%d@y.co\r\n\r\n" % n + b"x" * 11_000, Envelope("x@y.co", (DESK,)), NOW)
        for n in range(MOST)
    ]
    for accepted in intake.accept_many(arrivals):
        intake.finish(accepted.intake_id, state=intake.QUARANTINED, outcome="quarantined", reason="x", now=NOW)
