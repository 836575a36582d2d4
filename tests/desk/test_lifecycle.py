"""A ticket's life, read as its table: every state, everything that can happen, where it leads."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.desk.facts import Status
from mailgate.desk.lifecycle import Happening, after

NEW, OPEN, WAITING, SOLVED, CLOSED = Status

# what happens to a ticket that is new, open, waiting, solved, closed
TABLE: dict[Happening, tuple[Status, Status, Status, Status, Status]] = {
    Happening.OPENED: (NEW, OPEN, WAITING, SOLVED, CLOSED),
    Happening.CLIENT_WROTE: (NEW, OPEN, OPEN, OPEN, OPEN),
    Happening.CLIENT_SOLVED: (SOLVED, SOLVED, SOLVED, SOLVED, CLOSED),
    Happening.AGENT_ANSWERED: (WAITING, WAITING, WAITING, WAITING, WAITING),
    Happening.AGENT_CLOSED: (CLOSED, CLOSED, CLOSED, CLOSED, CLOSED),
    Happening.AGENT_WAITS: (WAITING, WAITING, WAITING, WAITING, WAITING),
    Happening.AGENT_OPENED: (OPEN, OPEN, OPEN, OPEN, OPEN),
    Happening.ASSIGNED: (OPEN, OPEN, WAITING, SOLVED, CLOSED),
    Happening.WAITED_OUT: (NEW, OPEN, CLOSED, SOLVED, CLOSED),
    Happening.MERGED: (CLOSED, CLOSED, CLOSED, CLOSED, CLOSED),
    Happening.NOTED: (NEW, OPEN, WAITING, SOLVED, CLOSED),
}


@pytest.mark.parametrize("happening", Happening)
def test_where_it_leads(happening: Happening) -> None:
    assert tuple(after(status, happening) for status in Status) == TABLE[happening]


def test_a_machine_ends_only_what_waits_for_its_client() -> None:
    assert [status for status in Status if after(status, Happening.WAITED_OUT) is not status] == [WAITING]


def test_every_state_can_be_reached_and_left() -> None:
    moves = {(status, after(status, what)) for status, what in itertools.product(Status, Happening)}
    for status in Status:
        assert status is NEW or any(goal is status for start, goal in moves if start is not status)
        assert any(start is status for start, goal in moves if goal is not status)
    assert all(goal is not NEW for start, goal in moves if start is not NEW), "nothing is new twice"


@given(st.lists(st.sampled_from(Happening)))
def test_whatever_happened_a_clients_word_is_never_lost_in_a_closed_ticket(story: list[Happening]) -> None:
    status = NEW
    for happening in story:
        status = after(status, happening)
    assert after(status, Happening.CLIENT_WROTE) in (NEW, OPEN)
