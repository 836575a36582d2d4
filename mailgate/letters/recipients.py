"""Who gets a letter: the people of a ticket, or the agents it concerns. Reads the store.

An agent's letter goes to who has the ticket and to who follows it; else to the group of its category; else to
everybody. Who is away gets none while there is somebody else.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from mailgate.desk.addresses import is_ours
from mailgate.desk.decision import To
from mailgate.desk.effects import HandOver
from mailgate.desk.facts import AgentFacts, Role, TicketFacts
from mailgate.desk.folding import folded
from mailgate.desk.languages import spoken_in
from mailgate.letters.known import Known
from mailgate.letters.scene import Cause, Office, Recipient
from mailgate.store import desk_work, identification, people
from mailgate.store.forgetting import NOBODY

UNSORTED = "general"  # the group that gets what has no category yet, where there is one


def recipients(
    office: Office, to: To, ticket: TicketFacts | None, cause: Cause, now: datetime, known: Known
) -> list[Recipient]:
    """The people one order is for, each once."""
    if to is To.SENDER:
        return [staff(office, cause.facts.agent)] if cause.facts.agent else _client_who_wrote(office, ticket, cause)
    if ticket is None and (found := _strangers(office, to, cause)) is not None:
        return found
    if to is To.ON_CALL:
        everybody, named = known.agents, office.settings.urgent.on_call
        called = [agent for agent in everybody if agent.on_call] or [a for a in everybody if a.address in named]
        return [staff(office, agent) for agent in called] or _agents(office, To.AGENTS, ticket, cause, now, known)
    if to in (To.AGENTS, To.GROUP, To.FOLLOWERS, To.ASSIGNEE):
        return _agents(office, to, ticket, cause, now, known)
    if to is To.SUBSTITUTES:
        return _substitutes(office, cause, now, known)
    if to is To.MANAGEMENT:
        return managers(office, ticket.pqrs.type.value if ticket and ticket.pqrs else "")
    assert ticket is not None  # letters to clients are about a ticket
    addresses = [ticket.requester] if to is To.REQUESTER else [ticket.requester, *sorted(ticket.participants)]
    names = {ticket.requester: ticket.requester_name}
    return [
        Recipient(address, names.get(address, ""), Role.CLIENT, ticket.language)
        for address in dict.fromkeys(addresses)
        if not is_ours(address, office.settings.desk.addresses)  # a desk that writes to itself never ends
        and not address.endswith(NOBODY)  # who asked was forgotten
    ]


def _strangers(office: Office, to: To, cause: Cause) -> list[Recipient] | None:
    """Who is met on the way from stranger to contact; None for the others. Names are not theirs to choose yet."""
    language, facts = office.settings.desk.language, cause.facts
    if to is To.AUTHOR:
        sender, contact = cause.message.sender, facts.contact
        spoken = (contact.language if contact else "") or spoken_in(cause.message) or language
        return [Recipient(sender.address, contact.name if contact else "", Role.CLIENT, spoken)] if sender else []
    if to is To.CONTACTS:
        client = facts.identification.client if facts.identification else None
        known = identification.confirmed_contacts(client.id) if client else []
        return [Recipient(one.address, one.name, Role.CLIENT, one.language or language) for one in known]
    if to is To.APPROVED:
        return [Recipient(facts.approval.address, "", Role.CLIENT, language)] if facts.approval else []
    if to is To.ASKED:
        asked = identification.asked_about(facts.reply_to_letter.held) if facts.reply_to_letter else []
        return [Recipient(address, "", Role(role), language) for address, role in asked]
    return None


def _client_who_wrote(office: Office, ticket: TicketFacts | None, cause: Cause) -> list[Recipient]:
    """The person at the address that wrote: only who is known by it is answered."""
    contact, sender = cause.facts.contact, cause.message.sender
    if sender is None or is_ours(sender.address, office.settings.desk.addresses):
        return []
    name = (contact.name if contact else "") or sender.name
    spoken = ticket.language if ticket else spoken_in(cause.message) or office.settings.desk.language
    language = (contact.language if contact else "") or spoken
    return [Recipient(sender.address, name, Role.CLIENT, language)]


def staff(office: Office, agent: AgentFacts) -> Recipient:
    return Recipient(agent.address, agent.name, agent.role, agent.language or office.settings.desk.language)


def managers(office: Office, kind: str = "") -> list[Recipient]:
    """Who is copied on a PQRS of this type: those of the settings, and managers without groups or with its type.

    Without a type: who is copied on all of them, and gets the report. An absence changes nothing: a copy is evidence,
    and waits for who comes back.
    """
    chosen = office.settings.pqrs.managers
    named = [*office.settings.desk.management, *(a for name, those in chosen.items() if name == kind for a in those)]
    known = {agent.address: agent for agent in people.managers()}
    theirs = [agent.address for agent in known.values() if not agent.groups or kind in map(folded, agent.groups)]
    return [
        Recipient(
            address,
            known[address].name if address in known else "",
            Role.MANAGEMENT,
            (known[address].language if address in known else "") or office.settings.desk.language,
        )
        for address in dict.fromkeys([*named, *theirs])
    ]


def _agents(
    office: Office, to: To, ticket: TicketFacts | None, cause: Cause, now: datetime, known: Known
) -> list[Recipient]:
    """Never the author of what is told, unless it only claims to be theirs."""
    everybody = known.agents
    concerned = [agent for agent in everybody if ticket and agent.id == ticket.agent_id and to is not To.GROUP]
    if to not in (To.ASSIGNEE, To.GROUP) and ticket:
        concerned += [agent for agent in known.followers if agent not in concerned]
    today = now.astimezone(ZoneInfo(office.settings.desk.timezone)).date()
    if to in (To.AGENTS, To.GROUP) and not _there(concerned, today):
        category = folded(ticket.category if ticket else "") or UNSORTED
        group = [agent for agent in everybody if category and category in map(folded, agent.groups)]
        concerned = _there(group, today) or _there(everybody, today) or everybody
    authors = {cause.message.sender.address} if cause.message.sender and ticket else set()
    if to is To.ASSIGNEE and cause.facts.agent:  # of a forward, whose author is the client
        authors.add(cause.facts.agent.address)
    return [staff(office, agent) for agent in _there(concerned, today) or concerned if agent.address not in authors]


def _substitutes(office: Office, cause: Cause, now: datetime, known: Known) -> list[Recipient]:
    """Who takes over the tickets that this very mail has handed over: who was named, else the absent one's group."""
    handed = (
        next((one for one in cause.decision.effects if isinstance(one, HandOver)), None) if cause.decision else None
    )
    if handed is None or cause.intake_id is None or not desk_work.handed_over_by(cause.intake_id):
        return []
    today = now.astimezone(ZoneInfo(office.settings.desk.timezone)).date()
    others = _there([agent for agent in known.agents if agent.id != handed.agent_id], today)
    absent = next((agent for agent in known.agents if agent.id == handed.agent_id), None)
    group = [agent for agent in others if absent and set(agent.groups) & set(absent.groups)]
    taking = [agent for agent in others if agent.id == handed.to] if handed.to else group or others
    return [staff(office, agent) for agent in taking]


def _there(agents: list[AgentFacts], today: date) -> list[AgentFacts]:
    """Those who are not away."""
    return [agent for agent in agents if agent.away_until is None or agent.away_until < today]
