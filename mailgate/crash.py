"""Named points at which a test may have this process killed, as the power may fail at any of them.

``MAILGATE_CRASH_AT=smtp-stored`` kills it (SIGKILL: nothing is cleaned up) the first time it passes that point,
``smtp-stored:7`` the seventh time. Without the variable a point costs a comparison.
"""

from __future__ import annotations

import os
import signal
import threading

from mailgate.errors import ConfigError

POINTS = {
    "smtp-read": "a mail was read to its dot, nothing is stored",
    "accept-inside": "the mails of a batch are written, their transaction is open",
    "accept-stored": "they are durable, nobody has been told",
    "smtp-stored": "the mail is durable, 250 is not said",
    "smtp-answered": "250 was said",
    "imap-fetched": "mails were fetched, nothing is stored",
    "imap-stored": "they are durable, the mailbox does not show it",
    "imap-filed": "they were moved or flagged, the position is not remembered",
    "worker-claimed": "a mail was claimed, nobody has read it",
    "worker-read": "it was read, nothing is decided",
    "worker-inside": "all its effects are written, their transaction is open",
    "worker-done": "they are durable, nobody was woken",
    "sender-claimed": "letters were claimed, none has left",
    "sender-sent": "the relay has the whole letter, its answer was not read",
    "sender-answered": "the relay took the letter, it is not recorded",
    "sender-recorded": "it is recorded as sent",
}

_name, _, _times = os.environ.get("MAILGATE_CRASH_AT", "").partition(":")
_how = signal.SIGKILL
_lock = threading.Lock()


def arm(name: str, times: int = 1, how: signal.Signals = signal.SIGKILL) -> None:
    """Crash at a point, the so-maniest time it is passed; "" for never. Raises ConfigError for an unknown name.

    With SIGSTOP for ``how`` the process only stands still there, until somebody has it go on.
    """
    global _name, _times, _how
    if name and name not in POINTS:
        raise ConfigError(f"MAILGATE_CRASH_AT names no point '{name}'; there are {', '.join(POINTS)}")
    _name, _times, _how = name, str(times), how


def point(name: str) -> None:
    """Passed here; the end, if this is where a test wants it."""
    global _times
    if name != _name:
        return
    with _lock:
        left = int(_times or 1) - 1
        _times = str(left)
        if left == 0:
            os.kill(os.getpid(), _how)


arm(_name, int(_times or 1))
