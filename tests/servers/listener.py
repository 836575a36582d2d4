"""Our SMTP port on loopback with a real store behind it, and a client that speaks to it line by line."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mailgate.desk.addresses import is_ours
from mailgate.intake import smtp
from mailgate.intake.accept import Acceptor
from mailgate.mail.message import Envelope
from mailgate.settings import Limits, Settings, Smtp, Store
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.intake import envelope_of, raw_of
from mailgate.store.models import Intake

DESK, PQRS = "soporte@acme.co", "pqrs@acme.co"
PATIENCE = 60.0  # seconds until a test gives up on a reply


class Listening:
    """``with Listening(folder, max_errors=3) as port:`` further words are settings of ``smtp``; ``more``: others."""

    def __init__(
        self,
        folder: Path,
        *,
        limits: Limits | None = None,
        ours: Sequence[str] = (DESK, PQRS),
        more: Mapping[str, Any] | None = None,
        **listening: Any,
    ) -> None:
        store = Store(url=f"sqlite:///{folder}/mailgate.db")
        limits = limits or Limits(free_disk_bytes=0)
        self.settings = Settings(store=store, limits=limits, smtp=Smtp(port=0, **listening), **(more or {}))
        self.acceptor = Acceptor()
        self._ours = tuple(ours)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp")

    def __enter__(self) -> Self:
        open_store(self.settings.store)
        self.acceptor.start()
        self._thread.start()
        self._listener = self.run(
            smtp.serve(self.settings, self.acceptor, is_ours=lambda address: is_ours(address, self._ours))
        )
        self.port: int = self._listener.port
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.acceptor.stop()
        close_store()

    def run(self, doing: Any) -> Any:
        """Do something on the listener's loop."""
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(PATIENCE + 30)

    def close(self) -> None:
        """Stop listening; harmless a second time."""
        self.run(self._listener.close())

    def calls(self) -> Line:
        """A new connection; nothing is read yet."""
        return Line(self.port)

    def line(self, greeting: str = "EHLO ana.cliente.co") -> Line:
        """A new connection that has greeted."""
        line = self.calls()
        assert line.hears().startswith("220 ")
        assert line.says(greeting).startswith("250 ")
        return line

    def stored(self) -> list[tuple[bytes, Envelope]]:
        """Every accepted mail, oldest first."""
        with connection():
            return [(raw_of(row.digest), envelope_of(row)) for row in Intake.select().order_by(Intake.id)]

    def raws(self) -> list[bytes]:
        return [raw for raw, _ in self.stored()]


class Line:
    """One TCP connection, one line at a time."""

    def __init__(self, port: int) -> None:
        self.socket: socket.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._replies = self.socket.makefile("rb")
        self.heard: list[str] = []  # the lines of the last reply

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def sends(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def says(self, text: str | bytes) -> str:
        """Send a line; the last line of the reply."""
        self.sends((text.encode() if isinstance(text, str) else text) + b"\r\n")
        return self.hears()

    def hears(self) -> str:
        """The last line of the next reply; "" when the server has hung up."""
        self.heard = []
        while True:
            try:
                line = self._replies.readline().decode().rstrip("\r\n")
            except ConnectionError:
                line = ""
            self.heard.append(line)
            if line[3:4] != "-":
                return line

    def begins(self, sender: str = "ana@cliente.co", *recipients: str) -> None:
        """As far as the server's "go ahead"."""
        assert self.says(f"MAIL FROM:<{sender}>").startswith("250 ")
        for recipient in recipients or (DESK,):
            assert self.says(f"RCPT TO:<{recipient}>").startswith("250 ")
        assert self.says("DATA").startswith("354 ")

    def mails(self, content: bytes, sender: str = "ana@cliente.co", *recipients: str) -> str:
        """Deliver one mail, given as on the wire but for the end of data; the reply to it."""
        self.begins(sender, *recipients)
        self.sends(content + b"\r\n.\r\n")
        return self.hears()

    def starts_tls(self) -> None:
        """Put TLS under what follows, trusting whatever certificate."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.socket = context.wrap_socket(self.socket)
        self._replies = self.socket.makefile("rb")

    def is_over(self) -> bool:
        """Whether the server has hung up. Waits for it."""
        return self.hears() == ""

    def hang_up(self) -> None:
        self._replies.close()
        self.socket.close()
