"""An operator's own templates against ours: what they replace, and whether each letter can be written with them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from mailgate.letters.render import LANGUAGES, LetterError, Renderer, built_in
from mailgate.letters.samples import states

PARTS = (".subject.txt", ".txt", ".html")


class Problem(NamedTuple):
    """What is wrong with one file."""

    file: str
    what: str


def letters() -> list[str]:
    """The name of every letter."""
    return sorted(path.name.removesuffix(PARTS[0]) for path in (built_in() / LANGUAGES[0]).glob(f"*{PARTS[0]}"))


def files_of(letter: str) -> list[str]:
    """A letter's files, as they are named in the folder of templates."""
    return [f"{language}/{letter}{part}" for language in LANGUAGES for part in PARTS]


def own_files(directory: Path | None) -> list[str]:
    """The files in an operator's folder, by the names of ours."""
    if directory is None or not directory.is_dir():
        return []
    found = (path.relative_to(directory) for path in directory.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts))


def check(directory: Path | None, zone: ZoneInfo) -> Iterator[Problem]:
    """Everything that is wrong: files that replace nothing, and files with which a letter cannot be written.

    Each letter is written in each state and language, as it would be; a mistake is told once.
    """
    ours = [path.relative_to(built_in()).as_posix() for path in built_in().rglob("*") if path.is_file()]
    for name in own_files(directory):
        if name not in ours and not Path(name).name.startswith("_"):
            near = difflib.get_close_matches(name, ours, n=1)
            yield Problem(name, f"replaces nothing{f'; did you mean {near[0]}?' if near else ''}")
    problems: dict[Problem, None] = {}
    renderer = Renderer(
        zone=zone, directory=directory, report=lambda name, what: problems.setdefault(Problem(name, what))
    )
    for language in LANGUAGES:
        for letter, by_state in states(renderer, language).items():
            for values in by_state.values():
                try:
                    renderer.render(letter, language, values)
                except LetterError as error:
                    problems.setdefault(Problem(f"{language}/{letter}", str(error)))
    yield from problems
