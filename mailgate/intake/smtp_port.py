"""What all connections of one SMTP listener share: settings, limits, whose turn it is to check what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import TYPE_CHECKING

from mailgate.intake.accept import Acceptor
from mailgate.intake.passwords import hash_password
from mailgate.intake.rates import Rates, Remembered
from mailgate.intake.smtp_limits import Disk, Doors, Logins, Memory
from mailgate.intake.verify import Check
from mailgate.settings import Settings

if TYPE_CHECKING:
    from mailgate.intake.smtp_line import Line

LOGINS_AT_ONCE = 2  # each costs 16 MiB and a processor for a moment


@dataclass
class Port:
    """What all connections of one listener share."""

    settings: Settings
    acceptor: Acceptor
    is_ours: Callable[[str], bool]
    hostname: str
    starttls: SSLContext | None  # None: not offered
    doors: Doors
    logins: Logins
    memory: Memory
    disk: Disk
    rates: Rates
    who: Remembered | None = None  # None: nobody's mails are counted
    check: Check | None = None  # None: senders are not checked here
    checkers: Executor | None = None  # the threads that it runs on
    stranger: str = field(default_factory=lambda: hash_password(""))  # to spend the same time on unknown names
    checking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOGINS_AT_ONCE))
    connections: set[Line] = field(default_factory=set)
