"""How much mail one sender, and one company, may send in an hour: counted at the door, before a mail costs anything.

    unknown address 10 · known contact 60 · all of a company, one of the staff, the null path 300

Beyond that the answer is "later" (451), so that honest mail waits with the sender and a flood stays outside. A known
address is counted by the network it comes from, too: whoever forges it uses up his own allowance, not the client's.
Counters are in memory, bounded, and forgotten with the process; nothing here raises.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from mailgate.errors import StoreUnavailable
from mailgate.settings import Limits
from mailgate.store.base import disconnect

HOUR = 3600.0
MOST_SENDERS = 50_000  # remembered at once; the ones longest silent are forgotten first
SECONDS_REMEMBERED = 60.0  # who somebody is
SECONDS_IN_VAIN = 1.0  # in which a store that could not answer is not asked again
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """Who an envelope sender is to the desk."""

    known: bool = False
    company: int | None = None  # id of the client
    ours: bool = False  # one of the staff
    put_off: bool = False  # nobody knows them, and too much of such mail waits for a person already


Who = Callable[[str], Known]  # by address; raises StoreUnavailable


class Rates:
    """Sliding hours: what was counted in the hour before fades as this one goes on."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._counts: OrderedDict[tuple[str, ...], tuple[int, int, int]] = OrderedDict()  # (hour, in it, before it)

    def take(self, address: str, household: str, sender: Known) -> bool:
        """Count one mail; False, and nothing counted, when it is one too many."""
        limits = self._limits
        own = limits.mails_per_contact_hour if sender.known else limits.mails_per_unknown_hour
        if sender.ours or not address:
            own = limits.mails_per_company_hour
        asked = [(("from", address, household), own)]
        if sender.company is not None:
            asked.append((("company", str(sender.company), household), limits.mails_per_company_hour))
        if any(self._used(key) >= most for key, most in asked):
            return False
        for key, _ in asked:
            self._count(key)
        return True

    def _used(self, key: tuple[str, ...]) -> float:
        now = self._clock()
        hour, here, before = self._at(key, now)
        return here + before * (1 - (now / HOUR - hour))

    def _at(self, key: tuple[str, ...], now: float) -> tuple[int, int, int]:
        hour = int(now // HOUR)
        counted_in, here, before = self._counts.get(key, (hour, 0, 0))
        if counted_in == hour:
            return hour, here, before
        return hour, 0, here if counted_in == hour - 1 else 0

    def _count(self, key: tuple[str, ...]) -> None:
        hour, here, before = self._at(key, self._clock())
        self._counts[key] = (hour, here + 1, before)
        self._counts.move_to_end(key)
        if len(self._counts) > MOST_SENDERS:
            self._counts.popitem(last=False)


class Remembered:
    """Asks the store who a sender is, once in a while: a flood of one address costs one question.

    One thread asks for all, and keeps its connection to the store. Who waits behind a question that could not be
    answered does not wait as long again.
    """

    def __init__(self, who: Who, clock: Callable[[], float] = time.monotonic) -> None:
        self._who, self._clock = who, clock
        self._known: OrderedDict[str, tuple[float, Known]] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, "who")
        self._vain_until = float("-inf")

    def find(self, address: str) -> Known | None:
        """What is remembered, None when the store has to be asked (``ask``, which waits)."""
        found = self._known.get(address)
        return found[1] if found and self._clock() - found[0] < SECONDS_REMEMBERED else None

    def ask(self, address: str) -> Future[Known]:
        """The answer to come, or StoreUnavailable."""
        return self._thread.submit(self._ask, address)

    def _ask(self, address: str) -> Known:
        if self._clock() < self._vain_until:
            raise StoreUnavailable("the store could not answer just now")
        try:
            sender = self._who(address)
        except StoreUnavailable:
            self._vain_until = self._clock() + SECONDS_IN_VAIN
            raise
        self._known[address] = (self._clock(), sender)
        if len(self._known) > MOST_REMEMBERED:
            self._known.popitem(last=False)
        return sender

    def close(self) -> None:
        """Nobody asks any more."""
        self._thread.submit(disconnect)
        self._thread.shutdown(wait=False)
