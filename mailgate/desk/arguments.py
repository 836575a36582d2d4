"""Reading the arguments of commands: each reader gives what the command means, or raises ``Wrong`` with the likely
meaning. Pure; what may be named comes as ``DeskFacts``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mailgate.desk import effects
from mailgate.desk.addresses import is_ours
from mailgate.desk.decision import Done, Order, To
from mailgate.desk.durations import find_day, find_duration, find_moment, told
from mailgate.desk.facts import AgentFacts, DeskFacts, TicketFacts
from mailgate.desk.folding import folded
from mailgate.desk.lifecycle import Happening

LONGEST_TITLE = 200
LONGEST_NAME = 60

_ADDRESS = re.compile(r"[^\s@<>,;:()\[\]\"]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+")
_NUMBER = re.compile(r"\[?#?(\d{1,9})\]?")
_PRIORITIES = {
    "baja": "low", "low": "low", "normal": "normal", "media": "normal", "medium": "normal", "alta": "high",
    "high": "high",
}  # fmt: skip
_ME = ("yo", "me", "mi", "a mi", "myself")
_NOBODY = ("nadie", "nobody", "none", "ninguno")
_CANCEL = ("cancelar", "cancelada", "cancela", "cancel")
_MOVE = ("mover", "cambiar", "aplazar", "move", "reschedule")
_BACK = ("no", "volvi", "ya volvi", "back", "fin")


@dataclass(frozen=True, slots=True)
class Context:
    """What a command line stands in."""

    agent: AgentFacts
    desk: DeskFacts
    ticket: TicketFacts | None
    text: str  # the mail's words below the commands
    opens: bool = False  # the mail opens a ticket
    held: int = 0  # the held mail that the letter answered asks about


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one command line means."""

    effects: tuple[effects.Effect, ...] = ()
    happening: Happening | None = None
    note: bool = False
    silent: bool = False
    help: bool = False
    words: str = ""  # said before the mail's own words
    takes_text: bool = False  # the mail's own words belong to the command
    letters: tuple[Order, ...] = ()
    done: Done | None = None


class Wrong(Exception):
    """An argument that cannot be obeyed: ``key`` of the catalogue's problems, the likely argument."""

    def __init__(self, key: str, value: str = "", likely: str = "") -> None:
        super().__init__(key)
        self.key, self.value, self.likely = key, value, likely


def read_nothing(rest: str) -> None:
    if rest.strip(" .!"):
        raise Wrong("no-argument", rest)


def read_text(rest: str, context: Context) -> Meaning:
    """A note: the line's words and the mail's, all of them inside."""
    if not rest.strip() and not context.text.strip():
        raise Wrong("empty-note")
    return Meaning(note=True, words=rest, done=Done("noted"))


def read_person(rest: str, context: Context) -> Meaning:
    wanted = folded(rest.strip(" .").removeprefix("a ").removeprefix("to "))
    if not wanted:
        raise Wrong("needs-person", likely="yo")
    if wanted in _NOBODY:
        return Meaning(effects=(effects.Assign(None, ""),), done=Done("unassigned"))
    agent = context.agent if wanted in _ME else _find_agent(wanted, context.desk.agents)
    return Meaning(
        effects=(effects.Assign(agent.id, agent.name),),
        happening=Happening.ASSIGNED,
        done=Done("assigned", agent.name),
    )


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


def read_category(rest: str, context: Context) -> Meaning:
    wanted = rest.strip(" .")
    if not wanted or len(wanted) > LONGEST_NAME:
        raise Wrong("needs-category", likely=context.desk.categories[0] if context.desk.categories else "")
    known = {folded(name): name for name in context.desk.categories}
    if known and folded(wanted) not in known:
        near = difflib.get_close_matches(folded(wanted), known, n=1, cutoff=0.4)
        raise Wrong("no-category", ", ".join(sorted(known.values())), known[near[0]] if near else "")
    name = known.get(folded(wanted), wanted)
    return Meaning(effects=(effects.SetCategory(name),), done=Done("category", name))


def read_priority(rest: str, context: Context) -> Meaning:
    wanted = folded(rest.strip(" ."))
    if wanted not in _PRIORITIES:
        near = difflib.get_close_matches(wanted, _PRIORITIES, n=1, cutoff=0.4)
        raise Wrong("no-priority", rest, near[0] if near else "alta")
    return Meaning(effects=(effects.SetPriority(_PRIORITIES[wanted]),), done=Done("priority", wanted))


def read_address(rest: str, context: Context) -> Meaning:
    wanted = rest.strip().strip("<>.,;").removeprefix("mailto:").casefold()
    inside = re.search(r"<([^<>\s]+)>", rest)
    wanted = inside[1].removeprefix("mailto:").casefold() if inside else wanted
    if not _ADDRESS.fullmatch(wanted):
        raise Wrong("no-address", rest)
    if is_ours(wanted, context.desk.ours):
        raise Wrong("our-address", wanted)
    if any(agent.address == wanted for agent in context.desk.agents):
        raise Wrong("agents-follow", wanted)
    return Meaning(effects=(effects.AddParticipant(wanted),), done=Done("cc", wanted))


def read_client(rest: str, context: Context) -> Meaning:
    wanted = rest.strip(" .").upper()
    client = context.desk.clients.get(wanted)
    if client is None:
        raise Wrong("no-client", wanted)
    told_as = f"{client.name} ({client.licence})"
    return Meaning(effects=(effects.SetClient(client.id, client.licence),), done=Done("client", told_as))


def read_service(rest: str, context: Context) -> Meaning:
    found = find_duration(rest)
    if found is None:
        number = re.match(r"\d{1,3}(?=\s|$)", rest)
        likely = f"{number[0]} min {rest[number.end() :].strip()}".rstrip() if number else f"1h {rest}".rstrip()
        raise Wrong("no-duration", rest, likely)
    minutes, text = found
    return Meaning(
        effects=(effects.RecordService(context.agent.id, minutes, text),), done=Done("service", told(minutes))
    )


def read_meeting(rest: str, context: Context) -> Meaning:
    word, _, after = rest.strip().partition(" ")
    moves = folded(word) in _MOVE
    cancels = folded(word) in _CANCEL and not after.strip()
    if (moves or cancels) and not (context.ticket and context.ticket.meets):
        raise Wrong("no-meeting")
    if cancels:
        return Meaning(
            effects=(effects.CancelMeeting(),),
            letters=(Order("meeting-cancelled", To.PARTICIPANTS), Order("meeting-cancelled", To.SENDER)),
            done=Done("meeting-cancelled"),
        )
    moment = find_moment(after if moves else rest, context.desk.today, context.desk.zone)
    if moment is None:
        raise Wrong("no-moment", rest, f"{context.desk.today.isoformat()} 10:00 60m")
    starts, text = moment
    if starts <= context.desk.now:
        raise Wrong("past", rest, starts.replace(year=starts.year + 1).strftime("%Y-%m-%d %H:%M") + f" {text}".rstrip())
    minutes, text = find_duration(text) or (60, text)
    return Meaning(
        effects=(effects.Meet(context.agent.id, starts, minutes, text, moves),),
        letters=(Order("meeting", To.PARTICIPANTS), Order("meeting", To.SENDER)),
        done=Done("meeting", f"{starts:%Y-%m-%d %H:%M}, {told(minutes)}"),
    )


def read_publication(what: str) -> Callable[[str, Context], Meaning]:
    """``#solucion título``: the mail's words are published under it; of a solution, they are the answer too."""

    def read(rest: str, context: Context) -> Meaning:
        title = rest.strip()
        if not title or len(title) > LONGEST_TITLE:
            raise Wrong("needs-title", rest[:LONGEST_TITLE])
        if not context.text.strip():
            raise Wrong("needs-text", title)
        return Meaning(
            effects=(effects.Publish(what, title, context.text),),
            takes_text=what == "news",
            done=Done(what, title),
        )

    return read


def read_ticket(rest: str, context: Context) -> Meaning:
    match = _NUMBER.fullmatch(rest.strip(" ."))
    if match is None:
        raise Wrong("no-number", rest)
    number = int(match[1])
    ticket = context.desk.tickets.get(number)
    if ticket is None:
        raise Wrong("no-such-ticket", f"#{number}")
    here = context.ticket
    if here is not None and ticket.number == here.number:
        raise Wrong("same-ticket", f"#{number}")
    same = (
        here is None or ticket.requester == here.requester or (ticket.client_id and ticket.client_id == here.client_id)
    )
    if not same:  # one client would read the other's words
        raise Wrong("other-client", f"#{number}")
    return Meaning(effects=(effects.Merge(ticket.number),), done=Done("merged", f"#{number}"))


def read_canned(rest: str, context: Context) -> Meaning:
    """``#plantilla nombre`` says it; ``#plantilla nombre =`` keeps the mail's words under that name."""
    name, saves, _ = rest.strip().partition("=")
    name = folded(name)
    if not name or len(name) > LONGEST_NAME:
        raise Wrong("needs-name", ", ".join(sorted(context.desk.canned)))
    if saves:
        if not context.text.strip():
            raise Wrong("needs-text", name)
        effect = effects.SaveCanned(name, context.text)
        return Meaning(effects=(effect,), takes_text=True, done=Done("canned", name))
    if context.ticket is None:
        raise Wrong("no-ticket", "#plantilla")
    if name not in context.desk.canned:
        near = difflib.get_close_matches(name, context.desk.canned, n=1, cutoff=0.4)
        raise Wrong("no-canned", ", ".join(sorted(context.desk.canned)), near[0] if near else "")
    return Meaning(words=_filled(context.desk.canned[name], context), done=Done("used", name))


def name_of_proposal(rest: str) -> str:
    """``S12`` for a published solution, ``1040`` for a ticket."""
    return rest.strip(" .[]#").upper()


def read_proposal(rest: str, context: Context) -> Meaning:
    """``#enviar S12`` says a published solution; ``#enviar 1040`` what was answered last on a ticket."""
    name = name_of_proposal(rest)
    if not name or name not in context.desk.proposals:
        raise Wrong("no-proposal", rest.strip() or "—")
    return Meaning(words=context.desk.proposals[name], done=Done("sent", name))


def _filled(body: str, context: Context) -> str:
    """The variables of a canned answer, by plain replacement: nobody's text is ever run."""
    ticket = context.ticket
    assert ticket is not None
    values = {
        "nombre": ticket.requester_name, "name": ticket.requester_name,
        "agente": context.agent.name, "agent": context.agent.name,
        "tiquete": str(ticket.number), "ticket": str(ticket.number),
        "asunto": ticket.subject, "subject": ticket.subject,
    }  # fmt: skip
    return re.sub(r"\{(\w{1,20})\}", lambda found: values.get(found[1].casefold(), found[0]), body)


def read_away(rest: str, context: Context) -> Meaning:
    wanted = rest.strip(" .")
    if folded(wanted) in _BACK:
        return Meaning(effects=(effects.Away(context.agent.id, None),), done=Done("back"))
    plain = re.sub(r"^(?:hasta(?:\s+el)?|until|till)\s+", "", wanted, flags=re.I)
    day = find_day(plain, context.desk.today)
    if day is None or day[1]:
        raise Wrong("no-day", rest, f"hasta {context.desk.today.isoformat()}")
    if day[0] < context.desk.today:
        raise Wrong("past", rest)
    return Meaning(effects=(effects.Away(context.agent.id, day[0]),), done=Done("away", day[0].isoformat()))
