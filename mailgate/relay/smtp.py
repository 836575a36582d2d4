"""Letters leave through an SMTP relay (RFC 5321), one connection for many of them.

A letter that gets 250 after its dot is the relay's. 5xx, or a letter that no SMTP command can name, is Dead; 4xx and
silence are Later; what goes wrong before the letter (connecting, TLS, login) is the host's doing and HostDown. When the
relay vanishes after the dot nobody can know whether it took the letter: it is sent again with the same Message-ID.

A letter waits for the relay twice, for the answers to its envelope and for the one after its dot, where the relay takes
commands that do not wait for each other (PIPELINING, RFC 2920); elsewhere once for each command.
"""

from __future__ import annotations

import base64
import contextlib
import re
import smtplib
import ssl

from mailgate import crash
from mailgate.errors import ConfigError
from mailgate.mail.charset import clean_line
from mailgate.relay import Dead, Delivered, HostDown, Later, Outcome
from mailgate.settings import Relay as RelaySettings
from mailgate.store.outbox import Parcel

# Replies to MAIL that are about us and not the letter (RFC 4954: log in first, log in better; 421: go away). A 421
# after MAIL is taken as the letter's: one that upsets the relay must not stop all the others.
_ABOUT_US = {421, 530, 534, 535, 538}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
LONGEST_REPLY = 500
_ADDRESS = re.compile(r'(?:"[^"\\\x00-\x1f\x7f]*"|[^\s<>"\x00-\x1f\x7f]+)@[^\s<>@\x00-\x1f\x7f]+')


class _Refused(Exception):
    """The relay's answer to one command of a letter."""

    def __init__(self, command: str, code: int, words: bytes) -> None:
        self.code = code
        self.about_us = command == "RSET" or (command == "MAIL" and code in _ABOUT_US)
        self.reply = told(code, words)
        super().__init__(self.reply)


class SmtpRelay:
    """One connection to the relay of the settings, opened when first needed and kept. For one thread."""

    def __init__(self, settings: RelaySettings, hostname: str | None = None) -> None:
        self._settings = settings
        self._hostname = hostname
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, parcel: Parcel) -> Outcome:
        """Hand one letter over. Raises only ConfigError (a password that cannot be read or must not be sent)."""
        reused = self._smtp is not None
        outcome = self._try(parcel)
        if reused and isinstance(outcome, HostDown):
            # A connection may be used up (421 after so many letters); a fresh one tells whether the host is down.
            self.close()
            outcome = self._try(parcel)
        return outcome

    def greet(self) -> None:
        """Connect and log in. Raises OSError (smtplib's errors are), ConfigError."""
        self._smtp = self._connect()

    def close(self) -> None:
        """Say goodbye, if there is anybody."""
        if self._smtp is not None:
            with contextlib.suppress(OSError, ValueError):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None

    def _try(self, parcel: Parcel) -> Outcome:
        first = ["RSET"] if self._smtp else []  # asks whether it still answers; forgets a letter refused half-way
        try:
            smtp = self._smtp or self._connect()
        except (OSError, UnicodeError) as error:  # smtplib's and ssl's errors are OSErrors
            self._drop()
            return HostDown(_line(f"{self._where()}: {_words(error)}"))
        self._smtp = smtp
        try:
            return Delivered(self._hand_over(smtp, parcel, first))
        except _Refused as refusal:
            if refusal.code == 421 or not 400 <= refusal.code < 600:
                self._drop()  # it is leaving, or we do not understand each other any more
            if refusal.about_us:
                self._drop()
                return HostDown(refusal.reply)
            return Dead(refusal.reply) if 500 <= refusal.code < 600 else Later(refusal.reply)
        except (ValueError, smtplib.SMTPNotSupportedError) as error:  # UnicodeError is a ValueError
            self._drop()
            return Dead(_line(f"this letter cannot be sent by SMTP: {error}"))
        except OSError as error:
            self._drop()
            return Later(_line(f"{self._where()}: {_words(error)}"))

    def _connect(self) -> smtplib.SMTP:
        one, password = self._settings, self._settings.secret()
        if one.user and one.tls == "none" and one.host not in _LOOPBACK:
            raise ConfigError("relay.tls is none: a password would cross the network in clear; use starttls")
        if one.tls == "implicit":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                one.host, one.port, self._hostname, timeout=one.connect_seconds, context=self._context()
            )
        else:
            smtp = smtplib.SMTP(one.host, one.port, self._hostname, timeout=one.connect_seconds)
        self._smtp = smtp  # from here on it is dropped when anything fails
        _wait(smtp, one.command_seconds)
        if one.tls == "starttls":
            smtp.starttls(context=self._context())
        smtp.ehlo_or_helo_if_needed()
        if one.user:
            _log_in(smtp, one.user, password)
        return smtp

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self._settings.tls_verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _hand_over(self, smtp: smtplib.SMTP, parcel: Parcel, first: list[str]) -> str:
        raw, options = _wire(parcel.raw), ""
        sender, recipient = _path(parcel.sender), _path(parcel.recipient)
        if not (sender + recipient).isascii() or not raw.partition(b"\r\n\r\n")[0].isascii():
            if not smtp.has_extn("smtputf8"):
                raise smtplib.SMTPNotSupportedError("its address is not ASCII and the relay has no SMTPUTF8")
            options += " SMTPUTF8 BODY=8BITMIME"
        if smtp.has_extn("size"):
            options += f" SIZE={len(raw)}"
        self._introduce(smtp, [*first, f"MAIL FROM:{sender}{options}", f"RCPT TO:{recipient}", "DATA"])
        _wait(smtp, self._settings.data_seconds)
        smtp.send(_stuffed(raw))
        crash.point("sender-sent")
        done = smtp.getreply()
        _expect("the letter", done)
        _wait(smtp, self._settings.command_seconds)
        return told(*done)

    def _introduce(self, smtp: smtplib.SMTP, commands: list[str]) -> None:
        """Say these one after the other, or all at once, until the relay is ready for the letter.

        Raises _Refused, OSError. Whatever was said is answered, or the connection is dropped.
        """
        lines = [f"{command}\r\n".encode() for command in commands]  # UnicodeError for half of a character
        together = smtp.has_extn("pipelining")
        if together:
            lines = [b"".join(lines), *[b""] * (len(lines) - 1)]
        for number, (command, line) in enumerate(zip(commands, lines, strict=True), 1):
            verb = command[:4]
            try:
                if line:
                    smtp.send(line)
                _expect(verb, smtp.getreply())
            except _Refused as refusal:
                if together and refusal.code != 421:
                    self._hear(smtp, len(commands) - number)
                raise
            except OSError as error:
                if verb == "RSET":  # closed while it was not needed
                    raise _Refused(verb, 421, _words(error).encode()) from error
                raise

    def _hear(self, smtp: smtplib.SMTP, answers: int) -> None:
        """The answers to what was said behind a command that was refused: they must be no, too (RFC 2920 3.1)."""
        try:
            ready = any(smtp.getreply()[0] == 354 for _ in range(answers))
        except OSError:
            ready = True
        if ready:
            self._drop()  # it waits for a letter, and would take half of one

    def _drop(self) -> None:
        """Forget a connection of which nothing is known any more, without talking to it."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _where(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"


def _log_in(smtp: smtplib.SMTP, user: str, password: str) -> None:
    """smtplib's login; for a name or a password beyond ASCII, PLAIN in UTF-8 (RFC 4616), which smtplib has not.

    Raises OSError (SMTPAuthenticationError is one).
    """
    if (user + password).isascii():
        smtp.login(user, password)
        return
    response = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
    code, reply = smtp.docmd("AUTH", f"PLAIN {response}")
    if code not in (235, 503):
        raise smtplib.SMTPAuthenticationError(code, reply)


def told(code: int, words: bytes) -> str:
    """A reply as one line: ``550 5.1.1 no such user``."""
    return _line(f"{code} {words.decode('utf-8', 'replace')}")


def _line(text: str) -> str:
    return clean_line(text)[:LONGEST_REPLY]


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        return told(error.smtp_code, words if isinstance(words, bytes) else str(words).encode())
    return str(error) or type(error).__name__


def _path(address: str) -> str:
    """``<address>`` for MAIL and RCPT. Not smtplib's, which reads "a <b@c>@d" as b@c. Raises ValueError."""
    if address and not _ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no address")
    return f"<{address}>"


def _expect(command: str, reply: tuple[int, bytes]) -> None:
    """The reply that lets us go on, else _Refused."""
    if not str(reply[0]).startswith("354" if command == "DATA" else "2"):
        raise _Refused(command, *reply)


def _wait(smtp: smtplib.SMTP, seconds: float) -> None:
    assert smtp.sock is not None
    smtp.sock.settimeout(seconds)


def _wire(raw: bytes) -> bytes:
    """CRLF and nothing but CRLF: a bare CR or LF is where one server sees an end of mail and the next does not."""
    if not raw.count(b"\r\n") == raw.count(b"\r") == raw.count(b"\n"):  # ours have: no search by pattern, 0.3 ms
        raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def _stuffed(wire: bytes) -> bytes:
    """Dots doubled at the beginning of lines (RFC 5321 4.5.2), and the final one."""
    if wire.startswith(b"."):
        wire = b"." + wire
    return wire.replace(b"\n.", b"\n..") + b".\r\n"
