"""The policy of SPEC 4, row by row: who wrote, what they named, what happens."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from mailgate.desk.claims import Claims
from mailgate.desk.decide import HUMAN, Decision, Outcome, Reason, To, decide
from mailgate.desk.facts import AgentFacts, ClientFacts, ContactFacts, DeskFacts, Facts, Role, Status, TicketFacts
from mailgate.desk.standing import Proof, Rank, Standing, weigh
from mailgate.desk.tokens import Issued, Token
from mailgate.mail.message import Address, Bounce, Envelope, Kind, Message, Parts

CLIENT = ClientFacts(1, "ABC123", "900123456", "Empresa", "anual", "active")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
OTHER = ClientFacts(2, "XYZ789", "900765432", "Otra", "anual", "active")
ANA = AgentFacts(1, "ana@desk.co", "Ana", Role.AGENT)
BOSS = AgentFacts(2, "gerencia@desk.co", "Gerencia", Role.MANAGEMENT)
TICKET = TicketFacts(
    1042,
    Status.OPEN,
    "Factura",
    "juan@empresa.co",
    "Juan",
    1,
    1,
    frozenset({"juan@empresa.co"}),
    "es",
    "soporte@desk.co",
)


def contact(address: str, client: ClientFacts | None = CLIENT, *, confirmed: bool = True) -> ContactFacts:
    return ContactFacts(1, address, "", client, confirmed)


def mail(sender: str, text: str = "Sigue igual", **more: object) -> Message:
    senders = (Address("", sender),) if sender else ()
    return Message(senders=senders, parts=Parts(text), **more)  # type: ignore[arg-type]


def judged(
    message: Message,
    facts: Facts,
    *,
    number: int | None = None,
    proof: Proof = Proof.NONE,
    login: str = "",
    **claims: object,
) -> tuple[Standing, Decision]:
    said = Claims(number=number, **claims)  # type: ignore[arg-type]
    standing = weigh(message, Envelope(auth_user=login), said, facts, proof)
    return standing, decide(message, said, facts, standing)


def test_a_contact_without_number_opens_a_ticket_and_is_told_its_number() -> None:
    _, decision = judged(mail("juan@empresa.co"), Facts(contact=contact("juan@empresa.co")))
    assert decision.outcome is Outcome.TICKET
    assert [(order.letter, order.to) for order in decision.letters] == [
        ("acknowledgement", To.REQUESTER),
        ("notice-new", To.AGENTS),
    ]


def test_the_requester_comments_with_the_number() -> None:
    facts = Facts(contact=contact("juan@empresa.co"), ticket=TICKET)
    _, decision = judged(mail("juan@empresa.co"), facts, number=1042)
    assert (decision.outcome, decision.ticket) == (Outcome.COMMENT, 1042)


def test_a_colleague_of_the_same_client_comments() -> None:
    facts = Facts(contact=contact("luisa@empresa.co"), ticket=TICKET)
    assert judged(mail("luisa@empresa.co"), facts, number=1042)[1].outcome is Outcome.COMMENT


def test_a_colleague_not_yet_approved_sees_and_moves_nothing() -> None:
    facts = Facts(contact=contact("luisa@empresa.co", confirmed=False), ticket=TICKET)
    assert judged(mail("luisa@empresa.co"), facts, number=1042)[1].outcome is Outcome.HELD


@pytest.mark.parametrize("proof", [Proof.PASS, Proof.NONE])
def test_a_foreign_number_and_a_missing_one_look_alike(proof: Proof) -> None:
    """Nobody learns from us whether a ticket exists."""
    for known in (None, contact("otra@otra.co", OTHER)):
        foreign = judged(mail("otra@otra.co"), Facts(contact=known, ticket=TICKET), number=1042, proof=proof)[1]
        missing = judged(mail("otra@otra.co"), Facts(contact=known), number=999, proof=proof)[1]
        assert foreign == missing
        assert foreign.outcome is Outcome.HELD
        assert {order.to for order in foreign.letters} == {To.AGENTS}


def test_who_was_passed_our_letter_comments_and_is_marked() -> None:
    facts = Facts(ticket=TICKET, answers_letter=Issued("n", 1042, "juan@empresa.co", "client"))
    standing, decision = judged(mail("contador@firma.co"), facts)
    assert standing.rank is Rank.HOLDER
    assert decision.outcome is Outcome.COMMENT
    assert decision.reason is Reason.PASSED_ON
    assert {order.to for order in decision.letters} == {To.AGENTS}  # they get nothing of the history


def test_a_leaked_notice_to_an_agent_gives_a_stranger_nothing() -> None:
    facts = Facts(ticket=TICKET, reply_to_letter=Issued("n", 1042, "ana@desk.co", "agent"))
    assert (
        judged(mail("espia@malo.co"), facts, reply_token=Token("t1042", "n", "m", "reply"))[1].outcome is Outcome.HELD
    )


@pytest.mark.parametrize(
    ("login", "proof", "letter"),
    [
        ("ana@desk.co", Proof.NONE, None),
        ("", Proof.PASS, None),
        ("", Proof.NONE, Issued("n", 1042, "ana@desk.co", "agent")),
    ],
)
def test_a_proven_agent_answers(login: str, proof: Proof, letter: Issued | None) -> None:
    facts = Facts(agent=ANA, ticket=TICKET, reply_to_letter=letter)
    standing, decision = judged(mail("ana@desk.co"), facts, number=1042, login=login, proof=proof)
    assert standing.rank is Rank.AGENT
    assert (decision.outcome, decision.ticket) == (Outcome.ANSWER, 1042)


@pytest.mark.parametrize(
    ("login", "letter"),
    [
        ("", None),
        ("luis@desk.co", None),
        ("", Issued("n", 1042, "luis@desk.co", "agent")),
        ("", Issued("n", 1042, "ana@desk.co", "client")),
    ],
)
def test_an_agents_address_without_proof_is_held(login: str, letter: Issued | None) -> None:
    facts = Facts(agent=ANA, ticket=TICKET, reply_to_letter=letter)
    assert judged(mail("ana@desk.co"), facts, number=1042, login=login)[1].outcome is Outcome.HELD


def test_a_forged_domain_acts_as_nobody_even_with_the_reply_address() -> None:
    facts = Facts(agent=ANA, ticket=TICKET, reply_to_letter=Issued("n", 1042, "ana@desk.co", "agent"))
    assert judged(mail("ana@desk.co"), facts, number=1042, proof=Proof.FAIL)[1].outcome is Outcome.HELD
    facts = Facts(contact=contact("juan@empresa.co"), ticket=TICKET)
    assert judged(mail("juan@empresa.co"), facts, number=1042, proof=Proof.FAIL)[1].outcome is Outcome.HELD


def test_managements_reply_is_a_note_the_client_never_sees() -> None:
    facts = Facts(agent=BOSS, ticket=TICKET)
    _, decision = judged(mail("gerencia@desk.co"), facts, number=1042, proof=Proof.PASS)
    assert decision.outcome is Outcome.NOTE
    assert {order.to for order in decision.letters} == {To.AGENTS}


def test_the_note_address_keeps_an_agents_words_inside() -> None:
    facts = Facts(agent=ANA, ticket=TICKET)
    _, decision = judged(mail("ana@desk.co"), facts, number=1042, proof=Proof.PASS, detail="nota")
    assert decision.outcome is Outcome.NOTE


def test_an_answer_without_words_sends_nothing() -> None:
    facts = Facts(agent=ANA, ticket=TICKET)
    _, decision = judged(mail("ana@desk.co", "  \n"), facts, number=1042, proof=Proof.PASS)
    assert decision.outcome is Outcome.IGNORED
    assert {order.to for order in decision.letters} == {To.SENDER}  # who hears that nothing came


def test_a_reply_address_and_a_subject_that_disagree_wait_for_a_person() -> None:
    facts = Facts(agent=ANA, ticket=TICKET, reply_to_letter=Issued("n", 7, "ana@desk.co", "agent"))
    assert judged(mail("ana@desk.co"), facts, number=1042)[1].outcome is Outcome.HELD


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.HUMAN])
def test_no_machine_is_ever_answered_nor_moves_a_ticket(kind: Kind) -> None:
    people = [Facts(agent=ANA, ticket=TICKET), Facts(contact=contact("juan@empresa.co"), ticket=TICKET), Facts()]
    for facts in people:
        _, decision = judged(mail("juan@empresa.co", kind=kind), facts, number=1042, proof=Proof.PASS)
        assert decision.letters == ()
        assert decision.outcome in (Outcome.NOTE, Outcome.IGNORED)


def test_a_forged_bounce_touches_no_ticket() -> None:
    facts = Facts(ticket=TICKET)
    bounce = mail("mailer-daemon@malo.co", kind=Kind.BOUNCE, bounce=Bounce(("juan@empresa.co",), "5.1.1", "failed"))
    assert judged(bounce, facts, number=1042)[1] == Decision(Outcome.IGNORED, Reason.AUTOMATIC, detail="bounce")


def test_a_bounce_of_our_letter_is_noted_on_its_ticket() -> None:
    facts = Facts(bounced_letter=Issued("n", 1042, "juan@empresa.co", "client"))
    _, decision = judged(mail("mailer-daemon@empresa.co", kind=Kind.BOUNCE), facts)
    assert (decision.outcome, decision.ticket) == (Outcome.NOTE, 1042)
    assert {order.to for order in decision.letters} == {To.AGENTS}
    _, delayed = judged(mail("mailer-daemon@empresa.co", kind=Kind.DELAY), facts)
    assert delayed.letters == ()  # it may still arrive


def test_nobody_is_answered_when_the_author_cannot_be_read() -> None:
    for message in (mail(""), Message(senders=(Address("", "ana@desk.co"), Address("", "x@malo.co")))):
        assert judged(message, Facts(ticket=TICKET), number=1042)[1].outcome is Outcome.QUARANTINED


def test_strangers_wait_and_hear_nothing() -> None:
    for proof in (Proof.NONE, Proof.PASS):
        _, decision = judged(mail("nadie@gratis.co"), Facts(), proof=proof)
        assert decision.outcome is Outcome.HELD
        assert {order.to for order in decision.letters} <= {To.AGENTS}


def test_the_same_mail_by_another_road_does_nothing() -> None:
    facts = Facts(contact=contact("juan@empresa.co"), seen_before=True)
    assert judged(mail("juan@empresa.co"), facts)[1].outcome is Outcome.DUPLICATE


def test_the_table_has_a_row_for_every_rank() -> None:
    assert set(HUMAN) == set(Rank)


def test_only_agents_and_participants_reach_a_client() -> None:
    """Whatever is decided, a letter that leaves the house on a ticket comes from one who may write on it."""
    for rank, decision in itertools.chain.from_iterable(((rank, d) for d in pair) for rank, pair in HUMAN.items()):
        reaches = {order.to for order in decision.letters} - {To.AGENTS}
        if reaches and decision.outcome is not Outcome.TICKET:
            assert rank in (Rank.AGENT, Rank.PARTICIPANT), rank


def test_a_note_without_a_ticket_is_told_to_have_no_place() -> None:
    """Else it would open one, and the client whose name stands in it might be written to."""
    facts = Facts(agent=ANA, desk=DeskFacts(NOW, ZoneInfo("America/Bogota"), agents=(ANA,)))
    _, decision = judged(mail("ana@desk.co", "#nota Está molesto.", date=NOW), facts, proof=Proof.PASS)
    assert decision.outcome is not Outcome.TICKET
    assert [order.letter for order in decision.letters] == ["commands-returned"]


def test_words_of_an_agent_with_a_command_open_a_ticket_that_has_it() -> None:
    facts = Facts(agent=ANA, desk=DeskFacts(NOW, ZoneInfo("America/Bogota"), agents=(ANA,)))
    _, decision = judged(mail("ana@desk.co", "#urgente\nLlamó Juan: no imprime.", date=NOW), facts, proof=Proof.PASS)
    assert decision.outcome is Outcome.TICKET
    assert decision.effects
