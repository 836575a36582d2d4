"""What a mail tells beside its matter: a mobile to call, the category it belongs to; and whether it tells anything.

It becomes effects of the decision, and what the acknowledgement asks for. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from mailgate.desk import effects as do
from mailgate.desk.claims import Claims
from mailgate.desk.classify import classify
from mailgate.desk.decision import Decision, Order, Outcome, To
from mailgate.desk.facts import Facts
from mailgate.desk.requests import tells_nothing
from mailgate.desk.standing import Rank, Standing
from mailgate.mail.message import Message
from mailgate.mail.subject import strip_prefixes

MOBILE_WRONG = Order("mobile-wrong", To.SENDER)
CONFIRM, ACKNOWLEDGEMENT = "comment-received", "acknowledgement"
NOTHING_TOLD = "nothing-told"  # what the acknowledgement is about then
THEIRS = {Rank.PARTICIPANT, Rank.CONTACT}  # who may say where they are called


def with_particulars(
    decision: Decision, message: Message, claims: Claims, facts: Facts, standing: Standing
) -> Decision:
    """The decision, and what the mail tells of its writer and its matter."""
    if decision.outcome is Outcome.TICKET:
        decision = _filed(decision, message, claims, facts)
    if decision.outcome in (Outcome.TICKET, Outcome.COMMENT) and standing.rank in THEIRS:
        decision = _with_mobile(_asking_more(decision, message), claims, facts)
    return decision


def _filed(decision: Decision, message: Message, claims: Claims, facts: Facts) -> Decision:
    """A new ticket under its category, unless an agent said one."""
    if any(isinstance(effect, do.SetCategory) for effect in decision.effects) or message.forwarded:
        return decision
    found = classify(message.subject, message.parts.own, claims.detail, facts.categories, facts.learned)
    effects = (do.SetCategory(found.category, found.why),) if found else ()
    return replace(decision, effects=(*decision.effects, *effects))


def _asking_more(decision: Decision, message: Message) -> Decision:
    """«No funciona»: the acknowledgement asks kindly for what is missing. Who sends files tells something."""
    if message.attachments or not tells_nothing(strip_prefixes(message.subject), message.parts.own):
        return decision
    asking = tuple(
        replace(one, about=NOTHING_TOLD) if one.letter == ACKNOWLEDGEMENT else one for one in decision.letters
    )
    return replace(decision, letters=asking)


def _with_mobile(decision: Decision, claims: Claims, facts: Facts) -> Decision:
    """A mobile is kept on the ticket; what was given as one and is none is said so, once a ticket."""
    given = claims.mobile
    if given is None or (not given.number and facts.mobile_told):
        return decision
    if given.number:
        return replace(decision, effects=(*decision.effects, do.SetMobile(given.number)))
    if not {CONFIRM, ACKNOWLEDGEMENT} & {order.letter for order in decision.letters}:
        return decision  # nothing is answered to this mail
    # The acknowledgement says it by itself; in the place of a mere confirmation it is a letter of its own.
    letters = tuple(MOBILE_WRONG if order.letter == CONFIRM else order for order in decision.letters)
    return replace(decision, letters=letters, effects=(*decision.effects, do.NoteWrongMobile(given.said)))
