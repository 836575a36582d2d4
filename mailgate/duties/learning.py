"""The clock's duty on categories: closed tickets teach their words, once each, and anew when they were filed anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from mailgate.judgement import Desk
from mailgate.store import learning

WITHIN = timedelta(days=30)  # after its last change a ticket is looked at no more


def learn_words(desk: Desk, now: datetime) -> int:
    """Learn from tickets that were closed; gives 0, because nobody has to be woken for it."""
    if desk.settings.categories.names and desk.settings.categories.learn:
        for number in learning.to_learn(now, WITHIN):
            learning.learn(number)
    return 0
