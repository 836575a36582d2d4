"""What a command of an agent is made of: its row, what it stands in, what it means, what is wrong with it. Pure.

A command is one row and one reader in a file of this package (``said``, ``state``, ``people``, ``work``, ``tickets``,
``held``; ``desk.pqrs_commands``), its words in ``templates/commands.toml``, and, when it does what nothing did before,
an effect beside it and a case in ``perform.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mailgate.desk.decision import Done, Order
from mailgate.desk.effects import Effect
from mailgate.desk.facts import AgentFacts, DeskFacts, Role, TicketFacts
from mailgate.desk.lifecycle import Happening
from mailgate.desk.lists import Asked

LONGEST_NAME = 60

STAFF = frozenset({Role.AGENT, Role.SUPERVISOR})
EVERYBODY = STAFF | {Role.MANAGEMENT}  # what stays inside, and cannot come before the client
SUPERVISORS = frozenset({Role.SUPERVISOR})  # what is decided for others


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

    effects: tuple[Effect, ...] = ()
    happening: Happening | None = None
    note: bool = False
    silent: bool = False
    help: bool = False
    words: str = ""  # said before the mail's own words
    takes_text: bool = False  # the mail's own words belong to the command
    letters: tuple[Order, ...] = ()
    done: Done | None = None
    asked: Asked | None = None  # a letter that is about something named


class Wrong(Exception):
    """An argument that cannot be obeyed: ``key`` of the catalogue's problems, the likely argument."""

    def __init__(self, key: str, value: str = "", likely: str = "") -> None:
        super().__init__(key)
        self.key, self.value, self.likely = key, value, likely


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table."""

    name: str  # key of the catalogue, and its first Spanish name
    others: tuple[str, ...]  # further names, Spanish and English
    read: Callable[[str, Context], Meaning]  # its argument; raises Wrong
    on_ticket: bool = True  # needs a ticket
    held: bool = False  # about a held mail, and nothing else
    may: frozenset[Role] = STAFF
    names: str = ""  # what the store has to look up: client (its licence), ticket (its number), proposal


def read_nothing(rest: str) -> None:
    if rest.strip(" .!"):
        raise Wrong("no-argument", rest)


def fixed(meaning: Meaning) -> Callable[[str, Context], Meaning]:
    """The reader of a command without argument."""

    def read(rest: str, context: Context) -> Meaning:
        read_nothing(rest)
        return meaning

    return read
