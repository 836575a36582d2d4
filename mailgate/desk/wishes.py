"""What clients wish about a ticket or about themselves, in a few words: another category, messages to their mobile or
none. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from mailgate.desk import effects
from mailgate.desk.classify import name_of
from mailgate.desk.decision import Decision, Order, Outcome, Reason, To
from mailgate.desk.facts import Facts
from mailgate.desk.lifecycle import Happening
from mailgate.desk.requests import Ask, Request, says_nothing_more

CATEGORY_CHANGED = Order("category-changed", To.SENDER)
MESSAGES = Order("messages", To.SENDER)
TELL_COMMENT = Order("notice-comment", To.AGENTS)


def decide_wish(base: Decision, request: Request, address: str, facts: Facts) -> Decision | None:
    """The decision for a wish of ``address``; None when the mail is something else."""
    nothing_more = says_nothing_more(request.rest)
    if request.ask in (Ask.STOP, Ask.START) and nothing_more:
        wanted = effects.SetMessages(address, request.ask is Ask.START)
        return Decision(Outcome.REQUEST, Reason.ASKED, ticket=base.ticket, letters=(MESSAGES,), effects=(wanted,))
    if request.ask is not Ask.CATEGORY or base.outcome is not Outcome.COMMENT:
        return None
    category = name_of(request.name, facts.categories)
    if not category:
        return None
    effect = effects.SetCategory(category, "by its client")
    if not nothing_more:
        return replace(base, effects=(*base.effects, effect))
    letters = (CATEGORY_CHANGED, TELL_COMMENT)
    return replace(base, reason=Reason.REFILED, happening=Happening.NOTED, letters=letters, effects=(effect,))
