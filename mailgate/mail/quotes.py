"""Takes a plain text apart: what the person wrote, what they quoted, how they signed.

``split_text(text, known)`` gives ``Parts``; it never raises and its work grows with the length of the text. Every line
that has text lands in exactly one part, in its order. In doubt a line stays with the person.

How: ``>`` lines are quote. An attribution, a header block or a separator above unmarked text makes the rest of the mail
quote; above ``>`` lines, only those. Words that we know (``known``: letters that we sent) are quote wherever they stand,
and what stands between two neighbouring pieces of them is the person's, whatever the mail program drew around it. What
remains is searched for signatures, stretch by stretch.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailgate.mail import attribution
from mailgate.mail.known import Letters
from mailgate.mail.message import Parts
from mailgate.mail.signature import find_signature

OWN, QUOTE, SIGNATURE = "own", "quote", "signature"

_MARKS = re.compile(r"[ \t]{0,3}((?:>[ \t]{0,2})+)")
_MORE_THAN = re.compile(r"\s{0,3}>[=\s]{0,2}\$?\s?\d")
_ADDRESS_END = re.compile(r"\s*>\s*:\s*$")  # "<ana@example.com" broken before its ">:"
_SENTENCE_END = re.compile(r"[.!?:;…\"»”)\]]\s*$")


@dataclass(slots=True)
class Line:
    """One line and what is known of it beforehand.

    ``mark``: what the HTML around it says ("" for nothing): ``quote`` inside a quoting element, ``signature`` inside a
    signing one, ``start`` where a program says that all below is quoted, ``rule`` for a drawn line, ``cite`` for a
    plain ``<blockquote>``, which is a quote only below an attribution, ``announce`` for what a program says is one.
    """

    text: str
    mark: str = ""
    label: str = field(default="", compare=False)

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def split_text(text: str, known: Sequence[str] = ()) -> Parts:
    """``text`` taken apart. ``known``: texts of letters that we sent, in any order; best without signatures."""
    lines = [Line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    label_lines(lines, known)
    return Parts(gather(lines, OWN), gather(lines, QUOTE), gather(lines, SIGNATURE))


def gather(lines: Sequence[Line], label: str) -> str:
    """The lines of one part, its stretches a blank line apart, no blanks around."""
    stretches: list[list[str]] = []
    previous = ""
    for line in lines:
        if line.label == label:
            if previous != label:
                stretches.append([])
            stretches[-1].append(line.text.rstrip())
        previous = line.label
    texts = ["\n".join(stretch).strip("\n") for stretch in stretches]
    return "\n\n".join(text for text in texts if text.strip())


def label_lines(lines: list[Line], known: Sequence[str] = ()) -> None:
    """Gives every line its label (own, quote, signature). Blank lines go with the line above them."""
    _label_marked(lines)
    _label_announced(lines)
    letters = Letters(known)
    if letters:
        _label_known(lines, letters)
    _label_signatures(lines)
    label = next((line.label for line in lines if line.label), OWN)
    for line in lines:
        if line.blank and line.mark != SIGNATURE:
            line.label = label
        else:
            line.label = label = line.label or OWN


def _label_marked(lines: list[Line]) -> None:
    """Lines with quote marks, or inside a quoting element, are quote."""
    marked = [bool(_MARKS.match(line.text)) and not _ADDRESS_END.match(line.text) for line in lines]
    for index, line in enumerate(lines):
        if line.mark in (QUOTE, SIGNATURE):
            line.label = line.mark
        elif marked[index]:
            alone = not (index and marked[index - 1]) and not (index + 1 < len(lines) and marked[index + 1])
            if not (alone and _MORE_THAN.match(line.text)):
                line.label = QUOTE
        elif 0 < index < len(lines) - 1 and marked[index - 1] and marked[index + 1] and not line.blank:
            # The end of a quoted line that a mail program broke without marking it: only where it had to break.
            above = lines[index - 1].text.rstrip()
            first = line.text.split(None, 1)[0]
            if len(above) + len(first) >= 72 and line.text[:1].islower() and not _SENTENCE_END.search(above):
                line.label = QUOTE


def _label_announced(lines: list[Line]) -> None:
    """Announcements and what they announce are quote."""
    texts = [line.text for line in lines]
    below = _next_with_text(lines)
    index, first = 0, 0
    while index < len(lines):
        line = lines[index]
        if line.label == QUOTE:
            first = index + 1
        if line.label or (line.blank and line.mark != "start"):
            index += 1
            continue
        start = _start_at(lines, texts, index, first, below)
        if start is None:
            index += 1
            continue
        for announced in range(start.first, start.end):
            lines[announced].label = QUOTE
        _label_rule_above(lines, start.first)
        following = below[start.end - 1]
        marked = following < len(lines) and (lines[following].label == QUOTE or lines[following].mark == "cite")
        if marked:
            _label_cited(lines, following)
        elif not _paired_further_down(lines, texts, start, below):
            for rest in range(start.end, len(lines)):
                lines[rest].label = lines[rest].label if lines[rest].label == SIGNATURE else QUOTE
            return
        index = first = start.end


def _label_cited(lines: list[Line], index: int) -> None:
    """Plain blockquotes below an attribution are quotes, all of them from there on (answers may stand between)."""
    for line in lines[index:]:
        if line.mark == "cite":
            line.label = QUOTE


def _paired_further_down(lines: list[Line], texts: list[str], start: attribution.Start, below: list[int]) -> bool:
    """Whether the quote that an attribution announces is the ``>`` block further down, after words of the person."""
    if start.kind != "attribution":
        return False
    index = below[start.end - 1]
    while index < len(lines) and lines[index].label != QUOTE:
        if _start_at(lines, texts, index, start.end, below) is not None:
            return False
        index = below[index]
    return index < len(lines) and lines[index].mark != SIGNATURE


def _start_at(
    lines: list[Line], texts: list[str], index: int, first: int, below: list[int]
) -> attribution.Start | None:
    """The announcement found at line ``index``, looking at no line above ``first``."""
    line = lines[index]
    if line.mark == "start":
        return attribution.Start(index, index + 1, "separator")
    on_top = all(other.blank or other.label for other in lines[:index][-400:])
    separator = attribution.find_separator(line.text)
    after = index
    if separator or line.mark == "rule" or attribution.is_rule(line.text):
        after = below[index]
    if separator or after != index:
        end = attribution.find_headers(texts, after, True, on_top) if after < len(lines) else None
        if end is not None:
            return attribution.Start(index, end, separator or "headers")
        if separator:
            return attribution.Start(index, index + 1, separator)
        return None
    if attribution.header_label(line.text):
        end = attribution.find_headers(texts, index, False, on_top)
        if end is not None:
            return attribution.Start(index, end, "headers")
    following = below[index]
    quoted = following < len(lines) and (lines[following].label == QUOTE or lines[following].mark == "cite")
    return attribution.find_attribution(texts, index, first, quoted)


def _label_rule_above(lines: list[Line], index: int) -> None:
    """A line drawn directly above an announcement belongs to it."""
    above = index - 1
    while above >= 0 and index - above < 4 and lines[above].blank and lines[above].mark != "rule":
        above -= 1
    if above < 0 or lines[above].label:
        return
    if lines[above].mark == "rule" or attribution.is_rule(lines[above].text):
        lines[above].label = QUOTE


def _next_with_text(lines: list[Line]) -> list[int]:
    """For each line the index of the next one with text below it, ``len(lines)`` when there is none."""
    following, result = len(lines), [0] * len(lines)
    for index in range(len(lines) - 1, -1, -1):
        result[index] = following
        if not lines[index].blank:
            following = index
    return result


def _label_known(lines: list[Line], letters: Letters) -> None:
    """What we sent is quote; what stands inside it and is not ours is the person's."""
    for index in letters.covered([line.text for line in lines]):
        if not lines[index].label:
            lines[index].label = QUOTE


def _label_signatures(lines: list[Line]) -> None:
    """Looks for a signature in every stretch of the person's own lines."""
    index = 0
    seen_own = False
    while index < len(lines):
        if lines[index].label:
            index += 1
            continue
        end = index
        while end < len(lines) and not lines[end].label:
            end += 1
        texts = [line.text for line in lines[index:end]]
        for signed in find_signature(texts, seen_own):
            lines[index + signed].label = SIGNATURE
        seen_own = seen_own or any(not line.blank and not line.label for line in lines[index:end])
        index = end
