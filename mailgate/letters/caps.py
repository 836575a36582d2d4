"""How much a client gets by itself: counted by what was queued, which needs no header of the other side.

What is held back leaves its reason on the ticket. An agent's words and notices to agents are not counted.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from mailgate.desk.facts import Role
from mailgate.letters.book import BOOK, Cap
from mailgate.letters.scene import Cause, Recipient
from mailgate.settings import Limits
from mailgate.store import outbox

HOUR = timedelta(hours=1)


def is_counted(letter: str, recipient: Recipient) -> bool:
    """Whether a letter counts against the caps."""
    return BOOK[letter].cap is not Cap.FREE and recipient.role is Role.CLIENT


def unwelcome(letter: str, recipient: Recipient, cause: Cause) -> str:
    """Why the mail itself forbids to be answered by a machine, "" when it does not."""
    sender = cause.message.sender
    if not is_counted(letter, recipient) or sender is None or sender.address != recipient.address:
        return ""
    if cause.facts.wants_no_answer:
        return "its mail came with a null return path, which no machine may answer"
    return ""


def held_back(limits: Limits, letter: str, recipient: Recipient, number: int | None, now: datetime) -> str:
    """Why a letter must not be sent now, "" when it may."""
    if not is_counted(letter, recipient):
        return ""
    cap, address = BOOK[letter].cap, recipient.address
    sent = outbox.automatic_to(address, now, letter, number)
    said = cap is Cap.DAILY or (cap is Cap.UNASKED and number)
    if said and (sent.same if number is None else sent.same_on_ticket):
        return "the same was said within a day"
    if sent.hour >= limits.letters_per_address_hour:
        return f"{limits.letters_per_address_hour} automatic letters to this address within an hour"
    if sent.day >= limits.letters_per_address_day:
        return f"{limits.letters_per_address_day} automatic letters to this address within a day"
    most = limits.letters_per_hour
    if sent.letters >= most and outbox.automatic_since(now - HOUR) >= most:
        return f"{limits.letters_per_hour} automatic letters within an hour, all together"
    return ""
