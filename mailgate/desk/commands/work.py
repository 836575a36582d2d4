"""Work and what goes with it: ``#servicio`` ``#reunion`` ``#archivos``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from mailgate.desk import effects
from mailgate.desk.commands.meaning import EVERYBODY, Command, Context, Meaning, Wrong
from mailgate.desk.decision import Done, Order, To
from mailgate.desk.durations import find_duration, find_span, told
from mailgate.desk.folding import folded
from mailgate.desk.lists import Asked

FARTHEST = timedelta(days=3660)  # ahead; the year 9999 is a slip, and too far for what comes of a meeting
EARLIEST = 6  # o'clock: before it, "3:00" was meant for the afternoon
_NIGHT = re.compile(r"\b0\d[:.h]|\ba\.?\s?m\b|madrugada|ma[ñn]ana|morning", re.I)  # it was not

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
    span = find_span(after if moves else rest, context.desk.today, context.desk.zone)
    if span is None:
        raise Wrong("no-moment", rest)
    starts, minutes, text = span
    length = f" {minutes}m" if minutes else ""
    if starts.hour < EARLIEST and not _NIGHT.search(rest):
        meant = f"{word} " if moves else ""
        afternoon = (starts + timedelta(hours=12)).strftime("%Y-%m-%d %H:%M")
        raise Wrong("at-night", f"{starts:%H:%M}", f"{meant}{afternoon}{length} {text}".rstrip())
    if starts <= context.desk.now:
        raise Wrong("past", rest, f"{_a_year_later(starts):%Y-%m-%d %H:%M}{length} {text}".rstrip())
    if starts > context.desk.now + FARTHEST:
        raise Wrong("no-moment", rest)
    lasts = minutes or (0 if moves else 60)  # a meeting that is moved lasts as long as it would have
    return Meaning(
        effects=(effects.Meet(context.agent.id, starts, lasts, text, moves),),
        letters=(Order("meeting", To.PARTICIPANTS), Order("meeting", To.SENDER)),
        done=Done("meeting", f"{starts:%Y-%m-%d %H:%M}{f', {told(lasts)}' if lasts else ''}"),
    )


def _a_year_later(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year + 1)
    except ValueError:  # the 29th of February
        return moment.replace(year=moment.year + 1, day=28)


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
