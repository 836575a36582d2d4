"""What the store knows that bears on one mail: plain frozen values, the arguments of every decision."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mailgate.desk.classify import Learned
from mailgate.desk.papers import Papers
from mailgate.desk.pqrs import PqrsFacts, Rules
from mailgate.desk.tokens import Issued
from mailgate.mail.calendar import CalendarReply
from mailgate.settings import Categories


class Status(enum.StrEnum):
    """A ticket's life: new → open → waiting (for the client) → solved → closed."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    SOLVED = "solved"
    CLOSED = "closed"


class Role(enum.StrEnum):
    """Who speaks, as a comment or a letter remembers it."""

    CLIENT = "client"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    MANAGEMENT = "management"


@dataclass(frozen=True, slots=True)
class AgentFacts:
    id: int
    address: str
    name: str
    role: Role
    language: str = ""
    groups: tuple[str, ...] = ()  # categories whose tickets come to this agent
    away_until: date | None = None  # the last day of an absence
    on_call: bool = False  # told at once of what is urgent


@dataclass(frozen=True, slots=True)
class ClientFacts:
    id: int
    licence: str
    nit: str
    name: str
    plan: str
    state: str  # active, expired, suspended
    valid_to: str = ""  # ISO date
    mobile: str = ""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    id: int
    address: str
    name: str
    client: ClientFacts | None
    confirmed: bool
    language: str = ""
    mobile: str = ""
    may_commit: bool = True  # may accept what costs the client money


@dataclass(frozen=True, slots=True)
class TicketFacts:
    number: int
    status: Status
    subject: str
    requester: str
    requester_name: str
    client_id: int | None
    agent_id: int | None
    participants: frozenset[str]  # addresses, the requester's included
    language: str
    desk_address: str
    closed_at: datetime | None = None
    said: str = ""  # its subject and what its people said, once it is over: to know the matter again
    pqrs: PqrsFacts | None = None  # when it is one
    last_word_at: datetime | None = None  # when a client wrote last
    meets: bool = False  # a meeting is planned
    category: str = ""
    urgent: bool = False
    promised_at: datetime | None = None  # of the first answer, until there is one


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What an agent's commands may name; gathered only for a mail that has commands."""

    now: datetime
    zone: ZoneInfo
    agents: tuple[AgentFacts, ...] = ()
    categories: tuple[str, ...] = ()
    clients: Mapping[str, ClientFacts] = field(default_factory=dict)  # by licence: those the commands name
    tickets: Mapping[int, TicketFacts] = field(default_factory=dict)  # by number: those the commands name
    canned: Mapping[str, str] = field(default_factory=dict)  # answers by name
    proposals: Mapping[str, str] = field(default_factory=dict)  # solutions and answers that the commands name
    divisible: bool = False  # the ticket named has a client's comment that can become a ticket of its own
    ours: tuple[str, ...] = ()  # the desk's own addresses
    rules: Rules | None = None  # of PQRS

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class IdentificationFacts:
    """An unknown sender on the way to being known."""

    papers: Papers
    client: ClientFacts | None = None  # whose licence and NIT they are, when both agree
    asked: bool = False  # our question went to this address
    wrong: int = 0  # wrong pairs so far
    wrong_again: bool = False  # the last of them was this very one
    waiting: tuple[int, ...] = ()  # mails of this address that wait for it to identify


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """The contact that the letter answered asks to approve."""

    contact_id: int
    address: str
    client_id: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that is known about the sender and about the ticket the mail names."""

    agent: AgentFacts | None = None  # From is this agent's address
    contact: ContactFacts | None = None  # From is this contact's, or of this client's domain
    ticket: TicketFacts | None = None  # the ticket named, when there is one
    reply_to_letter: Issued | None = None  # the signed reply address used, verified
    answers_letter: Issued | None = None  # the signed Message-ID answered, verified
    bounced_letter: Issued | None = None  # the letter a bounce or auto-reply is about
    seen_before: bool = False  # the same mail came by another road
    is_own: bool = False  # a letter of ours come back
    released_by: str = ""  # the agent whose word let a held mail in
    desk: DeskFacts | None = None  # for an agent's mail
    identification: IdentificationFacts | None = None  # of a sender whom no client has as contact
    burst: TicketFacts | None = None  # the last of too many tickets that this sender opened within the hour
    approval: ApprovalFacts | None = None  # when the mail answers a question about a new contact
    replying_to: str = ""  # which letter the reply address used belongs to
    calendar_reply: CalendarReply | None = None  # of one who was invited to a meeting of ours
    answered_since: str = ""  # another agent, who answered after that letter had been written
    rules: Rules | None = None  # of PQRS
    received_at: datetime | None = None  # when the mail came; with the rules
    said_before: int = 0  # how often its sender said the same within a day
    wants_no_answer: bool = False  # null return path: whoever sent it must not be written to by a machine
    mobile_told: bool = False  # that a mobile given on this ticket is none
    categories: Categories = field(default_factory=Categories)
    learned: Learned = field(default_factory=Learned)  # about the words of a mail that may open a ticket
    reopened_today: int = 0  # how often the ticket was opened again within a day
    reopen_days: int = 15  # so long after its end a ticket can go on
