"""What all the mail programs of this folder share: one mail to be sent, dates in words, lines as HTML."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass, field
from datetime import datetime

WEEKDAYS = {
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    "pt": ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),  # noqa: SIM905
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),  # noqa: SIM905
    "en": "January February March April May June July August September October November December".split(),  # noqa: SIM905
}


@dataclass(frozen=True)
class Letter:
    """What is being answered or forwarded."""

    name: str
    address: str
    when: datetime
    subject: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Mail:
    """What one person does with their mail program."""

    locale: str  # es-CO, es-ES, es-MX, pt-BR, pt-PT
    name: str
    address: str
    text: str
    signature: tuple[str, ...]
    letter: Letter
    place: str = "top"  # where the answer stands: top, below, between
    forward: bool = False
    number: int = 0

    @property
    def language(self) -> str:
        return self.locale[:2]

    @property
    def es(self) -> bool:
        return self.language == "es"

    @property
    def subject(self) -> str:
        return self.letter.subject

    def answers(self) -> list[str]:
        """The text in two answers, for between the quote; one when it has but one paragraph."""
        head, _, tail = self.text.partition("\n\n")
        return [part for part in (head, tail) if part]


@dataclass
class Sent:
    """What the program makes of it: the two bodies, and what it says of itself."""

    plain: str
    html: str | None
    headers: dict[str, str] = field(default_factory=dict)
    device: str = ""  # what the program itself adds below the mail
    charset: str = "utf-8"
    encoding: str = "quoted-printable"
    flowed: bool = False
    logo: bool = False  # an inline picture in the signature


def weekday(mail: Mail, short: int = 0) -> str:
    name = WEEKDAYS[mail.language][mail.letter.when.weekday()]
    return name[:short] if short else name


def month(mail: Mail, short: int = 0) -> str:
    name = MONTHS[mail.language][mail.letter.when.month - 1]
    return name[:short] if short else name


def clock(mail: Mail, seconds: bool = False, halves: bool | None = None) -> str:
    """The time of day as the locale writes it: "10:15 a. m." in America, "10:15" in Spain, Portugal and Brazil."""
    when = mail.letter.when
    halves = mail.locale in ("es-CO", "es-MX") if halves is None else halves
    if not halves:
        return f"{when:%H:%M:%S}" if seconds else f"{when:%H:%M}"
    text = f"{when.hour % 12 or 12}:{when:%M}" + (f":{when:%S}" if seconds else "")
    return f"{text} {'a. m.' if when.hour < 12 else 'p. m.'}"


def long_date(mail: Mail, comma: bool = True) -> str:
    """ "lunes, 23 de noviembre de 2026"."""
    when = mail.letter.when
    return f"{weekday(mail)}{',' if comma else ''} {when.day} de {month(mail)} de {when.year}"


def esc(text: str) -> str:
    return html.escape(text, quote=False).replace("  ", " &nbsp;")


def link(address: str) -> str:
    return f'<a href="mailto:{address}">{address}</a>'


def divs(lines: str | tuple[str, ...] | list[str], attributes: str = "") -> str:
    lines = lines.split("\n") if isinstance(lines, str) else lines
    return "".join(f"<div{attributes}>{esc(line) or '<br>'}</div>" for line in lines)


def brs(lines: str | tuple[str, ...] | list[str]) -> str:
    lines = lines.split("\n") if isinstance(lines, str) else lines
    return "<br>\n".join(esc(line) for line in lines)


def msos(lines: str | tuple[str, ...] | list[str]) -> str:
    """Paragraphs as Word writes them."""
    lines = lines.split("\n") if isinstance(lines, str) else lines
    return "".join(
        f"<p class=MsoNormal>{f'<span lang=ES-CO>{esc(line)}<o:p></o:p></span>' if line else '<o:p>&nbsp;</o:p>'}</p>\n"
        for line in lines
    )


def marked(lines: tuple[str, ...] | list[str] | str, mark: str = "> ") -> str:
    lines = lines.split("\n") if isinstance(lines, str) else lines
    return "\n".join(f"{mark}{line}" if line else mark.rstrip() for line in lines)


def wrapped(text: str, width: int = 76) -> str:
    """Lines broken as programs break plain text that they send."""
    return "\n".join(
        "\n".join(textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False))
        if len(line) > width
        else line
        for line in text.split("\n")
    )


def stacked(*pieces: str) -> str:
    return "\n\n".join(piece for piece in pieces if piece)
