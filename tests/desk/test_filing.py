"""Which mails file a PQRS, who hears of it, and what a comment on one tells (``desk/filing.py``)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailgate.desk.claims import Claims
from mailgate.desk.decision import Decision, Outcome, Reason, To
from mailgate.desk.effects import AnswerPqrs, ChangePqrsType, FilePqrs
from mailgate.desk.facts import Facts, TicketFacts
from mailgate.desk.filing import asks
from mailgate.desk.pqrs import PqrsFacts, Type, term_of
from mailgate.desk.standing import Rank
from mailgate.desk.tokens import Issued
from mailgate.mail.message import Address, Forwarded, Message
from tests.desk.deciding import ANA, CONTACT, DESK, JUAN, NOW, RULES, TICKET, row, written

TERM = term_of(Type.COMPLAINT, NOW, RULES)
FILED = replace(TICKET, pqrs=PqrsFacts(1, "PQRS-2026-000017", Type.COMPLAINT, 1042, JUAN, NOW, NOW, TERM))
TO_AGENTS_AND_MANAGEMENT = ["pqrs-notice to agents about filed", "pqrs-notice to management about filed"]


def says(text: str, rank: Rank = Rank.CONTACT, *, ticket: TicketFacts | None = None, **more: object) -> Decision:
    facts = {"contact": CONTACT} | {name: more.pop(name) for name in list(more) if name in Facts.__slots__}
    known = Facts(ticket=ticket, rules=RULES, received_at=NOW, **facts)  # type: ignore[arg-type]
    return written(text, JUAN, rank, known, **more)  # type: ignore[arg-type]


def ana(text: str, *, ticket: TicketFacts | None = None, **more: object) -> Decision:
    known = Facts(agent=ANA, ticket=ticket, rules=RULES, received_at=NOW, desk=replace(DESK, rules=RULES))
    return written(text, ANA.address, Rank.AGENT, known, **more)  # type: ignore[arg-type]


def letters(decision: Decision) -> list[str]:
    return [f"{one.letter} to {one.to}" + f" about {one.about}" * bool(one.about) for one in decision.letters]


@pytest.mark.parametrize(
    "more",
    [{"subject": "Queja por un cobro"}, {"at": "soporte+pqrs@desk.co"}, {"at": "pqrs@desk.co"},
     {"to": (Address("", "PQRS@desk.co"),)}, {"cc": (Address("", "pqrs@desk.co"),)}],
    ids=["subject", "detail", "address", "to", "cc"],
)  # fmt: skip
def test_a_pqrs_is_filed_by_its_address_or_the_first_word_of_the_subject(more: dict[str, object]) -> None:
    filed = says("Tipo: queja\nMe cobran dos veces.", **more)
    assert (filed.outcome, filed.reason, filed.detail) == (Outcome.TICKET, Reason.FILED, "queja")
    assert filed.effects[0] == FilePqrs(Type.COMPLAINT, TERM, 2026, NOW, doubtful=False, acknowledged=True)
    assert letters(filed) == ["pqrs-acknowledgement to requester", *TO_AGENTS_AND_MANAGEMENT]


@pytest.mark.parametrize("more", [{}, {"subject": "Tengo una queja"}, {"at": "soporte+nomina@desk.co"}])
def test_other_mails_file_none(more: dict[str, object]) -> None:
    assert says("Me cobran dos veces.", **more).reason is Reason.NEW_TICKET


def test_a_desk_without_rules_takes_none() -> None:
    known = Facts(contact=CONTACT, received_at=NOW)
    assert written("Me cobran dos veces.", JUAN, Rank.CONTACT, known, subject="Queja").reason is Reason.NEW_TICKET
    assert not asks(Message(subject="Queja"), Claims(detail="pqrs"), None)
    assert asks(Message(subject="Queja"), Claims(), RULES)


def test_a_type_that_is_guessed_is_called_doubtful() -> None:
    filed = says("Miren lo que pasó.", at="pqrs@desk.co")
    assert filed.detail == "peticion, doubtful"
    assert isinstance(filed.effects[0], FilePqrs)
    assert filed.effects[0].doubtful


@pytest.mark.parametrize(
    ("rank", "acknowledged"),
    [(Rank.CONTACT, True), (Rank.PROVEN_STRANGER, True), (Rank.MANAGEMENT, True), (Rank.PARTICIPANT, True),
     (Rank.STRANGER, False), (Rank.FORGED, False), (Rank.UNPROVEN_STAFF, False)],
)  # fmt: skip
def test_anybody_may_file_and_only_known_or_proven_addresses_are_written_to(rank: Rank, acknowledged: bool) -> None:
    filed = says("Me cobran dos veces.", rank, subject="Queja por un cobro", contact=None)
    assert filed.reason is Reason.FILED
    assert letters(filed) == [*["pqrs-acknowledgement to requester"] * acknowledged, *TO_AGENTS_AND_MANAGEMENT]
    assert isinstance(filed.effects[0], FilePqrs)
    assert filed.effects[0].acknowledged is acknowledged


def test_the_button_on_ones_own_ticket_files_a_linked_one_and_a_mere_reply_comments() -> None:
    button = says("Me cobran dos veces.", Rank.PARTICIPANT, ticket=TICKET, subject="PQRS [#1042] Factura")
    assert isinstance(button.effects[0], FilePqrs)
    assert button.effects[0].linked_to == 1042
    reply = says("Me cobran dos veces.", Rank.PARTICIPANT, ticket=TICKET, subject="Re: Queja [#1042]")
    assert (reply.outcome, reply.ticket) == (Outcome.COMMENT, 1042)
    address = says("Me cobran dos veces.", Rank.PARTICIPANT, ticket=TICKET, at="pqrs@desk.co")
    assert address.reason is Reason.FILED
    holder = says("Me cobran dos veces.", Rank.HOLDER, ticket=TICKET, subject="PQRS [#1042] Factura", contact=None)
    assert isinstance(holder.effects[0], FilePqrs)
    assert not holder.effects[0].linked_to  # who was passed a letter learns and moves nothing of the ticket


def test_what_is_one_already_or_names_one_is_not_filed_again() -> None:
    again = says("Me cobran dos veces.", Rank.PARTICIPANT, ticket=FILED, subject="Queja [#1042] Factura")
    assert (again.outcome, again.ticket) == (Outcome.COMMENT, 1042)
    named = says("¿Qué pasó con ella?", subject="Queja PQRS-2026-000017")
    assert named.outcome is Outcome.HELD  # whoever's it is


def test_somebody_elses_number_does_not_keep_one_from_filing() -> None:
    filed = says("Me cobran dos veces.", Rank.CONTACT, ticket=TICKET, subject="Queja [#1042] Factura")
    assert isinstance(filed.effects[0], FilePqrs)
    assert not filed.effects[0].linked_to


def test_an_agents_mail_to_its_address_files_for_the_client_whom_it_forwards() -> None:
    original = (Forwarded(Address("Juan", JUAN), body="Me cobran dos veces."),)
    filed = ana("", at="pqrs@desk.co", subject="Fwd: Queja por un cobro", forwarded=original)
    assert sum(isinstance(effect, FilePqrs) for effect in filed.effects) == 1
    assert letters(filed) == ["pqrs-acknowledgement to requester", *TO_AGENTS_AND_MANAGEMENT]
    commanded = ana("#pqrs reclamo\n\nLlamó Juan: le cobran dos veces.", at="pqrs@desk.co")
    assert [effect.type for effect in commanded.effects if isinstance(effect, FilePqrs)] == [Type.CLAIM]
    assert sorted(letters(commanded)) == sorted(
        ["pqrs-acknowledgement to requester", "receipt to sender", *TO_AGENTS_AND_MANAGEMENT]
    )
    assert not any(isinstance(effect, FilePqrs) for effect in ana("Llamó Juan.").effects)


def test_management_hears_each_comment_on_a_pqrs() -> None:
    comment = says("Sigue igual.", Rank.PARTICIPANT, ticket=FILED)
    assert letters(comment) == [
        "comment-received to requester", "notice-comment to agents", "pqrs-notice to management about comment",
    ]  # fmt: skip
    assert "management" not in str(letters(says("Sigue igual.", Rank.PARTICIPANT, ticket=TICKET)))


def test_a_petitioner_whom_nothing_proves_is_not_written_to() -> None:
    unproven = replace(FILED, pqrs=replace(FILED.pqrs, acknowledged=False))  # type: ignore[type-var]
    quiet = says("Sigue igual.", Rank.PARTICIPANT, ticket=unproven, contact=None)
    assert letters(quiet) == ["notice-comment to agents", "pqrs-notice to management about comment"]
    for proof in (
        {"contact": CONTACT},
        {"contact": None, "reply_to_letter": Issued("n", 1042, JUAN, "client")},
        {"contact": None, "answers_letter": Issued("n", 1042, JUAN, "client")},
    ):
        told = says("Sigue igual.", Rank.PARTICIPANT, ticket=unproven, **proof)
        assert "comment-received to requester" in letters(told)


def test_one_line_corrects_the_type_and_everybody_hears_it() -> None:
    corrected = says("Tipo: reclamo", Rank.PARTICIPANT, ticket=FILED)
    [effect] = corrected.effects
    assert effect == ChangePqrsType(Type.CLAIM, term_of(Type.CLAIM, NOW, RULES), keeps_due=False)
    assert letters(corrected) == [
        "pqrs-corrected to requester", "pqrs-notice to agents about type", "pqrs-notice to management about type",
    ]  # fmt: skip
    unproven = replace(FILED, pqrs=replace(FILED.pqrs, acknowledged=False))  # type: ignore[type-var]
    assert letters(says("Tipo: reclamo", Rank.PARTICIPANT, ticket=unproven)) == letters(corrected)[1:]
    more = says("Tipo: reclamo\nPorque me cobran dos veces.", Rank.PARTICIPANT, ticket=FILED)
    assert more.effects == ()


def test_an_answered_pqrs_keeps_its_type() -> None:
    answered = replace(FILED, pqrs=replace(FILED.pqrs, answered_at=NOW))  # type: ignore[type-var]
    late = says("Tipo: reclamo", Rank.PARTICIPANT, ticket=answered)
    assert not any(isinstance(effect, ChangePqrsType) for effect in late.effects)


AGENTS = {
    "Ya lo miramos.": ["answer"],
    "#respuesta-pqrs\n\nSe devolvió el cobro.": ["final"],
    "#respuesta-pqrs\n#cerrar\n\nSe devolvió el cobro.": ["final", "closed"],
    "#nota Está molesto": [],
    "#prioridad alta": [],
    f"#prorroga {RULES.calendar.add_business_days(TERM.due_on, 3).isoformat()} Falta el banco.": ["extended"],
}


@pytest.mark.parametrize("text", AGENTS)
def test_what_management_is_told_of_an_agents_mail(text: str) -> None:
    done = ana(text, ticket=FILED)
    assert done.outcome is not Outcome.RETURNED, done.problems
    assert [one.about for one in done.letters if one.to is To.MANAGEMENT] == AGENTS[text]
    assert any(isinstance(effect, AnswerPqrs) for effect in done.effects) is ("final" in AGENTS[text])


@pytest.mark.parametrize(
    ("text", "problem"),
    [("#cerrar\n\nYa quedó.", "pqrs-unanswered"), ("#respuesta-pqrs\n#mudo\n\nYa quedó.", "pqrs-in-silence"),
     ("#respuesta-pqrs\n#nota\n\nYa quedó.", "pqrs-in-silence"), ("#respuesta-pqrs", "needs-answer")],
)  # fmt: skip
def test_the_legal_clock_is_stopped_by_an_answer_alone(text: str, problem: str) -> None:
    assert [one.key for one in ana(text, ticket=FILED).problems] == [problem]


def test_the_line_of_the_final_answer_may_be_the_answer() -> None:
    answer = ana("#respuesta-pqrs Se devolvió el cobro.", ticket=FILED)
    assert (answer.outcome, answer.words) == (Outcome.ANSWER, "Se devolvió el cobro.")
    assert row(answer).startswith("answer agent-answered: answer notice-answer")
