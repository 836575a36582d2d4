"""What the desk would do with one mail, and why: facts gathered, standing weighed, decision made. Changes nothing.

``process`` carries out what comes of it; ``explain`` shows it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from mailgate.desk.claims import Claims, find_claims
from mailgate.desk.client_forwards import with_forwarded
from mailgate.desk.decide import Decision, decide
from mailgate.desk.facts import Facts
from mailgate.desk.standing import Proof, Standing, weigh
from mailgate.letters.orders import Office
from mailgate.mail.authentication import find_verdict, read_own
from mailgate.mail.message import Envelope, Message
from mailgate.scan import Scan
from mailgate.settings import Settings
from mailgate.store import facts as store_facts
from mailgate.store import outbox
from mailgate.store.naming import Arrived

Read = Callable[[bytes, Envelope], Message]  # raises UnreadableMail


@dataclass(frozen=True, slots=True)
class Desk:
    """What working on mails needs: the settings, a reader, and the office that writes letters."""

    settings: Settings
    read: Read
    office: Office
    scan: Scan | None = None  # has files looked at


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that was thought about one mail."""

    message: Message
    claims: Claims
    facts: Facts
    standing: Standing
    decision: Decision


def judge(
    desk: Desk,
    message: Message,
    envelope: Envelope,
    now: datetime,
    *,
    intake_id: int = 0,
    released_by: str = "",
    received_at: datetime | None = None,
) -> Judgement:
    """What the desk would do with a mail, and why. Reads the store, changes nothing."""
    settings = desk.settings
    claims = find_claims(message, envelope, settings.desk.tag)
    mail = Arrived(message, claims, received_at or now, intake_id, released_by)
    facts = store_facts.gather(mail, settings, desk.office.keys, now)
    facts = replace(facts, wants_no_answer=_has_null_path(message, envelope))
    if facts.ticket is not None and message.sender is not None:
        sent = outbox.texts_sent(facts.ticket.number, message.sender.address)
        from mailgate.mail.parse import unquote_known  # with all that reads mail, which is the reader's elsewhere

        message = unquote_known(message, sent)
    if facts.agent is None:
        message = with_forwarded(message, settings.desk.addresses)
        facts = replace(facts, said_before=store_facts.said_before(message, now, intake_id))
    standing = weigh(message, envelope, claims, facts, prove(message, envelope, settings))
    return Judgement(message, claims, facts, standing, decide(message, claims, facts, standing))


def _has_null_path(message: Message, envelope: Envelope) -> bool:
    """Whether its server forbids answers (RFC 3834 section 2): MAIL FROM:<>, or what a mailbox's server noted of it."""
    spoken = envelope.channel in ("smtp", "lmtp") and not envelope.sender
    return spoken or message.header("return-path").strip() == "<>"


def prove(message: Message, envelope: Envelope, settings: Settings) -> Proof:
    """What we, or our own MX, found out about the From domain; nothing when neither looked."""
    if message.sender is None:
        return Proof.NONE
    domain = message.sender.address.rpartition("@")[2]
    ids = frozenset(name.casefold() for name in settings.smtp.authserv_ids)
    hops = _trusted_hops(envelope, settings)
    if envelope.checked:
        verdict = read_own(envelope.checked, domain)
    else:
        peer = hops is not None
        verdict = find_verdict(message.headers, ids, peer_is_trusted=peer, from_domain=domain, hops=hops or 0)
    if verdict.dmarc == "fail":
        return Proof.FAIL
    return Proof.PASS if verdict.aligned else Proof.NONE


def _trusted_hops(envelope: Envelope, settings: Settings) -> int | None:
    """How many Received headers of ours may stand above our MX's verdict; None when the mail did not come from it."""
    if envelope.channel == "imap":
        boxes = [box for box in settings.imap if box.label == envelope.peer and box.trusted_authserv]
        return boxes[0].trusted_hops if boxes else None
    try:
        peer = ipaddress.ip_address(envelope.peer)
    except ValueError:
        return None
    trusted = any(peer in ipaddress.ip_network(network, strict=False) for network in settings.smtp.trusted_peers)
    return settings.smtp.trusted_hops if trusted else None
