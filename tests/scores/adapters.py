"""What the scorers of the shared corpora call: our own functions in the shapes they ask for."""

from __future__ import annotations

import hashlib
import logging
import re
from email import message_from_bytes
from typing import Any

from mailgate.mail import html
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
    """A mail in the words of the sets' authors, who count texts and files of attached messages as the mail's own.

    They also write ``utf-8`` into the first <meta charset>, show domains in Unicode, and hash an attached message as
    the standard library writes it again (ours are the bytes that came), so the same is done to ours before comparing.
    """
    message = understand(raw)
    found = collect(read_tree(raw, []))
    inner = [collect(tree) for tree in found.messages]
    blocks = [*found.blocks, *(block for one in inner for block in one.blocks)]
    attachments = [*message.attachments, *(file for one in inner for file in one.attachments)]
    return {
        "subject": message.subject,
        "from": _in_unicode(message.senders[0].address) if message.senders else "",
        "text": "\n".join(block.text for block in blocks),
        "html": _META_CHARSET.sub(r"\1utf-8", "\n".join(block.html for block in blocks), count=1),
        "attachments": [_file(attachment) for attachment in attachments],
    }


_META_CHARSET = re.compile(r"(<meta[^>]{1,80}?charset=\"?)[\w-]+", re.IGNORECASE)


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
