"""What a mail of an agent has sent to clients, as they will read it: for the receipt."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from mailgate.store import outbox


def letters_to_clients(intake_id: int | None) -> list[dict[str, Any]]:
    """``subject``, ``text`` and ``to`` (addresses) of each different letter that this mail has caused."""
    found: dict[tuple[str, str], list[str]] = {}
    for recipient, raw in outbox.to_clients(intake_id) if intake_id is not None else ():
        mail: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)
        body = mail.get_body(("plain",))
        text = str(body.get_content()).strip() if body else ""
        found.setdefault((str(mail["Subject"]), text), []).append(recipient)
    return [{"subject": subject, "text": text, "to": to} for (subject, text), to in found.items()]
