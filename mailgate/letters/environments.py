"""Jinja as our templates and an operator's need it: ours trusted and kept, theirs in the sandbox and looked at again.

Operators' templates run in Jinja's sandbox; all of them get plain values only, so that no text of a mail is ever
compiled and no row can be touched.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, MutableMapping
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailgate.letters.filters import filters
from mailgate.letters.inline import inline_styles

STYLE = "_partials/style.css"

# What a letter may do without: the caller need not name it. Everything else a template uses must be given.
OPTIONAL: Mapping[str, Any] = {
    "agent_name": "",
    "attachments": (),
    "buttons": (),
    "card": None,
    "asks_more": False,
    "category": "",
    "canned": (),
    "changed": False,
    "charts": (),
    "client": None,
    "commands": (),
    "copied": (),
    "corrections": (),
    "done": (),
    "duplicates": (),
    "due_on": None,
    "formal": False,
    "history": (),
    "html": "",
    "mobile": "",
    "name": "",
    "left": (),
    "letters": (),
    "lines": (),
    "news": (),
    "opened_at": None,
    "number": None,
    "other": "",
    "problems": (),
    "proposed": None,
    "called_off": False,
    "outdated": False,
    "ordered": False,
    "promised_at": None,
    "remark": "",
    "sections": (),
    "stars": (),
    "solutions": (),
    "subject": "",
    "tag": "",
    "tariff": "",
    "tickets": (),
    "updated_at": None,
    "why": "",
    "wrong_mobile": "",
    "urgent": False,
}


def built_in() -> Path:
    """The folder of our templates: inside the installed package, or beside it in a checkout."""
    installed = Path(str(resources.files("mailgate"))) / "_templates"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "templates"


@functools.cache
def our_environment(zone: ZoneInfo) -> Environment:
    return _environment(FileSystemLoader(built_in()), zone, trusted=True)


def their_environment(directory: Path, zone: ZoneInfo) -> Environment:
    """The operator's files, and ours where they have none."""
    return _environment(ChoiceLoader([FileSystemLoader(directory), FileSystemLoader(built_in())]), zone)


def _environment(loader: BaseLoader, zone: ZoneInfo, *, trusted: bool = False) -> Environment:
    """``trusted``: our own templates, which need no sandbox and do not change while we run."""
    environment = (_Trusted if trusted else ImmutableSandboxedEnvironment)(
        loader=loader,
        auto_reload=not trusted,
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[_InlineStyles],
    )
    environment.filters.update(filters(zone))
    environment.globals = {"range": environment.globals["range"], **OPTIONAL}
    return environment


class _InlineStyles(Extension):
    """Style sheets go into the elements when a template is compiled, which Jinja does once and keeps."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if not name or not name.endswith(".html"):
            return source
        return inline_styles(source, source_of(self.environment, STYLE))


class _Trusted(Environment):
    """For our own templates. What all of them may use is one plain dict: Jinja's chain of dicts is walked for each
    part of a letter.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Nearly all values are dicts, which Jinja would ask for an attribute first."""
        return obj[attribute] if type(obj) is dict and attribute in obj else super().getattr(obj, attribute)


def source_of(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]
