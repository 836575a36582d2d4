"""Who writes to the desk in tests of decisions: an agent, management, a client's people; and the decision as a line.

row(agent_says("#cerrar"))  →  "commands agent-closed: closed receipt"
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from mailgate.desk.claims import find_claims
from mailgate.desk.decide import decide
from mailgate.desk.decision import Decision
from mailgate.desk.facts import AgentFacts, ClientFacts, ContactFacts, DeskFacts, Facts, Role, Status, TicketFacts
from mailgate.desk.pqrs import rules_of
from mailgate.desk.standing import Rank, Standing
from mailgate.desk.tokens import Issued
from mailgate.mail.message import Address, Attachment, Envelope, Message, Parts
from mailgate.settings import load

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
JUAN = "juan@empresa.co"
ANA = AgentFacts(1, "ana@desk.co", "Ana María Peña", Role.AGENT)
LUIS = AgentFacts(2, "luis@desk.co", "Luis Gómez", Role.AGENT)
BOSS = AgentFacts(4, "gerencia@desk.co", "Gerencia", Role.MANAGEMENT)
COMPANY = ClientFacts(7, "ABC123", "900123456", "Empresa S.A.", "Oro", "active")
CONTACT = ContactFacts(1, JUAN, "Juan Peña", COMPANY, True)
TICKET = TicketFacts(
    1042, Status.OPEN, "Factura", JUAN, "Juan Peña", 7, None, frozenset({JUAN, "contador@firma.co"}), "es",
    "soporte@desk.co",
)  # fmt: skip
DESK = DeskFacts(NOW, ZoneInfo("America/Bogota"), agents=(ANA, LUIS, BOSS), ours=("soporte@desk.co",))
RULES = rules_of(load(None, {"MAILGATE_DESK_PQRS_ADDRESS": "pqrs@desk.co"}))
NOTICE = Issued("n", 1042, ANA.address, "agent")  # the letter that Ana answers


def written(
    text: str, author: str, rank: Rank, facts: Facts, *, subject: str = "", at: str = "soporte@desk.co", **more: object
) -> Decision:
    """What is decided on a mail; ``more`` is further of the Message."""
    subject = subject or ("Re: [#1042] Factura" if facts.ticket else "La impresora no imprime")
    mail = Message(subject=subject, senders=(Address("", author),), date=NOW, parts=Parts(text), **more)  # type: ignore[arg-type]
    claims = find_claims(mail, Envelope(author, (at,)), "[#{number}]")
    return decide(mail, claims, facts, Standing(rank, author, ("signed",)))


def row(decision: Decision) -> str:
    """Outcome, what happens to the ticket, letters in their order, and who gets them when it is not plain."""
    return f"{decision.outcome} {decision.happening.value}: {' '.join(order.letter for order in decision.letters)}"


def picture(name: str, content_id: str = "") -> Attachment:
    """A file; with ``content_id`` a picture that the text shows."""
    return Attachment(name, "image/png", b"x", "0" * 64, content_id, inline=bool(content_id))
