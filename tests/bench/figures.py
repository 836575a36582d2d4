"""A figure of a bench, and the one table that all of them are printed in."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

OURS = "mailgate"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, once a run. Figures of one ``what`` are compared with each other, run by run."""

    what: str
    values: Sequence[float]
    unit: str = "mails/s"
    cpu: Sequence[float] = ()  # milliseconds of processor a mail, where that has a meaning
    goal: str = ""
    who: str = OURS

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def cpu_median(self) -> float:
        return statistics.median(self.cpu) if self.cpu else 0.0


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that could not be measured here, and why."""

    what: str
    why: str


def table(found: Sequence[Figure | Absent]) -> str:
    """One line a figure, ours before its peers'; what is absent below."""
    rows = [("figure", "who", "median", "least … most", "CPU ms a mail", "goal", "to the best peer")]
    measured = [one for one in found if isinstance(one, Figure)]
    for what in dict.fromkeys(one.what for one in measured):
        group = sorted((one for one in measured if one.what == what), key=lambda one: one.who != OURS)
        rows += [_row(one, [other for other in group if other.who != OURS]) for one in group]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join([*lines, *(f"{one.what}: {one.why}" for one in found if isinstance(one, Absent))])


def _row(one: Figure, peers: Sequence[Figure]) -> tuple[str, ...]:
    ratio = ""
    if one.who == OURS and peers:
        best = min if one.unit.endswith("/s") else max  # whom we lead least: in rates, in milliseconds
        ratio = f"{best(by_turns(one.values, peer.values) for peer in peers):.2f} ×"
        if one.cpu and (spent := [peer.cpu for peer in peers if peer.cpu]):
            ratio += f", CPU {max(by_turns(one.cpu, its) for its in spent):.2f} ×"
    return (
        one.what,
        one.who,
        f"{_short(one.median)} {one.unit}",
        f"{_short(min(one.values))} … {_short(max(one.values))}",
        f"{one.cpu_median:.2f}" if one.cpu else "",
        one.goal,
        ratio,
    )


def by_turns(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios run by run: a slow minute of the host is in both runs of a pair, and leaves it alone."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
