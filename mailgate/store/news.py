"""Noticias: what is published, and who was told which. Unread ones come first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from peewee import JOIN

from mailgate.store.models import News, NewsTold
from mailgate.store.prepared import Query, prepared

FRESH = timedelta(days=90)  # so long, somebody who has read it is shown it again beside what is new


def for_reader(address: str, now: datetime, most: int = 5, *, all_of_it: bool = True) -> list[dict[str, Any]]:
    """``id``, ``title``, ``text``, ``unread`` of the latest news: those this address was not told yet first.

    Without ``all_of_it``, what was told already is left out when it is no longer fresh.
    """
    if not _any.any():  # mostly so, and known at once
        return []
    found = [
        {"id": row.id, "title": row.title, "text": row.body, "unread": row.told is None, "at": row.created_at}
        for row in _for_reader.rows(address, most)
    ]
    return [one for one in found if one["unread"] or all_of_it or now - one["at"] <= FRESH]


@prepared
def _any() -> Query:
    return News.select(News.id).where(News.published).order_by(News.id.desc()).limit(1)


@prepared
def _for_reader(address: str, most: int) -> Query:
    told = (NewsTold.news == News.id) & (NewsTold.address == address)
    found = News.select(News, NewsTold.id.alias("told")).join(NewsTold, JOIN.LEFT_OUTER, on=told).where(News.published)
    return found.order_by(NewsTold.id.is_null(False), News.id.desc()).limit(most)


def mark_told(address: str, ids: list[int], now: datetime) -> None:
    """They were in a letter to this address."""
    for news in ids:
        NewsTold.insert(news=news, address=address, at=now).on_conflict_ignore().execute()
