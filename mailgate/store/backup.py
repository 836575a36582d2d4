"""A copy of the whole store while mail pours in, and the store made from such a copy again; both verified.

SQLite: its online backup API, page by page, as of the begin; a copy is one file. PostgreSQL: ``pg_dump``'s
custom format, one snapshot. Files outside of the database are immutable and named by their hash: they are copied by
whatever copies files, before or after, and ``doctor --deep`` says whether one lacks.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import peewee
from peewee import SQL

from mailgate.errors import InputError, ServiceUnavailable, UsageError
from mailgate.settings import Store as StoreSettings
from mailgate.settings import first_line
from mailgate.store.base import close_store, connection, is_sqlite, open_store, translated
from mailgate.store.models import TABLES, database

PAGES = 2000  # in one step of SQLite's copy: mail is stored between steps
Progress = Callable[[int, int], None]  # (pages done since the last call, of all)


def save(settings: StoreSettings, target: Path, progress: Progress = lambda done, of: None) -> dict[str, int]:
    """Write a copy to a file that is not there yet; gives its rows by table. Expects an open store.

    Raises UsageError (the file exists), ServiceUnavailable (no pg_dump, or it failed), StoreUnavailable.
    """
    if target.exists():
        raise UsageError(f"{target} is there already; a backup is written to a new file")
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    handle = os.open(partial, os.O_CREAT | os.O_WRONLY, 0o600)  # it holds people's mails and our keys
    os.close(handle)
    try:
        rows = _save_sqlite(partial, progress) if is_sqlite() else _save_postgresql(settings, partial)
        _sync(partial)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return rows


def _save_sqlite(target: Path, progress: Progress) -> dict[str, int]:
    copy = peewee.SqliteDatabase(str(target))
    with translated():
        copy.connect()
        try:
            source, done = database.obj.connection(), 0

            def step(_: int, left: int, of: int) -> None:
                nonlocal done
                progress(of - left - done, of)
                done = of - left

            source.execute("BEGIN")  # without it the copy begins anew whenever a mail is stored, and never ends
            try:
                source.execute("SELECT 1 FROM sqlite_master").fetchone()  # what is there now is what is copied
                source.backup(copy.connection(), pages=PAGES, progress=step)
            finally:
                source.execute("ROLLBACK")
            return _checked(copy)
        finally:
            copy.close()


def _checked(copy: peewee.SqliteDatabase) -> dict[str, int]:
    (verdict,) = copy.execute_sql("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise InputError(f"the copy is damaged: {verdict}")
    there = set(copy.get_tables())
    tables = [table for table in TABLES if table._meta.table_name in there]
    return {t._meta.table_name: int(copy.execute(peewee.Select([t], [SQL("COUNT(*)")])).fetchone()[0]) for t in tables}


def _save_postgresql(settings: StoreSettings, target: Path) -> dict[str, int]:
    _run(settings, "pg_dump", "--format=custom", "--no-owner", "--file", str(target))
    listing = _run(settings, "pg_restore", "--list", str(target), database=False)
    there = {line.split()[6] for line in listing.splitlines() if " TABLE DATA " in line}
    return {t._meta.table_name: int(t.select().count()) for t in TABLES if t._meta.table_name in there}


def restore(settings: StoreSettings, source: Path) -> dict[str, int]:
    """Make the store from a copy; gives its rows by table. The store must be empty or not there yet.

    Raises InputError (no copy of ours, damaged), UsageError (the store holds mail), ServiceUnavailable.
    """
    if not source.is_file():
        raise InputError(f"there is no backup {source}")
    if settings.url.startswith("sqlite:///"):
        return _restore_sqlite(settings, source)
    return _restore_postgresql(settings, source)


def _restore_sqlite(settings: StoreSettings, source: Path) -> dict[str, int]:
    target = Path(settings.url.removeprefix("sqlite:///"))
    if target.exists():
        raise UsageError(f"{target} is there already; move it away first")
    copy = peewee.SqliteDatabase(f"file:{source}?mode=ro", uri=True)
    try:
        copy.connect()
        rows = _checked(copy)
    except (peewee.DatabaseError, KeyError) as error:
        raise InputError(f"{source} is no backup of ours: {error}") from error
    finally:
        copy.close()
    if "intake" not in rows:
        raise InputError(f"{source} is no backup of ours: it has no mails")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_name(f".{target.name}.partial")
    shutil.copyfile(source, partial)
    partial.chmod(0o600)
    _sync(partial)
    partial.rename(target)
    return _counted(settings)


def _restore_postgresql(settings: StoreSettings, source: Path) -> dict[str, int]:
    open_store(settings, migrate=False)
    try:
        with connection():
            if database.table_exists("intake"):
                raise UsageError("the database is not empty; name a new one in store.url")
    finally:
        close_store()
    _run(settings, "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(source))
    return _counted(settings)


def _counted(settings: StoreSettings) -> dict[str, int]:
    """Opened as the service would, tables brought up to date."""
    open_store(settings)
    try:
        with connection(), translated():
            return {t._meta.table_name: int(t.select().count()) for t in TABLES}
    finally:
        close_store()


def _run(settings: StoreSettings, program: str, *arguments: str, database: bool = True) -> str:
    """One of PostgreSQL's programs. The password goes by the environment, not by the command line."""
    parts = urlsplit(settings.url)
    environment = dict(os.environ)
    password = first_line(settings.password_file) if settings.password_file else parts.password
    if password:
        environment["PGPASSWORD"] = password
    words = [program, *arguments]
    if database:
        words += ["--dbname", parts.path.lstrip("/"), "--host", parts.hostname or "localhost"]
        words += ["--port", str(parts.port or 5432)] + (["--username", parts.username] if parts.username else [])
    try:
        ended = subprocess.run(words, env=environment, capture_output=True, text=True)
    except FileNotFoundError:
        raise ServiceUnavailable(f"{program} is not installed (apt install postgresql-client)") from None
    if ended.returncode:
        raise ServiceUnavailable(f"{program}: {' '.join(ended.stderr.split())[-300:]}")
    return ended.stdout


def _sync(path: Path) -> None:
    for one in (path, path.parent):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
