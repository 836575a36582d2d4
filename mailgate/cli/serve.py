"""``mailgate serve`` and ``mailgate demo``: the gateway itself, and the gateway shown."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING, Annotated

import typer

from mailgate.cli.opening import settings_of, told_where
from mailgate.cli.words import examples, language, say

if TYPE_CHECKING:
    from mailgate.settings import Settings

ROLES = ("smtp", "imap", "worker", "sender", "clock")
EXAMPLES = examples(
    "mailgate serve",
    "mailgate --config /etc/mailgate/mailgate.toml serve",
    "mailgate serve --role smtp --role imap    # the others run elsewhere, on the same PostgreSQL",
)
DEMO_EXAMPLES = examples("mailgate demo", "mailgate demo --once")


def serve(
    context: typer.Context,
    role: Annotated[list[str] | None, typer.Option("--role", metavar="|".join(ROLES), help=say("serve.role"))] = None,
) -> None:
    from mailgate.errors import UsageError

    if wrong := [name for name in role or () if name not in ROLES]:
        raise UsageError(say("serve.no-role", role=wrong[0], roles=", ".join(ROLES)))
    gc.set_threshold(100_000)  # what is loaded now is no garbage, and the collector need not look for any
    settings = settings_of(context)
    _load_lean(settings)
    from mailgate import running

    with told_where(settings):
        running.run(settings, role or ROLES)


def _load_lean(settings: Settings) -> None:
    """The two libraries that would take others with them."""
    from mailgate.unneeded import left_out

    with left_out("rich"):
        import structlog  # noqa: F401
    with left_out("psycopg") if settings.store.url.startswith("sqlite:") else contextlib.nullcontext():
        import mailgate.store.base  # noqa: F401  # with peewee


def demo(
    once: Annotated[bool, typer.Option("--once", help=say("demo.once"))] = False,
    tongue: Annotated[str, typer.Option("--language", metavar="es|en", help=say("demo.language"))] = "",
) -> None:
    from mailgate.errors import UsageError

    if tongue not in ("", "es", "en"):
        raise UsageError(say("demo.which-language", language=tongue))
    from mailgate.cli import demo as play

    play.run(once=once, language=tongue or language())
