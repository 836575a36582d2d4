"""Buttons that work in every mail program: ``mailto:`` links with subject and body filled in (RFC 6068).

What they say stands in ``templates/<language>/words.toml``, table ``buttons``. Pure.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from mailgate.desk.tokens import note_address


def mailto(address: str, subject: str, body: str = "", *, tag: str = "") -> str:
    """A mailto URL. ``+`` is escaped too, for programs that take it for a blank; line breaks are CRLF.

    ``tag`` goes before the subject: quoted apart, so that what every letter says is quoted once.
    """
    told = "%20".join(_quoted(part) for part in (tag, subject) if part)
    url = f"mailto:{_quoted(address, '@')}?subject={told}"
    return f"{url}&body={_quoted(body)}" if body else url


@functools.lru_cache(maxsize=256)
def _quoted(text: str, safe: str = "") -> str:
    """Remembered: most buttons say the same in every letter."""
    return quote(text.replace("\r\n", "\n").replace("\n", "\r\n"), safe=safe, errors="replace")


def make_buttons(
    words: Mapping[str, Any],
    keys: Iterable[str],
    *,
    reply_to: str,
    tag: str,
    pqrs_address: str | None = None,
    formal: bool = False,
) -> list[dict[str, str]]:
    """Buttons for a letter, in order: ``{key, label, how, url}``, all text.

    ``words`` is ``Renderer.words(language)``; ``keys`` are solved, comment, status, urgent, reopen, pqrs, accept,
    reject. ``how`` says the same for who reads plain text. ``tag`` holds the ticket's number, "" for none;
    ``formal``: ``how`` says usted. Raises KeyError for a button that the catalogue does not have.
    """
    made = []
    for key in keys:
        word = words["buttons"][key]
        address = pqrs_address if key == "pqrs" and pqrs_address else reply_to
        address = note_address(reply_to) if key == "note" else address
        url = mailto(address, word["subject"], word["body"], tag=tag)
        how = word.get("formal_how", word["how"]) if formal else word["how"]
        made.append({"key": key, "label": word["label"], "how": how, "url": url})
    return made
