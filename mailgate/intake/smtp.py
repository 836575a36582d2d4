"""The SMTP (or LMTP) listener: takes mail for our addresses from an MTA or from mail programs, on the caller's loop.

    line ── commands, limits, time                  smtp_line
      └ connection ── greetings, TLS, login         smtp_connection
            └ session ── MAIL, RCPT, DATA           smtp_session
                └ content ── octets until the dot   smtp_data
                    └ acceptor ── durable           accept

``serve`` raises ConfigError (certificate, password hash, network) and OSError (the port). After that nothing a client
does gets further than its own connection.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from mailgate.intake import certificate
from mailgate.intake.accept import Acceptor
from mailgate.intake.passwords import check_hash
from mailgate.intake.rates import Rates, Remembered, Who
from mailgate.intake.smtp_limits import Disk, Doors, Logins, Memory
from mailgate.intake.smtp_port import Port
from mailgate.intake.smtp_session import Session
from mailgate.intake.verify import checker
from mailgate.settings import Settings

GRACE_SECONDS = 8.0  # for mails in hand when we stop
BACKLOG = 256
CHECKS_AT_ONCE = 32  # more than one peer may have connections: nobody's slow name servers keep all of them busy


class Listener:
    """A port that takes mail until ``close``."""

    def __init__(self, server: asyncio.Server, port: Port) -> None:
        self._server, self._shared = server, port
        self.port = int(server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Take nobody new, finish the mails in hand, say 421 to the others."""
        self._server.close()
        connections = list(self._shared.connections)
        for connection in connections:
            connection.leave()
        if connections:
            _, late = await asyncio.wait([connection.ended for connection in connections], timeout=GRACE_SECONDS)
            for connection in connections:
                if connection.ended in late:
                    connection.abort()
        if self._shared.checkers is not None:
            self._shared.checkers.shutdown(wait=False, cancel_futures=True)
        if self._shared.who is not None:
            self._shared.who.close()


async def serve(
    settings: Settings, acceptor: Acceptor, *, is_ours: Callable[[str], bool], who: Who | None = None
) -> Listener:
    """Listen as ``settings.smtp`` says.

    ``is_ours`` tells whether an address (without <>) is one of the desk's; ``who`` what a sender is to it, None counts
    nobody's mails. It is called on a thread of its own.
    """
    smtp, check = settings.smtp, checker(settings)
    for stored in smtp.users.values():
        check_hash(stored)
    tls = certificate.load(smtp)
    shared = Port(
        settings=settings,
        acceptor=acceptor,
        is_ours=is_ours,
        hostname=smtp.hostname or socket.gethostname(),
        starttls=None if smtp.tls_implicit else tls,
        doors=Doors(smtp),
        logins=Logins(),
        memory=Memory(settings.limits),
        disk=Disk(settings.store, settings.limits),
        rates=Rates(settings.limits),
        who=Remembered(who) if who else None,
        check=check,
        checkers=ThreadPoolExecutor(CHECKS_AT_ONCE, "verify") if check else None,
    )
    loop = asyncio.get_running_loop()
    implicit = tls if smtp.tls_implicit else None
    server = await loop.create_server(
        lambda: Session(shared, loop), smtp.host, smtp.port, ssl=implicit, backlog=BACKLOG
    )
    return Listener(server, shared)
