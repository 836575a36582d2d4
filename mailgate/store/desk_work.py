"""What agents' commands do to a ticket and to the desk. Writing verbs expect to be inside the mail's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from mailgate.desk.facts import AgentFacts, Status
from mailgate.store import audit, suggestions
from mailgate.store.base import transaction, translated
from mailgate.store.models import (
    Agent,
    Canned,
    Comment,
    Contact,
    Event,
    Follower,
    Meeting,
    News,
    Participant,
    Service,
    Solution,
    Ticket,
)
from mailgate.store.people import agent_facts
from mailgate.store.prepared import Query, prepared

UNFINISHED = ("new", "open", "waiting")
HANDED_OVER = "handed-over"  # in the audit trail
PUBLICATIONS = {"solution": Solution, "news": News}


def assign(number: int, agent_id: int | None) -> None:
    Ticket.update(agent=agent_id).where(Ticket.id == number).execute()


def change(number: int, **values: Any) -> None:
    """Set columns of a ticket: category, priority, urgent."""
    Ticket.update(values).where(Ticket.id == number).execute()


def add_participant(number: int, address: str, added_by: str, now: datetime) -> None:
    Participant.insert(ticket=number, address=address, added_by=added_by, added_at=now).on_conflict_ignore().execute()


def set_client(number: int, client_id: int, now: datetime) -> None:
    """Tie a ticket to a client; a requester whom nobody knew becomes its contact, on the agent's word."""
    row = Ticket.get_by_id(number)
    contact = Contact.get_or_none(Contact.address == row.requester)
    if contact is None and Agent.get_or_none(Agent.address == row.requester) is None:
        contact = Contact.create(
            client=client_id, address=row.requester, name=row.requester_name, confirmed=True, created_at=now
        )
    elif contact is not None and contact.client_id is None:
        Contact.update(client=client_id, confirmed=True).where(Contact.id == contact.id).execute()
    Ticket.update(client=client_id, contact=contact.id if contact else None).where(Ticket.id == number).execute()


def remove_participant(number: int, address: str) -> None:
    Participant.delete().where(Participant.ticket == number, Participant.address == address).execute()


def follow(number: int, agent_id: int, *, stop: bool = False) -> None:
    if stop:
        Follower.delete().where(Follower.ticket == number, Follower.agent == agent_id).execute()
    else:
        Follower.insert(ticket=number, agent=agent_id).on_conflict_ignore().execute()


def followers(number: int) -> list[AgentFacts]:
    """The agents who asked to be told of everything on a ticket."""
    return [agent_facts(row) for row in _followers.rows(number)]


@prepared
def _followers(number: int) -> Query:
    return Agent.select().join(Follower).where(Follower.ticket == number, Agent.active).order_by(Agent.id)


def record_service(number: int, agent_id: int, minutes: int, text: str, now: datetime) -> None:
    Service.create(ticket=number, agent=agent_id, minutes=minutes, text=text, at=now)


def publish(what: str, title: str, body: str, category: str, by: str, now: datetime) -> None:
    row = PUBLICATIONS[what].create(title=title, body=body, category=category, created_by=by, created_at=now)
    if what == "solution":
        suggestions.index_solution(row.id, title, body)


def save_canned(name: str, body: str, by: str, now: datetime) -> None:
    """Keep an answer under a name; one of that name is replaced, or only forgotten when there is no other."""
    Canned.delete().where(Canned.name == name).execute()
    if body:
        Canned.create(name=name, body=body, created_by=by, created_at=now)


def canned() -> list[tuple[str, str]]:
    """Every canned answer, by name."""
    with translated():
        return [(name, body) for name, body in Canned.select(Canned.name, Canned.body).order_by(Canned.name).tuples()]


def set_away(agent_id: int, until: date | None) -> None:
    Agent.update(away_until=until).where(Agent.id == agent_id).execute()


def handed_over_by(intake_id: int) -> list[int]:
    """The tickets that a mail has handed over."""
    events = Event.select(Event.ticket).where(Event.intake == intake_id, Event.what == HANDED_OVER)
    with translated():
        return [number for (number,) in events.tuples()]


def hand_over(agent_id: int, to: int | None) -> list[int]:
    """Give an agent's unfinished tickets to another one, or to nobody; gives their numbers."""
    theirs = Ticket.select(Ticket.id).where(Ticket.agent == agent_id, Ticket.status.in_(UNFINISHED)).order_by(Ticket.id)
    numbers = [number for (number,) in theirs.tuples()]
    Ticket.update(agent=to).where(Ticket.id.in_(numbers)).execute()
    return numbers


def let_go(address: str, actor: str, now: datetime) -> list[int] | None:
    """An agent answers no more and is told of nothing more; their unfinished tickets are nobody's. Their words stay.

    Gives the numbers of those tickets; None when there is no such agent.
    """
    with transaction():
        row = Agent.get_or_none(Agent.address == address, Agent.active)
        if row is None:
            return None
        Agent.update(active=False, on_call=False, away_until=None).where(Agent.id == row.id).execute()
        numbers = hand_over(row.id, None)
        for number in numbers:
            audit.append(number, HANDED_OVER, actor=actor, now=now, why=f"to nobody yet: {address} has left")
        audit.append(None, "agent-removed", actor=actor, now=now, why=address)
    return numbers


def set_on_call(agent_ids: Sequence[int]) -> None:
    """These agents, and no others."""
    Agent.update(on_call=False).where(Agent.on_call).execute()
    Agent.update(on_call=True).where(Agent.id.in_(list(agent_ids))).execute()


def category_of(number: int | None) -> str:
    """A ticket's category, "" when it has none, or there is no ticket."""
    return str(_category.value(number) or "") if number else ""


@prepared
def _category(number: int) -> Query:
    return Ticket.select(Ticket.category).where(Ticket.id == number)


def merge(number: int, into: int, now: datetime) -> Status:
    """Move everything into another ticket: what was said, worked and planned, and who takes part. Later mail follows
    (``root_of``). Gives the state it had.
    """
    row = Ticket.get_by_id(number)
    for table in (Comment, Service, Meeting):
        table.update(ticket=into).where(table.ticket == number).execute()
    people = [(row.requester, row.requester_name), *((p.address, p.name) for p in row.participants)]
    kept = Ticket.get_by_id(into)
    for address, name in people:
        if address != kept.requester:
            Participant.insert(
                ticket=into, address=address, name=name, added_by="merge", added_at=now
            ).on_conflict_ignore().execute()
    for agent in followers(number):
        follow(into, agent.id)
    Ticket.update(merged_into=into, status="closed", closed_at=now, updated_at=now).where(Ticket.id == number).execute()
    Ticket.update(updated_at=now).where(Ticket.id == into).execute()
    _index_again(number, into)
    return Status(row.status)


def root_of(number: int) -> int:
    """The ticket that took this one in, over any chain of merges; itself when none did. Cycles end where they began."""
    seen = {number}
    while (into := _merged_into.value(number)) is not None and into not in seen:
        number = into
        seen.add(number)
    return number


@prepared
def _merged_into(number: int) -> Query:
    return Ticket.select(Ticket.merged_into).where(Ticket.id == number)


def divisible(number: int) -> Comment | None:
    """The client's last comment, unless it is the ticket's first."""
    with translated():
        comments = Comment.select().where(Comment.ticket == number).order_by(Comment.id)
        first, last = comments.first(), _last_of_client(number)
        return last if last is not None and first is not None and last.id != first.id else None


def _last_of_client(number: int) -> Comment | None:
    said = Comment.select().where(Comment.ticket == number, Comment.role == "client", Comment.public)
    return said.order_by(Comment.id.desc()).first()


def divide(number: int, now: datetime) -> int:
    """Make the client's last comment, which must be ``divisible``, a ticket of its own, linked to this one."""
    last = divisible(number)
    assert last is not None
    row = Ticket.get_by_id(number)
    words = " ".join(last.text.split()[:8])
    new = Ticket.create(
        client=row.client_id, contact=row.contact_id, requester=row.requester, requester_name=row.requester_name,
        desk_address=row.desk_address, subject=words or row.subject, language=row.language, status="open",
        category=row.category, agent=row.agent_id, opened_at=now, updated_at=now, linked_to=number,
    )  # fmt: skip
    Comment.update(ticket=new.id).where(Comment.id == last.id).execute()
    _index_again(number, new.id)
    return int(new.id)


def _index_again(*numbers: int) -> None:
    """Words that moved are found where they are now."""
    for number in numbers:
        suggestions.index_ticket(number)
