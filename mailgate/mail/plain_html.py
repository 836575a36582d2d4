"""Readable text of HTML that is paragraphs and little else, as inscriptis gives it, at a tenth of its cost.

Most people's HTML is ``<div>`` and ``<p>`` with words in them, some of them bold. Of such, and only such, the text is
made here in one pass; tables, lists, styles that move things and whatever else are left to inscriptis, in doubt too.
``tests/mail/test_plain_html.py`` holds both side by side.
"""

from __future__ import annotations

import html as entities
import re

_CONTAINERS = frozenset(("div", "blockquote"))  # what may hold blocks
_MARGINS = {"p": 1, "h1": 1, "h2": 1, "h3": 1, "h4": 1, "h5": 1, "h6": 1, "div": 0, "blockquote": 0}
_INLINE = frozenset(("a", "b", "big", "em", "font", "i", "s", "small", "span", "strong", "sub", "sup", "u"))
_VOID = frozenset(("br", "img", "wbr"))
_FRAME = frozenset(("html", "body"))  # around everything, if at all
_DEEPEST = 100  # lxml gives up at 256
_TOKEN = re.compile(r"<(/?)([a-z][a-z0-9]*)((?: [a-zA-Z0-9_:.-]+=\"[^\"<>]*\")*)>|([^<>]+)")
_MOVES = re.compile(r"display|white-space|margin-(?:top|bottom)|padding-left", re.IGNORECASE)
_OTHER_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|nbsp;)")


def text_of_plain(html: str) -> str | None:
    """The text, a line a block; None when the HTML is not that plain. Expects it as a parser writes it."""
    page = _Page()
    at = 0
    for token in _TOKEN.finditer(html):
        if token.start() != at:
            return None
        at = token.end()
        closing, tag, attributes, words = token.groups()
        if words:
            if _OTHER_ENTITY.search(words):
                return None
            page.write(entities.unescape(words) if "&" in words else words)
        elif _MOVES.search(attributes) or not (page.close(tag) if closing else page.open(tag)):
            return None
    if at != len(html) or page.inside:
        return None
    page.flush()
    return "\n".join(page.lines)


class _Page:
    """What has been written: whole lines, the line being written, and the elements around it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.inside: list[str] = []
        self._line = ""
        self._spaced = True  # another blank would not be seen
        self._margin = 1000  # blank lines above; the top of the page has enough of them

    def open(self, tag: str) -> bool:
        """False when an element does not belong there."""
        if tag in _VOID:
            if tag == "br" and not self.flush():
                self.lines.append("")
                self._line, self._spaced = "", True
            return True
        if tag in _FRAME:
            return not self.inside and not self.lines and not self._line
        if tag in _MARGINS:
            if any(other not in _CONTAINERS for other in self.inside):
                return False
            self.flush()
            self._leave_room(_MARGINS[tag])
        elif tag not in _INLINE or (tag == "a" and "a" in self.inside):
            return False
        self.inside.append(tag)
        return len(self.inside) < _DEEPEST

    def close(self, tag: str) -> bool:
        if tag in _FRAME:
            return not self.inside
        if not self.inside or self.inside.pop() != tag:
            return False
        if tag in _MARGINS:
            self.flush()
            self._leave_room(_MARGINS[tag])
        return True

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
