"""The mails of one SMTP or LMTP connection: MAIL, RCPT and DATA, until each is durable and answered, or refused.

A mail is for our own addresses or it is refused: nothing is ever relayed. Its octets go to the store untouched; what
the session knows beside them goes into the envelope. 250 is said only when the acceptor says that it is durable; when
that takes too long the answer is 451, and a mail stored after all is known by its digest when it comes again.
"""

# ruff: noqa: N802  # aiosmtpd finds commands by such names
from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from mailgate import crash
from mailgate.errors import Temporary
from mailgate.intake.rates import Known, Remembered
from mailgate.intake.smtp_connection import Connection
from mailgate.intake.smtp_data import Content
from mailgate.intake.smtp_limits import household
from mailgate.intake.smtp_line import Answer
from mailgate.intake.smtp_path import Refusal, announced_size, parse_path
from mailgate.mail.message import Envelope
from mailgate.store.intake import Arrival

log = structlog.get_logger(__name__)

ACCEPT_SECONDS = 10.0
CHUNK = 65_536
LOWEST_RATE = 1000  # octets a second, beyond data_seconds
FAR_BEYOND = 2  # times the largest mail: nobody who reads our SIZE sends that


@dataclass
class Transaction:
    """What MAIL and RCPT have said (RFC 5321 3.3); a new one after each mail, RSET or greeting."""

    started: bool = False
    sender: str = ""  # "" is the null path
    recipients: list[str] = field(default_factory=list)


class Session(Connection):
    """A connection that takes mail."""

    envelope: Transaction

    def _create_envelope(self) -> Transaction:
        return Transaction()

    _data_since: float | None = None  # when DATA began, until it is answered
    _content: Content | None = None  # while its octets come
    _last_input = 0.0

    @property
    def is_busy(self) -> bool:
        return self._data_since is not None

    # -- time: a slow line is honest, a silent one is not

    def data_received(self, data: bytes) -> None:
        self._last_input = self.loop.time()
        super().data_received(data)

    def time_left(self) -> float:
        if self._data_since is None or self._content is None:
            return 0.0
        settings, now = self.port.settings.smtp, self.loop.time()
        end = self._data_since + settings.data_seconds + (self._content.received if self._content else 0) / LOWEST_RATE
        return min(self._last_input + settings.idle_seconds, end) - now

    def connection_lost(self, error: Exception | None) -> None:
        self.port.memory.release(self)
        super().connection_lost(error)

    # -- the envelope

    def smtp_MAIL(self, argument: str) -> str:
        self._expect_greeting()
        if self.envelope.started:
            raise Refusal("503 5.5.1 A mail has begun already")
        sender, parameters = parse_path(argument, "FROM")
        limits = self.port.settings.limits
        if announced_size(parameters) > limits.mail_bytes:
            raise Refusal("552 5.3.4 Message too big")
        if self.port.disk.is_short():
            log.error("smtp.disk_is_short", advice="free some disk; senders are told to come again")
            raise Refusal("452 4.3.1 Insufficient system storage")
        self.envelope.started, self.envelope.sender = True, sender
        return "250 2.1.0 Sender ok"

    def smtp_RCPT(self, argument: str) -> Answer:
        self._expect_greeting()
        if not self.envelope.started:
            raise Refusal("503 5.5.1 MAIL first")
        address, parameters = parse_path(argument, "TO")
        if parameters:
            raise Refusal("555 5.5.4 Parameter not recognized")
        if "%" in address or "!" in address:
            raise Refusal("550 5.7.1 No relaying")
        if not self.port.is_ours(address):
            raise Refusal("550 5.1.1 No such address here")
        if len(self.envelope.recipients) >= self.port.settings.smtp.max_recipients:
            raise Refusal("452 4.5.3 Too many recipients")
        who = self.port.who
        if who is None or self.login or self.envelope.recipients:
            return self._recipient_taken(address)
        known = who.find(self.envelope.sender)
        return self._first_recipient(address, known) if known else self._ask_who(who, address)

    def _recipient_taken(self, address: str) -> str:
        self.envelope.recipients.append(address)
        return "250 2.1.5 Recipient ok"

    def _first_recipient(self, address: str, known: Known) -> str:
        """A mail is counted at its first recipient: a flood is told to come later before it sends anything."""
        if known.put_off:
            raise Refusal("452 4.3.1 Too much mail waits to be looked at, try again later")
        if not self.port.rates.take(self.envelope.sender, household(self.peer), known):
            raise Refusal("451 4.7.1 Too many mails of this sender, try again later")
        return self._recipient_taken(address)

    async def _ask_who(self, who: Remembered, address: str) -> str:
        try:
            known = await asyncio.wrap_future(who.ask(self.envelope.sender), loop=self.loop)
        except Temporary:
            raise Refusal("451 4.3.0 Temporary failure, try again later") from None
        return self._first_recipient(address, known)

    def _expect_greeting(self) -> None:
        if not self.session.host_name:
            raise Refusal("503 5.5.1 Say LHLO first" if self.lmtp else "503 5.5.1 Say EHLO first")

    # -- the mail

    def smtp_DATA(self, argument: str) -> str:
        self._expect_greeting()
        if not self.envelope.recipients:
            raise Refusal("503 5.5.1 RCPT first")
        if argument:
            raise Refusal("501 5.5.4 DATA takes no argument")
        self._data_since = self._last_input = self.loop.time()
        self._content = Content(self.port.settings.limits)
        return "354 End data with <CR><LF>.<CR><LF>"

    def _take_next(self) -> bool:
        """A line, or what has come of a mail on its way in."""
        if self._content is None:
            return super()._take_next()
        chunk = self._taken(CHUNK)
        if chunk:
            self._take_content(self._content, chunk)
        elif self._reader._eof:
            log.debug("smtp.client_left", peer=self.peer, why="in the middle of a mail")
            self._data_since, self.leaving = None, True
        return bool(chunk)

    def _take_content(self, content: Content, chunk: bytes) -> None:
        rest = content.feed(chunk)
        if not self.port.memory.hold(self, content.held):
            content.refuse("452 4.3.1 Too much mail at once, try again later")
        if rest is None and content.received <= FAR_BEYOND * self.port.settings.limits.mail_bytes:
            return
        self.leaving = self.leaving or rest is None
        self._reader._buffer[:0] = rest or b""  # pipelined commands go back to where they are read from
        self._content = None
        if content.refusal:
            self._answer_data(content.refusal)
        else:
            crash.point("smtp-read")
            self._wait_for(self._store(content.octets()))

    def _answer_data(self, reply: str) -> None:
        """The answer to a mail; LMTP gives one for each recipient (RFC 2033 4.2), all the same: it is stored once."""
        answers = len(self.envelope.recipients) if self.lmtp else 1
        self._data_since = None
        self.port.memory.release(self)
        self._set_post_data_state()
        self.say([reply] * (answers - 1))
        self.reply(reply)
        if self.leaving:
            self.reply("421 4.3.2 Service is stopping, try again later")

    async def _store(self, octets: bytes) -> None:
        """Have a mail stored and answer it."""
        self._reset_timeout(ACCEPT_SECONDS + self.port.settings.smtp.idle_seconds)
        try:
            reply = await self._stored(Arrival(octets, self._envelope(await self._check(octets)), datetime.now(UTC)))
        except Exception as error:
            reply = self._reply_to(error)
        self._answer_data(reply)
        crash.point("smtp-answered")

    async def _stored(self, arrival: Arrival) -> str:
        try:
            async with asyncio.timeout(ACCEPT_SECONDS):
                accepted = await self.port.acceptor.submit_from(self.loop, arrival)
        except (TimeoutError, Temporary) as error:
            log.warning("smtp.put_off", peer=self.peer, why=str(error) or "the store takes too long")
            return "451 4.3.0 Temporary failure, try again later"
        crash.point("smtp-stored")
        told = {"mail": accepted.intake_id, "again": not accepted.fresh, "bytes": len(arrival.raw)}
        log.info("accepted", outcome="smtp", peer=self.peer, **told)
        self._commands = 0  # a client with much mail is not idle talk
        return "250 2.6.0 Mail accepted"

    async def _check(self, octets: bytes) -> str:
        """What SPF, DKIM and DMARC say, before the mail is stored: whoever has slow name servers waits for them."""
        port, seconds = self.port, self.port.settings.verify.seconds
        if port.check is None or self.lmtp or self.trusted or self.login:
            return ""
        self._reset_timeout(seconds + ACCEPT_SECONDS + port.settings.smtp.idle_seconds)
        asked = (octets, self.peer, self.session.host_name, self.envelope.sender)
        try:
            return await asyncio.wait_for(self.loop.run_in_executor(port.checkers, port.check, *asked), seconds)
        except TimeoutError:
            log.info("smtp.sender_unchecked", peer=self.peer, why="it took too long")
            return ""

    def _envelope(self, checked: str) -> Envelope:
        return Envelope(
            sender=self.envelope.sender,
            recipients=tuple(dict.fromkeys(self.envelope.recipients)),
            channel="lmtp" if self.lmtp else "smtp",
            peer=self.peer,
            helo=self.session.host_name,
            auth_user=self.login,
            tls=self.is_tls,
            checked=checked,
        )
