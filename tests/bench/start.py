"""What is waited for and what it takes: the help, the first moment of listening, memory at rest, a mail of 25 MB."""

from __future__ import annotations

import base64
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench import desk, machine, whole
from tests.bench.figures import Absent, Figure

LARGE = 25_000_000  # octets as they travel


def measure(runs: int, peers: bool) -> Iterator[Figure | Absent]:
    with tempfile.TemporaryDirectory() as compiled:
        installed = machine.as_installed(Path(compiled))
        _start(installed)  # compiles all modules
        helped = [_help(installed) for _ in range(runs)]
        started = [_start(installed) for _ in range(runs)]
    yield Figure("mailgate --help", [seconds for seconds, _ in helped], "s", goal="≤ 0.4 s")
    yield Figure("mailgate --help, processor", [spent for _, spent in helped], "s")
    yield Figure("start to listening", [seconds for seconds, _, _ in started], "s", goal="≤ 1.5 s")
    yield Figure("start to listening, processor", [spent for _, spent, _ in started], "s")
    yield Figure("memory of one gateway, idle", [idle for _, _, idle in started], "MB", goal="≤ 120 MB")
    spent, above = [], []
    with (
        tempfile.TemporaryDirectory() as name,
        whole.Sink() as sink,
        whole.gateways(Path(name), sink) as (port, pid),
    ):
        whole.answered(sink, port, [_large(0, 1000)])
        for run in range(1, runs + 1):
            spent_now, above_now = _take_large(sink, port, pid, run)
            spent.append(spent_now)
            above.append(above_now)
    yield Figure("a mail of 25 MB, processor", spent, "s", goal="≤ 1 s")
    yield Figure("a mail of 25 MB, memory above rest", above, "MB", goal="≤ 120 MB")


def _help(installed: Mapping[str, str]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    began, spent = time.perf_counter(), _children()
    command = [sys.executable, "-m", "mailgate", "--help"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, **installed})
    return time.perf_counter() - began, _children() - spent


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _start(installed: Mapping[str, str]) -> tuple[float, float, float]:
    """(seconds until somebody listens, of the processor till then, megabytes at rest), over a store that is there."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), machine.free_port()
        settings = desk.environment(folder, port)
        desk.found(settings)
        began = time.perf_counter()
        with machine.serving({**installed, **settings}, folder / "log") as process:
            machine.wait_for(port, process)
            seconds, spent = time.perf_counter() - began, machine.processor([process.pid])
            return seconds, spent, machine.memory_at_rest(process.pid)


def _take_large(sink: whole.Sink, port: int, pid: int, run: int) -> tuple[float, float]:
    """(seconds of processor, megabytes above rest) of one large mail, from its first octet to its letter."""
    mail = _large(run, LARGE)
    rest = machine.memory_at_rest(pid)
    before = machine.processor(machine.tree(pid))
    with machine.Peak(pid) as peak:
        whole.answered(sink, port, [mail])
    return machine.processor(machine.tree(pid)) - before, peak.megabytes - rest


def _large(number: int, octets: int) -> whole.Mail:
    """A mail with one file in it, all together so large; another one for each number."""
    file = base64.encodebytes(number.to_bytes(4, "big") + bytes(octets * 3 // 4 - octets // 60)).replace(b"\n", b"\r\n")
    sender = f"cliente{number:05d}@correo01.example"
    head = (
        f"From: Ana <{sender}>\r\nTo: {desk.ADDRESS}\r\nSubject: Archivo {number}\r\n"
        f"Message-ID: <large{number}@correo01.example>\r\nDate: Wed, 25 Nov 2026 10:00:00 -0500\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAdjunto el archivo.\r\n"
        "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="a.bin"\r\n\r\n'
    )
    return f"large{number}@correo01.example", sender, head.encode() + file + b"--b--\r\n"
