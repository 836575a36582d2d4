"""``mailgate templates``: the letters, an operator's own copies of their files, and how it all looks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.opening import settings_of
from mailgate.cli.show import emit_json, line, note, table
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.letters.render import Renderer
    from mailgate.settings import Settings

app = typer.Typer(help=say("help.templates"), no_args_is_help=True, rich_markup_mode=None)

Letter = Annotated[str, typer.Argument(metavar="LETTER", help=say("templates.letter"))]
Language = Annotated[str, typer.Option("--language", "-l", help=say("templates.language"))]
Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]
PARTS = {"subject": ".subject.txt", "text": ".txt", "html": ".html"}


@app.command(
    "list",
    help=say("help.templates.list"),
    epilog=examples("mailgate templates list", "mailgate templates list --json"),
)
def list_templates(context: typer.Context, as_json: Json = False) -> None:
    from mailgate.letters.checking import files_of, letters, own_files

    own = set(own_files(settings_of(context).letters.directory))
    found = [{"letter": letter, "own": [file for file in files_of(letter) if file in own]} for letter in letters()]
    if as_json:
        emit_json(found)
        return
    rows = [(str(row["letter"]), " ".join(row["own"])) for row in found]
    table([say("column.letter"), say("templates.own")], rows, empty="")


@app.command(
    "show",
    help=say("help.templates.show"),
    epilog=examples("mailgate templates show acknowledgement", "mailgate templates show answer --part html --rendered"),
)
def show_template(
    context: typer.Context,
    letter: Letter,
    language: Language = "es",
    part: Annotated[str, typer.Option("--part", help=say("templates.part"))] = "text",
    rendered: Annotated[bool, typer.Option("--rendered", help=say("templates.rendered"))] = False,
) -> None:
    from mailgate.errors import UsageError
    from mailgate.letters.render import LANGUAGES, built_in
    from mailgate.letters.samples import samples

    _known(letter)
    if part not in PARTS:
        raise UsageError(say("templates.no_part", part=part, known=", ".join(PARTS)))
    if language not in LANGUAGES:
        raise UsageError(say("templates.no_language", language=language, known=", ".join(LANGUAGES)))
    settings = settings_of(context)
    if rendered:
        renderer = _renderer(settings)
        line(getattr(renderer.render(letter, language, samples(renderer, language)[letter]), part).rstrip("\n"))
        return
    name = f"{language}/{letter}{PARTS[part]}"
    own = settings.letters.directory / name if settings.letters.directory else None
    line((own if own and own.is_file() else built_in() / name).read_text(encoding="utf-8").rstrip("\n"))


@app.command(
    "override",
    help=say("help.templates.override"),
    epilog=examples("mailgate templates override acknowledgement -l es"),
)
def override_template(
    context: typer.Context,
    letter: Letter,
    language: Annotated[str | None, typer.Option("--language", "-l", help=say("templates.languages"))] = None,
    part: Annotated[str | None, typer.Option("--part", help=say("templates.parts"))] = None,
) -> None:
    from mailgate.errors import ConfigError, UsageError
    from mailgate.letters.checking import files_of
    from mailgate.letters.render import built_in

    _known(letter)
    directory = settings_of(context).letters.directory
    if directory is None:
        raise ConfigError(say("templates.no_directory"))
    if part is not None and part not in PARTS:
        raise UsageError(say("templates.no_part", part=part, known=", ".join(PARTS)))
    wanted = [
        name
        for name in files_of(letter)
        if (language is None or name.startswith(f"{language}/"))
        and (part is None or name.endswith(letter + PARTS[part]))
    ]
    for name in wanted:
        copy = directory / name
        if copy.exists():
            note(say("templates.kept", path=copy))
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((built_in() / name).read_bytes())
        line(say("templates.copied", path=copy))


@app.command("check", help=say("help.templates.check"), epilog=examples("mailgate templates check"))
def check_templates(context: typer.Context, as_json: Json = False) -> None:
    from zoneinfo import ZoneInfo

    from mailgate.letters.checking import check, letters, own_files

    settings = settings_of(context)
    problems = list(check(settings.letters.directory, ZoneInfo(settings.desk.timezone)))
    if as_json:
        emit_json([problem._asdict() for problem in problems])
    else:
        for problem in problems:
            line(f"{problem.file}: {problem.what}")
        own = len(own_files(settings.letters.directory))
        note(say("templates.checked", letters=len(letters()), own=own, problems=len(problems)))
    if problems:
        raise typer.Exit(os.EX_DATAERR)


@app.command(
    "preview", help=say("help.templates.preview"), epilog=examples("mailgate templates preview --to letters.html")
)
def preview_templates(
    context: typer.Context,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help=say("templates.to"))] = Path("letters.html"),
) -> None:
    from mailgate.letters.gallery import gallery

    to.write_text(gallery(_renderer(settings_of(context))), encoding="utf-8")
    line(say("templates.written", path=to))


def _renderer(settings: Settings) -> Renderer:
    from zoneinfo import ZoneInfo

    from mailgate.letters.render import Renderer

    def report(name: str, problem: str) -> None:
        note(f"{name}: {problem}")

    return Renderer(zone=ZoneInfo(settings.desk.timezone), directory=settings.letters.directory, report=report)


def _known(letter: str) -> None:
    import difflib

    from mailgate.errors import NotFound
    from mailgate.letters.checking import letters

    if letter not in letters():
        near = difflib.get_close_matches(letter, letters(), n=1, cutoff=0.4)
        raise NotFound(say("templates.unknown", letter=letter, near=near[0] if near else "mailgate templates list"))
