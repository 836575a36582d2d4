"""What the scorers of the shared corpora call: our own functions in the shapes they ask for."""

from __future__ import annotations

import logging
from typing import Any

from mailgate.mail import html
from mailgate.mail.collect import collect
from mailgate.mail.forwarded import find_forwarded
from mailgate.mail.message import Kind
from mailgate.mail.parse import read_tree, understand
from mailgate.mail.quotes import split_text
from mailgate.mail.quotes_html import split_html

logging.getLogger("mailparser").setLevel(logging.CRITICAL)  # it warns of every part that it does not manage


def parse(raw: bytes) -> object:
    message = understand(raw)
    repr(message).encode("utf-8")
    return message


def mime(raw: bytes) -> dict[str, Any]:
    """The texts as the collector found them: the scorer wants a part's HTML as sent, a Message has it sanitised."""
    message = understand(raw)
    blocks = collect(read_tree(raw, [])).blocks
    return {
        "subject": message.subject,
        "from": message.senders[0].address if message.senders else "",
        "text": "\n".join(block.text for block in blocks),
        "html": "\n".join(block.html for block in blocks),
        "attachments": [
            {"filename": file.name, "size": file.size, "sha256": file.sha256} for file in message.attachments
        ],
    }


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
