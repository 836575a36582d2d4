"""An agent's plain words as HTML: Markdown where they wrote it, paragraphs where they did not. Their HTML as it is.

Markup in the words stays text; the result is cleaned once more where the letter is rendered.
"""

from __future__ import annotations

import mistune

from mailgate.mail.message import Message

LONGEST = 100_000  # characters; beyond it plain paragraphs do

_MARKDOWN = mistune.create_markdown(escape=True, hard_wrap=True, plugins=["strikethrough", "table", "url"])


def answer_html(message: Message) -> str:
    """The HTML of an answer, "" when plain paragraphs say the same."""
    return message.own_html or to_html(message.parts.own)


def to_html(text: str) -> str:
    """Markdown as HTML; "" when it is too long."""
    if not text.strip() or len(text) > LONGEST:
        return ""
    return str(_MARKDOWN(text)).strip()
