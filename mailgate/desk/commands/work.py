"""Work and what goes with it: ``#servicio`` ``#reunion`` ``#archivos``."""

from __future__ import annotations

import re

from mailgate.desk import effects
from mailgate.desk.commands.meaning import EVERYBODY, Command, Context, Meaning, Wrong
from mailgate.desk.decision import Done, Order, To
from mailgate.desk.durations import find_duration, find_moment, told
from mailgate.desk.folding import folded
from mailgate.desk.lists import Asked

FILES = Order("files", To.SENDER)

_CANCEL = ("cancelar", "cancelada", "cancela", "cancel")
_MOVE = ("mover", "cambiar", "aplazar", "move", "reschedule")


def read_service(rest: str, context: Context) -> Meaning:
    found = find_duration(rest)
    if found is None:
        number = re.match(r"\d{1,3}(?=\s|$)", rest)
        likely = f"{number[0]} min {rest[number.end() :].strip()}".rstrip() if number else f"1h {rest}".rstrip()
        raise Wrong("no-duration", rest, likely)
    minutes, text = found
    return Meaning(
        effects=(effects.RecordService(context.agent.id, minutes, text),), done=Done("service", told(minutes))
    )


def read_meeting(rest: str, context: Context) -> Meaning:
    word, _, after = rest.strip().partition(" ")
    moves = folded(word) in _MOVE
    cancels = folded(word) in _CANCEL and not after.strip()
    if (moves or cancels) and not (context.ticket and context.ticket.meets):
        raise Wrong("no-meeting")
    if cancels:
        return Meaning(
            effects=(effects.CancelMeeting(),),
            letters=(Order("meeting-cancelled", To.PARTICIPANTS), Order("meeting-cancelled", To.SENDER)),
            done=Done("meeting-cancelled"),
        )
    moment = find_moment(after if moves else rest, context.desk.today, context.desk.zone)
    if moment is None:
        raise Wrong("no-moment", rest, f"{context.desk.today.isoformat()} 10:00 60m")
    starts, text = moment
    if starts <= context.desk.now:
        raise Wrong("past", rest, starts.replace(year=starts.year + 1).strftime("%Y-%m-%d %H:%M") + f" {text}".rstrip())
    minutes, text = find_duration(text) or (60, text)
    return Meaning(
        effects=(effects.Meet(context.agent.id, starts, minutes, text, moves),),
        letters=(Order("meeting", To.PARTICIPANTS), Order("meeting", To.SENDER)),
        done=Done("meeting", f"{starts:%Y-%m-%d %H:%M}, {told(minutes)}"),
    )


def read_files(rest: str, context: Context) -> Meaning:
    """``#archivos`` fetches the ticket's files by mail; ``#archivos 88 89`` those with these numbers."""
    wanted = rest.strip(" .").replace(",", " ").replace("#", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) <= 9 for word in wanted):
        raise Wrong("no-file-number", rest)
    return Meaning(letters=(FILES,), asked=Asked("files", " ".join(wanted)))


COMMANDS = (
    Command("servicio", ("service", "trabajo", "work"), read_service),
    Command("reunion", ("reunión", "meeting", "cita"), read_meeting),
    Command("archivos", ("files", "adjuntos", "attachments"), read_files, may=EVERYBODY),
)
