"""What a decision does beside the comment and its letters: small values, carried out by ``perform.py`` in the mail's
one transaction. A command of an agent and a word of a client become these; adding one means a value here and a case
there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Release:
    """Let a held mail in: it is worked on as if it had just come, on the word of whoever released it."""

    intake_id: int
    by: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Turn a held mail away; it stays stored, nobody hears of it."""

    intake_id: int
    by: str


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the ticket to an agent, or to nobody (None)."""

    agent_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class SetCategory:
    category: str


@dataclass(frozen=True, slots=True)
class SetPriority:
    priority: str  # low, normal, high


@dataclass(frozen=True, slots=True)
class SetUrgent:
    urgent: bool


@dataclass(frozen=True, slots=True)
class AddParticipant:
    """Somebody who may follow up on the ticket and gets its answers."""

    address: str


@dataclass(frozen=True, slots=True)
class SetClient:
    """Whose ticket it is; a requester whom nobody knew becomes that client's contact."""

    client_id: int
    licence: str


@dataclass(frozen=True, slots=True)
class Follow:
    """Tell this agent of everything on the ticket."""

    agent_id: int


@dataclass(frozen=True, slots=True)
class RecordService:
    """Work that was done."""

    agent_id: int
    minutes: int
    text: str


@dataclass(frozen=True, slots=True)
class Meet:
    """Invite the client, or move the meeting that was planned last when ``moves``."""

    agent_id: int
    starts_at: datetime
    minutes: int
    text: str
    moves: bool = False


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """Call off the meeting that was planned last."""


@dataclass(frozen=True, slots=True)
class Publish:
    """Let others read it: a solution or a piece of news."""

    what: str  # solution, news
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class SaveCanned:
    """Keep an answer under a name, for ``#plantilla``."""

    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Move everything of this ticket into another one; later mail follows."""

    into: int


@dataclass(frozen=True, slots=True)
class Divide:
    """Make the client's last comment a ticket of its own."""


@dataclass(frozen=True, slots=True)
class Away:
    """An agent is away up to and including a day; None: is back."""

    agent_id: int
    until: date | None


Effect = (
    Release | Reject | Assign | SetCategory | SetPriority | SetUrgent | AddParticipant | SetClient | Follow
    | RecordService | Meet | CancelMeeting | Publish | SaveCanned | Merge | Divide | Away
)  # fmt: skip
