"""Recognises words of letters that we sent, whatever a mail program did to their lines, marks and entities.

``Letters(known).find(lines)`` gives the indexes of the lines that are ours. Pure, total, linear: both sides are
reduced to bare words (folded case, no punctuation, no addresses of links), and runs of words are looked up by fours.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

WINDOW = 4  # words looked up together
MOST_PLACES = 8  # of one run of words in our letters
SHORTEST = 8  # words of a run that counts; "Muchas gracias, quedo atento" may be anybody's

_LINKS = re.compile(r"(?:https?://|mailto:|cid:)[^\s<>\])]{1,2000}")
_LINK_SIGNS = ("http", "mailto:", "cid:")
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """The bare words of a text, comparable across mail programs."""
    text = html.unescape(text) if "&" in text else text
    text = _LINKS.sub(" ", text) if any(map(text.__contains__, _LINK_SIGNS)) else text
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


class Letters:
    """The letters that we sent, ready to be recognised."""

    def __init__(self, known: Sequence[str]) -> None:
        self._words: list[str] = []  # of all letters, an empty one below each
        self._windows: set[tuple[str, ...]] = set()
        self._whole: set[tuple[str, ...]] = set()
        for letter in known:
            bare = words(letter)
            self._windows.update(_windows(bare))
            self._words += [*bare, ""]
            if WINDOW <= len(bare) < SHORTEST:
                self._whole.add(tuple(bare))

    def __bool__(self) -> bool:
        return bool(self._windows or self._whole)

    def find(self, lines: Sequence[str]) -> tuple[list[int], list[range], int]:
        """The lines that are ours; the gaps: lines between two runs of ours that are neighbours in a letter; and the
        line below the end of a letter, 0 when no letter is there to its end.

        A run begins and ends with whole lines; one that begins or ends inside a line is cut back to the next blank
        line, so that a person's paragraph which cites us in passing stays whole.
        """
        bare: list[str] = []
        line_of: list[int] = []
        for index, line in enumerate(lines):
            found = words(line)
            bare += found
            line_of += [index] * len(found)
        ours: list[int] = []
        gaps: list[range] = []
        previous = ended = 0  # the end of the run before; the line below a letter's end
        for at, end in self._runs(bare):
            ours.extend(_whole_lines(lines, line_of, at, end))
            if previous and self._follow(bare[previous - WINDOW : previous], bare[at : at + WINDOW]):
                gap = range(line_of[previous - 1] + 1, line_of[at])
                if line_of[previous] != line_of[previous - 1] and line_of[at - 1] != line_of[at]:
                    gaps.append(gap)
            previous = end
            if self._follow(bare[end - WINDOW : end], [""]):
                ended = line_of[end - 1] + 1
        return ours, gaps, ended

    def _runs(self, bare: list[str]) -> Iterator[tuple[int, int]]:
        """Stretches of words that stand in a letter, each long enough to be no accident, or the letter's last words
        below others of it ("Quedamos atentos. / Soporte")."""
        inside = bytearray(len(bare))
        for at, window in enumerate(_windows(bare)):
            if window in self._windows:
                inside[at : at + WINDOW] = b"\1" * WINDOW
        at, seen = 0, False
        while (at := inside.find(1, at)) >= 0:
            end = inside.find(0, at)
            end = end if end >= 0 else len(bare)
            ends_letter = seen and self._follow(bare[end - WINDOW : end], [""])
            if end - at >= SHORTEST or ends_letter or tuple(bare[at:end]) in self._whole:
                yield at, end
                seen = True
            at = end

    def _follow(self, one: list[str], other: list[str]) -> bool:
        """Whether the words of ``other`` come directly after those of ``one`` in a letter."""
        return any(self._words[end : end + len(other)] == other for end in self._ends(one))

    def _ends(self, run: list[str]) -> Iterator[int]:
        """Where a run of words ends in our letters, in the first few of its places."""
        at = found = 0
        while tuple(run) in self._windows and found < MOST_PLACES:
            try:
                at = self._words.index(run[0], at) + 1
            except ValueError:
                return
            if self._words[at - 1 : at - 1 + WINDOW] == run:
                found += 1
                yield at - 1 + WINDOW


@lru_cache(maxsize=4)  # one mail's quote is compared with them, and then its own words
def letters_of(known: tuple[str, ...]) -> Letters:
    return Letters(known)


def _windows(bare: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(bare[at:] for at in range(WINDOW)), strict=False)


def _whole_lines(lines: Sequence[str], line_of: list[int], at: int, end: int) -> list[int]:
    """The lines wholly inside the run of words ``at`` to ``end``, cut back at ragged edges to blank lines."""
    first, last = line_of[at], line_of[end - 1]
    if at and line_of[at - 1] == first:
        while first <= last and lines[first].strip():
            first += 1
    if end < len(line_of) and line_of[end] == last:
        while last >= first and lines[last].strip():
            last -= 1
    return [index for index in range(first, last + 1) if lines[index].strip()]
