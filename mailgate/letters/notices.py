"""What every notice to an agent tells beside the words: the client, the ticket's marks, what was said before."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from mailgate.desk.facts import ClientFacts, Facts, Role
from mailgate.desk.mobiles import shown
from mailgate.letters.scene import Scene
from mailgate.store import briefs


def notice_values(scene: Scene) -> dict[str, Any]:
    """``client``, ``mobile``, ``category``, ``urgent``, ``history``: plain values."""
    facts, ticket = scene.cause.facts, scene.ticket
    client = facts.contact.client if facts.contact else None
    values: dict[str, Any] = {"client": client_shown(client), "mobile": _mobile(facts)}
    if ticket is None:
        return values
    if facts.contact is None:  # an agent's own mail, or the clock: the client is the ticket's
        today = scene.now.astimezone(ZoneInfo(scene.office.settings.desk.timezone)).date()
        values |= {"client": client_shown(briefs.client_of(ticket.number, today))}
    values |= {"mobile": shown(briefs.mobile_of(ticket.number) or str(values["mobile"]))}
    return values | briefs.marks(ticket.number) | {"history": briefs.history(ticket.number, but=scene.cause.intake_id)}


def assigned_values(scene: Scene) -> dict[str, Any]:
    """With the other agent's words, or else the client's last ones: what the agent has to answer."""
    assert scene.ticket is not None  # only tickets are assigned
    return {"text": scene.cause.message.parts.own.strip() or briefs.last_words(scene.ticket.number)}


def reminder_values(scene: Scene) -> dict[str, Any]:
    """Of an answer that is owed: who waits for it, and what they wrote."""
    ticket = scene.ticket
    assert ticket is not None  # only tickets are promised anything
    return {
        "about": scene.words["promise_about"][scene.about],
        "text": briefs.last_words(ticket.number),
        "author": {"name": ticket.requester_name, "address": ticket.requester},
        "to_management": scene.recipient.role is Role.MANAGEMENT,
    }


def client_shown(client: ClientFacts | None) -> dict[str, Any] | None:
    if client is None:
        return None
    valid_to = date.fromisoformat(client.valid_to) if client.valid_to else None
    shown = {"name": client.name, "licence": client.licence, "nit": client.nit, "plan": client.plan}
    return {**shown, "state": client.state, "valid_to": valid_to}


def _mobile(facts: Facts) -> str:
    contact = facts.contact
    if contact is None:
        return ""
    return shown(contact.mobile or (contact.client.mobile if contact.client else ""))
