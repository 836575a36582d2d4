"""What ``quarantine`` and ``held`` have in common: showing mails that wait for a person, and letting them go on."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from mailgate.cli.opening import local_time, now, open_desk
from mailgate.cli.show import clean, confirm, emit_bytes, emit_json, line, progress, table
from mailgate.cli.words import say

COLUMNS = ("id", "received", "from", "subject", "reason")


def show_list(context: typer.Context, state: str, limit: int, as_json: bool) -> None:
    from mailgate.store import quarantine

    with open_desk(context) as settings:
        found = quarantine.waiting(state, limit)
    if as_json:
        emit_json(found)
        return
    rows = [
        (
            mail["id"],
            local_time(mail["received_at"], settings),
            mail["from"] or mail["envelope"]["sender"] or "-",
            mail["subject"],
            mail["reason"],
        )
        for mail in found
    ]
    table([say(f"column.{name}") for name in COLUMNS], rows, empty=say(f"{state}.none"))


def show_one(context: typer.Context, state: str, intake_id: int, raw: bool, as_json: bool) -> None:
    found, data = _get(context, state, intake_id)
    if raw:
        emit_bytes(data)
    elif as_json:
        emit_json(found)
    else:
        for name in ("id", "received_at", "channel", "from", "subject", "message_id", "kind", "reason", "size"):
            line(f"{name}: {clean(str(found[name]))}")
        line(f"envelope: <{clean(found['envelope']['sender'])}> → {clean(', '.join(found['envelope']['recipients']))}")


def _get(context: typer.Context, state: str, intake_id: int) -> tuple[dict[str, Any], bytes]:
    from mailgate.errors import NotFound
    from mailgate.store import quarantine

    with open_desk(context):
        found = quarantine.find(state, intake_id)
    if found is None:
        raise NotFound(say(f"{state}.missing", id=intake_id))
    return found


def export(context: typer.Context, state: str, intake_ids: Sequence[int], folder: Path) -> None:
    """Write raw mails as ID.eml, readable by their owner only."""
    from mailgate.errors import NotFound, UsageError
    from mailgate.store import quarantine

    with open_desk(context):
        wanted = intake_ids or [mail["id"] for mail in quarantine.waiting(state, limit=1_000_000)]
        for intake_id in wanted:
            found = quarantine.find(state, intake_id)
            if found is None:
                raise NotFound(say(f"{state}.missing", id=intake_id))
            path = folder / f"{intake_id}.eml"
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.touch(mode=0o600)
                path.write_bytes(found[1])
            except OSError as error:
                raise UsageError(f"{path}: {error.strerror}") from error
            line(str(path))


def replay(
    context: typer.Context, state: str, intake_ids: Sequence[int], everything: bool, *, accept: bool = False
) -> None:
    """Put mails back in the queue and judge them again, ``accept`` on the operator's word for their senders."""
    from mailgate.cli.ingest import work_off
    from mailgate.store import intake, quarantine

    with open_desk(context) as settings:
        waiting = {mail["id"] for mail in quarantine.waiting(state, limit=1_000_000)}
        wanted = sorted(waiting) if everything else _checked(state, intake_ids, waiting)
        with progress(say("replay.progress"), len(wanted)) as advance:
            for intake_id in wanted:
                intake.replay(intake_id, now(), released_by=_operator() if accept else "")
                advance(1)
        work_off(settings)
        left = {mail["id"] for mail in quarantine.waiting(state, limit=1_000_000)} & set(wanted)
    line(say("replay.done", count=len(wanted), left=len(left)))


def discard(context: typer.Context, state: str, intake_ids: Sequence[int], everything: bool, yes: bool) -> None:
    from mailgate.store import quarantine

    with open_desk(context):
        waiting = {mail["id"] for mail in quarantine.waiting(state, limit=1_000_000)}
        wanted = sorted(waiting) if everything else _checked(state, intake_ids, waiting)
        if wanted:
            confirm(say(f"{state}.confirm-discard", count=len(wanted)), yes=yes)
        done = sum(quarantine.refuse(state, intake_id, _operator(), now()) for intake_id in wanted)
    line(say(f"{state}.discarded", count=done))


def _operator() -> str:
    return f"operator {getpass.getuser()}"


def _checked(state: str, intake_ids: Sequence[int], waiting: set[int]) -> list[int]:
    from mailgate.errors import NotFound, UsageError

    if not intake_ids:
        raise UsageError(say("waiting.which"))
    for intake_id in intake_ids:
        if intake_id not in waiting:
            raise NotFound(say(f"{state}.missing", id=intake_id))
    return list(dict.fromkeys(intake_ids))
