"""The one-page guides that an operator sends to clients and agents: how the desk is used by mail. Plain values only."""

from __future__ import annotations

from typing import Any

from mailgate.desk.facts import Role
from mailgate.letters.render import Rendered
from mailgate.letters.said import common
from mailgate.letters.scene import Office, Recipient

GUIDES = {"client": "guide-client", "agent": "guide-agent"}
# What an agent needs on the first day; #ayuda tells the rest.
FIRST_COMMANDS = ("nota", "asignar", "cerrar", "esperar", "servicio", "reunion", "solucion")
EXAMPLE_NUMBER = 1042


def reader(office: Office, whose: str, address: str = "", name: str = "", language: str = "") -> Recipient:
    """Somebody who will read a guide; nobody in particular when there is no address."""
    role = Role.AGENT if whose == "agent" else Role.CLIENT
    return Recipient(address, name, role, language or office.settings.desk.language)


def guide_values(office: Office, recipient: Recipient) -> dict[str, Any]:
    """What a guide tells beside its own words."""
    desk, words = office.settings.desk, office.renderer.words(recipient.language)
    return {
        "example_tag": desk.tag.format(number=EXAMPLE_NUMBER),
        "pqrs_address": desk.pqrs_address or desk.address,
        "commands": [words["commands"][name] for name in FIRST_COMMANDS],
    }


def guide(office: Office, whose: str, recipient: Recipient) -> Rendered:
    """The guide for "client" or "agent", as this reader gets it."""
    values = common(office, recipient, None) | guide_values(office, recipient)
    return office.renderer.render(GUIDES[whose], recipient.language, values)
