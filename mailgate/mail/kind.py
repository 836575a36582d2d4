"""Judges what sort of sender speaks: a person, or which machine, and says by which header or words it knew.

Structure is believed first (reports, calendars), then headers that only machines write, and the words of a subject
never alone: a client may well complain that "la respuesta automática no funciona". Pure, never raises; in doubt, human.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message as Tree

from mailgate.mail import body
from mailgate.mail.automatic import find_challenge, find_vacation
from mailgate.mail.bounce import find_bounce, is_abuse_report
from mailgate.mail.headers import get_header, header_addresses, header_names
from mailgate.mail.message import Bounce, Kind

_NOT_AUTOMATIC = re.compile(r"no(?:$|[\s;(])")
_AUTOMATIC_HEADERS = (
    "x-autoreply",
    "x-auto-reply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-responder",
    "x-autoresponse",
    "x-autoreply-from",
    "x-autorespond-from",
    "x-mail-autoreply",
    "x-vacation",
    "x-vacation-message",
    "x-fc-machinegenerated",
    "x-amazon-auto-reply",
    "x-auto-generated",
    "x-apple-unsubscribe",
    "x-cron-env",
)
_DECLARING = frozenset(("auto-submitted", "precedence", "x-precedence", "x-post-messageclass", *_AUTOMATIC_HEADERS))
_OF_LISTS = frozenset(("precedence", "list-id", "list-post", "list-unsubscribe", "x-original-to"))
_NOBODY = re.compile(
    r"^(?:no|do|not|nao|n[aã]o)?[._-]?(?:not?[._-]?)?(?:reply|replay|responder|respond|responda|contestar|conteste)"
    r"(?:[._+-][^@]{0,60})?@|^no-?responder|^noreply|^donotreply|^bounces?[+@-]",
    re.IGNORECASE,
)
_CALENDAR_METHODS = frozenset({"request", "reply", "counter", "cancel", "refresh", "declinecounter", "add"})
_RECEIPT = 1000  # characters of a read receipt that say so
_READ_SUBJECT = re.compile(r"(?:le[ií]d[oa]|no le[ií]d[oa]|read|not read|lid[oa]|n[aã]o lid[oa])\s*:", re.IGNORECASE)
_READ = re.compile(
    r"\b(?:fue le[ií]do el|se elimin[oó] sin (?:leer|ser le[ií]do)|was read on|was deleted without being read"
    r"|foi lida em)\b",
    re.IGNORECASE,
)


def judge(
    tree: Tree,
    *,
    subject: str,
    text: str,
    is_own: bool = False,
    own_addresses: frozenset[str] = frozenset(),
    bounce: Bounce | None = None,
) -> tuple[Kind, str]:
    """(kind, what told it). ``text`` is the whole readable text; ``is_own`` that it bears a mark of ours.

    ``own_addresses`` are the desk's: a mailing list of that name is how people reach the desk, not a list it reads.
    ``bounce`` spares a second reading when ``find_bounce`` has been asked already.
    """
    if is_own:
        return Kind.OWN, "our own mark"
    found = bounce or find_bounce(tree, text)
    parts = list(body.walk(tree))
    return (
        _judge_report(tree, parts, found)
        or _judge_calendar(parts)
        or _judge_receipt(subject, text)
        or _judge_declared(tree)
        or _judge_words(tree, subject, text)
        or _judge_bulk(tree, own_addresses)
        or (Kind.HUMAN, "")
    )


def _judge_report(tree: Tree, parts: Sequence[Tree], bounce: Bounce | None) -> tuple[Kind, str] | None:
    if bounce is not None and is_abuse_report(bounce):
        return Kind.BULK, "feedback report (RFC 5965)"
    if bounce is not None:
        reason = f"delivery report: {bounce.action} {bounce.status}".strip()
        kinds = {"failed": Kind.BOUNCE, "delayed": Kind.DELAY}
        return kinds.get(bounce.action, Kind.RECEIPT), reason
    types = {body.content_type(part) for part in parts}
    declared = body.param(tree, "report-type").lower()
    if "message/disposition-notification" in types or declared == "disposition-notification":
        return Kind.RECEIPT, "disposition notification (RFC 8098)"
    if declared == "delivery-status" and body.content_type(tree) == "multipart/report":
        return Kind.BOUNCE, "report-type=delivery-status"
    return None


def _judge_calendar(parts: Sequence[Tree]) -> tuple[Kind, str] | None:
    """iTIP (RFC 5546): an invitation or an answer to one. A calendar file that somebody attached has no method."""
    for part in parts:
        if body.content_type(part) != "text/calendar":
            continue
        method = body.param(part, "method").lower()
        if method in _CALENDAR_METHODS:
            return Kind.CALENDAR, f"text/calendar; method={method}"
    return None


def _judge_receipt(subject: str, text: str) -> tuple[Kind, str] | None:
    """A read receipt that some server on the way has made plain text of, as Exchange's do."""
    told = _READ_SUBJECT.match(subject.strip()) and _READ.search(text[:_RECEIPT])
    return (Kind.RECEIPT, f"text {told[0]!r}") if told else None


def _judge_declared(tree: Tree) -> tuple[Kind, str] | None:
    """Headers in which a program says that it wrote by itself."""
    if _DECLARING.isdisjoint(header_names(tree)):
        return None
    submitted = get_header(tree, "auto-submitted").strip().lower()
    if _NOT_AUTOMATIC.match(submitted):
        return Kind.HUMAN, "Auto-Submitted: no"
    if submitted:
        of_a_list = "generated" in submitted and get_header(tree, "list-id")
        return (Kind.BULK if of_a_list else Kind.AUTO_REPLY), f"Auto-Submitted: {submitted[:80]}"
    for name in _AUTOMATIC_HEADERS:
        value = get_header(tree, name).strip().lower()
        if value and value not in ("no", "false", "0", "none"):
            return Kind.AUTO_REPLY, f"{name}: {value[:80]}"
    for name in ("precedence", "x-precedence"):
        if get_header(tree, name).strip().lower() in ("auto_reply", "auto-reply", "autoreply"):
            return Kind.AUTO_REPLY, f"{name}: auto_reply"
    if "autoresponder" in get_header(tree, "x-post-messageclass").lower():
        return Kind.AUTO_REPLY, "X-POST-MessageClass"
    return None


def _judge_bulk(tree: Tree, own_addresses: frozenset[str]) -> tuple[Kind, str] | None:
    if _OF_LISTS.isdisjoint(header_names(tree)):
        return _judge_sender(tree)
    precedence = get_header(tree, "precedence").strip().lower()
    posting = {one.address for one in header_addresses(tree, "x-original-to")} | _posting_addresses(tree)
    if posting & own_addresses and precedence in ("", "list"):
        return None  # the desk's own address is a Google group or the like
    if list_id := get_header(tree, "list-id"):
        return Kind.BULK, f"List-Id: {list_id[:80]}"
    if precedence in ("bulk", "list", "junk"):
        return Kind.BULK, f"Precedence: {precedence}"
    if nobody := _judge_sender(tree):
        return nobody
    if not get_header(tree, "list-unsubscribe"):
        return None
    # Billing and CRM programs put List-Unsubscribe on mail that one person writes to one other.
    for sign in ("list-unsubscribe-post", "feedback-id", "x-campaign", "x-campaignid", "x-mailer-recptid", "list-post"):
        if get_header(tree, sign):
            return Kind.BULK, f"List-Unsubscribe with {sign}"
    return None


def _judge_sender(tree: Tree) -> tuple[Kind, str] | None:
    sender = next((one.address for one in header_addresses(tree, "from")), "")
    return (Kind.BULK, f"From: {sender}") if _NOBODY.match(sender) and not get_header(tree, "reply-to") else None


def _posting_addresses(tree: Tree) -> set[str]:
    found = re.findall(r"mailto:([^\s<>?,]{3,320})", get_header(tree, "list-post"), re.IGNORECASE)
    list_id = re.search(r"<([^<>\s@]{1,64}?)\.([^<>\s]{3,255})>", get_header(tree, "list-id"))
    named = [f"{list_id[1]}@{list_id[2]}"] if list_id else []
    return {address.lower() for address in found + named}


def _judge_words(tree: Tree, subject: str, text: str) -> tuple[Kind, str] | None:
    """Those who declare nothing: what they write, borne out by how they send it."""
    if get_header(tree, "list-id"):
        return None
    words = find_challenge(tree, subject, text) or find_vacation(tree, subject, text)
    if words:
        return Kind.AUTO_REPLY, words
    return None
