"""Takes HTML apart: what the person wrote (as HTML and as text), what they quoted, how they signed.

``split_html(html, known)`` never raises; its work grows with the length of the HTML. The document is read into lines,
as a person sees them, each with the marks that mail programs put around it (``quotes_marks``); ``quotes.label_lines``
says whose each line is, by the same rules as for plain text; then the elements are written again with only one part's
lines. The HTML that comes out is *not* sanitised.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailgate.mail import quotes_marks as marks
from mailgate.mail.html import bursts, to_text, with_plain_spaces
from mailgate.mail.message import Parts
from mailgate.mail.plain_html import FRAME, plain_tokens
from mailgate.mail.quotes import OWN, PICTURE, QUOTE, SIGNATURE, Line, gather, label_lines, split_text

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead", "tr", "ul", "caption",
))  # fmt: skip
_VOID = frozenset((
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
))  # fmt: skip
_UNSEEN = frozenset((
    "head", "style", "script", "title", "template", "noscript", "object", "iframe",
))  # fmt: skip
_SPACE = " \t\n\f"  # which no parser sees at the top of a document
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NAME = re.compile(r"[a-z][a-z0-9:_-]{0,40}")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9:_.-]{0,60}")


@dataclass(frozen=True, slots=True)
class HtmlSplit:
    """The parts of an HTML body: the person's as HTML, and all as readable text."""

    own_html: str
    own: str
    quote: str = ""
    signature: str = ""

    @property
    def parts(self) -> Parts:
        return Parts(self.own, self.quote, self.signature)

    def is_all_of(self, html: str) -> bool:
        """Whether nothing was quoted or signed, and it was written again as it was."""
        return len(self.own_html) - len(html) == len("".join(FRAME)) and self.own_html == html.join(FRAME)


class _Event(NamedTuple):
    """A step of writing the document again: ``open``/``close`` of an element, or a ``leaf`` on a line."""

    kind: str
    html: str
    line: int = -1


@dataclass(slots=True)
class _Reading:
    """The document as lines and as events, while it is walked."""

    lines: list[Line] = field(default_factory=lambda: [Line("")])
    events: list[_Event] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    def leaf(self, html: str, text: str = "") -> None:
        line = self.lines[-1]
        if text:
            if not line.text:
                line.mark = self.mark
            elif text.strip() and not self.mark:
                line.mark = ""  # what begins in a marked element and goes on outside of it is judged by its words
            line.text += text
        self.events.append(_Event("leaf", html, len(self.lines) - 1))

    def break_line(self, mark: str = "") -> None:
        if self.lines[-1].text.strip() or mark or self.lines[-1].mark in (marks.RULE, marks.START):
            self.lines.append(Line("", mark))

    @property
    def mark(self) -> str:
        """The strongest mark around this place: a quote's, else a signature's, else the innermost."""
        if not any(self.marks):
            return ""
        for strongest in (QUOTE, SIGNATURE):
            if strongest in self.marks:
                return strongest
        return next((mark for mark in reversed(self.marks) if mark), "")


def split_html(html: str, known: Sequence[str] = (), author: str = "") -> HtmlSplit:
    """``html`` taken apart.

    ``known``: texts of letters that we sent (what a reader sees of their HTML is best). ``author``: the sender's name.
    """
    if bursts(html):
        return _split_source(html, known, author)
    reading = _read_plain(html)
    if reading is None:
        root = LexborHTMLParser(html).root
        if root is None:
            return HtmlSplit("", "")
        reading = _read(root)
    label_lines(reading.lines, known, author)
    own_html = _write(reading, OWN)
    return HtmlSplit(own_html, to_text(own_html), *(_folded(reading.lines, part) for part in (QUOTE, SIGNATURE)))


def _folded(lines: Sequence[Line], part: str) -> str:
    """What is folded away, as its lines: tables need no drawing there, which is half of the cost of a long reply."""
    return with_plain_spaces(gather(lines, part).replace(PICTURE, ""))


def _split_source(html: str, known: Sequence[str], author: str) -> HtmlSplit:
    """What can be said of a document too deep to be parsed: its characters between the tags."""
    parts = split_text(entities.unescape(re.sub(r"<[^<>]*>", "\n", html)), known, author)
    return HtmlSplit(f"<pre>{entities.escape(parts.own)}</pre>", parts.own, parts.quote, parts.signature)


def _walk(root: LexborNode) -> Iterator[tuple[bool, LexborNode]]:
    """Every node in document order, on the way in (True) and, for elements, on the way out (False)."""
    node: LexborNode | None = root
    while node is not None:
        yield True, node
        child = None if node.tag in _UNSEEN else node.child
        if child is not None:
            node = child
            continue
        while node is not None:
            if node.is_element_node:
                yield False, node
            if node.mem_id == root.mem_id:
                return
            if node.next is not None:
                node = node.next
                break
            node = node.parent


def _read(root: LexborNode) -> _Reading:
    reading = _Reading()
    preformatted = 0
    for entering, node in _walk(root):
        tag = node.tag or ""
        if entering:
            if node.is_text_node:
                _read_text(reading, node.text_content or "", bool(preformatted))
            elif node.is_element_node and tag not in _UNSEEN:
                preformatted += tag == "pre"
                _enter(reading, tag, node.attributes)
        elif tag not in _UNSEEN and tag not in _VOID:
            preformatted -= tag == "pre"
            _leave(reading, tag)
    return reading


def _read_plain(html: str) -> _Reading | None:
    """The same of HTML that is paragraphs and little else, at a quarter of its cost; None of any other."""
    tokens = plain_tokens(html.lstrip(_SPACE))
    if tokens is None:
        return None
    reading = _Reading()
    _enter(reading, "html", {})
    _enter(reading, "body", {})
    for token in tokens:
        if token.words:
            _read_text(reading, token.words, preformatted=False)
        elif token.closing:
            _leave(reading, token.tag)
        else:
            _enter(reading, token.tag, token.attributes)
    _leave(reading, "body")
    _leave(reading, "html")
    return reading


def _read_text(reading: _Reading, text: str, preformatted: bool) -> None:
    if not preformatted:
        shown = text if text.isprintable() and "  " not in text else _BLANKS.sub(" ", text)
        if shown.strip(" ") or (shown and reading.lines[-1].text):
            reading.leaf(entities.escape(text, quote=False), shown if reading.lines[-1].text else shown.lstrip(" "))
        return
    for at, piece in enumerate(text.split("\n")):
        if at:
            reading.leaf("\n")
            reading.lines.append(Line(""))
        if piece:
            reading.leaf(entities.escape(piece, quote=False), piece)


def _enter(reading: _Reading, tag: str, attributes: Mapping[str, str | None]) -> None:
    mark = marks.mark_of(tag, attributes)
    if tag in _BLOCKS:
        reading.break_line()
    if tag == "img" or tag in _VOID:
        _enter_void(reading, tag, _opening(tag, attributes), mark, attributes)
        return
    if mark in (marks.START, marks.RULE):
        reading.break_line()
        reading.lines[-1].mark = mark if QUOTE not in reading.marks else QUOTE
        reading.break_line()
        mark = ""
    reading.marks.append(mark)
    if tag in ("td", "th") and reading.lines[-1].text:
        reading.lines[-1].text += " "
    reading.events.append(_Event("open", _opening(tag, attributes)))


def _enter_void(reading: _Reading, tag: str, html: str, mark: str, attributes: Mapping[str, str | None]) -> None:
    if tag == "br":
        reading.leaf(html)
        reading.lines.append(Line(""))
    elif tag == "hr":
        reading.lines[-1].mark = mark if QUOTE not in reading.marks else QUOTE
        reading.leaf(html)
        reading.break_line()
    elif tag == "img":
        pixel = any((attributes.get(side) or "").strip(" px") in ("0", "1") for side in ("width", "height"))
        reading.leaf(html, "" if pixel else PICTURE)
    elif tag in ("wbr", "input"):
        reading.leaf(html)


def _leave(reading: _Reading, tag: str) -> None:
    reading.marks.pop()
    if tag in ("td", "th") and reading.events[-1].kind == "open":
        reading.leaf("")  # an empty cell keeps its place
    reading.events.append(_Event("close", _closing(tag)))
    if tag in _BLOCKS:
        reading.break_line()


@lru_cache(maxsize=256)
def _closing(tag: str) -> str:
    return f"</{tag}>" if _NAME.fullmatch(tag) else ""


def _opening(tag: str, attributes: Mapping[str, str | None]) -> str:
    return _written(tag, tuple(attributes.items()))


@lru_cache(maxsize=1024)  # tables repeat their cells
def _written(tag: str, attributes: tuple[tuple[str, str | None], ...]) -> str:
    if not _NAME.fullmatch(tag):
        return ""
    pairs = (f' {name}="{entities.escape(value or "")}"' for name, value in attributes if _ATTRIBUTE.fullmatch(name))
    return f"<{tag}{''.join(pairs)}>"


def _write(reading: _Reading, part: str) -> str:
    """The document with only the lines of one part; elements that hold none of them are left out."""
    written: list[str] = []
    waiting: list[str] = []  # opened in the document, not yet written
    opened = 0
    for kind, html, line in reading.events:
        if kind == "leaf":
            if reading.lines[line].label == part:
                written.extend(waiting)
                opened += len(waiting)
                waiting.clear()
                written.append(html)
        elif kind == "open":
            waiting.append(html)
        elif waiting:
            waiting.pop()
        else:
            opened -= 1
            written.append(html)
    return "".join(written)
