"""A mail that breaks whoever reads it: nobody goes down, its neighbours pass, the third try sets it aside."""

from __future__ import annotations

import smtplib
import time
from pathlib import Path

import pytest

from mailgate import process
from mailgate.service import Service
from mailgate.settings import load
from mailgate.store import people
from mailgate.store.base import connection
from mailgate.store.models import Intake, Ticket
from tests.edges.conftest import plain_desk

DESK = "soporte@desk.co"


@pytest.mark.slow
@pytest.mark.parametrize("poison", ["abort", "sleep", "eat"])
def test_a_poisonous_mail_takes_nobody_down_and_ends_in_quarantine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, poison: str
) -> None:
    monkeypatch.setenv("MAILGATE_DEBUG_POISON", "1")
    monkeypatch.setattr(process, "FIRST_RETRY", process.FIRST_RETRY / 300)  # else the test would wait for minutes
    limits = {"MAILGATE_LIMITS_READ_SECONDS": "1.5", "MAILGATE_LIMITS_READ_MEGABYTES": "128"}
    environment = plain_desk(tmp_path, **limits)
    with Service(load(None, environment)) as service:
        with connection():
            entry = people.ClientEntry("L1", "900123456", "C", contacts=[("juan@empresa.co", "Juan")])
            people.save_client(entry, _now())
        for subject, header in (("antes", ""), ("veneno", f"X-Mailgate-Debug: {poison}\r\n"), ("después", "")):
            mail = f"{header}From: juan@empresa.co\r\nTo: {DESK}\r\nSubject: {subject}\r\n\r\nhola\r\n"
            with smtplib.SMTP("127.0.0.1", service.smtp_port or 0, timeout=30) as session:
                session.sendmail("juan@empresa.co", [DESK], mail.encode())
        with connection():
            deadline = time.monotonic() + 60
            while Intake.select().where(Intake.state == "pending").exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            rows = list(Intake.select().order_by(Intake.id))
            assert [row.state for row in rows] == ["done", "quarantined", "done"]
            assert rows[1].attempts == 3
            assert rows[1].reason
            assert {ticket.subject for ticket in Ticket.select()} == {"antes", "después"}


def _now():  # type: ignore[no-untyped-def]
    from mailgate.service import now

    return now()
