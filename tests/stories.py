"""Conversations told as stories: people who write and receive, over whichever road the test chooses.

    juan.writes("La impresora no imprime", "Buenos días…")
    letter = juan.receives()
    ana.replies(ana.receives(), "Hola Juan, ya quedó.")

A road carries mails to the desk and brings letters back: in process (``Direct``), or through a running service.
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import functools
import itertools
import smtplib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol

from mailgate.judgement import Desk
from mailgate.mail.message import Envelope
from mailgate.process import run_due
from mailgate.store import intake, outbox

PATIENCE = 60.0  # seconds a letter may take over a real road
_serial = itertools.count(1)


class Road(Protocol):
    """A way to the desk and back."""

    def post(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        """Hand a mail over."""

    def letters(self) -> list[bytes]:
        """Every letter that has left so far, oldest first."""

    def wait(self, ready: Callable[[], bool]) -> bool:
        """Wait until something is so, or patience ends."""


@dataclass
class Direct:
    """No sockets: accepted and worked on at once, letters read from the outbox. Time is the story's."""

    desk: Desk
    now: datetime = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    channel: str = "smtp"
    peer: str = "192.0.2.7"
    checked: str = ""  # what we found out about the sender ourselves
    working: bool = True

    @contextlib.contextmanager
    def nobody_works(self) -> Iterator[None]:
        """Mails that come meanwhile are accepted, and wait."""
        self.working = False
        yield
        self.working = True

    def post(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        self.now += timedelta(minutes=1)
        envelope = Envelope(sender, tuple(recipients), self.channel, self.peer, checked=self.checked)
        intake.accept_many([intake.Arrival(raw, envelope, self.now)])
        if self.working:
            run_due(self.desk, lambda: self.now)

    def works(self) -> None:
        """What is due by now is worked on."""
        run_due(self.desk, lambda: self.now)

    def letters(self) -> list[bytes]:
        rows = reversed(outbox.rows(most=1000))
        return [_with_recipient(outbox.raw_of(row.id) or b"", row.recipient) for row in rows]

    def wait(self, ready: Callable[[], bool]) -> bool:
        return ready()


@dataclass
class OwnMx(Direct):
    """Mails come over the house's own MX, which has checked their authors."""

    peer: str = "198.51.100.7"

    def post(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        domain = sender.partition("@")[2]
        verdict = f"Authentication-Results: mx.desk.co; dmarc=pass header.from={domain}\r\n"
        received = f"Received: from mail.{domain} by mx.desk.co with ESMTPS; {format_datetime(self.now)}\r\n"
        super().post(verdict.encode() + received.encode() + raw, sender, recipients)


@dataclass
class Smtp:
    """A running service: mails by SMTP, letters from its Maildir."""

    port: int
    maildir: Path

    def post(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as session:
            session.sendmail(sender, list(recipients), raw)

    def letters(self) -> list[bytes]:
        return maildir_letters(self.maildir)

    def wait(self, ready: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


def maildir_letters(folder: Path) -> list[bytes]:
    """The mails of a Maildir, oldest first; none while it is still being made."""
    files = [path for sub in ("new", "cur") for path in (folder / sub).glob("*")]
    return [path.read_bytes() for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)]


def _with_recipient(raw: bytes, recipient: str) -> bytes:
    return b"Delivered-To: " + recipient.encode() + b"\r\n" + raw


@dataclass(frozen=True)
class Received:
    """A letter as its reader sees it."""

    raw: bytes
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""

    @property
    def reply_to(self) -> str:
        return parseaddr(str(self.message["Reply-To"] or self.message["From"]))[1]

    @property
    def automatic(self) -> bool:
        return self.message["Auto-Submitted"] is not None

    @property
    def files(self) -> dict[str, bytes]:
        return {str(part.get_filename()): part.get_content() for part in self.message.iter_attachments()}


@dataclass
class Person:
    """Somebody with a mail program."""

    road: Road
    address: str
    name: str = ""
    desk_address: str = "soporte@desk.co"
    read: int = 0

    def writes(
        self,
        subject: str,
        text: str = "",
        *,
        to: str = "",
        html: str = "",
        files: Sequence[tuple[str, str, bytes]] = (),
        headers: Sequence[tuple[str, str]] = (),
        cids: Sequence[str] = (),
    ) -> EmailMessage:
        """Write a new mail to the desk (or to ``to``) and send it; with ``cids`` the files are shown in the HTML."""
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"] = f"{self.name} <{self.address}>" if self.name else self.address
        mail["To"] = to or self.desk_address
        mail["Subject"] = subject
        mail["Date"] = format_datetime(getattr(self.road, "now", datetime.now(UTC)))
        mail["Message-ID"] = f"<m{next(_serial)}.{time.time_ns()}@{self.address.partition('@')[2]}>"
        for name, value in headers:
            mail[name] = value
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        for (name, kind, content), cid in itertools.zip_longest(files, cids):
            main, _, sub = kind.partition("/")
            if cid:
                shown = {"filename": name, "cid": f"<{cid}>", "disposition": "inline"}
                mail.get_payload()[1].add_related(content, maintype=main, subtype=sub, **shown)  # type: ignore[union-attr, arg-type]
            else:
                mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
        self.road.post(mail.as_bytes(), self.address, [mail["To"]])
        return mail

    def replies(
        self, letter: Received, text: str, *, headers: Sequence[tuple[str, str]] = (), **more: object
    ) -> EmailMessage:
        """Answer a letter the way mail programs do: above the quote, to its Reply-To, its subject kept."""
        quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
        sender = parseaddr(str(letter.message["From"]))
        body = f"{text}\n\nEl lun, 23 nov 2026 a las 10:15, {sender[0]} (<{sender[1]}>) escribió:\n\n{quoted}\n"
        subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
        thread = [("In-Reply-To", letter.message["Message-ID"]), ("References", letter.message["Message-ID"])]
        return self.writes(subject, body, to=letter.reply_to, headers=[*thread, *headers], **more)  # type: ignore[arg-type]

    def receives(self, *containing: str) -> Received:
        """The next letter to this person; fails when none comes, or when it does not say what it should."""
        assert self.road.wait(lambda: len(self._inbox()) > self.read), f"no letter came for {self.address}"
        letter = self._inbox()[self.read]
        self.read += 1
        for words in containing:
            assert words in letter.text or words in letter.subject, (
                f"{words!r} is not in:\n{letter.subject}\n{letter.text}"
            )
        return letter

    def receives_nothing(self) -> None:
        """No further letter is there."""
        new = self._inbox()[self.read :]
        assert not new, f"{self.address} received {[letter.subject for letter in new]}"

    def _inbox(self) -> list[Received]:
        mine = f"Delivered-To: {self.address}".lower().encode()
        return [received(raw) for raw in self.road.letters() if mine in _trace(raw)]


def _trace(raw: bytes) -> list[bytes]:
    """The lines that the last server wrote above a letter, to know whose it is without reading it."""
    return [line.replace(b"<", b"").replace(b">", b"") for line in raw[:1000].lower().splitlines()[:2]]


@functools.lru_cache(maxsize=500)
def received(raw: bytes) -> Received:
    """A letter as its reader sees it, read once however often somebody looks into the inbox."""
    return Received(raw, email.message_from_bytes(raw, policy=email.policy.default))  # type: ignore[arg-type]
