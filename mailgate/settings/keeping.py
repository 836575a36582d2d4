"""What is kept and where, how much of it, how long, and who is told when something is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from mailgate.settings.section import Addr, Secret, Section


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


class Keys(Section):
    """The keys that sign reply addresses and Message-IDs."""

    file: Path | None = Field(
        None, description="Key ring: one hex key a line, the first signs, all verify. None: kept in the store."
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


class Retention(Section):
    """How long things are kept; 'mailgate purge' takes away what is older. PQRS and tickets are kept."""

    raw_days: int = Field(90, ge=1, description="Days that a mail's bytes and a sent letter's are kept.")
    memory_days: int = Field(400, ge=30, description="Days in which the same mail is known when it comes again.")
    quarantine_days: int = Field(30, ge=1, description="Days that a mail waits in quarantine for somebody.")


class Monitor(Section):
    """What machines may ask about the service: /healthz, /readyz, /metrics."""

    host: str = Field("127.0.0.1", description="Address of the HTTP port; no words of people are told there.")
    port: int = Field(0, ge=0, le=65535, description="Its port; 0: there is none.")


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


class AboutKeeping(Section):
    """The sections of this file, by their names in the TOML."""

    store: Store = Store()
    limits: Limits = Limits()
    keys: Keys = Keys()
    monitor: Monitor = Monitor()
    retention: Retention = Retention()
    alerts: Alerts = Alerts()
