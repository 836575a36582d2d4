"""``mailgate solution`` and ``mailgate news``: what is published, and a folder of Markdown files brought into it.

A file is one text: its first heading is the title (else its name), a line ``Categoría: Nómina`` below it the category,
the rest the text. The title is its name, so that the same folder imported again changes only what has changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.opening import local_time, now, open_desk
from mailgate.cli.show import clean, emit_json, line, note, progress, table
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.cli.client_file import Problem
    from mailgate.store.library import Page

Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]
LONGEST_TITLE, LONGEST_TEXT = 200, 100_000
_HEADING = re.compile(r"#\s+(.+?)\s*#*\s*$")
_CATEGORY = re.compile(r"(?:categor[ií]a|category)\s*:\s*(.*)$", re.IGNORECASE)


def make_app(what: str) -> typer.Typer:
    """The commands about solutions, or about news: they are alike."""
    app = typer.Typer(help=say(f"help.{what}"), no_args_is_help=True, rich_markup_mode=None)

    @app.command("list", help=say(f"help.{what}.list"), epilog=examples(f"mailgate {what} list"))
    def list_pages(context: typer.Context, as_json: Json = False) -> None:
        _list(context, what, as_json)

    @app.command(
        "import",
        help=say(f"help.{what}.import"),
        epilog=examples(f"mailgate {what} import folder/ --dry-run", f"mailgate {what} import folder/"),
    )
    def import_pages(
        context: typer.Context,
        folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=say("library.folder"))],
        dry_run: Annotated[bool, typer.Option("--dry-run", help=say("import.dry-run"))] = False,
        as_json: Json = False,
    ) -> None:
        _import(context, what, folder, dry_run, as_json)

    _add_switch(app, what, "hide", False)
    _add_switch(app, what, "show", True)
    return app


def _add_switch(app: typer.Typer, what: str, verb: str, published: bool) -> None:
    @app.command(verb, help=say(f"help.library.{verb}"), epilog=examples(f"mailgate {what} {verb} 12"))
    def switch(
        context: typer.Context, number: Annotated[int, typer.Argument(metavar="ID", help=say("library.id"))]
    ) -> None:
        from mailgate.errors import NotFound
        from mailgate.store import library

        with open_desk(context):
            if not library.set_published(what, number, published):
                raise NotFound(say("library.missing", id=number, what=what))
        line(say(f"library.{verb}", id=number))


def _list(context: typer.Context, what: str, as_json: bool) -> None:
    from mailgate.store import library

    with open_desk(context) as settings:
        found = library.listed(what)
    if as_json:
        emit_json(found)
        return
    rows = [
        (one["id"], one["title"], one["category"], say("library.yes" if one["published"] else "library.no"), one["by"],
         local_time(one["at"].isoformat(), settings))
        for one in found
    ]  # fmt: skip
    names = ("id", "title", "category", "published", "by", "at")
    table([say(f"column.{name}") for name in names], rows, empty=say("library.none"))


def _import(context: typer.Context, what: str, folder: Path, dry_run: bool, as_json: bool) -> None:
    from mailgate.errors import InputError
    from mailgate.store import library

    pages, problems = read_folder(folder)
    for problem in problems:
        note(str(problem))
    with open_desk(context) as settings:
        planned = library.changes(what, pages)
        written = not dry_run and not problems
        if written:
            with progress(say("import.progress"), len(pages)) as advance:
                library.save_all(what, pages, settings.desk.address, now(), lambda: advance(1))
    if as_json:
        told = [{"title": page.title, "change": change} for page, change in zip(pages, planned, strict=True)]
        emit_json({"written": written, "pages": told, "problems": [str(problem) for problem in problems]})
    else:
        _tell(pages, planned, written)
    if problems:
        raise InputError(say("import.files-refused", folder=folder, count=len(problems)))


def _tell(pages: list[Page], planned: list[str], written: bool) -> None:
    rows = [
        (say("import.new" if change == "new" else "import.changed"), clean(page.title), clean(page.category))
        for page, change in zip(pages, planned, strict=True)
        if change != "same"
    ]
    if rows:
        table([say(f"column.{name}") for name in ("what", "title", "category")], rows, empty="")
    counts = {name: planned.count(name) for name in ("new", "changed", "same")}
    line(say("import.done" if written else "import.would", **counts))


def read_folder(folder: Path) -> tuple[list[Page], list[Problem]]:
    """Every Markdown file of a folder, by name, and what is wrong with each. Raises NotFound."""
    from mailgate.cli.client_file import Problem
    from mailgate.errors import NotFound

    if not folder.is_dir():
        raise NotFound(say("library.no-folder", folder=folder))
    paths = sorted(path for path in folder.rglob("*.md") if path.is_file())
    if not paths:
        raise NotFound(say("library.no-files", folder=folder))
    pages: dict[str, tuple[Path, Page]] = {}
    problems: list[Problem] = []
    for path in paths:

        def wrong(text: str, path: Path = path) -> None:
            problems.append(Problem(0, "", f"{path.name}: {text}"))

        page = _read(path, wrong)
        if page is None:
            continue
        if (key := page.title.casefold()) in pages:
            wrong(say("library.twice", title=page.title, file=pages[key][0].name))
        else:
            pages[key] = (path, page)
    return [page for _, page in pages.values()], problems


def _read(path: Path, wrong: Callable[[str], None]) -> Page | None:
    from mailgate.cli.client_file import decode
    from mailgate.store.library import Page

    try:
        lines = decode(path.read_bytes()).replace("\0", "").replace("\r\n", "\n").strip().split("\n")
    except OSError as error:
        wrong(error.strerror or str(error))
        return None
    title = path.stem.replace("-", " ").replace("_", " ").strip()
    if heading := _HEADING.match(lines[0]):
        title, lines = heading[1], lines[1:]
    while lines and not lines[0].strip():
        lines = lines[1:]
    category = ""
    if lines and (told := _CATEGORY.match(lines[0].strip())):
        category, lines = told[1].strip(), lines[1:]
    body = "\n".join(lines).strip()
    if not body:
        wrong(say("library.empty"))
    elif len(title) > LONGEST_TITLE or len(category) > 60 or len(body) > LONGEST_TEXT:
        wrong(say("library.too-long", title=LONGEST_TITLE, text=LONGEST_TEXT))
    else:
        return Page(title, body, category)
    return None
