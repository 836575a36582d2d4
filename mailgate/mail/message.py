"""The words the whole house uses for one mail: frozen values, no behaviour beyond naming.

Every ``str`` in here is valid UTF-8 without NUL or lone surrogates, so that it can be stored, shown and sent.
Addresses are the bare addr-spec, case-folded, the domain in A-label (punycode) form.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple


class Kind(enum.StrEnum):
    """What sort of sender speaks: a person, or which machine (the glossary's *kind*)."""

    HUMAN = "human"
    AUTO_REPLY = "auto-reply"  # RFC 3834 and those who ignore it; out-of-office, challenge/response
    BOUNCE = "bounce"  # RFC 3464 failed, and the unruly ones
    DELAY = "delay"  # RFC 3464 delayed: not a failure
    RECEIPT = "receipt"  # RFC 8098 MDN
    CALENDAR = "calendar"  # iCalendar REPLY/COUNTER/REQUEST
    BULK = "bulk"  # mailing lists, newsletters, abuse reports (ARF, with ``Bounce.status == ''``)
    OWN = "own"  # a letter of ours come back


class Address(NamedTuple):
    """One mailbox: display name as shown, address as compared."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the channel knows beside the bytes (RFC 5321 envelope and session facts)."""

    sender: str = ""  # MAIL FROM without <>, "" for the null path or when unknown
    recipients: tuple[str, ...] = ()  # RCPT TO, or Delivered-To of a mailbox
    channel: str = "pipe"  # smtp, imap, pipe
    peer: str = ""  # IP address of the SMTP client, account name of a mailbox
    helo: str = ""
    auth_user: str = ""  # who proved to be whom by SMTP AUTH
    tls: bool = False
    checked: str = ""  # what we found out about the sender ourselves, as Authentication-Results tell it


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a mail. ``content`` is the decoded payload; ``sha256`` its hex digest."""

    name: str  # safe to show and to store under; never empty
    type: str  # declared media type, lower case, "application/octet-stream" when unusable
    content: bytes = field(repr=False)
    sha256: str
    content_id: str = ""  # without <>
    inline: bool = False  # shown inside the HTML (cid) or disposition inline
    true_type: str = ""  # by its first bytes, "" when unknown
    dangerous: str = ""  # why it must be withheld, "" when it need not
    named: bool = True  # whether the sender gave the name, or it was made here

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The original inside a forward (inline or message/rfc822)."""

    sender: Address
    subject: str = ""
    date: datetime | None = None
    date_text: str = ""  # as written, when it could not be read as a date
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    body: str = ""  # the forwarded text (with what is nested in it)
    message: str = ""  # what the forwarder wrote above it
    attached: bool = False  # came as message/rfc822
    nested: Forwarded | None = None
    attachments: tuple[Attachment, ...] = ()  # of an attached mail; of one in the text they are the forward's own


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says (RFC 3464), or what could be read of an unruly one."""

    recipients: tuple[str, ...] = ()  # those it failed for
    status: str = ""  # enhanced status code, "5.1.1"
    action: str = ""  # failed, delayed, delivered, relayed, expanded; "" when not a report
    diagnostic: str = ""
    original_message_id: str = ""  # with <>, of the letter that bounced


@dataclass(frozen=True, slots=True)
class Parts:
    """A text taken apart: what the person wrote, what they quoted, how they signed. Nothing is dropped."""

    own: str
    quote: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, understood."""

    subject: str = ""
    senders: tuple[Address, ...] = ()  # every mailbox of every From header; one in an honest mail
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None  # aware, UTC
    message_id: str = ""  # with <>, "" when missing
    in_reply_to: tuple[str, ...] = ()  # with <>
    references: tuple[str, ...] = ()  # with <>, oldest first
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # all in order, decoded; names as sent
    kind: Kind = Kind.HUMAN
    kind_reason: str = ""  # the header or words that told
    text: str = ""  # the whole readable text (from text/plain, else from the HTML)
    html: str = field(default="", repr=False)  # sanitised HTML of the whole, "" when there is none
    parts: Parts = Parts("")  # ``text`` taken apart
    own_html: str = field(default="", repr=False)  # sanitised HTML of ``parts.own`` alone, "" when there is none
    attachments: tuple[Attachment, ...] = ()
    forwarded: tuple[Forwarded, ...] = ()  # usually none or one; several attached messages give several
    bounce: Bounce | None = None
    calendar: str = field(default="", repr=False)  # the text/calendar part, decoded
    secured: str = ""  # "signed" or "encrypted" (S/MIME, PGP), "" for neither
    content_digest: str = ""  # hex sha256 of Message-ID, From and body bytes: the same mail by another road
    defects: tuple[str, ...] = ()

    @property
    def sender(self) -> Address | None:
        """The one author, or None when From is missing, unreadable or names several."""
        return self.senders[0] if len(self.senders) == 1 else None

    def header(self, name: str) -> str:
        """The topmost value of a header, "" when absent."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def all_headers(self, name: str) -> tuple[str, ...]:
        """Every value of a header, topmost first."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)
