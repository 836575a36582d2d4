"""Which mails file a PQRS, and what its filing and everything after it tells to whom. Pure.

Anyone may file: a stranger, an address that nothing proves, even a forged one; a word of ours goes back only to an
address that is known or proven, so that the desk cannot be made to write to others. A mail about an open PQRS is a
comment on it; who names a radicado that is not theirs is held like anybody who names a number.
"""

from __future__ import annotations

from dataclasses import replace

from mailgate.desk import effects
from mailgate.desk.addresses import split_detail
from mailgate.desk.claims import Claims
from mailgate.desk.decision import Decision, Order, Outcome, Reason, To
from mailgate.desk.facts import Facts
from mailgate.desk.lifecycle import Happening
from mailgate.desk.pqrs import Rules, term_of
from mailgate.desk.pqrs_commands import ACKNOWLEDGE, CORRECTED, correction, told
from mailgate.desk.pqrs_words import asks_by_subject, asks_in_text, guess_type, only_a_type
from mailgate.desk.standing import Rank, Standing
from mailgate.mail.message import Message
from mailgate.mail.subject import has_prefix

DETAIL = "pqrs"
MAY_BE_WRITTEN_TO = {Rank.CONTACT, Rank.PARTICIPANT, Rank.PROVEN_STRANGER, Rank.MANAGEMENT, Rank.AGENT}
MAY_LINK = {Rank.PARTICIPANT, Rank.MANAGEMENT, Rank.AGENT}
TO_REQUESTER = {"acknowledgement", "comment-received", "reopened"}


def asks(message: Message, claims: Claims, rules: Rules | None) -> bool:
    """Whether a mail asks to be filed: by its address, by ``+pqrs``, by its subject, as a *derecho de petición*."""
    if rules is None:
        return False
    if claims.reply_token is None and rules.address and rules.address in _bases(message, claims):
        return True
    named = claims.detail == DETAIL or asks_by_subject(message.subject, rules.types)
    return named or asks_in_text(message.parts.own)


def _bases(message: Message, claims: Claims) -> set[str]:
    addresses = [*claims.recipients, *(a.address for a in message.to), *(a.address for a in message.cc)]
    return {split_detail(address.casefold())[0] for address in addresses}


def decide_filing(message: Message, claims: Claims, facts: Facts, standing: Standing) -> Decision | None:
    """The decision for a mail that files a PQRS; None when it does not. Agents' own mails are theirs to command."""
    rules = facts.rules
    if rules is None or standing.rank in (Rank.AGENT, Rank.NOBODY) or not asks(message, claims, rules):
        return None
    if claims.radicado is not None:  # it is about one that was filed, whoever's it is
        return None
    theirs = facts.ticket is not None and standing.rank in MAY_LINK | {Rank.HOLDER}
    if theirs and facts.ticket is not None and (facts.ticket.pqrs or not _anew(message, claims, rules)):
        return None
    effect = _file(message, facts, rules, acknowledged=standing.rank in MAY_BE_WRITTEN_TO)
    if facts.ticket is not None and standing.rank in MAY_LINK:
        effect = replace(effect, linked_to=facts.ticket.number)
    return Decision(
        Outcome.TICKET,
        Reason.FILED,
        happening=Happening.OPENED,
        letters=(*((ACKNOWLEDGE,) if effect.acknowledged else ()), told("filed", To.AGENTS), told("filed")),
        effects=(effect,),
        detail=f"{effect.type}{', doubtful' if effect.doubtful else ''}",
    )


def _anew(message: Message, claims: Claims, rules: Rules) -> bool:
    """On a ticket of theirs only what is no mere reply files: the button's subject, or a mail to the own address; and a
    *derecho de petición*, whatever it replies to.
    """
    if asks_in_text(message.parts.own):
        return True
    if asks_by_subject(message.subject, rules.types):
        return not has_prefix(message.subject)
    return True


def _file(message: Message, facts: Facts, rules: Rules, *, acknowledged: bool) -> effects.FilePqrs:
    guess = guess_type(message.subject, message.parts.own, rules.types)
    received = facts.received_at
    assert received is not None  # comes with the rules
    year = rules.calendar.day_of(received).year
    return effects.FilePqrs(
        guess.type, term_of(guess.type, received, rules), year, received, guess.doubtful, acknowledged
    )


def with_pqrs(decision: Decision, message: Message, claims: Claims, facts: Facts, standing: Standing) -> Decision:
    """What a PQRS adds to any other decision: an agent's mail that files, a corrected type, management's copies."""
    rules, known = facts.rules, facts.ticket.pqrs if facts.ticket else None
    if rules is None:
        return decision
    if decision.outcome is Outcome.TICKET and standing.rank is Rank.AGENT and asks(message, claims, rules):
        return _filed_by_agent(decision, message, facts, rules)
    if known is None or facts.ticket is None or decision.ticket != facts.ticket.number:
        return decision
    if decision.outcome is Outcome.COMMENT:
        return _commented(decision, message, facts, rules)
    return replace(decision, letters=(*decision.letters, *_copies(decision)))


def _filed_by_agent(decision: Decision, message: Message, facts: Facts, rules: Rules) -> Decision:
    """An agent's mail to the own address: the client's whom it forwards, or the agent's own."""
    if any(isinstance(effect, effects.FilePqrs) for effect in decision.effects):
        return _instead(decision, (ACKNOWLEDGE, told("filed", To.AGENTS)))
    effect = _file(message, facts, rules, acknowledged=True)
    letters = (ACKNOWLEDGE, told("filed", To.AGENTS), told("filed"))
    return _instead(replace(decision, effects=(*decision.effects, effect)), letters)


def _instead(decision: Decision, letters: tuple[Order, ...]) -> Decision:
    """These letters for the acknowledgement and the notice of an ordinary ticket; none of them twice."""
    kept = [order for order in decision.letters if order.letter not in ("acknowledgement", "notice-new")]
    return replace(decision, letters=tuple(dict.fromkeys([*letters, *kept])))


def _commented(decision: Decision, message: Message, facts: Facts, rules: Rules) -> Decision:
    assert facts.ticket is not None
    known = facts.ticket.pqrs
    assert known is not None
    kind = only_a_type(message.parts.own, rules.types)
    if kind is not None and known.open:
        to_petitioner = (CORRECTED,) if known.acknowledged else ()
        to_all = (*to_petitioner, told("type", To.AGENTS), told("type"))
        return replace(decision, happening=Happening.NOTED, letters=to_all, effects=(correction(kind, known, rules),))
    letters = decision.letters
    if not known.acknowledged and not (facts.contact or facts.reply_to_letter or facts.answers_letter):
        letters = tuple(order for order in letters if order.letter not in TO_REQUESTER)  # nothing proves the address
    return replace(decision, letters=(*letters, told("comment")))


def _copies(decision: Decision) -> tuple[Order, ...]:
    """What management is told of an agent's mail."""
    final = any(isinstance(effect, effects.AnswerPqrs) for effect in decision.effects)
    copies = []
    if decision.outcome is Outcome.ANSWER:
        copies.append(told("final" if final else "answer"))
    if decision.happening is Happening.AGENT_CLOSED:
        copies.append(told("closed"))
    return tuple(copies)
