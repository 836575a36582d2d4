"""Full-text indexes, alike on both engines: an id, the terms of its title, the terms of the rest.

The terms are made by ``desk.stems`` before they come here, so both engines hold and find the very same: SQLite in an
FTS5 table, PostgreSQL in a tsvector of those lexemes under GIN, neither with a dictionary of its own.
"""
# ruff: noqa: S608  # the only words put into statements are the two names of tables below

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from mailgate.desk.stems import MOST_TERMS
from mailgate.desk.suggestions import Text
from mailgate.store.base import is_sqlite
from mailgate.store.models import database

COMMON = 1000  # a term that so many texts have tells nothing, and is not counted on
RECENT = 5_000  # of the newest texts the best are chosen: what a mail costs must not grow with the years
MOST_KNOWN = 20_000  # terms whose counts are remembered, of each index
MOST_FOUND = 5_000  # matches of a search that are looked at, the newest


@dataclass(frozen=True, slots=True)
class Index:
    """One index, by the name of its table. Writing verbs belong into the transaction of what they index."""

    table: str
    among: str = ""  # a condition in SQL on the texts that are worth comparing; {id}: the text's number
    worth: str = "1 = 1"  # whether there may be any such text

    def put(self, number: int, title: Sequence[str], body: Sequence[str]) -> None:
        """Make these the terms of ``number``, whatever it had."""
        told = (number, " ".join(title[:MOST_TERMS]), " ".join(body[:MOST_TERMS]))
        if is_sqlite():
            _run(f"INSERT OR REPLACE INTO {self.table} (rowid, title, body) VALUES (?, ?, ?)", told)
            return
        given = "title = EXCLUDED.title, body = EXCLUDED.body"
        _run(
            f"INSERT INTO {self.table} (id, title, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET {given}", told
        )

    def add(self, number: int, body: Sequence[str]) -> bool:
        """Further terms of ``number``; False, and nothing done, when it has none yet."""
        before = self.read([number])
        if not before:
            return False
        title, known = before[0].title.split(), before[0].body.split()
        if new := [term for term in body if term not in known]:
            self.put(number, title, known + new)
        return True

    def remove(self, number: int) -> None:
        _run(f"DELETE FROM {self.table} WHERE {'rowid' if is_sqlite() else 'id'} = ?", (number,))

    def tidy(self) -> None:
        """Leave nothing behind of what was removed: SQLite only marks it, PostgreSQL's vacuum comes by itself."""
        if is_sqlite():
            _run(f"INSERT INTO {self.table} ({self.table}) VALUES ('optimize')", ())

    def read(self, ids: Sequence[int]) -> list[Text]:
        key, places = ("rowid" if is_sqlite() else "id"), ", ".join("?" * len(ids))
        rows = _run(f"SELECT {key}, title, body FROM {self.table} WHERE {key} IN ({places})", tuple(ids)) if ids else ()
        return [_text(row) for row in rows]

    def total(self) -> int:
        """How many texts there are, at the most: counting them would take longer the more there are; 0 when none
        of them is worth comparing.
        """
        last = f"SELECT {self._key} FROM {self.table} WHERE {self.worth} ORDER BY {self._key} DESC LIMIT 1"
        return int(next(iter(_run(last, ())), (0,))[0])

    def lowest(self) -> int | None:
        """The lowest number that has a text; None when nothing is indexed."""
        row = next(iter(_run(f"SELECT {self._key} FROM {self.table} ORDER BY {self._key} LIMIT 1", ())), None)
        return int(row[0]) if row else None

    def frequency(self, terms: Sequence[str], total: int) -> dict[str, int]:
        """In how many of the ``total`` texts each term is, counted to ``COMMON`` and no further; those that none has
        are left out. What was counted holds until there is a tenth more to count.
        """
        known = _counted(database.obj, self.table, total)
        missing = [term for term in terms if term not in known]
        if missing:
            count = f"SELECT count(*) FROM (SELECT 1 FROM ({self._matching()}) AS any_of LIMIT {COMMON}) AS counted"
            each = " UNION ALL ".join(f"SELECT {n}, ({count})" for n in range(len(missing)))
            # What no text has yet is asked for again: the next text may have it.
            known.update({missing[n]: int(found) for n, found in _run(each, tuple(map(_one, missing))) if found})
        return {term: found for term in terms if (found := known.get(term))}

    @property
    def _key(self) -> str:
        return "rowid" if is_sqlite() else "id"

    def best(self, terms: Sequence[str], most: int, total: int) -> list[Text]:
        """Of the newest texts, those that have any of the terms: the newest first, or where everything is worth
        comparing, the engine's best.
        """
        if not terms:
            return []
        among = f" AND {self.among.format(id=f'{self.table}.{self._key}')}" if self.among else ""
        if is_sqlite():
            sql = (
                f"SELECT rowid, title, body FROM {self.table} WHERE {self.table} MATCH ? AND rowid > ?{among}"
                f" ORDER BY {'rowid DESC' if self.among else 'rank'} LIMIT ?"
            )
        else:
            sql = (
                f"SELECT {self.table}.id, title, body FROM {self.table}, CAST(? AS tsquery) AS wanted"
                f" WHERE terms @@ wanted AND {self.table}.id > ?{among}"
                f" ORDER BY {'' if self.among else 'ts_rank(terms, wanted) DESC,'} {self.table}.id DESC LIMIT ?"
            )
        return [_text(row) for row in _run(sql, (_any(terms), max(total - RECENT, 0), most))]

    def having_all(self, words: Sequence[Sequence[str]], *, beginning: bool = False) -> list[int]:
        """The newest texts that have for every word one of its terms, or a term that begins like one of them.

        To know all that begins so an engine looks at every text that has such a term, where the very terms are read
        newest first and no further than needed.
        """
        mark = ('"{}"' if is_sqlite() else "'{}'") + ("" if not beginning else "*" if is_sqlite() else ":*")
        one_of, all_of = (" OR ", " AND ") if is_sqlite() else (" | ", " & ")
        wanted = all_of.join(f"({one_of.join(mark.format(term) for term in terms)})" for terms in words)
        found = _run(f"{self._matching()} ORDER BY {self._key} DESC LIMIT {MOST_FOUND}", (wanted,))
        return [int(number) for (number,) in found]

    def _matching(self) -> str:
        if is_sqlite():
            return f"SELECT rowid AS id FROM {self.table} WHERE {self.table} MATCH ?"
        return f"SELECT id FROM {self.table} WHERE terms @@ CAST(? AS tsquery)"


SOLUTIONS = Index("solution_terms")
SOME_OVER = "EXISTS (SELECT 1 FROM ticket WHERE ticket.status IN ('solved', 'closed'))"
OVER = f"{SOME_OVER[:-1]} AND ticket.id = {{id}})"
TICKETS = Index(
    "ticket_terms", OVER, SOME_OVER
)  # title: what was asked and by whom; body: everything else that was said


@functools.lru_cache(maxsize=16)
def _counts(engine: peewee.Database, table: str) -> dict[int, dict[str, int]]:
    """What was counted while a table was of a size: one size, the last one."""
    return {}


def _counted(engine: peewee.Database, table: str, total: int) -> dict[str, int]:
    """The counts that still hold: a new dict each time that the table has grown by a tenth."""
    size, counts = int(math.log(total + 1, 1.1)), _counts(engine, table)
    if size not in counts or len(counts[size]) > MOST_KNOWN:
        counts.clear()
    return counts.setdefault(size, {})


def create(database: Any, *, sqlite: bool) -> None:
    """Make the tables of the indexes: for the migration."""
    for index in (SOLUTIONS, TICKETS):
        if sqlite:
            # Terms are plain already; the tokenizer only has to part them.
            database.execute_sql(
                f"CREATE VIRTUAL TABLE {index.table} USING fts5(title, body, detail=none,"
                " tokenize='unicode61 remove_diacritics 2')"
            )
            continue
        database.execute_sql(
            f"CREATE TABLE {index.table} (id integer PRIMARY KEY, title text NOT NULL, body text NOT NULL,"
            " terms tsvector GENERATED ALWAYS AS"
            " (array_to_tsvector(string_to_array(trim(title || ' ' || body), ' '))) STORED)"
        )
        database.execute_sql(f"CREATE INDEX {index.table}_terms ON {index.table} USING gin (terms)")


def _any(terms: Sequence[str]) -> str:
    """A query for any of the terms; they hold letters and digits only, so that nothing in them is an operator."""
    return " OR ".join(f'"{term}"' for term in terms) if is_sqlite() else " | ".join(f"'{term}'" for term in terms)


def _one(term: str) -> str:
    return _any([term])


def _text(row: Sequence[Any]) -> Text:
    return Text(int(row[0]), f" {row[1]} ", f" {row[2]} ")


def _run(sql: str, values: tuple[Any, ...]) -> Any:
    return database.execute_sql(_placed(sql), values)


def _placed(sql: str) -> str:
    return sql if is_sqlite() else sql.replace("?", "%s")
