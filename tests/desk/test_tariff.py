"""Who may accept the tariff of an urgent matter for a client: whoever lacks one of the conditions may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailgate.desk.claims import find_claims
from mailgate.desk.clients_mail import URGENT_OFFER
from mailgate.desk.decide import Outcome, decide
from mailgate.desk.effects import AcceptTariff
from mailgate.desk.facts import ClientFacts, ContactFacts, Facts, Status, TicketFacts
from mailgate.desk.standing import Rank, Standing
from mailgate.desk.tokens import Issued
from mailgate.mail.message import Address, Envelope, Message, Parts

JUAN = "juan@empresa.co"
CLIENT = ClientFacts(1, "ABC123", "900123456", "Empresa", "anual", "active")
CONTACT = ContactFacts(1, JUAN, "Juan", CLIENT, confirmed=True, may_commit=True)
TOLD = Issued("nonce1", 1042, JUAN, "client")
TICKET = TicketFacts(1042, Status.OPEN, "Caída", JUAN, "Juan", 1, 1, frozenset({JUAN}), "es", "soporte@desk.co")
MAY = Facts(contact=CONTACT, ticket=TICKET, reply_to_letter=TOLD, replying_to=URGENT_OFFER.letter)


def accepts(facts: Facts) -> bool:
    mail = Message(subject="Re: [#1042] Caída", senders=(Address("Juan", JUAN),), parts=Parts("ACEPTO"))
    claims = find_claims(mail, Envelope(JUAN), "[#{number}]")
    decision = decide(mail, claims, facts, Standing(Rank.PARTICIPANT, JUAN, ("signed",)))
    assert decision.outcome is Outcome.COMMENT  # what they said stands on the ticket, either way
    return any(isinstance(effect, AcceptTariff) for effect in decision.effects)


def test_a_contact_who_may_commit_accepts_in_answer_to_the_tariff() -> None:
    assert accepts(MAY)


@pytest.mark.parametrize(
    "facts",
    [
        replace(MAY, contact=replace(CONTACT, client=replace(CLIENT, state="expired"))),
        replace(MAY, contact=replace(CONTACT, confirmed=False)),
        replace(MAY, contact=replace(CONTACT, may_commit=False)),
        replace(MAY, contact=replace(CONTACT, client=None)),
        replace(MAY, contact=None),
        replace(MAY, reply_to_letter=replace(TOLD, recipient="otro@empresa.co")),
        replace(MAY, reply_to_letter=None),
        replace(MAY, replying_to="acknowledgement"),
    ],
    ids=["no policy", "not approved", "may not commit", "no client", "nobody", "another's", "none", "other letter"],
)
def test_without_one_of_the_conditions_nobody_does(facts: Facts) -> None:
    assert not accepts(facts)
