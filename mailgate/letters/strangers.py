"""The words of letters on the way from stranger to contact: one provider of values a letter, plain values only.

A stranger's own words are never among them: who is asked reads an address, and nothing that its owner chose beside it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mailgate.letters.scene import Scene


def nothing_of_theirs(scene: Scene) -> dict[str, Any]:
    return {"subject": ""}


def approve(scene: Scene) -> dict[str, Any]:
    known, sender = scene.cause.facts.identification, scene.cause.message.sender
    client = known.client if known else None
    return {
        "subject": "",
        "address": sender.address if sender else "",
        "company": client.name if client else "",
        "licence": client.licence if client else "",
    }


def decided(scene: Scene) -> dict[str, Any]:
    approval, agent, sender = scene.cause.facts.approval, scene.cause.facts.agent, scene.cause.message.sender
    return {
        "subject": "",
        "address": approval.address if approval else "",
        "approved": scene.cause.reason == "contact-approved",
        "by": agent.name if agent else sender.address if sender else "",  # agents' addresses stay inside
    }


def inactive(scene: Scene) -> dict[str, Any]:
    """Who is not approved yet learns that there is no policy, and nothing else of it."""
    contact = scene.cause.facts.contact
    client = contact.client if contact else None
    told = client if contact and contact.confirmed else None
    return {
        "subject": "",
        "state": client.state if client else "",
        "valid_to": date.fromisoformat(told.valid_to) if told and told.valid_to else None,
        "company": told.name if told else "",
        "renewal": scene.office.settings.desk.renewal,
    }
