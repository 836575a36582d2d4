"""A real SMTP server on loopback that takes letters and answers as a test tells it to."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HANG_UP = "hang up"  # an answer that is none: the connection ends
WAIT = "wait"  # an answer that comes when the test calls ``release``


@dataclass
class Received:
    """One letter as it came over the wire."""

    sender: str
    recipient: str
    content: bytes
    connection: int


@dataclass
class Sink:
    """What came, and what to answer. ``answers`` maps a recipient, or a step ("MAIL", "DATA"), to replies in turn."""

    port: int = 0
    letters: list[Received] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    pipelining: bool = False
    connections: int = 0
    logged_in: list[str] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    open_now: set[int] = field(default_factory=set)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None

    def release(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.released.set)

    def recipients(self) -> list[str]:
        return [letter.recipient for letter in self.letters]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["250-PIPELINING", *responses] if self.pipelining else responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._answer(server, "MAIL", "250 2.1.0 ok")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self._answer(server, address, "250 2.1.5 ok")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        reply = await self._answer(server, "DATA", "250 2.0.0 taken as 4711")
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        if reply.startswith("2") or reply == HANG_UP:
            number = server.number  # type: ignore[attr-defined]
            self.letters += [Received(envelope.mail_from or "", to, content, number) for to in envelope.rcpt_tos]
        self.arrived.set()
        return reply

    async def _answer(self, server: SMTP, key: str, usual: str) -> str:
        replies = self.answers.get(key, [])
        reply = replies.pop(0) if len(replies) > 1 else replies[0] if replies else usual
        if reply == WAIT:
            self.arrived.set()
            await self.released.wait()
            return usual
        if reply == HANG_UP:
            assert server.transport is not None
            server.transport.abort()
        return reply


class _Server(SMTP):
    """One connection, counted."""

    def __init__(self, sink: Sink, **options: Any) -> None:
        super().__init__(sink, hostname="sink.example", enable_SMTPUTF8=True, **options)
        sink.connections += 1
        self.sink, self.number = sink, sink.connections

    def connection_made(self, transport: Any) -> None:
        self.sink.open_now.add(self.number)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.sink.open_now.discard(self.number)
        super().connection_lost(error)


@contextlib.contextmanager
def listening(
    *,
    port: int = 0,
    certificate: Path | None = None,
    implicit: bool = False,
    password: str = "",
    smtputf8: bool = True,
    pipelining: bool = False,
) -> Iterator[Sink]:
    """A sink on a free port of loopback. With a certificate it offers STARTTLS, with a password it demands a login."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    sink = Sink(pipelining=pipelining)
    options: dict[str, Any] = {} if implicit or context is None else {"tls_context": context}
    if password:
        options |= {"authenticator": _authenticator(sink, password), "auth_required": True}
        options["auth_require_tls"] = context is not None
    loop = asyncio.new_event_loop()
    sink.loop = loop

    def new() -> SMTP:
        server = _Server(sink, **options)
        server.enable_SMTPUTF8 = smtputf8
        return server

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    start = loop.create_server(new, "127.0.0.1", port, ssl=context if implicit else None)
    server = asyncio.run_coroutine_threadsafe(start, loop).result(10)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _authenticator(sink: Sink, password: str) -> Any:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == password
        if right:
            sink.logged_in.append(data.login.decode())
        return AuthResult(success=right, handled=False)

    return check


def new_certificate(folder: Path) -> Path:
    """A certificate of our own for 127.0.0.1 and its key, in one PEM file. Raises FileNotFoundError without openssl."""
    file = folder / "tls.pem"
    made = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "k.pem"), "-out", str(folder / "c.pem")]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*request, *made], check=True, capture_output=True)
    file.write_text((folder / "k.pem").read_text() + (folder / "c.pem").read_text())
    return file
