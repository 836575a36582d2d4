"""On a real terminal: bars, questions, colours, tables that fit; and none of that where there is none."""

from __future__ import annotations

import os
import pty
import re
import select
import struct
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(*arguments: str, typed: str = "", columns: int = 80, **environment: str) -> tuple[int, str]:
    """Run a command on a terminal of its own; gives its status and everything it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = {**inherited, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment}
        os.execve(sys.executable, [sys.executable, "-m", "mailgate", *arguments], environment)
    os.write(terminal, typed.encode())
    shown = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # the command has ended
            break
        if not piece:
            break
        shown += piece
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode().replace("\r\n", "\n")


@pytest.fixture
def mails(mailgate, folder: Path) -> Path:
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme " * 12, "--contact", "ana@acme.co")
    path = folder / "mail.eml"
    path.write_text(
        f"From: ana@acme.co\nTo: soporte@localhost.localdomain\nSubject: {'largo ' * 30}\nMessage-ID: <1@x>\n\nHola.\n"
    )
    return path


def test_a_bar_while_it_works(mails: Path) -> None:
    status, shown = on_terminal("ingest", str(mails))
    assert status == 0
    assert "Accepting" in shown
    assert "100%" in shown


def test_no_bar_and_no_colour_where_nobody_looks(shell, mails: Path) -> None:
    told = shell("ingest", mails)
    assert told.err == ""
    assert "\x1b" not in told.out + shell("client", "list").out


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_tables_fit(mails: Path, columns: int) -> None:
    _, shown = on_terminal("client", "list", columns=columns)
    lines = COLOUR.sub("", shown).splitlines()
    assert any("ACME01" in line for line in lines)
    assert max(len(line) for line in lines) <= columns


def test_no_color_is_respected(mails: Path) -> None:
    assert "\x1b[3" not in on_terminal("client", "list", NO_COLOR="1")[1]


def test_a_question_before_something_is_lost(mailgate, mails: Path) -> None:
    mails.write_text("From: nadie@otra.co\nTo: soporte@localhost.localdomain\nSubject: x\nMessage-ID: <2@x>\n\nHola.\n")
    mailgate("ingest", mails)
    assert mailgate("stats", "--json").json["held"] == 1
    status, shown = on_terminal("held", "reject", "--all", typed="n\n")
    assert "Reject 1 of the held mails?" in shown
    assert status != 0
    assert mailgate("stats", "--json").json["held"] == 1
    assert on_terminal("held", "reject", "--all", typed="y\n")[0] == 0
    assert mailgate("stats", "--json").json["held"] == 0


def test_init_asks_for_what_every_desk_needs(folder: Path) -> None:
    answers = ["Soporte Acme", "Acme S.A.S.", "soporte@acme.co", "", "mta", ""]
    status, shown = on_terminal("init", "--no-check", typed="\n".join(answers) + "\n", LANGUAGE="es")
    assert status == 0, shown
    text = (folder / "mailgate.toml").read_text()
    assert 'name = "Soporte Acme"' in text
    assert 'address = "soporte@acme.co"' in text
    assert '# language = "es"' in text, "what is the default stays a comment"
