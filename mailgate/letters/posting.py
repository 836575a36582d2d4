"""A letter's words become a row of the outbox: signed, threaded, composed. One person, one letter.

What is automatic says so (RFC 3834) and leaves with a null return path; it is a step of the ticket's thread for who
gets it, in answer to their own mail where that caused it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from mailgate.desk import tokens
from mailgate.desk.facts import TicketFacts
from mailgate.desk.tokens import Issued
from mailgate.letters.book import BOOK
from mailgate.letters.caps import is_counted
from mailgate.letters.compose import Enclosure, Letter, compose
from mailgate.letters.known import Known
from mailgate.letters.render import Rendered
from mailgate.letters.scene import Office, Recipient
from mailgate.mail.message import Address
from mailgate.store import outbox

MOST_BEFORE = 10  # letters of its thread that a letter refers to, the latest


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on a letter beside its words."""

    letter: str
    recipient: Recipient
    ticket: TicketFacts | None = None
    cause_id: int | None = None  # the mail that caused it
    answered: str = ""  # Message-ID of the recipient's own mail that it answers
    thread: tuple[str, ...] = ()  # what that mail refers to, oldest first (RFC 5322 3.6.4)
    from_name: str = ""
    enclosed: tuple[Enclosure, ...] = ()
    calendar: str = ""
    once: str | None = None  # what must not be said twice


@dataclass(frozen=True, slots=True)
class Signed:
    """The names under which a letter can be known again when it comes back."""

    nonce: str
    sends_as: str
    reply_to: str
    message_id: str
    loop_mark: str


def sign(office: Office, recipient: Recipient, ticket: TicketFacts | None, cause_id: int | None) -> Signed:
    """A fresh reply address and Message-ID that only we can make, for one letter to one person."""
    key, number = office.keys[0], ticket.number if ticket else 0
    held = 0 if number else cause_id or 0
    issued = Issued(tokens.new_nonce(office.random), number, recipient.address, recipient.role.value, held)
    sends_as = ticket.desk_address if ticket else office.settings.desk.address
    message_id = tokens.message_id(issued, sends_as.partition("@")[2], key)
    reply_to = tokens.reply_address(issued, sends_as, key)
    return Signed(issued.nonce, sends_as, reply_to, message_id, tokens.loop_mark(message_id, key))


def post(office: Office, cover: Cover, words: Callable[[str], Rendered], now: datetime, known: Known) -> None:
    """Compose and queue one letter. ``words`` renders it, given the reply address that it will carry."""
    entry, recipient, ticket = BOOK[cover.letter], cover.recipient, cover.ticket
    signed = sign(office, recipient, ticket, cover.cause_id)
    rendered = words(signed.reply_to)
    thread = known.thread(recipient.address) if ticket else []
    before = thread[-MOST_BEFORE:]
    parent = cover.answered or (before[-1] if before else "")
    composed = Letter(
        from_=Address(cover.from_name or office.settings.desk.name, signed.sends_as),
        to=Address(_shown_name(recipient.name), recipient.address),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=signed.message_id,
        date=now,
        reply_to=signed.reply_to,
        in_reply_to=parent,
        references=tuple(dict.fromkeys([*cover.thread, *before, parent])) if parent else (),
        language=recipient.language,
        automatic="" if entry.by_a_person else "auto-replied" if cover.answered else "auto-generated",
        calendar=cover.calendar,
        loop_mark=signed.loop_mark,
        attachments=(*cover.enclosed, *((office.logo,) if office.logo else ())),
    )
    queued = outbox.queue(
        outbox.NewLetter(
            letter=cover.letter,
            role=recipient.role.value,
            automatic=is_counted(cover.letter, recipient),
            sender=signed.reply_to if entry.by_a_person else "",
            recipient=recipient.address,
            message_id=signed.message_id,
            nonce=signed.nonce,
            subject=rendered.subject,
            text="" if entry.echoes else rendered.said,
            raw=compose(composed),
            ticket=ticket.number if ticket else None,
            cause=cover.cause_id,
            once=cover.once or (f"{cover.letter}:{ticket.number}" if entry.once and ticket else None),
            evidence=ticket is not None and ticket.pqrs is not None,
        ),
        now,
    )
    if queued is not None:
        thread.append(signed.message_id)


def _shown_name(name: str) -> str:
    """A name that people chose for themselves; one that looks like an address would name somebody else."""
    return "" if "@" in name else name
