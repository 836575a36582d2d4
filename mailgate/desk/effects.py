"""What a decision does beside the comment and its letters: small values, carried out by ``perform.py`` in the mail's
one transaction. A command of an agent and a word of a client become these; adding one means a value here and a case
there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Release:
    """Let a held mail in: it is worked on as if it had just come, on the word of whoever released it."""

    intake_id: int
    by: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Turn a held mail away; it stays stored, nobody hears of it."""

    intake_id: int
    by: str


Effect = Release | Reject
