"""What systemd wants to hear of a service (sd_notify(3)): ready, alive, stopping. Nothing where it does not listen."""

from __future__ import annotations

import contextlib
import os
import socket


def tell(state: str) -> None:
    """Send ``READY=1``, ``WATCHDOG=1`` or ``STOPPING=1`` to the socket that systemd named. Never raises."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    if not where:
        return
    address = "\0" + where[1:] if where.startswith("@") else where  # an abstract socket
    kind = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK  # who does not listen must not hold us up
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, kind) as line:
        line.connect(address)
        line.send(state.encode())


def watchdog_seconds() -> float | None:
    """How often to say that we live: half of what systemd allows; None when it does not watch."""
    try:
        allowed = int(os.environ.get("WATCHDOG_USEC", ""))
        watched = int(os.environ.get("WATCHDOG_PID") or os.getpid())
    except ValueError:
        return None
    return allowed / 2_000_000 if allowed > 0 and watched == os.getpid() else None
