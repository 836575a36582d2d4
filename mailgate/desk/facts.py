"""What the store knows that bears on one mail: plain frozen values, the arguments of every decision."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from mailgate.desk.tokens import Issued


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
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class AgentFacts:
    id: int
    address: str
    name: str
    role: Role
    language: str = ""


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
