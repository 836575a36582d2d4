"""Tells operators when mail stands still, does not add up, piles up in quarantine, or a term is near.

By mail through a relay of its own and by Apprise, straight from here and not by the outbox, which may be what stands
still. Each kind once in a quarter of an hour, or once a day (``QUIET``), however many processes there are; in one
letter when they come together.
"""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from mailgate.alert_words import ALERTS
from mailgate.errors import MailgateError
from mailgate.outbox import open_relay
from mailgate.relay import Delivered
from mailgate.settings import Relay as RelaySettings
from mailgate.settings import Settings
from mailgate.store import figures, turns
from mailgate.store.outbox import Parcel

if TYPE_CHECKING:
    from mailgate.judgement import Desk

QUIET_SECONDS = 15 * 60  # one alert of a kind
DAY_SECONDS = 24 * 60 * 60
LASTS_SECONDS = 60.0  # a store that serves again sooner is no news
# What nobody mends within a quarter of an hour.
QUIET = {"pqrs": DAY_SECONDS, "templates": DAY_SECONDS, "waiting": DAY_SECONDS}
NEARLY = 0.8  # of a limit: there is time to do something
SQLITE = "sqlite:///"

log = structlog.get_logger(__name__)

Alert = tuple[str, dict[str, object]]  # kind, and the values of its sentence


def raise_alerts(desk: Desk, now: datetime) -> int:
    """The clock's duty: tell what has not been told within the quarter of an hour; gives how many kinds."""
    settings = desk.settings
    if not (settings.alerts.to or settings.alerts.apprise):
        return 0
    today = now.astimezone(ZoneInfo(settings.desk.timezone)).date()
    seen = figures.gather(now, today, due_by=today + timedelta(days=1))
    found = find(settings, seen)
    if names := desk.office.renderer.stood_in():
        found.append(("templates", {"names": ", ".join(names)}))
    new = [one for one in found if turns.first_time(f"alert:{one[0]}:{_period(one[0], now)}", now)]
    if new:
        tell(settings, new)
    return len(new)


def _period(kind: str, now: datetime) -> int:
    return int(now.timestamp() // QUIET.get(kind, QUIET_SECONDS))


def find(settings: Settings, seen: figures.Figures) -> list[Alert]:
    """What an operator should know of these figures."""
    limits, found = settings.alerts, list[Alert]()
    if seen.oldest_mail >= timedelta(minutes=limits.mail_minutes):
        found.append(("mail", {"minutes": _minutes(seen.oldest_mail)}))
    if seen.oldest_letter >= timedelta(minutes=limits.letter_minutes):
        found.append(("letters", {"minutes": _minutes(seen.oldest_letter)}))
    if seen.unexplained:
        found.append(("differs", {"count": seen.unexplained}))
    if seen.quarantined >= limits.quarantined:
        found.append(("quarantine", {"count": seen.quarantined, "megabytes": seen.quarantined_bytes // 10**6}))
    if _nearly_full(settings, seen):
        found.append(("waiting", {"count": seen.waiting, "megabytes": seen.waiting_bytes // 10**6}))
    if seen.pqrs_near:
        found.append(("pqrs", {"count": seen.pqrs_near}))
    free = free_disk(settings)
    if free is not None and free < 2 * settings.limits.free_disk_bytes:
        found.append(("disk", {"megabytes": free // 10**6}))
    return found


def _nearly_full(settings: Settings, seen: figures.Figures) -> bool:
    """Whether so much waits for a person that strangers, and who files a PQRS is one, will soon be put off."""
    limits = settings.limits
    return seen.waiting >= NEARLY * limits.waiting_mails or seen.waiting_bytes >= NEARLY * limits.waiting_bytes


def free_disk(settings: Settings) -> int | None:
    """Free bytes where SQLite lives; None for PostgreSQL, which may be anywhere."""
    if not settings.store.url.startswith(SQLITE):
        return None
    try:
        return shutil.disk_usage(Path(settings.store.url.removeprefix(SQLITE)).parent).free
    except OSError:
        return None


class StoreAlarm:
    """For when the store itself is what fails, so that it cannot remember what was told: this process remembers."""

    def __init__(self, settings: Settings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._settings, self._monotonic = settings, monotonic
        self._since: float | None = None
        self._told = float("-inf")

    def fails(self, error: Exception, *, ours: bool = True) -> None:
        """Told when it has lasted a minute, and each quarter of an hour from then on.

        ``ours``: it was our turn when the store went away. Others leave the first quarter of an hour to whose it was,
        so that many gateways do not tell the same.
        """
        now = self._monotonic()
        self._since = now if self._since is None else self._since
        patience = LASTS_SECONDS if ours else QUIET_SECONDS
        if now - self._since >= patience and now - self._told >= QUIET_SECONDS:
            self._told = now
            tell(self._settings, [("store", {"error": str(error)})])

    def serves(self) -> None:
        self._since = None


def tell(settings: Settings, found: list[Alert]) -> None:
    """Write to everybody who is to know. Never raises: whoever alerts has other work to do."""
    words = ALERTS.get(settings.desk.language, ALERTS["en"])
    sentences = [words[kind].format(**values) for kind, values in found]
    subject = words["subject"].format(desk=settings.desk.name, first=sentences[0])
    text = "\n\n".join([*sentences, words["advice"].format(host=socket.gethostname())]) + "\n"
    log.error("alert", kinds=[kind for kind, _ in found])
    for address in settings.alerts.to:
        try:
            _write(settings, address, subject, text)
        except Exception as error:
            log.error("nobody could be alerted", way="mail", error=f"{type(error).__name__}: {error}")
    if settings.alerts.apprise:
        try:
            _notify(settings.alerts.apprise, subject, text)
        except Exception as error:
            log.error("nobody could be alerted", way="apprise", error=f"{type(error).__name__}: {error}")


def _write(settings: Settings, address: str, subject: str, text: str) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = settings.desk.address, address
    mail["Subject"] = " ".join(subject.split())[:200]
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid("alert", settings.desk.address.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    relay = open_relay(way_out(settings))
    try:
        outcome = relay.deliver(Parcel(0, mail.as_bytes(), "", address, 1, datetime.now(UTC)))
    finally:
        relay.close()
    if not isinstance(outcome, Delivered):
        raise MailgateError(outcome.reply)


def way_out(settings: Settings) -> RelaySettings:
    """The relay of alerts: their own, with short patience, or that of letters."""
    one = settings.alerts
    if not one.host:
        return settings.relay.model_copy(
            update={"connect_seconds": 10.0, "command_seconds": 20.0, "data_seconds": 30.0}
        )
    return RelaySettings(
        kind="smtp", host=one.host, port=one.port, tls=one.tls, user=one.user, password=one.password,
        password_file=one.password_file, connect_seconds=10, command_seconds=20, data_seconds=30,
    )  # fmt: skip


def _notify(urls: tuple[str, ...], title: str, body: str) -> None:
    import apprise

    ways = apprise.Apprise()
    for url in urls:
        ways.add(url)
    if not ways.notify(title=title, body=body):
        raise MailgateError("apprise could not notify all")


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
