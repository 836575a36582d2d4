"""What happens to a mail: one table turns kind × standing × claim into a decision, a value that others carry out.

Read ``HUMAN`` aloud: it is SPEC 4. Whoever names a ticket that is not theirs gets exactly what naming a ticket that
does not exist would get: the mail is held and nothing is sent, so that numbers tell nothing to those who guess.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from mailgate.desk.claims import Claims
from mailgate.desk.effects import Effect
from mailgate.desk.facts import Facts
from mailgate.desk.lifecycle import Happening
from mailgate.desk.standing import Rank, Standing
from mailgate.mail.message import Kind, Message


class Outcome(enum.StrEnum):
    """How a mail ended; the words of ``mailgate stats``."""

    TICKET = "ticket"
    COMMENT = "comment"
    ANSWER = "answer"
    NOTE = "note"
    HELD = "held"
    IGNORED = "ignored"
    OWN = "own"  # a letter of ours come back
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REFUSED = "refused"


class To(enum.StrEnum):
    """Who a letter is for; the store knows their addresses."""

    REQUESTER = "requester"
    PARTICIPANTS = "participants"  # requester included
    AGENTS = "agents"  # the ticket's agent, else everybody of the desk


class Reason(enum.StrEnum):
    """Why, as a word of the audit trail; letters tell it in the reader's language (``words.toml``, table reasons)."""

    NEW_TICKET = "new-ticket"
    FOLLOW_UP = "follow-up"
    PASSED_ON = "passed-on"  # wrote with a letter that we sent to somebody else
    ANSWER = "answer"
    NOTE = "note"
    AUTOMATIC = "automatic"
    OWN = "own"  # a letter of ours come back
    DUPLICATE = "duplicate"  # the same mail came by another road
    EMPTY = "empty"  # an answer without words sends nothing
    NO_AUTHOR = "no-author"  # none that can be read, or several
    NOT_THEIRS = "not-theirs"  # the ticket named is not theirs, or does not exist
    NO_SUCH_TICKET = "no-such-ticket"  # said to staff only
    UNKNOWN = "unknown"  # unknown sender
    UNKNOWN_UNPROVEN = "unknown-unproven"  # and nothing proves the address
    UNPROVEN_STAFF = "unproven-staff"  # the address of one of us, and nothing proves it
    FORGED = "forged"  # the sender's domain disowns the mail
    DISAGREE = "disagree"  # the subject and the reply address name different tickets


@dataclass(frozen=True, slots=True)
class Order:
    """A letter to be written."""

    letter: str  # name of the template
    to: To


@dataclass(frozen=True, slots=True)
class Decision:
    """What will happen, and why, in words for the audit trail."""

    outcome: Outcome
    reason: Reason
    ticket: int | None = None
    happening: Happening = Happening.NOTED  # what it does to the ticket's state
    letters: tuple[Order, ...] = ()
    effects: tuple[Effect, ...] = ()
    detail: str = ""  # what told, in words, for the audit trail


NOTE_DETAILS = ("nota", "note")  # soporte+nota@…: an agent's words stay inside

ACKNOWLEDGE = Order("acknowledgement", To.REQUESTER)
CONFIRM = Order("comment-received", To.REQUESTER)
ANSWER = Order("answer", To.PARTICIPANTS)
TELL_NEW = Order("notice-new", To.AGENTS)
TELL_COMMENT = Order("notice-comment", To.AGENTS)
TELL_HELD = Order("notice-held", To.AGENTS)

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
_ANSWER = Decision(Outcome.ANSWER, Reason.ANSWER, happening=Happening.AGENT_ANSWERED, letters=(ANSWER,))
_NOTE = Decision(Outcome.NOTE, Reason.NOTE, letters=(TELL_COMMENT,))
_QUARANTINE = Decision(Outcome.QUARANTINED, Reason.NO_AUTHOR)


def _held(missing: Reason) -> Decision:
    return Decision(Outcome.HELD, missing, letters=(TELL_HELD,))


_NOT_THEIRS = _held(Reason.NOT_THEIRS)

# rank: (names no ticket, names a ticket)
HUMAN: dict[Rank, tuple[Decision, Decision]] = {
    Rank.AGENT: (_OPEN, _ANSWER),
    Rank.MANAGEMENT: (_OPEN, _NOTE),
    Rank.PARTICIPANT: (_OPEN, _COMMENT),
    Rank.HOLDER: (_OPEN, _PASSED_ON),
    Rank.CONTACT: (_OPEN, _NOT_THEIRS),
    Rank.PROVEN_STRANGER: (_held(Reason.UNKNOWN), _NOT_THEIRS),
    Rank.STRANGER: (_held(Reason.UNKNOWN_UNPROVEN), _NOT_THEIRS),
    Rank.UNPROVEN_STAFF: (_held(Reason.UNPROVEN_STAFF), _held(Reason.UNPROVEN_STAFF)),
    Rank.FORGED: (_held(Reason.FORGED), _held(Reason.FORGED)),
    Rank.NOBODY: (_QUARANTINE, _QUARANTINE),
}

# Who may leave the mark of an automatic mail on a ticket: those who could have written on it.
_ENTITLED = {Rank.AGENT, Rank.MANAGEMENT, Rank.PARTICIPANT, Rank.HOLDER}


def decide(message: Message, claims: Claims, facts: Facts, standing: Standing) -> Decision:
    """The decision for one mail. Total: every mail gets one."""
    if facts.seen_before:
        return Decision(Outcome.DUPLICATE, Reason.DUPLICATE)
    if message.kind is not Kind.HUMAN or facts.is_own:
        return _automatic(message, facts, standing)
    if facts.released_by:  # a number that leads nowhere no longer matters: the mail opens a ticket
        decision = HUMAN[standing.rank][1 if facts.ticket else 0]
    elif not _agrees(claims, facts):
        return _held(Reason.DISAGREE)
    else:
        decision = HUMAN[standing.rank][1 if claims.names_a_ticket or facts.ticket else 0]
    if facts.ticket is None:
        return _without_ticket(decision)
    return _on_ticket(decision, message, claims, facts.ticket.number)


def _automatic(message: Message, facts: Facts, standing: Standing) -> Decision:
    """Machines are heard, never answered: a remark on the ticket where they may leave one, else nothing."""
    if facts.is_own:
        return Decision(Outcome.IGNORED, Reason.OWN)
    told = f"{message.kind}: {message.kind_reason}" if message.kind_reason else str(message.kind)
    if facts.bounced_letter and facts.bounced_letter.ticket:
        return Decision(Outcome.NOTE, Reason.AUTOMATIC, ticket=facts.bounced_letter.ticket, detail=told)
    on_ticket = message.kind in (Kind.AUTO_REPLY, Kind.CALENDAR) and facts.ticket is not None
    if on_ticket and standing.rank in _ENTITLED:
        assert facts.ticket is not None
        return Decision(Outcome.NOTE, Reason.AUTOMATIC, ticket=facts.ticket.number, detail=told)
    return Decision(Outcome.IGNORED, Reason.AUTOMATIC, detail=told)


def _agrees(claims: Claims, facts: Facts) -> bool:
    signed = facts.reply_to_letter
    return claims.number is None or signed is None or signed.ticket in (0, claims.number)


def _without_ticket(decision: Decision) -> Decision:
    """A follow-up needs its ticket: an agent's or a manager's mistyped number waits for a word of theirs."""
    if decision.outcome in (Outcome.ANSWER, Outcome.NOTE, Outcome.COMMENT):
        return _held(Reason.NO_SUCH_TICKET)
    return decision


def _on_ticket(decision: Decision, message: Message, claims: Claims, number: int) -> Decision:
    decision = replace(decision, ticket=number) if decision.outcome is not Outcome.HELD else decision
    if decision.outcome is Outcome.ANSWER and claims.detail in NOTE_DETAILS:
        return replace(_NOTE, ticket=number)
    if decision.outcome is Outcome.ANSWER and not message.parts.own.strip() and not message.attachments:
        return Decision(Outcome.IGNORED, Reason.EMPTY, ticket=number)
    return decision
