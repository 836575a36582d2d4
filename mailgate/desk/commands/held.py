"""What is decided on a held mail: ``#aceptar`` ``#rechazar``."""

from __future__ import annotations

from mailgate.desk import effects
from mailgate.desk.commands.meaning import Command, Context, Meaning, read_nothing
from mailgate.desk.decision import Done


def read_release(rest: str, context: Context) -> Meaning:
    read_nothing(rest)
    return Meaning(effects=(effects.Release(context.held, context.agent.address),), done=Done("released"))


def read_reject(rest: str, context: Context) -> Meaning:
    read_nothing(rest)
    return Meaning(effects=(effects.Reject(context.held, context.agent.address),), done=Done("rejected"))


COMMANDS = (
    Command("aceptar", ("accept", "acepto"), read_release, on_ticket=False, held=True),
    Command("rechazar", ("reject", "rechazo"), read_reject, on_ticket=False, held=True),
)
