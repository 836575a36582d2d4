"""One stranger's PQRS after the other to a service whose store may be away: the reply to each, and what was kept."""

from __future__ import annotations

import smtplib
import time

from mailgate.service import Service
from mailgate.store import intake
from mailgate.store.base import connection
from mailgate.store.models import Comment
from tests.faults.pour import mail

PATIENCE = 120.0


def send(service: Service, number: int) -> int:
    """The code of the reply; 250 when it was taken."""
    try:
        with smtplib.SMTP("127.0.0.1", service.smtp_port or 0, timeout=PATIENCE) as session:
            session.sendmail("x@y.co", ["soporte@desk.co"], mail(number).replace(b"caso", b"PQRS queja"))
    except smtplib.SMTPResponseException as refused:
        return refused.smtp_code
    except smtplib.SMTPRecipientsRefused as refused:
        return refused.recipients["soporte@desk.co"][0]
    return 250


def all_goes_on_alone(service: Service, mails: int) -> None:
    """Each of them is worked on, once, and no part of the service has ended."""
    deadline = time.monotonic() + PATIENCE
    with connection():
        while intake.outcomes().get("pending", 0):
            assert time.monotonic() < deadline, intake.outcomes()
            time.sleep(0.05)
        said = sorted(text.strip() for (text,) in Comment.select(Comment.text).tuples())
    assert said == [f"Caso {number}." for number in range(1, mails + 1)]
    assert service.faults() == []
