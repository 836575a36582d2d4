"""Where letters leave: one file a way out, each with ``deliver(parcel)`` and ``close()``.

A relay never raises for what a network or a server does; it answers with one of the outcomes below. It belongs to one
thread at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from mailgate.store.outbox import Parcel


@dataclass(frozen=True, slots=True)
class Delivered:
    """Taken over: the letter is the relay's now."""

    reply: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: a 4xx, or silence after the letter was begun."""

    reply: str


@dataclass(frozen=True, slots=True)
class Dead:
    """Never: a 5xx, or a letter that this relay cannot carry."""

    reply: str


@dataclass(frozen=True, slots=True)
class HostDown:
    """The relay itself cannot be reached or lets nobody in: no letter's fault, and no use to try the next."""

    reply: str


Outcome = Delivered | Later | Dead | HostDown


class Relay(Protocol):
    """A way out. ``close`` ends what is open; the next ``deliver`` opens it again."""

    def deliver(self, parcel: Parcel) -> Outcome: ...

    def close(self) -> None: ...
