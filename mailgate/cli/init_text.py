"""The settings file as ``mailgate init`` writes it: every key with its meaning, those that were chosen set."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from mailgate.cli.words import say

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


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
