"""The clock's duties on indexes: old tickets become findable, and the database knows how its tables have grown.

What was there before there was a search is indexed newest first, in small transactions, for some seconds of each tick;
where it was cut off it goes on. When all is done it costs two looks at an index.
"""

from __future__ import annotations

import time
from datetime import datetime

from mailgate.judgement import Desk
from mailgate.store import suggestions, turns
from mailgate.store.base import optimize

BATCH = 50  # tickets in one transaction
SECONDS = 5.0  # of a tick


def index_old_tickets(desk: Desk, now: datetime) -> int:
    """Index what was never indexed, for a while; gives how many."""
    until, done = time.monotonic() + SECONDS, 0
    while (some := suggestions.index_older(BATCH)) and time.monotonic() < until:
        done += some
    return done + some


def know_sizes(desk: Desk, now: datetime) -> int:
    """Once a day, without a word."""
    if turns.first_time(f"optimize:{now.date().isoformat()}", now):
        optimize()
    return 0
