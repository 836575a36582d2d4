"""Gathering what the store knows about one mail, for the desk to decide. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from peewee import fn

from mailgate.desk.claims import Claims
from mailgate.desk.classify import Learned, words_of
from mailgate.desk.facts import AgentFacts, ContactFacts, Facts, IdentificationFacts, Role, Status, TicketFacts
from mailgate.desk.filing import asks
from mailgate.desk.identify import QUESTIONS
from mailgate.desk.pqrs import Rules
from mailgate.desk.pqrs_words import same_matter
from mailgate.desk.repeats import count_repeats
from mailgate.desk.tokens import Issued, Token, read_message_id, verify
from mailgate.mail.calendar import CalendarReply, find_reply
from mailgate.mail.message import Kind, Message
from mailgate.settings import Categories, Limits
from mailgate.store import identification, learning, meetings, outbox, people, pqrs
from mailgate.store.base import translated
from mailgate.store.desk_facts import gather_desk
from mailgate.store.desk_work import root_of
from mailgate.store.models import Comment, Intake, Meeting, Outgoing, Participant, Pqrs, Ticket
from mailgate.store.prepared import Query, prepared
from mailgate.store.tickets import WRONG_MOBILE, reopened_since, was_recorded

DAY = timedelta(days=1)
MOST_SAID = 20  # comments of one sender that are looked at


def gather(
    message: Message,
    claims: Claims,
    keys: Sequence[bytes],
    now: datetime,
    zone: ZoneInfo,
    *,
    ours: Sequence[str] = (),
    intake_id: int = 0,
    released_by: str = "",
    rules: Rules | None = None,
    received_at: datetime | None = None,
    management: Sequence[str] = (),
    reopen_days: int = 15,
    limits: Limits | None = None,
    categories: Categories | None = None,
) -> Facts:
    """Facts about a mail; ``ours`` are the desk's addresses, ``intake_id`` its own row, 0 when it has none.

    ``management`` are the addresses that are copied on PQRS: they are staff, in the table of agents or not.
    """
    today = now.astimezone(zone).date()
    address = message.sender.address if message.sender else ""
    reply_to_letter = _verified(claims.reply_token, keys)
    answers_letter = next((found for token in claims.reference_tokens if (found := _verified(token, keys))), None)
    agent = _staff(address, management)
    invited = _invited(message)
    replied = outbox.find_by_nonce(reply_to_letter.nonce) if reply_to_letter else None
    answered = replied or (outbox.find_by_nonce(answers_letter.nonce) if answers_letter else None)
    contact = people.find_contact(address, today) if address else None
    replying_to = replied.letter if replied else ""
    letters = tuple(one for one in (reply_to_letter, answers_letter) if one)
    asker = _Asker(address, contact, letters, sees_all=agent is not None or bool(released_by))
    ticket = (
        _ticket_asked(claims, agent, asker)
        or _ticket_named(claims, reply_to_letter, answers_letter, asker)
        or _ticket_invited(invited)
        or _same_matter(message, claims, rules, now)
    )
    ticket = _with_last_word(ticket) if agent else ticket
    return Facts(
        agent=agent,
        contact=contact,
        identification=_identification(message, agent is not None, contact, replying_to, now, today),
        burst=_burst(contact, limits, now) if contact is not None and limits else None,
        approval=identification.approval_asked(reply_to_letter.held)
        if reply_to_letter and replying_to == "approve-contact"
        else None,
        ticket=ticket,
        mobile_told=_mobile_told(claims, ticket),
        categories=categories or Categories(),
        learned=_learned(message, categories) if ticket is None else Learned(),
        calendar_reply=invited,
        desk=replace(gather_desk(message.parts.own, now, zone, ours, ticket_facts, ticket, categories), rules=rules)
        if agent
        else None,
        replying_to=replying_to,
        answered_since=_answered_since(answered, address) if agent and answered else "",
        reply_to_letter=reply_to_letter,
        answers_letter=answers_letter,
        bounced_letter=_verified(claims.bounce_token, keys) if message.bounce else None,
        seen_before=_seen_before(message, intake_id),
        released_by=released_by,
        rules=rules,
        received_at=received_at or now,
        reopen_days=reopen_days,
        reopened_today=_reopened_today(ticket, now),
        is_own=_verified(read_message_id(message.message_id), keys) is not None,
    )


def _reopened_today(ticket: TicketFacts | None, now: datetime) -> int:
    over = ticket is not None and ticket.status in (Status.SOLVED, Status.CLOSED)
    return reopened_since(ticket.number, now - DAY) if ticket and over else 0


def said_before(message: Message, now: datetime, intake_id: int = 0) -> int:
    """How often its sender said the same within a day."""
    sender = message.sender
    if sender is None or message.kind is not Kind.HUMAN or any(not file.inline for file in message.attachments):
        return 0
    earlier = _said_by.rows(sender.address, now - DAY, intake_id)
    own = f"{message.subject}\n{message.parts.own}"
    return count_repeats(own, [f"{subject}\n{text}" for subject, text in earlier])


@prepared
def _said_by(address: str, since: datetime, not_by: int) -> Query:
    said = Comment.select(Intake.subject, Comment.text).join(Intake).order_by(Comment.id.desc()).limit(MOST_SAID)
    theirs = (Intake.author == address) & (Intake.received_at > since) & (Intake.kind == Kind.HUMAN.value)
    return said.where(theirs, Intake.id != not_by)


def _burst(contact: ContactFacts, limits: Limits, now: datetime) -> TicketFacts | None:
    """The last of too many: a loop, or a form sent fifty times, is one matter for whoever answers."""
    most = limits.tickets_per_sender_hour if contact.confirmed else limits.tickets_per_unapproved_hour
    numbers = _opened_by.values(contact.address, now - timedelta(hours=1), most)
    return ticket_facts(root_of(numbers[0])) if len(numbers) == most else None


@prepared
def _opened_by(address: str, since: datetime, most: int) -> Query:
    theirs = (Ticket.requester == address) & (Ticket.opened_at > since)
    return Ticket.select(Ticket.id).where(theirs).order_by(Ticket.id.desc()).limit(most)


def _identification(
    message: Message, is_staff: bool, contact: ContactFacts | None, replying_to: str, now: datetime, today: date
) -> IdentificationFacts | None:
    if message.sender is None or is_staff or (contact is not None and contact.client is not None):
        return None
    text = f"{message.subject}\n{message.parts.own}\n{message.parts.signature}"
    return identification.facts_of(message.sender.address, text, now, today, answers=replying_to in QUESTIONS)


def _staff(address: str, management: Sequence[str]) -> AgentFacts | None:
    agent = people.find_agent(address) if address else None
    if agent is None and address in management:
        return AgentFacts(0, address, address, Role.MANAGEMENT)
    return agent


def _same_matter(message: Message, claims: Claims, rules: Rules | None, now: datetime) -> TicketFacts | None:
    """The open PQRS that somebody goes on about within the hour, in mails that ask to be filed as well."""
    if rules is None or message.sender is None or claims.names_a_ticket or not asks(message, claims, rules):
        return None
    for known, subject in pqrs.recent_of(message.sender.address, now - rules.same_matter):
        if same_matter(subject, pqrs.words_of(known.ticket), message.subject, message.parts.own):
            return ticket_facts(known.ticket)
    return None


def _mobile_told(claims: Claims, ticket: TicketFacts | None) -> bool:
    """Whether somebody was told already that a mobile given on this ticket is none."""
    wrong = claims.mobile is not None and not claims.mobile.number
    return bool(wrong and ticket and was_recorded(ticket.number, WRONG_MOBILE))


def _learned(message: Message, categories: Categories | None) -> Learned:
    """What closed tickets teach about a mail that may open one."""
    if categories is None or not categories.names or not categories.learn:
        return Learned()
    return learning.learned(words_of(message.subject, message.parts.own))


def _invited(message: Message) -> CalendarReply | None:
    """The answer to an invitation of ours."""
    reply = find_reply(message.calendar) if message.kind is Kind.CALENDAR else None
    return reply if reply and meetings.find(reply.uid) else None


def _ticket_invited(reply: CalendarReply | None) -> TicketFacts | None:
    meeting = meetings.find(reply.uid) if reply else None
    return ticket_facts(root_of(meeting.ticket)) if meeting else None


def _answered_since(replied: outbox.Row, address: str) -> str:
    """Who else of the staff answered on the letter's ticket after it had been written, "" when nobody."""
    others = (
        Comment.select(Comment.author_name, Comment.author)
        .where(
            Comment.ticket == replied.ticket,
            Comment.public,
            Comment.role.in_([Role.AGENT.value, Role.SUPERVISOR.value]),
            Comment.author != address,
            Comment.at > replied.created_at,
        )
        .order_by(Comment.id.desc())
    )
    with translated():
        last = others.first()
    return (last.author_name or last.author) if last else ""


def ticket_facts(number: int) -> TicketFacts | None:
    """What is known of a ticket, None when there is none of this number."""
    row = _ticket.first(number)
    if row is None:
        return None
    return TicketFacts(
        number=row.id,
        status=Status(row.status),
        subject=row.subject,
        requester=row.requester,
        requester_name=row.requester_name,
        client_id=row.client_id,
        agent_id=row.agent_id,
        participants=frozenset({row.requester, *(_added_to.values(number) if row.joined else ())}),
        language=row.language,
        desk_address=row.desk_address,
        closed_at=row.closed_at,
        said=_said_on(row.id, row.subject) if row.status in (Status.SOLVED, Status.CLOSED) else "",
        pqrs=pqrs.of_ticket(row.id) if row.filed else None,
        meets=bool(row.meets),
        category=row.category,
        urgent=row.urgent,
        promised_at=row.promised_at if row.answered_at is None else None,
    )


def _with_last_word(ticket: TicketFacts | None) -> TicketFacts | None:
    """For agents, whose commands may count from it."""
    return replace(ticket, last_word_at=pqrs.last_word_at(ticket.number)) if ticket else None


@prepared
def _ticket(number: int) -> Query:
    joined = fn.EXISTS(Participant.select(Participant.id).where(Participant.ticket == Ticket.id))
    filed = fn.EXISTS(Pqrs.select(Pqrs.id).where(Pqrs.ticket == Ticket.id))
    meets = fn.EXISTS(Meeting.select(Meeting.id).where(Meeting.ticket == Ticket.id, ~Meeting.cancelled))
    found = Ticket.select(Ticket, joined.alias("joined"), filed.alias("filed"), meets.alias("meets"))
    return found.where(Ticket.id == number)


@prepared
def _added_to(number: int) -> Query:
    return Participant.select(Participant.address).where(Participant.ticket == number)


@prepared
def _public_words(number: int) -> Query:
    return Comment.select(Comment.text).where(Comment.ticket == number, Comment.public).order_by(Comment.id).limit(20)


def _said_on(number: int, subject: str) -> str:
    """The subject and the beginning of what was said in public."""
    return "\n".join([subject, *(text[:2000] for text in _public_words.values(number))])


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who names a number."""

    address: str
    contact: ContactFacts | None
    letters: tuple[Issued, ...]  # of ours, that the mail answers
    sees_all: bool  # staff, or let in by an agent


def _ticket_of(number: int, asker: _Asker) -> TicketFacts | None:
    """The ticket of a number that somebody names, if it is theirs: another's is none, and costs what none costs.

    So whoever guesses numbers learns nothing from what we do, either, nor from how long it takes (THREATS 1).
    """
    root = root_of(number)
    if asker.sees_all:
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


def _ticket_asked(claims: Claims, agent: AgentFacts | None, asker: _Asker) -> TicketFacts | None:
    """The ticket whose state a client asks for in the text; an agent's words are answers."""
    return _ticket_of(claims.asked, asker) if claims.asked and agent is None else None


def _ticket_named(claims: Claims, reply_to: Issued | None, answers: Issued | None, asker: _Asker) -> TicketFacts | None:
    """The number in the subject first; else the letter answered; else the thread of a mail that is a comment."""
    if claims.number is not None:
        return _ticket_of(claims.number, asker)
    if claims.radicado is not None:
        return _ticket_of(pqrs.ticket_of(claims.radicado) or 0, asker)
    signed = reply_to or answers
    if signed is not None:
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


def _verified(token: Token | None, keys: Sequence[bytes]) -> Issued | None:
    if token is None:
        return None
    row = _letter_of.first(token.nonce)
    if row is None:
        return None
    held = 0 if row.ticket_id else row.cause_id or 0
    issued = Issued(row.nonce, row.ticket_id or 0, row.recipient, row.role, held)
    return issued if verify(token, issued, keys) else None


@prepared
def _letter_of(nonce: str) -> Query:
    columns = (Outgoing.nonce, Outgoing.ticket, Outgoing.recipient, Outgoing.role, Outgoing.cause)
    return Outgoing.select(*columns).where(Outgoing.nonce == nonce)


def _seen_before(message: Message, intake_id: int) -> bool:
    """The same mail by another road. A mail without Message-ID is only ever the same by its bytes."""
    if not message.message_id:
        return False
    return _same_mail.any(message.content_digest, intake_id)


@prepared
def _same_mail(content_digest: str, but: int) -> Query:
    return Intake.select(Intake.id).where(Intake.content_digest == content_digest, Intake.id != but).limit(1)
