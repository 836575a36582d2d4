"""The clock's duty on old tickets: what was there before there was a search becomes findable, bit by bit.

Newest first, in small transactions, for some seconds of each tick; where it was cut off it goes on. When all is done it
costs two looks at an index.
"""

from __future__ import annotations

import time
from datetime import datetime

from mailgate.judgement import Desk
from mailgate.store import suggestions

BATCH = 50  # tickets in one transaction
SECONDS = 5.0  # of a tick


def index_old_tickets(desk: Desk, now: datetime) -> int:
    """Index what was never indexed, for a while; gives how many."""
    until, done = time.monotonic() + SECONDS, 0
    while (some := suggestions.index_older(BATCH)) and time.monotonic() < until:
        done += some
    return done + some
