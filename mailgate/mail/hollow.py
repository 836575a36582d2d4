"""A mail without its files: one line stands where a long run of base64 stood, and the run stays where it is.

Whoever reads a mail looks at every line, and of a mail with files nearly all are base64: none of them can be a header,
a boundary or anything else that shapes the mail. The line put there is base64 as well, so that nothing looks odd.
No run is copied: its file is decoded right out of the mail.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WORTH_IT = 16 * 1024  # bytes
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_LEAST = 32  # lines of a run
_STRETCH = 4096  # lines looked at in one go
_RUN_BEGINS = re.compile(rb"\n(?=[A-Za-z0-9+/]{76}(\r?)\n(?:[A-Za-z0-9+/]{76}\1\n){31})")
_STAND_IN = "MailgatePutsThisLineWhereALongRunOfBase64StoodAndTakesItAwayAgain+++"  # with its number, 76 characters
_STOOD_IN = re.compile(re.escape(_STAND_IN) + r"(\d{8})")


class Hollow(NamedTuple):
    """A mail and what is left of it when long runs are left out; where these begin and end in it."""

    raw: bytes
    octets: bytes
    runs: tuple[tuple[int, int], ...] = ()

    def is_hollow(self, text: str) -> bool:
        return bool(self.runs) and _STAND_IN in text

    def filled(self, text: str) -> str:
        """A piece of the hollow mail with every run back in its place."""
        return _STOOD_IN.sub(lambda line: self._run(line).decode("ascii"), text)

    def view(self, text: str) -> memoryview | None:
        """The same as octets, out of the mail itself; None when ``text`` is no unbroken piece of it."""
        lines = list(_STOOD_IN.finditer(text))
        first, last = self.runs[int(lines[0][1])], self.runs[int(lines[-1][1])]
        before, after = _octets(text[: lines[0].start()]), _octets(text[lines[-1].end() :])
        begin, end = first[0] - len(before), last[1] + len(after)
        longer = sum(self.runs[int(line[1])][1] - self.runs[int(line[1])][0] - len(line[0]) for line in lines)
        unbroken = begin >= 0 and end - begin == len(text) + longer
        if unbroken and self.raw.startswith(before, begin) and self.raw.startswith(after, last[1]):
            return memoryview(self.raw)[begin:end]
        return None

    def _run(self, line: re.Match[str]) -> bytes:
        begin, end = self.runs[int(line[1])]
        return self.raw[begin:end]


def _octets(text: str) -> bytes:
    return text.encode("ascii", "surrogateescape")


def hollow_out(raw: bytes) -> Hollow:
    """The mail without its long runs; as it is when it is small, or speaks of our own line."""
    if len(raw) < _WORTH_IT:
        return Hollow(raw, raw)
    kept: list[bytes] = []
    runs: list[tuple[int, int]] = []
    at = 0
    while found := _RUN_BEGINS.search(raw, at):
        begin, width = found.end(), 77 + len(found[1])
        end = begin + _lines(raw, begin, width) * width - len(found[1]) - 1
        kept += (raw[at:begin], f"{_STAND_IN}{len(runs):08}".encode())
        runs.append((begin, end))
        at = end
    octets = b"".join((*kept, raw[at:]))
    return Hollow(raw, octets, tuple(runs)) if octets.count(_STAND_IN.encode()) == len(runs) else Hollow(raw, raw)


def _lines(raw: bytes, begin: int, width: int) -> int:
    """How many lines of base64, all of one width, stand below each other from ``begin`` on."""
    # What ends a file of base64 is its padding, or the delimiter below it.
    ends = [at for mark in (b"-", b"=") if (at := raw.find(mark, begin)) >= 0]
    most = (min(ends, default=len(raw)) - begin) // width
    count, step = _LEAST, _STRETCH
    while step := min(step, most - count):
        if _is_run(raw[begin + count * width : begin + (count + step) * width], width, step):
            count += step
        else:
            step //= 2
    return count


def _is_run(lines: bytes, width: int, count: int) -> bool:
    """Whether these are so many lines of base64 and nothing else; a pattern takes five times as long to tell."""
    end = b"\r\n" if width > 77 else b"\n"
    return lines.translate(None, _BASE64) == end * count and lines[width - 1 :: width] == b"\n" * count
