"""Reads delivery reports: what could not be delivered, to whom, why, and which letter it was.

Three ways, the surest first: the machine-readable parts of RFC 3464 (and RFC 5965 for abuse reports, RFC 5429 for
Sieve's refusals), the header and the wordings of servers that keep to no standard, then flufl.bounce for the odd rest.
A report attached to a person's mail is that person's file, not a report. Never raises: what cannot be read is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email.message import Message as Tree

from mailgate.mail import body
from mailgate.mail.bounce_text import (
    find_diagnostic,
    find_recipients,
    find_status,
    is_delay,
    is_report,
    may_be_report,
    report_part,
)
from mailgate.mail.charset import clean_line
from mailgate.mail.headers import all_headers, decode_value, get_header, normal_address, parse_ids, raw_headers
from mailgate.mail.message import Bounce

_MOST_RECIPIENTS = 200
_LONGEST_REPORT = 200_000
_LARGEST_FOR_FLUFL = 100_000
_STATUS_TYPES = frozenset(("message/delivery-status", "message/global-delivery-status"))
_FOR_MACHINES = _STATUS_TYPES | {"message/disposition-notification", "message/feedback-report"}
_ONCE = frozenset({"final-recipient", "original-recipient", "action", "status"})
_LONGEST_DIAGNOSTIC = 1000
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_SEVERITY = ("failed", "delayed", "expanded", "relayed", "delivered")
_FIELD = re.compile(r"([!-9;-~]{1,60})[ \t]?:[ \t]?(.*)")
_MESSAGE_ID = re.compile(r"^[> \t]{0,8}message-id:\s{0,80}(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE)

Fields = dict[str, str]


def find_bounce(tree: Tree, text: str) -> Bounce | None:
    """The delivery report that this mail is, or None. ``text`` is the readable text of the mail."""
    parts = list(body.walk(tree))
    for_machines = not _FOR_MACHINES.isdisjoint(map(body.content_type, parts))
    abuse = _find_abuse_report(tree, parts)
    if abuse is not None:
        return abuse
    told = (_from_status_part(tree, parts, text) or _from_refusal(tree, parts, text)) if for_machines else None
    return told or _from_text(tree, parts, text)


def is_abuse_report(bounce: Bounce) -> bool:
    """An ARF complaint (RFC 5965) carries no delivery action and no status."""
    return not bounce.action and not bounce.status


def _from_status_part(tree: Tree, parts: list[Tree], text: str) -> Bounce | None:
    blocks = [block for part in parts if _is_status_part(part) for block in _blocks(part)]
    return _from_blocks(blocks, tree, parts, text)


def _from_blocks(blocks: list[Fields], tree: Tree, parts: list[Tree], text: str) -> Bounce | None:
    reported = [(block, address) for block in blocks if (address := _recipient(block))]
    actions = {_action(block) for block, _ in reported}
    action = next((word for word in _SEVERITY if word in actions), "")
    if not reported or not action:
        return None
    told = [(block, address) for block, address in reported if _action(block) == action]
    status = next((found[1] for block, _ in told if (found := _STATUS.search(block.get("status", "")))), "")
    diagnostic = next((block["diagnostic-code"] for block, _ in told if block.get("diagnostic-code")), "")
    # "5.0.0" says only that it failed; the server's words often hold the real code.
    if status in ("", "5.0.0", "4.0.0"):
        status = find_status(diagnostic) or status or find_status(report_part(text))
    return Bounce(
        recipients=_unique(address for _, address in told),
        status=status,
        action=action,
        diagnostic=_shorten(diagnostic.partition(";")[2] if _has_type(diagnostic) else diagnostic)
        or find_diagnostic(report_part(text)),
        original_message_id=_original_id(tree, parts, text),
    )


def _is_status_part(part: Tree) -> bool:
    return body.content_type(part) in _STATUS_TYPES


def _blocks(part: Tree) -> Iterator[Fields]:
    """The groups of fields of a message/delivery-status, in any encoding (some servers send base64)."""
    inside = body.children(part)
    if not inside:
        yield from _split_blocks(body.text(part))
    for child in inside:
        lines = [f"{name}: {decode_value(value)}" for name, value in raw_headers(child)]
        rest = body.payload(child).decode("utf-8", "replace")  # a line that is no field ended the parser's reading
        yield from _split_blocks("\n".join(lines) + f"\n{rest}")


def _split_blocks(text: str) -> Iterator[Fields]:
    """Fields grouped by empty lines, or by the repetition of a field where a server forgets the empty line."""
    block: Fields = {}
    last = ""
    for line in text[:_LONGEST_REPORT].split("\n"):
        found = _FIELD.match(line)
        name = found[1].lower() if found else ""
        if block and (not line.strip() or (name in block and name in _ONCE)):
            yield block
            block, last = {}, ""
        if line[:1] in (" ", "\t") and last:
            block[last] = f"{block[last]} {line.strip()}"[: _LONGEST_DIAGNOSTIC * 4]
        elif found and name not in block:
            last = name
            block[last] = clean_line(found[2])
    if block:
        yield block


def _recipient(block: Fields) -> str:
    """Final-Recipient is the address that failed; which one the letter was written to, the letter itself knows.

    One that is meant inside a host only ("ana@mailhub0") gives way to the one that the sender wrote.
    """
    names = ("final-recipient", "original-recipient", "x-actual-recipient")
    found = [address for name in names if (address := _report_address(block.get(name, "")))]
    return next((address for address in found if "." in address.rpartition("@")[2]), found[0] if found else "")


def _report_address(value: str) -> str:
    kind, semicolon, rest = value.partition(";")
    address = (rest if semicolon and "@" not in kind else value).strip()
    inner = re.search(r"<([^<>\s]{3,320})>", address)
    address = inner[1] if inner else address.partition(" (")[0].strip().strip("<>").split(" ")[-1]
    if address.startswith("@") and ":" in address:
        address = address.partition(":")[2]  # a source route, RFC 5321 section 4.1.1.3
    return normal_address(address.strip("'"))


def _action(block: Fields) -> str:
    word = re.match(r"[a-z]*", block.get("action", "").strip().lower())
    named = {"failure": "failed", "fail": "failed", "delay": "delayed", "delivery": "delivered"}
    action = word[0] if word else ""
    action = named.get(action, action)
    if action in _SEVERITY:
        return action
    status = block.get("status", "").strip()
    return {"5": "failed", "4": "delayed", "2": "delivered"}.get(status[:1], "failed" if block else "")


def _has_type(diagnostic: str) -> bool:
    return re.match(r"[\w-]{1,20};", diagnostic) is not None


def _from_refusal(tree: Tree, parts: list[Tree], text: str) -> Bounce | None:
    """Sieve's ``reject`` sends a disposition notification that says "deleted" (RFC 5429 section 2.1.2)."""
    notices = [part for part in parts if body.content_type(part) == "message/disposition-notification"]
    refused = "rejected" in get_header(tree, "auto-submitted").lower() or "rejected" in text[:400].lower()
    for block in (block for part in notices for block in _blocks(part)):
        if "deleted" in block.get("disposition", "").lower() and refused:
            return Bounce(
                recipients=_unique([_recipient(block)]),
                status=find_status(text[:2000]),
                action="failed",
                diagnostic=_shorten(" ".join(text[:400].split())),
                original_message_id=next(iter(parse_ids(block.get("original-message-id", ""))), ""),
            )
    return None


def _from_text(tree: Tree, parts: list[Tree], text: str) -> Bounce | None:
    """Reports in prose: Gmail's old ones, qmail, Exim, Exchange 2003, Notes, Yahoo, IMail and those in Spanish."""
    if not may_be_report(tree, text):
        return None
    failed_header = [address for value in all_headers(tree, "x-failed-recipients") for address in value.split(",")]
    report = report_part(text)
    if not is_report(tree, report, text):
        return None
    if loose := _from_blocks(_loose_blocks(tree, text), tree, parts, text):
        return loose
    delayed = is_delay(get_header(tree, "subject"), report)
    recipients = _unique(_report_address(address) for address in failed_header) or _unique(find_recipients(report))
    if not recipients:
        temporary, permanent = _ask_flufl(tree)
        recipients = _unique(permanent or temporary)
        delayed = delayed or bool(temporary and not permanent)
    return Bounce(
        recipients=recipients,
        status=find_status(report),
        action="delayed" if delayed else "failed",
        diagnostic=find_diagnostic(report),
        original_message_id=_original_id(tree, parts, text),
    )


def _loose_blocks(tree: Tree, text: str) -> list[Fields]:
    """RFC 3464 fields written as text: a report inside a report, or one whose boundary was lost on the way."""
    undivided = body.content_type(tree).startswith("multipart/") and not tree.is_multipart()
    whole = body.payload(tree).decode("utf-8", "replace") if undivided else text
    return [block for block in _split_blocks(whole) if "action" in block and "final-recipient" in block]


def _ask_flufl(tree: Tree) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(delayed, failed) addresses as flufl.bounce reads them; it raises on some mails, which then say nothing.

    It reads every line with some hundred patterns: four seconds a megabyte, so it is asked about small mails only.
    """
    if sum(len(body.payload(part)) for part in body.walk(tree)) > _LARGEST_FOR_FLUFL:
        return (), ()
    try:
        from flufl.bounce import all_failures

        temporary, permanent = all_failures(body.fetch(tree))
    except Exception:
        return (), ()
    return _as_addresses(temporary), _as_addresses(permanent)


def _as_addresses(found: object) -> tuple[str, ...]:
    assert isinstance(found, frozenset | set)
    words = sorted(item.decode("latin-1") if isinstance(item, bytes) else str(item) for item in found)
    return tuple(address for word in words if (address := normal_address(word)))


def _find_abuse_report(tree: Tree, parts: list[Tree]) -> Bounce | None:
    """RFC 5965 feedback reports; and Hotmail's, which attach the mail without saying what they are."""
    notices = [part for part in parts if body.content_type(part) == "message/feedback-report"]
    declared = body.param(tree, "report-type").lower() == "feedback-report"
    junk_mail_report = bool(get_header(tree, "x-hmxmroriginalrecipient")) or (
        get_header(tree, "from").lower().strip("<>").endswith("staff@hotmail.com")
        and "complaint about message from" in get_header(tree, "subject").lower()
    )
    if not (notices or declared or junk_mail_report):
        return None
    blocks = [block for part in notices for block in _blocks(part)]
    recipients = [_report_address(block.get("original-rcpt-to", "")) for block in blocks]
    return Bounce(recipients=_unique(recipients), original_message_id=_original_id(tree, parts, ""))


def _original_id(tree: Tree, parts: list[Tree], text: str) -> str:
    """Message-ID of the letter that came back: from the returned message or headers, else from the text."""
    for part in parts:
        if body.content_type(part) == "message/rfc822":
            for inner in body.children(part):
                if found := parse_ids(get_header(inner, "message-id")):
                    return found[0]
    for part in parts:
        if body.content_type(part) in ("text/rfc822-headers", "message/rfc822-headers", "message/rfc822"):
            named = _id_in(body.text(part) or body.payload(part).decode("utf-8", "replace"))
            if named:
                return named
    returned = text[len(report_part(text)) :]
    return _id_in(returned) or next(iter(parse_ids(get_header(tree, "in-reply-to"))), "")


def _id_in(headers: str) -> str:
    found = re.search(
        r"^[> \t]{0,8}message-id:\s{0,80}(<[^<>\s]{3,900}>)", headers[:100_000], re.IGNORECASE | re.MULTILINE
    )
    return found[1] if found else ""


def _unique(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address for address in addresses if address))[:_MOST_RECIPIENTS]


def _shorten(text: str) -> str:
    return clean_line(text)[:_LONGEST_DIAGNOSTIC].strip()
