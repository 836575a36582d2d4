"""Who has to do with a ticket, and who is there: ``#asignar`` ``#cc`` ``#cliente`` ``#seguir`` ``#ausente``
``#turno``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from mailgate.desk import effects
from mailgate.desk.addresses import is_ours
from mailgate.desk.commands.meaning import (
    EVERYBODY,
    STAFF,
    SUPERVISORS,
    Command,
    Context,
    Meaning,
    Wrong,
    read_nothing,
)
from mailgate.desk.days import find_day
from mailgate.desk.decision import Done, Order, To
from mailgate.desk.facts import AgentFacts
from mailgate.desk.folding import folded
from mailgate.desk.lifecycle import Happening
from mailgate.mail.headers import LONGEST_ADDRESS, normal_address

HANDED_OVER = Order("handed-over", To.SUBSTITUTES)

_AROUND = re.compile(r"^[<>.,;()]*(?:mailto:)?|[<>.,;()]*$", re.I)
_ADDRESS = re.compile(r"[^\s@<>,;:()\[\]\"]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+")
_BRACKETED = re.compile(r"<([^<>\s]+)>")
_BRACKETS = re.compile(r"<(?:mailto:)?([^<>\s]+@[^<>\s]+)>")
_ME = ("yo", "me", "mi", "a mi", "myself")
_NOBODY = ("nadie", "nobody", "none", "ninguno")
_BACK = ("no", "volvi", "ya volvi", "back", "fin")
_TAKE_OFF = ("no", "quitar", "remove", "off")
_UNTIL = re.compile(r"(?:(?P<who>.+?)\s+)?(?:hasta(?:\s+el)?|until|till)\s+(?P<when>.+)", re.I)
_TO = re.compile(r"^(?:a|para|to|con|with)\s+", re.I)


def read_person(rest: str, context: Context) -> Meaning:
    wanted = folded(_TO.sub("", _mentioned(rest), count=1))
    if not wanted:
        raise Wrong("needs-person", likely="yo")
    if wanted in _NOBODY:
        return Meaning(effects=(effects.Assign(None, ""),), done=Done("unassigned"))
    agent = find_agent(wanted, context)
    return Meaning(
        effects=(effects.Assign(agent.id, agent.name),),
        happening=Happening.ASSIGNED,
        done=Done("assigned", agent.name),
    )


def find_agent(wanted: str, context: Context) -> AgentFacts:
    """Who is meant, oneself included; raises Wrong when nobody or several are."""
    wanted = folded(_mentioned(wanted))
    if wanted in _ME and context.agent.role in STAFF:
        return context.agent
    return _find_agent(wanted, context.desk.agents)


def _mentioned(text: str) -> str:
    """Who is meant by ``@Luis Gómez``, and by ``Luis Gómez<mailto:luis@desk.co>``, as Outlook writes a mention."""
    inside = _BRACKETS.search(text)
    return (inside[1] if inside else text).strip(" .@!")


def _find_agent(wanted: str, agents: Sequence[AgentFacts]) -> AgentFacts:
    """By address or its first part, by whole name, by some words of it; raises Wrong when none or several fit."""
    exact = [a for a in agents if wanted in (a.address, a.address.partition("@")[0], folded(a.name))]
    words = wanted.split()
    fitting = exact or [a for a in agents if all(_has_word(folded(a.name).split(), word) for word in words)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise Wrong("several-people", ", ".join(f"{a.name} ({a.address})" for a in fitting), fitting[0].address)
    names = {folded(name): a for a in agents for name in (a.name, *a.name.split(), a.address.partition("@")[0])}
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    raise Wrong("no-person", wanted, names[near[0]].name if near else "")


def _has_word(names: Sequence[str], word: str) -> bool:
    return any(name == word or (len(word) >= 3 and name.startswith(word)) for name in names)


def read_address(rest: str, context: Context) -> Meaning:
    """``#cc dirección``, or several; ``#cc no dirección`` takes it off again."""
    word, _, after = rest.strip().partition(" ")
    off = folded(word) in _TAKE_OFF and "@" in after
    wanted = _addresses_in(after if off else rest)
    told = ", ".join(wanted)
    if off:
        here = context.ticket.participants - {context.ticket.requester} if context.ticket else frozenset()
        if missing := next((address for address in wanted if address not in here), ""):
            raise Wrong("no-participant", missing)
        return Meaning(effects=tuple(map(effects.RemoveParticipant, wanted)), done=Done("cc-off", told))
    for address in wanted:
        if is_ours(address, context.desk.ours):
            raise Wrong("our-address", address)
        if any(agent.address == address for agent in context.desk.agents):
            raise Wrong("agents-follow", address)
    return Meaning(effects=tuple(map(effects.AddParticipant, wanted)), done=Done("cc", told))


def _addresses_in(text: str) -> tuple[str, ...]:
    """All that are named: ``Luisa <luisa@x.co>, pedro@x.co``; raises Wrong when there is none, or one is none."""
    named = [
        *_BRACKETED.findall(text),
        *(word for word in re.split(r"[\s,;]+", _BRACKETED.sub(" ", text)) if "@" in word),
    ]
    found = {word: normal_address(word) for word in (re.sub(_AROUND, "", word) for word in named)}
    wrong = next((word for word, address in found.items() if not _ADDRESS.fullmatch(address)), "")
    if wrong or not found:
        raise Wrong("no-address", wrong[:LONGEST_ADDRESS] or text)
    return tuple(dict.fromkeys(found.values()))


def read_client(rest: str, context: Context) -> Meaning:
    wanted = rest.strip(" .").upper()
    client = context.desk.clients.get(wanted)
    if client is None:
        raise Wrong("no-client", wanted)
    told_as = f"{client.name} ({client.licence})"
    return Meaning(effects=(effects.SetClient(client.id, client.licence),), done=Done("client", told_as))


def read_follow(rest: str, context: Context) -> Meaning:
    """``#seguir``; ``#seguir no`` ends it."""
    if folded(rest.strip(" .")) in _TAKE_OFF:
        return Meaning(effects=(effects.Follow(context.agent.id, stop=True),), done=Done("unfollow"))
    read_nothing(rest)
    return Meaning(effects=(effects.Follow(context.agent.id),), done=Done("follow"))


def read_away(rest: str, context: Context) -> Meaning:
    """``#ausente hasta 2026-12-01 [a Luis]``, ``#ausente no``; a supervisor's ``#ausente Luis hasta …``."""
    wanted, today = rest.strip(" ."), context.desk.today
    name, _, last = wanted.rpartition(" ")
    if folded(wanted) in _BACK or (name and folded(last) in _BACK):
        who = _whose(name if folded(wanted) not in _BACK else "", context)
        return Meaning(effects=(effects.Away(who.id, None),), done=Done("back", who.name))
    match = _UNTIL.fullmatch(wanted)
    day = find_day(match["when"] if match else wanted, today)
    if day is None:
        raise Wrong("no-day", rest, f"hasta {today.isoformat()}")
    until, after = day
    if until < today:
        raise Wrong("past", rest)
    who = _whose((match["who"] or "") if match else "", context)
    takes = find_agent(_TO.sub("", after, count=1), context) if after else None
    if takes is not None and (takes.id == who.id or (takes.away_until and takes.away_until >= today)):
        raise Wrong("away-too", takes.name)
    theirs = [who.name] if who.id != context.agent.id else []
    told = [until.isoformat(), *theirs, *([takes.name] if takes else [])]
    return Meaning(
        effects=(effects.Away(who.id, until), effects.HandOver(who.id, takes.id if takes else None)),
        letters=(HANDED_OVER,),
        done=Done("away-to" if takes else "away", " · ".join(told)),
    )


def _whose(name: str, context: Context) -> AgentFacts:
    """Whose absence it is: one's own, or, on a supervisor's word, somebody else's."""
    who = find_agent(name, context) if name.strip() else context.agent
    if who.id != context.agent.id and context.agent.role not in SUPERVISORS:
        raise Wrong("may-not", f"#ausente {name}")
    return who


def read_on_call(rest: str, context: Context) -> Meaning:
    """``#turno Ana, Luis``: who is told at once of what is urgent; ``nadie`` leaves it to the settings."""
    if not rest.strip():
        raise Wrong("needs-person", likely="yo")
    names = [name for name in re.split(r",|;|\s+(?:y|e|and)\s+", rest) if name.strip()]
    nobody = folded(rest.strip(" .")) in _NOBODY
    called = {} if nobody else {agent.id: agent.name for name in names for agent in (find_agent(name, context),)}
    done = Done("on-call", ", ".join(called.values())) if called else Done("nobody-on-call")
    return Meaning(effects=(effects.SetOnCall(tuple(called)),), done=done)


COMMANDS = (
    Command("asignar", ("assign", "asigna", "asignado"), read_person, may=EVERYBODY),
    Command("cc", ("copia", "participante"), read_address),
    Command("cliente", ("client", "customer", "licencia"), read_client, names="client"),
    Command("seguir", ("follow",), read_follow),
    Command("ausente", ("away", "ausencia"), read_away, on_ticket=False),
    Command("turno", ("on-call", "oncall", "guardia"), read_on_call, on_ticket=False, may=SUPERVISORS),
)
