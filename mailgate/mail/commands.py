"""The grammar of command lines: which of a mail's own first lines are commands, and which text is left.

    #asignar Luis           -> Line(1, "asignar", "Luis")
    #servicio 1h30 Copia    -> Line(2, "servicio", "1h30 Copia")
                            (blank)
    Hola, Juan: ya quedó.   -> text

Only the first lines count: what stands below a line of text is never obeyed. ``# Título`` (a blank after the sign) is
a heading of Markdown, ``\\#palabra`` is text that begins with the sign; both end the commands. Pure and total; it knows
no names: ``desk.commands`` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_LINES = 40  # command lines read; a mail has a handful
WRAPS_BY = (60, 80)  # columns at which mail programs break lines of plain text

_SPACE = r"[ \t\xa0\u200b-\u200d\u2060\ufeff]*"  # what programs put before a line, seen or unseen
_SIGN = "[#＃﹟]"
_COMMAND = re.compile(rf"{_SPACE}{_SIGN}([^\W_][\w-]*)[:.,;]?(?:[ \t\xa0]+(.*))?$")
_SPACED = re.compile(rf"{_SPACE}{_SIGN}[ \t\xa0]+([^\W_][\w-]*)[:.,;]?(?:[ \t\xa0]+(.*))?$")
_ESCAPED = re.compile(r"([ \t\xa0]*)\\#")


@dataclass(frozen=True, slots=True)
class Line:
    """One command as written. ``number`` counts the lines of the mail's own text, from 1."""

    number: int
    word: str  # without #, as typed
    rest: str  # its argument, "" when there is none
    last: int  # its last line: more than ``number`` when a mail program broke it


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands of a mail and what is left of its text; ``below`` are command-like lines under text."""

    lines: tuple[Line, ...] = ()
    text: str = ""
    below: tuple[Line, ...] = ()
    heading: Line | None = None  # the first line of the text when it is a heading: ``# cerrar`` may be a slip

    def __bool__(self) -> bool:
        return bool(self.lines)


def find_commands(own: str) -> Commands:
    """Read the command lines of a mail's own text (``Parts.own``)."""
    lines = own.replace("\r\n", "\n").split("\n")
    found: list[Line] = []
    at = 0
    while at < len(lines) and len(found) < MOST_LINES:
        if lines[at].strip():
            line = _read(lines, at)
            if line is None:
                break
            found.append(line)
            at = line.last
        else:
            at += 1
    rest = lines[at:]
    heading = _SPACED.match(rest[0]) if rest else None
    below = tuple(line for index in range(at, len(lines)) if (line := _read(lines, index)) is not None)
    if rest:
        rest[0] = _ESCAPED.sub(r"\1#", rest[0])
    return Commands(tuple(found), "\n".join(rest).strip("\n"), below, _as_line(heading, at))


def _as_line(heading: re.Match[str] | None, at: int) -> Line | None:
    return Line(at + 1, heading[1], (heading[2] or "").strip(), at + 1) if heading else None


def _read(lines: list[str], at: int) -> Line | None:
    match = _COMMAND.match(lines[at])
    if match is None:
        return None
    rest, last = (match[2] or "").strip(), at + 1
    while rest and last < len(lines) and _goes_on(lines[last - 1], lines[last]):
        rest = f"{rest} {lines[last].strip()}"
        last += 1
    return Line(at + 1, match[1], rest, last)


def _goes_on(line: str, following: str) -> bool:
    """Whether a mail program broke the line here: its next word did not fit into the usual width."""
    words = following.split(None, 1)
    if not words or words[0].startswith(("#", "\\#")) or not WRAPS_BY[0] <= len(line.rstrip()) <= WRAPS_BY[1]:
        return False
    return len(line.rstrip()) + 1 + len(words[0]) > 72
