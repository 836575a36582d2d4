"""Whose mail it is: one function weighs the evidence and gives the sender's standing on the ticket that the mail names.

The number in a subject is an address, never a permission; a From is a claim, and the evidence beside it says how far it
goes. Everything that was weighed is kept as words, for ``explain`` and for the agent who releases a held mail.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from mailgate.desk.claims import Claims
from mailgate.desk.facts import Facts, Role
from mailgate.mail.message import Envelope, Message

MOST_WRONG = 3  # wrong pairs of licence and NIT that are answered


class Proof(enum.StrEnum):
    """What our own MX, or we, found about the From domain (RFC 7489)."""

    PASS = "pass"  # noqa: S105  # aligned SPF, DKIM or DMARC
    FAIL = "fail"  # DMARC says: forged
    NONE = "none"  # nothing to go by


class Rank(enum.StrEnum):
    """What the sender is on this mail. From the top: may most, may nothing."""

    AGENT = "agent"  # proven
    MANAGEMENT = "management"  # proven
    PARTICIPANT = "participant"  # contact of the ticket's client, its requester, or added to it
    HOLDER = "holder"  # has the signed address or Message-ID that we gave somebody else
    CONTACT = "contact"  # known, but the ticket named (if any) is not theirs
    IDENTIFIED = "identified"  # unknown so far, proven, and knows a client's licence and NIT
    PROVEN_STRANGER = "proven-stranger"  # unknown, and really who they say
    STRANGER = "stranger"  # unknown, unproven
    UNPROVEN_STAFF = "unproven-staff"  # an agent's or management's address without proof
    FORGED = "forged"  # the From domain disowns the mail
    NOBODY = "nobody"  # no author that can be read, or several


@dataclass(frozen=True, slots=True)
class Standing:
    """The rank, whose address it was weighed for, and the evidence in words."""

    rank: Rank
    address: str
    evidence: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rank} ({'; '.join(self.evidence)})"


def weigh(message: Message, envelope: Envelope, claims: Claims, facts: Facts, proof: Proof) -> Standing:
    """The standing of a mail's sender."""
    sender = message.sender
    if sender is None:
        told = "several authors" if message.senders else "no author"
        return Standing(Rank.NOBODY, "", (f"the From header names {told} that can be read",))
    evidence = _evidence(sender.address, envelope, claims, facts, proof)
    return Standing(_rank(sender.address, envelope, claims, facts, proof), sender.address, evidence)


def _rank(address: str, envelope: Envelope, claims: Claims, facts: Facts, proof: Proof) -> Rank:
    if facts.released_by:
        return _rank_on_word(facts)
    if proof is Proof.FAIL and not _logged_in_as(address, envelope):
        return Rank.FORGED
    if facts.agent is not None:
        if not _staff_is_proven(address, envelope, facts, proof):
            return Rank.UNPROVEN_STAFF
        return Rank.MANAGEMENT if facts.agent.role is Role.MANAGEMENT else Rank.AGENT
    if facts.ticket is not None:
        if _may_follow_up(address, facts):
            return Rank.PARTICIPANT
        if _holds_a_letter(facts):
            return Rank.HOLDER
    proven = proof is Proof.PASS or _reads_their_mail(address, facts)
    if proven and may_identify(facts):
        return Rank.IDENTIFIED
    if facts.contact is not None:
        return Rank.CONTACT
    return Rank.PROVEN_STRANGER if proven else Rank.STRANGER


def may_identify(facts: Facts) -> bool:
    """Whether licence and NIT agree; after some wrong pairs nobody listens any more, or all could be tried."""
    known = facts.identification
    return known is not None and known.client is not None and known.wrong < MOST_WRONG


def _reads_their_mail(address: str, facts: Facts) -> bool:
    """Answers with the signed address that we sent to this very address: as good as a domain's word."""
    return facts.reply_to_letter is not None and facts.reply_to_letter.recipient == address


def _rank_on_word(facts: Facts) -> Rank:
    """An agent has looked at the mail and vouches for it: it may what its address could, if it were proven."""
    if facts.agent is not None:
        return Rank.MANAGEMENT if facts.agent.role is Role.MANAGEMENT else Rank.AGENT
    return Rank.PARTICIPANT if facts.ticket else Rank.CONTACT


def _staff_is_proven(address: str, envelope: Envelope, facts: Facts, proof: Proof) -> bool:
    """SMTP AUTH as that agent, the reply address issued to that agent, or an aligned verdict (SPEC 4)."""
    issued = facts.reply_to_letter
    return (
        _logged_in_as(address, envelope)
        or (issued is not None and issued.recipient == address and issued.role != Role.CLIENT)
        or proof is Proof.PASS
    )


def _logged_in_as(address: str, envelope: Envelope) -> bool:
    return bool(envelope.auth_user) and envelope.auth_user.casefold() == address


def _may_follow_up(address: str, facts: Facts) -> bool:
    ticket, contact = facts.ticket, facts.contact
    assert ticket is not None
    if address in ticket.participants:
        return True
    if contact is None or contact.client is None or not contact.confirmed:
        return False
    return contact.client.id == ticket.client_id


def _holds_a_letter(facts: Facts) -> bool:
    """A client's letter, passed on to somebody: agents' letters give nobody else anything."""
    letters = [letter for letter in (facts.reply_to_letter, facts.answers_letter) if letter]
    ticket = facts.ticket
    assert ticket is not None
    return any(letter.role == Role.CLIENT and letter.ticket == ticket.number for letter in letters)


def _evidence(address: str, envelope: Envelope, claims: Claims, facts: Facts, proof: Proof) -> tuple[str, ...]:
    said = [f"From {address}"]
    if facts.agent:
        said.append(f"the address of {facts.agent.role} {facts.agent.name}")
    if facts.identification and facts.identification.papers.complete:
        agreed = facts.identification.client
        said.append(f"licence and NIT of {agreed.licence}" if agreed else "a licence and a NIT that do not agree")
    if facts.contact:
        client = facts.contact.client
        said.append(f"contact of {client.licence}" if client else "known contact")
        if not facts.contact.confirmed:
            said.append("contact not yet approved")
    if not facts.agent and not facts.contact:
        said.append("unknown address")
    if envelope.auth_user:
        said.append(f"logged in as {envelope.auth_user}")
    said.append({"pass": "domain verified", "fail": "domain says forged", "none": "domain not verified"}[proof])
    if facts.reply_to_letter:
        said.append(f"signed reply address issued to {facts.reply_to_letter.recipient}")
    elif claims.reply_token:
        said.append("reply address with a wrong signature")
    if facts.answers_letter:
        said.append(f"answers our letter to {facts.answers_letter.recipient}")
    elif claims.reference_tokens:
        said.append("reference with a wrong signature")
    if claims.number is not None:
        said.append(f"subject names #{claims.number}")
    if facts.released_by:
        said.append(f"released by {facts.released_by}")
    if facts.ticket and address in facts.ticket.participants:
        said.append("participant of the ticket")
    return tuple(said)
