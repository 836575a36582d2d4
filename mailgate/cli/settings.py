"""``mailgate settings``: every setting there is, what it means, its default, and what it is here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mailgate.cli.opening import settings_of
from mailgate.cli.show import emit_json, line, table
from mailgate.cli.words import examples, say

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

EXAMPLES = examples(
    "mailgate settings",
    "mailgate settings relay",
    "mailgate settings --changed",
    "mailgate settings --markdown > settings.md",
)
SECRET = "***"  # noqa: S105 - what is shown in the place of one


def settings(
    context: typer.Context,
    section: Annotated[str, typer.Argument(metavar="[SECTION]", help=say("settings.section"))] = "",
    changed: Annotated[bool, typer.Option("--changed", help=say("settings.changed"))] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help=say("settings.markdown"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    rows = every_setting(settings_of(context))
    if section:
        rows = _of(section, rows)
    if changed:
        rows = [row for row in rows if row["value"] != row["default"]]
    if as_json:
        emit_json(rows)
    elif markdown:
        line(as_markdown(rows))
    else:
        names = [say(f"column.{name}") for name in ("setting", "value", "meaning")]
        table(names, [(r["key"], r["value"], r["meaning"]) for r in rows], empty=say("settings.none"))


def every_setting(loaded: Any = None) -> list[dict[str, str]]:
    """Each key with its environment variable, its type, its default and value as TOML, and its meaning.

    Without ``loaded`` the value is the default. Of a list of mailboxes, the first one's are told. Secrets are not.
    """
    from mailgate.settings import ENVIRONMENT, every_key

    rows = []
    for section, key, field in every_key():
        default = _default(field)
        holder = getattr(loaded, section, None)
        holder = (holder[0] if holder else None) if isinstance(holder, tuple) else holder
        value = default if holder is None else _told(f"{section}.{key}", getattr(holder, key))
        variable = f"{ENVIRONMENT}{section}_{key}".upper() if section != "imap" else f"{ENVIRONMENT}IMAP"
        rows.append(
            {
                "key": f"{section}.{key}",
                "environment": variable,
                "type": _type(field),
                "default": default,
                "value": value,
                "meaning": str(field.description or ""),
            }
        )
    return rows


def as_markdown(rows: list[dict[str, str]]) -> str:
    """The reference as a page: a heading a section, a table of its keys."""
    lines, section = [say("settings.head")], ""
    for row in rows:
        here, _, key = row["key"].partition(".")
        if here != section:
            section = here
            lines += ["", f"## {section}", "", say("settings.columns"), "|---|---|---|"]
        cells = (f"`{key}`", f"`{row['default']}`" if row["default"] else "", row["meaning"])
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _of(section: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of a section, or of one key. Raises UsageError with the nearest right name."""
    import difflib

    from mailgate.errors import UsageError

    found = [row for row in rows if row["key"] == section or row["key"].startswith(f"{section}.")]
    if not found:
        known = [*dict.fromkeys(row["key"].partition(".")[0] for row in rows), *(row["key"] for row in rows)]
        near = difflib.get_close_matches(section, known, n=1, cutoff=0.4)
        raise UsageError(say("settings.unknown", section=section, near=near[0] if near else "desk"))
    return found


def _default(field: FieldInfo) -> str:
    from pydantic_core import PydanticUndefined

    value = field.get_default(call_default_factory=True)
    return "" if value is PydanticUndefined else _shown(value)


def _told(key: str, value: Any) -> str:
    """A value of this desk's, without the secrets that two keys may hold."""
    if key == "smtp.users":
        value = dict.fromkeys(value, SECRET)
    if key == "store.url":
        value = re.sub(r"(?<=://)([^/@:]*):[^/@]*@", rf"\1:{SECRET}@", value)
    return _shown(value)


def _shown(value: Any) -> str:
    """A value as TOML writes it; "" when it is not set."""
    from pydantic import BaseModel, SecretStr

    from mailgate.cli.init_text import as_toml

    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return SECRET
    if isinstance(value, BaseModel):
        return as_toml(value.model_dump(exclude_none=True))
    if isinstance(value, dict):
        return as_toml({key: _plain(inner) for key, inner in value.items()})
    return as_toml(_plain(value))


def _plain(value: Any) -> Any:
    """As a person would write it: 60 and not 60.0, which is how a default of 60 seconds is read."""
    from pydantic import BaseModel

    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.model_dump(exclude_none=True) if isinstance(value, BaseModel) else value


def _type(field: FieldInfo) -> str:
    """The type as a reader understands it: ``int``, ``str or nothing``."""
    told = getattr(field.annotation, "__name__", "") if not _arguments(field.annotation) else str(field.annotation)
    return told.replace("typing.", "").replace("pathlib.", "").replace("pydantic.types.", "").replace(" | None", "")


def _arguments(annotation: Any) -> tuple[Any, ...]:
    from typing import get_args

    return get_args(annotation)
