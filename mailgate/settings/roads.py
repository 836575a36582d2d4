"""The ways of mail: the listener, the mailboxes, the relay, and what looks at mail on its way."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from mailgate.settings.section import Secret, Section


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


class AboutRoads(Section):
    """The sections of this file, by their names in the TOML."""

    smtp: Smtp = Smtp()
    verify: Verify = Verify()
    imap: tuple[Imap, ...] = Field((), description="Mailboxes to fetch from; one [[imap]] each.")
    relay: Relay = Relay()
    clamav: Clamav = Clamav()
