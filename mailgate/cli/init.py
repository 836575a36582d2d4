"""``mailgate init``: write a settings file that explains itself, every key with its meaning and default.

Never over an existing file without ``--force``, and readable by its owner only. On a terminal it asks for what every
desk needs; with ``--set``, ``--yes`` or without a terminal it asks nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli.opening import choices_of
from mailgate.cli.show import line
from mailgate.cli.words import examples, language, say

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

EXAMPLES = examples(
    "mailgate init",
    "mailgate init --set desk.address=soporte@acme.co --set desk.company='Acme S.A.S.'",
    "mailgate --config /etc/mailgate/mailgate.toml init --yes",
)
ASKED = ("desk.name", "desk.company", "desk.address", "desk.language", "store.url", "relay.kind")
ASKED_FOR_SMTP = ("relay.host", "relay.port", "relay.tls", "relay.user", "relay.password_file")


def init(
    context: typer.Context,
    chosen: Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help=say("init.set"))] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=say("init.yes"))] = False,
    force: Annotated[bool, typer.Option("--force", help=say("init.force"))] = False,
) -> None:
    from mailgate.errors import UsageError

    path = choices_of(context).config or Path("mailgate.toml")
    if path.exists() and not force:
        raise UsageError(say("init.exists", path=path))
    values = _given(chosen or [])
    if not chosen and not yes and sys.stdin.isatty() and sys.stdout.isatty():
        values = _asked()
    text = settings_text(values)
    _check(text, path)
    try:
        _write(path, text, force=force)
    except OSError as error:
        raise UsageError(say("init.cannot-write", path=path, error=error.strerror)) from error
    line(say("init.written", path=path))


def settings_text(values: dict[str, str]) -> str:
    """The whole file. A key in ``values`` ("desk.address") is set, all others stand as comments with their default."""
    from mailgate.settings import Settings, every_key

    lines = [*(f"# {told}" for told in say("init.head").split("\n"))]
    section = ""
    for name, key, field in every_key():
        if name != section:
            section = name
            here = any(known.startswith(f"{section}.") for known in values)
            model = Settings.model_fields[section]
            about = (getattr(model.annotation, "__doc__", "") or model.description or "").strip().partition("\n")[0]
            mark = f"[[{section}]]" if section == "imap" else f"[{section}]"
            lines += ["", "", mark if section != "imap" or here else f"# {mark}", f"# {about}"]
        lines += ["", f"# {field.description}"]
        given = values.get(f"{name}.{key}")
        lines.append(f"{key} = {_from_text(field, given)}" if given is not None else f"# {key} = {_default(field)}")
    return "\n".join(lines) + "\n"


def _default(field: FieldInfo) -> str:
    from pydantic_core import PydanticUndefined

    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return f'""  # {say("init.needed")}'
    return f'""  # {say("init.not-set")}' if value is None else as_toml(value)


def as_toml(value: Any) -> str:
    """A default as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{as_toml(key)} = {as_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(as_toml(inner) for inner in value) + "]"
    # A JSON string is a TOML basic string, but for DEL.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _from_text(field: FieldInfo, text: str) -> str:
    """What a person typed, as TOML: a list or table as it is, numbers and truths by the key's own default."""
    if text[:1] in "[{":
        return text
    default = field.get_default(call_default_factory=True)
    if isinstance(default, bool) and text.casefold() in ("true", "false"):
        return text.casefold()
    if isinstance(default, int | float) and not isinstance(default, bool):
        with contextlib.suppress(ValueError):
            return repr(type(default)(text))
    return as_toml(text)


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


def _asked() -> dict[str, str]:
    from mailgate.settings import every_key

    fields = {f"{section}.{key}": field for section, key, field in every_key()}
    values: dict[str, str] = {}

    def ask(name: str) -> None:
        default = fields[name].get_default(call_default_factory=True)
        shown = language() if name == "desk.language" else "" if default is None else str(default)
        answer = str(typer.prompt(f"{name}: {fields[name].description}", default=shown, show_default=bool(shown)))
        if answer and answer != str(default):
            values[name] = answer

    for name in ASKED:
        ask(name)
    for name in ASKED_FOR_SMTP if values.get("relay.kind") == "smtp" else ():
        ask(name)
    return values


def _check(text: str, goal: Path) -> None:
    """The file must load before it is written. Raises ConfigError that names the file to be."""
    from mailgate.errors import ConfigError
    from mailgate.settings import load

    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / goal.name
        trial.write_text(text, encoding="utf-8")
        try:
            load(trial, environment={})
        except ConfigError as error:
            raise ConfigError(str(error).replace(str(trial), str(goal))) from None


def _write(path: Path, text: str, *, force: bool) -> None:
    """Whole or not at all, mode 0600 from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not force:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        return
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mkstemp makes it 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    Path(beside).replace(path)
