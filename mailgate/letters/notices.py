"""What every notice to an agent tells beside the words: the client, the ticket's marks, what was said before."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mailgate.desk.addresses import is_ours
from mailgate.desk.facts import ClientFacts, Facts, Role
from mailgate.desk.mobiles import shown
from mailgate.desk.same_matter import compare
from mailgate.letters.buttons import mailto
from mailgate.letters.scene import Scene
from mailgate.store import briefs, people

MOST_COPIED = 10
ALIKE = 0.34  # share of common words from which two new tickets may be one matter


def notice_values(scene: Scene) -> dict[str, Any]:
    """``client``, ``mobile``, ``category``, ``urgent``, ``history``: plain values."""
    facts, ticket = scene.cause.facts, scene.ticket
    client = facts.contact.client if facts.contact else None
    values: dict[str, Any] = {"client": client_shown(client), "mobile": _mobile(facts)}
    if ticket is None:
        return values
    if facts.contact is None:  # an agent's own mail, or the clock: the client is the ticket's
        today = scene.now.astimezone(ZoneInfo(scene.office.settings.desk.timezone)).date()
        values |= {"client": client_shown(scene.known.once(briefs.client_of, ticket.number, today))}
    values |= {"mobile": shown(scene.known.mobile or str(values["mobile"]))}
    told = scene.cause.message.parts.own.strip()
    values["history"] = [item for item in scene.known.history if item["text"].strip() != told]
    return values | {"category": ticket.category, "urgent": ticket.urgent}


def offers(scene: Scene) -> dict[str, Any]:
    """What the agent may want to do with the mail: join it to another ticket, add the people in copy."""
    return {"duplicates": _duplicates(scene), "copied": _copied(scene)} if scene.ticket else {}


def _duplicates(scene: Scene) -> list[dict[str, Any]]:
    """Tickets of the same person that may be the same matter, opened minutes ago: each with a mail that merges."""
    ticket, desk = scene.ticket, scene.office.settings.desk
    if scene.letter != "notice-new" or ticket is None:
        return []
    since = scene.now - timedelta(minutes=desk.duplicate_minutes)
    said = f"{ticket.subject}\n{scene.cause.message.parts.own}"
    return [
        {
            "tag": desk.tag.format(number=other["number"]),
            "subject": other["subject"],
            "at": other["at"],
            "command": f"#unir {other['number']}",
            "url": mailto(scene.reply_to, f"{scene.tag} unir", f"#unir {other['number']}"),
        }
        for other in scene.known.once(_alike, ticket.number, since, said)
    ]


def _alike(number: int, since: datetime, said: str) -> list[dict[str, Any]]:
    """Tickets that the same person opened since then, and that say much the same."""
    before = briefs.opened_just_before(number, since)
    return [one for one in before if compare(f"{one['subject']}\n{one['text']}", said).share >= ALIKE]


def _copied(scene: Scene) -> list[dict[str, str]]:
    """People in the mail's To and Cc who do not take part: each with a mail that adds them. A Cc alone adds nobody."""
    ticket, message, desk = scene.ticket, scene.cause.message, scene.office.settings.desk
    if ticket is None or scene.cause.facts.agent is not None:
        return []
    known = ticket.participants | set(desk.management) | {message.sender.address if message.sender else ""}
    named = dict.fromkeys(one.address for one in (*message.to, *message.cc))
    others = [one for one in named if one and one not in known and not is_ours(one, desk.addresses)]
    staff = {agent.address for agent in scene.known.once(people.all_agents)} if others else set()
    return [
        {"address": one, "command": f"#cc {one}", "url": mailto(scene.reply_to, f"{scene.tag} cc", f"#cc {one}")}
        for one in others
        if one not in staff
    ][:MOST_COPIED]


def answered_values(scene: Scene) -> dict[str, Any]:
    """The agent who did it, by the name that clients read; the ticket may be another's, and the mail a client's."""
    agent = scene.cause.facts.agent
    return {"author": {"name": agent.name, "address": agent.address}} if agent else {}


def assigned_values(scene: Scene) -> dict[str, Any]:
    """With the other agent's words, or else the client's last ones: what the agent has to answer."""
    assert scene.ticket is not None  # only tickets are assigned
    return answered_values(scene) | {
        "text": scene.cause.message.parts.own.strip() or briefs.last_words(scene.ticket.number)
    }


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
