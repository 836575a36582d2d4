"""Which ticket a mail is about, of those that its sender may name. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mailgate.desk.claims import Claims
from mailgate.desk.facts import ContactFacts, Role, TicketFacts
from mailgate.desk.filing import asks
from mailgate.desk.pqrs import Rules
from mailgate.desk.pqrs_words import same_matter
from mailgate.desk.tokens import Issued
from mailgate.mail.calendar import CalendarReply
from mailgate.mail.message import Message
from mailgate.store import meetings, pqrs
from mailgate.store.base import translated
from mailgate.store.desk_work import root_of
from mailgate.store.models import Comment, Intake, Participant, Ticket
from mailgate.store.prepared import Query, prepared
from mailgate.store.ticket_facts import ticket_facts


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as it lies on the desk."""

    message: Message
    claims: Claims
    received_at: datetime
    intake_id: int = 0  # its own row, 0 when it has none
    released_by: str = ""  # the agent whose word let it in


@dataclass(frozen=True, slots=True)
class Asker:
    """Who names a number."""

    address: str
    contact: ContactFacts | None
    letters: tuple[Issued, ...]  # of ours, that the mail answers: the address it went to first
    is_staff: bool
    let_in: bool  # by an agent's word


def find_ticket(
    mail: Arrived, asker: Asker, invited: CalendarReply | None, rules: Rules, now: datetime
) -> TicketFacts | None:
    """The ticket whose state a client asks for in the text (an agent's words are answers); else the one it names; else
    that of the meeting it answers; else an open PQRS on the same matter.
    """
    claims = mail.claims
    asked = _ticket_of(claims.asked, asker) if claims.asked and not asker.is_staff else None
    return asked or _ticket_named(claims, asker) or _ticket_invited(invited) or _same_matter(mail, rules, now)


def _ticket_of(number: int, asker: Asker) -> TicketFacts | None:
    """The ticket of a number that somebody names, if it is theirs: another's is none, and costs what none costs.

    So whoever guesses numbers learns nothing from what we do, either, nor from how long it takes (THREATS 1).
    """
    root = root_of(number)
    if asker.is_staff or asker.let_in:
        return ticket_facts(root)
    row = _whose.first(root)
    added = _takes_part.any(root, asker.address)
    requester, client_id = row or ("", None)
    contact = asker.contact
    colleague = bool(contact and contact.client and contact.confirmed and contact.client.id == client_id)
    holder = any(letter.role == Role.CLIENT and letter.ticket == root for letter in asker.letters)
    theirs = added or colleague or holder or (bool(asker.address) and asker.address == requester)
    return ticket_facts(root) if row and theirs else None


@prepared
def _whose(number: int) -> Query:
    return Ticket.select(Ticket.requester, Ticket.client).where(Ticket.id == number)


@prepared
def _takes_part(number: int, address: str) -> Query:
    there = (Participant.ticket == number) & (Participant.address == address)
    return Participant.select(Participant.id).where(there).limit(1)


def _ticket_named(claims: Claims, asker: Asker) -> TicketFacts | None:
    """The number in the subject first; else the letter answered; else the thread of a mail that is a comment."""
    if claims.number is not None:
        return _ticket_of(claims.number, asker)
    if claims.radicado is not None:
        return _ticket_of(pqrs.ticket_of(claims.radicado) or 0, asker)
    if signed := next(iter(asker.letters), None):
        number = signed.ticket or _ticket_it_became(signed)
        return ticket_facts(root_of(number)) if number else None
    if not claims.references or claims.reply_token is not None:
        return None
    with translated():
        known = Comment.select(Comment.message_id, Comment.ticket).where(Comment.message_id.in_(claims.references))
        tickets = dict(known.tuples())
    named = next((tickets[reference] for reference in claims.references if reference in tickets), None)
    return ticket_facts(root_of(named)) if named else None


def _ticket_it_became(signed: Issued) -> int | None:
    """Of the mail that we asked its sender about: since it was let in, a reply to our question is about it."""
    if signed.role != Role.CLIENT.value or not signed.held:
        return None
    with translated():
        mail = Intake.get_or_none(Intake.id == signed.held)
    return mail.ticket_id if mail and mail.author == signed.recipient else None


def _ticket_invited(reply: CalendarReply | None) -> TicketFacts | None:
    meeting = meetings.find(reply.uid) if reply else None
    return ticket_facts(root_of(meeting.ticket)) if meeting else None


def _same_matter(mail: Arrived, rules: Rules, now: datetime) -> TicketFacts | None:
    """The open PQRS that somebody goes on about within the hour, in mails that ask to be filed as well."""
    message = mail.message
    if message.sender is None or mail.claims.names_a_ticket or not asks(message, mail.claims, rules):
        return None
    for known, subject in pqrs.recent_of(message.sender.address, now - rules.same_matter):
        if same_matter(subject, pqrs.words_of(known.ticket), message.subject, message.parts.own):
            return ticket_facts(known.ticket)
    return None
