"""The line to one SMTP client: its coming and going, its clock, and the loop that obeys what it says.

aiosmtpd gives the protocol, STARTTLS and the AUTH mechanisms; the loop over commands is ours, because its own answers
an unknown failure with a permanent 500 and the failure's text, throws away what a client pipelined before it closed its
side, and knows no limits. Here a failure is ``451 4.3.0`` and a line in our log.

    data_received ─► _go_on ─► _obey ─► smtp_MAIL(argument) ─► "250 …"
                        ▲         └──► smtp_AUTH(argument) ─► a coroutine ─► _wait_for ─┐
                        └───────────────────────────────────────────────────────────────┘

A command gives its reply at once, or a coroutine where something has to be waited for; what the client says meanwhile
stays unread. Most never wait, and a task that is woken for each line would cost more than all the rest of them.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import structlog
from aiosmtpd.smtp import SMTP, AuthResult, TLSSetupException

from mailgate.intake.smtp_limits import peer_address
from mailgate.intake.smtp_path import Refusal, parse_command
from mailgate.intake.smtp_port import Port

log = structlog.get_logger(__name__)
# It logs addresses and whatever a client writes, line breaks and all; what an operator needs is logged here.
logging.getLogger("mail.log").disabled = True

LINES_AT_ONCE = 20  # of one client, before the others have their turn
FAREWELL_SECONDS = 5.0  # for a client to take our last words before the connection is cut
_WEB = {"GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT"}  # a browser made to talk to us
_CODED = re.compile(r"[245]\.\d{1,3}\.\d{1,3} ")
_PLAIN_CODES = {"220": "2.0.0", "221": "2.0.0", "235": "2.7.0", "250": "2.0.0", "252": "2.0.0"}
_PLAIN_CODES |= {"500": "5.5.2", "501": "5.5.4", "502": "5.5.1", "503": "5.5.1", "504": "5.5.4"}

Answer = str | Coroutine[Any, Any, str | None]  # a reply, or what has to be waited for; it may have replied by itself


class Line(SMTP):
    """The line to one client. ``reply`` says one reply, ``say`` lines as they are; the verbs are in who inherits it."""

    line_length_limit = 32_768  # only how much the reader buffers; Content and parse_command bound the lines

    def __init__(self, port: Port, loop: asyncio.AbstractEventLoop) -> None:
        settings = port.settings.smtp
        self.port, self.lmtp = port, settings.protocol == "lmtp"
        self.peer, self.trusted = "", False
        self.leaving = False
        self.ended: asyncio.Future[None] = loop.create_future()
        self._inside = False
        self._farewell: asyncio.TimerHandle | None = None
        self._deadline = 0.0
        self._timeout_handle: asyncio.TimerHandle | None = None
        self._commands = self._errors = self._login_tries = 0
        self._waits_for: asyncio.Task[str | None] | None = None
        self._unsaid = bytearray()  # replies to lines that came together leave together (RFC 2920 3.2)
        self._obeying = False
        super().__init__(
            _NO_HOOKS,
            loop=loop,
            hostname=port.hostname,
            tls_context=port.starttls,
            timeout=settings.idle_seconds,
            enable_SMTPUTF8=True,
            auth_require_tls=not settings.tls_implicit,
            authenticator=_undecided,
        )

    def __dir__(self) -> Sequence[str]:
        """Only what aiosmtpd looks for and we need, since it looks at every connection: all names cost 0.3 ms each."""
        return _MECHANISMS if self.port.settings.smtp.users else ()

    # -- coming and going

    def connection_made(self, transport: Any) -> None:
        """Also called again when STARTTLS has put TLS under us; aiosmtpd forgets the session then, and we with it."""
        if self._original_transport is not None:
            super().connection_made(transport)
            return
        self.peer = peer_address(str((transport.get_extra_info("peername") or ("",))[0]))
        self.trusted = self.port.doors.is_trusted(self.peer)
        self._inside = self.port.doors.enter(self.peer)
        self.port.connections.add(self)
        # As aiosmtpd does, but for its task: there is nothing in a greeting to wait for.
        asyncio.StreamReaderProtocol.connection_made(self, transport)
        self.transport = transport
        self.session, self.envelope = self._create_session(), self._create_envelope()
        self._handler_coroutine = _NO_TASK
        self._reset_timeout()
        self._greet()

    def connection_lost(self, error: Exception | None) -> None:
        if self.ended.done():
            return
        self.ended.set_result(None)
        self.port.connections.discard(self)
        if self._farewell is not None:
            self._farewell.cancel()
        if self._waits_for is not None:
            self._waits_for.cancel()
        if self._inside and not self.trusted:
            self.port.doors.leave(self.peer)
        super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """The client has said all it will; what it said is still obeyed."""
        asyncio.StreamReaderProtocol.eof_received(self)
        self._go_on()
        return not self.is_tls  # TLS cannot stay half open

    def leave(self) -> None:
        """The service stops: end now, or after the mail in hand."""
        self.leaving = True
        if not self.is_busy:
            self._cut("421 4.3.2 Service is stopping, try again later")

    def abort(self) -> None:
        """Cut the connection at once."""
        for transport in (self.transport, self._original_transport):
            if transport is not None:
                transport.abort()
        self.connection_lost(None)  # TLS that did not come about never says that it is lost

    @property
    def is_busy(self) -> bool:
        """Whether a mail is on its way in."""
        return False

    @property
    def is_tls(self) -> bool:
        return self._tls_protocol is not None or self.port.settings.smtp.tls_implicit

    def _cut(self, last_words: str) -> None:
        """Say it, if the client listens, and hang up."""
        self.leaving = True
        self.say([last_words])
        self._hang_up()

    def _hang_up(self) -> None:
        self._flush()
        if self.transport is not None and self._farewell is None:
            self.transport.close()
            self._farewell = self.loop.call_later(FAREWELL_SECONDS, self.abort)

    # -- time

    def time_left(self) -> float:
        """Seconds that the client has still, when its timer has run out; a mail coming in has its own rules."""
        return 0.0

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Give the client so long from now. The timer is not moved for each command: it looks when it runs out."""
        self._deadline = self.loop.time() + (duration or self._timeout_duration)
        if self._timeout_handle is None or self._timeout_handle.when() > self._deadline:
            self._set_timer(self._deadline)

    def _set_timer(self, when: float) -> None:
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_at(when, self._timeout_cb)

    def _timeout_cb(self) -> None:
        now = self.loop.time()
        left = max(self._deadline - now, self.time_left())
        if left > 0:
            self._set_timer(now + left)
        else:
            log.info("smtp.too_slow", peer=self.peer)
            self._cut("421 4.4.2 Timeout")

    # -- commands

    def _greet(self) -> None:
        """What the client says after that comes to ``data_received``."""
        if self._inside:
            self.say([f"220 {self.port.hostname} {'LMTP' if self.lmtp else 'ESMTP'} mailgate"])
        else:
            self._cut("421 4.7.0 Too many connections, try again later")

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._waits_for is None:
            self._go_on()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._go_on()

    def _go_on(self) -> None:
        """Obey what has come, until something has to be waited for: more input, our own doing, or the client's ear."""
        if self._obeying:
            return
        self._obeying = True
        lines = 0
        try:
            while self._waits_for is None and not self._paused and (self.is_busy or not self.leaving):
                if lines == LINES_AT_ONCE:
                    self.loop.call_soon(self._go_on)
                    break
                lines += 1
                if not self._take_next():
                    break
        finally:
            self._obeying = False
        self._flush()
        if self.leaving and self._waits_for is None and not self.is_busy:
            self._hang_up()

    def _take_next(self) -> bool:
        """Take one line of the input and obey it; False when there is none yet."""
        buffer = self._reader._buffer  # the reader, which AUTH needs, has no public way to look what has come
        end = buffer.find(b"\n")
        if end < 0:
            if len(buffer) > self.line_length_limit:
                self._cut("421 4.7.0 Line too long")
            elif self._reader._eof:
                log.debug("smtp.client_left", peer=self.peer)
                self.leaving = True
            return False
        self._obey(self._taken(end + 1))
        return True

    def _taken(self, octets: int) -> bytes:
        """So many octets of the input, which is ready to take more."""
        buffer = self._reader._buffer
        taken = bytes(buffer[:octets])
        del buffer[:octets]
        self._reader._maybe_resume_transport()
        return taken

    def _obey(self, line: bytes) -> None:
        self._commands += 1
        self._reset_timeout()
        try:
            if self._commands > self.port.settings.smtp.max_commands and not self.trusted:
                raise Refusal("421 4.7.0 Too many commands")
            verb, argument = parse_command(line)
            answer = self._method(verb)(argument)
        except Exception as error:
            answer = self._reply_to(error)
        if isinstance(answer, str):
            self.reply(answer)
        else:
            self._wait_for(answer)

    def _wait_for(self, doing: Coroutine[Any, Any, str | None]) -> None:
        """Have it done, say the reply that it gives, and only then go on."""
        self._waits_for = self.loop.create_task(doing)
        self._waits_for.add_done_callback(self._waited)

    def _waited(self, done: asyncio.Task[str | None]) -> None:
        self._waits_for = None
        if done.cancelled():
            return
        error = done.exception()
        if isinstance(error, TLSSetupException):
            self.abort()
        elif isinstance(error, ConnectionError | asyncio.IncompleteReadError | asyncio.LimitOverrunError | ValueError):
            log.debug("smtp.client_left", peer=self.peer)
            self.leaving = True
            self._hang_up()
        elif answer := self._reply_to(error) if error else done.result():
            self.reply(answer)
        self._go_on()

    def _reply_to(self, error: BaseException) -> str:
        if isinstance(error, Refusal):
            return error.reply
        log.error("smtp.failure", peer=self.peer, exc_info=error)
        return "451 4.3.0 Temporary failure, try again later"

    def _method(self, verb: str) -> Callable[[str], Answer]:
        if verb in _WEB:
            raise Refusal("421 4.7.0 This is no web server")
        method: Callable[[str], Answer] | None = getattr(self, f"smtp_{verb}", None)
        if method is None or verb in ({"HELO", "EHLO"} if self.lmtp else {"LHLO"}):
            raise Refusal("500 5.5.1 Command not recognized")
        return method

    async def push(self, status: str | bytes) -> None:
        """What aiosmtpd has to say: with an enhanced code (RFC 2034) and in printable ASCII."""
        text = status.decode("utf-8", "replace") if isinstance(status, bytes) else status
        code, words = text[:3], text[4:]
        if code in _PLAIN_CODES and not _CODED.match(words):
            text = f"{code} {_PLAIN_CODES[code]} {words}"
        self.reply(re.sub(r"[^ -~]", "?", text))

    def reply(self, text: str) -> None:
        """Say one reply line. Too many errors end it all."""
        self._errors += text.startswith("5")
        if self._errors > self.port.settings.smtp.max_errors and not self.trusted:
            text = "421 4.7.0 Too many errors"
        self.leaving = self.leaving or text.startswith("421")
        self.say([text])

    def say(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._unsaid += line.encode("ascii") + b"\r\n"
        if not self._obeying:
            self._flush()

    def _flush(self) -> None:
        if self._unsaid and self.transport is not None and not self.transport.is_closing():
            self.transport.write(bytes(self._unsaid))
        self._unsaid.clear()


_MECHANISMS = [name for name in dir(SMTP) if name.startswith("auth_")]  # it offers no other


class _Nothing:
    """In the place of what aiosmtpd wants to have, and we do not use."""

    def __dir__(self) -> Sequence[str]:
        """Of hooks: there are none, and it need not look at every connection."""
        return ()

    def cancel(self) -> None:
        """Of the task that aiosmtpd has for each connection, and we have not."""


_NO_HOOKS = _NO_TASK = _Nothing()


def _undecided(server: SMTP, session: object, envelope: object, mechanism: str, read: object) -> AuthResult:
    """aiosmtpd asks here on the event loop, where hashing would stop everybody: refuse, and hand on what was read."""
    return AuthResult(success=False, handled=False, auth_data=read)
