"""What machines send: heard where their sender may leave a mark, answered never (``desk/decide.py``)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailgate.desk.decision import Decision, Outcome, Reason, To
from mailgate.desk.effects import RecordReply
from mailgate.desk.facts import Facts
from mailgate.desk.standing import Rank
from mailgate.desk.tokens import Issued
from mailgate.mail.calendar import CalendarReply
from mailgate.mail.message import Kind
from tests.desk.deciding import ANA, BOSS, CONTACT, JUAN, TICKET, row, written

COMES = CalendarReply("meeting-1042@desk.co", "accepted")
ON_TICKET = Facts(contact=CONTACT, ticket=TICKET)
ENTITLED = (Rank.AGENT, Rank.MANAGEMENT, Rank.PARTICIPANT, Rank.HOLDER)


def machine(kind: Kind, facts: Facts, rank: Rank = Rank.PARTICIPANT, why: str = "") -> Decision:
    return written("", JUAN, rank, facts, kind=kind, kind_reason=why)


@pytest.mark.parametrize("rank", Rank)
def test_an_absence_is_remarked_on_the_ticket_of_those_who_belong_to_it(rank: Rank) -> None:
    noted = machine(Kind.AUTO_REPLY, ON_TICKET, rank, "Auto-Submitted")
    outcome = (Outcome.NOTE, 1042) if rank in ENTITLED else (Outcome.IGNORED, None)
    assert (noted.outcome, noted.ticket, noted.letters) == (*outcome, ())
    assert noted.detail == "auto-reply: Auto-Submitted"


@pytest.mark.parametrize("rank", Rank)
def test_an_answer_to_a_meeting_is_told_to_the_agents(rank: Rank) -> None:
    told = machine(Kind.CALENDAR, replace(ON_TICKET, calendar_reply=COMES), rank)
    if rank in ENTITLED:
        assert (row(told), told.ticket) == ("note noted: meeting-reply", 1042)
        assert told.effects == (RecordReply("meeting-1042@desk.co", JUAN, "accepted"),)
    else:
        assert (row(told), told.effects) == ("ignored noted: ", ())


def test_an_answer_to_a_meeting_of_no_ticket_of_ours_is_nothing() -> None:
    assert machine(Kind.CALENDAR, replace(ON_TICKET, ticket=None, calendar_reply=COMES)).outcome is Outcome.IGNORED
    assert machine(Kind.CALENDAR, ON_TICKET).outcome is Outcome.NOTE  # an invitation of theirs


@pytest.mark.parametrize("kind", [Kind.BULK, Kind.RECEIPT, Kind.DELAY, Kind.BOUNCE])
def test_what_nobody_needs_to_read_leaves_no_mark(kind: Kind) -> None:
    assert machine(kind, ON_TICKET) == Decision(Outcome.IGNORED, Reason.AUTOMATIC, detail=str(kind))


@pytest.mark.parametrize(
    ("kind", "role", "letters"),
    [(Kind.BOUNCE, "client", [To.AGENTS]), (Kind.BOUNCE, "agent", []), (Kind.DELAY, "client", []),
     (Kind.AUTO_REPLY, "client", [])],
)  # fmt: skip
def test_agents_hear_of_a_clients_letter_that_was_lost(kind: Kind, role: str, letters: list[To]) -> None:
    facts = Facts(bounced_letter=Issued("n", 1042, JUAN, role))
    noted = machine(kind, facts, Rank.STRANGER)
    assert (noted.outcome, noted.ticket, [one.to for one in noted.letters]) == (Outcome.NOTE, 1042, letters)
    of_none = replace(facts, bounced_letter=Issued("n", 0, JUAN, role))
    assert machine(kind, of_none, Rank.STRANGER).outcome is Outcome.IGNORED


def test_a_letter_of_ours_come_back_is_ignored_whatever_it_looks_like() -> None:
    for kind in (Kind.HUMAN, Kind.BOUNCE, Kind.AUTO_REPLY):
        own = machine(kind, replace(ON_TICKET, is_own=True))
        assert own == Decision(Outcome.IGNORED, Reason.OWN)


def test_the_same_words_for_the_third_time_are_kept_and_answered_no_more() -> None:
    for said, again in ((1, False), (2, True), (3, True)):
        comment = written("Sigue igual.", JUAN, Rank.PARTICIPANT, replace(ON_TICKET, said_before=said))
        assert (comment.reason is Reason.REPEATED) is again
        assert comment.ticket == 1042
        opened = written("No imprime.", JUAN, Rank.CONTACT, Facts(contact=CONTACT, said_before=said))
        assert (opened.outcome, opened.reason is Reason.REPEATED) == (Outcome.TICKET, again)
        assert row(opened) == ("ticket opened: notice-new" if again else "ticket opened: acknowledgement notice-new")
    assert comment.detail == "said 4 times within a day"
    assert row(comment) == "comment noted: notice-comment"
    word = written("ESTADO", JUAN, Rank.PARTICIPANT, replace(ON_TICKET, said_before=9))
    assert word.outcome is Outcome.REQUEST  # who asks is answered
    let_in = written("No imprime.", JUAN, Rank.CONTACT, Facts(contact=CONTACT, said_before=9, released_by=ANA.address))
    assert let_in.reason is Reason.NEW_TICKET


def test_one_who_opens_too_many_tickets_within_the_hour_comments_on_the_last() -> None:
    facts = Facts(contact=CONTACT, burst=TICKET)
    joined = written("No imprime.", JUAN, Rank.CONTACT, facts)
    assert joined == Decision(Outcome.COMMENT, Reason.BURST, 1042)
    assert written("No imprime.", JUAN, Rank.CONTACT, replace(facts, released_by=ANA.address)).outcome is Outcome.TICKET
    assert written("Sigue igual.", JUAN, Rank.PARTICIPANT, replace(facts, ticket=TICKET)).reason is Reason.FOLLOW_UP


@pytest.mark.parametrize("signed", [1042, 0, 7])
def test_a_subject_and_a_reply_address_that_name_different_tickets_wait(signed: int) -> None:
    facts = replace(ON_TICKET, reply_to_letter=Issued("n", signed, JUAN, "client"))
    decision = written("Sigue igual.", JUAN, Rank.PARTICIPANT, facts)
    assert (decision.reason is Reason.DISAGREE) is (signed == 7)
    let_in = written("Sigue igual.", JUAN, Rank.PARTICIPANT, replace(facts, released_by=ANA.address))
    assert let_in.outcome is Outcome.COMMENT


def test_a_number_in_the_text_asks_for_a_clients_ticket_and_is_an_agents_words() -> None:
    asked = written("Estado del ticket 999", JUAN, Rank.CONTACT, Facts(contact=CONTACT), subject="Hola")
    assert (asked.outcome, asked.reason) == (Outcome.HELD, Reason.NOT_THEIRS)
    agents = written("Estado del ticket 999", ANA.address, Rank.AGENT, Facts(agent=ANA), subject="Hola")
    assert agents.outcome is Outcome.TICKET
    bosses = written("Estado del ticket 999", BOSS.address, Rank.MANAGEMENT, Facts(agent=BOSS), subject="Hola")
    assert bosses.outcome is Outcome.TICKET
