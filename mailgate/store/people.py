"""Clients, their contacts and domains, and the agents: adding, finding, listing.

Writing verbs are idempotent: the same person twice is one row, brought up to date. Addresses come case-folded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from mailgate.desk.facts import AgentFacts, ClientFacts, ContactFacts, Role
from mailgate.store.base import transaction, translated
from mailgate.store.models import Agent, Client, ClientDomain, Contact
from mailgate.store.prepared import Query, Row, prepared


@dataclass(frozen=True, slots=True)
class ClientEntry:
    """A client as somebody types or imports it; None and "" leave what is there."""

    licence: str  # upper case
    nit: str  # digits, without check digit
    name: str
    plan: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    suspended: bool = False
    mobile: str = ""
    contacts: Sequence[tuple[str, str]] = field(default=())  # (address, name)
    domains: Sequence[str] = field(default=())


def save_client(entry: ClientEntry, now: datetime) -> tuple[ClientFacts, bool]:
    """Add a client, or bring the one with this licence up to date. True when it is new."""
    values = {
        "nit": entry.nit, "name": entry.name, "plan": entry.plan, "valid_from": entry.valid_from,
        "valid_to": entry.valid_to, "suspended": entry.suspended, "mobile": entry.mobile,
    }  # fmt: skip
    with transaction():
        row = Client.get_or_none(Client.licence == entry.licence)
        new = row is None
        if row is None:
            row = Client.create(licence=entry.licence, created_at=now, **values)
        else:
            known = {key: value for key, value in values.items() if value not in (None, "")}
            Client.update(known).where(Client.id == row.id).execute()
            row = Client.get_by_id(row.id)
        for address, name in entry.contacts:
            save_contact(address, name, now, client_id=row.id)
        for domain in entry.domains:
            ClientDomain.insert(client=row.id, domain=domain.casefold()).on_conflict_ignore().execute()
        return client_facts(row, now.date()), new


def save_contact(address: str, name: str, now: datetime, *, client_id: int | None, confirmed: bool = True) -> int:
    """Add a contact, or tie a known one to this client. Gives its id."""
    row = Contact.get_or_none(Contact.address == address)
    if row is None:
        values = {"name": name, "client": client_id, "confirmed": confirmed}
        return int(Contact.create(address=address, created_at=now, **values).id)
    row.client_id = client_id if client_id is not None else row.client_id
    row.name = name or row.name
    row.confirmed = confirmed
    row.save()
    return int(row.id)


def save_agent(
    address: str, name: str, now: datetime, *, role: Role = Role.AGENT, groups: Sequence[str] = (), language: str = ""
) -> tuple[AgentFacts, bool]:
    """Add an agent, or bring the one with this address up to date. True when it is new."""
    values = {"name": name, "role": role.value, "groups": list(groups), "language": language, "active": True}
    with transaction():
        row = Agent.get_or_none(Agent.address == address)
        if row is None:
            return agent_facts(Agent.create(address=address, created_at=now, **values)), True
        Agent.update(values).where(Agent.id == row.id).execute()
        return agent_facts(Agent.get_by_id(row.id)), False


def save_agents(
    rows: Sequence[tuple[str, str, str, Sequence[str], str]],
    now: datetime,
    progress: Callable[[], None] = lambda: None,
) -> None:
    """Many agents (address, name, role, groups, language), all or none; what a row leaves empty stays as it was.

    ``progress`` is called after each.
    """
    with transaction():
        known = {agent.address: agent for agent in all_agents()}
        for address, name, role, groups, language in rows:
            before = known.get(address)
            groups = groups or (before.groups if before else ())
            language = language or (before.language if before else "")
            save_agent(address, name, now, role=Role(role), groups=groups, language=language)
            progress()


def present_agents() -> list[AgentFacts]:
    """Agents, supervisors and management, without those who have left, by address."""
    return sorted([*active_agents(), *managers()], key=lambda agent: agent.address)


def find_agent(address: str) -> AgentFacts | None:
    row = _agent.first(address)
    return agent_facts(row) if row else None


@prepared
def _agent(address: str) -> Query:
    return Agent.select().where((Agent.address == address) & Agent.active)


def find_contact(address: str, today: date) -> ContactFacts | None:
    """The contact with this address; an address of a client's domain is a contact on sight (id 0)."""
    row = _contact.first(address)
    if row is not None:
        client = client_facts(_client.first(row.client_id), today) if row.client_id else None
        return ContactFacts(
            row.id, row.address, row.name, client, row.confirmed, row.language, row.mobile, may_commit=row.may_commit
        )
    owner = _client_of_domain.first(address.rpartition("@")[2])
    return ContactFacts(0, address, "", client_facts(owner, today), confirmed=True) if owner else None


@prepared
def _contact(address: str) -> Query:
    return Contact.select().where(Contact.address == address)


@prepared
def _client(client_id: int) -> Query:
    return Client.select().where(Client.id == client_id)


@prepared
def _client_of_domain(domain: str) -> Query:
    return Client.select().join(ClientDomain).where(ClientDomain.domain == domain)


def active_agents() -> list[AgentFacts]:
    """Everybody who answers tickets, in the order they were added."""
    return [agent_facts(row) for row in _active_agents.rows()]


@prepared
def _active_agents() -> Query:
    return Agent.select().where(Agent.active, Agent.role != Role.MANAGEMENT.value).order_by(Agent.id)


def managers() -> list[AgentFacts]:
    """Those of the agents' table who are management, in the order they were added."""
    return [agent_facts(row) for row in _managers.rows()]


@prepared
def _managers() -> Query:
    return Agent.select().where(Agent.active, Agent.role == Role.MANAGEMENT.value).order_by(Agent.id)


def all_agents() -> list[AgentFacts]:
    return [agent_facts(row) for row in _all_agents.rows()]


@prepared
def _all_agents() -> Query:
    return Agent.select().order_by(Agent.address)


def all_clients(today: date) -> list[tuple[ClientFacts, list[str]]]:
    """Every client with its contacts' addresses, by licence."""
    with translated():
        contacts: dict[int, list[str]] = {}
        for row in Contact.select(Contact.client, Contact.address).where(Contact.client.is_null(False)):
            contacts.setdefault(row.client_id, []).append(row.address)
        rows = Client.select().order_by(Client.licence)
        return [(client_facts(row, today), sorted(contacts.get(row.id, []))) for row in rows]


def agent_facts(row: Agent | Row) -> AgentFacts:
    groups = tuple(str(group) for group in row.groups or ())
    on_call = bool(row.on_call)
    return AgentFacts(row.id, row.address, row.name, Role(row.role), row.language, groups, row.away_until, on_call)


def client_facts(row: Client | Row, today: date) -> ClientFacts:
    valid_to = row.valid_to.isoformat() if row.valid_to else ""
    return ClientFacts(row.id, row.licence, row.nit, row.name, row.plan, _state(row, today), valid_to, row.mobile)


def _state(row: Client | Row, today: date) -> str:
    if row.suspended:
        return "suspended"
    return "expired" if row.valid_to and row.valid_to < today else "active"
