"""A client who forwards somebody's mail tells with it: «favor revisar» above says nothing, the matter is below. Pure.

An agent's forward opens a ticket of its author instead (``forwards``); a letter of ours that comes back in a forward is
known already and stays a quote.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from mailgate.desk.addresses import is_ours
from mailgate.mail.message import Kind, Message


def with_forwarded(message: Message, ours: Collection[str]) -> Message:
    """The mail with what it forwards in its text among its own words, headers and all, as its program wrote it."""
    parts = message.parts
    told = [one for one in message.forwarded if not one.attached and not is_ours(one.sender.address, ours)]
    if message.kind is not Kind.HUMAN or not told or not parts.quote.strip():
        return message
    own = "\n\n".join(filter(None, (parts.own.strip(), parts.quote.strip())))
    return replace(message, parts=replace(parts, own=own, quote=""), own_html="")
