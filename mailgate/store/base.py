"""Opening the store, its connections and its transactions, alike on SQLite and PostgreSQL.

One store a process. Each thread that uses it holds its own connection: ``with connection(): …``. Whatever the engine
says when it cannot be reached, is locked, or its disk is full becomes ``StoreUnavailable``: temporary, nothing lost.
"""

from __future__ import annotations

import contextlib
import fcntl
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import peewee
from playhouse.migrations import Runner

from mailgate.errors import ConfigError, StoreUnavailable
from mailgate.settings import Store as StoreSettings
from mailgate.settings import first_line
from mailgate.store.models import database
from mailgate.store.turnstile import Turnstile

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_SECONDS = 10
# A server that vanished without a word (power, network) is given up after half a minute and not after hours.
SILENCE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4, "tcp_user_timeout": 30_000}
PATIENCE = 60.0  # seconds: one that acknowledges everything and answers nothing; nothing of a service takes so long
# WAL-reset corruption was mended here; pysqlite3 brings a newer one.
SAFE_SQLITE = (3, 51, 3)
_opened: list[StoreSettings] = []
_closing: list[Callable[[], object]] = []
_turnstiles: list[Turnstile] = []  # of the store that is open, when it is SQLite
# What an engine says when somebody has to mend it first. Not "malformed": so SQLite calls what it once could not read.
_LASTING = re.compile("not a database|authentication failed|pg_hba.conf|(database|role) .* does not exist")


def open_store(settings: StoreSettings, *, migrate: bool = True, patience: float | None = None) -> None:
    """Point the models at a database and bring its tables up to date, however long that takes.

    ``patience``: seconds after which a PostgreSQL that does not answer a statement is one that cannot serve.

    Raises ConfigError (no driver, bad path) or StoreUnavailable (cannot be reached, is no database).
    """
    if database.obj is not None:
        close_store()
    database.initialize(_engine(settings))
    _opened.append(settings)
    del _opened[:-1]
    if migrate:
        with connection():
            migrate_up()
    if not is_sqlite():
        database.obj.patience = patience


def opened() -> StoreSettings:
    """The settings of the store that is open."""
    return _opened[-1] if _opened else StoreSettings()


def at_close(close: Callable[[], object]) -> None:
    """Have something that was opened beside the store closed with it."""
    _closing.append(close)


def close_store() -> None:
    """Forget the database of this process; threads close their own connections."""
    for close in _closing:
        close()
    if database.obj is not None and not database.is_closed():
        database.close()
    database.initialize(None)
    while _turnstiles:
        _turnstiles.pop().close()


def _engine(settings: StoreSettings) -> peewee.Database:
    if settings.url.startswith("sqlite:///"):
        return _sqlite(settings.url.removeprefix("sqlite:///"))
    return _postgresql(settings)


def _sqlite(name: str) -> peewee.Database:
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(f"store.url: cannot make the folder {path.parent}: {error.strerror}") from error
    _turnstiles.append(Turnstile(name, BUSY_SECONDS))
    return peewee.SqliteDatabase(
        str(path),
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": 1,
            "busy_timeout": BUSY_SECONDS * 1000,
            # Else what is erased, or only moved within the file, can still be read there (3 % of the whole road).
            "secure_delete": 1,
        },
        timeout=BUSY_SECONDS,
        lock_type="IMMEDIATE",  # a deferred BEGIN fails at once when two processes read, then write
        autoconnect=False,
    )


def _postgresql(settings: StoreSettings) -> peewee.Database:
    try:
        from mailgate.store.patience import Database
    except ImportError as error:
        raise ConfigError("store.url names PostgreSQL: install mailgate[postgres] for its driver") from error
    parts = urlsplit(settings.url)
    options: dict[str, Any] = {"dbname": parts.path.lstrip("/"), "host": parts.hostname, "port": parts.port}
    options |= {"user": parts.username, "password": parts.password, "connect_timeout": BUSY_SECONDS}
    options |= SILENCE
    if settings.password_file:
        options["password"] = first_line(settings.password_file)
    options |= dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    chosen = {key: value for key, value in options.items() if value is not None}
    return Database(chosen.pop("dbname"), autoconnect=False, prefer_psycopg3=True, **chosen)


def answers() -> None:
    """Ask the engine for nothing. Raises StoreUnavailable."""
    with translated():
        database.execute_sql("SELECT 1").fetchone()


def is_sqlite() -> bool:
    return isinstance(database.obj, peewee.SqliteDatabase)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """What the engines raise when they cannot serve becomes StoreUnavailable."""
    try:
        yield
    except (peewee.DatabaseError, peewee.InterfaceError) as error:
        raise as_ours(error) from error


def as_ours(error: peewee.PeeweeException) -> Exception:
    """StoreUnavailable for what an engine says when it cannot serve; a mistake of the program stays what it is.

    Peewee hides a full disk behind "cannot rollback": the first error in the chain tells.
    """
    if isinstance(error, peewee.IntegrityError | peewee.ProgrammingError | peewee.DataError):
        return error
    told: BaseException = error
    while told.__context__ is not None:
        told = told.__context__
    words = str(told).strip() or type(told).__name__
    return StoreUnavailable(f"the database cannot serve: {words}", passing=not _LASTING.search(words))


@contextlib.contextmanager
def connection() -> Iterator[None]:
    """This thread's connection, opened now and closed after, unless it was open already."""
    with translated():
        opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened and not database.is_closed():
            database.close()


@contextlib.contextmanager
def lasting_connection() -> Iterator[None]:
    """This thread's connection, which stays open for its next question, unless something fails.

    For threads that are asked often: a new one costs ten times what an answer does. They ``disconnect`` at the end.
    """
    with translated():
        database.connect(reuse_if_open=True)
    try:
        yield
    except BaseException:
        disconnect()
        raise


def disconnect() -> None:
    """Close this thread's connection, if it has one."""
    if database.obj is not None and not database.is_closed():
        database.close()


@contextlib.contextmanager
def transaction() -> Iterator[None]:
    """All or nothing. A transaction inside another is a savepoint.

    SQLite has one writer: whoever wants to be it stands in a queue (see ``turnstile``).
    """
    inner = database.in_transaction()
    queue = _turnstiles[-1].turn() if _turnstiles and not inner else contextlib.nullcontext()
    with queue, translated(), _savepoint() if inner else database.atomic():
        yield


@contextlib.contextmanager
def _savepoint() -> Iterator[None]:
    """Peewee's, but of one name, so that no engine has to read a statement of a new name for each mail.

    SQL takes the latest of several of a name: one that was gone back to is released, or it would hide the one outside.
    """
    database.execute_sql("SAVEPOINT within")
    try:
        yield
    except BaseException:
        database.execute_sql("ROLLBACK TO SAVEPOINT within")
        database.execute_sql("RELEASE SAVEPOINT within")
        raise
    database.execute_sql("RELEASE SAVEPOINT within")


@contextlib.contextmanager
def brief_transaction() -> Iterator[None]:
    """One for leases, which on SQLite does not wait for the disk: a process that is killed loses none of it.

    When the machine loses its power the last ones may be undone; nobody has the mail or letter then, and it is taken
    again. PostgreSQL can go down without us, so there it is as durable as any. Belongs into no other transaction.
    """
    if not is_sqlite():
        with transaction():
            yield
        return
    with translated():
        database.execute_sql("PRAGMA synchronous = normal")
    try:
        with transaction():
            yield
    finally:
        with translated():
            database.execute_sql("PRAGMA synchronous = full")


def migrate_up() -> list[str]:
    """Apply what is pending; names of what was applied. Safe when several processes start at once."""
    if not pending_migrations():
        return []
    with translated(), _migration_lock():
        applied = list(Runner(database.obj, str(MIGRATIONS)).up())
    optimize()
    return applied


def optimize() -> None:
    """Let SQLite look how its tables have grown, or it takes the wrong index; PostgreSQL looks by itself."""
    if is_sqlite():
        with translated():
            database.execute_sql("PRAGMA analysis_limit = 400")  # a look, no full scan
            database.execute_sql("PRAGMA optimize = 0x10002")


def pending_migrations() -> list[str]:
    """Names of migrations not yet applied."""
    with translated():
        return [row.name for row in Runner(database.obj, str(MIGRATIONS)).status() if row.applied is None]


def newer_migrations() -> list[str]:
    """Names of what a newer mailgate has applied here: this one may write what that one does not expect."""
    with translated():
        return [row.name for row in Runner(database.obj, str(MIGRATIONS)).status() if row.path is None]


@contextlib.contextmanager
def _migration_lock() -> Iterator[None]:
    """One process migrates, the others wait: by a lock of PostgreSQL's, or by the file beside SQLite's."""
    if is_sqlite():
        with Path(f"{database.obj.database}.migrating").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with database.atomic():
        database.execute_sql("SELECT pg_advisory_xact_lock(7240001)")
        yield
