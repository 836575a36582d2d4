"""Days as people write them in commands: pure, None for what cannot be read.

``2026-11-25``, ``25/11/2026``, ``25-11-26``, ``25/11``, ``25 de noviembre``, ``Nov 25``, ``viernes 27 de noviembre``,
``el próximo viernes``, ``hoy``, ``mañana``, ``pasado mañana``. A day without its year is the next one; a weekday that
does not fit its date is no day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_LOOSE = " ,:;-–—"  # between a day and what follows it
_LEAD = re.compile(r"(?:(?:el|este|on|this|next|pr[oó]ximo)\s+)+", re.I)
_WORDS = {
    "pasado mañana": 2, "pasado manana": 2, "the day after tomorrow": 2, "hoy": 0, "today": 0, "mañana": 1, "manana": 1,
    "tomorrow": 1,
}  # fmt: skip
_WEEKDAYS = (
    "lunes|monday", "martes|tuesday", "mi[eé]rcoles|wednesday", "jueves|thursday", "viernes|friday",
    "s[aá]bado|saturday", "domingo|sunday",
)  # fmt: skip
_MONTHS = (
    "ene(?:ro)?|jan(?:uary)?", "feb(?:rero|ruary)?", "mar(?:zo|ch)?", "abr(?:il)?|apr(?:il)?", "may(?:o)?",
    "jun(?:io|e)?", "jul(?:io|y)?", "ago(?:sto)?|aug(?:ust)?", "se(?:p|t|ptiembre|tiembre|pt|ptember)",
    "oct(?:ubre|ober)?", "nov(?:iembre|ember)?", "dic(?:iembre)?|dec(?:ember)?",
)  # fmt: skip
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_YEAR = r"(?P<year>20\d\d)(?!\d)"
_WEEKDAY = re.compile("(?:" + "|".join(f"({names})" for names in _WEEKDAYS) + r")\b,?\s*", re.I)
_NUMERIC = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2}))(?!\d)")
_SHORT = re.compile(r"(\d{1,2})[/-](\d{1,2})(?![\d/.-])")
_NAMED = (
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:º|st|nd|rd|th)?\s+(?:de\s+)?(?:{_MONTH})\b\.?(?:,?\s+(?:del?\s+)?{_YEAR})?", re.I
    ),
    re.compile(rf"(?:{_MONTH})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])(?:,?\s+{_YEAR})?", re.I),
)


def find_day(text: str, today: date) -> tuple[date, str] | None:
    """(day, the rest) of a text that begins with a date: ISO, day/month/year as in Colombia, or in words."""
    text = _LEAD.sub("", text.strip(), count=1) if _LEAD.match(text.strip()) else text.strip()
    for word, days in _WORDS.items():
        if text.casefold().startswith(word) and not text[len(word) : len(word) + 1].isalnum():
            return today + timedelta(days=days), text[len(word) :].strip(_LOOSE)
    weekday = _WEEKDAY.match(text)
    if weekday is None:
        return _find_date(text, today)
    wanted = next(number for number, name in enumerate(weekday.groups()) if name)
    rest = text[weekday.end() :]
    if dated := _find_date(_LEAD.sub("", rest, count=1) if _LEAD.match(rest) else rest, today):
        return dated if dated[0].weekday() == wanted else None
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1), rest.strip(_LOOSE)


def _find_date(text: str, today: date) -> tuple[date, str] | None:
    try:
        if match := _NUMERIC.match(text):
            year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
            return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)), _after(text, match)
        if match := _SHORT.match(text):
            return _next(today, int(match[2]), int(match[1])), _after(text, match)
        for form in _NAMED:
            if match := form.match(text):
                groups = match.groupdict()
                month = next(number for number in range(1, 13) if groups[f"m{number}"])
                day, year = int(groups["day"]), groups["year"]
                return date(int(year), month, day) if year else _next(today, month, day), _after(text, match)
    except ValueError:
        return None
    return None


def _next(today: date, month: int, day: int) -> date:
    """ValueError when neither this year nor the next one has such a day to come."""
    try:
        if (this_year := date(today.year, month, day)) >= today:
            return this_year
    except ValueError:  # the 29th of February, which the next year may have
        pass
    return date(today.year + 1, month, day)


def _after(text: str, match: re.Match[str]) -> str:
    return text[match.end() :].strip(_LOOSE)
