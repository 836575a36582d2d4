"""From stranger to contact (``desk/identify.py``): asked once, believed when both numbers agree, and approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailgate.desk.decision import Decision, Outcome, Reason, To
from mailgate.desk.effects import ApproveContact, Identify, NoteAsked, NoteWrongPapers, RefuseContact
from mailgate.desk.facts import ApprovalFacts, ClientFacts, Facts, IdentificationFacts
from mailgate.desk.papers import find_papers
from mailgate.desk.standing import MOST_WRONG, Rank
from mailgate.desk.tokens import Issued
from tests.desk.deciding import ANA, COMPANY, CONTACT, DESK, JUAN, RULES, row, written

LAURA = "laura@empresa.co"
PAPERS = "Licencia: ABC123\nNIT: 900123456"
NOTHING = IdentificationFacts(find_papers(""))
WRONG = IdentificationFacts(find_papers(PAPERS), asked=True)
KNOWN = replace(WRONG, client=COMPANY, waiting=(5, 6))


def laura(
    known: IdentificationFacts | None, text: str = "No imprime.", *, answers: str = "", **more: object
) -> Decision:
    """A stranger whose domain vouches for her; ``answers``: the letter of ours that she answers."""
    rank = Rank.IDENTIFIED if known and known.client else Rank.PROVEN_STRANGER
    author = str(more.pop("author", LAURA))
    return written(text, author, rank, Facts(identification=known, replying_to=answers), **more)  # type: ignore[arg-type]


def test_who_is_unknown_is_asked_once() -> None:
    asked = laura(NOTHING)
    assert (row(asked), asked.reason) == ("held noted: identify", Reason.IDENTIFY)
    assert [order.to for order in asked.letters] == [To.AUTHOR]
    assert asked.effects == (NoteAsked(LAURA),)
    assert laura(replace(NOTHING, asked=True)) == Decision(Outcome.HELD, Reason.IDENTIFY)


def test_who_answers_our_question_with_other_words_gets_a_person() -> None:
    for question in ("identify", "identify-again"):
        assert (
            row(laura(replace(NOTHING, asked=True), "¿Cuál licencia?", answers=question)) == "held noted: notice-held"
        )


@pytest.mark.parametrize(
    "address",
    ["noreply@empresa.co", "no-reply@empresa.co", "no.responder@empresa.co", "avisos-noreply@empresa.co",
     "mailer-daemon@empresa.co", "bounces@empresa.co", "donotreply@empresa.co"],
)  # fmt: skip
def test_no_machine_is_asked_or_believed(address: str) -> None:
    for known in (NOTHING, KNOWN, WRONG):
        assert laura(known, author=address) == Decision(Outcome.HELD, Reason.IDENTIFY)


def test_papers_that_agree_make_a_contact_whom_somebody_must_approve() -> None:
    for text, again in (
        (PAPERS, False),
        (f"{PAPERS}\n\nLa impresora de recepción no imprime nada desde ayer a las cuatro de la tarde.", True),
    ):
        tied = laura(KNOWN, text, answers="identify")
        assert (tied.outcome, tied.again) == (Outcome.IDENTIFIED, again)  # what else she says is worked on, too
        assert tied.effects == (Identify(LAURA, "", 7, "ABC123", (5, 6)),)
        assert [(order.letter, order.to) for order in tied.letters] == [
            ("approve-contact", To.CONTACTS),
            ("approve-contact", To.AGENTS),
        ]
    assert laura(KNOWN, PAPERS).again  # nobody asked: the mail is a mail


def test_wrong_papers_are_told_so_in_the_same_words_and_then_not_at_all() -> None:
    for answers, outcome, reason in (
        ("identify", Outcome.IGNORED, Reason.WRONG_PAPERS),
        ("", Outcome.HELD, Reason.IDENTIFY),  # it says something else, too: it waits
    ):
        wrong = laura(WRONG, PAPERS, answers=answers)
        assert (wrong.outcome, wrong.reason) == (outcome, reason)
        assert row(wrong).endswith("identify-again")
        assert wrong.effects == (NoteWrongPapers(LAURA, WRONG.papers.pair),)
    silent = Decision(Outcome.HELD, Reason.IDENTIFY)
    assert laura(replace(WRONG, wrong=MOST_WRONG), PAPERS, answers="identify") == silent
    assert row(laura(replace(WRONG, wrong=MOST_WRONG - 1), PAPERS, answers="identify")).endswith("identify-again")


def test_after_some_wrong_pairs_the_right_one_is_not_heard_either() -> None:
    assert laura(replace(KNOWN, wrong=MOST_WRONG), PAPERS, answers="identify").outcome is Outcome.HELD
    assert laura(replace(KNOWN, wrong=MOST_WRONG - 1), PAPERS, answers="identify").outcome is Outcome.IDENTIFIED


def test_the_same_wrong_papers_again_are_no_further_try() -> None:
    again = replace(WRONG, wrong=1, wrong_again=True)
    assert row(laura(again, PAPERS, answers="identify")) == "held noted: notice-held"
    assert laura(again, PAPERS) == Decision(Outcome.HELD, Reason.IDENTIFY)


ASKED = ApprovalFacts(31, LAURA, COMPANY.id, confirmed=False)


def juan(text: str, asked: ApprovalFacts | None = ASKED, **more: object) -> Decision:
    """A confirmed contact answers whether Laura is one of theirs."""
    facts = Facts(
        contact=CONTACT, approval=asked, replying_to="approve-contact", reply_to_letter=Issued("n", 0, JUAN, "client")
    )
    return written(text, JUAN, Rank.CONTACT, replace(facts, **more))  # type: ignore[arg-type]


def ana(text: str, asked: ApprovalFacts | None = ASKED) -> Decision:
    facts = Facts(agent=ANA, desk=DESK, approval=asked, replying_to="approve-contact")
    return written(text, ANA.address, Rank.AGENT, facts)


@pytest.mark.parametrize("text", ["APROBAR", "Sí.", "apruebo", "\nSí\n\nLaura Díaz", "Approve", "#aceptar"])
def test_a_confirmed_contact_or_an_agent_approves_with_a_word(text: str) -> None:
    for says in (juan, ana):
        approved = says(text)
        assert (approved.outcome, approved.reason) == (Outcome.COMMANDS, Reason.CONTACT_APPROVED)
        assert approved.effects == (ApproveContact(31, LAURA),)
        assert [order.to for order in approved.letters] == [To.APPROVED, To.ASKED]


@pytest.mark.parametrize("text", ["RECHAZAR", "No", "no apruebo", "reject"])
def test_or_refuses_with_a_word_and_only_those_who_were_asked_hear_it(text: str) -> None:
    for says in (juan, ana):
        refused = says(text)
        assert (refused.outcome, refused.reason) == (Outcome.COMMANDS, Reason.CONTACT_REFUSED)
        assert refused.effects == (RefuseContact(31, LAURA),)
        assert [order.to for order in refused.letters] == [To.ASKED]


def test_what_is_decided_already_is_not_decided_again() -> None:
    for asked in (None, replace(ASKED, confirmed=True)):
        for says in (juan, ana):
            assert says("RECHAZAR", asked) == Decision(Outcome.IGNORED, Reason.DECIDED)


def test_other_words_are_a_contacts_mail_and_an_agents_mistake() -> None:
    assert juan("¿Quién es ella?").outcome is Outcome.TICKET
    asked = ana("¿Quién es ella?")
    assert [(asked.outcome, one.key) for one in asked.problems] == [(Outcome.RETURNED, "approve-needs-word")]
    assert row(asked) == "returned noted: commands-returned"


def test_nobody_else_approves() -> None:
    other = ClientFacts(8, "XYZ789", "900765432", "Otra", "anual", "active")
    for more in (
        {"replying_to": "acknowledgement"},
        {"reply_to_letter": Issued("n", 0, "luisa@empresa.co", "client")},  # the letter went to somebody else
        {"reply_to_letter": None},
        {"contact": replace(CONTACT, confirmed=False)},
        {"contact": replace(CONTACT, client=other)},
        {"contact": replace(CONTACT, client=None)},
        {"contact": None},
    ):
        assert not juan("APROBAR", **more).effects, more


@pytest.mark.parametrize("state", ["expired", "suspended"])
def test_without_an_active_policy_a_new_matter_waits_and_its_writer_is_told(state: str) -> None:
    facts = Facts(contact=replace(CONTACT, client=replace(COMPANY, state=state)))
    waits = written("No imprime.", JUAN, Rank.CONTACT, facts)
    assert (row(waits), waits.reason) == ("held noted: policy-inactive notice-held", Reason.POLICY)
    assert written("No imprime.", JUAN, Rank.CONTACT, replace(facts, released_by=ANA.address)).outcome is Outcome.TICKET
    filed = written("Me cobran dos veces.", JUAN, Rank.CONTACT, replace(facts, rules=RULES, received_at=DESK.now),
                    subject="Queja por un cobro")  # fmt: skip
    assert filed.reason is Reason.FILED  # anybody may file a PQRS
    for client in (COMPANY, None):
        facts = Facts(contact=replace(CONTACT, client=client))
        assert written("No imprime.", JUAN, Rank.CONTACT, facts).outcome is Outcome.TICKET
