"""The one table of the bench: its ratios."""

from __future__ import annotations

import pytest

from tests.bench.figures import Absent, Figure, by_turns, table

WHAT = "mix"


def told(*found: Figure | Absent) -> list[str]:
    """The lines below the head."""
    return table(found).splitlines()[2:]


def test_a_slow_minute_of_the_host_leaves_the_ratio_alone() -> None:
    ours, slow_later = [100.0, 100.0, 25.0, 25.0, 25.0], [50.0, 50.0, 12.5, 12.5, 12.5]
    assert by_turns(ours, slow_later) == 2


def test_a_run_that_went_wrong_does_not_move_it() -> None:
    assert by_turns([100.0, 90.0, 3.0], [50.0, 30.0, 30.0]) == 2


def test_runs_that_are_no_pairs_are_not_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        by_turns([1.0, 2.0], [1.0])


def test_ours_stands_first_beside_the_peer_that_it_leads_least() -> None:
    ours, _, _ = told(
        Figure(WHAT, [10.0, 20.0], cpu=[5.0, 5.0], who="Slow and frugal"),
        Figure(WHAT, [60.0, 60.0], cpu=[6.0, 8.0]),
        Figure(WHAT, [30.0, 20.0], cpu=[20.0, 20.0], who="Fast"),
    )
    assert ours.startswith("mix     mailgate ")
    assert "60 mails/s" in ours
    assert ours.endswith("2.50 ×, CPU 1.40 ×")  # of (2, 3) and (6, 3); of (1.2, 1.6) and (0.3, 0.4)


def test_of_milliseconds_the_fewest_are_the_best() -> None:
    ours, *_ = told(Figure(WHAT, [1.0], "ms"), Figure(WHAT, [4.0], "ms", who="A"), Figure(WHAT, [2.0], "ms", who="B"))
    assert ours.endswith("0.50 ×")


def test_what_is_absent_is_told_below() -> None:
    assert told(Absent("Request Tracker", "is not installed")) == ["Request Tracker: is not installed"]
