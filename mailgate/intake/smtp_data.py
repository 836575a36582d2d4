"""The octets between DATA and the lone dot: collected in chunks, unstuffed, never more of them than allowed.

Only CR LF "." CR LF ends a mail (RFC 5321 4.5.2): bare CR and bare LF stay in the mail as they are, so that no server
in front of us can see another number of mails than we do (SMTP smuggling). Once a limit is passed the octets are only
counted, not kept, until the end comes and the refusal can be said.

Kept as one growing buffer: a list of lines costs a hundred times the octets of a mail of empty lines.
"""

from __future__ import annotations

from mailgate.settings import Limits

_END = b"\r\n.\r\n"


class Content:
    """One mail on its way in. ``feed`` until it gives octets back; then ``refusal`` or ``octets()``."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        # As if the line break of the DATA command were its first octets: a dot may stand in the first line too.
        self._buffer = bytearray(b"\r\n")
        self._line_start = 2
        self._lines = 0
        self.received = 0  # octets so far, dots and all
        self.refusal = ""  # the reply, once a limit is passed

    @property
    def held(self) -> int:
        """Octets in memory."""
        return len(self._buffer)

    def feed(self, chunk: bytes) -> bytes | None:
        """Take what came; None when more is to come, else what followed the end of the mail."""
        known = len(self._buffer)
        self._buffer += chunk
        end = self._buffer.find(_END, max(0, known - len(_END) + 1))
        rest = None
        if end >= 0:
            rest = bytes(self._buffer[end + len(_END) :])
            del self._buffer[end + 2 :]
        self.received += len(chunk) - len(rest or b"")
        if not self.refusal:
            self._check(known, ended=rest is not None)
        if self.refusal:
            del self._buffer[: -len(_END) + 1]  # what the end could begin with
        return rest

    def refuse(self, reply: str) -> None:
        """Keep nothing more of it; the reply is said at its end."""
        self.refusal = self.refusal or reply
        del self._buffer[: -len(_END) + 1]

    def octets(self) -> bytes:
        """The mail as its sender wrote it, dots unstuffed (RFC 5321 4.5.2)."""
        self._buffer = self._buffer.replace(b"\r\n.", b"\r\n")
        return bytes(memoryview(self._buffer)[2:])

    def _check(self, known: int, *, ended: bool) -> None:
        limits, buffer = self._limits, self._buffer
        self._lines += buffer.count(b"\n", known)
        if len(buffer) - 2 > limits.mail_bytes + (0 if ended else len(_END)):
            self.refusal = "552 5.3.4 Message too big"
        elif self._lines > limits.lines:
            self.refusal = "554 5.6.0 Too many lines"
        elif self._has_long_line(limits.line_bytes):
            self.refusal = "554 5.6.0 Line too long"

    def _has_long_line(self, most: int) -> bool:
        """Whether a line is longer than ``most`` octets, its CR LF not counted. Looks at few octets more than once."""
        while len(self._buffer) - self._line_start > most + 1:
            last = self._buffer.rfind(b"\n", self._line_start, self._line_start + most + 2)
            if last < 0:
                return True
            self._line_start = last + 1
        return False
