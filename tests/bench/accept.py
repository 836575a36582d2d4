"""Durable accept by SMTP: ``mailgate serve --role smtp``, and Postfix (queue, then discard) beside it.

Each mail is durable before its 250. The client is Postfix's own ``smtp-source`` with eight connections: once with a
connection for each mail, once with many mails a connection. The processor's time is that of the whole server.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import desk, machine
from tests.bench.figures import OURS, Absent, Figure
from tests.servers import postfix

CONNECTIONS = 8
OCTETS = 4000
WAYS = {"a mail a connection": [], "many mails a connection": ["-d"]}


def measure(runs: int, peers: bool, mails: int = 2000) -> Iterator[Figure | Absent]:
    if shutil.which("smtp-source") is None:
        yield Absent("accept by SMTP", "smtp-source (Postfix) is not installed")
        return
    with contextlib.ExitStack() as stack:
        servers = {OURS: stack.enter_context(_ours())}
        if why := postfix.why_not():
            yield Absent("accept by SMTP, Postfix", why)
        elif peers:
            servers["Postfix"] = stack.enter_context(postfix.discarding("bench.example"))
        for way, options in WAYS.items():
            rates: dict[str, list[float]] = {who: [] for who in servers}
            spent: dict[str, list[float]] = {who: [] for who in servers}
            for port, _ in servers.values():
                send(port, 200, options)
            for _ in range(runs):
                for who, (port, pid) in servers.items():
                    before = machine.processor(machine.tree(pid))
                    rates[who].append(mails / send(port, mails, options))
                    spent[who].append((machine.processor(machine.tree(pid)) - before) * 1000 / mails)
            for who in servers:
                goal = "≥ Postfix" if who == OURS else ""
                yield Figure(f"accept by SMTP, {way}", rates[who], cpu=spent[who], goal=goal, who=who)


@contextlib.contextmanager
def _ours() -> Iterator[tuple[int, int]]:
    """(port, process id) of our listener."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), machine.free_port()
        settings = desk.environment(folder, port)
        with machine.serving(settings, folder / "log", "--role", "smtp") as process:
            machine.wait_for(port, process)
            yield port, process.pid


def send(port: int, mails: int, options: list[str]) -> float:
    """Seconds until all are accepted; each mail has a Message-ID of its own."""
    command = ["smtp-source", "-s", str(CONNECTIONS), "-m", str(mails), "-l", str(OCTETS), *options]
    command += ["-f", "ana@cliente.example", "-t", desk.ADDRESS, f"127.0.0.1:{port}"]
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
