"""What happens to a mail: one table turns kind × standing × claim into a decision, a value that others carry out.

Read ``HUMAN`` aloud: it is SPEC 4. Whoever names a ticket that is not theirs gets exactly what naming a ticket that
does not exist would get: the mail is held and nothing is sent, so that numbers tell nothing to those who guess.
"""

from __future__ import annotations

from dataclasses import replace

from mailgate.desk.agents_mail import (
    ANSWER,
    OF_NO_TICKET,
    RETURN,
    TELL_ANSWER,
    decide_agents,
    decide_managements,
)
from mailgate.desk.claims import Claims
from mailgate.desk.clients_mail import ABOUT_NO_TICKET, decide_clients
from mailgate.desk.decision import Decision as Decision
from mailgate.desk.decision import Order as Order
from mailgate.desk.decision import Outcome as Outcome
from mailgate.desk.decision import Reason as Reason
from mailgate.desk.decision import To as To
from mailgate.desk.effects import RecordReply
from mailgate.desk.facts import Facts, Role
from mailgate.desk.filing import decide_filing, with_pqrs
from mailgate.desk.identify import (
    ABOUT_NO_TICKET as OF_STRANGERS,
)
from mailgate.desk.identify import (
    INACTIVE,
    WAITS,
    decide_approval,
    decide_stranger,
    policy_is_inactive,
)
from mailgate.desk.lifecycle import Happening
from mailgate.desk.particulars import with_particulars
from mailgate.desk.repeats import TIMES
from mailgate.desk.requests import is_reaction
from mailgate.desk.standing import Rank, Standing
from mailgate.mail.message import Kind, Message

ACKNOWLEDGE = Order("acknowledgement", To.REQUESTER)
CONFIRM = Order("comment-received", To.REQUESTER)
TELL_NEW = Order("notice-new", To.AGENTS)
TELL_COMMENT = Order("notice-comment", To.AGENTS)
TELL_REPLY = Order("meeting-reply", To.AGENTS)
TELL_HELD = Order("notice-held", To.AGENTS)
TELL_BOUNCED = Order("undeliverable", To.AGENTS)

_OPEN = Decision(Outcome.TICKET, Reason.NEW_TICKET, happening=Happening.OPENED, letters=(ACKNOWLEDGE, TELL_NEW))
_COMMENT = Decision(
    Outcome.COMMENT, Reason.FOLLOW_UP, happening=Happening.CLIENT_WROTE, letters=(CONFIRM, TELL_COMMENT)
)
_PASSED_ON = Decision(
    Outcome.COMMENT,
    Reason.PASSED_ON,
    happening=Happening.CLIENT_WROTE,
    letters=(TELL_COMMENT,),
)
_ANSWER = Decision(Outcome.ANSWER, Reason.ANSWER, happening=Happening.AGENT_ANSWERED, letters=(ANSWER, TELL_ANSWER))
_NOTE = Decision(Outcome.NOTE, Reason.NOTE, letters=(TELL_COMMENT,))
_QUARANTINE = Decision(Outcome.QUARANTINED, Reason.NO_AUTHOR)


def _held(missing: Reason) -> Decision:
    return Decision(Outcome.HELD, missing, letters=(TELL_HELD,))


_NOT_THEIRS = _held(Reason.NOT_THEIRS)

_ABOUT_NO_TICKET = ABOUT_NO_TICKET | OF_STRANGERS | OF_NO_TICKET | {RETURN.letter}

# rank: (names no ticket, names a ticket)
HUMAN: dict[Rank, tuple[Decision, Decision]] = {
    Rank.AGENT: (_OPEN, _ANSWER),
    Rank.MANAGEMENT: (_OPEN, _NOTE),
    Rank.PARTICIPANT: (_OPEN, _COMMENT),
    Rank.HOLDER: (_OPEN, _PASSED_ON),
    Rank.CONTACT: (_OPEN, _NOT_THEIRS),
    Rank.IDENTIFIED: (WAITS, _NOT_THEIRS),
    Rank.PROVEN_STRANGER: (WAITS, _NOT_THEIRS),
    Rank.STRANGER: (_held(Reason.UNKNOWN_UNPROVEN), _NOT_THEIRS),
    Rank.UNPROVEN_STAFF: (_held(Reason.UNPROVEN_STAFF), _held(Reason.UNPROVEN_STAFF)),
    Rank.FORGED: (_held(Reason.FORGED), _held(Reason.FORGED)),
    Rank.NOBODY: (_QUARANTINE, _QUARANTINE),
}

# What a sender merely wrote, without a word of ours that asks for something.
_JUST_WRITTEN = {Reason.NEW_TICKET, Reason.FOLLOW_UP, Reason.PASSED_ON, Reason.OTHER_MATTER, Reason.TOO_LATE}

# Who may leave the mark of an automatic mail on a ticket: those who could have written on it.
_ENTITLED = {Rank.AGENT, Rank.MANAGEMENT, Rank.PARTICIPANT, Rank.HOLDER}


def decide(message: Message, claims: Claims, facts: Facts, standing: Standing) -> Decision:
    """The decision for one mail. Total: every mail gets one."""
    decision = with_pqrs(_decide(message, claims, facts, standing), message, claims, facts, standing)
    return _confirmed_to_who_wrote(with_particulars(decision, message, claims, facts, standing), facts, standing)


def _decide(message: Message, claims: Claims, facts: Facts, standing: Standing) -> Decision:
    if facts.seen_before:
        return Decision(Outcome.DUPLICATE, Reason.DUPLICATE)
    if (message.kind is not Kind.HUMAN and not _invites_us(message, standing)) or facts.is_own:
        return _automatic(message, facts, standing)
    if (answered := decide_approval(message, facts, standing)) is not None:
        return answered
    if (filed := decide_filing(message, claims, facts, standing)) is not None:
        return filed
    if facts.released_by:  # a number that leads nowhere no longer matters: the mail opens a ticket
        decision = HUMAN[standing.rank][1 if facts.ticket else 0]
    elif not _agrees(claims, facts):
        return _held(Reason.DISAGREE)
    else:
        asks_of = claims.asked if facts.agent is None else None
        names_one = (claims.names_a_ticket and facts.replying_to not in _ABOUT_NO_TICKET) or asks_of
        decision = HUMAN[standing.rank][1 if names_one or facts.ticket else 0]
    if facts.ticket is None:
        decision = _without_ticket(decision)
    if decision is WAITS:
        return decide_stranger(message, facts)
    if standing.rank in (Rank.AGENT, Rank.MANAGEMENT) and facts.ticket and is_reaction(message.parts.own):
        return Decision(Outcome.NOTE, Reason.NOTE, ticket=facts.ticket.number)  # no words for the client
    if standing.rank is Rank.AGENT:
        return decide_agents(decision, message, claims, facts)
    if facts.ticket is not None and decision.outcome is not Outcome.HELD:
        decision = replace(decision, ticket=facts.ticket.number)
    if standing.rank is Rank.MANAGEMENT:
        return decide_managements(decision, message, facts)
    decision = decide_clients(decision, message, claims, facts, standing.rank)
    if policy_is_inactive(decision, facts, standing):
        return INACTIVE
    if decision.outcome is Outcome.TICKET and facts.burst and not facts.released_by:
        return Decision(Outcome.COMMENT, Reason.BURST, facts.burst.number)
    if facts.said_before >= TIMES and decision.reason in _JUST_WRITTEN and not facts.released_by:
        return _once_more(decision, facts)
    return decision


def _once_more(decision: Decision, facts: Facts) -> Decision:
    """The same words for the third time: kept, told to the agents, answered by no machine; nothing opens again."""
    told = f"said {facts.said_before + 1} times within a day"
    if decision.outcome is Outcome.TICKET:
        return replace(decision, reason=Reason.REPEATED, letters=(TELL_NEW,), detail=told)
    return Decision(Outcome.COMMENT, Reason.REPEATED, decision.ticket, letters=(TELL_COMMENT,), detail=told)


def _automatic(message: Message, facts: Facts, standing: Standing) -> Decision:
    """Machines are heard, never answered: a remark on the ticket where they may leave one, else nothing."""
    if facts.is_own:
        return Decision(Outcome.IGNORED, Reason.OWN)
    told = f"{message.kind}: {message.kind_reason}" if message.kind_reason else str(message.kind)
    if facts.bounced_letter and facts.bounced_letter.ticket:
        noted = Decision(Outcome.NOTE, Reason.AUTOMATIC, ticket=facts.bounced_letter.ticket, detail=told)
        lost = message.kind is Kind.BOUNCE and facts.bounced_letter.role == Role.CLIENT
        return replace(noted, letters=(TELL_BOUNCED,)) if lost else noted
    reply = facts.calendar_reply
    if reply is not None and facts.ticket is not None and standing.rank in _ENTITLED:
        effect = RecordReply(reply.uid, standing.address, reply.answer, reply.sequence)
        noted = Decision(Outcome.NOTE, Reason.AUTOMATIC, ticket=facts.ticket.number, detail=told)
        return replace(noted, letters=(TELL_REPLY,), effects=(effect,))
    on_ticket = message.kind in (Kind.AUTO_REPLY, Kind.CALENDAR) and facts.ticket is not None
    if on_ticket and standing.rank in _ENTITLED:
        assert facts.ticket is not None
        return Decision(Outcome.NOTE, Reason.AUTOMATIC, ticket=facts.ticket.number, detail=told)
    return Decision(Outcome.IGNORED, Reason.AUTOMATIC, detail=told)


def _invites_us(message: Message, standing: Standing) -> bool:
    """A meeting that somebody whom we know calls, moves or calls off: a person's word, unlike an answer to our own."""
    by_a_person = message.kind is Kind.CALENDAR and message.kind_reason.endswith(("=request", "=cancel"))
    return by_a_person and standing.rank in _ENTITLED | {Rank.CONTACT}


def _agrees(claims: Claims, facts: Facts) -> bool:
    signed = facts.reply_to_letter
    return claims.number is None or signed is None or signed.ticket in (0, claims.number)


def _confirmed_to_who_wrote(decision: Decision, facts: Facts, standing: Standing) -> Decision:
    """A colleague's words are confirmed to the colleague, not to who opened the ticket; a stranger's to nobody."""
    ticket, who = facts.ticket, standing.address
    if decision.outcome is not Outcome.COMMENT or ticket is None or who == ticket.requester:
        return decision
    client = facts.contact.client if facts.contact else None
    known = who in ticket.participants or (client is not None and client.id == ticket.client_id)
    letters = (replace(one, to=To.SENDER) if one.letter == CONFIRM.letter else one for one in decision.letters)
    return replace(decision, letters=tuple(one for one in letters if known or one.letter != CONFIRM.letter))


def _without_ticket(decision: Decision) -> Decision:
    """A follow-up needs its ticket: an agent's or a manager's mistyped number waits for a word of theirs."""
    if decision.outcome in (Outcome.ANSWER, Outcome.NOTE, Outcome.COMMENT):
        return _held(Reason.NO_SUCH_TICKET)
    return decision
