"""A ticket's life as a table: what happens to it, and the state it is in afterwards.

``new → open → waiting (for the client) → solved → closed``; a client's word on a solved or closed ticket opens it
again. Closing, reminding and the same-matter rule build on this table. Each move leaves a line ``status`` on the trail.
"""

from __future__ import annotations

import enum

from mailgate.desk.facts import Status


class Happening(enum.StrEnum):
    """What moves a ticket."""

    OPENED = "opened"
    CLIENT_WROTE = "client-wrote"
    CLIENT_SOLVED = "client-solved"
    AGENT_ANSWERED = "agent-answered"
    AGENT_CLOSED = "agent-closed"
    AGENT_WAITS = "agent-waits"
    AGENT_OPENED = "agent-opened"
    ASSIGNED = "assigned"
    WAITED_OUT = "waited-out"  # no answer of the client came
    MERGED = "merged"  # into another ticket
    NOTED = "noted"  # an internal note, an automatic mail: moves nothing


_MOVES: dict[Happening, dict[Status, Status]] = {
    Happening.OPENED: {},
    Happening.CLIENT_WROTE: {
        Status.WAITING: Status.OPEN,
        Status.SOLVED: Status.OPEN,
        Status.CLOSED: Status.OPEN,
    },
    Happening.CLIENT_SOLVED: {
        Status.NEW: Status.SOLVED,
        Status.OPEN: Status.SOLVED,
        Status.WAITING: Status.SOLVED,
    },
    Happening.AGENT_ANSWERED: {
        Status.NEW: Status.WAITING,
        Status.OPEN: Status.WAITING,
        Status.SOLVED: Status.WAITING,
        Status.CLOSED: Status.WAITING,
    },
    Happening.AGENT_CLOSED: dict.fromkeys(Status, Status.CLOSED),
    Happening.AGENT_WAITS: dict.fromkeys(Status, Status.WAITING),
    Happening.AGENT_OPENED: dict.fromkeys(Status, Status.OPEN),
    Happening.ASSIGNED: {Status.NEW: Status.OPEN},
    Happening.WAITED_OUT: {Status.WAITING: Status.CLOSED},
    Happening.MERGED: dict.fromkeys(Status, Status.CLOSED),
    Happening.NOTED: {},
}


def after(status: Status, happening: Happening) -> Status:
    """The state after something happened; what is not in the table leaves it."""
    return _MOVES[happening].get(status, status)
