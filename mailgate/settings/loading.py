"""A TOML file with the environment over it becomes ``Settings``; what is wrong is one line with the nearest right."""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from mailgate.errors import ConfigError
from mailgate.settings.desk import AboutDesk
from mailgate.settings.keeping import AboutKeeping
from mailgate.settings.roads import AboutRoads, Imap
from mailgate.settings.terms import AboutTerms
from mailgate.settings.wrong import explain

ENVIRONMENT = "MAILGATE_"
# Read elsewhere and no settings: which file to read, where to crash in a test, what to poison in a test.
NOT_SETTINGS = {"MAILGATE_CONFIG", "MAILGATE_CRASH_AT", "MAILGATE_DEBUG_POISON", "MAILGATE_TEST_POSTGRES"}


class Settings(AboutKeeping, AboutRoads, AboutTerms, AboutDesk):  # in the file's order from the last one on
    """All of it. Attribute names are the TOML's."""


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from a TOML file (none: embedded defaults) with the environment over it. Raises ConfigError."""
    environment = os.environ if environment is None else environment
    where = str(path) if path else "the environment"
    values = _read_toml(path) if path else {}
    _overlay(values, environment)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        sections: dict[str, list[str]] = {}
        for section, key, _ in every_key():
            sections.setdefault(section, []).append(key)
        raise ConfigError(explain(error, where, sections)) from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"there is no settings file {path}; 'mailgate init' writes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the settings file {path}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from None


def _overlay(values: dict[str, Any], environment: Mapping[str, str]) -> None:
    """MAILGATE_SMTP_PORT=2526 -> smtp.port. Lists and tables are written as TOML values."""
    for variable, text in sorted(environment.items()):
        if not variable.startswith(ENVIRONMENT) or variable in NOT_SETTINGS:
            continue
        section, _, key = variable.removeprefix(ENVIRONMENT).lower().partition("_")
        kind = Settings.model_fields.get(section)
        if kind is None or (section != "imap" and not key):
            known = [f"{ENVIRONMENT}{s}_{k}".upper() for s, k, _ in every_key()]
            raise ConfigError(f"{variable} in the environment is no setting{_nearest(variable, known)}")
        if section == "imap":
            values["imap"] = _as_toml(text)
            continue
        values.setdefault(section, {})
        if isinstance(values[section], dict):
            values[section][key] = _as_toml(text)


def _as_toml(text: str) -> Any:
    """A value as TOML where it is one that a string could not be (list, table); else the text itself, for pydantic."""
    if text[:1] in "[{":
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return text


def every_key() -> list[tuple[str, str, Any]]:
    """(section, key, pydantic field) of every setting, in the order of the file."""
    rows = []
    for section, outer in Settings.model_fields.items():
        model = Imap if section == "imap" else outer.annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        rows += [(section, key, inner) for key, inner in model.model_fields.items()]
    return rows


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""
