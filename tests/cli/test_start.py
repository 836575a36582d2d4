"""How soon the gateway listens: what it loads before its port is open."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

SLOW = {
    "babel", "holidays.countries", "icalendar", "imapclient", "inscriptis", "jinja2", "lxml", "mailparser", "mistune",
    "phonenumbers", "prometheus_client", "psycopg.pq", "puremagic", "rich.console", "snowballstemmer",
}  # fmt: skip
_LOADED = re.compile(r"import time:\s+\d+ \|\s+\d+ \|\s+(\S+)")


def _loaded(lines: Iterable[str], until: str) -> set[str]:
    """The modules named before a line with that word."""
    found = set()
    for line in lines:
        if until in line:
            return found
        if named := _LOADED.match(line):
            found.add(named[1])
    raise AssertionError(f"never said {until}")


def test_the_port_is_open_before_anything_is_loaded_that_only_reads_and_answers(tmp_path: Path) -> None:
    settings = {
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
        "MAILGATE_STORE_URL": f"sqlite:///{tmp_path}/mailgate.db",
        "MAILGATE_RELAY_MAILDIR": str(tmp_path / "letters"),
        "MAILGATE_SMTP_PORT": "0",
    }
    command = [sys.executable, "-X", "importtime", "-m", "mailgate", "serve"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILGATE_")}
    with subprocess.Popen(command, env=kept | settings, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            assert _loaded(process.stderr, until='"listening"') & SLOW == set()
            assert "jinja2" in _loaded(process.stderr, until='"serving"')  # the rest comes, too
        finally:
            process.terminate()
