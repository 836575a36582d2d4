"""What strangers may use of the machine through the SMTP port: connections, tries to log in, memory, disk.

Counters in memory of one listener, for its event loop only. They say no by returning False; nothing here raises, except
``networks`` for a setting that names none.
"""

from __future__ import annotations

import ipaddress
import shutil
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import structlog

from mailgate.errors import ConfigError
from mailgate.settings import Limits, Smtp, Store

log = structlog.get_logger(__name__)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FAILURES, WINDOW, PENANCE = 10, 15 * 60.0, 60 * 60.0  # wrong logins, in so many seconds, then none for so long
SILENCE = 60.0  # seconds between two complaints in the log
MOST_PEERS = 10_000  # remembered for wrong logins
DISK_SECONDS = 1.0  # between two looks at how much is free
MAILS_AT_ONCE = 8  # full-sized mails whose octets may be in memory at once


def networks(written: Iterable[str]) -> tuple[Network, ...]:
    """IP networks of a setting. Raises ConfigError."""
    found = []
    for text in written:
        try:
            found.append(ipaddress.ip_network(text.strip(), strict=False))
        except ValueError:
            raise ConfigError(f"smtp.trusted_peers: '{text}' is no IP network; write it as 192.0.2.0/24") from None
    return tuple(found)


@lru_cache(1024)
def peer_address(written: str) -> str:
    """An IP address as counted and shown: IPv4 out of its IPv6 form, no zone."""
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return written
    return str(getattr(address, "ipv4_mapped", None) or address)


def household(peer: str) -> str:
    """What counts as one peer: an IPv4 address, a /64 of IPv6 (anybody has as many addresses of it as he likes)."""
    return str(ipaddress.ip_network((peer, 64), strict=False)) if ":" in peer else peer


class Doors:
    """Counts connections, all together and by peer."""

    def __init__(self, settings: Smtp) -> None:
        self._most, self._most_of_one = settings.max_connections, settings.max_connections_per_peer
        self._trusted = networks(settings.trusted_peers)
        self._inside: Counter[str] = Counter()
        self._said_at = -SILENCE

    def is_trusted(self, peer: str) -> bool:
        if not self._trusted:
            return False
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._trusted)

    def enter(self, peer: str) -> bool:
        """Whether there is room; counts it if so. Our own MX always finds room."""
        if self.is_trusted(peer):
            return True
        name = household(peer)
        if self._inside.total() >= self._most or self._inside[name] >= self._most_of_one:
            self._complain(peer)
            return False
        self._inside[name] += 1
        return True

    def _complain(self, peer: str) -> None:
        """In the log, but not once for each connection of a flood."""
        if time.monotonic() - self._said_at > SILENCE:
            self._said_at = time.monotonic()
            log.warning("smtp.too_many_connections", peer=peer, inside=self._inside.total())

    def leave(self, peer: str) -> None:
        """Undo an ``enter`` that found room."""
        name = household(peer)
        self._inside[name] -= 1
        if self._inside[name] <= 0:
            del self._inside[name]


class Logins:
    """Wrong logins by peer: after ten in a quarter of an hour nobody from there may try for an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._until: OrderedDict[str, float] = OrderedDict()

    def may_try(self, peer: str) -> bool:
        return self._until.get(household(peer), 0.0) <= self._clock()

    def failed(self, peer: str) -> None:
        name, now = household(peer), self._clock()
        times = self._failures.setdefault(name, deque(maxlen=FAILURES))
        times.append(now)
        self._failures.move_to_end(name)
        if len(times) == FAILURES and now - times[0] <= WINDOW:
            self._until[name] = now + PENANCE
            del self._failures[name]
        for memory in (self._failures, self._until):
            if len(memory) > MOST_PEERS:
                memory.popitem(last=False)


class Memory:
    """Octets of mails that are being read or wait for the store, over all connections."""

    def __init__(self, limits: Limits) -> None:
        self._most = MAILS_AT_ONCE * limits.mail_bytes
        self._held: dict[object, int] = {}
        self._total = 0

    def hold(self, holder: object, octets: int) -> bool:
        """Note how much one connection holds now; False when all together hold too much."""
        self._total += octets - self._held.get(holder, 0)
        self._held[holder] = octets
        return self._total <= self._most

    def release(self, holder: object) -> None:
        self._total -= self._held.pop(holder, 0)


class Disk:
    """Whether SQLite's disk has room for another mail, looked at once a second. PostgreSQL looks after its own."""

    def __init__(self, store: Store, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = Path(store.url.removeprefix("sqlite:///")).parent if store.url.startswith("sqlite:///") else None
        self._least = max(limits.mail_bytes * 3 // 2, limits.free_disk_bytes)
        self._clock = clock
        self._looked_at, self._short = -DISK_SECONDS, False

    def is_short(self) -> bool:
        if self._folder is None:
            return False
        if self._clock() - self._looked_at >= DISK_SECONDS:
            self._looked_at = self._clock()
            try:
                self._short = shutil.disk_usage(self._folder).free < self._least
            except OSError:
                self._short = True
        return self._short
