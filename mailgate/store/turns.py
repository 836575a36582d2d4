"""Once and only once, over restarts and several processes: what was done by its key, and whose turn it is.

Both are believed by the row count of one statement; nobody looks first and writes after.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from mailgate.store.base import is_sqlite, transaction, translated
from mailgate.store.models import Done, Lease, database


def first_time(key: str, now: datetime) -> bool:
    """Whether nobody has done this yet; from now on it is done. Belongs into the transaction of what is done."""
    with translated():
        inserted = (
            Done.insert(key=key, at=now)
            .on_conflict(conflict_target=[Done.key], action="IGNORE")
            .returning(Done.key)
            .tuples()
            .execute()
        )
        return bool(list(inserted))


def was_done(key: str) -> bool:
    with translated():
        return bool(Done.select().where(Done.key == key).exists())


def take_turn(name: str, holder: str, now: datetime, length: timedelta) -> bool:
    """Take or keep a turn. False while another holder has it; a turn from a clock far ahead of ours counts as over."""
    over = (Lease.until < now) | (Lease.until > now + 2 * length)
    with transaction():
        kept = (
            Lease.update(holder=holder, until=now + length)
            .where(Lease.name == name, (Lease.holder == holder) | over)
            .execute()
        )
        if kept:
            return True
        inserted = (
            Lease.insert(name=name, holder=holder, until=now + length)
            .on_conflict(conflict_target=[Lease.name], action="IGNORE")
            .returning(Lease.name)
            .tuples()
            .execute()
        )
        return bool(list(inserted))


def give_up_turn(name: str, holder: str) -> None:
    """Let the next one be it at once."""
    with translated():
        Lease.delete().where(Lease.name == name, Lease.holder == holder).execute()


def holder_of(name: str) -> str:
    """Who has a turn, over or not; "" for nobody."""
    with translated():
        return str(Lease.select(Lease.holder).where(Lease.name == name).scalar() or "")


def common_time() -> datetime:
    """The time that all processes of this store agree on: PostgreSQL's, else this machine's."""
    if is_sqlite():
        return datetime.now(UTC)
    with translated():
        (now,) = database.execute_sql("SELECT clock_timestamp()").fetchone()
        return now.astimezone(UTC)
