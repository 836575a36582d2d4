"""Durations, days and times as people write them in commands: pure, None for what cannot be read.

``1h30``, ``1 h 30 min``, ``90 min``, ``90m``, ``1,5 h``, ``1.5h``, ``2h``, ``1:30``, ``hora y media`` · ``2026-11-25``,
``25/11/2026``, ``25-11-2026``, ``mañana``, ``hoy`` · ``10:00``, ``10h``, ``3:30 pm``, ``3 p. m.``
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = 24 * 60  # minutes of one service or meeting

_HOURS = r"(?:h(?:oras?|ours?|rs?|r)?|hs)\.?"
_MINUTES = r"(?:m(?:in(?:utos?|utes?|s)?)?)\.?"
_FORMS = (
    re.compile(rf"(?P<h>\d{{1,2}})\s?{_HOURS}\s?(?:y\s|and\s)?\s?(?P<m>\d{{1,2}})\s?{_MINUTES}(?!\w)", re.I),
    re.compile(r"(?P<h>\d{1,2})\s?h(?P<m>[0-5]\d)(?!\w)", re.I),
    re.compile(rf"(?P<h>\d{{1,2}}(?:[.,]\d{{1,2}})?)\s?{_HOURS}(?!\w)", re.I),
    re.compile(rf"(?P<m>\d{{1,4}})\s?{_MINUTES}(?!\w)", re.I),
    re.compile(r"(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?!\d)(?:\s?h\b)?", re.I),
)
_SPOKEN = {"hora y media": 90, "una hora y media": 90, "media hora": 30, "una hora": 60, "half an hour": 30}
_DAY = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))(?!\d)")
_DAY_WORDS = {"hoy": 0, "today": 0, "mañana": 1, "manana": 1, "tomorrow": 1}
_TIME = re.compile(
    r"(?P<h>[01]?\d|2[0-3])(?:[:.h](?P<m>[0-5]\d))?"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?|\s?(?:h|hs|horas)\b\.?)?(?![\w:])",
    re.I,
)


def find_duration(text: str) -> tuple[int, str] | None:
    """(minutes, the rest of the text) of a text that begins with a duration."""
    text = text.strip()
    for spoken, minutes in _SPOKEN.items():
        if text.casefold().startswith(spoken) and not text[len(spoken) : len(spoken) + 1].isalnum():
            return minutes, text[len(spoken) :].strip(" \t,.:;-–")
    for form in _FORMS:
        if match := form.match(text):
            groups = match.groupdict()
            hours = float((groups.get("h") or "0").replace(",", "."))
            minutes = round(hours * 60) + int(groups.get("m") or 0)
            if 0 < minutes <= LONGEST:
                return minutes, text[match.end() :].strip(" \t,.:;-–")
    return None


def find_day(text: str, today: date) -> tuple[date, str] | None:
    """(day, the rest) of a text that begins with a date: ISO, or day/month/year as in Colombia."""
    text = text.strip()
    word = text.split(None, 1)[0].rstrip(",") if text else ""
    if word.casefold() in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[word.casefold()]), text[len(word) :].strip(" ,")
    match = _DAY.match(text)
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day)), text[match.end() :].strip(" ,")
    except ValueError:
        return None


def find_time(text: str) -> tuple[time, str] | None:
    """(time of day, the rest) of a text that begins with one."""
    text = text.strip().removeprefix("a las ").removeprefix("at ").strip()
    match = _TIME.match(text)
    if match is None:
        return None
    hour, half = int(match["h"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, int(match["m"] or 0)), text[match.end() :].strip(" ,")


def find_moment(text: str, today: date, zone: ZoneInfo) -> tuple[datetime, str] | None:
    """(moment in the zone, the rest) of a text that begins with a day and a time."""
    if (day := find_day(text, today)) is None or (clock := find_time(day[1])) is None:
        return None
    return datetime.combine(day[0], clock[0], zone), clock[1]


def told(minutes: int) -> str:
    """``1 h 30 min``: the same in Spanish and English."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
