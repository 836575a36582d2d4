"""What agents command on a PQRS: ``#pqrs queja``, ``#prorroga 2026-12-18 motivo``, ``#respuesta-pqrs``. Pure.

Each reader gives what its line means, or raises ``Wrong`` with the likely meaning (see ``desk.commands.meaning``).
"""

from __future__ import annotations

import difflib

from mailgate.desk import effects
from mailgate.desk.commands.meaning import Command, Context, Meaning, Wrong
from mailgate.desk.days import find_day
from mailgate.desk.decision import Done, Order, To
from mailgate.desk.folding import folded
from mailgate.desk.pqrs import PqrsFacts, Rules, Type, term_of
from mailgate.desk.pqrs_words import NAMES

ACKNOWLEDGE = Order("pqrs-acknowledgement", To.REQUESTER)
CORRECTED = Order("pqrs-corrected", To.REQUESTER)
EXTENDED = Order("pqrs-extended", To.REQUESTER)


def told(about: str, to: To = To.MANAGEMENT) -> Order:
    """A notice of one thing that happened to a PQRS."""
    return Order("pqrs-notice", to, about)


def read_pqrs(rest: str, context: Context) -> Meaning:
    """File the ticket as a PQRS, or correct the type of one that is."""
    rules = _rules(context)
    kind = _type(rest, rules)
    known = context.ticket.pqrs if context.ticket else None
    if known is not None:
        return _corrected(kind, known, rules)
    received = (context.ticket.last_word_at if context.ticket else None) or context.desk.now
    effect = effects.FilePqrs(
        kind, term_of(kind, received, rules), context.desk.today.year, received, doubtful=False, acknowledged=True
    )
    return Meaning(effects=(effect,), letters=(ACKNOWLEDGE, told("filed")), done=Done("pqrs", kind.value))


def _corrected(kind: Type, known: PqrsFacts, rules: Rules) -> Meaning:
    if not known.open:
        raise Wrong("pqrs-answered", known.radicado)
    effect = correction(kind, known, rules)
    return Meaning(effects=(effect,), letters=(CORRECTED, told("type")), done=Done("pqrs", kind.value))


def correction(kind: Type, known: PqrsFacts, rules: Rules) -> effects.ChangePqrsType:
    """Another type, and its term from the same day; an extension that was told stays."""
    term = term_of(kind, known.received_at, rules)
    return effects.ChangePqrsType(kind, term, keeps_due=known.extended_at is not None)


def _type(rest: str, rules: Rules) -> Type:
    wanted = folded(rest).strip(" .")
    if not wanted:
        return Type.PETITION
    kind = NAMES.get(wanted)
    if kind not in rules.types:
        offered = sorted(name.value for name in rules.types)
        near = difflib.get_close_matches(wanted, offered, n=1, cutoff=0.5)
        raise Wrong("no-pqrs-type", ", ".join(offered), near[0] if near else "")
    assert kind is not None
    return kind


def read_extension(rest: str, context: Context) -> Meaning:
    """More time, told to the petitioner before the term ends, with its reason."""
    known, rules = _open_pqrs(context), _rules(context)
    today, calendar, term = context.desk.today, rules.calendar, known.term
    first_possible = calendar.add_business_days(term.due_on, 1)
    found = find_day(rest, today)
    if found is None:
        raise Wrong("no-extension-day", rest, f"{first_possible.isoformat()} {rest}".rstrip())
    day, reason = found
    if today > term.due_on:
        raise Wrong("pqrs-overdue", term.due_on.isoformat())
    if day <= term.due_on:
        raise Wrong("extension-too-early", term.due_on.isoformat(), f"{first_possible.isoformat()} {reason}".rstrip())
    if day > term.extendable_to:
        last = term.extendable_to.isoformat()
        raise Wrong("extension-too-late", last, f"{last} {reason}".rstrip())
    if not calendar.is_business_day(day):
        before = calendar.add_business_days(day, -1)
        raise Wrong("no-business-day", day.isoformat(), f"{max(before, first_possible).isoformat()} {reason}".rstrip())
    if not reason.strip(" .,:;-–"):
        raise Wrong("needs-reason", day.isoformat())
    return Meaning(
        effects=(effects.ExtendPqrs(day, reason),),
        letters=(EXTENDED, told("extended")),
        done=Done("extended", day.isoformat()),
    )


def read_final_answer(rest: str, context: Context) -> Meaning:
    """This mail is the substantive answer: it stops the clock."""
    known = _open_pqrs(context)
    if not context.text.strip() and not rest.strip():
        raise Wrong("needs-answer", known.radicado)
    return Meaning(effects=(effects.AnswerPqrs(),), words=rest, done=Done("pqrs-answered", known.radicado))


def _open_pqrs(context: Context) -> PqrsFacts:
    known = context.ticket.pqrs if context.ticket else None
    if known is None:
        raise Wrong("no-pqrs")
    if not known.open:
        raise Wrong("pqrs-answered", known.radicado)
    return known


def _rules(context: Context) -> Rules:
    assert context.desk.rules is not None  # the store's facts always bring them
    return context.desk.rules


COMMANDS = (
    Command("pqrs", ("radicar",), read_pqrs),
    Command("prorroga", ("prórroga", "extend", "extension"), read_extension),
    Command("respuesta-pqrs", ("respuesta-de-fondo", "pqrs-answer", "final-answer"), read_final_answer),
)
