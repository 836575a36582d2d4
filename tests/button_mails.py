"""Mails as Gmail on a phone, Outlook and Apple Mail send them: what their users type, and all that these add to it.

``press`` is what happens when somebody taps a ``mailto:`` button of a letter; ``answer`` is a reply above the quote.
"""

# ruff: noqa: E501 - lines of HTML as mail programs write them read worse when broken
from __future__ import annotations

import base64
import html
import itertools
import quopri
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote

from tests.stories import Person, Received

_serial = itertools.count(1)
_BUTTON = re.compile(r'href="mailto:([^"?]+)\?subject=([^"&]*)(?:&amp;body=([^"]*))?"')


@dataclass(frozen=True)
class Typed:
    """What one person has typed, and where it goes."""

    name: str
    address: str
    to: str
    subject: str
    text: str
    answers: Received | None = None

    @property
    def stamp(self) -> str:
        return format_datetime(datetime.now(UTC))

    @property
    def quoted(self) -> list[str]:
        return self.answers.text.splitlines() if self.answers else []

    @property
    def desk(self) -> tuple[str, str]:
        assert self.answers is not None
        return parseaddr(str(self.answers.message["From"]))


Program = Callable[[Typed], bytes]


def press(person: Person, letter: Received, word: str, program: Program, more: str = "") -> None:
    """Tap the button whose subject has this word, maybe type something below, and send."""
    links = [tuple(unquote(html.unescape(part)) for part in link) for link in _BUTTON.findall(letter.html)]
    chosen = [link for link in links if word in link[1]]
    assert chosen, f"no button for {word} in {links}"
    address, subject, body = chosen[0]
    text = body.replace("\r\n", "\n") + more
    write(person, subject, text, program, to=address)


def answer(person: Person, letter: Received, text: str, program: Program) -> None:
    """Reply above the quote."""
    subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
    _send(person, Typed(person.name, person.address, letter.reply_to, subject, text, letter), program)


def write(person: Person, subject: str, text: str, program: Program, *, to: str = "") -> None:
    """A new mail."""
    _send(person, Typed(person.name, person.address, to or person.desk_address, subject, text), program)


def _send(person: Person, typed: Typed, program: Program) -> None:
    person.road.post(program(typed).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), typed.address, [typed.to])


# the programs -------------------------------------------------------------------------------------------------------


def gmail_phone(typed: Typed) -> bytes:
    """Gmail for Android: base64 UTF-8 where there is an accent, ``dir="auto"``, nothing added."""
    plain, shown = typed.text, "".join(f'<div dir="auto">{_esc(line)}</div>' for line in typed.text.split("\n"))
    if typed.answers:
        name, address = typed.desk
        said = f"El lun, 23 de nov de 2026, 10:15 a. m., {name} <{address}> escribió:"
        plain += "\n\n" + textwrap.fill(said, 76) + "\n\n" + "\n".join(f"> {line}" for line in typed.quoted)
        shown += (
            f'<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{_esc(said)}<br></div>'
            f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">'
            f"{_letter_html(typed)}</blockquote></div>"
        )
    head = _head(typed, f"<CA+{next(_serial)}x9Kq{int(datetime.now(UTC).timestamp())}@mail.gmail.com>")
    return _two(head, f"{'0' * 12}{next(_serial):016x}", _base64(plain), _base64(shown + "\n"))


def outlook(typed: Typed) -> bytes:
    """Outlook for Windows: Word's HTML, windows-1252 in quoted-printable, its thread headers, the user's signature."""
    name = typed.name or typed.address
    sign = ["Cordialmente,", "", name, "Contabilidad", "Tel. 601 514 0000"]
    lines = [*typed.text.split("\n"), "", *sign]
    plain, shown = "\n".join(lines), "".join(_mso(line) for line in lines)
    if typed.answers:
        desk, address = typed.desk
        above = [f"De: {desk} <{address}>", "Enviado el: lunes, 23 de noviembre de 2026 10:15 a. m.",
                 f"Para: {name} <{typed.address}>", f"Asunto: {typed.answers.subject}"]  # fmt: skip
        plain += "\n\n" + "\n".join([*above, "", *typed.quoted])
        block = "<br>".join(
            f"<b>{label}:</b>{_esc(rest)}" for label, _, rest in (line.partition(":") for line in above)
        )
        shown += (
            '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f"<p class=MsoNormal>{block}<o:p></o:p></p></div></div>{_letter_html(typed)}"
        )
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>'
        '<meta http-equiv=Content-Type content="text/html; charset=Windows-1252"><meta name=Generator content="Microsoft'
        ' Word 15 (filtered medium)"></head><body lang=ES-CO link="#0563C1" vlink="#954F72"><div class=WordSection1>'
        f"{shown}</div></body></html>"
    )
    head = _head(
        typed, f"<BN8PR12MB{next(_serial):08d}@BN8PR12MB3250.namprd12.prod.outlook.com>", charset="Windows-1252"
    )
    head += f"Thread-Topic: {Header(typed.subject, 'Windows-1252').encode()}\nThread-Index: AdsP3Zq0\nX-Mailer: Microsoft Outlook 16.0\nContent-Language: es-CO\n"
    return _two(head, f"----=_NextPart_000_{next(_serial):04X}_01DB3D92.A1", _quoted(plain), _quoted(page))


def apple_phone(typed: Typed) -> bytes:
    """Mail on an iPhone: UTF-8 in quoted-printable, its line below what was typed."""
    device = "Enviado desde mi iPhone"
    plain = f"{typed.text}\n\n{device}\n"
    shown = f'{"<br>".join(_esc(line) for line in typed.text.split(chr(10)))}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{device}</div>'
    if typed.answers:
        name, address = typed.desk
        said = f"El 23 nov 2026, a la(s) 10:15 a.m., {name} <{address}> escribió:"
        plain += f"\n> {said}\n> \n" + "\n".join(f"> {line}" for line in typed.quoted)
        shown += f'<div dir="ltr"><br><blockquote type="cite">{_esc(said)}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{_letter_html(typed)}</div></blockquote>'
    page = f'<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">{shown}</body></html>'
    head = (
        _head(typed, f"<{next(_serial):08X}-7B1C-4E55-9F0A-0123456789AB@gmail.com>")
        + "X-Mailer: iPhone Mail (22A3354)\n"
    )
    boundary = f"Apple-Mail-{next(_serial):08X}-63C5-4F0B-A4C1-9A3C3F4E2D11"
    return _two(head, boundary, _quoted(plain, "utf-8"), _quoted(page, "utf-8"))


PROGRAMS: tuple[Program, ...] = (gmail_phone, outlook, apple_phone)


# their pieces -------------------------------------------------------------------------------------------------------


def _head(typed: Typed, message_id: str, charset: str = "utf-8") -> str:
    name = Header(typed.name, charset).encode() if not typed.name.isascii() else f'"{typed.name}"'
    subject = (
        typed.subject if typed.subject.isascii() else Header(typed.subject, charset, header_name="Subject").encode()
    )
    thread = ""
    if typed.answers:
        parent = str(typed.answers.message["Message-ID"]).strip()
        before = str(typed.answers.message["References"] or "").split()
        thread = f"In-Reply-To: {parent}\nReferences: {' '.join([*before, parent])}\n".replace("> <", ">\n <")
    return (
        f"MIME-Version: 1.0\n{thread}From: {name} <{typed.address}>\nDate: {typed.stamp}\nMessage-ID: {message_id}\n"
        f"Subject: {subject}\nTo: {typed.to}\n"
    )


def _two(head: str, boundary: str, plain: tuple[str, str], shown: tuple[str, str]) -> bytes:
    parts = [
        f"Content-Type: text/{kind}; {part[0]}\n\n{part[1]}\n" for kind, part in (("plain", plain), ("html", shown))
    ]
    inside = f"--{boundary}\n" + f"--{boundary}\n".join(parts) + f"--{boundary}--\n"
    return f'{head}Content-Type: multipart/alternative; boundary="{boundary}"\n\n{inside}'.encode("ascii")


def _base64(text: str) -> tuple[str, str]:
    body = base64.encodebytes(text.replace("\n", "\r\n").encode()).decode()
    return 'charset="UTF-8"\nContent-Transfer-Encoding: base64', body


def _quoted(text: str, charset: str = "Windows-1252") -> tuple[str, str]:
    body = quopri.encodestring(text.encode(charset, "xmlcharrefreplace")).decode()
    return f'charset="{charset}"\nContent-Transfer-Encoding: quoted-printable', body


def _letter_html(typed: Typed) -> str:
    """Our letter as programs quote it: its body, without its head."""
    assert typed.answers is not None
    found = re.search(r"(?is)<body[^>]*>(.*)</body>", typed.answers.html)
    return found[1] if found else ""


def _mso(line: str) -> str:
    return f"<p class=MsoNormal>{f'{_esc(line)}<o:p></o:p>' if line else '<o:p>&nbsp;</o:p>'}</p>\n"


def _esc(text: str) -> str:
    return html.escape(text, quote=False)
