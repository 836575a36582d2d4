"""What a mail tells beside its matter: a mobile to call. It becomes effects of the decision. Pure."""

from __future__ import annotations

from dataclasses import replace

from mailgate.desk import effects as do
from mailgate.desk.claims import Claims
from mailgate.desk.decision import Decision, Order, Outcome, To
from mailgate.desk.facts import Facts
from mailgate.desk.standing import Rank, Standing

MOBILE_WRONG = Order("mobile-wrong", To.SENDER)
CONFIRM = "comment-received"
THEIRS = {Rank.PARTICIPANT, Rank.CONTACT}  # who may say where they are called


def with_particulars(decision: Decision, claims: Claims, facts: Facts, standing: Standing) -> Decision:
    """The decision, and what the mail tells of its writer."""
    if decision.outcome in (Outcome.TICKET, Outcome.COMMENT) and standing.rank in THEIRS:
        decision = _with_mobile(decision, claims, facts)
    return decision


def _with_mobile(decision: Decision, claims: Claims, facts: Facts) -> Decision:
    """A mobile is kept on the ticket; what was given as one and is none is said so, once a ticket."""
    given = claims.mobile
    if given is None or (not given.number and facts.mobile_told):
        return decision
    if given.number:
        return replace(decision, effects=(*decision.effects, do.SetMobile(given.number)))
    letters = decision.letters
    if decision.outcome is Outcome.COMMENT:  # the acknowledgement says it by itself
        letters = (MOBILE_WRONG, *(order for order in letters if order.letter != CONFIRM))
    return replace(decision, letters=letters, effects=(*decision.effects, do.NoteWrongMobile(given.said)))
