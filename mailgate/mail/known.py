"""Recognises words of letters that we sent, whatever a mail program did to their lines, marks and entities.

``Letters(known).covered(lines)`` gives the indexes of the lines that are ours. Pure, total, linear: both sides are
reduced to bare words (folded case, no punctuation, no addresses of links), and runs of words are looked up by fours.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence

WINDOW = 4  # words looked up together
SHORTEST = 8  # words of a run that counts; "Muchas gracias, quedo atento" may be anybody's

_LINKS = re.compile(r"(?:https?://|mailto:|cid:)[^\s<>\])]{1,2000}")
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The bare words of a text, comparable across mail programs."""
    text = html.unescape(text) if "&" in text else text
    return _WORD.findall(unicodedata.normalize("NFKC", _LINKS.sub(" ", text)).casefold())


class Letters:
    """The letters that we sent, ready to be recognised."""

    def __init__(self, known: Sequence[str]) -> None:
        self._windows: set[tuple[str, ...]] = set()
        self._whole: set[tuple[str, ...]] = set()
        for letter in known:
            bare = words(letter)
            self._windows.update(zip(*(bare[at:] for at in range(WINDOW)), strict=False))
            if 3 <= len(bare) < SHORTEST:
                self._whole.add(tuple(bare))

    def __bool__(self) -> bool:
        return bool(self._windows or self._whole)

    def covered(self, lines: Sequence[str]) -> list[int]:
        """Indexes of the lines that consist of our words, in runs long enough to be no accident.

        A run begins and ends with whole lines; one that begins or ends inside a line is cut back to the next blank
        line, so that a person's paragraph which cites us in passing stays whole.
        """
        bare: list[str] = []
        line_of: list[int] = []
        count = [0] * len(lines)
        for index, line in enumerate(lines):
            for word in words(line):
                bare.append(word)
                line_of.append(index)
                count[index] += 1
        inside = [False] * len(bare)
        for at, window in enumerate(zip(*(bare[at:] for at in range(WINDOW)), strict=False)):
            if window in self._windows:
                inside[at : at + WINDOW] = [True] * WINDOW
        covered: list[int] = []
        at = 0
        while at < len(bare):
            if not inside[at]:
                at += 1
                continue
            end = at
            while end < len(bare) and inside[end]:
                end += 1
            if end - at >= SHORTEST or tuple(bare[at:end]) in self._whole:
                covered.extend(_whole_lines(lines, line_of, count, at, end))
            at = end
        return covered


def _whole_lines(lines: Sequence[str], line_of: list[int], count: list[int], at: int, end: int) -> list[int]:
    """The lines wholly inside the run of words ``at`` to ``end``, cut back at ragged edges to blank lines."""
    first, last = line_of[at], line_of[end - 1]
    if at and line_of[at - 1] == first:
        while first <= last and lines[first].strip():
            first += 1
    if end < len(line_of) and line_of[end] == last:
        while last >= first and lines[last].strip():
            last -= 1
    return [index for index in range(first, last + 1) if count[index]]
