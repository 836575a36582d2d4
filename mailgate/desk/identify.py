"""From stranger to contact: asking once, believing a licence and a NIT that agree, and a second pair of eyes.

Licence and NIT are no secrets (they stand on invoices), so they open little: the contact may open tickets and follow
its own. What the client's other tickets say is told only after a confirmed contact, or an agent, has approved the
address. Whoever guesses gets the same words for every wrong pair, a few times, and then none.
"""

from __future__ import annotations

import re

from mailgate.desk.decision import Decision, Order, Outcome, Problem, Reason, To
from mailgate.desk.effects import ApproveContact, Identify, NoteAsked, NoteWrongPapers, RefuseContact
from mailgate.desk.facts import ApprovalFacts, Facts
from mailgate.desk.papers import words_beside
from mailgate.desk.standing import MOST_WRONG, Rank, Standing, may_identify
from mailgate.mail.message import Message

ASK, ASK_AGAIN = Order("identify", To.AUTHOR), Order("identify-again", To.AUTHOR)
ASK_APPROVAL = (Order("approve-contact", To.CONTACTS), Order("approve-contact", To.AGENTS))
TELL_DECIDED = (Order("contact-decided", To.ASKED),)
WELCOME = Order("contact-approved", To.APPROVED)
TELL_INACTIVE = Order("policy-inactive", To.AUTHOR)
TELL_HELD = Order("notice-held", To.AGENTS)

QUESTIONS = {ASK.letter, ASK_AGAIN.letter}  # whoever answers them identifies
# Letters that are about no ticket: a reply to one names none.
ABOUT_NO_TICKET = QUESTIONS | {"approve-contact", "contact-decided", "contact-approved", "policy-inactive"}

WAITS = Decision(Outcome.HELD, Reason.IDENTIFY)
INACTIVE = Decision(Outcome.HELD, Reason.POLICY, letters=(TELL_INACTIVE, TELL_HELD))

APPROVING = {"aprobar", "apruebo", "aprobado", "aprobada", "approve", "approved", "aceptar", "acepto", "accept", "si"}
REFUSING = {"rechazar", "rechazo", "no aprobar", "no apruebo", "reject", "refuse", "no"}
# Nobody reads what is sent there, and what comes from there proves nothing to whoever reads it with us.
_MACHINES = re.compile(
    r"(?:no|do-?not|not?)[._-]?(?:reply|responder|responda|contestar)|.*noreply|mailer-daemon|bounces?"
)


def decide_stranger(message: Message, facts: Facts) -> Decision:
    """The mail of an unknown sender who is really who they say, and names no ticket."""
    known, sender = facts.identification, message.sender
    if known is None or sender is None or _MACHINES.match(sender.address):
        return WAITS
    answers = facts.replying_to in QUESTIONS
    if may_identify(facts):
        assert known.client is not None
        tie = Identify(sender.address, sender.name, known.client.id, known.client.licence, known.waiting)
        only_papers = answers and not words_beside(message.parts.own)
        return Decision(
            Outcome.IDENTIFIED, Reason.IDENTIFIED, letters=ASK_APPROVAL, effects=(tie,), again=not only_papers
        )
    if known.wrong >= MOST_WRONG:
        return WAITS
    if known.papers.complete and known.wrong_again:  # said already; and our own example, sent back by a program
        return Decision(Outcome.HELD, Reason.IDENTIFY, letters=(TELL_HELD,)) if answers else WAITS
    if known.papers.complete:
        outcome = Outcome.IGNORED if answers else Outcome.HELD
        reason = Reason.WRONG_PAPERS if answers else Reason.IDENTIFY
        return Decision(
            outcome, reason, letters=(ASK_AGAIN,), effects=(NoteWrongPapers(sender.address, known.papers.pair),)
        )
    if not known.asked:
        return Decision(Outcome.HELD, Reason.IDENTIFY, letters=(ASK,), effects=(NoteAsked(sender.address),))
    # Somebody who answers our question with other words needs a person, not the question again.
    return Decision(Outcome.HELD, Reason.IDENTIFY, letters=(TELL_HELD,)) if answers else WAITS


def decide_approval(message: Message, facts: Facts, standing: Standing) -> Decision | None:
    """The answer to "is this address one of yours?"; None when the mail is something else."""
    if facts.replying_to != "approve-contact" or not _may_approve(facts, standing):
        return None
    said = _first_line(message.parts.own)
    if said not in APPROVING | REFUSING:
        if standing.rank is not Rank.AGENT:
            return None
        problems = (Problem("approve-needs-word", 1),)
        return Decision(
            Outcome.RETURNED, Reason.WRONG_COMMAND, letters=(Order("commands-returned", To.SENDER),), problems=problems
        )
    contact = facts.approval
    if contact is None or contact.confirmed:
        return Decision(Outcome.IGNORED, Reason.DECIDED)
    if said in REFUSING:
        refused = RefuseContact(contact.contact_id, contact.address)
        return Decision(Outcome.COMMANDS, Reason.CONTACT_REFUSED, letters=TELL_DECIDED, effects=(refused,))
    approved = ApproveContact(contact.contact_id, contact.address)
    return Decision(Outcome.COMMANDS, Reason.CONTACT_APPROVED, letters=(WELCOME, *TELL_DECIDED), effects=(approved,))


def policy_is_inactive(decision: Decision, facts: Facts, standing: Standing) -> bool:
    """Whether a client would open a ticket without a policy to open it under. An agent's word lets it in."""
    client = facts.contact.client if facts.contact else None
    of_client = standing.rank in (Rank.CONTACT, Rank.PARTICIPANT, Rank.HOLDER) and not facts.released_by
    return decision.outcome is Outcome.TICKET and of_client and client is not None and client.state != "active"


def _may_approve(facts: Facts, standing: Standing) -> bool:
    """An agent, or the very contact who was asked, while confirmed and of that client."""
    if standing.rank is Rank.AGENT:
        return True
    letter, contact, asked = facts.reply_to_letter, facts.contact, facts.approval
    if standing.rank is not Rank.CONTACT or letter is None or letter.recipient != standing.address:
        return False
    return contact is not None and contact.confirmed and _is_of(contact.client.id if contact.client else 0, asked)


def _is_of(client_id: int, asked: ApprovalFacts | None) -> bool:
    return asked is None or asked.client_id == client_id


def _first_line(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    plain = first.casefold().replace("í", "i")
    return " ".join(re.sub(r"[^\w ]", " ", plain).split())
