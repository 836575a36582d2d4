"""A command on a terminal of its own: what a person sees there, and types when asked."""

from __future__ import annotations

import os
import pty
import select
import signal
import struct
import sys
import termios
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds without a word, on a busy machine
CTRL_C = "\x03"


def on_terminal(
    *arguments: str,
    typed: str = "",
    replies: Sequence[tuple[str, str]] = (),
    columns: int = 80,
    program: Sequence[str] = (sys.executable, "-m", "mailgate"),
    **environment: str,
) -> tuple[int, str]:
    """Run a command; gives its status and everything it showed.

    ``typed`` is there from the start. Each of ``replies`` is typed once its question is seen, one after the other.
    """
    pid, terminal = pty.fork()
    if pid == 0:
        ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = {**inherited, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment}
        os.execvpe(program[0], [*program, *arguments], environment)
    os.write(terminal, typed.encode())
    shown, looked, waiting = b"", 0, list(replies)
    while select.select([terminal], [], [], PATIENCE)[0]:
        try:
            piece = os.read(terminal, 65_536)
        except OSError:  # the command has ended
            break
        if not piece:
            break
        shown += piece
        while waiting and (at := shown.find(waiting[0][0].encode(), looked)) >= 0:
            looked = at + len(waiting[0][0].encode())
            os.write(terminal, waiting.pop(0)[1].encode())
    else:
        os.kill(pid, signal.SIGKILL)  # it waits for what nobody will type
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode(errors="replace").replace("\r\n", "\n")
