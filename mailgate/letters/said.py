"""The words that a letter passes on, and what every letter shows: plain values only.

A stranger's text is never among those that go to clients.
"""

from __future__ import annotations

from typing import Any

from mailgate.desk.decision import Reason
from mailgate.desk.facts import Role, TicketFacts
from mailgate.letters.enclosures import listed, sent_along
from mailgate.letters.markdown import answer_html
from mailgate.letters.scene import Office, Recipient, Scene
from mailgate.mail.message import Message

STAFF = {Role.AGENT, Role.SUPERVISOR}
REMARKED = {
    Reason.PASSED_ON,
    Reason.REPEATED,
    Reason.REOPENED_OFTEN,
}  # told in the notice: the author did not simply write it


def common(office: Office, recipient: Recipient, ticket: TicketFacts | None) -> dict[str, Any]:
    """What every letter may show."""
    desk, logo = office.settings.desk, office.logo
    return {
        "desk": {
            "name": desk.name,
            "company": desk.company,
            "address": desk.address,
            "phone": desk.phone,
            "logo": logo.content_id if logo else "",
        },
        "name": recipient.name,
        "number": ticket.number if ticket else None,
        "tag": desk.tag.format(number=ticket.number) if ticket else "",
        "status": ticket.status.value if ticket else "",
        "formal": is_formal(recipient, ticket),
        "category": ticket.category if ticket else "",
        "promised_at": ticket.promised_at if ticket else None,
    }


def is_formal(recipient: Recipient, ticket: TicketFacts | None) -> bool:
    """Whether the letter says usted: about a PQRS, except among those who work on it."""
    return ticket is not None and ticket.pqrs is not None and recipient.role not in STAFF


def about_the_cause(scene: Scene, *, signed: bool) -> dict[str, Any]:
    """The matter, who attends it, and why the letter is written."""
    cause, ticket = scene.cause, scene.ticket
    reasons = scene.words["reasons"]
    return {
        "subject": ticket.subject if ticket else cause.message.subject,
        "agent_name": _who_did_it(scene) if signed else _who_has_it(scene),
        "remark": reasons.get(cause.reason, "") if cause.reason in REMARKED else "",
        "reason": reasons.get(cause.reason, cause.reason),
        "evidence": evidence_told(scene),
    }


def evidence_told(scene: Scene) -> list[str]:
    """What is known of the sender, in the reader's language."""
    return [scene.told("evidence", line) for line in scene.cause.evidence]


def words_of_cause(scene: Scene) -> dict[str, Any]:
    """What the person wrote, for those who work on it."""
    message = scene.cause.message
    return {"author": _author(message), "text": message.parts.own, "html": "", "attachments": listed(scene)}


def words_of_agent(scene: Scene) -> dict[str, Any]:
    """What the agent wrote, for the client."""
    message = scene.cause.message
    files = sent_along(scene)
    return {"author": _author(message), "text": message.parts.own, "html": answer_html(message), "attachments": files}


def _author(message: Message) -> dict[str, str]:
    sender = message.sender
    return {"name": sender.name if sender else "", "address": sender.address if sender else ""}


def _who_did_it(scene: Scene) -> str:
    agent = scene.cause.facts.agent
    return agent.name if agent else ""


def _who_has_it(scene: Scene) -> str:
    ticket = scene.ticket
    if ticket is None or not ticket.agent_id:
        return ""
    return next((agent.name for agent in scene.known.agents if agent.id == ticket.agent_id), "")
