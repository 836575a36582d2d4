"""Dates as mail programs write them for people ("jueves, 28 de octubre de 2021 12:46"), read by the language's words.

Pure and linear in the text, which is cut at 200 characters; what cannot be read is None, never an exception.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from mailgate.mail.accents import without_accents

_LIMIT = 200

# First letters of the month without accents; longer ones are tried first, so that "junio" is not "jun" of another.
_MONTHS: dict[str, int] = {
    name: month
    for month, names in enumerate(
        (
            "jan ene gen led sty tammi siech янв січ ian oca uz",
            "feb fev febr un lut helm фев лют sub tun fevr",
            "mar mrt maerz brez maalis мар бер ozu",
            "apr abr avr dub kwi huhti апр квіт kvit nis tra",
            "may mai mag maj kve touko мая май трав svi mei maa",
            "jun iun giu cer kesa июн черв haz lip juin",
            "jul iul lug cervence heina июл лип tem srp juil lipca",
            "aug ago aou srpna sie elo авг серп agu kol avg",
            "sep set zar wrz syys сен вер eyl ruj sept",
            "oct out okt ott rij paz loka окт жовт eki lis",
            "nov noi listopadu listopada marras ноя лист kas stu",
            "dec dic dez dek pro gru joulu дек груд ara",
        ),
        start=1,
    )
    for name in names.split()
}
# Minutes east of Greenwich.
_ZONES: dict[str, int] = {
    zone: minutes
    for minutes, zones in {
        0: "utc gmt z wet",
        60: "cet mez bst west",
        120: "cest mesz eet",
        180: "eest msk",
        -120: "brst",
        -180: "brt art uyt clst",
        -240: "edt vet bot clt pyt",
        -300: "est cot pet ect cdt",
        -360: "cst mdt",
        -420: "mst pdt",
        -480: "pst",
    }.items()
    for zone in zones.split()
}
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?!\d)\s{0,3}([ap]\.?\s?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"(?:gmt|utc)?\s?([+-])(\d{1,2}):?(\d{2})?\b", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([/.\-])(\d{1,2})\2(\d{2,4})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")


def parse_written_date(text: str, *, month_first: bool = False) -> datetime | None:
    """The moment a person-readable date means: aware (UTC) when it names its zone, naive when it does not, else None.

    ``month_first`` reads 10/27/2021 the English (US) way where both readings are possible.
    """
    text = " ".join(text[:_LIMIT].replace("\u202f", " ").replace("\xa0", " ").split())
    if not text:
        return None
    try:
        return _as_utc(parsedate_to_datetime(text)) if _looks_like_rfc(text) else _parse_free(text, month_first)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _looks_like_rfc(text: str) -> bool:
    return (
        re.fullmatch(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d(?::\d\d)? [+-]\d{4}.*", text) is not None
    )


def _as_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment


def _parse_free(text: str, month_first: bool) -> datetime | None:
    numeric = _NUMERIC.search(text)
    clock = text if numeric is None else text[: numeric.start()] + " " * len(numeric[0]) + text[numeric.end() :]
    time = _TIME.search(clock)  # not in "12.11.2026", which has a time of its own shape
    hour, minute, second = (int(time[1]), int(time[2]), int(time[3] or 0)) if time else (0, 0, 0)
    if time and time[4]:
        hour = hour % 12 + (12 if time[4].lower().startswith("p") else 0)
    before, after = (text[: time.start()], text[time.end() :]) if time else (text, "")
    date = _read_day(before, month_first) or _read_day(f"{before} {after}", month_first)
    if date is None:
        return None
    moment = datetime(*date, hour, minute, second)  # noqa: DTZ001 - people write no zone
    offset = _read_offset(after) if time else None
    return moment if offset is None else moment.replace(tzinfo=timezone(timedelta(minutes=offset))).astimezone(UTC)


def _read_day(text: str, month_first: bool) -> tuple[int, int, int] | None:
    numeric = _NUMERIC.search(text)
    if numeric:
        first, middle, last = int(numeric[1]), int(numeric[3]), int(numeric[4])
        if len(numeric[1]) == 4:
            return first, middle, last
        year = last + 2000 if last < 100 else last
        swap = middle > 12 or (month_first and first <= 12)
        return (year, first, middle) if swap else (year, middle, first)
    # The last one: a weekday, which may begin like a month ("mar., 2 nov"), goes before it in every language.
    month = next((found for word in reversed(_WORD.findall(text)) if (found := _month(word))), None)
    numbers = [int(number) for number in _NUMBER.findall(text)]
    year = next((number for number in numbers if number >= 1970), 0)
    day = next((number for number in numbers if 1 <= number <= 31), 0)
    return (year, month, day) if month and year and day else None


def _month(word: str) -> int | None:
    plain = without_accents(word.casefold())
    return next((_MONTHS[plain[:size]] for size in range(min(len(plain), 9), 2, -1) if plain[:size] in _MONTHS), None)


def _read_offset(text: str) -> int | None:
    """Minutes east of Greenwich named after the time, or None."""
    offset = _OFFSET.search(text)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return (minutes if offset[1] == "+" else -minutes) if minutes <= 14 * 60 else None
    return next((_ZONES[word] for word in (w.casefold() for w in _WORD.findall(text)) if word in _ZONES), None)
