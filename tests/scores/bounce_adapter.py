"""Puts the judge of kinds and the reader of bounces behind the call that the bounce scorer makes."""

from __future__ import annotations

import email
from typing import Any

from mailgate.mail import body
from mailgate.mail.bounce import find_bounce
from mailgate.mail.headers import get_header
from mailgate.mail.kind import judge
from mailgate.mail.message import Kind

_KINDS = {Kind.BOUNCE: "bounce", Kind.DELAY: "delay", Kind.AUTO_REPLY: "autoreply"}


def bounce(raw: bytes) -> dict[str, Any]:
    """The scorer's kind and recipients of one raw mail."""
    tree = email.message_from_bytes(raw)
    text = readable_text(tree)
    found = find_bounce(tree, text)
    kind, reason = judge(tree, subject=get_header(tree, "subject"), text=text, bounce=found)
    named = "arf" if kind is Kind.BULK and found is not None else _KINDS.get(kind, "normal")
    return {"kind": named, "recipients": list(found.recipients) if found else [], "why": reason}


def readable_text(tree: Any) -> str:
    """The text parts one after the other, HTML without its tags where there is no plain text."""
    parts = [part for part in body.walk(tree) if body.content_type(part).startswith("text/")]
    plain = [body.text(part) for part in parts if body.content_type(part) == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    from selectolax.lexbor import LexborHTMLParser

    html = [body.text(part) for part in parts if body.content_type(part) == "text/html"]
    return "\n".join(LexborHTMLParser(markup).text(separator="\n") for markup in html)
