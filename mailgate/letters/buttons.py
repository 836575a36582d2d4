"""Buttons that work in every mail program: ``mailto:`` links with subject and body filled in (RFC 6068).

What they say stands in ``templates/<language>/words.toml``, table ``buttons``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from mailgate.desk.tokens import note_address


def mailto(address: str, subject: str, body: str = "") -> str:
    """A mailto URL. ``+`` is escaped too, for programs that take it for a blank; line breaks are CRLF."""
    text = quote(body.replace("\r\n", "\n").replace("\n", "\r\n"), safe="", errors="replace")
    url = f"mailto:{quote(address, safe='@', errors='replace')}?subject={quote(subject, safe='', errors='replace')}"
    return f"{url}&body={text}" if body else url


def make_buttons(
    words: Mapping[str, Any], keys: Iterable[str], *, reply_to: str, tag: str, pqrs_address: str | None = None
) -> list[dict[str, str]]:
    """Buttons for a letter, in order: ``{key, label, how, url}``, all text.

    ``words`` is ``Renderer.words(language)``; ``keys`` are solved, comment, status, urgent, reopen, pqrs, accept,
    reject. ``how`` says the same for who reads plain text. ``tag`` holds the ticket's number, "" for none. Raises
    KeyError for a button that the catalogue does not have.
    """
    made = []
    for key in keys:
        word = words["buttons"][key]
        address = pqrs_address if key == "pqrs" and pqrs_address else reply_to
        address = note_address(reply_to) if key == "note" else address
        subject = " ".join(part for part in (tag, word["subject"]) if part)
        url = mailto(address, subject, word["body"])
        made.append({"key": key, "label": word["label"], "how": word["how"], "url": url})
    return made
