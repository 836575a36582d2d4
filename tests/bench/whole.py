"""The whole road of a real ``mailgate serve``: SMTP in, ticket, acknowledgement, SMTP out to a local sink.

First as fast as it goes (mails a second, processor, memory of all its processes), then at half that pace, mail by mail:
how long from the dot of a mail to the dot of its letter.
"""

from __future__ import annotations

import contextlib
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import desk, machine
from tests.bench.figures import Absent, Figure

CONNECTIONS = 4
PATIENCE = 120.0
FIRST = 500_000  # of the mails' numbers


class Sink:
    """``with Sink() as sink``: when each letter came, by the Message-ID of the mail that it answers."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}

    def __enter__(self) -> Sink:
        command = [sys.executable, "-m", "tests.bench.sink"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self._thread = threading.Thread(target=self._listen, args=(self._process.stdout,))
        self._thread.start()
        return self

    def _listen(self, lines: Iterator[str]) -> None:
        for line in lines:
            moment, answered = line.split()
            self.came[answered] = float(moment)

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def wait_for(self, names: Sequence[str]) -> None:
        deadline = time.monotonic() + PATIENCE
        while any(name not in self.came for name in names):
            if time.monotonic() > deadline:
                sys.exit(f"{sum(name not in self.came for name in names)} of {len(names)} mails are not answered")
            time.sleep(0.01)


Mail = tuple[str, str, bytes]  # Message-ID, sender, octets


def new_mails(first: int, count: int) -> list[Mail]:
    """Of the shared mix: new cases, each seventh with a file."""
    workload = desk.workload()
    assert workload is not None
    made = []
    for i in range(first, first + count):
        raw = workload.make_new(i, desk.ADDRESS, i % 7 == 6)
        name = raw.partition(b"Message-ID: <")[2].partition(b">")[0].decode()
        made.append((name, raw.partition(b"Return-Path: <")[2].partition(b">")[0].decode(), raw))
    return made


def send(port: int, mails: Sequence[Mail], pace: float = 0.0) -> dict[str, float]:
    """Send them over a few connections, ``pace`` seconds from one to the next; when each was handed over whole."""
    sent: dict[str, float] = {}
    began = time.monotonic()

    def some(number: int) -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="mx.bench.example") as line:
            for place in range(number, len(mails), CONNECTIONS):
                name, sender, raw = mails[place]
                time.sleep(max(0.0, began + place * pace - time.monotonic()))
                sent[name] = time.monotonic()
                line.sendmail(sender, [desk.ADDRESS], raw)

    threads = [threading.Thread(target=some, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


@contextlib.contextmanager
def gateways(folder: Path, sink: Sink, roles: Sequence[Sequence[str]] = ((),), url: str = "") -> Iterator[list[int]]:
    """(SMTP port, process ids …) of gateways over one store, each with its roles (all of them when it names none)."""
    port = machine.free_port()
    relay = {"relay_kind": "smtp", "relay_host": "127.0.0.1", "relay_port": str(sink.port), "relay_tls": "none"}
    settings = desk.environment(folder, port, url, **relay)
    desk.found(settings)
    with contextlib.ExitStack() as stack:
        started = []
        for number, some in enumerate(roles):
            arguments = [word for role in some for word in ("--role", role)]
            started.append(stack.enter_context(machine.serving(settings, folder / f"log{number}", *arguments)))
        machine.wait_for(port, started[0])
        yield [port, *(process.pid for process in started)]


APART = (("worker",), ("smtp", "sender", "clock"))  # the second one's port opens last: then both are there


def measure(runs: int, peers: bool, mails: int = 200) -> Iterator[Figure | Absent]:
    if desk.workload() is None:
        yield Absent("whole road", "the shared workload (bench/gen.py) is absent")
        return
    with tempfile.TemporaryDirectory() as name, Sink() as sink, gateways(Path(name), sink, APART) as (port, *pids):
        rates, spent, _ = at_full_speed(sink, port, pids, runs, mails)
        yield Figure("SMTP in to letter out, roles apart", rates, cpu=spent, goal="≥ 8 × the best peer, two cores")
    with tempfile.TemporaryDirectory() as name, Sink() as sink, gateways(Path(name), sink) as (port, pid):
        rates, spent, peaks = at_full_speed(sink, port, [pid], runs, mails)
        yield Figure("SMTP in to letter out, one gateway", rates, cpu=spent, goal="≥ 8 × the best peer, two cores")
        yield Figure("memory of one gateway, at work", peaks, "MB", goal="≤ 250 MB")
        yield Figure("memory of one gateway, after work", [machine.memory(machine.tree(pid))], "MB")
        waits: list[float] = []
        pace = 2 / sorted(rates)[len(rates) // 2]
        for run in range(runs):
            some = new_mails(FIRST + 100_000 + 1000 * run, min(mails, 200))
            sent = send(port, some, pace)
            sink.wait_for(list(sent))
            waits += [(sink.came[mail] - sent[mail]) * 1000 for mail in sent]
        waits.sort()
        for share, goal in ((50, "≤ 40 ms"), (99, "≤ 250 ms")):
            middle = waits[min(len(waits) - 1, len(waits) * share // 100)]
            yield Figure(f"mail to letter at half load, p{share}", [middle], "ms", goal=goal)


def at_full_speed(
    sink: Sink, port: int, pids: Sequence[int], runs: int, mails: int
) -> tuple[list[float], list[float], list[float]]:
    """Of each run: mails a second, milliseconds of processor a mail, megabytes of all processes together."""

    def processor() -> float:
        return sum(machine.processor(machine.tree(pid)) for pid in pids)

    answered(sink, port, new_mails(FIRST, 40))  # warms templates and reader up
    rates, spent, peaks = [], [], []
    for run in range(runs):
        some, before = new_mails(FIRST + 1000 * (run + 1), mails), processor()
        with machine.Peak(pids[0]) as peak:
            rates.append(mails / answered(sink, port, some))
        spent.append((processor() - before) * 1000 / mails)
        peaks.append(peak.megabytes)
    return rates, spent, peaks


def answered(sink: Sink, port: int, mails: Sequence[Mail]) -> float:
    """Seconds until the letter of every one of them has come."""
    began = time.monotonic()
    sink.wait_for(list(send(port, mails)))
    return time.monotonic() - began
