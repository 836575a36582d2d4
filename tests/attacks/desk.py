"""The desk that an attack set assumes, running for real; one mail at a time, each on a fresh store."""

from __future__ import annotations

import contextlib
import io
import smtplib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import psutil
from imapclient import IMAPClient

from mailgate.desk.facts import Role
from mailgate.service import Service
from mailgate.settings import load
from mailgate.store import people
from mailgate.store.base import connection, transaction
from mailgate.store.models import TABLES, Comment, Intake, SecretKey, Ticket
from tests.servers import dovecot

TRUSTED, STRANGE = "127.0.0.1", "127.0.0.2"
PATIENCE = 60.0

_connections: list[str] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Every connection and name look-up of this process, but those to ourselves."""
    if event == "socket.connect" and isinstance(arguments[1], tuple) and not str(arguments[1][0]).startswith("127."):
        _connections.append(str(arguments[1]))
    if (
        event == "socket.getaddrinfo"
        and arguments[0] not in (None, "localhost")
        and not str(arguments[0]).startswith("127.")
    ):
        _connections.append(str(arguments[0]))


class Channel(Protocol):
    """A way to the desk."""

    name: str

    def deliver(self, raw: bytes, case: dict[str, Any]) -> bool:
        """Hand a mail over; False when it was refused."""


@dataclass
class BySmtp:
    port: int
    name: str = "smtp"

    def deliver(self, raw: bytes, case: dict[str, Any]) -> bool:
        source = TRUSTED if case["peer"] == "trusted-mta" else STRANGE
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=60, source_address=(source, 0)) as session:
                session.ehlo("mx.example")
                utf8 = not case["envelope_from"].isascii()
                code, _ = (
                    session.docmd("MAIL", f"FROM:<{case['envelope_from']}>" + (" SMTPUTF8" if utf8 else ""))
                    if not utf8
                    else self._mail_utf8(session, case["envelope_from"])
                )
                for address in case["rcpt"]:
                    session.rcpt(address)
                if code >= 400:
                    return False
                # Not smtplib's data(): it mends line breaks, and these mails are about such things.
                session.putcmd("data")
                if session.getreply()[0] != 354:
                    return False
                stuffed = raw.replace(b"\r\n.", b"\r\n..")
                session.send(
                    (b"." if raw.startswith(b".") else b"")
                    + stuffed
                    + (b"" if raw.endswith(b"\r\n") else b"\r\n")
                    + b".\r\n"
                )
                return session.getreply()[0] < 400
        except smtplib.SMTPServerDisconnected:
            return False

    @staticmethod
    def _mail_utf8(session: smtplib.SMTP, sender: str) -> tuple[int, bytes]:
        session.command_encoding = "utf-8"
        return session.docmd("MAIL", f"FROM:<{sender}> SMTPUTF8")


@dataclass
class ByImap:
    port: int
    name: str = "imap"

    _sessions: dict[str, IMAPClient] = field(default_factory=dict)  # a log-in takes longer than a mail

    def deliver(self, raw: bytes, case: dict[str, Any]) -> bool:
        user = "trusted" if case["peer"] == "trusted-mta" else "strange"
        session = self._sessions.pop(user, None) or self._logged_in(user)
        with contextlib.suppress(session.Error):
            session.append("INBOX", raw)
            self._sessions[user] = session
            return True
        session.shutdown()
        return False

    def _logged_in(self, user: str) -> IMAPClient:
        session = IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=60)
        session.plain_login(user, dovecot.PASSWORD)  # UTF-8, which LOGIN has not
        return session


@dataclass
class AttackedDesk:
    """The service of one channel, its fixture, and the log it writes."""

    fixture: dict[str, Any]
    folder: Path
    service: Service
    channel: Channel
    log: io.StringIO = field(default_factory=io.StringIO)

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    def reset(self) -> None:
        """A fresh store with the fixture's clients, agents and tickets."""
        with transaction():
            for table in reversed(TABLES):
                if table is not SecretKey:
                    table.delete().execute()
            self._load()
        _connections.clear()
        self.log.seek(0)
        self.log.truncate()

    def _load(self) -> None:
        companies, agents = {}, {}
        for company in self.fixture["companies"]:
            contacts = [(address, "") for address in company["addresses"]]
            nit = company["nit"].partition("-")[0]
            entry = people.ClientEntry(company["licence"], nit, company["name"], contacts=contacts)
            companies[company["name"]] = (people.save_client(entry, self.now)[0].id, company["addresses"][0])
        for number, address in enumerate(self.fixture["agents"]):
            # New tickets go to the first agent; the second is there to be assigned to.
            groups = ("general",) if number == 0 else ("otros",)
            name = address.partition("@")[0].capitalize()
            agents[address] = people.save_agent(address, name, self.now, groups=groups)[0].id
        people.save_agent(self.fixture["addresses"]["management"], "Gerencia", self.now, role=Role.MANAGEMENT)
        for ticket in self.fixture["tickets"]:
            client, requester = companies[ticket["company"]]
            Ticket.insert(
                id=ticket["number"], client=client, requester=requester,
                desk_address=self.fixture["addresses"]["gateway"],
                subject=ticket["title"], language="es", status=ticket["status"], agent=agents[ticket["agent"]],
                opened_at=self.now, updated_at=self.now, closed_at=self.now if ticket["status"] == "closed" else None,
            ).execute()  # fmt: skip
            Comment.insert(
                ticket=ticket["number"], at=self.now, author=requester, role="client", public=True,
                text=ticket.get("comment", ticket["title"]),
            ).execute()  # fmt: skip

    def deliver(self, raw: bytes, case: dict[str, Any], patience: float = PATIENCE) -> Intake | None:
        """Hand a mail over and wait for its outcome; None when it was refused or never taken."""
        known = {row.id: row.arrivals for row in Intake.select(Intake.id, Intake.arrivals)}
        if not self.channel.deliver(raw, case):
            return None
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for row in Intake.select():
                arrived = row.id not in known or row.arrivals > known[row.id]
                if arrived and row.state != "pending":
                    return row
            time.sleep(0.01)
        return None

    def peak_megabytes(self) -> float:
        """The largest process of the desk: this one, or a worker that understands mail."""
        processes = [psutil.Process(), *psutil.Process().children(recursive=True)]
        sizes = []
        for process in processes:
            with contextlib.suppress(psutil.Error):
                if "dovecot" not in process.name():
                    sizes.append(process.memory_info().rss)
        return max(sizes) / 2**20

    @property
    def connections(self) -> tuple[str, ...]:
        return tuple(_connections)


@contextlib.contextmanager
def attacked(fixture: dict[str, Any], folder: Path, channel: str) -> Iterator[AttackedDesk]:
    """The fixture's desk behind ``smtp`` or ``imap``."""
    addresses = fixture["addresses"]
    environment = {
        "MAILGATE_DESK_ADDRESS": addresses["gateway"],
        "MAILGATE_DESK_PQRS_ADDRESS": addresses["pqrs"],
        "MAILGATE_DESK_MANAGEMENT": f'["{addresses["management"]}"]',
        "MAILGATE_STORE_URL": f"sqlite:///{folder}/mailgate.db",
        "MAILGATE_RELAY_MAILDIR": str(folder / "letters"),
        "MAILGATE_SMTP_PORT": "0",
        "MAILGATE_SMTP_TRUSTED_PEERS": f'["{TRUSTED}/32"]',
        "MAILGATE_SMTP_AUTHSERV_IDS": f'["{fixture["authserv_id"]}"]',
        "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
        # A set is a year's attacks in a minute, each meant to reach the desk.
        **{f"MAILGATE_LIMITS_MAILS_PER_{who}_HOUR": "100000" for who in ("UNKNOWN", "CONTACT", "COMPANY")},
    }
    with contextlib.ExitStack() as stack:
        port = 0
        if channel == "imap":
            server = stack.enter_context(dovecot.Dovecot())
            port = server.port
            rows = [  # Dovecot takes half a second to tell those who idle
                f'{{name="{user}", host="127.0.0.1", port={port}, tls="none", user="{user}", '
                f'password="{dovecot.PASSWORD}", trusted_authserv={trusted}, poll_seconds=0.1}}'
                for user, trusted in (("trusted", "true"), ("strange", "false"))
            ]
            environment["MAILGATE_IMAP"] = f"[{', '.join(rows)}]"
        sys.addaudithook(_watch)
        service = stack.enter_context(Service(load(None, environment)))
        stack.enter_context(connection())
        way: Channel = ByImap(port) if channel == "imap" else BySmtp(service.smtp_port or 0)
        yield AttackedDesk(fixture, folder, service, way)
