"""An agent's HTML without its command lines: the first text of the page is taken away line by line, then compared.

What comes out says exactly the words that are left, or nothing comes out ("") and the text alone is sent.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailgate.mail.html import deeper_than, to_text
from mailgate.mail.message import Message

DEEPEST = 200  # beyond it the plain text does
_WORD = re.compile(r"\w+")


def say_only(message: Message, words: str) -> Message:
    """The message as if its author had written ``words`` alone, which are the end of what they wrote."""
    html = without_commands(message.own_html, words)
    return replace(message, parts=replace(message.parts, own=words), own_html=html)


def without_commands(html: str, left: str) -> str:
    """``html`` without the words before ``left``; "" when it cannot be cut there, or would not say ``left``."""
    if not html or not left.strip() or deeper_than(html, DEEPEST):
        return ""
    body = LexborHTMLParser(f"<div>{html}</div>").body
    if body is None:
        return ""
    wanted = _WORD.findall(left)
    surplus = len(_WORD.findall(to_text(html))) - len(wanted)
    for node in _texts(body):
        if surplus <= 0:
            break
        said = len(_WORD.findall(node.text(deep=False) or ""))
        if said > surplus:
            return ""  # commands and words share a piece of text: it cannot be cut here
        surplus -= said
        node.decompose()
    result = body.inner_html or ""
    return result if _WORD.findall(to_text(result)) == wanted else ""


def _texts(root: LexborNode) -> list[LexborNode]:
    """The pieces of text in the order of reading."""
    return [node for node in root.traverse(include_text=True) if node.tag == "-text"]
