"""Every setting, its default, its meaning: one TOML file, ``MAILGATE_…`` over it, embedded defaults under it.

``load`` fails with ``ConfigError``: one line that says where, what, and the nearest right key. Secrets may stand in
files of their own (``…_file``), so that the TOML can be shown to anybody.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator

from mailgate.errors import ConfigError


def _folded(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


Addr = Annotated[str, BeforeValidator(_folded), Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]
Language = Literal["es", "en"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ENVIRONMENT = "MAILGATE_"
# Read elsewhere and no settings: which file to read, where to crash in a test, what to poison in a test.
NOT_SETTINGS = {"MAILGATE_CONFIG", "MAILGATE_CRASH_AT", "MAILGATE_DEBUG_POISON", "MAILGATE_TEST_POSTGRES"}


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Secret(Section):
    """A section that logs in somewhere: the password, or the file that holds it."""

    password: SecretStr | None = Field(None, description="Password. Better: password_file.")
    password_file: Path | None = Field(None, description="File whose first line is the password.")

    def secret(self) -> str:
        """The password in clear, "" when none is set. Raises ConfigError when its file cannot be read."""
        if self.password_file is not None:
            return first_line(self.password_file)
        return self.password.get_secret_value() if self.password else ""


class Desk(Section):
    """Who the desk is, for people."""

    name: str = Field("Mesa de ayuda", description="Name of the desk, as letters show it.")
    company: str = Field("Mesa de ayuda", description="Name of the company, as letters show it.")
    address: Addr = Field("soporte@localhost.localdomain", description="Main address: letters come from it.")
    pqrs_address: Addr | None = Field(None, description="Address where PQRS are filed, if it has its own.")
    other_addresses: tuple[Addr, ...] = Field((), description="Further addresses whose mail the desk takes.")
    management: tuple[Addr, ...] = Field((), description="Who receives the copies of PQRS.")
    language: Language = Field("es", description="Language of letters to people who have not chosen: es or en.")
    timezone: str = Field("America/Bogota", description="Time zone in which dates are shown (IANA name).")
    tag: str = Field("[#{number}]", description="How a ticket number stands in a subject; must hold {number}.")
    phone: str = Field("", description="Telephone of the desk, shown in letters.")
    renewal: str = Field("", description="How a policy is renewed, told to clients whose policy is not active.")
    receipts: bool = Field(True, description="Confirm agents' commands with a line by mail.")
    duplicate_minutes: int = Field(
        60,
        ge=0,
        description="Minutes in which another ticket of the same person on the same matter may be a duplicate.",
    )
    reopen_days: int = Field(15, ge=0, le=365, description="Days after its end in which a ticket can be reopened.")
    remind_days: int = Field(3, ge=1, le=365, description="Business days until a waiting client is reminded once.")
    auto_close_days: int = Field(5, ge=1, le=365, description="Business days a ticket waits for the client.")

    @model_validator(mode="after")
    def _sane(self) -> Desk:
        if self.tag.count("{number}") != 1:
            raise ValueError("tag must hold {number} once, as in '[#{number}]'")
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"timezone '{self.timezone}' is not known; use a name like America/Bogota") from None
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of ours, without +details."""
        extra = (self.pqrs_address,) if self.pqrs_address else ()
        return tuple(dict.fromkeys((self.address, *extra, *self.other_addresses)))


class Calendar(Section):
    """When the desk works: promises and legal terms are counted with it."""

    hours: dict[Weekday, str] = Field(
        default_factory=lambda: dict.fromkeys(WEEKDAYS[:5], "08:00-17:00"),
        description="Opening hours of each weekday, such as '08:00-12:00, 13:00-17:00'; a day left out is closed.",
    )
    business_days: tuple[Weekday, ...] = Field(
        WEEKDAYS[:5], min_length=1, description="Weekdays that count in a term of business days."
    )
    extra_holidays: tuple[date, ...] = Field((), description="Your own days off, beside Colombia's holidays.")
    working_holidays: tuple[date, ...] = Field((), description="Holidays on which you do work.")

    @model_validator(mode="after")
    def _sane(self) -> Calendar:
        if not any(self.week):
            raise ValueError("hours must open on one weekday at least, as in {mon = '08:00-17:00'}")
        return self

    @property
    def week(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Monday to Sunday: opening spans as minutes of the day, in order."""
        return tuple(_spans(self.hours.get(name, "")) for name in WEEKDAYS)


PqrsType = Literal["peticion", "informacion", "consulta", "queja", "reclamo", "sugerencia", "felicitacion", "denuncia"]
PQRS_TYPES: tuple[PqrsType, ...] = get_args(PqrsType)


class Pqrs(Section):
    """Petitions, complaints, claims and suggestions: which, and how long their legal terms are."""

    types: tuple[PqrsType, ...] = Field(
        PQRS_TYPES[:-1], min_length=1, description="Types taken; add denuncia where you take reports of wrongdoing."
    )
    terms: dict[PqrsType, int] = Field(
        default_factory=lambda: {name: {"informacion": 10, "consulta": 30}.get(name, 15) for name in PQRS_TYPES},
        description="Business days to answer each type; those left out keep 15, 10 and 30. Ask your lawyer.",
    )
    after_hours_next_day: bool = Field(
        True, description="What comes after closing time or on a day off counts as filed on the next business day."
    )
    extension_limit: float = Field(
        2.0, ge=1, le=4, description="Longest term with its extension, as a multiple of the first one."
    )
    reminder_days: tuple[Annotated[int, Field(ge=0, le=60)], ...] = Field(
        (3, 1), description="Business days before the last one on which agents and management are reminded."
    )
    managers: dict[PqrsType, tuple[Addr, ...]] = Field(
        default_factory=dict, description="Further managers who are copied on one type: {queja = ['gerente@acme.co']}."
    )
    same_matter_minutes: int = Field(
        60, ge=0, le=1440, description="So long, another mail of the same person on the same matter is a comment."
    )
    report: bool = Field(
        True, description="Send management, on a month's first business day, the report of the one before."
    )

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, values: Any) -> Any:
        """Types that the file does not name keep their term."""
        if isinstance(values, dict) and isinstance(values.get("terms"), dict):
            usual = cls.model_fields["terms"].get_default(call_default_factory=True)
            values = values | {"terms": usual | values["terms"]}
        return values

    @model_validator(mode="after")
    def _sane(self) -> Pqrs:
        if any(not 1 <= days <= 250 for days in self.terms.values()):
            raise ValueError("terms are business days, from 1 to 250")
        if "peticion" not in self.types:
            raise ValueError("types must hold peticion: what is doubtful counts as one")
        return self


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    """'08:00-12:00, 13:00-17:00' as minutes of the day. Raises ValueError for what is no hours, or overlaps."""
    spans: list[tuple[int, int]] = []
    for piece in filter(None, (part.strip() for part in text.split(","))):
        match = re.fullmatch(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})", piece, re.ASCII)
        start, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
        if match is None or int(match[2]) > 59 or int(match[4]) > 59 or not start < end <= 24 * 60:
            raise ValueError(f"'{piece}' is no opening time; write it as 08:00-17:00")
        if spans and start < spans[-1][1]:
            raise ValueError(f"'{text}' has opening times that overlap or go backwards")
        spans.append((start, end))
    return tuple(spans)


Urgency = Literal["urgent", "high", "normal", "low"]
Hours = Annotated[float, Field(gt=0, le=1000)]


class Plan(Section):
    """What one plan of policies promises; what it leaves out is as for everybody."""

    urgent: Hours | None = None
    high: Hours | None = None
    normal: Hours | None = None
    low: Hours | None = None
    hours: dict[Weekday, str] | None = None  # opening hours of its own

    @model_validator(mode="after")
    def _sane(self) -> Plan:
        if self.hours is not None and not any(self.week):
            raise ValueError("hours must open on one weekday at least, as in {mon = '08:00-17:00'}")
        return self

    @property
    def week(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Monday to Sunday, as the calendar's; nothing opens when the plan has no hours of its own."""
        return tuple(_spans((self.hours or {}).get(name, "")) for name in WEEKDAYS)


USUAL_HOURS: dict[Urgency, float] = {"urgent": 1, "high": 4, "normal": 8, "low": 16}


class Promises(Section):
    """How soon a ticket gets its first answer, in opening hours, and who is told before it is late."""

    first_answer: dict[Urgency, Hours] = Field(
        default_factory=lambda: dict(USUAL_HOURS),
        description="Opening hours until the first answer, by urgency; empty: nothing is promised.",
    )
    plans: dict[str, Plan] = Field(
        default_factory=dict,
        description="Plans with hours of their own: {Oro = {urgent = 0.5, normal = 4, hours = {sat = '08:00-12:00'}}}.",
    )
    remind_minutes: int = Field(
        60, ge=1, le=6000, description="Opening minutes before the promised time in which the agent is reminded."
    )
    management_minutes: int = Field(
        60, ge=0, le=6000, description="Opening minutes after it in which management is told; the group is at it."
    )

    @model_validator(mode="after")
    def _sane(self) -> Promises:
        if self.first_answer and "normal" not in self.first_answer:
            raise ValueError("first_answer must hold normal: what has no urgency of its own is that")
        return self


class Categories(Section):
    """What tickets are about: the groups that answer them, and how a new one is sorted."""

    names: tuple[Annotated[str, Field(min_length=2, max_length=60)], ...] = Field(
        (), description="Categories, as clients read them; empty: tickets are not sorted by themselves."
    )
    rules: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Words and phrases that tell a category: {Nómina = ['nómina', 'prima']}."
    )
    learn: bool = Field(True, description="Learn the words of each category from closed tickets.")
    learned_from: int = Field(30, ge=2, description="Closed tickets with a category before learned words decide.")
    sure: float = Field(0.9, ge=0.5, lt=1, description="How sure learned words must be, from 0.5 to 1.")

    @model_validator(mode="after")
    def _sane(self) -> Categories:
        if len({_folded(name) for name in self.names}) < len(self.names):
            raise ValueError("names hold one category twice")
        if unknown := [name for name in self.rules if name not in self.names]:
            raise ValueError(f"rules are for '{unknown[0]}', which is none of the names")
        return self


SmsEvent = Literal["opening", "answer", "meeting", "closing"]
SMS_EVENTS: tuple[SmsEvent, ...] = get_args(SmsEvent)


class Sms(Section):
    """Short messages to the client's mobile, by SMS or WhatsApp, through Apprise (extra sms)."""

    url: SecretStr | None = Field(
        None,
        description="Apprise URL with {mobile} for the number, such as json://gateway.local/{mobile}. Or url_file.",
    )
    url_file: Path | None = Field(None, description="File whose first line is that URL.")
    events: tuple[SmsEvent, ...] = Field(SMS_EVENTS, description="What is told: opening, answer, meeting, closing.")
    prefixes: tuple[Annotated[str, Field(pattern=r"^\+[1-9]\d*$")], ...] = Field(
        ("+57",), min_length=1, description="Countries whose numbers get messages; numbers elsewhere cost more."
    )
    per_mobile_day: int = Field(8, ge=1, description="Most messages to one mobile in a day.")
    give_up_hours: float = Field(24, gt=0, description="After how long a message is given up.")

    @property
    def on(self) -> bool:
        return self.url is not None or self.url_file is not None

    def secret_url(self) -> str:
        """The URL in clear, "" when none is set. Raises ConfigError when its file cannot be read."""
        if self.url_file is not None:
            return first_line(self.url_file)
        return self.url.get_secret_value() if self.url else ""


class Urgent(Section):
    """The priority service for what cannot wait its turn."""

    tariff: str = Field("", description="Tariff and requirements, as the letter tells them; empty: there is none.")
    on_call: tuple[Addr, ...] = Field((), description="Agents who are told at once; empty: those it concerns.")
    mobiles: tuple[Annotated[str, Field(pattern=r"^\+[1-9]\d{6,14}$")], ...] = Field(
        (), description="Mobiles that get a message at any hour, such as +573001234567; needs sms.url."
    )


class Store(Section):
    """Where everything is kept."""

    url: str = Field(
        "sqlite:///mailgate-data/mailgate.db", description="sqlite:///PATH or postgresql://USER@HOST/NAME."
    )
    password_file: Path | None = Field(None, description="File whose first line is PostgreSQL's password.")
    files: str = Field(
        "", description="Folder, or s3://bucket/prefix, for large mails and attachments; empty: in the database."
    )
    inline_bytes: int = Field(65_536, ge=0, description="What is no larger stays in the database all the same.")

    @model_validator(mode="after")
    def _sane(self) -> Store:
        if not self.url.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("url must begin with sqlite:/// or postgresql://")
        return self


class Smtp(Section):
    """The listener that takes mail from an MTA or from mail programs."""

    enabled: bool = Field(True, description="Whether to listen at all.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(2525, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    protocol: Literal["smtp", "lmtp"] = Field("smtp", description="smtp, or lmtp for an MTA that hands mail over.")
    hostname: str = Field("", description="Name given in the greeting; empty for the machine's own.")
    tls_certificate: Path | None = Field(None, description="PEM certificate chain; offers STARTTLS.")
    tls_key: Path | None = Field(None, description="PEM key of tls_certificate.")
    tls_implicit: bool = Field(False, description="TLS from the first byte (port 465) instead of STARTTLS.")
    users: dict[str, str] = Field(
        default_factory=dict,
        description="Who may log in (AUTH, only over TLS): address = scrypt hash made by 'mailgate agent password'.",
    )
    trusted_peers: tuple[str, ...] = Field((), description="IP networks of our own MX: unlimited, its verdicts count.")
    authserv_ids: tuple[str, ...] = Field((), description="authserv-id in the Authentication-Results our MX writes.")
    trusted_hops: int = Field(0, ge=0, le=10, description="Received headers that our servers write above the verdict.")
    max_connections: int = Field(200, ge=1, description="Connections at once, all together.")
    max_connections_per_peer: int = Field(20, ge=1, description="Connections at once of one IP address.")
    max_recipients: int = Field(50, ge=1, description="Recipients of one mail.")
    max_errors: int = Field(10, ge=1, description="Errors in a session before 421.")
    max_commands: int = Field(500, ge=10, description="Commands in a session before 421.")
    idle_seconds: float = Field(60, gt=0, description="Silence after which a session ends.")
    data_seconds: float = Field(600, gt=0, description="Time for one mail, plus one second a kilobyte.")


class Verify(Section):
    """SPF, DKIM and DMARC looked up here, for mails that come by SMTP straight from the internet."""

    enabled: bool = Field(
        False, description="Check senders here: for a listener without an MX of yours before it (extra firsthop)."
    )
    seconds: float = Field(10, gt=0, le=30, description="Time for one mail; what is unknown by then is not verified.")
    nameservers: tuple[str, ...] = Field((), description="DNS servers, ADDRESS or ADDRESS:PORT; empty: the machine's.")


class Imap(Secret):
    """One mailbox to fetch mail from."""

    name: str = Field("", description="Name in logs; empty for user@host.")
    host: str = Field(description="IMAP server.")
    port: int = Field(993, ge=1, le=65535, description="Port; 993 with TLS, 143 without.")
    tls: Literal["implicit", "starttls", "none"] = Field("implicit", description="How the connection is secured.")
    user: str = Field(description="Login name.")
    auth: Literal["password", "xoauth2"] = Field("password", description="How to log in.")
    oauth_client_id: str = Field("", description="OAuth2 client id (xoauth2).")
    oauth_client_secret_file: Path | None = Field(None, description="File with the OAuth2 client secret.")
    oauth_refresh_token_file: Path | None = Field(None, description="File with the OAuth2 refresh token.")
    oauth_token_url: str = Field("", description="Where a refresh token is changed for an access token.")
    folders: tuple[str, ...] = Field(("INBOX",), min_length=1, description="Folders to read.")
    done_folder: str = Field("", description="Move fetched mail there; empty flags it $MailgateStored and leaves it.")
    idle: bool = Field(True, description="Use IDLE where the server has it.")
    poll_seconds: float = Field(
        60, gt=0, description="How often to look at every folder; IDLE hears the first at once."
    )
    batch: int = Field(50, ge=1, le=500, description="Mails fetched at a time.")
    trusted_authserv: bool = Field(True, description="The mailbox is behind our own MX: its verdicts count.")
    trusted_hops: int = Field(
        0,
        ge=0,
        le=10,
        description="Received headers our servers write above the verdict: Gmail 2, Microsoft 365 up to 5.",
    )

    @property
    def label(self) -> str:
        return self.name or f"{self.user}@{self.host}"


class Relay(Secret):
    """Where letters leave."""

    kind: Literal["maildir", "smtp"] = Field("maildir", description="smtp to send; maildir to write files instead.")
    maildir: Path = Field(Path("mailgate-data/letters"), description="Maildir for letters when kind is maildir.")
    host: str = Field("localhost", description="SMTP relay (smarthost).")
    port: int = Field(587, ge=1, le=65535, description="587 with starttls, 465 with implicit, 25 with none.")
    tls: Literal["starttls", "implicit", "none"] = Field("starttls", description="How the connection is secured.")
    tls_verify: bool = Field(True, description="Check the relay's certificate.")
    user: str = Field("", description="Login name; empty for no login.")
    connections: int = Field(4, ge=1, le=50, description="Connections at once.")
    connect_seconds: float = Field(30, gt=0, description="Time to connect.")
    command_seconds: float = Field(60, gt=0, description="Time for one reply.")
    data_seconds: float = Field(600, gt=0, description="Time for the reply after the final dot.")
    give_up_hours: float = Field(120, gt=0, description="After how long a letter is given up (RFC 5321: 4-5 days).")


class Clamav(Section):
    """A clamd that looks at the files of mails."""

    address: str = Field("", description="clamd's HOST:PORT or the path of its socket; empty: files are not scanned.")
    seconds: float = Field(30, gt=0, le=120, description="Time for one mail.")
    hold_hours: float = Field(
        4, ge=0, le=120, description="Hours that files wait while clamd is down; then they go in, withheld."
    )

    @model_validator(mode="after")
    def _sane(self) -> Clamav:
        host, _, port = self.address.rpartition(":")
        if self.address and not self.address.startswith("/") and not (host and port.isdigit()):
            raise ValueError(f"address '{self.address}' is neither HOST:PORT nor the path of a socket")
        return self


class Letters(Section):
    """The templates of letters."""

    directory: Path | None = Field(None, description="Folder of your own templates; a file there replaces ours.")
    enclosed_bytes: int = Field(
        15 * 2**20, ge=0, description="Files that travel with a notice; larger ones are listed, and fetched by mail."
    )
    logo: Path | None = Field(None, description="PNG, JPEG or GIF under 30 KB that stands on top of each letter.")


class Suggestions(Section):
    """Posibles Soluciones."""

    semantic: bool = Field(
        False, description="Also look for solutions by their meaning, in the background; needs mailgate[semantic]."
    )


class Limits(Section):
    """What a stranger can grow has an end."""

    mail_bytes: int = Field(25 * 2**20, ge=10_000, description="Largest mail taken.")
    line_bytes: int = Field(65_536, ge=998, description="Longest line taken.")
    lines: int = Field(600_000, ge=1000, description="Most lines in a mail.")
    header_bytes: int = Field(262_144, ge=10_000, description="Largest header block understood.")
    headers: int = Field(1000, ge=50, description="Most headers understood.")
    one_header_bytes: int = Field(65_536, ge=998, description="Largest single header understood.")
    received: int = Field(50, ge=10, description="Most Received headers: beyond it a mail is in a loop.")
    depth: int = Field(30, ge=3, description="Deepest MIME nesting understood.")
    parts: int = Field(500, ge=10, description="Most MIME parts understood.")
    attachments: int = Field(100, ge=1, description="Most attachments understood.")
    text_bytes: int = Field(2**20, ge=10_000, description="Longest text in a comment; the rest stays in the raw mail.")
    html_bytes: int = Field(512 * 1024, ge=10_000, description="Largest HTML shown; beyond it the text alone is.")
    attempts: int = Field(3, ge=1, description="Tries to process a mail before quarantine.")
    read_seconds: float = Field(15, gt=0, description="Wall time to understand one mail.")
    read_megabytes: int = Field(512, ge=64, description="Memory to understand one mail.")
    free_disk_bytes: int = Field(500_000_000, ge=0, description="Free disk below which no mail is taken (452).")
    mails_per_unknown_hour: int = Field(10, ge=1, description="Mails an unknown address may send by SMTP in an hour.")
    mails_per_contact_hour: int = Field(60, ge=1, description="Mails a known contact may send by SMTP in an hour.")
    mails_per_company_hour: int = Field(300, ge=1, description="Mails all contacts of a client may send in an hour.")
    tickets_per_sender_hour: int = Field(
        20, ge=1, description="Tickets one address opens in an hour; what comes beyond joins the last of them."
    )
    tickets_per_unapproved_hour: int = Field(5, ge=1, description="The same, of a contact nobody has approved yet.")
    waiting_mails: int = Field(
        10_000, ge=100, description="Mails held and in quarantine, all together; then strangers' mail is put off (452)."
    )
    waiting_bytes: int = Field(2 * 2**30, ge=10**6, description="The same in octets.")
    letters_per_address_hour: int = Field(5, ge=1, description="Automatic letters to one address in an hour.")
    letters_per_address_day: int = Field(20, ge=1, description="Automatic letters to one address in a day.")
    letters_per_hour: int = Field(500, ge=1, description="Automatic letters in an hour, all together.")


class Monitor(Section):
    """What machines may ask about the service: /healthz, /readyz, /metrics."""

    host: str = Field("127.0.0.1", description="Address of the HTTP port; no words of people are told there.")
    port: int = Field(0, ge=0, le=65535, description="Its port; 0: there is none.")


class Retention(Section):
    """How long things are kept; 'mailgate purge' takes away what is older. PQRS and tickets are kept."""

    raw_days: int = Field(90, ge=1, description="Days that a mail's bytes and a sent letter's are kept.")
    memory_days: int = Field(400, ge=30, description="Days in which the same mail is known when it comes again.")
    quarantine_days: int = Field(30, ge=1, description="Days that a mail waits in quarantine for somebody.")


class Alerts(Secret):
    """Who is told when mail stands still; by a way of its own, because the usual one may be what is broken."""

    to: tuple[Addr, ...] = Field((), description="Addresses of operators; empty: nobody is written to.")
    host: str = Field("", description="Another SMTP relay for alerts; empty: the relay of letters.")
    port: int = Field(587, ge=1, le=65535, description="Its port.")
    tls: Literal["starttls", "implicit", "none"] = Field("starttls", description="How the connection is secured.")
    user: str = Field("", description="Login name; empty for no login.")
    apprise: tuple[str, ...] = Field((), description="Apprise URLs told as well (extra 'sms').")
    mail_minutes: int = Field(15, ge=1, description="A mail due for so long stands still.")
    letter_minutes: int = Field(30, ge=1, description="A letter due for so long stands still.")
    quarantined: int = Field(20, ge=1, description="So many mails in quarantine are too many.")


class Keys(Section):
    """The keys that sign reply addresses and Message-IDs."""

    file: Path | None = Field(
        None, description="Key ring: one hex key a line, the first signs, all verify. None: kept in the store."
    )


class Settings(Section):
    """All of it. Attribute names are the TOML's."""

    desk: Desk = Desk()
    calendar: Calendar = Calendar()
    pqrs: Pqrs = Pqrs()
    promises: Promises = Promises()
    categories: Categories = Categories()
    urgent: Urgent = Urgent()
    sms: Sms = Sms()
    store: Store = Store()
    smtp: Smtp = Smtp()
    verify: Verify = Verify()
    imap: tuple[Imap, ...] = Field((), description="Mailboxes to fetch from; one [[imap]] each.")
    relay: Relay = Relay()
    clamav: Clamav = Clamav()
    letters: Letters = Letters()
    suggestions: Suggestions = Suggestions()
    limits: Limits = Limits()
    keys: Keys = Keys()
    monitor: Monitor = Monitor()
    retention: Retention = Retention()
    alerts: Alerts = Alerts()


def first_line(path: Path) -> str:
    """The first line of a secret's file. Raises ConfigError when it cannot be read or is empty."""
    try:
        line = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the secret in {path}: {error}; make the file or correct the setting") from error
    if not line:
        raise ConfigError(f"the secret's file {path} is empty; write the secret in its first line")
    return line


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from a TOML file (none: embedded defaults) with the environment over it. Raises ConfigError."""
    environment = os.environ if environment is None else environment
    where = str(path) if path else "the environment"
    values = _read_toml(path) if path else {}
    _overlay(values, environment)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_explain(error, where)) from None


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"there is no settings file {path}; 'mailgate init' writes one") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read the settings file {path}: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from None


def _overlay(values: dict[str, Any], environment: Mapping[str, str]) -> None:
    """MAILGATE_SMTP_PORT=2526 -> smtp.port. Lists and tables are written as TOML values."""
    for variable, text in sorted(environment.items()):
        if not variable.startswith(ENVIRONMENT) or variable in NOT_SETTINGS:
            continue
        section, _, key = variable.removeprefix(ENVIRONMENT).lower().partition("_")
        kind = Settings.model_fields.get(section)
        if kind is None or (section != "imap" and not key):
            known = [f"{ENVIRONMENT}{s}_{k}".upper() for s, k, _ in every_key()]
            raise ConfigError(f"{variable} in the environment is no setting{_nearest(variable, known)}")
        if section == "imap":
            values["imap"] = _as_toml(text)
            continue
        values.setdefault(section, {})
        if isinstance(values[section], dict):
            values[section][key] = _as_toml(text)


def _as_toml(text: str) -> Any:
    """A value as TOML where it is one that a string could not be (list, table); else the text itself, for pydantic."""
    if text[:1] in "[{":
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return text


def every_key() -> list[tuple[str, str, Any]]:
    """(section, key, pydantic field) of every setting, in the order of the file."""
    rows = []
    for section, outer in Settings.model_fields.items():
        model = Imap if section == "imap" else outer.annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        rows += [(section, key, inner) for key, inner in model.model_fields.items()]
    return rows


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""


def _explain(error: ValidationError, where: str) -> str:
    """One line for the first thing wrong, and how many more there are."""
    first, more = error.errors()[0], error.error_count() - 1
    path = [str(part) for part in first["loc"]]
    name = ".".join(path)
    if first["type"] == "extra_forbidden":
        known = [k for s, k, _ in every_key() if s == path[0]] if len(path) > 1 else list(Settings.model_fields)
        near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
        hint = f"; did you mean {'.'.join([*path[:-1], near[0]])}?" if near else f"; known here: {', '.join(known)}"
        line = f"{where}: there is no setting '{name}'{hint}"
    else:
        shown = "" if isinstance(first["input"], dict) else f" (it is {first['input']!r})"
        line = f"{where}: {name}: {first['msg'].removeprefix('Value error, ')}{shown}"
    return line + (f" (and {more} more)" if more else "")
