"""What every command begins with: the settings file it goes by, the store it opens, the time it is.

Settings come from ``--config``, else ``MAILGATE_CONFIG``, else ``./mailgate.toml`` or ``/etc/mailgate/mailgate.toml``
when there, else the embedded defaults. Raises ConfigError and StoreUnavailable, one line each.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mailgate.cli.show import clean
from mailgate.cli.words import say

if TYPE_CHECKING:
    from mailgate.settings import Settings

USUAL_PLACES = (Path("mailgate.toml"), Path("/etc/mailgate/mailgate.toml"))


@dataclass(frozen=True, slots=True)
class Choices:
    """The options before the command."""

    config: Path | None = None
    debug: bool = False


def choices_of(context: typer.Context) -> Choices:
    found = context.find_object(Choices)
    return found if found is not None else Choices()


def settings_file(choices: Choices) -> Path | None:
    """The file to read; None for the embedded defaults."""
    if choices.config is not None:
        return choices.config
    if named := os.environ.get("MAILGATE_CONFIG"):
        return Path(named)
    return next((place for place in USUAL_PLACES if place.is_file()), None)


def settings_of(context: typer.Context) -> Settings:
    """The settings this command goes by."""
    from mailgate.settings import load

    return load(settings_file(choices_of(context)))


@contextlib.contextmanager
def open_desk(context: typer.Context) -> Iterator[Settings]:
    """The store, open and up to date, for the time of a command."""
    from mailgate.store.base import close_store, connection, open_store

    settings = settings_of(context)
    _quiet_logs(choices_of(context).debug)
    try:
        with told_where(settings):
            open_store(settings.store)
        with connection():
            yield settings
    finally:
        close_store()


@contextlib.contextmanager
def told_where(settings: Settings) -> Iterator[None]:
    """Says which store it is that cannot be opened, and what to look at. Its password is not told."""
    from mailgate.errors import StoreUnavailable

    try:
        yield
    except StoreUnavailable as error:
        url = re.sub(r"(?<=://)([^/@:]*):[^/@]*@", r"\1@", settings.store.url)
        raise StoreUnavailable(say("store.unavailable", url=url, error=error)) from error


@contextlib.contextmanager
def look_into_desk(context: typer.Context, settings: Settings) -> Iterator[str]:
    """The store, for reading only, if there is one that can be read; gives "", or why there is none.

    Makes no file and no table, and the engine refuses to write.
    """
    from mailgate.errors import MailgateError
    from mailgate.store.base import close_store
    from mailgate.store.looking import look

    _quiet_logs(choices_of(context).debug)
    with contextlib.ExitStack() as stack:
        stack.callback(close_store)
        try:
            missing = stack.enter_context(look(settings.store))
        except MailgateError as error:
            missing = str(error)
        yield missing


def now() -> datetime:
    return datetime.now(UTC)


def local_time(moment: str, settings: Settings) -> str:
    """An instant in ISO form, as the desk's clock shows it."""
    from zoneinfo import ZoneInfo

    return datetime.fromisoformat(moment).astimezone(ZoneInfo(settings.desk.timezone)).strftime("%Y-%m-%d %H:%M")


def _quiet_logs(debug: bool) -> None:
    """A command tells its result, and of the log of its work only the errors, a line each; with --debug all of it."""
    import logging

    import structlog

    structlog.configure(
        processors=None if debug else [_one_line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _one_line(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    if event.pop("exc_info", None):
        event["error"] = repr(sys.exc_info()[1])
    what = event.pop("event", "")
    return clean(f"mailgate: {what}: " + ", ".join(f"{key} {value}" for key, value in event.items()))
