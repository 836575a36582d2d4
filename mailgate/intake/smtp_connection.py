"""The commands of one SMTP connection that are about no mail: greetings, TLS, login. MAIL, RCPT, DATA: smtp_session."""

# ruff: noqa: N802, N815  # aiosmtpd finds commands and mechanisms by such names
from __future__ import annotations

import asyncio

import structlog
from aiosmtpd.smtp import SMTP, AuthResult

from mailgate.intake.passwords import verify_password
from mailgate.intake.smtp_line import Line
from mailgate.intake.smtp_path import Refusal

log = structlog.get_logger(__name__)

LOGIN_TRIES = 3  # of one connection


class Connection(Line):
    """What a client may say before and beside its mails."""

    def smtp_HELO(self, hostname: str) -> str:
        self._greeted(hostname, extended=False)
        return f"250 {self.port.hostname}"

    def smtp_EHLO(self, hostname: str) -> str:
        self._greeted(hostname, extended=True)
        settings = self.port.settings
        words = [self.port.hostname, f"SIZE {settings.limits.mail_bytes}", "PIPELINING", "8BITMIME", "SMTPUTF8"]
        words += ["ENHANCEDSTATUSCODES"]
        words += ["STARTTLS"] if self.port.starttls and not self.is_tls else []
        words += ["AUTH LOGIN PLAIN"] if settings.smtp.users and self.is_tls else []
        self.say([f"250-{word}" for word in words])
        return "250 HELP"

    smtp_LHLO = smtp_EHLO  # RFC 2033 4.1

    def _greeted(self, hostname: str, *, extended: bool) -> None:
        if not hostname:
            raise Refusal("501 5.5.4 Say who you are")
        self._set_rset_state()
        self.session.extended_smtp = extended
        self.session.host_name = hostname[:255]

    def smtp_VRFY(self, argument: str) -> str:
        return "252 2.5.0 Cannot verify, but will take mail for our addresses"

    def smtp_EXPN(self, argument: str) -> str:
        return "502 5.5.1 Not here"

    def smtp_HELP(self, argument: str) -> str:
        return "214 2.0.0 RFC 5321"

    def smtp_NOOP(self, argument: str) -> str:
        return "250 2.0.0 OK"

    def smtp_RSET(self, argument: str) -> str:
        if argument:
            raise Refusal("501 5.5.4 RSET takes no argument")
        self._set_rset_state()
        return "250 2.0.0 OK"

    def smtp_QUIT(self, argument: str) -> str:
        self.leaving = True
        return "221 2.0.0 Bye"

    async def smtp_STARTTLS(self, argument: str) -> None:
        if self.is_tls or self.port.starttls is None:
            raise Refusal("503 5.5.1 TLS is not offered")
        await super().smtp_STARTTLS(argument)
        if self.transport.is_closing():
            raise ConnectionResetError("left in the TLS handshake")

    # -- logging in

    async def smtp_AUTH(self, argument: str) -> None:
        self._login_tries += 1
        if self._login_tries > LOGIN_TRIES or not self.port.logins.may_try(self.peer):
            raise Refusal("421 4.7.0 Too many tries to log in")
        if not self.is_tls:
            raise Refusal("538 5.7.11 Encryption required")
        if not self.port.settings.smtp.users:
            raise Refusal("503 5.5.1 Nobody can log in here")
        mechanism, _, initial = argument.partition(" ")
        await super().smtp_AUTH(f"{mechanism.upper()} {initial}".strip())

    async def auth_PLAIN(self, server: SMTP, words: list[str]) -> AuthResult:
        return await self._verified(await super().auth_PLAIN(server, words))

    async def auth_LOGIN(self, server: SMTP, words: list[str]) -> AuthResult:
        return await self._verified(await super().auth_LOGIN(server, words))

    async def _verified(self, result: AuthResult) -> AuthResult:
        """Whether the name and password that aiosmtpd has read are those of a user; unknown names take as long."""
        if result.auth_data is None:
            return result  # nothing was read; the client has been told
        name = result.auth_data.login.decode("utf-8", "replace").strip().casefold()
        password = result.auth_data.password.decode("utf-8", "surrogateescape")
        users = {address.casefold(): stored for address, stored in self.port.settings.smtp.users.items()}
        async with self.port.checking:
            right = await asyncio.to_thread(verify_password, password, users.get(name, self.port.stranger))
        if right and name in users:
            return AuthResult(success=True, auth_data=name)
        self.port.logins.failed(self.peer)
        log.warning("smtp.login_failed", peer=self.peer)
        return AuthResult(success=False, handled=False)

    @property
    def login(self) -> str:
        """The address that logged in, "" for nobody."""
        return str(self.session.auth_data or "") if self.session.authenticated else ""
