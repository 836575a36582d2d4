"""Solutions and news that an operator keeps in files: listed, and brought up to date by title. The only SQL about that.

Verbs expect an open connection of their thread, and raise StoreUnavailable when the engine cannot serve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailgate.store import suggestions
from mailgate.store.base import transaction, translated
from mailgate.store.desk_work import PUBLICATIONS, publish


@dataclass(frozen=True, slots=True)
class Page:
    """One text as its file has it. The title is its name: the same title again is the same text, changed or not."""

    title: str
    body: str
    category: str = ""


def listed(what: str) -> list[dict[str, Any]]:
    """Every solution, or every piece of news, as it is now: the newest first."""
    table = PUBLICATIONS[what]
    with translated():
        rows = table.select().order_by(table.id.desc())
        return [
            {
                "id": row.id, "title": row.title, "category": row.category, "published": bool(row.published),
                "by": row.created_by, "at": row.created_at, "text": row.body,
            }
            for row in rows
        ]  # fmt: skip


def changes(what: str, pages: Sequence[Page]) -> list[str]:
    """What ``save_all`` would do to each: "new", "changed" or "same"."""
    known = _by_title(what)
    return [_change(known.get(page.title.casefold()), page) for page in pages]


def save_all(
    what: str, pages: Sequence[Page], by: str, now: datetime, progress: Callable[[], None] = lambda: None
) -> None:
    """Every page or none; those that are as they were stay untouched. ``progress`` is called after each."""
    table = PUBLICATIONS[what]
    with transaction():
        known = _by_title(what)
        for page in pages:
            row = known.get(page.title.casefold())
            if row is None:
                publish(what, page.title, page.body, page.category, by, now)
            elif _change(row, page) == "changed":
                table.update(title=page.title, body=page.body, category=page.category).where(
                    table.id == row["id"]
                ).execute()
                if what == "solution":
                    suggestions.index_solution(row["id"], page.title, page.body)
            progress()


def set_published(what: str, number: int, published: bool) -> bool:
    """Show one again, or no more; False when there is none with this number."""
    table = PUBLICATIONS[what]
    with transaction():
        return bool(table.update(published=published).where(table.id == number).execute())


def _by_title(what: str) -> dict[str, dict[str, Any]]:
    """The newest of each title."""
    return {row["title"].casefold(): row for row in reversed(listed(what))}


def _change(row: dict[str, Any] | None, page: Page) -> str:
    if row is None:
        return "new"
    same = (row["title"], row["text"], row["category"]) == (page.title, page.body, page.category)
    return "same" if same else "changed"
