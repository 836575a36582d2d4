"""What the benches ask of the machine: processor and memory of process trees, programs run and waited for."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType

TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
    return found


def processor(pids: list[int]) -> float:
    """Seconds of processor that these have used, with those of their children that have ended.

    Their own to the nanosecond, by the clock that Linux keeps for each process (clock_getcpuclockid(3)): what
    ``/proc`` tells is in hundredths, too coarse for a few mails.
    """
    spent = 0.0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            spent += time.clock_gettime(~pid << 3 | 2) + sum(int(ticks) for ticks in fields[13:15]) / TICK
    return spent


def memory(pids: list[int]) -> float:
    """Megabytes of these together, pages that they share counted once (PSS)."""
    octets = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    octets += int(line.split()[1]) * 1024
    return octets / 2**20


def memory_at_rest(pid: int) -> float:
    """Megabytes of a process and those below it, once two looks half a second apart are alike."""
    before, now = 0.0, memory(tree(pid))
    deadline = time.monotonic() + PATIENCE
    while abs(now - before) > 1 and time.monotonic() < deadline:
        time.sleep(0.5)
        before, now = now, memory(tree(pid))
    return now


class Peak:
    """The most memory of a process and those below it, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._pid, self._over = pid, threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.megabytes = max(self.megabytes, memory(tree(self._pid)))

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()


def as_installed(folder: Path) -> dict[str, str]:
    """Has Python keep compiled modules (in that folder), as those of an installed package are."""
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder)}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Until somebody listens. Ends the program when that takes too long, or the process has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and (process is None or process.poll() is None):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    sys.exit(f"nobody listens on port {port}")


@contextlib.contextmanager
def serving(environment: Mapping[str, str], log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """``mailgate serve`` in a process of its own; what it logs is written to a file, as a service manager would."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "mailgate", "serve", *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
