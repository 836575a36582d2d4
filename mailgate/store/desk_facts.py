"""What an agent's commands may name, as the desk knows it. Reads only, and only for mails that have commands."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from mailgate.desk.commands.plan import mentioned, proposals
from mailgate.desk.facts import DeskFacts, TicketFacts
from mailgate.mail.commands import find_commands
from mailgate.settings import Settings
from mailgate.store import people, suggestions
from mailgate.store.base import translated
from mailgate.store.desk_work import divisible, root_of
from mailgate.store.models import Canned, Client, Ticket
from mailgate.store.ticket_facts import ticket_facts

MOST_CATEGORIES = 200
MOST_CANNED = 500


def gather_desk(own: str, settings: Settings, ticket: TicketFacts | None, now: datetime) -> DeskFacts:
    """The facts for the commands in a mail's own text, which names ``ticket``; next to nothing is read when it has
    none.
    """
    zone, ours, known = ZoneInfo(settings.desk.timezone), tuple(settings.desk.addresses), settings.categories
    commands = find_commands(own)
    if not commands:
        return DeskFacts(now, zone, ours=ours)
    licences, numbers = mentioned(commands)
    agents = tuple(people.active_agents())
    with translated():
        clients = {row.licence: row for row in Client.select().where(Client.licence.in_(list(licences)))}
        used = Ticket.select(Ticket.category).where(Ticket.category != "").distinct().limit(MOST_CATEGORIES).tuples()
        categories = sorted({*(name for (name,) in used), *(group for agent in agents for group in agent.groups)})
        categories = list(known.names) if known.names else categories
        canned = dict(Canned.select(Canned.name, Canned.body).order_by(Canned.name).limit(MOST_CANNED).tuples())
        today = now.astimezone(zone).date()
        return DeskFacts(
            now=now,
            zone=zone,
            agents=agents,
            categories=tuple(categories),
            clients={licence: people.client_facts(row, today) for licence, row in clients.items()},
            # By the number that was written; the ticket is the one that took it in, when one did.
            tickets={number: ticket for number in numbers if (ticket := ticket_facts(root_of(number))) is not None},
            canned=canned,
            proposals=suggestions.texts(proposals(commands)),
            ours=ours,
            divisible=ticket is not None and divisible(ticket.number) is not None,
        )
