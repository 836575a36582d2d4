"""The words of lists and of the morning digest: sections of tickets, plain values."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from mailgate.desk.facts import AgentFacts
from mailgate.letters.scene import Office, Recipient, Scene
from mailgate.store import desk_lists
from mailgate.store.desk_lists import Found


def list_values(scene: Scene) -> dict[str, Any]:
    """The one list that an agent asked for: ``title``, ``sections``, ``card`` of a client."""
    decision, agent, desk = scene.cause.decision, scene.cause.facts.agent, scene.cause.facts.desk
    assert decision is not None and decision.asked is not None and agent is not None and desk is not None  # noqa: PT018
    asked, words = decision.asked, _words(scene.office, scene.recipient)
    card = desk_lists.client_card(asked.words) if asked.kind == "client" else None
    found = {
        "queue": lambda: desk_lists.queue(),
        "mine": lambda: desk_lists.mine(agent.id),
        "due": lambda: desk_lists.due(_midnight(scene.office, desk.now)),
        "search": lambda: desk_lists.search(asked.words),
        "client": lambda: desk_lists.of_client(card["id"]) if card else Found([], 0),
    }[asked.kind]()
    title = words["lists"][asked.kind].format(value=card["name"] if card else asked.words)
    return {"title": title, "sections": [section(scene.office, title, found)], "card": card}


def digest_values(office: Office, recipient: Recipient, agent: AgentFacts, now: datetime) -> dict[str, Any]:
    """A morning's lists for one agent; no sections when there is nothing to do."""
    words = _words(office, recipient)["lists"]
    lists = (
        ("due", desk_lists.due(_midnight(office, now))),
        ("mine", desk_lists.mine(agent.id)),
        ("queue", desk_lists.queue()),
    )
    sections = [section(office, words[kind], found) for kind, found in lists if found.total]
    return {"title": words["digest"], "sections": sections}


def section(office: Office, title: str, found: Found) -> dict[str, Any]:
    """One table of tickets under its title."""
    tag = office.settings.desk.tag
    rows = [row | {"tag": tag.format(number=row["number"])} for row in found.rows]
    return {"title": title, "tickets": rows, "total": found.total, "more": found.total - len(rows)}


def _midnight(office: Office, now: datetime) -> datetime:
    """When today began, in the desk's zone."""
    zone = ZoneInfo(office.settings.desk.timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _words(office: Office, recipient: Recipient) -> dict[str, Any]:
    return office.renderer.words(recipient.language)
