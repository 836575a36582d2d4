"""An agent's mail that comes too late, or that somebody sends again, is not obeyed: by its Date, and by the day on
which its domain signed it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailgate.desk.agents_mail import NEWEST, OLDEST
from mailgate.desk.claims import Claims
from mailgate.desk.decide import Outcome, Reason, decide
from mailgate.desk.facts import AgentFacts, DeskFacts, Facts, Role, Status, TicketFacts
from mailgate.desk.standing import Rank, Standing
from mailgate.mail.message import Address, Message, Parts

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANA = AgentFacts(1, "ana@desk.co", "Ana", Role.AGENT)
TICKET = TicketFacts(
    1042, Status.OPEN, "Factura", "juan@empresa.co", "Juan", 1, 1, frozenset({"juan@empresa.co"}), "es", "a@desk.co"
)
FACTS = Facts(agent=ANA, ticket=TICKET, desk=DeskFacts(NOW, ZoneInfo("America/Bogota"), agents=(ANA,)))


def reason(text: str, date: datetime | None, signed: datetime | None = None) -> Reason:
    headers = (("DKIM-Signature", f"v=1; d=desk.co; t={int(signed.timestamp())}; b=x"),) if signed else ()
    mail = Message(senders=(Address("Ana", ANA.address),), date=date, parts=Parts(text), headers=headers)
    decision = decide(mail, Claims(number=1042), FACTS, Standing(Rank.AGENT, ANA.address, ("signed",)))
    assert (decision.reason is Reason.STALE) == (decision.outcome is Outcome.HELD)
    return decision.reason


@pytest.mark.parametrize("date", [NOW - OLDEST, NOW, NOW + NEWEST])
def test_a_mail_of_the_last_days_is_obeyed(date: datetime) -> None:
    assert reason("#cerrar", date) is not Reason.STALE


@pytest.mark.parametrize("date", [NOW - OLDEST - SECOND, NOW + NEWEST + SECOND])
def test_an_older_one_and_one_of_the_future_are_held(date: datetime) -> None:
    assert reason("#cerrar", date) is Reason.STALE
    assert reason("Ya quedó resuelto.", date) is Reason.STALE


def test_a_new_date_does_not_make_an_old_signature_young() -> None:
    assert reason("#cerrar", NOW, signed=NOW - OLDEST) is not Reason.STALE
    assert reason("#cerrar", NOW, signed=NOW - OLDEST - SECOND) is Reason.STALE


def test_without_any_date_words_are_taken_and_commands_are_not() -> None:
    assert reason("#cerrar", None) is Reason.STALE
    assert reason("Ya quedó resuelto.", None) is not Reason.STALE


def test_management_is_not_obeyed_either_when_it_comes_too_late() -> None:
    boss = AgentFacts(2, "gerencia@desk.co", "Gerencia", Role.MANAGEMENT)
    facts = Facts(agent=boss, ticket=TICKET, desk=DeskFacts(NOW, ZoneInfo("America/Bogota"), agents=(ANA, boss)))
    for date, stale in ((NOW, False), (NOW - OLDEST - SECOND, True)):
        mail = Message(senders=(Address("Gerencia", boss.address),), date=date, parts=Parts("#urgente"))
        standing = Standing(Rank.MANAGEMENT, boss.address, ("signed",))
        decision = decide(mail, Claims(number=1042), facts, standing)
        assert (decision.reason is Reason.STALE) is stale
        assert bool(decision.effects) is not stale
