"""Who the desk is, what its letters look like, and how its tickets are sorted and told about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, model_validator

from mailgate.settings.section import Addr, Section, first_line, folded

Language = Literal["es", "en"]  # each has a folder of templates; the first stands in for what is none of these
LANGUAGES: tuple[str, ...] = get_args(Language)


class Desk(Section):
    """Who the desk is, for people."""

    name: str = Field("Mesa de ayuda", description="Name of the desk, as letters show it.")
    company: str = Field("Mesa de ayuda", description="Name of the company, as letters show it.")
    address: Addr = Field("soporte@localhost.localdomain", description="Main address: letters come from it.")
    pqrs_address: Addr | None = Field(None, description="Address where PQRS are filed, if it has its own.")
    other_addresses: tuple[Addr, ...] = Field((), description="Further addresses whose mail the desk takes.")
    management: tuple[Addr, ...] = Field((), description="Who receives the copies of PQRS.")
    language: Language = Field(
        "es",
        description="Language of letters to people who have not chosen, and whose own words do not tell: es or en.",
    )
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
        if len({folded(name) for name in self.names}) < len(self.names):
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


class AboutDesk(Section):
    """The sections of this file, by their names in the TOML."""

    desk: Desk = Desk()
    categories: Categories = Categories()
    urgent: Urgent = Urgent()
    sms: Sms = Sms()
    letters: Letters = Letters()
    suggestions: Suggestions = Suggestions()
