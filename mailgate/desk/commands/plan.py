"""Commands of agents: names in both languages, arguments, who may; typed and checked into effects. All or nothing.

``plan`` turns the command lines of a mail into one ``Plan``: what to do, what to tell, what is wrong. A plan with
problems does nothing. Pure: what commands may name (agents, clients, tickets) comes as ``DeskFacts``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mailgate.desk import effects, pqrs_commands
from mailgate.desk.commands import held, people, said, state, tickets, work
from mailgate.desk.commands.meaning import Command, Context, Meaning, Wrong
from mailgate.desk.decision import Done, Order, Problem, To
from mailgate.desk.facts import AgentFacts, DeskFacts, TicketFacts
from mailgate.desk.folding import folded
from mailgate.desk.lifecycle import Happening
from mailgate.desk.lists import Asked
from mailgate.mail.commands import Commands, Line, find_commands

NEAR, NEAR_BELOW = 0.6, 0.8  # how like a command's name a word is; under text only what can hardly be anything else
MOST_PROBLEMS = 50  # told of one mail: who mends these sees the next
MOST_NEAR = 60  # lines under text that are looked at for slips: who pastes a file has thousands that begin with #

COMMANDS: tuple[Command, ...] = (
    *said.COMMANDS,
    *people.COMMANDS,
    *state.COMMANDS,
    *work.COMMANDS,
    *tickets.COMMANDS,
    *pqrs_commands.COMMANDS,
    *held.COMMANDS,
)
BY_NAME = {folded(name): command for command in COMMANDS for name in (command.name, *command.others)}
MOST_HYPHENS = 2  # in the name of a command
_ALONE = {name for name, command in BY_NAME.items() if command.name in ("cerrar", "esperar", "abrir", "mudo", "ayuda")}
_ALONE -= {"cerrado", "espera"}  # which an answer may say

_CONTRADICT = {Happening.AGENT_CLOSED, Happening.AGENT_WAITS, Happening.AGENT_OPENED}


@dataclass(frozen=True, slots=True)
class Plan:
    """What the commands of one mail mean together."""

    effects: tuple[effects.Effect, ...] = ()
    happening: Happening | None = None
    note: bool = False  # all words stay inside
    silent: bool = False  # nothing goes to the client
    help: bool = False
    words: str = ""  # what is left to be said
    letters: tuple[Order, ...] = ()
    done: tuple[Done, ...] = ()
    asked: Asked | None = None
    problems: tuple[Problem, ...] = field(default=())


def plan(
    commands: Commands,
    agent: AgentFacts,
    desk: DeskFacts,
    ticket: TicketFacts | None,
    *,
    opens: bool = False,
    held: int = 0,
) -> Plan:
    """The plan for a mail's commands; its ``problems`` are all that is wrong, in the order of the lines.

    ``opens``: the mail opens a ticket, on which the commands act; ``held``: the held mail that it answers.
    """
    context = Context(agent, desk, ticket, commands.text, opens, held)
    meanings: list[Meaning] = []
    problems = [
        _misplaced("below", line) for at, line in enumerate(commands.below) if _is_meant(line, slips=at < MOST_NEAR)
    ]
    problems += [_misplaced("inside", line) for line in commands.inside if _is_slip(line)]
    if commands.heading and folded(commands.heading.word) in BY_NAME:
        slip = commands.heading
        likely = f"#{slip.word} {slip.rest}".rstrip()
        problems.append(Problem("spaced", slip.number, f"# {slip.word}", likely))
    for line in commands.lines:
        found = _understood(line, context)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            meanings.append(found)
    if not commands and _is_bare(commands.text):
        problems.append(Problem("bare", 1, commands.text.strip(), f"#{commands.text.strip(' .!')}"))
    states = [meaning.happening for meaning in meanings if meaning.happening in _CONTRADICT]
    if len(set(states)) > 1:
        problems.append(Problem("contradict", commands.lines[0].number))
    problems += [] if problems else _against_the_clock(meanings, commands, ticket)
    if problems:
        return Plan(problems=tuple(sorted(problems, key=lambda problem: problem.line)[:MOST_PROBLEMS]))
    return _together(meanings, commands.text)


def _against_the_clock(meanings: Sequence[Meaning], commands: Commands, ticket: TicketFacts | None) -> list[Problem]:
    """An unanswered PQRS is neither closed nor taken in by another ticket: its legal clock would be out of sight."""
    if not commands or ticket is None or ticket.pqrs is None or not ticket.pqrs.open:
        return []
    done = [effect for meaning in meanings for effect in meaning.effects]
    line = commands.lines[0].number
    if any(isinstance(effect, effects.Merge) for effect in done):
        return [Problem("pqrs-stays", line, ticket.pqrs.radicado)]
    answered = any(isinstance(effect, effects.AnswerPqrs) for effect in done)
    if answered and any(meaning.note or meaning.silent for meaning in meanings):
        return [Problem("pqrs-in-silence", line, ticket.pqrs.radicado)]
    if not answered and any(meaning.happening is Happening.AGENT_CLOSED for meaning in meanings):
        return [Problem("pqrs-unanswered", line, ticket.pqrs.radicado)]
    return []


def _together(meanings: Sequence[Meaning], text: str) -> Plan:
    said = [meaning.words for meaning in meanings if meaning.words]
    consumed = any(meaning.takes_text for meaning in meanings)
    happening = next((m.happening for m in meanings if m.happening in _CONTRADICT), None)
    happening = happening or next((m.happening for m in meanings if m.happening), None)
    assigned = any(isinstance(effect, effects.Assign) for meaning in meanings for effect in meaning.effects)
    letters = [order for meaning in meanings for order in meaning.letters]
    return Plan(
        effects=tuple(effect for meaning in meanings for effect in meaning.effects),
        happening=happening,
        note=any(meaning.note for meaning in meanings),
        silent=any(meaning.silent for meaning in meanings),
        help=any(meaning.help for meaning in meanings),
        words="\n\n".join([*said, *([] if consumed or not text.strip() else [text])]),
        letters=(*letters, *([Order("assigned", To.ASSIGNEE)] if assigned else [])),
        done=tuple(meaning.done for meaning in meanings if meaning.done),
        asked=next((meaning.asked for meaning in meanings if meaning.asked), None),
    )


def _understood(line: Line, context: Context) -> Meaning | Problem:
    line = _hyphened(line)
    command = BY_NAME.get(folded(line.word))
    if command is None:
        return Problem("unknown", line.number, f"#{line.word}", _nearest(line))
    if command.held != bool(context.held) and command.name != "ayuda":
        return Problem("only-held" if command.held else "held-first", line.number, f"#{command.name}")
    if command.on_ticket and context.ticket is None and not context.opens:
        return Problem("no-ticket", line.number, f"#{command.name}")
    if context.agent.role not in command.may:
        return Problem("may-not", line.number, f"#{command.name}")
    try:
        return command.read(line.rest, context)
    except Wrong as wrong:
        likely = f"#{line.word} {wrong.likely}" if wrong.likely else ""
        return Problem(wrong.key, line.number, wrong.value or line.rest, likely)


def _hyphened(line: Line) -> Line:
    """``#respuesta pqrs`` is ``#respuesta-pqrs``."""
    words = line.rest.split()
    for taken in range(1, min(len(words), MOST_HYPHENS) + 1):
        name = "-".join((line.word, *words[:taken]))
        if folded(line.word) not in BY_NAME and folded(name.rstrip(".:")) in BY_NAME:
            return replace(line, word=name.rstrip(".:"), rest=" ".join(words[taken:]))
    return line


def _nearest(line: Line) -> str:
    near = difflib.get_close_matches(folded(line.word), BY_NAME, n=1, cutoff=NEAR)
    if not near:
        return ""
    # The name that was meant, in the language it was meant in: #asign Luis → #assign Luis.
    return f"#{near[0]} {line.rest}".rstrip()


def _is_meant(line: Line, *, slips: bool) -> bool:
    """Whether a line under text was surely meant as a command, and so must not reach a client; with ``slips`` also one
    that is nearly spelled like one, which takes a millisecond to tell.
    """
    word = folded(line.word)
    return word in BY_NAME or (slips and bool(difflib.get_close_matches(word, BY_NAME, n=1, cutoff=NEAR_BELOW)))


def _is_slip(line: Line) -> bool:
    """Whether a command within a sentence was surely meant: it ends the line, or what follows must stay inside."""
    command = BY_NAME.get(folded(line.word))
    return command is not None and (not line.rest or command.name == "nota")


def _is_bare(text: str) -> bool:
    """Whether a mail says nothing but the name of a command that takes no argument: its sign was forgotten."""
    return folded(text.strip(" .!\n")) in _ALONE


def asks_for_help(text: str) -> bool:
    command = BY_NAME.get(folded(text))
    return command is not None and command.name == "ayuda"


def find_signed(signature: str, above: int) -> tuple[Problem, ...]:
    """Commands below the agent's signature, where nothing is obeyed; ``above``: how many lines stand over it."""
    found = find_commands(signature)
    meant = [line for line in (*found.lines, *found.below) if folded(line.word) in BY_NAME]
    return tuple(Problem("signed", above + line.number, f"#{line.word}") for line in meant)


def _misplaced(key: str, line: Line) -> Problem:
    return Problem(key, line.number, f"#{line.word}")


_MENTIONED_TICKET = re.compile(r"\d{1,9}")


def mentioned(commands: Commands) -> tuple[frozenset[str], frozenset[int]]:
    """(licences, ticket numbers) that the lines may name: what the store has to look up."""
    licences, numbers = set(), set()
    for line in commands.lines:
        command = BY_NAME.get(folded(line.word))
        if command is not None and command.names == "client":
            licences.add(line.rest.strip(" .").upper())
        elif command is not None and command.names == "ticket":
            numbers |= {int(found) for found in _MENTIONED_TICKET.findall(line.rest)[:1]}
    return frozenset(licences), frozenset(numbers)


def proposals(commands: Commands) -> frozenset[str]:
    """The names of what ``#enviar`` lines want to send."""
    meant = [line for line in commands.lines if (found := BY_NAME.get(folded(line.word))) and found.names == "proposal"]
    return frozenset(said.name_of_proposal(line.rest) for line in meant)
