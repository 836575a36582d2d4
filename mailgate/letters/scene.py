"""What a letter is written from: the office, the mail that makes it necessary, and who gets it. Plain values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mailgate.desk.decision import Decision, Order
from mailgate.desk.effects import Merge
from mailgate.desk.facts import Facts, Role, Status, TicketFacts
from mailgate.letters.compose import Enclosure
from mailgate.letters.known import Known
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
    logo: Enclosure | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """The mail that makes letters necessary, and what was made of it."""

    intake_id: int | None
    message: Message
    facts: Facts
    evidence: tuple[str, ...]
    reason: str  # a key of the catalogue's table ``reasons``
    number: int | None
    decision: Decision | None = None

    @classmethod
    def of_time(cls, reason: str, number: int | None) -> Cause:
        """The clock, and no mail."""
        return cls(None, Message(), Facts(), (), reason, number)


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
    order: Order
    recipient: Recipient
    ticket: TicketFacts | None
    cause: Cause
    now: datetime
    known: Known  # what it has in common with the other letters of its cause
    reply_to: str = ""  # the address that answers to this letter go to; known when its words are written

    @property
    def letter(self) -> str:
        return self.order.letter

    @property
    def about(self) -> str:
        return self.order.about

    @property
    def tag(self) -> str:
        """The ticket's number as it stands in a subject, "" without a ticket."""
        return self.office.settings.desk.tag.format(number=self.ticket.number) if self.ticket else ""

    @property
    def over(self) -> bool:
        """Whether the ticket is over; one that goes on in another is not."""
        merged = any(
            isinstance(effect, Merge) for effect in (self.cause.decision.effects if self.cause.decision else ())
        )
        return self.ticket is not None and self.ticket.status in (Status.SOLVED, Status.CLOSED) and not merged

    @property
    def words(self) -> dict[str, Any]:
        """The catalogue in the reader's language."""
        return self.office.renderer.words(self.recipient.language)

    def told(self, table: str, line: str) -> str:
        """A line of ours in the reader's language: the words it begins with, before the name or number it ends in."""
        words: dict[str, str] = self.words[table]
        start = max((one for one in words if line.startswith(one)), key=len, default="")
        return words[start] + line[len(start) :] if start else line

    def replied_at(self, address: str) -> Scene:
        return replace(self, reply_to=address)
