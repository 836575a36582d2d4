"""The grammar of command lines: which of a mail's own first lines are commands, and which text is left.

    #asignar Luis           -> Line(1, "asignar", "Luis")
    - #servicio: 1h30 Copia -> Line(2, "servicio", "1h30 Copia")
                            (blank)
    Hola, Juan: ya quedó.   -> text

Only the first lines count: what stands below a line of text is never obeyed. ``# Título`` (a blank after the sign) is
a heading of Markdown, ``\\#palabra`` is text that begins with the sign; both end the commands. What mail programs make
of a line changes nothing: bullets, quotation marks, invisible characters, a full stop, ``#respuesta‑pqrs`` with the
hyphen that does not break. Pure and total; it knows no names: ``desk.commands`` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_LINES = 40  # command lines read; a mail has a handful
WRAPS_BY = (60, 80)  # columns at which mail programs break lines of plain text

_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\u20e3\ufeff"  # marks of direction, of emojis …
_BLANK = rf"[\s{_UNSEEN}]"
_OPENS = r"\"'“”„‘’«»‹›(\[{*_~`¡"  # marks that enclose a line; autocorrection and emphasis
_ENDS = r"\"'“”„‘’«»‹›)\]}*_~`"
_BULLETS = r"\-+–—•·▪▫◦●○■□‣⁃➢✓"
_BEFORE = rf"(?P<marks>(?:[\s{_UNSEEN}{_OPENS}{_BULLETS}]|\d{{1,2}}[.)](?=\s))*)"
_SIGN = rf"[#＃﹟♯]+[{_UNSEEN}]*"
_HYPHENS = re.compile("[‐‑–]")  # what programs make of the one in #respuesta-pqrs
_WORD = rf"[^\W_](?:[\w\-‐‑–{_UNSEEN}]*[\w{_UNSEEN}])?"
_COMMAND = re.compile(rf"{_BEFORE}{_SIGN}(?P<word>{_WORD})(?P<rest>(?!\w).*)$")
_NUMBER = re.compile(r"[:.,;]?(?:\s|$)")  # what may follow "#1": "#1/2" and "- #1 en ventas" are text
_SPACED = re.compile(rf"{_BLANK}*{_SIGN}{_BLANK}+(?P<word>{_WORD})[:.,;]?(?P<rest>\s.*|)$")
_INSIDE = re.compile(rf"(?<=[\s{_UNSEEN}])#(?P<word>[^\W\d_][\w-]*)(?P<rest>(?![\w-]).*)$")
_STUCK = re.compile(rf"[\s{_UNSEEN}.,;:=!…—]*")  # between a command and its argument: #asignar:Luis
_NOTHING = re.compile(rf"[\s{_UNSEEN}{_ENDS}.,;:!…#]*")
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
_ESCAPED = re.compile(r"(?:^|(?<=\s))\\(?=[#＃﹟♯])")


@dataclass(frozen=True, slots=True)
class Line:
    """One command as written. ``number`` counts the lines of the mail's own text, from 1."""

    number: int
    word: str  # without #, as typed
    rest: str  # its argument, "" when there is none
    last: int  # its last line: more than ``number`` when a mail program broke it


@dataclass(frozen=True, slots=True)
class Commands:
    """The commands of a mail and what is left of its text; ``below`` are command-like lines under text, ``inside`` what
    looks like a command within a line of it.
    """

    lines: tuple[Line, ...] = ()
    text: str = ""
    below: tuple[Line, ...] = ()
    inside: tuple[Line, ...] = ()
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
    under = {index: line for index in range(at, len(lines)) if (line := _read(lines, index)) is not None}
    inside = tuple(line for index in range(at, len(lines)) if index not in under for line in _inside(lines, index))
    text = "\n".join(_ESCAPED.sub("", line) for line in rest).strip("\n")
    return Commands(tuple(found), text, tuple(under.values()), inside, _as_line(heading, at))


def _as_line(heading: re.Match[str] | None, at: int) -> Line | None:
    return Line(at + 1, _name(heading["word"]), heading["rest"].strip(), at + 1) if heading else None


def _inside(lines: list[str], at: int) -> tuple[Line, ...]:
    """The last thing in a line that looks like a command: ``Listo, Juan. #cerrar``."""
    found = _INSIDE.search(lines[at])
    if found is None:
        return ()
    rest = "" if _NOTHING.fullmatch(found["rest"]) else found["rest"].strip()
    return (Line(at + 1, found["word"], rest, at + 1),)


def _read(lines: list[str], at: int) -> Line | None:
    match = _COMMAND.match(lines[at])
    if match is None:
        return None
    word, marks = _name(match["word"]), _INVISIBLE.sub("", match["marks"]).strip()
    if not word or (word[0].isdigit() and (marks or not _NUMBER.match(match["rest"]))):
        return None
    rest, last = _argument(match["rest"], enclosed=bool(marks)), at + 1
    while rest and last < len(lines) and _goes_on(lines[last - 1], lines[last]):
        rest = f"{rest} {lines[last].strip()}"
        last += 1
    return Line(at + 1, word, rest, last)


def _name(word: str) -> str:
    return _HYPHENS.sub("-", _INVISIBLE.sub("", word)).strip("_")


def _argument(rest: str, *, enclosed: bool) -> str:
    """What follows the command's word; nothing when that is only how the line ends, as in ``#cerrar!``."""
    if _NOTHING.fullmatch(rest):
        return ""
    if enclosed:  # «#nota texto», **#nota** texto
        rest = re.sub(rf"^[{_ENDS}]+|[{_ENDS}]+$", "", rest.strip())
    stuck = _STUCK.match(rest)
    return rest[stuck.end() :].strip() if stuck and not rest[:1].isspace() else rest.strip()


def _goes_on(line: str, following: str) -> bool:
    """Whether a mail program broke the line here: its next word did not fit into the usual width."""
    words = following.split(None, 1)
    if not words or words[0].startswith(("#", "\\#")) or not WRAPS_BY[0] <= len(line.rstrip()) <= WRAPS_BY[1]:
        return False
    return len(line.rstrip()) + 1 + len(words[0]) > 72
