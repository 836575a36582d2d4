"""From an order of the desk to letters in the outbox: who gets it (``recipients``), whether it may go now (``caps``),
what it says (the row of ``book``), how it is signed and threaded (``posting``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mailgate.desk.decide import Order
from mailgate.desk.decision import Outcome, To
from mailgate.desk.facts import AgentFacts, Role, TicketFacts
from mailgate.letters import texts
from mailgate.letters.book import BOOK
from mailgate.letters.buttons import make_buttons
from mailgate.letters.caps import held_back, unwelcome
from mailgate.letters.compose import Enclosure
from mailgate.letters.known import Known
from mailgate.letters.posting import Cover, post
from mailgate.letters.recipients import recipients, staff
from mailgate.letters.render import Rendered
from mailgate.letters.said import about_the_cause, common
from mailgate.letters.scene import Cause as Cause
from mailgate.letters.scene import Office as Office
from mailgate.letters.scene import Recipient, Scene
from mailgate.mail.message import Message
from mailgate.store import outbox, tickets
from mailgate.store.forgetting import NOBODY
from mailgate.store.ticket_facts import ticket_facts


def write(office: Office, order: Order, cause: Cause, now: datetime) -> None:
    """Queue the letters of one order. Belongs into the transaction of their cause."""
    write_all(office, [order], cause, now)


def write_all(office: Office, orders: Sequence[Order], cause: Cause, now: datetime) -> None:
    """Queue the letters of some orders about one ticket, as it stands now: what they tell does not change it."""
    ticket = ticket_facts(cause.number) if cause.number and orders else None
    opened = cause.decision is not None and cause.decision.outcome is Outcome.TICKET
    known = Known(ticket, cause.message, cause.intake_id, begins=opened and cause.facts.agent is None)
    for order in orders:
        _write(office, order, ticket, cause, now, known)


def _write(office: Office, order: Order, ticket: TicketFacts | None, cause: Cause, now: datetime, known: Known) -> None:
    if order.letter == "receipt" and not office.settings.desk.receipts:
        return
    if order.letter == "urgent-alert" and ticket is not None:
        texts.queue_alert(office, ticket, now)
    for recipient in recipients(office, order.to, ticket, cause, now, known):
        told = unwelcome(order.letter, recipient, cause) or held_back(
            office.settings.limits, order.letter, recipient, cause.number, now
        )
        if told:
            why = f"{order.letter} to {recipient.address}: {told}"
            tickets.record(
                cause.number, "letter-held-back", actor="mailgate", now=now, why=why, intake_id=cause.intake_id
            )
        else:
            _queue(Scene(office, order, recipient, ticket, cause, now, known))
            if ticket is not None and recipient.role is Role.CLIENT and recipient.address == ticket.requester:
                texts.queue_text(office, order.letter, ticket, cause, now)


def tell_agent(office: Office, letter: str, agent: AgentFacts, values: dict[str, Any], now: datetime) -> None:
    """Queue one letter to an agent that no mail has caused."""
    tell(office, letter, staff(office, agent), values, now)


def tell_undeliverable(office: Office, outgoing_id: int, now: datetime) -> None:
    """Tell those agents whom its ticket concerns, and who are there, that a letter to a client was given up. Of their
    own dead letters nobody is told by letter.

    Nor of one to a person who was forgotten while it waited: it says nothing any more, and nobody can do anything.
    """
    dead = outbox.get(outgoing_id)
    if dead is None or dead.role != Role.CLIENT or dead.recipient.endswith(NOBODY):
        return
    ticket = ticket_facts(dead.ticket) if dead.ticket else None
    cause, known = Cause.of_time("undeliverable", dead.ticket), Known(ticket, Message())
    values = {
        "subject": dead.subject,
        "recipient": dead.recipient,
        "sent_at": dead.created_at,
        "attempts": dead.attempts,
        "reply": dead.reply,
    }
    for recipient in recipients(office, To.AGENTS, ticket, cause, now, known):
        tell(office, "undeliverable", recipient, values, now, ticket=ticket)


def tell(
    office: Office,
    letter: str,
    recipient: Recipient,
    values: dict[str, Any],
    now: datetime,
    *,
    ticket: TicketFacts | None = None,
    enclosed: tuple[Enclosure, ...] = (),
) -> None:
    """Queue one letter that no mail has caused."""
    rendered = office.renderer.render(letter, recipient.language, common(office, recipient, ticket) | values)
    cover = Cover(letter, recipient, ticket, enclosed=enclosed)
    post(office, cover, lambda _: rendered, now, Known(ticket, Message()))


def _queue(scene: Scene) -> None:
    entry, cause, sender = BOOK[scene.letter], scene.cause, scene.cause.message.sender
    theirs = sender is not None and sender.address == scene.recipient.address
    enclosed = next((files for enclose in entry.encloses if (files := enclose(scene))), ())
    cover = Cover(
        scene.letter,
        scene.recipient,
        scene.ticket,
        cause_id=cause.intake_id,
        answered=cause.message.message_id if theirs else "",
        thread=cause.message.references if theirs else (),
        from_name=_author_name(scene) if scene.letter == "answer" else "",
        enclosed=enclosed,
        calendar=entry.invites(scene) if entry.invites else "",
        once=_once_a_bounce(scene),
    )
    post(scene.office, cover, lambda reply_to: _words(scene.replied_at(reply_to)), scene.now, scene.known)
    if entry.remembers:
        entry.remembers(scene)


def _once_a_bounce(scene: Scene) -> str | None:
    """A letter comes back once; whoever sends its bounce again and again must not fill the agents' mailboxes."""
    lost = scene.cause.facts.bounced_letter
    if scene.letter != "undeliverable" or lost is None:
        return None
    return f"{scene.letter}:{lost.nonce}:{hashlib.sha256(scene.recipient.address.encode()).hexdigest()[:32]}"


def _words(scene: Scene) -> Rendered:
    """The letter's words. Templates get plain values."""
    entry = BOOK[scene.letter]
    values = common(scene.office, scene.recipient, scene.ticket) | about_the_cause(scene, signed=entry.signed)
    filed = scene.ticket is not None and scene.ticket.pqrs is not None  # and is not filed twice, nor sold anything
    offered = entry.once_over if scene.over and entry.once_over else entry.buttons
    keys = [key for key in offered if not (filed and key in ("pqrs", "urgent"))]
    values["buttons"] = make_buttons(scene.words, keys, reply_to=scene.reply_to, tag=scene.tag, formal=values["formal"])
    for tell in entry.tells:
        values |= tell(scene)
    return scene.office.renderer.render(scene.letter, scene.recipient.language, values)


def _author_name(scene: Scene) -> str:
    agent, desk = scene.cause.facts.agent, scene.office.settings.desk.name
    return f"{agent.name} · {desk}" if agent else desk
