"""A logged-in connection to one mailbox, with the limits and time-outs that IMAPClient leaves to its user.

``connect`` fails with Refused (a person has to mend the login), Unreachable (try again later) or ConfigError; each
text is one line that names the mailbox and holds no secret. A client that raised anything goes to ``hang_up``.
"""

from __future__ import annotations

import contextlib
import imaplib
import logging
import socket
import ssl
from collections.abc import Callable
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from mailgate.intake.oauth import Refused, Unreachable, access_token
from mailgate.settings import Imap

CONNECT_SECONDS, READ_SECONDS = 15.0, 60.0
# Of a mail's limit: a literal may be a little longer than RFC822.SIZE said, and FETCH answers carry more than the mail.
LITERAL_SLACK = 65_536
# Of one line of an answer; imaplib takes a million, and a SEARCH in a mailbox of 150,000 mails is answered with more.
LINE_BYTES = 32 * 2**20
# RFC 5530: these say "not now", not "not you".
_NOT_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "[CONTACTADMIN]")
# What a server or a network may do to us; IMAPClient lets parse errors out as ValueError and its like.
TROUBLES = (OSError, IMAPClientError, ValueError, KeyError, IndexError, TypeError, AttributeError)


def connect(account: Imap, most_bytes: int, on_socket: Callable[[socket.socket], None] = lambda _: None) -> Client:
    """Connect and log in. No literal over ``most_bytes`` is read into memory: the connection ends instead.

    ``on_socket`` is given each socket before it is waited for, so that another thread can cut it (see ``cut``).
    """
    # IMAPClient sets imaplib's debug level itself; its DEBUG lines hold the LOGIN command.
    logging.getLogger("imapclient.imaplib").setLevel(logging.WARNING)
    client = _reach(account, most_bytes)
    try:
        client.normalise_times = False  # aware datetimes
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        on_socket(client.socket())
        if account.tls == "starttls":
            client.starttls(ssl.create_default_context())
            on_socket(client.socket())  # another one: the first has lost its descriptor to it
        _log_in(client, account)
    except (Refused, Unreachable):
        hang_up(client)
        raise
    except TROUBLES as error:
        hang_up(client)
        raise Unreachable(f"{account.label}: {told(error)}") from error
    except BaseException:
        hang_up(client)
        raise
    return client


def check_login(account: Imap) -> None:
    """Log in and out again. Raises Refused (a ServiceUnavailable), Unreachable or ConfigError: one line each."""
    hang_up(connect(account, LITERAL_SLACK))


def hang_up(client: Client) -> None:
    """Throw the connection away without a word: LOGOUT on a broken one would wait for the time-out."""
    try:
        client.shutdown()
    except Exception:  # noqa: S110 - there is nothing left to close
        pass


def cut(sock: socket.socket) -> None:
    """End a connection that another thread is reading from: its read returns at once.

    Not SSLSocket.shutdown, which takes the TLS object away from under the reader.
    """
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:  # already closed
        pass


def told(error: BaseException) -> str:
    """What went wrong on one short line of plain text."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:300]


class Client(IMAPClient):
    """IMAPClient that misses no notice of new mail, refuses a literal larger than it was told to expect, and reads the
    long lines of large mailboxes.
    """

    def __init__(self, *args: Any, most_bytes: int, **kwargs: Any) -> None:
        self._most_bytes = most_bytes
        super().__init__(*args, **kwargs)

    def told_of_mail(self) -> bool:
        """Whether an EXISTS came since this was last asked: it may come with the answer to any command.

        IDLE does not repeat it, so that a mail which arrives during our last SEARCH would wait for the next one.
        """
        _, numbers = self._imap.response("EXISTS")
        return numbers != [None]

    def _poll_socket(self, sock: socket.socket, timeout: float | None = None) -> Any:
        """Called by idle_check on a non-blocking socket; what was read ahead must not be waited for.

        A server may send "+ idling" and EXISTS in one packet. imaplib reads both, and the socket stays silent.
        """
        with contextlib.suppress(OSError):  # nothing there, says TLS
            if self._imap.file.peek(1):
                return [sock]
        return super()._poll_socket(sock, timeout)

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802
        imap: imaplib.IMAP4 = super()._create_IMAP4()
        plain_read = imap.read

        def read(size: int) -> bytes:
            if size > self._most_bytes:
                raise imaplib.IMAP4.abort(f"the server sends a literal of {size} bytes, longer than it announced")
            return plain_read(size)

        def readline() -> bytes:
            line = bytes(imap.file.readline(LINE_BYTES + 1))  # type: ignore[arg-type]
            if len(line) > LINE_BYTES:
                raise imaplib.IMAP4.abort(f"the server sends a line of more than {LINE_BYTES} bytes")
            return line

        imap.read, imap.readline = read, readline  # type: ignore[method-assign]
        return imap


def _reach(account: Imap, most_bytes: int) -> Client:
    implicit = account.tls == "implicit"
    try:
        return Client(
            account.host,
            account.port,
            ssl=implicit,
            ssl_context=ssl.create_default_context() if implicit else None,
            timeout=SocketTimeout(CONNECT_SECONDS, READ_SECONDS),
            most_bytes=most_bytes + LITERAL_SLACK,
        )
    except TROUBLES as error:
        where = f"{account.host}:{account.port}"
        raise Unreachable(f"{account.label}: cannot reach the IMAP server {where}: {told(error)}") from error


def _log_in(client: Client, account: Imap) -> None:
    try:
        if account.auth == "xoauth2":
            client.oauth2_login(account.user, access_token(account))
        elif client.has_capability("AUTH=PLAIN"):
            # LOGIN cannot carry a password with an ñ, nor a user name with a blank.
            client.plain_login(account.user, account.secret())
        else:
            client.login(account.user, account.secret())
    except (LoginError, CapabilityError, UnicodeEncodeError) as error:
        cause = error.__context__
        if isinstance(cause, imaplib.IMAP4.abort) or any(code in str(error).upper() for code in _NOT_NOW):
            raise Unreachable(f"{account.label}: {told(error)}") from None
        setting = "its OAuth2 grant" if account.auth == "xoauth2" else "imap.user and imap.password"
        raise Refused(
            f"{account.label}: the IMAP server {account.host}:{account.port} refuses the login "
            f"({_without(told(error), account)}); correct {setting}"
        ) from None


def _without(text: str, account: Imap) -> str:
    """The server's words, should it have repeated the password in them."""
    secret = account.secret()
    return text.replace(secret, "***") if secret else text
