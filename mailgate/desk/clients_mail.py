"""What a client's few words do: ``base`` is what the table of ``decide`` would do with the mail; a word changes it.

Whatever is more than a word stays what it was, a comment or a new ticket for a person to read. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mailgate.desk import effects
from mailgate.desk.claims import Claims
from mailgate.desk.decision import Decision, Order, Outcome, Reason, To
from mailgate.desk.facts import Facts, Status, TicketFacts
from mailgate.desk.lifecycle import Happening
from mailgate.desk.requests import Ask, Request, is_grateful, says_nothing_more
from mailgate.desk.same_matter import compare
from mailgate.desk.standing import Rank
from mailgate.desk.stars import find_stars, tells_of_failing
from mailgate.desk.wishes import MESSAGES, decide_wish
from mailgate.mail.message import Message

STATUS = Order("status", To.SENDER)
MY_TICKETS = Order("my-tickets", To.SENDER)
NEWS = Order("news", To.SENDER)
HELP = Order("client-help", To.SENDER)
SOLVED = Order("solved", To.SENDER)
REOPENED = Order("reopened", To.SENDER)
LINKED = Order("linked", To.REQUESTER)
TELL_NEW = Order("notice-new", To.AGENTS)
URGENT_OFFER = Order("urgent-offer", To.SENDER)
URGENT_ACCEPTED = Order("urgent-accepted", To.SENDER)
URGENT_ALERT = Order("urgent-alert", To.ON_CALL)
TELL_COMMENT = Order("notice-comment", To.AGENTS)
CONFIRM = "comment-received"

# Letters that are about no ticket: what answers them opens one, like any new mail.
ABOUT_NO_TICKET = {MY_TICKETS.letter, NEWS.letter, HELP.letter, MESSAGES.letter}
OVER = {Status.SOLVED, Status.CLOSED}
MOST_REOPENED = 3  # times that clients open one ticket again within a day
LOW = 2  # stars with which an agent is told at once
_LISTS = {Ask.STATUS: MY_TICKETS, Ask.MY_TICKETS: MY_TICKETS, Ask.NEWS: NEWS, Ask.HELP: HELP}
_SURE = {Ask.STATUS, Ask.MY_TICKETS, Ask.NEWS}  # said in the text, whatever the subject says
_NEEDS_TICKET = {Ask.SOLVED, Ask.REOPEN, Ask.ACCEPT, Ask.RATE, Ask.THANKS}


def decide_clients(base: Decision, message: Message, claims: Claims, facts: Facts, rank: Rank) -> Decision:
    """The decision for the mail of a client, or of anybody else, whose base it leaves."""
    request, ticket = claims.request, facts.ticket
    files = any(not file.inline for file in message.attachments)
    if files:
        request = None  # who sends files wants them looked at
    if rank not in (Rank.PARTICIPANT, Rank.CONTACT):
        return base
    if base.outcome not in (Outcome.TICKET, Outcome.COMMENT):
        return base
    address = message.sender.address if message.sender else ""
    if request and (wished := decide_wish(base, request, address, facts)):
        return wished
    if base.outcome is Outcome.TICKET:
        return _without_ticket(base, request) if request else base
    if ticket is None:
        return base
    changed = _on_ticket(base, request, ticket, facts) if request else base
    if changed is base and ticket.status in OVER and base.happening is Happening.CLIENT_WROTE and not files:
        changed = _in_own_words(base, message, facts)
    if ticket.status in OVER and changed.happening is Happening.CLIENT_WROTE:
        return _at_most_so_often(_after_the_end(changed, message.parts.own, ticket, facts), base, facts)
    return changed


def _in_own_words(base: Decision, message: Message, facts: Facts) -> Decision:
    """Stars or thanks that no table holds open nothing again, and the agents read them; what fails does."""
    text = message.parts.own
    stars = find_stars(text)
    if stars is not None and not tells_of_failing(text):
        return replace(_rated(base, stars, facts), letters=(TELL_COMMENT,))
    if stars is None and is_grateful(text):
        return replace(base, reason=Reason.THANKS, happening=Happening.NOTED, letters=(TELL_COMMENT,))
    return base


def _after_the_end(base: Decision, text: str, ticket: TicketFacts, facts: Facts) -> Decision:
    """A ticket goes on for a while, and for the same matter; all else is a new one, tied to it. A PQRS stays one."""
    if facts.released_by:
        return base
    if ticket.pqrs is not None:
        return _instead(base, REOPENED)
    ended, now = ticket.closed_at, facts.received_at
    if ended and now and now - ended > timedelta(days=facts.reopen_days):
        return _linked(Reason.TOO_LATE, ticket, f"closed on {ended.date()}")
    likeness = compare(ticket.said, text)
    if base.reason is Reason.REOPENED or likeness.same:
        return base if base.reason is Reason.REOPENED else _instead(base, REOPENED)
    return _linked(Reason.OTHER_MATTER, ticket, f"{likeness.share:.0%} of its words in common")


def _at_most_so_often(decision: Decision, base: Decision, facts: Facts) -> Decision:
    """Who opens a ticket again and again within a day is still heard, but it stays as it is for an agent to look."""
    if decision.happening is not Happening.CLIENT_WROTE or facts.reopened_today < MOST_REOPENED or facts.released_by:
        return decision
    return replace(base, reason=Reason.REOPENED_OFTEN, happening=Happening.NOTED)


def _linked(reason: Reason, ticket: TicketFacts, detail: str) -> Decision:
    return Decision(
        Outcome.TICKET,
        reason,
        happening=Happening.OPENED,
        letters=(LINKED, TELL_NEW),
        detail=f"after #{ticket.number}: {detail}",
        linked_to=ticket.number,
    )


def _without_ticket(base: Decision, request: Request) -> Decision:
    nothing_more = says_nothing_more(request.rest) and (request.alone or request.ask in _SURE)
    if request.ask in _LISTS and nothing_more:
        return _asked(_LISTS[request.ask], None)
    if request.ask in _NEEDS_TICKET and nothing_more:
        return _asked(MY_TICKETS, None)  # which one is meant, the list lets them choose
    if request.ask is Ask.URGENT:
        return replace(base, letters=(*base.letters, URGENT_OFFER))
    return base


def _on_ticket(base: Decision, request: Request, ticket: TicketFacts, facts: Facts) -> Decision:
    nothing_more, over = says_nothing_more(request.rest), ticket.status in OVER
    match request.ask:
        case Ask.STATUS if nothing_more:
            return _asked(STATUS, ticket.number)
        case Ask.MY_TICKETS | Ask.NEWS | Ask.HELP if nothing_more:
            return _asked(_LISTS[request.ask], ticket.number)
        case Ask.SOLVED if nothing_more and not over:
            letters = (SOLVED, TELL_COMMENT)
            return replace(base, reason=Reason.SOLVED, happening=Happening.CLIENT_SOLVED, letters=letters)
        case Ask.THANKS | Ask.SOLVED if nothing_more:
            return replace(base, reason=Reason.THANKS, happening=Happening.NOTED, letters=(TELL_COMMENT,))
        case Ask.HELPED if nothing_more and request.number:
            return _helped(base, request.number, over=over)
        case Ask.REOPEN if over:
            return _instead(replace(base, reason=Reason.REOPENED), REOPENED)
        case Ask.RATE if over and request.number:
            return _rated(base, request.number, facts)
        case Ask.URGENT if not ticket.urgent and ticket.pqrs is None:
            return _instead(base, URGENT_OFFER)
        case Ask.ACCEPT if nothing_more and _may_commit(facts):
            return _accepted(base, facts)
        case Ask.UNKNOWN | Ask.CATEGORY if nothing_more:  # a category that is none of ours
            return _instead(base, HELP)
    return base


def _asked(order: Order, number: int | None) -> Decision:
    return Decision(Outcome.REQUEST, Reason.ASKED, ticket=number, letters=(order,))


def _instead(base: Decision, order: Order) -> Decision:
    """One letter in the place of the one that only says that the comment came."""
    return replace(base, letters=(order, *(one for one in base.letters if one.letter != CONFIRM)))


def _rated(base: Decision, stars: int, facts: Facts) -> Decision:
    address = facts.contact.address if facts.contact else ""
    told = (TELL_COMMENT,) if stars <= LOW else ()
    effect = effects.Rate(address, stars)
    return replace(base, reason=Reason.RATED, happening=Happening.NOTED, letters=told, effects=(effect,))


def _helped(base: Decision, solution: int, *, over: bool) -> Decision:
    """«Esto lo resolvió»: the ticket is solved, and the solution has helped."""
    effect = effects.SolutionHelped(solution)
    if over:
        return replace(base, reason=Reason.THANKS, happening=Happening.NOTED, letters=(), effects=(effect,))
    letters, happening = (SOLVED, TELL_COMMENT), Happening.CLIENT_SOLVED
    return replace(base, reason=Reason.SOLVED, happening=happening, letters=letters, effects=(effect,))


def _may_commit(facts: Facts) -> bool:
    """A contact of the client with an active policy, who answers the very letter that we sent them the tariff with."""
    contact, letter = facts.contact, facts.reply_to_letter
    if contact is None or contact.client is None or letter is None:
        return False
    received = facts.replying_to == URGENT_OFFER.letter and letter.recipient == contact.address
    return received and contact.confirmed and contact.may_commit and contact.client.state == "active"


def _accepted(base: Decision, facts: Facts) -> Decision:
    assert facts.contact is not None
    assert facts.reply_to_letter is not None
    accepted = effects.AcceptTariff(facts.contact.address, facts.reply_to_letter.nonce)
    letters = (URGENT_ACCEPTED, URGENT_ALERT)
    return replace(base, reason=Reason.ACCEPTED, letters=letters, effects=(effects.SetUrgent(True), accepted))
