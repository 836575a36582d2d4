"""What was weighed about a sender, in words: an operator reads them in ``explain``, an agent beside a held mail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailgate.desk.claims import Claims
from mailgate.desk.facts import Facts, IdentificationFacts
from mailgate.desk.papers import find_papers
from mailgate.desk.standing import Proof, Rank, Standing, weigh
from mailgate.desk.tokens import Issued, Token
from mailgate.mail.message import Address, Envelope, Message
from tests.desk.deciding import ANA, COMPANY, CONTACT, JUAN, TICKET

NOBODY = Message()
PAPERS = IdentificationFacts(find_papers("Licencia: ABC123 NIT: 900123456"))
TOKEN = Token("t1042", "n", "m", "reply")


def weighed(
    facts: Facts,
    claims: Claims | None = None,
    *,
    author: str = JUAN,
    login: str = "",
    proof: Proof = Proof.NONE,
) -> Standing:
    return weigh(Message(senders=(Address("", author),)), Envelope(auth_user=login), claims or Claims(), facts, proof)


def evidence(*arguments: object, **more: object) -> str:
    return "; ".join(weighed(*arguments, **more).evidence)  # type: ignore[arg-type]


def test_a_contact_with_nothing_to_go_by() -> None:
    assert evidence(Facts(contact=CONTACT)) == f"From {JUAN}; contact of ABC123; domain not verified"
    assert str(weighed(Facts(contact=CONTACT))) == f"contact (From {JUAN}; contact of ABC123; domain not verified)"


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(), "unknown address"),
        (Facts(contact=replace(CONTACT, client=None)), "known contact"),
        (Facts(contact=replace(CONTACT, confirmed=False)), "contact of ABC123; contact not yet approved"),
        (Facts(agent=ANA), "the address of agent Ana María Peña"),
        (Facts(identification=PAPERS), "a licence and a NIT that do not agree; unknown address"),
        (Facts(identification=replace(PAPERS, client=COMPANY)), "licence and NIT of ABC123; unknown address"),
        (Facts(identification=IdentificationFacts(find_papers("hola"))), "unknown address"),
    ],
)
def test_who_the_address_belongs_to(facts: Facts, said: str) -> None:
    assert evidence(facts) == f"From {JUAN}; {said}; domain not verified"


@pytest.mark.parametrize(
    ("facts", "claims", "said"),
    [
        (Facts(reply_to_letter=Issued("n", 1042, JUAN, "client")), Claims(reply_token=TOKEN),
         f"signed reply address issued to {JUAN}"),
        (Facts(), Claims(reply_token=TOKEN), "reply address with a wrong signature"),
        (Facts(answers_letter=Issued("n", 1042, JUAN, "client")), Claims(reference_tokens=(TOKEN,)),
         f"answers our letter to {JUAN}"),
        (Facts(), Claims(reference_tokens=(TOKEN,)), "reference with a wrong signature"),
        (Facts(), Claims(number=1042), "subject names #1042"),
        (Facts(released_by=ANA.address), Claims(), f"released by {ANA.address}"),
        (Facts(ticket=TICKET), Claims(), "participant of the ticket"),
    ],
)  # fmt: skip
def test_what_the_mail_brings(facts: Facts, claims: Claims, said: str) -> None:
    assert evidence(facts, claims) == f"From {JUAN}; unknown address; domain not verified; {said}"


def test_how_the_sender_is_proven() -> None:
    assert "; domain verified" in evidence(Facts(), proof=Proof.PASS)
    assert "; domain says forged" in evidence(Facts(), proof=Proof.FAIL)
    assert "; logged in as juan; " in evidence(Facts(), login="juan")
    assert "participant" not in evidence(Facts(ticket=TICKET), author="espia@malo.co")


def test_no_author_or_several_are_nobody() -> None:
    two = Message(senders=(Address("", JUAN), Address("", ANA.address)))
    for message, told in ((NOBODY, "no author"), (two, "several authors")):
        standing = weigh(message, Envelope(), Claims(), Facts(ticket=TICKET), Proof.PASS)
        assert (standing.rank, standing.address) == (Rank.NOBODY, "")
        assert standing.evidence == (f"the From header names {told} that can be read",)


def test_an_agents_login_outweighs_a_domain_that_disowns_the_mail_and_nobody_elses_does() -> None:
    facts = Facts(agent=ANA)
    assert weighed(facts, author=ANA.address, login="ANA@desk.co", proof=Proof.FAIL).rank is Rank.AGENT
    assert weighed(facts, author=ANA.address, login="luis@desk.co", proof=Proof.FAIL).rank is Rank.FORGED


def test_whoever_answers_at_the_address_that_we_gave_this_very_person_is_proven() -> None:
    theirs, others = Issued("n", 0, JUAN, "client"), Issued("n", 0, "otra@otra.co", "client")
    assert weighed(Facts(reply_to_letter=theirs)).rank is Rank.PROVEN_STRANGER
    assert weighed(Facts(reply_to_letter=others)).rank is Rank.STRANGER
    agreed = replace(PAPERS, client=COMPANY)
    assert weighed(Facts(reply_to_letter=theirs, identification=agreed)).rank is Rank.IDENTIFIED
    assert weighed(Facts(identification=agreed)).rank is Rank.STRANGER  # anybody can write another's address


def test_a_released_mail_has_the_standing_that_its_address_would_have_if_proven() -> None:
    word = ANA.address
    assert weighed(Facts(released_by=word), proof=Proof.FAIL).rank is Rank.CONTACT
    assert weighed(Facts(released_by=word, ticket=TICKET), author="espia@malo.co").rank is Rank.PARTICIPANT
    assert weighed(Facts(released_by=word, agent=ANA), author=ANA.address).rank is Rank.AGENT
