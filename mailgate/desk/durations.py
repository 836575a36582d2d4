"""Durations and times as people write them in commands: pure, None for what cannot be read.

``1h30``, ``1 h 30 min``, ``90 min``, ``90m``, ``1,5 h``, ``1.5h``, ``2h``, ``1:30``, ``hora y media``, ``por 1 hora`` ·
``10:00``, ``10h``, ``3:30 pm``, ``3 p. m.``, ``a las 3 de la tarde``, ``10:00 a 11:30`` · days: ``desk.days``
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from mailgate.desk.days import find_day

_LOOSE = " \t,.:;-–"
LONGEST = 24 * 60  # minutes of one service or meeting

_HOURS = r"(?:h(?:oras?|ours?|rs?|r)?|hs)\.?"
_MINUTES = r"(?:m(?:in(?:utos?|utes?|s)?)?)\.?"
_HALVES = {"y media": 30, "and a half": 30, "y cuarto": 15, "½": 30}
_FORMS = (
    re.compile(rf"(?P<h>\d{{1,2}})\s?{_HOURS}\s?(?:y\s|and\s)?\s?(?P<m>\d{{1,2}})\s?{_MINUTES}(?!\w)", re.I),
    re.compile(r"(?P<h>\d{1,2})\s?h(?P<m>[0-5]\d)(?!\w)", re.I),
    re.compile(rf"(?P<h>\d{{1,2}})\s?(?P<half>½)\s?{_HOURS}(?!\w)", re.I),
    re.compile(rf"(?P<h>\d{{1,2}})\s?{_HOURS}\s(?P<half>y media|y cuarto|and a half)\b", re.I),
    re.compile(rf"(?P<h>\d{{1,2}})\s(?P<half>y media|and a half)\s{_HOURS}(?!\w)", re.I),
    re.compile(rf"(?P<h>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?{_HOURS}(?!\w)", re.I),
    re.compile(rf"(?P<m>\d{{1,4}})\s?{_MINUTES}(?!\w)", re.I),
    re.compile(r"(?P<m>\d{1,4})\s?['’′](?!\w)"),
    re.compile(r"(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?!\d)(?:\s?h\b)?", re.I),
)
_SPOKEN = {
    "hora y media": 90, "una hora y media": 90, "hora y cuarto": 75, "una hora y cuarto": 75, "media hora": 30,
    "una hora": 60, "half an hour": 30, "an hour and a half": 90, "an hour": 60, "one hour": 60,
}  # fmt: skip
_FOR = re.compile(r"\(?(?:por|durante|for)\s+|\((?=\d)", re.I)
_PARTS = {"manana": "a", "mañana": "a", "madrugada": "a", "morning": "a", "tarde": "p", "noche": "p", "afternoon": "p",
          "evening": "p"}  # fmt: skip
_AT = re.compile(r"(?:t(?=\d)|de\s+(?=\d)|a\s+las?\s+|at\s+)", re.I)
_TIME = re.compile(
    r"(?P<h>[01]?\d|2[0-3])(?:[:.h](?P<m>[0-5]\d))?"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?|\s?(?:h|hs|horas)\b\.?)?(?!\w|:\d)"
    rf"(?:\s+(?:de|por|en)\s+la\s+(?P<part>{'|'.join(_PARTS)})\b|\s+in\s+the\s+(?P<english>{'|'.join(_PARTS)})\b)?",
    re.I,
)
_NOON = re.compile(r"(?:al?\s+)?(?:12\s+(?:del?\s+)?)?(?:mediod[ií]a|noon)\b", re.I)
_TO = re.compile(r"(?:-|–|—|a|hasta|to|until)\s*(?:las?\s+)?(?=\d)", re.I)


def find_duration(text: str) -> tuple[int, str] | None:
    """(minutes, the rest of the text) of a text that begins with a duration."""
    text = _FOR.sub("", text.strip(), count=1) if _FOR.match(text.strip()) else text.strip()
    for spoken, minutes in _SPOKEN.items():
        if text.casefold().startswith(spoken) and not text[len(spoken) : len(spoken) + 1].isalnum():
            return minutes, text[len(spoken) :].strip(_LOOSE)
    for form in _FORMS:
        if match := form.match(text):
            groups = match.groupdict()
            hours = float((groups.get("h") or "0").replace(",", "."))
            minutes = round(hours * 60) + int(groups.get("m") or 0) + _HALVES.get((groups.get("half") or "").lower(), 0)
            if 0 < minutes <= LONGEST:
                return minutes, text[match.end() :].strip(_LOOSE).removeprefix(")").strip(_LOOSE)
    return None


def find_time(text: str) -> tuple[time, str] | None:
    """(time of day, the rest) of a text that begins with one."""
    text = text.strip()
    if noon := _NOON.match(text):
        return time(12), text[noon.end() :].strip(" ,")
    text = _AT.sub("", text, count=1) if _AT.match(text) else text
    match = _TIME.match(text)
    if match is None:
        return None
    hour, half = int(match["h"]), _half(match)
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(match["m"] or 0)), text[match.end() :].strip(" ,")


def _half(match: re.Match[str]) -> str:
    return (match["half"] or _PARTS.get((match["part"] or match["english"] or "").casefold(), "")).lower()


def find_moment(text: str, today: date, zone: ZoneInfo) -> tuple[datetime, str] | None:
    """(moment in the zone, the rest) of a text that begins with a day and a time."""
    if (day := find_day(text, today)) is None or (clock := find_time(day[1])) is None:
        return None
    return datetime.combine(day[0], clock[0], zone), clock[1]


def find_span(text: str, today: date, zone: ZoneInfo) -> tuple[datetime, int, str] | None:
    """(beginning, minutes, the rest) of a text that begins with a day, a time, and an end or a length:
    ``10:00 a 11:30``, ``3 a 4 pm``, ``10:00 por 1 hora``; 0 minutes when it tells neither.
    """
    if (found := find_moment(text, today, zone)) is None:
        return None
    starts, rest = found
    if to := _TO.match(rest):
        ends = find_time(rest[to.end() :])
        minutes = _between(starts.time(), ends[0]) if ends else 0
        if ends and minutes > LONGEST / 2 and starts.hour < 12:  # 3 a 4 pm
            starts, minutes = starts.replace(hour=starts.hour + 12), minutes - LONGEST // 2
        if ends and minutes > 0:
            return starts, minutes, ends[1].strip(_LOOSE)
    minutes, rest = find_duration(rest) or (0, rest)
    return starts, minutes, rest


def _between(first: time, last: time) -> int:
    return (last.hour - first.hour) * 60 + last.minute - first.minute


def told(minutes: int) -> str:
    """``1 h 30 min``: the same in Spanish and English."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
