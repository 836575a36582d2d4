"""``mailgate backup`` and ``mailgate restore``: a verified copy while mail pours in, and the store made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailgate.cli.opening import open_desk, settings_of, told_where
from mailgate.cli.show import emit_json, line, progress
from mailgate.cli.words import examples, say

EXAMPLES = examples("mailgate backup mailgate-2026-11-26.backup", "mailgate backup /mnt/backups/desk.backup --json")
RESTORE_EXAMPLES = examples("mailgate restore mailgate-2026-11-26.backup")

File = Annotated[Path, typer.Argument(metavar="FILE", help=say("backup.file"))]
Json = Annotated[bool, typer.Option("--json", help=say("help.json"))]


def backup(context: typer.Context, file: File, as_json: Json = False) -> None:
    from mailgate.store.backup import save

    with open_desk(context) as settings, progress(say("backup.working")) as advance:
        rows = save(settings.store, file, advance)
    _tell("backup.done", file, rows, as_json)


def restore(context: typer.Context, file: File, as_json: Json = False) -> None:
    from mailgate.store.backup import restore as make

    settings = settings_of(context)
    with told_where(settings), progress(say("restore.working")):
        rows = make(settings.store, file)
    _tell("restore.done", file, rows, as_json)


def _tell(key: str, file: Path, rows: dict[str, int], as_json: bool) -> None:
    if as_json:
        emit_json({"file": str(file), "bytes": file.stat().st_size, "rows": rows})
        return
    counts = {name: rows.get(name, 0) for name in ("intake", "ticket", "comment", "outgoing")}
    line(say(key, file=file, megabytes=f"{file.stat().st_size / 10**6:.1f}", **counts))
