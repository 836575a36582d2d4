"""What an agent's mail does: words become the public answer or a note, command lines become effects, all or nothing.

A wrong command gives the whole mail back; an old mail and an answer that comes after another agent's wait for one word.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from mailgate.desk.claims import Claims
from mailgate.desk.commands.plan import Plan, asks_for_help, find_signed, plan
from mailgate.desk.decision import Decision, Done, Order, Outcome, Problem, Reason, To
from mailgate.desk.facts import Facts, Status
from mailgate.desk.lifecycle import Happening
from mailgate.desk.lists import find_list
from mailgate.mail.authentication import signed_at
from mailgate.mail.commands import Commands, find_commands
from mailgate.mail.message import Kind, Message
from mailgate.mail.recall import is_recall
from mailgate.mail.subject import strip_prefixes

NOTE_DETAILS = ("nota", "note")  # soporte+nota@…: an agent's words stay inside
OLDEST, NEWEST = timedelta(days=5), timedelta(days=1)  # of an agent's mail, by its Date (THREATS 11)
ASK_ABOUT_HELD = {"notice-held", "late-answer"}  # letters whose reply decides on a held mail
HELD_WORDS = {"aceptar", "acepto", "accept", "rechazar", "rechazo", "reject"}  # as good as with #

ANSWER = Order("answer", To.PARTICIPANTS)
TELL_ANSWER = Order("notice-answer", To.FOLLOWERS)
TELL_NOTE = Order("notice-comment", To.AGENTS)
CLOSED = Order("closed", To.PARTICIPANTS)
RECEIPT = Order("receipt", To.SENDER)
HELP = Order("help", To.SENDER)
LIST = Order("list", To.SENDER)
CANNED = Order("canned", To.SENDER)
RETURN = Order("commands-returned", To.SENDER)

# Letters that may be about no ticket: commands are obeyed in a reply to them, words have nowhere to go.
OF_NO_TICKET = {LIST.letter, CANNED.letter, HELP.letter, RECEIPT.letter, "digest", "handed-over"}
_NOWHERE = Plan(problems=(Problem("of-no-ticket", 1),))
_CLIENTS = {To.REQUESTER, To.PARTICIPANTS}

_LATE = Decision(Outcome.HELD, Reason.LATE, letters=(Order("late-answer", To.SENDER),))
_STALE = Decision(Outcome.HELD, Reason.STALE, letters=(Order("notice-held", To.AGENTS),))


def decide_agents(base: Decision, message: Message, claims: Claims, facts: Facts) -> Decision:
    """The decision for the mail of a proven agent; ``base`` is the table's."""
    held = facts.reply_to_letter.held if facts.reply_to_letter and facts.replying_to in ASK_ABOUT_HELD else 0
    text = message.parts.own
    if held and (word := text.strip(" \n.!")).casefold() in HELD_WORDS:
        text = "#" + word
    if not held and (listed := _list(message, text, facts)):
        return listed
    if message.kind is Kind.CALENDAR:
        return _told("invitation", facts)
    if is_recall(message):
        return _told("recall", facts)
    commands = find_commands(text)
    if not facts.released_by and facts.desk and _is_stale(message, facts.desk.now, bool(commands)):
        return _STALE
    if base.outcome is Outcome.HELD and not held:
        return base
    done = _planned(commands, message, facts, held)
    if held and not done.problems and not (done.effects or done.help):
        done = Plan(problems=(Problem("held-needs-word", 1),))
    done = done if done.problems else replace(done, problems=_signed(message))
    if done.problems:
        return _returned(done, facts)
    if facts.ticket is not None and not held:
        return _on_ticket(done, bool(commands), message, claims, facts)
    if held or not (done.words.strip() or message.forwarded):
        return _done_only(done, None) if held or commands else _says_nothing(base, message, facts)
    if facts.replying_to in OF_NO_TICKET and not message.forwarded:
        return _returned(_NOWHERE, facts)
    return _opening(base, done, bool(commands))


def decide_managements(base: Decision, message: Message, facts: Facts) -> Decision:
    """Management's words stay inside, whatever they say; it may ask for lists, and command what no client sees."""
    if listed := _list(message, message.parts.own, facts):
        return listed
    commands = find_commands(message.parts.own)
    if not commands and facts.ticket is None and facts.replying_to in OF_NO_TICKET:
        return _returned(_NOWHERE, facts)
    if not commands or facts.desk is None or base.outcome is Outcome.HELD:
        return base
    if _is_stale(message, facts.desk.now, commands=True):
        return _STALE
    done = _planned(commands, message, facts, 0)
    if done.problems:
        return _returned(done, facts)
    number = facts.ticket.number if facts.ticket else None
    if not done.words.strip() or number is None:
        return _done_only(done, number)
    return replace(
        base,
        happening=done.happening or base.happening,
        letters=(*base.letters, *_letters(done), RECEIPT),
        effects=done.effects,
        words=done.words,
        done=done.done,
    )


def _signed(message: Message) -> tuple[Problem, ...]:
    return find_signed(message.parts.signature, above=message.parts.own.count("\n") + 1)


def _says_nothing(base: Decision, message: Message, facts: Facts) -> Decision:
    """A mail of no ticket without words: its files open one, its subject may ask for help; else it is asked about."""
    if any(not file.inline for file in message.attachments):
        return base
    subject = strip_prefixes(message.subject).strip(" .!?").lstrip("#＃")
    if asks_for_help(subject):
        return Decision(Outcome.COMMANDS, Reason.COMMANDS, letters=(HELP,))
    return _told("nothing", facts)


def _told(problem: str, facts: Facts) -> Decision:
    """Nothing is done, and the agent hears why."""
    number = facts.ticket.number if facts.ticket else None
    return Decision(
        Outcome.IGNORED, Reason.EMPTY, number, letters=(RETURN,), problems=(Problem(problem, 1),), detail=problem
    )


def _list(message: Message, text: str, facts: Facts) -> Decision | None:
    """The list that a mail asks for; on a ticket, its own subject asks for nothing."""
    asked = find_list(strip_prefixes(message.subject), text) if facts.desk else None
    if asked is None or not (facts.ticket is None or text.strip()):
        return None
    detail = f"{asked.kind} {asked.words}".strip()
    letter = CANNED if asked.kind == "canned" else LIST
    return Decision(Outcome.COMMANDS, Reason.COMMANDS, letters=(letter,), asked=asked, detail=detail)


def _returned(done: Plan, facts: Facts) -> Decision:
    why = ", ".join(problem.key for problem in done.problems)
    ticket = facts.ticket.number if facts.ticket else None
    return Decision(
        Outcome.RETURNED, Reason.WRONG_COMMAND, ticket, letters=(RETURN,), problems=done.problems, detail=why
    )


def _planned(commands: Commands, message: Message, facts: Facts, held: int) -> Plan:
    if facts.desk is None or facts.agent is None:
        return Plan(words=commands.text)
    if facts.ticket is not None or held:
        return plan(commands, facts.agent, facts.desk, facts.ticket, held=held)
    done = plan(commands, facts.agent, facts.desk, None, opens=True)
    if done.note and not message.forwarded:
        return Plan(problems=(Problem("no-ticket", commands.lines[0].number, "#nota"),))
    if done.words.strip() or message.forwarded or done.problems:
        return done
    return plan(commands, facts.agent, facts.desk, None)  # it opens none: nothing may be commanded on it


def _is_stale(message: Message, now: datetime, commands: bool) -> bool:
    """By its Date, and by the day on which its domain signed it: whoever sends it again can change the first only."""
    sender, date = message.sender, message.date
    signed = signed_at(message.headers, sender.address.rpartition("@")[2]) if sender else None
    if signed is not None and signed < now - OLDEST:
        return True
    if date is None:
        return commands
    return not now - OLDEST <= date <= now + NEWEST


def _on_ticket(done: Plan, commanded: bool, message: Message, claims: Claims, facts: Facts) -> Decision:
    assert facts.ticket is not None
    number = facts.ticket.number
    if not (done.words.strip() or any(not file.inline for file in message.attachments)):
        if not commanded:  # nothing is sent; who wrote something after all hears of it
            return Decision(Outcome.IGNORED, Reason.EMPTY, number, letters=(RETURN,), problems=(_empty(message),))
        decision = _done_only(done, number)
        closes = decision.happening is Happening.AGENT_CLOSED and facts.ticket.status is not Status.CLOSED
        return replace(decision, letters=(CLOSED, *decision.letters)) if closes and not done.silent else decision
    inside = done.note or done.silent or claims.detail in NOTE_DETAILS
    if not inside and facts.answered_since and not facts.released_by:
        return replace(_LATE, detail=facts.answered_since)
    moved = done.happening if done.happening is not Happening.ASSIGNED or inside else None
    said = (Done("kept-inside" if inside else "answered"),) if commanded and not done.note else ()
    seen = _seen_by_clients(message, facts, inside)
    receipt = (RECEIPT,) if commanded or seen else ()
    return Decision(
        Outcome.NOTE if inside else Outcome.ANSWER,
        Reason.NOTE if inside else Reason.ANSWER,
        ticket=number,
        happening=moved or (Happening.NOTED if inside else Happening.AGENT_ANSWERED),
        letters=(*((TELL_NOTE,) if inside else (ANSWER, TELL_ANSWER)), *_letters(done), *receipt),
        effects=done.effects,
        words=done.words if done.words != message.parts.own.strip("\n") else None,
        done=(*done.done, *said, *seen),
        asked=done.asked,
    )


def _empty(message: Message) -> Problem:
    pictures = any(file.inline and f"cid:{file.content_id}" in message.own_html for file in message.attachments)
    return Problem("only-picture" if pictures else "empty", 1)


def _seen_by_clients(message: Message, facts: Facts, inside: bool) -> tuple[Done, ...]:
    """Clients to whom the agent's own program sent this mail, quote and all: the agent should know."""
    assert facts.ticket is not None
    copied = {one.address for one in (*message.to, *message.cc)} & facts.ticket.participants
    return (Done("client-saw-note" if inside else "client-in-copy", ", ".join(sorted(copied))),) if copied else ()


def _opening(base: Decision, done: Plan, commanded: bool) -> Decision:
    """A ticket that an agent opens: for a client whose mail is forwarded, or in their own name."""
    silent = tuple(order for order in base.letters if order.to is not To.REQUESTER)
    letters = silent if done.silent else base.letters
    return replace(
        base,
        letters=(*letters, *_letters(done), *((RECEIPT,) if commanded else ())),
        effects=done.effects,
        words=done.words,
        done=done.done,
    )


def _done_only(done: Plan, number: int | None) -> Decision:
    """Commands without words."""
    receipt = (RECEIPT,) if done.done else ()
    return Decision(
        Outcome.COMMANDS,
        Reason.COMMANDS,
        ticket=number,
        happening=done.happening or Happening.NOTED,
        letters=(*_letters(done), *receipt),
        effects=done.effects,
        words="",
        done=done.done,
        asked=done.asked,
    )


def _letters(done: Plan) -> tuple[Order, ...]:
    """What the commands order; with #mudo nothing to a client, but for what the law wants told."""
    kept = [
        one for one in done.letters if not (done.silent and one.to in _CLIENTS and not one.letter.startswith("pqrs-"))
    ]
    return (*kept, *((HELP,) if done.help else ()))
