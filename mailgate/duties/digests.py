"""The morning digest: to each agent who is there, once each business day after opening, what waits for them.

``send_digests`` is a duty of the clock: called as often as one likes, it writes one letter an agent and day.
"""

from __future__ import annotations

from datetime import datetime

from mailgate.desk.worktime import calendar_of
from mailgate.judgement import Desk
from mailgate.letters.lists import digest_values
from mailgate.letters.orders import tell_agent
from mailgate.letters.recipients import staff
from mailgate.store import people, turns
from mailgate.store.base import transaction


def send_digests(desk: Desk, now: datetime) -> int:
    """Write the digests that are due at ``now``; gives how many."""
    calendar = calendar_of(desk.settings)
    today = calendar.day_of(now)
    local = now.astimezone(calendar.zone)
    opens = next(iter(calendar.week[today.weekday()]), None)
    if opens is None or not calendar.is_business_day(today) or local.hour * 60 + local.minute < opens[0]:
        return 0
    written = 0
    for agent in people.active_agents():
        if agent.away_until and agent.away_until >= today:
            continue
        with transaction():
            if not turns.first_time(f"digest:{agent.id}:{today.isoformat()}", now):
                continue
            values = digest_values(desk.office, staff(desk.office, agent), agent, now)
            if values["sections"]:
                tell_agent(desk.office, "digest", agent, values, now)
                written += 1
    return written
