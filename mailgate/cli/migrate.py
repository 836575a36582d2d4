"""``mailgate migrate``: bring the store's tables up to date, or only say what is missing (status 1)."""

from __future__ import annotations

from typing import Annotated

import typer

from mailgate.cli.opening import settings_of, told_where
from mailgate.cli.show import emit_json, line
from mailgate.cli.words import examples, say

EXAMPLES = examples("mailgate migrate --check", "mailgate migrate")
SOMETHING_PENDING = 1


def migrate(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help=say("migrate.check"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("help.json"))] = False,
) -> None:
    from mailgate.settings import Settings
    from mailgate.store.base import close_store, connection, migrate_up, open_store, pending_migrations
    from mailgate.store.looking import every_migration, is_missing

    settings: Settings = settings_of(context)
    if check and is_missing(settings.store):
        names = every_migration()
    else:
        try:
            open_store(settings.store, migrate=False)
            with told_where(settings), connection():
                names = pending_migrations() if check else migrate_up()
        finally:
            close_store()
    if as_json:
        emit_json({"pending" if check else "applied": names})
    elif names:
        line(say("migrate.pending" if check else "migrate.applied", names=", ".join(names)))
    else:
        line(say("migrate.nothing"))
    if check and names:
        raise typer.Exit(SOMETHING_PENDING)
