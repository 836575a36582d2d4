"""People who answer with a real mail program's habits: its quote, its HTML, its signature, its confidentiality footer.

    ana = Seat(road, "ana@desk.co", "Ana María Peña", program=outlook_desktop, signature=("Ana María Peña", "Ext. 104"))
    ana.answers(notice, "Hola, Juan: ya quedó.")

The habits are those of ``tests/mails/replies``, which also makes the mails that understanding is scored with.
"""

from __future__ import annotations

import email.policy
import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from typing import Any

from tests.stories import Person, Received

sys.path.append(str(Path(__file__).parent / "mails/replies"))  # its own script runs from that folder

import clients
import clients_microsoft
import clients_mobile
from formats import Letter, Mail, Sent

BOGOTA = timezone(timedelta(hours=-5))
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360f8cfc0f01f0005050201a5f645400000000049454e44ae426082"
)
LOGO = "image001.png@01DB3D5C.7A2B9E10"
OUTLOOK, OUTLOOK_WEB, OUTLOOK_LOGO = (
    clients_microsoft.outlook_desktop,
    clients_microsoft.outlook_web,
    clients_microsoft.outlook_desktop_logo,
)
OUTLOOK_ENGLISH = clients_microsoft.outlook_desktop_english  # its block says From: and Sent:
GMAIL, GMAIL_PHONE, IPHONE, APPLE = clients.gmail_web, clients.gmail_phone, clients.iphone, clients.apple_mail
YAHOO, THUNDERBIRD, PLAIN = clients.yahoo_web, clients.thunderbird, clients.thunderbird_plain
SAMSUNG, K9 = clients_mobile.samsung, clients_mobile.k9
_serial = itertools.count(1)


@dataclass
class Seat(Person):
    """Somebody before their own mail program. ``never``: what no letter to them may hold."""

    program: Callable[[Mail], Sent] = GMAIL
    signature: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def receives(self, *containing: str) -> Received:
        letter = super().receives(*containing)
        found = [words for words in self.never if words in f"{letter.subject}\n{letter.text}\n{letter.html}"]
        assert not found, f"{self.address} reads {found} in:\n{letter.subject}\n{letter.text}"
        return letter

    def answers(self, letter: Received, text: str, *, to: str = "", cc: Sequence[str] = (), **more: Any) -> None:
        """Reply as the program does: its subject, its headers, its quote of the letter, its signature."""
        self._sends(self._mail(letter, text), letter, to or letter.reply_to, cc, **more)

    def forwards(self, letter: Received, text: str = "") -> None:
        """Forward a mail of one's own mailbox to the desk."""
        self._sends(self._mail(letter, text, forward=True), letter, self.desk_address, ())

    def _mail(self, letter: Received, text: str, *, forward: bool = False) -> Mail:
        sender = letter.message["From"].addresses[0]
        when = parsedate_to_datetime(str(letter.message["Date"])).astimezone(BOGOTA)
        lines = tuple(letter.text.splitlines()) or ("",)
        quoted = Letter(sender.display_name or sender.addr_spec, sender.addr_spec, when, letter.subject, lines)
        return Mail("es-CO", self.name, self.address, text, self.signature, quoted, forward=forward)

    def _sends(
        self,
        mail: Mail,
        letter: Received,
        to: str,
        cc: Sequence[str],
        files: Sequence[tuple[str, str, bytes]] = (),
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:
        sent = self.program(mail)
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"], message["To"] = f'"{self.name}" <{self.address}>', to
        if cc:
            message["Cc"] = ", ".join(cc)
        subject = letter.subject
        for prefix in ("Re: ", "RE: "):
            subject = subject.removeprefix(prefix)
        message["Subject"] = f"RV: {subject}" if mail.forward else f"RE: {subject}"
        message["Date"] = format_datetime(self.road.now)  # type: ignore[attr-defined]
        message["Message-ID"] = f"<p{next(_serial)}.{id(self)}@{self.address.partition('@')[2]}>"
        if not mail.forward:
            message["In-Reply-To"] = message["References"] = str(letter.message["Message-ID"])
        for name, value in (*sent.headers.items(), *headers):
            message[name] = value
        message.set_content(sent.plain, charset=sent.charset, cte=sent.encoding)
        if sent.html is not None:
            message.add_alternative(sent.html, subtype="html", charset=sent.charset, cte=sent.encoding)
            if sent.logo:
                message.get_payload()[1].add_related(PNG, "image", "png", cid=f"<{LOGO}>", filename="image001.png")
        for name, kind, content in files:
            main, _, sub = kind.partition("/")
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
        self.road.post(message.as_bytes(), self.address, [to, *cc])
