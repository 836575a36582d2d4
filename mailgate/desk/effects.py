"""What a decision does beside the comment and its letters: small values, carried out by ``perform.py`` in the mail's
one transaction. A command of an agent and a word of a client become these; adding one means a value, here or beside the
command that has it alone, and a case there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mailgate.desk.pqrs import Term, Type


class Effect:
    """Something to be done."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Release(Effect):
    """Let a held mail in: it is worked on as if it had just come, on the word of whoever released it."""

    intake_id: int
    by: str


@dataclass(frozen=True, slots=True)
class Reject(Effect):
    """Turn a held mail away; it stays stored, nobody hears of it."""

    intake_id: int
    by: str


@dataclass(frozen=True, slots=True)
class Assign(Effect):
    """Give the ticket to an agent, or to nobody (None)."""

    agent_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class SetCategory(Effect):
    category: str
    why: str = ""  # what told it, when no agent said so


@dataclass(frozen=True, slots=True)
class SetPriority(Effect):
    priority: str  # low, normal, high


@dataclass(frozen=True, slots=True)
class SetUrgent(Effect):
    urgent: bool


@dataclass(frozen=True, slots=True)
class AddParticipant(Effect):
    """Somebody who may follow up on the ticket and gets its answers."""

    address: str


@dataclass(frozen=True, slots=True)
class RemoveParticipant(Effect):
    """Somebody gets no more answers of the ticket."""

    address: str


@dataclass(frozen=True, slots=True)
class SetClient(Effect):
    """Whose ticket it is; a requester whom nobody knew becomes that client's contact."""

    client_id: int
    licence: str


@dataclass(frozen=True, slots=True)
class Follow(Effect):
    """Tell this agent of everything on the ticket, or ``stop``."""

    agent_id: int
    stop: bool = False


@dataclass(frozen=True, slots=True)
class RecordService(Effect):
    """Work that was done."""

    agent_id: int
    minutes: int
    text: str


@dataclass(frozen=True, slots=True)
class Meet(Effect):
    """Invite the client, or move the meeting that was planned last and is still to come when ``moves``."""

    agent_id: int
    starts_at: datetime
    minutes: int  # 0 of one that moves and lasts as long as before
    text: str
    moves: bool = False


@dataclass(frozen=True, slots=True)
class CancelMeeting(Effect):
    """Call off the meeting that was planned last and is still to come."""


@dataclass(frozen=True, slots=True)
class RecordReply(Effect):
    """What somebody answered to an invitation."""

    uid: str
    address: str
    answer: str  # accepted, declined, tentative, counter
    sequence: int = 0  # of the invitation that was answered


@dataclass(frozen=True, slots=True)
class Publish(Effect):
    """Let others read it: a solution or a piece of news."""

    what: str  # solution, news
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class SaveCanned(Effect):
    """Keep an answer under a name, for ``#plantilla``; forget it when it says nothing."""

    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Merge(Effect):
    """Move everything of this ticket into another one; later mail follows."""

    into: int


@dataclass(frozen=True, slots=True)
class Divide(Effect):
    """Make the client's last comment a ticket of its own."""


@dataclass(frozen=True, slots=True)
class Away(Effect):
    """An agent is away up to and including a day; None: is back."""

    agent_id: int
    until: date | None


@dataclass(frozen=True, slots=True)
class HandOver(Effect):
    """An agent's unfinished tickets go to another one; None: to nobody yet, so that the group sees them."""

    agent_id: int
    to: int | None


@dataclass(frozen=True, slots=True)
class SetOnCall(Effect):
    """Who is told at once of what is urgent; nobody: as the settings say."""

    agent_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Identify(Effect):
    """Make an address the client's contact, not yet approved; what waited for it is worked on."""

    address: str
    name: str
    client_id: int
    licence: str
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteAsked(Effect):
    """An address was asked to identify."""

    address: str


@dataclass(frozen=True, slots=True)
class NoteWrongPapers(Effect):
    """An address gave a licence and a NIT that do not belong together."""

    address: str
    pair: str  # which, to know it again


@dataclass(frozen=True, slots=True)
class ApproveContact(Effect):
    """Let a contact see and do what the client's others may."""

    contact_id: int
    address: str


@dataclass(frozen=True, slots=True)
class RefuseContact(Effect):
    """Take an address from a client; the tickets it opened are nobody's until an agent says whose."""

    contact_id: int
    address: str


@dataclass(frozen=True, slots=True)
class FilePqrs(Effect):
    """Make the ticket a PQRS: it gets the year's next radicado."""

    type: Type
    term: Term
    year: int
    received_at: datetime
    doubtful: bool  # the type is a guess
    acknowledged: bool  # the address is known or proven
    linked_to: int | None = None  # the ticket it came out of


@dataclass(frozen=True, slots=True)
class ChangePqrsType(Effect):
    """Another type, and its term; an extension that was told keeps its day."""

    type: Type
    term: Term
    keeps_due: bool


@dataclass(frozen=True, slots=True)
class ExtendPqrs(Effect):
    """A later last day, told with its reason."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerPqrs(Effect):
    """The substantive answer: the clock stops."""


@dataclass(frozen=True, slots=True)
class Rate(Effect):
    """Stars for a ticket that is over; the last word of each person."""

    address: str
    stars: int  # 1 to 5


@dataclass(frozen=True, slots=True)
class AcceptTariff(Effect):
    """A contact accepts the tariff of the urgent service; ``letter`` is the nonce of the one that told it."""

    address: str
    letter: str


@dataclass(frozen=True, slots=True)
class SolutionHelped(Effect):
    """A solution that we proposed did it: what is like it will be proposed sooner."""

    solution: int


@dataclass(frozen=True, slots=True)
class SetMobile(Effect):
    """Where the client is called about this ticket; E.164."""

    number: str


@dataclass(frozen=True, slots=True)
class NoteWrongMobile(Effect):
    """What was given as a mobile and is none, as it was written: its writer is told so once."""

    said: str


@dataclass(frozen=True, slots=True)
class SetMessages(Effect):
    """Whether somebody wants messages to a mobile about their tickets."""

    address: str
    wanted: bool


OnDesk = Release | Reject | Publish | SaveCanned | Away | HandOver | SetOnCall  # wherever the mail belongs
OnPerson = Identify | NoteAsked | NoteWrongPapers | ApproveContact | RefuseContact | SetMessages
