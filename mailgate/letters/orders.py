"""From an order of the desk to letters in the outbox: who gets it, what it says, how it is signed and threaded.

One person, one letter. What is automatic says so, leaves with a null return path, and is capped by counting what was
queued, which needs no header of the other side; a letter held back by a cap leaves its reason on the ticket.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from mailgate.desk import tokens
from mailgate.desk.decide import Order, Reason, To
from mailgate.desk.facts import AgentFacts, Facts, Role, TicketFacts
from mailgate.desk.tokens import Issued
from mailgate.letters import agents, clients, pqrs
from mailgate.letters.buttons import make_buttons
from mailgate.letters.compose import Enclosure, Letter, compose
from mailgate.letters.markdown import answer_html
from mailgate.letters.meetings import invitation
from mailgate.letters.notices import notice_values
from mailgate.letters.recipients import recipients, staff
from mailgate.letters.render import Rendered
from mailgate.letters.scene import Cause as Cause
from mailgate.letters.scene import Office as Office
from mailgate.letters.scene import Recipient, Scene
from mailgate.letters.strangers import PROVIDERS as TO_STRANGERS
from mailgate.mail.message import Address, Attachment, Message
from mailgate.store import outbox, people, tickets
from mailgate.store.facts import ticket_facts

PROVIDERS = agents.PROVIDERS | pqrs.PROVIDERS | clients.PROVIDERS
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_ENCLOSED = 15 * 2**20  # octets of files that travel with a notice; beyond it they are only listed

# What goes to a client by itself is counted against the caps; an agent's words and notices to agents are not theirs.
ASKED_FOR = {"linked", "status", "my-tickets", "news", "solved", "reopened", "urgent-offer", "urgent-accepted"}
TO_CLIENTS_BY_ITSELF = ASKED_FOR | {
    "acknowledgement", "client-help", "comment-received", "pqrs-acknowledgement", "pqrs-corrected",
    "identify", "identify-again", "policy-inactive", "approve-contact", "contact-approved", "contact-decided",
}  # fmt: skip
ONCE_A_DAY = {"policy-inactive"}  # beside those that are about a ticket
WITH_FILES = {"answer", "notice-new", "notice-comment", "notice-answer", "commands-returned", "pqrs-notice"}
# An agent's own doing: answers to it are welcome.
BY_A_PERSON = {"answer", "meeting", "meeting-cancelled", "pqrs-extended"}
# These name the agent who did it, not who has the ticket.
BY_WHOM = {"answer", "notice-answer", "closed", "meeting", "meeting-cancelled"}
NOTICES = {To.AGENTS, To.FOLLOWERS, To.ASSIGNEE, To.MANAGEMENT, To.ON_CALL}
# These tell agents their own words again: sent back corrected, they are their words and no quote.
ECHOES = {"commands-returned", "late-answer"}
REMARKED = {Reason.PASSED_ON}  # told in the notice: the author was not simply entitled
BUTTONS: dict[str, tuple[str, ...]] = {
    "acknowledgement": ("solved", "comment", "status", "urgent"),
    "comment-received": ("solved", "comment", "status", "urgent"),
    "answer": ("solved", "comment", "status"),
    "status": ("solved", "comment", "urgent"),
    "solved": ("reopen",),
    "linked": ("solved", "comment", "status"),
    "waiting-reminder": ("solved", "comment", "status"),
    "closed-waiting": ("reopen",),
    "reopened": ("comment", "status"),
    "urgent-accepted": ("comment", "status"),
    "notice-held": ("accept", "reject"),
    "late-answer": ("accept", "reject"),
    "closed": ("reopen",),
    "approve-contact": ("approve", "refuse"),
}


def write(office: Office, order: Order, cause: Cause, now: datetime) -> None:
    """Queue the letters of one order. Belongs into the transaction of their cause."""
    ticket = ticket_facts(cause.number) if cause.number else None
    if order.letter == "receipt" and not office.settings.desk.receipts:
        return
    for recipient in recipients(office, order.to, ticket, cause, now):
        if told := _held_back(office, order.letter, recipient, cause.number, now):
            why = f"{order.letter} to {recipient.address}: {told}"
            tickets.record(
                cause.number, "letter-held-back", actor="mailgate", now=now, why=why, intake_id=cause.intake_id
            )
        else:
            _queue(office, order, recipient, ticket, cause, now)


def tell_agent(office: Office, letter: str, agent: AgentFacts, values: dict[str, Any], now: datetime) -> None:
    """Queue one letter to an agent that no mail has caused."""
    recipient = staff(office, agent)
    rendered = office.renderer.render(letter, recipient.language, _common(office, recipient, None) | values)
    _put(office, letter, recipient, None, lambda _: rendered, now, cause_id=None)


def tell_undeliverable(office: Office, outgoing_id: int, now: datetime) -> None:
    """Tell the agents that a letter to a client was given up. Of their own dead letters nobody is told by letter."""
    dead = outbox.get(outgoing_id)
    if dead is None or dead.role != Role.CLIENT:
        return
    ticket = ticket_facts(dead.ticket) if dead.ticket else None
    assigned = [agent for agent in people.active_agents() if ticket and agent.id == ticket.agent_id]
    for agent in assigned or people.active_agents():
        recipient = staff(office, agent)
        values = _common(office, recipient, ticket) | {
            "subject": dead.subject,
            "recipient": dead.recipient,
            "sent_at": dead.created_at,
            "attempts": dead.attempts,
            "reply": dead.reply,
        }
        rendered = office.renderer.render("undeliverable", recipient.language, values)
        _put(office, "undeliverable", recipient, ticket, lambda _, rendered=rendered: rendered, now, cause_id=None)  # type: ignore[misc]


def _held_back(office: Office, letter: str, recipient: Recipient, number: int | None, now: datetime) -> str:
    """Why a letter must not be sent now, "" when it may (THREATS 6: counters that need no header)."""
    if letter not in TO_CLIENTS_BY_ITSELF or recipient.role is not Role.CLIENT:
        return ""
    limits, address = office.settings.limits, recipient.address
    said = (letter not in ASKED_FOR and number) or letter in ONCE_A_DAY
    if said and outbox.automatic_since(now - DAY, address, ticket=number, letter=letter):
        return "the same was said within a day"
    if outbox.automatic_since(now - HOUR, address) >= limits.letters_per_address_hour:
        return f"{limits.letters_per_address_hour} automatic letters to this address within an hour"
    if outbox.automatic_since(now - DAY, address) >= limits.letters_per_address_day:
        return f"{limits.letters_per_address_day} automatic letters to this address within a day"
    if outbox.automatic_since(now - HOUR) >= limits.letters_per_hour:
        return f"{limits.letters_per_hour} automatic letters within an hour, all together"
    return ""


def _queue(
    office: Office, order: Order, recipient: Recipient, ticket: TicketFacts | None, cause: Cause, now: datetime
) -> None:
    theirs = cause.message.sender is not None and cause.message.sender.address == recipient.address
    is_answer = order.letter == "answer"
    _put(
        office,
        order.letter,
        recipient,
        ticket,
        lambda reply_to: _render(office, order, recipient, ticket, cause, reply_to, now),
        now,
        cause_id=cause.intake_id,
        answered=cause.message.message_id if theirs else "",
        from_name=_author_name(cause, office.settings.desk.name) if is_answer else "",
        enclosed=pqrs.original(order, ticket, MOST_ENCLOSED)
        or clients.whole_file(office, order.letter, recipient, ticket)
        or _enclosed(order.letter, cause.message),
    )


def _put(
    office: Office,
    letter: str,
    recipient: Recipient,
    ticket: TicketFacts | None,
    words: Callable[[str], Rendered],
    now: datetime,
    *,
    cause_id: int | None,
    answered: str = "",
    from_name: str = "",
    enclosed: tuple[Enclosure, ...] = (),
) -> None:
    """Sign, thread, compose and queue one letter. ``words`` renders it, given the reply address it will carry."""
    desk, key = office.settings.desk, office.keys[0]
    number = ticket.number if ticket else 0
    issued = Issued(
        tokens.new_nonce(office.random), number, recipient.address, recipient.role.value, 0 if number else cause_id or 0
    )
    sends_as = ticket.desk_address if ticket else desk.address
    reply_to = tokens.reply_address(issued, sends_as, key)
    message_id = tokens.message_id(issued, sends_as.partition("@")[2], key)
    rendered = words(reply_to)
    by_itself = letter not in BY_A_PERSON
    sent_before = outbox.message_ids_sent(number, recipient.address) if number else []
    parent = answered or (sent_before[-1] if sent_before else "")
    composed = Letter(
        from_=Address(from_name or desk.name, sends_as),
        to=Address(_shown_name(recipient.name), recipient.address),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=message_id,
        date=now,
        reply_to=reply_to,
        in_reply_to=parent,
        references=tuple(dict.fromkeys([*sent_before, parent])) if parent else (),
        language=recipient.language,
        automatic=("auto-replied" if answered else "auto-generated") if by_itself else "",
        calendar=invitation(office, letter, recipient, ticket, now),
        loop_mark=tokens.loop_mark(message_id, key),
        attachments=enclosed,
    )
    new = outbox.NewLetter(
        letter=letter,
        role=recipient.role.value,
        automatic=letter in TO_CLIENTS_BY_ITSELF and recipient.role is Role.CLIENT,
        sender="" if by_itself else reply_to,
        recipient=recipient.address,
        message_id=message_id,
        nonce=issued.nonce,
        subject=rendered.subject,
        text="" if letter in ECHOES else rendered.said,
        raw=compose(composed),
        ticket=number or None,
        cause=cause_id,
        once=f"acknowledgement:{number}" if letter == "acknowledgement" else None,
    )
    outbox.queue(new, now)


def _shown_name(name: str) -> str:
    """A name that people chose for themselves; one that looks like an address would name somebody else."""
    return "" if "@" in name else name


def _author_name(cause: Cause, desk_name: str) -> str:
    agent = cause.facts.agent
    return f"{agent.name} · {desk_name}" if agent else desk_name


def _render(
    office: Office,
    order: Order,
    recipient: Recipient,
    ticket: TicketFacts | None,
    cause: Cause,
    reply_to: str,
    now: datetime,
) -> Rendered:
    """The letter's words. Templates get plain values; a stranger's text is never among those that go to clients."""
    words = office.renderer.words(recipient.language)
    message, facts = cause.message, cause.facts
    values = _common(office, recipient, ticket)
    tag = values["tag"]
    values |= {
        "subject": ticket.subject if ticket else message.subject,
        "agent_name": _answering(order, ticket, facts),
        "buttons": make_buttons(words, BUTTONS.get(order.letter, ()), reply_to=reply_to, tag=tag),
        "remark": words["reasons"].get(cause.reason, "") if cause.reason in REMARKED else "",
        "reason": words["reasons"].get(cause.reason, cause.reason),
        "evidence": list(cause.evidence),
    }
    if order.to in NOTICES or order.letter == "answer":
        values |= {
            "author": _author(message),
            "text": message.parts.own,
            "html": answer_html(message) if order.letter == "answer" else "",
            "attachments": [_listed(file) for file in message.attachments if not file.inline],
        }
    scene = Scene(office, order.letter, recipient, ticket, cause, reply_to, now, order.about)
    if order.to in NOTICES:
        values |= notice_values(scene)
    if order.letter in TO_STRANGERS:
        values |= TO_STRANGERS[order.letter](scene)
    if order.letter in PROVIDERS:
        values |= PROVIDERS[order.letter](scene)
    return office.renderer.render(order.letter, recipient.language, values)


def _common(office: Office, recipient: Recipient, ticket: TicketFacts | None) -> dict[str, Any]:
    """What every letter may show."""
    desk = office.settings.desk
    return {
        "desk": {"name": desk.name, "company": desk.company, "address": desk.address, "phone": desk.phone},
        "name": recipient.name,
        "number": ticket.number if ticket else None,
        "tag": desk.tag.format(number=ticket.number) if ticket else "",
        "status": ticket.status.value if ticket else "",
    }


def _answering(order: Order, ticket: TicketFacts | None, facts: Facts) -> str:
    """The agent's name as the letter shows it: who answers, else who has the ticket."""
    if order.letter in BY_WHOM:
        return facts.agent.name if facts.agent else ""
    agents = {agent.id: agent.name for agent in people.active_agents()} if ticket and ticket.agent_id else {}
    return agents.get(ticket.agent_id or 0, "") if ticket else ""


def _author(message: Message) -> dict[str, str]:
    sender = message.sender
    return {"name": sender.name if sender else "", "address": sender.address if sender else ""}


def _listed(file: Attachment) -> dict[str, Any]:
    return {"name": file.name, "size": file.size, "withheld": file.dangerous}


def _enclosed(letter: str, message: Message) -> tuple[Enclosure, ...]:
    """The files that travel with a letter: an agent's to the client, a person's to the agents; never dangerous ones."""
    if letter not in WITH_FILES:
        return ()
    files = [file for file in message.attachments if not file.dangerous and not _is_decoration(file, message)]
    if letter != "answer" and sum(file.size for file in files) > MOST_ENCLOSED:
        return ()
    return tuple(Enclosure(file.name, file.type, file.content, file.content_id, file.inline) for file in files)


def _is_decoration(file: Attachment, message: Message) -> bool:
    """A picture shown in the signature or the quote only: it is not part of what the person says."""
    mark = f"cid:{file.content_id}"
    shown_apart = mark in message.html and mark not in message.own_html
    return bool(file.inline and file.content_id and message.own_html and shown_apart)
