"""How results are shown: tables that fit the terminal, JSON for scripts, progress bars, questions.

What mails say is a stranger's text: control characters, terminal sequences and bidirectional overrides are shown as
what they are, and nothing of it is ever read as markup. JSON goes out whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from mailgate.cli.words import say
from mailgate.visible import visible

PIPED_WIDTH = 10_000  # what a program reads is neither wrapped nor cut
YES, NO = {"s", "si", "sí", "y", "yes"}, {"n", "no"}
NARROWEST = 6  # a column cut shorter says nothing


def clean(text: str, *, lines: bool = False) -> str:
    """A stranger's text, harmless on a terminal; with ``lines`` its line breaks stay."""
    if lines:
        return "\n".join(clean(line) for line in text.replace("\r\n", "\n").split("\n"))
    return visible(text.replace("\t", " "))


def emit_json(document: Any) -> None:
    """One JSON document, indented for a person's terminal, on one line for a program."""
    utf8 = (getattr(sys.stdout, "encoding", None) or "").casefold().replace("-", "") == "utf8"
    indent = 2 if sys.stdout.isatty() else None
    sys.stdout.write(json.dumps(document, ensure_ascii=not utf8, indent=indent, default=str) + "\n")


def emit_json_line(document: Any) -> None:
    """One JSON object on one line: JSON Lines."""
    utf8 = (getattr(sys.stdout, "encoding", None) or "").casefold().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(document, ensure_ascii=not utf8, default=str) + "\n")


def emit_bytes(data: bytes) -> None:
    """Bytes as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def write_private(path: Path, text: str) -> None:
    """A file that only its owner may read: a letter is somebody's mail. Raises UsageError."""
    from mailgate.errors import UsageError

    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


class Advance(Protocol):
    """Moves a bar on by some steps; ``of`` says how many there are in all, when that is known only now."""

    def __call__(self, steps: int, of: int | None = None) -> None: ...


def line(text: str = "") -> None:
    """A line of ours on stdout."""
    sys.stdout.write(text + "\n")


def note(text: str) -> None:
    """A line beside the result, on stderr."""
    sys.stderr.write(f"mailgate: {clean(text)}\n")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Rows under headings; ``empty`` is said when there are none."""
    if not rows:
        line(empty)
        return
    from rich import box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    here = sys.stdout.isatty()
    cells = [[clean(str(value)) for value in row] for row in rows]
    # Text keeps brackets in a subject from being taken for markup.
    console = Console(file=sys.stdout, highlight=False, markup=False, width=None if here else PIPED_WIDTH)
    shown = Table(box=box.SIMPLE_HEAD if here else None, pad_edge=False, header_style="bold")
    used = [i for i in range(len(columns)) if any(row[i] for row in cells)]
    natural = [max(cell_len(columns[i]), *(cell_len(row[i]) for row in cells)) for i in used]
    for i, width in zip(used, fit(natural, console.width - 3 * len(used)), strict=True):
        shown.add_column(Text(columns[i]), overflow="ellipsis", no_wrap=True, width=width)
    for row in cells:
        shown.add_row(*(Text(row[i]) for i in used))
    console.print(shown)


def fit(widths: Sequence[int], room: int) -> list[int]:
    """Widths that fit together: the widest columns give way first, a number or a state of a few letters never."""
    fitted = list(widths)
    while sum(fitted) > room and max(fitted) > NARROWEST:
        fitted[fitted.index(max(fitted))] -= 1
    return fitted


@contextlib.contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Advance]:
    """A bar on stderr when a person is there; gives what moves it on. Without a total it moves to and fro."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda steps, of=None: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda steps, of=None: bar.update(task, advance=steps, total=total if of is None else of)


def confirm(question: str, *, yes: bool) -> None:
    """Go on only with a yes. Raises UsageError where nobody can be asked, typer.Abort on a no."""
    if yes:
        return
    import typer

    from mailgate.errors import UsageError

    if not sys.stdin.isatty():
        raise UsageError(say("confirm.no-terminal", question=question))
    if not agrees(question):
        raise typer.Abort


def agrees(question: str, *, usual: bool = False) -> bool:
    """Ask a person; yes and no in Spanish and in English, whatever the locale. Enter takes the usual answer."""
    import typer

    shown = f"{question} [{say('confirm.yes-is-usual' if usual else 'confirm.no-is-usual')}]"
    while True:
        told = str(typer.prompt(shown, default="", show_default=False)).strip().casefold()
        if not told:
            return usual
        if told in YES or told in NO:
            return told in YES
