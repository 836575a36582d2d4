"""Readable text of HTML that is paragraphs and little else, as inscriptis gives it, at a tenth of its cost.

Most people's HTML is ``<div>`` and ``<p>`` with words in them, some of them bold. Of such, and only such, the text is
made here in one pass; tables, lists, styles that move things and whatever else are left to inscriptis, in doubt too.
``tests/mail/test_plain_html.py`` holds both side by side.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_CONTAINERS = frozenset(("div", "blockquote"))  # what may hold blocks
_MARGINS = {"p": 1, "h1": 1, "h2": 1, "h3": 1, "h4": 1, "h5": 1, "h6": 1, "div": 0, "blockquote": 0}
_INLINE = frozenset(("a", "b", "big", "em", "font", "i", "s", "small", "span", "strong", "sub", "sup", "u"))
_VOID = frozenset(("br", "img", "wbr"))
FRAME = "<html><body>", "</body></html>"  # may stand around everything
_DEEPEST = 100  # lxml gives up at 256
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9_:.-]+=\"[^\"<>]*\")*)>|([^<>]+)")
_ATTRIBUTE = re.compile(r" ([^=]+)=\"([^\"]*)\"")
_MOVES = re.compile(r"display|white-space|margin-(?:top|bottom)|padding-left", re.IGNORECASE)
_OTHER_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|nbsp;)")


class Token(NamedTuple):
    """A stretch of words, or a tag: ``words`` is "" of a tag, ``tag`` of words."""

    words: str
    tag: str = ""
    closing: bool = False
    source: str = ""  # the attributes as written

    @property
    def attributes(self) -> Mapping[str, str]:
        return _read_attributes(self.source)


@lru_cache(maxsize=1)  # a mail that quotes nothing is read and then drawn
def plain_tokens(html: str) -> Sequence[Token] | None:
    """The pieces of HTML that is paragraphs and little else, nested as any parser would nest them; None of any other.

    Expects it as a parser writes it, without ``html`` and ``body`` around it.
    """
    tokens: list[Token] = []
    inside: list[str] = []
    at = 0
    for found in _TOKEN.finditer(html):
        if found.start() != at:
            return None
        at = found.end()
        closing, tag, source, words = found.groups()
        if words:
            if "&" in words:
                if _OTHER_ENTITY.search(words):
                    return None
                words = entities.unescape(words)
            tokens.append(Token(words))
        elif closing:
            if not inside or inside.pop() != tag:
                return None
            tokens.append(Token("", tag, True))
        elif _belongs(tag, inside):
            if tag not in _VOID:
                inside.append(tag)
            tokens.append(Token("", tag, False, source))
        else:
            return None
    return tokens if at == len(html) and not inside and "\r" not in html else None


def _belongs(tag: str, inside: list[str]) -> bool:
    """Whether every parser would put an element where it stands."""
    if tag in _VOID:
        return True
    if len(inside) >= _DEEPEST:
        return False
    if tag in _MARGINS:
        return all(other in _CONTAINERS for other in inside)
    return tag in _INLINE and not (tag == "a" and "a" in inside)


@lru_cache(maxsize=1024)
def _moves(source: str) -> bool:
    return _MOVES.search(source) is not None


@lru_cache(maxsize=1024)
def _read_attributes(source: str) -> Mapping[str, str]:
    return {name.lower(): entities.unescape(value) for name, value in _ATTRIBUTE.findall(source)}


def text_of_plain(html: str) -> str | None:
    """The text, a line a block; None when the HTML is not that plain, or its styles move things."""
    tokens = plain_tokens(html.removeprefix(FRAME[0]).removesuffix(FRAME[1]))
    if tokens is None or any(token.source and _moves(token.source) for token in tokens):
        return None
    page = _Page()
    for words, tag, closing, _ in tokens:
        if words:
            page.write(words)
        elif closing:
            page.close(tag)
        else:
            page.open(tag)
    page.flush()
    return "\n".join(page.lines)


class _Page:
    """What has been written: whole lines, and the line being written."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line = ""
        self._spaced = True  # another blank would not be seen
        self._margin = 1000  # blank lines above; the top of the page has enough of them

    def open(self, tag: str) -> None:
        if tag in _MARGINS:
            self.flush()
            self._leave_room(_MARGINS[tag])
        elif tag == "br" and not self.flush():
            self.lines.append("")
            self._line, self._spaced = "", True

    def close(self, tag: str) -> None:
        if tag in _MARGINS:
            self.flush()
            self._leave_room(_MARGINS[tag])

    def write(self, words: str) -> None:
        """Add words; runs of blanks are one, also where they meet."""
        text = " ".join(words.split())
        if not text:
            if not self._spaced:
                self._line, self._spaced = f"{self._line} ", True
            return
        before = " " if words[0].isspace() and not self._spaced else ""
        after = " " if words[-1].isspace() else ""
        self._spaced = bool(after)
        text = f"{before}{text}{after}"
        self._line += entities.unescape(text) if "&" in text else text

    def flush(self) -> bool:
        """End the line; False when there is nothing on it."""
        line = self._line.removesuffix(" ") if self._spaced else self._line
        if not line:
            self._line = line
            return False
        self.lines.append(line)
        self._line, self._spaced, self._margin = "", True, 0
        return True

    def _leave_room(self, margin: int) -> None:
        if margin > self._margin:
            self.lines.append("\n" * (margin - self._margin - 1))
            self._margin = margin
