"""``mailgate init``: write a settings file that explains itself, every key with its meaning and default.

Never over an existing file without ``--force``, and readable by its owner only; passwords go into files of their own
beside it. On a terminal it asks for what every desk needs, and tries each login as soon as it is known; with ``--set``,
``--for``, ``--yes`` or without a terminal it asks nothing, and tries only with ``--check``. It ends with the doctor.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.init_text import settings_text
from mailgate.cli.opening import choices_of
from mailgate.cli.show import line
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from mailgate.settings import Settings

EXAMPLES = examples(
    "mailgate init",
    "mailgate init --for gmail --set desk.address=soporte@acme.co --password-stdin < app-password.txt",
    "mailgate init --set desk.address=soporte@acme.co --set desk.company='Acme S.A.S.'",
    "mailgate --config /etc/mailgate/mailgate.toml init --yes",
)


def init(
    context: typer.Context,
    chosen: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=say("init.set"))] = None,
    provider: Annotated[str, typer.Option("--for", metavar="gmail|microsoft365|imap|mta", help=say("init.for"))] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help=say("init.password-stdin"))] = False,
    check: Annotated[bool | None, typer.Option("--check/--no-check", help=say("init.check"))] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=say("init.yes"))] = False,
    force: Annotated[bool, typer.Option("--force", help=say("init.force"))] = False,
) -> None:
    from mailgate.cli.init_questions import Answers, ask, of_provider
    from mailgate.errors import UsageError

    path = choices_of(context).config or Path("mailgate.toml")
    if path.exists() and not force:
        raise UsageError(say("init.exists", path=path))
    given = _given(chosen or [])
    asks = not (chosen or provider or password_stdin or yes) and sys.stdin.isatty() and sys.stdout.isatty()
    if asks:
        answers = ask(path.parent, try_logins=check is not False)
    else:
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
        answers = of_provider(provider, given, password, path.parent) if provider or password else Answers(given)
    _write_all(path, answers.values, answers.secrets, force=force)
    line(say("init.next", config=f" --config {path}" if path != Path("mailgate.toml") else ""))
    if check or (check is None and asks):
        _examine(context, path, strict=bool(check))


def _write_all(path: Path, values: dict[str, str], secrets: dict[Path, str], *, force: bool) -> None:
    """The settings, and a file for each secret; nothing when the settings would not load."""
    from mailgate.errors import UsageError

    text = settings_text(values)
    trial(text, path)  # it must load before it is written
    try:
        for place, secret in secrets.items():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(place, f"{secret}\n", force=force)
            line(say("init.secret-written", path=place))
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, text, force=force)
    except FileExistsError as error:
        raise UsageError(say("init.exists", path=error.filename)) from error
    except OSError as error:
        raise UsageError(say("init.cannot-write", path=error.filename or path, error=error.strerror)) from error
    line(say("init.written", path=path))


def _examine(context: typer.Context, path: Path, *, strict: bool) -> None:
    """What the doctor says of the new settings; what is ill fails a script that asked for it, not a first try."""
    from mailgate.cli.doctor import doctor
    from mailgate.cli.opening import Choices

    line()
    context.obj = Choices(path, choices_of(context).debug)
    try:
        doctor(context)
    except typer.Exit:
        if strict:
            raise


def _given(chosen: list[str]) -> dict[str, str]:
    import difflib

    from mailgate.errors import UsageError
    from mailgate.settings import every_key

    known = [f"{section}.{key}" for section, key, _ in every_key()]
    values: dict[str, str] = {}
    for pair in chosen:
        name, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(say("init.no-pair", pair=pair))
        if name.strip() not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            raise UsageError(say("init.no-key", key=name, near=near[0] if near else "desk.address"))
        values[name.strip()] = value.strip()
    return values


def trial(text: str, goal: Path) -> Settings:
    """The settings of a file that is not written yet. Raises ConfigError that names the file to be."""
    from mailgate.errors import ConfigError
    from mailgate.settings import load

    with tempfile.TemporaryDirectory() as folder:
        tried = Path(folder) / goal.name
        tried.write_text(text, encoding="utf-8")
        try:
            return load(tried, environment={})
        except ConfigError as error:
            raise ConfigError(str(error).replace(str(tried), str(goal))) from None


def _write(path: Path, text: str, *, force: bool) -> None:
    """Whole or not at all, mode 0600 from its first byte on."""
    if not force:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        return
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(beside).replace(path)
