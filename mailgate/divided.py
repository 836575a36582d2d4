"""A ticket that was divided from another one: its letters tell the client's words that it was made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mailgate.letters.orders import Cause, Office
from mailgate.mail.message import Address, Message, Parts
from mailgate.store import briefs
from mailgate.store.people import find_contact


def about_new(cause: Cause, number: int, office: Office, now: datetime) -> Cause:
    """The cause of letters about ticket ``number``, as if its first words had come by themselves."""
    said = briefs.first_comment(number)
    today = now.astimezone(ZoneInfo(office.settings.desk.timezone)).date()
    message = Message(
        subject=said["subject"],
        senders=(Address(said["name"], said["address"]),),
        date=said["at"],
        parts=Parts(said["text"]),
        text=said["text"],
    )
    facts = replace(cause.facts, contact=find_contact(said["address"], today))
    return replace(cause, message=message, facts=facts, number=number)
