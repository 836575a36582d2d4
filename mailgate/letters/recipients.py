"""Who gets a letter: the people of a ticket, or the agents it concerns. Reads the store.

An agent's letter goes to who has the ticket and to who follows it; else to the group of its category; else to
everybody. Who is away gets none while there is somebody else.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from mailgate.desk.addresses import is_ours
from mailgate.desk.arguments import folded
from mailgate.desk.decision import To
from mailgate.desk.facts import AgentFacts, Role, TicketFacts
from mailgate.letters.scene import Cause, Office, Recipient
from mailgate.store import desk_work, people

UNSORTED = "general"  # the group that gets what has no category yet, where there is one


def recipients(office: Office, to: To, ticket: TicketFacts | None, cause: Cause, now: datetime) -> list[Recipient]:
    """The people one order is for, each once."""
    if to is To.SENDER:
        return [staff(office, cause.facts.agent)] if cause.facts.agent else []
    if to in (To.AGENTS, To.FOLLOWERS, To.ASSIGNEE):
        return _agents(office, to, ticket, cause, now)
    assert ticket is not None  # letters to clients are about a ticket
    addresses = [ticket.requester] if to is To.REQUESTER else [ticket.requester, *sorted(ticket.participants)]
    names = {ticket.requester: ticket.requester_name}
    return [
        Recipient(address, names.get(address, ""), Role.CLIENT, ticket.language)
        for address in dict.fromkeys(addresses)
        if not is_ours(address, office.settings.desk.addresses)  # a desk that writes to itself never ends
    ]


def staff(office: Office, agent: AgentFacts) -> Recipient:
    return Recipient(agent.address, agent.name, agent.role, agent.language or office.settings.desk.language)


def _agents(office: Office, to: To, ticket: TicketFacts | None, cause: Cause, now: datetime) -> list[Recipient]:
    """Never the author of what is told, unless it only claims to be theirs."""
    everybody = people.active_agents()
    concerned = [agent for agent in everybody if ticket and agent.id == ticket.agent_id]
    if to is not To.ASSIGNEE and ticket:
        concerned += [agent for agent in desk_work.followers(ticket.number) if agent not in concerned]
    today = now.astimezone(ZoneInfo(office.settings.desk.timezone)).date()
    if to is To.AGENTS and not _there(concerned, today):
        category = folded(desk_work.category_of(ticket.number if ticket else None)) or UNSORTED
        group = [agent for agent in everybody if category and category in map(folded, agent.groups)]
        concerned = _there(group, today) or _there(everybody, today) or everybody
    author = cause.message.sender.address if cause.message.sender and ticket else ""
    return [staff(office, agent) for agent in _there(concerned, today) or concerned if agent.address != author]


def _there(agents: list[AgentFacts], today: date) -> list[AgentFacts]:
    """Those who are not away."""
    return [agent for agent in agents if agent.away_until is None or agent.away_until < today]
