"""Tickets that an agent opens for clients by forwarding their mails: one a mail, the client's own.

The client's words, date and files are the ticket's first comment; the agent's words above are an internal note, or
commands. Of a forward of a forward the outermost author who is none of ours counts. Runs in the mail's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from mailgate.desk.addresses import desk_address, is_ours
from mailgate.desk.classify import Learned, classify, words_of
from mailgate.desk.decision import Decision, To
from mailgate.desk.effects import Effect, SetCategory
from mailgate.desk.facts import Facts, Role
from mailgate.letters.orders import Cause, Office, write_all
from mailgate.mail.message import Attachment, Forwarded, Message
from mailgate.mail.quotes import split_text
from mailgate.mail.subject import strip_prefixes
from mailgate.perform import perform
from mailgate.promising import keep_promise
from mailgate.store import learning, people, suggestions, tickets
from mailgate.store.people import find_contact

FIRST_WORDS = 8  # of a mail without subject


@dataclass(frozen=True, slots=True)
class Forward:
    """An agent's mail that forwards others', and what was decided about it."""

    office: Office
    message: Message
    facts: Facts
    evidence: tuple[str, ...]
    decision: Decision
    intake_id: int
    recipients: tuple[str, ...]  # of the envelope


def find_originals(message: Message, ours: Sequence[str]) -> list[Forwarded]:
    """The clients' mails inside a forward; those whose author cannot be read, or is one of us, are none."""
    found = [original for forwarded in message.forwarded if (original := _outside(forwarded, ours))]
    # The same mail inline and attached (some programs do both) is one.
    return list({(original.sender.address, original.subject, original.body): original for original in found}.values())


def _outside(forwarded: Forwarded, ours: Sequence[str]) -> Forwarded | None:
    """The outermost mail whose author is none of ours."""
    address = forwarded.sender.address
    if "@" in address and not is_ours(address, ours) and people.find_agent(address) is None:
        return forwarded
    return _outside(forwarded.nested, ours) if forwarded.nested else None


def open_for_clients(forward: Forward, originals: Sequence[Forwarded], now: datetime) -> int:
    """Open a ticket for each mail, do what was commanded on each; gives the first one's number."""
    numbers = [_open_one(forward, original, originals, now) for original in originals]
    # What is told to the agent about their own mail is told once, on the first ticket.
    _write(forward, numbers[0], forward.message, forward.facts, to_sender=True, now=now)
    return numbers[0]


def _open_one(forward: Forward, original: Forwarded, originals: Sequence[Forwarded], now: datetime) -> int:
    office, decision, actor = forward.office, forward.decision, _actor(forward)
    settings, contact = office.settings, find_contact(original.sender.address, now.astimezone(_zone(office)).date())
    message = _as_sent(forward, original, originals)
    client = contact.client if contact else None
    opened = tickets.NewTicket(
        requester=original.sender.address,
        requester_name=original.sender.name or (contact.name if contact else ""),
        desk_address=desk_address(
            [*forward.recipients, *(a.address for a in (*forward.message.to, *forward.message.cc))],
            settings.desk.addresses,
            settings.desk.address,
        ),
        subject=message.subject or " ".join(message.parts.own.split()[:FIRST_WORDS]),
        language=(contact.language if contact else "") or settings.desk.language,
        client_id=client.id if client else None,
        contact_id=contact.id or None if contact else None,
    )
    number = tickets.open_ticket(opened, now)
    tickets.add_comment(
        tickets.NewComment(
            number, original.sender.address, original.sender.name, Role.CLIENT, True, message.parts,
            attachments=message.attachments, intake_id=forward.intake_id, at=_when(original, now, _zone(office)),
            opens=opened,
        ),
        now,
    )  # fmt: skip
    suggestions.propose(number, f"{message.subject}\n{message.parts.own}", now)
    why = f"{decision.reason}: forwarded by {actor}"
    tickets.record(number, decision.outcome.value, actor=actor, now=now, why=why, intake_id=forward.intake_id)
    if (decision.words or "").strip():
        _note(forward, number, now)
    for effect in (*decision.effects, *_filed(forward, message)):
        perform(effect, ticket=number, actor=actor, now=now, intake_id=forward.intake_id)
    keep_promise(settings, decision, number, now, actor=actor, intake_id=forward.intake_id)
    facts = replace(forward.facts, contact=contact)
    _write(forward, number, message, facts, to_sender=False, now=now)
    return number


def _filed(forward: Forward, message: Message) -> tuple[Effect, ...]:
    """The client's mail under its category, unless the agent said one."""
    if any(isinstance(effect, SetCategory) for effect in forward.decision.effects):
        return ()
    rules, subject, text = forward.office.settings.categories, message.subject, message.parts.own
    found = classify(subject, text, "", rules, learning.learned(words_of(subject, text)) if rules.names else Learned())
    return (SetCategory(found.category, found.why),) if found else ()


def _note(forward: Forward, number: int, now: datetime) -> None:
    agent = forward.facts.agent
    assert agent is not None  # only agents' forwards open tickets for others
    parts = replace(forward.message.parts, own=forward.decision.words or "", quote="")
    tickets.add_comment(
        tickets.NewComment(number, agent.address, agent.name, agent.role, False, parts, intake_id=forward.intake_id),
        now,
    )


def _as_sent(forward: Forward, original: Forwarded, originals: Sequence[Forwarded]) -> Message:
    """The client's mail as if it had come by itself; its Message-ID and thread are not known."""
    parts = split_text(original.body)
    parts = parts if parts.own.strip() else replace(parts, own=original.body, quote="")
    return Message(
        subject=strip_prefixes(original.subject, forward.office.settings.desk.tag),
        senders=(original.sender,),
        to=original.to,
        date=forward.message.date,
        text=original.body,
        parts=parts,
        attachments=_files(forward.message, original, originals),
    )


def _files(message: Message, original: Forwarded, originals: Sequence[Forwarded]) -> tuple[Attachment, ...]:
    """An attached mail brings its own files; those of the forward itself belong to the mail inside its text."""
    if original.attached:
        return original.attachments
    inline_first = next(one for one in originals if not one.attached)
    loose = tuple(file for file in message.attachments if file.type != "message/rfc822")
    return loose if original is inline_first else ()


def _when(original: Forwarded, now: datetime, zone: ZoneInfo) -> datetime:
    """When the client wrote: as told, in the desk's zone where none is told, never in the future."""
    if original.date is None:
        return now
    told = original.date if original.date.tzinfo else original.date.replace(tzinfo=zone)
    return min(told, now)


def _write(forward: Forward, number: int, message: Message, facts: Facts, *, to_sender: bool, now: datetime) -> None:
    decision = forward.decision
    cause = Cause(forward.intake_id, message, facts, forward.evidence, decision.reason, number, decision)
    orders = [order for order in decision.letters if (order.to is To.SENDER) is to_sender]
    write_all(forward.office, orders, cause, now)


def _actor(forward: Forward) -> str:
    return forward.facts.agent.address if forward.facts.agent else ""


def _zone(office: Office) -> ZoneInfo:
    return ZoneInfo(office.settings.desk.timezone)
