"""What the scorers of the shared corpora call: our own functions in the shapes they ask for."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from email import message_from_bytes
from email.errors import CloseBoundaryNotFoundDefect
from email.message import Message as Tree
from typing import Any

from mailgate.mail import body, files, html
from mailgate.mail.collect import collect
from mailgate.mail.forwarded import find_forwarded
from mailgate.mail.message import Attachment, Kind
from mailgate.mail.parse import understand
from mailgate.mail.quotes import split_text
from mailgate.mail.quotes_html import split_html
from mailgate.mail.tree import read_tree

logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # it warns of every part that it does not manage


def parse(raw: bytes) -> object:
    message = understand(raw)
    repr(message).encode("utf-8")
    return message


def mime(raw: bytes) -> dict[str, Any]:
    """A mail in the words of the sets' authors, who call some things otherwise (README.md says what and whose).

    Texts and files of attached messages count as the mail's own; a text that is also a file there (it has a Content-ID,
    or the mail ends before it is closed) is given as both; where nobody can be told to be the author, From is as shown.
    """
    message = understand(raw)
    tree = read_tree(raw, [])
    found = collect(tree)
    inner = [collect(attached) for attached in found.messages]
    blocks = [*found.blocks, *(block for one in inner for block in one.blocks)]
    attachments = [*message.attachments, *(file for one in inner for file in one.attachments)]
    called_files = [*_with_content_id((tree, *found.messages)), *_never_closed(tree)]
    return {
        "subject": message.subject,
        "from": _in_unicode(message.senders[0].address) if message.senders else message.header("From"),
        "text": "".join(block.text for block in blocks),
        "html": "\n".join(_say_utf8(block.html) for block in blocks),
        "attachments": [_file(file) for file in (*attachments, *(files.from_part(part, 0) for part in called_files))],
    }


def _with_content_id(trees: Iterable[Tree]) -> list[Tree]:
    parts = [part for tree in trees for part in body.walk(tree) if body.content_type(part) in _TEXTS]
    return [part for part in parts if part["Content-ID"] and not files.given_name(part) and not body.disposition(part)]


def _never_closed(tree: Tree) -> list[Tree]:
    """The words after which a mail ends without the end of its multipart; all of one whose boundary never comes."""
    if not body.content_type(tree).startswith("multipart/"):
        return []
    *_, last = body.walk(tree)
    unclosed = last is tree or any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in tree.defects)
    is_text = last is tree or body.content_type(last) in _TEXTS
    return [last] if unclosed and is_text and body.payload(last).strip() else []


_TEXTS = ("text/plain", "text/html")
_META = re.compile(r"<\s*meta\s[^<>]*?content-type[^<>]*>", re.IGNORECASE)


def _say_utf8(text: str) -> str:
    meta = _META.search(text)
    if meta is None:
        return text
    said = re.sub(r"charset\s*=\s*[\w:.+-]+", "charset=utf-8", meta[0], count=1, flags=re.IGNORECASE)
    return text.replace(meta[0], said)


def _in_unicode(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.encode().decode('idna')}" if "xn--" in domain else address


def _file(attachment: Attachment) -> dict[str, Any]:
    content = attachment.content
    if attachment.type == "message/rfc822":
        content = message_from_bytes(content).as_bytes()
    name = attachment.name if attachment.named else ""
    return {"filename": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def quote(text: str, content_type: str = "text/plain") -> str:
    if content_type == "text/html":
        return split_html(html.visible(text)).own
    return split_text(text).own


def forward(text: str, subject: str | None = None) -> dict[str, Any] | None:
    found = find_forwarded(text, subject or "")
    if found is None:
        return None
    return {
        "from_address": found.sender.address,
        "from_name": found.sender.name,
        "subject": found.subject,
        "body": found.body,
        "message": found.message,
    }


_KINDS = {Kind.BOUNCE: "bounce", Kind.DELAY: "delay", Kind.AUTO_REPLY: "autoreply"}


def bounce(raw: bytes) -> dict[str, Any]:
    message = understand(raw)
    kind = _KINDS.get(message.kind, "normal")
    if message.kind is Kind.BULK and message.bounce is not None:
        kind = "arf"
    recipients = list(message.bounce.recipients) if message.bounce else []
    return {"kind": kind, "recipients": recipients, "why": message.kind_reason}
