"""Gathering what the store knows about one mail, for the desk to decide. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from peewee import fn

from mailgate.desk.claims import Claims
from mailgate.desk.classify import Learned, words_of
from mailgate.desk.facts import AgentFacts, ContactFacts, Facts, IdentificationFacts, Role, Status, TicketFacts
from mailgate.desk.identify import QUESTIONS
from mailgate.desk.pqrs import rules_of
from mailgate.desk.repeats import count_repeats
from mailgate.desk.tokens import Issued, Token, read_message_id, verify
from mailgate.mail.calendar import CalendarReply, find_reply
from mailgate.mail.message import Kind, Message
from mailgate.settings import Categories, Limits, Settings
from mailgate.store import identification, learning, meetings, outbox, people, pqrs
from mailgate.store.base import translated
from mailgate.store.desk_facts import gather_desk
from mailgate.store.desk_work import root_of
from mailgate.store.models import Comment, Intake, Ticket
from mailgate.store.naming import Arrived, Asker, find_ticket
from mailgate.store.prepared import Query, prepared
from mailgate.store.ticket_facts import ticket_facts
from mailgate.store.tickets import WRONG_MOBILE, reopened_since, was_recorded

DAY = timedelta(days=1)
MOST_SAID = 20  # mails of one sender that are looked at


def gather(mail: Arrived, settings: Settings, keys: Sequence[bytes], now: datetime) -> Facts:
    """Facts about a mail. Who is copied on PQRS is staff, in the table of agents or not."""
    message, claims, rules = mail.message, mail.claims, rules_of(settings)
    today = now.astimezone(ZoneInfo(settings.desk.timezone)).date()
    address = message.sender.address if message.sender else ""
    ours = _OurLetters(keys)
    reply_to_letter = ours.verified(claims.reply_token)
    answers_letter = next((found for token in claims.reference_tokens if (found := ours.verified(token))), None)
    replied = ours.row(reply_to_letter.nonce) if reply_to_letter else None
    replying_to = replied.letter if replied else ""
    agent = _staff(address, settings.desk.management)
    contact = people.find_contact(address, today) if address else None
    letters = tuple(one for one in (reply_to_letter, answers_letter) if one)
    asker = Asker(address, contact, letters, is_staff=agent is not None, let_in=bool(mail.released_by))
    invited = _invited(message)
    ticket = find_ticket(mail, asker, invited, rules, now)
    known = Facts(
        contact=contact,
        identification=_identification(message, agent is not None, contact, replying_to, now, today),
        burst=_burst(contact, settings.limits, now) if contact is not None else None,
        approval=identification.approval_asked(reply_to_letter.held)
        if reply_to_letter and replying_to == "approve-contact"
        else None,
        ticket=ticket,
        mobile_told=_mobile_told(claims, ticket),
        categories=settings.categories,
        learned=_learned(message, settings.categories) if ticket is None else Learned(),
        calendar_reply=invited,
        replying_to=replying_to,
        reply_to_letter=reply_to_letter,
        answers_letter=answers_letter,
        bounced_letter=ours.verified(claims.bounce_token) if message.bounce else None,
        seen_before=_seen_before(message, mail.intake_id),
        released_by=mail.released_by,
        rules=rules,
        received_at=mail.received_at,
        reopen_days=settings.desk.reopen_days,
        reopened_today=_reopened_today(ticket, now),
        is_own=ours.verified(read_message_id(message.message_id)) is not None,
    )
    if agent is None:
        return known
    answered = replied or (ours.row(answers_letter.nonce) if answers_letter else None)
    return _with_desk(known, agent, message, answered, settings, now)


def _with_desk(
    known: Facts, agent: AgentFacts, message: Message, answered: outbox.Row | None, settings: Settings, now: datetime
) -> Facts:
    """What matters in a mail of the staff's, whose commands may count from the client's last word."""
    ticket = known.ticket
    if ticket is not None:
        ticket = replace(ticket, last_word_at=pqrs.last_word_at(ticket.number))
    return replace(
        known,
        agent=agent,
        ticket=ticket,
        desk=replace(gather_desk(message.parts.own, settings, ticket, now), rules=known.rules),
        answered_since=_answered_since(answered, agent.address) if answered else "",
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
    return count_repeats(message.subject, message.parts.own, earlier)


@prepared
def _said_by(address: str, since: datetime, not_by: int) -> Query:
    """Of their latest mails: who writes a thousand a day must not have them all looked at with each."""
    theirs = (Intake.author == address) & (Intake.received_at > since) & (Intake.kind == Kind.HUMAN.value)
    latest = Intake.select(Intake.id, Intake.subject).where(theirs, Intake.id != not_by)
    latest = latest.order_by(Intake.received_at.desc()).limit(MOST_SAID)
    said = Comment.select(latest.c.subject, Comment.text).join(latest, on=Comment.intake == latest.c.id)
    return said.order_by(Comment.id.desc())


def _burst(contact: ContactFacts, limits: Limits, now: datetime) -> TicketFacts | None:
    """The last of too many: a loop, or a form sent fifty times, is one matter for whoever answers."""
    most = limits.tickets_per_sender_hour if contact.confirmed else limits.tickets_per_unapproved_hour
    if _opened_by.value(contact.address, now - timedelta(hours=1), most) < most:
        return None
    return ticket_facts(root_of(_last_opened_by.value(contact.address)))


@prepared
def _opened_by(address: str, since: datetime, most: int) -> Query:
    """How many tickets, counted to ``most`` and no further."""
    theirs = (Ticket.requester == address) & (Ticket.opened_at > since)
    some = Ticket.select(Ticket.id).where(theirs).limit(most)
    return Ticket.select(fn.COUNT(some.c.id)).from_(some)


@prepared
def _last_opened_by(address: str) -> Query:
    return Ticket.select(fn.MAX(Ticket.id)).where(Ticket.requester == address)


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


def _mobile_told(claims: Claims, ticket: TicketFacts | None) -> bool:
    """Whether somebody was told already that a mobile given on this ticket is none."""
    wrong = claims.mobile is not None and not claims.mobile.number
    return bool(wrong and ticket and was_recorded(ticket.number, WRONG_MOBILE))


def _learned(message: Message, categories: Categories) -> Learned:
    """What closed tickets teach about a mail that may open one."""
    if not categories.names or not categories.learn:
        return Learned()
    return learning.learned(words_of(message.subject, message.parts.own))


def _invited(message: Message) -> CalendarReply | None:
    """The answer to an invitation of ours."""
    reply = find_reply(message.calendar) if message.kind is Kind.CALENDAR else None
    return reply if reply and meetings.find(reply.uid) else None


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


class _OurLetters:
    """The letters of ours that a mail names. Most name one of them twice: each is looked up once."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = keys
        self._rows: dict[str, outbox.Row | None] = {}

    def verified(self, token: Token | None) -> Issued | None:
        """What a token was issued for; None when it is none of ours."""
        row = self.row(token.nonce) if token else None
        return row.issued if token and row and verify(token, row.issued, self._keys) else None

    def row(self, nonce: str) -> outbox.Row | None:
        if nonce not in self._rows:
            self._rows[nonce] = outbox.find_by_nonce(nonce)
        return self._rows[nonce]


def _seen_before(message: Message, intake_id: int) -> bool:
    """The same mail by another road. A mail without Message-ID is only ever the same by its bytes."""
    if not message.message_id:
        return False
    return _same_mail.any(message.content_digest, intake_id)


@prepared
def _same_mail(content_digest: str, but: int) -> Query:
    return Intake.select(Intake.id).where(Intake.content_digest == content_digest, Intake.id != but).limit(1)
