"""Looks at everything the service leans on, and says in one line each what is well and what is not. Changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mailgate.alerts import find, free_disk, way_out
from mailgate.errors import ConfigError, MailgateError
from mailgate.intake import certificate
from mailgate.intake.imap import check_login
from mailgate.intake.passwords import check_hash
from mailgate.intake.verify import checker
from mailgate.letters.logo import read_logo
from mailgate.letters.render import Renderer
from mailgate.relay.smtp import SmtpRelay
from mailgate.scan import NotScanned, scanner
from mailgate.settings import Relay, Settings
from mailgate.store import blobs, figures, turns
from mailgate.store.base import SAFE_SQLITE, is_sqlite, newer_migrations, pending_migrations
from mailgate.store.models import database

WELL, DOUBT, ILL, SKIPPED = "well", "doubt", "ill", "skipped"
SKEW = timedelta(seconds=5)
EXPIRES_SOON = timedelta(days=14)  # an automatic renewal would have been there by now


@dataclass(frozen=True, slots=True)
class Finding:
    """``what`` was looked at, how it is, and the key and values of the sentence that says so."""

    what: str
    state: str
    told: str
    values: dict[str, Any] = field(default_factory=dict)


Resolve = Callable[[str, str], list[str]]  # (name, type) -> texts of the records, [] for none; raises OSError


def examine(settings: Settings, *, resolve: Resolve | None = None) -> Iterator[Finding]:
    """Everything, each as soon as it is known. Expects an open connection."""
    yield from _store()
    yield from _disk(settings)
    yield from _clock()
    yield from _figures(settings)
    if settings.smtp.enabled:
        yield from _listener(settings)
    yield _relay("relay", settings.relay)
    if settings.alerts.to:
        yield _relay("alerts", way_out(settings))
    for account in settings.imap:
        yield _tried(f"imap {account.label}", lambda account=account: check_login(account))  # type: ignore[misc]
    yield from _helpers(settings)
    yield from _templates(settings)
    yield from _domain(settings.desk.address.rpartition("@")[2], resolve or _dns)


def examine_deep(progress: Callable[[int, int], None] = lambda done, of: None) -> Iterator[Finding]:
    """Every mail and file read whole and compared with its hash; what nobody needs; the database's own check."""
    if is_sqlite():
        (verdict,) = database.execute_sql("PRAGMA integrity_check(1)").fetchone()
        yield Finding("integrity", WELL if verdict == "ok" else ILL, "doctor.integrity", {"verdict": verdict})
    count = size = broken = 0
    of = blobs.count()
    for digest, length, wrong in blobs.check_all():
        count, size = count + 1, size + length
        if wrong:
            broken += 1
            yield Finding("blob", ILL, "doctor.blob", {"digest": digest[:12], "wrong": wrong})
        progress(1, of)
    told = {"count": count, "megabytes": size // 10**6, "broken": broken}
    yield Finding("blobs", ILL if broken else WELL, "doctor.blobs", told)
    unused = len(blobs.unused())
    yield Finding("orphans", DOUBT if unused else WELL, "doctor.orphans", {"count": unused})


def _store() -> Iterator[Finding]:
    if is_sqlite():
        version = tuple(database.obj.server_version)
        shown = ".".join(map(str, version))
        safe = version >= SAFE_SQLITE
        told = "doctor.sqlite" if safe else "doctor.sqlite-old"
        yield Finding("sqlite", WELL if safe else DOUBT, told, {"version": shown})
    else:
        (version,) = database.execute_sql("SHOW server_version").fetchone()
        yield Finding("postgresql", WELL, "doctor.postgresql", {"version": version})
    pending = pending_migrations()
    yield Finding("tables", ILL if pending else WELL, "doctor.tables", {"pending": ", ".join(pending) or "-"})
    if newer := newer_migrations():
        yield Finding("tables", ILL, "doctor.newer", {"newer": ", ".join(newer)})


def _disk(settings: Settings) -> Iterator[Finding]:
    free = free_disk(settings)
    if free is not None:
        state = ILL if free < settings.limits.free_disk_bytes else WELL
        yield Finding("disk", state, "doctor.disk", {"megabytes": free // 10**6})


def _clock() -> Iterator[Finding]:
    skew = abs(turns.common_time() - datetime.now(UTC))
    state = WELL if skew < SKEW and time.time() > 1_760_000_000 else ILL
    yield Finding("clock", state, "doctor.clock", {"seconds": f"{skew.total_seconds():.1f}"})


def _figures(settings: Settings) -> Iterator[Finding]:
    now = datetime.now(UTC)
    today = now.astimezone(ZoneInfo(settings.desk.timezone)).date()
    seen = figures.gather(now, today, due_by=today + timedelta(days=1))
    troubles = {kind for kind, _ in find(settings, seen)}
    minutes = int(seen.oldest_mail.total_seconds() // 60)
    yield Finding("mail", ILL if "mail" in troubles else WELL, "doctor.mail", {"minutes": minutes})
    minutes = int(seen.oldest_letter.total_seconds() // 60)
    yield Finding("letters", ILL if "letters" in troubles else WELL, "doctor.letters", {"minutes": minutes})
    yield Finding("outcomes", ILL if seen.unexplained else WELL, "doctor.outcomes", {"count": seen.unexplained})
    told = {"count": seen.quarantined, "megabytes": seen.quarantined_bytes // 10**6}
    yield Finding("quarantine", DOUBT if "quarantine" in troubles else WELL, "doctor.quarantine", told)
    told = {"count": seen.waiting, "most": settings.limits.waiting_mails}
    yield Finding("waiting", DOUBT if "waiting" in troubles else WELL, "doctor.waiting", told)
    yield Finding("pqrs", DOUBT if seen.pqrs_near else WELL, "doctor.pqrs", {"count": seen.pqrs_near})


def _listener(settings: Settings) -> Iterator[Finding]:
    """What would keep the port closed at the next start, and a certificate that runs out."""
    try:
        checker(settings)
        for stored in settings.smtp.users.values():
            check_hash(stored)
        end = certificate.ends_at(settings.smtp)
    except ConfigError as error:
        yield Finding("smtp", ILL, "doctor.fails", {"error": str(error)})
        return
    if end is not None:
        left = end - datetime.now(UTC)
        state = ILL if left < timedelta(0) else DOUBT if left < EXPIRES_SOON else WELL
        day = end.astimezone(ZoneInfo(settings.desk.timezone)).date()
        key = "doctor.certificate-over" if state == ILL else "doctor.certificate"
        yield Finding("tls", state, key, {"file": settings.smtp.tls_certificate, "day": day})


def _relay(what: str, one: Relay) -> Finding:
    if one.kind != "smtp":
        return Finding(what, DOUBT, "doctor.maildir", {"folder": str(one.maildir)})

    def connect() -> None:
        relay = SmtpRelay(one)
        try:
            relay.greet()
        finally:
            relay.close()

    return _tried(f"{what} {one.host}:{one.port}", connect)


def _tried(what: str, attempt: Callable[[], object]) -> Finding:
    try:
        attempt()
    except (MailgateError, OSError) as error:
        return Finding(what, ILL, "doctor.fails", {"error": " ".join(str(error).split())})
    return Finding(what, WELL, "doctor.answers")


def _helpers(settings: Settings) -> Iterator[Finding]:
    """What only some desks lean on: where large mails lie, and who looks at files."""
    if where := settings.store.files:
        yield _tried(f"store.files {where}", blobs.try_shelf)
    if scan := scanner(settings.clamav):
        try:
            scan(b"")
        except NotScanned as error:
            yield Finding("clamav", ILL, "doctor.fails", {"error": str(error)})
        else:
            yield Finding("clamav", WELL, "doctor.answers")


def _templates(settings: Settings) -> Iterator[Finding]:
    try:
        read_logo(settings.letters.logo)
    except ConfigError as error:
        yield Finding("logo", ILL, "doctor.fails", {"error": str(error)})
    folder = settings.letters.directory
    if folder is None:
        return
    if not folder.is_dir():
        yield Finding("templates", ILL, "doctor.no-templates", {"folder": folder})
        return
    renderer = Renderer(zone=ZoneInfo(settings.desk.timezone), directory=folder)
    wrong = dict(renderer.broken())
    for name, problem in wrong.items():
        yield Finding("template", DOUBT, "doctor.template", {"name": name, "problem": problem})
    if not wrong:
        yield Finding("templates", WELL, "doctor.templates")


def _domain(domain: str, resolve: Resolve) -> Iterator[Finding]:
    """What the world needs to believe our letters, and to write to us (RFC 5321 5.1, 7208, 7489)."""
    if "." not in domain or domain.endswith((".localdomain", ".invalid", ".test", ".example")):
        yield Finding("dns", SKIPPED, "doctor.dns.local", {"domain": domain})
        return
    wanted = (
        ("MX", domain, "MX", lambda text: bool(text)),
        ("SPF", domain, "TXT", lambda text: text.startswith("v=spf1")),
        ("DMARC", f"_dmarc.{domain}", "TXT", lambda text: text.startswith("v=DMARC1")),
    )
    for what, name, kind, is_it in wanted:
        try:
            found = [text for text in resolve(name, kind) if is_it(text)]
        except ImportError:
            yield Finding("dns", SKIPPED, "doctor.dns.library")
            return
        except OSError as error:
            yield Finding(what, DOUBT, "doctor.fails", {"error": str(error)})
            continue
        state = WELL if len(found) == 1 or (found and kind == "MX") else ILL
        key = "doctor.dns.found" if found else "doctor.dns.missing"
        yield Finding(what, state, key, {"name": name, "kind": kind, "record": "; ".join(found)[:120]})


def _dns(name: str, kind: str) -> list[str]:
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(name, kind, lifetime=10)
    except (dns.resolver.NoAnswer, dns.resolver.NXDOMAIN):
        return []
    except dns.exception.DNSException as error:
        raise OSError(f"{name} {kind}: {error}") from error
    if kind == "TXT":
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
    return [record.to_text() for record in answer]
