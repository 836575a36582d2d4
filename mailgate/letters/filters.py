"""What templates do with values: dates in the reader's language and zone, sizes, safe HTML. Pure; nothing here raises
for any text, so that what a stranger wrote cannot stop a letter.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from mailgate.settings import LANGUAGES

LOCALES = {"es": "es_CO", "en": "en_US"}  # of other languages their own
LONGEST_HTML = 512 * 1024
LONGEST_SHOWN = 12_000  # characters of a person's text in a notice
PARAGRAPH = "margin:0 0 14px"

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3",
    "h4", "hr", "i", "img", "ins", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
    "ol": {"start"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_TIMES = {
    "es": "EEEE d 'de' MMMM, h:mm a",
    "en": "EEEE, MMMM d, h:mm a",
}
_SHORT_TIMES = {"es": "d MMM y, h:mm a", "en": "MMM d, y, h:mm a"}


def locale_of(language: str) -> str:
    return LOCALES.get(language, language if language in LANGUAGES else LOCALES[LANGUAGES[0]])


def clean_html(html: str) -> Markup:
    """A person's HTML, once more through the sanitiser: no scripts, styles or remote images. "" when too large."""
    if len(html) > LONGEST_HTML:
        return Markup()
    safe = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, attribute_filter=_own_images)
    return Markup(safe)  # noqa: S704  # nh3's output is the one HTML that is trusted


def _own_images(tag: str, attribute: str, value: str) -> str | None:
    """Images come with the letter or not at all: a remote one tells its owner who read what, when."""
    if tag == "img" and attribute == "src" and not value.lower().startswith("cid:"):
        return None
    return value


def paragraphs(text: str) -> Markup:
    """Plain text as HTML paragraphs, its line breaks kept."""
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    lines = [str(escape(block)).replace("\n", "<br>") for block in blocks]
    return Markup("\n".join(f'<p style="{PARAGRAPH}">{line}</p>' for line in lines))  # noqa: S704  # escaped above


def lines(text: str) -> Markup:
    """Plain text as HTML inside a paragraph, its line breaks kept, no more than one empty line at once."""
    return escape(re.sub(r"\n\s*\n\s*", "\n\n", text.strip())).replace("\n", Markup("<br>"))


def shortened(text: str, most: int = LONGEST_SHOWN) -> str:
    """The beginning of a long text, whole words, with ``[…]`` for the rest."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip() + " […]"


def tel(number: str) -> str:
    """A tel: URL of a telephone number (RFC 3966), "" when it holds no digit."""
    main, _, extension = re.sub(r"(?i)[\s,]*\b(?:ext[a-z]*|int[a-z]*|x)\.?\s*(?=[0-9])", "\n", number).partition("\n")
    digits, inside = re.sub(r"[^0-9+]", "", main), re.sub(r"[^0-9]", "", extension)
    if not digits.strip("+"):
        return ""
    return f"tel:{digits};ext={inside}" if inside else f"tel:{digits}"


def safe_url(url: str) -> str:
    """The URL when a letter may link to it, else ""."""
    return url if re.match(r"(?i)(?:https?|mailto|tel):[^\s<>\"]+\Z", url) else ""


def tidy_text(text: str) -> str:
    """A rendered text part: no blanks at line ends, one empty line at most, a line break at the end."""
    # "-- " is the mark above a signature, its blank included (RFC 3676 4.3).
    lines = "\n".join(line if line == "-- " else line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


def when_told(moment: datetime, zone: ZoneInfo, language: str) -> str:
    """A moment in few words, as a message to a telephone says it."""
    return _told(moment, _SHORT_TIMES.get(language, "medium"), zone, language)


@functools.lru_cache(maxsize=512)
def _told(moment: datetime, pattern: str, zone: ZoneInfo, language: str) -> str:
    """Remembered: one letter tells the same moment in its text, in its HTML, and so do its sisters."""
    return re.sub("[\xa0\u202f]", " ", format_datetime(moment.astimezone(zone), pattern, locale=locale_of(language)))


@functools.lru_cache(maxsize=512)
def day_told(local: date, language: str) -> str:
    """A day as letters tell it."""
    return format_date(local, format="long", locale=locale_of(language))


@functools.lru_cache(maxsize=512)
def _size(octets: int, language: str) -> str:
    for unit, scale in (("MB", 2**20), ("kB", 2**10)):
        if octets >= scale:
            return f"{format_decimal(octets / scale, '#,##0.#', locale=locale_of(language))} {unit}"
    return f"{octets} B"


def filters(zone: ZoneInfo) -> Mapping[str, Callable[..., Any]]:
    """The filters by name; those of time in the desk's zone and the letter's language."""

    @pass_context
    def day(context: Context, moment: date | datetime) -> str:
        local = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
        return day_told(local, context["language"])

    def told(context: Context, moment: datetime, patterns: Mapping[str, str]) -> str:
        language = context["language"]
        return _told(moment, patterns.get(language, "medium"), zone, language)

    @pass_context
    def moment(context: Context, value: datetime) -> str:
        return told(context, value, _TIMES)

    @pass_context
    def stamp(context: Context, value: datetime) -> str:
        return told(context, value, _SHORT_TIMES)

    @pass_context
    def size(context: Context, octets: int) -> str:
        return _size(octets, context["language"])

    return {
        "day": day,
        "moment": moment,
        "stamp": stamp,
        "size": size,
        "clean_html": clean_html,
        "paragraphs": paragraphs,
        "lines": lines,
        "shortened": shortened,
        "tel": tel,
        "safe_url": safe_url,
    }
