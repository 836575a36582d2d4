"""Gathering what the store knows about one mail, for the desk to decide. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from mailgate.desk.claims import Claims
from mailgate.desk.facts import Facts, Role, Status, TicketFacts
from mailgate.desk.tokens import Issued, Token, read_message_id, verify
from mailgate.mail.message import Message
from mailgate.store import outbox, people
from mailgate.store.base import translated
from mailgate.store.desk_facts import gather_desk
from mailgate.store.desk_work import root_of
from mailgate.store.models import Comment, Intake, Outgoing, Participant, Ticket


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
) -> Facts:
    """Facts about a mail; ``ours`` are the desk's addresses, ``intake_id`` its own row, 0 when it has none."""
    today = now.astimezone(zone).date()
    address = message.sender.address if message.sender else ""
    reply_to_letter = _verified(claims.reply_token, keys)
    answers_letter = next((found for token in claims.reference_tokens if (found := _verified(token, keys))), None)
    agent = people.find_agent(address) if address else None
    replied = outbox.find_by_nonce(reply_to_letter.nonce) if reply_to_letter else None
    return Facts(
        agent=agent,
        contact=people.find_contact(address, today) if address else None,
        ticket=_ticket_named(claims, reply_to_letter, answers_letter),
        desk=gather_desk(message.parts.own, now, zone, ours, ticket_facts) if agent else None,
        replying_to=replied.letter if replied else "",
        answered_since=_answered_since(replied, address) if agent and replied else "",
        reply_to_letter=reply_to_letter,
        answers_letter=answers_letter,
        bounced_letter=_verified(claims.bounce_token, keys) if message.bounce else None,
        seen_before=_seen_before(message, intake_id),
        released_by=released_by,
        is_own=_verified(read_message_id(message.message_id), keys) is not None,
    )


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
    with translated():
        row = Ticket.get_or_none(Ticket.id == number)
        if row is None:
            return None
        added = Participant.select(Participant.address).where(Participant.ticket == number).tuples()
        return TicketFacts(
            number=row.id,
            status=Status(row.status),
            subject=row.subject,
            requester=row.requester,
            requester_name=row.requester_name,
            client_id=row.client_id,
            agent_id=row.agent_id,
            participants=frozenset({row.requester, *(address for (address,) in added)}),
            language=row.language,
            desk_address=row.desk_address,
            closed_at=row.closed_at,
        )


def _ticket_named(claims: Claims, reply_to: Issued | None, answers: Issued | None) -> TicketFacts | None:
    """The number in the subject first; else the letter answered; else the thread of a mail that is a comment."""
    if claims.number is not None:
        return ticket_facts(root_of(claims.number))
    signed = reply_to or answers
    if signed is not None:
        return ticket_facts(root_of(signed.ticket)) if signed.ticket else None
    if not claims.references or claims.reply_token is not None:
        return None
    with translated():
        known = Comment.select(Comment.message_id, Comment.ticket).where(Comment.message_id.in_(claims.references))
        tickets = dict(known.tuples())
    named = next((tickets[reference] for reference in claims.references if reference in tickets), None)
    return ticket_facts(root_of(named)) if named else None


def _verified(token: Token | None, keys: Sequence[bytes]) -> Issued | None:
    if token is None:
        return None
    with translated():
        row = Outgoing.get_or_none(Outgoing.nonce == token.nonce)
    if row is None:
        return None
    held = 0 if row.ticket_id else row.cause_id or 0
    issued = Issued(row.nonce, row.ticket_id or 0, row.recipient, row.role, held)
    return issued if verify(token, issued, keys) else None


def _seen_before(message: Message, intake_id: int) -> bool:
    """The same mail by another road. A mail without Message-ID is only ever the same by its bytes."""
    if not message.message_id:
        return False
    with translated():
        same = Intake.select().where(Intake.content_digest == message.content_digest, Intake.id != intake_id)
        return bool(same.exists())
