"""What a letter is written from: the office, the mail that makes it necessary, and who gets it. Plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailgate.desk.decision import Decision
from mailgate.desk.facts import Facts, Role, TicketFacts
from mailgate.letters.render import Renderer
from mailgate.mail.message import Message
from mailgate.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """What writing letters needs."""

    settings: Settings
    renderer: Renderer
    keys: Sequence[bytes]
    random: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Cause:
    """The mail that makes letters necessary, and what was made of it."""

    intake_id: int | None  # None: the clock, and no mail
    message: Message
    facts: Facts
    evidence: tuple[str, ...]
    reason: str  # a key of the catalogue's table ``reasons``
    number: int | None
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    address: str
    name: str
    role: Role
    language: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One letter to be: everything its words may be taken from."""

    office: Office
    letter: str
    recipient: Recipient
    ticket: TicketFacts | None
    cause: Cause
    reply_to: str
    now: datetime
    about: str = ""  # of the order
