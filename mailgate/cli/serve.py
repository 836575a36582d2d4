"""``mailgate serve`` and ``mailgate demo``: the gateway itself, and the gateway shown."""

from __future__ import annotations

from typing import Annotated

import typer

from mailgate.cli.opening import settings_of, told_where
from mailgate.cli.words import examples, language, say

EXAMPLES = examples("mailgate serve", "mailgate --config /etc/mailgate/mailgate.toml serve")
DEMO_EXAMPLES = examples("mailgate demo", "mailgate demo --once")


def serve(context: typer.Context) -> None:
    from mailgate import service

    settings = settings_of(context)
    with told_where(settings):
        service.run(settings)


def demo(
    once: Annotated[bool, typer.Option("--once", help=say("demo.once"))] = False,
    tongue: Annotated[str, typer.Option("--language", metavar="es|en", help=say("demo.language"))] = "",
) -> None:
    from mailgate.errors import UsageError

    if tongue not in ("", "es", "en"):
        raise UsageError(say("demo.which-language", language=tongue))
    from mailgate.cli import demo as play

    play.run(once=once, language=tongue or language())
