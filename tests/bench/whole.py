"""The whole road of a real ``mailgate serve``: SMTP in, ticket or comment, acknowledgement, SMTP out to a local sink.

First as fast as it goes (mails a second, processor, memory of all its processes), then at half that pace, mail by mail:
how long from the dot of a mail to the dot of its letter.
"""

from __future__ import annotations

import contextlib
import smtplib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench import desk, machine
from tests.bench.figures import Absent, Figure
from tests.bench.peers import Cost, Helpdesk, Peer, Roundup, Unable, once, warm_up

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
        self.port, self.pid = int(self._process.stdout.readline()), self._process.pid
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
    return [_mail(workload.make_new(i, desk.ADDRESS, i % 7 == 6)) for i in range(first, first + count)]


def replies(folder: Path, count: int) -> list[Mail]:
    """Of the shared mix: one in each of the latest tickets, so that each is acknowledged."""
    workload = desk.workload()
    assert workload is not None
    with contextlib.closing(sqlite3.connect(f"file:{folder}/mailgate.db?mode=ro", uri=True)) as store:
        latest = store.execute("SELECT id, subject FROM ticket ORDER BY id DESC LIMIT ?", (count,)).fetchall()
    made = []
    for number, subject in latest:
        opened = int(subject.partition("ref. ")[2][:6])
        made.append(_mail(workload.make_reply(opened, f"[#{number}]", number, desk.ADDRESS)))
    return made


def _mail(raw: bytes) -> Mail:
    name, sender = (
        raw.partition(mark)[2].partition(b">")[0].decode() for mark in (b"Message-ID: <", b"Return-Path: <")
    )
    return name, sender, raw


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
def gateways(folder: Path, sink: Sink, roles: Sequence[Sequence[str]] = ((),), agents: int = 1) -> Iterator[list[int]]:
    """(SMTP port, process ids …) of gateways over one store, each with its roles (all of them when it names none)."""
    port = machine.free_port()
    relay = {"relay_kind": "smtp", "relay_host": "127.0.0.1", "relay_port": str(sink.port), "relay_tls": "none"}
    settings = desk.environment(folder, port, **relay)
    desk.found(settings, agents)
    with contextlib.ExitStack() as stack:
        started = []
        for number, some in enumerate(roles):
            arguments = [word for role in some for word in ("--role", role)]
            started.append(stack.enter_context(machine.serving(settings, folder / f"log{number}", *arguments)))
        machine.wait_for(port, started[0])
        yield [port, *(process.pid for process in started)]


ALONE, APART = ((),), (("worker",), ("smtp", "sender", "clock"))  # its second port opens last: then both are there
NAMES = {ALONE: "one gateway", APART: "roles apart"}
PEERS: tuple[type[Peer], ...] = (Roundup, Helpdesk)
GOAL = "≥ 8 × the best peer, two cores"


def measure(runs: int, peers: bool, mails: int = 300) -> Iterator[Figure | Absent]:
    if desk.workload() is None:
        yield Absent("whole road", "the shared workload (bench/gen.py) is absent")
        return
    with contextlib.ExitStack() as ending:
        roads = [ending.enter_context(open_road(roles, agents=0)) for roles in NAMES]
        yield from _beside_peers(roads, runs, mails, PEERS if peers else (), ending)
    for roles, which in NAMES.items():
        with open_road(roles, agents=1) as road:
            for turn in range(runs):
                road.run(turn, mails)
            yield road.figure(f"mix, SMTP in to letter out, {which}, an agent told")
            if roles is ALONE:
                yield Figure("memory of one gateway, at work", road.peaks, "MB", goal="≤ 250 MB")
                yield Figure("memory of one gateway, after work", [machine.memory(machine.tree(road.pids[0]))], "MB")
                yield from _latency(road, runs, mails, statistics.median(road.rates) / 2)


def _beside_peers(
    roads: Sequence[Road], runs: int, mails: int, peers: Sequence[type[Peer]], ending: contextlib.ExitStack
) -> Iterator[Figure | Absent]:
    """Turn by turn: each of our roads, then each peer, whose letters go to a sink too; their mails come by no SMTP."""
    workload = desk.workload()
    assert workload is not None
    sink = ending.enter_context(Sink())
    theirs: dict[Peer, list[Cost]] = {}
    for kind in peers:
        peer = kind()
        try:
            peer.set_up(Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="peer-"))), ending, sink.port)
            warm_up(peer, workload)
        except Unable as why:
            yield Absent(peer.name, str(why))
        else:
            theirs[peer] = []
    beside = [sink.pid, *(pid for road in roads for pid in (road.sink.pid, *road.pids))]
    for turn in range(runs):
        for road in roads:
            road.run(turn, mails)
        for peer, costs in theirs.items():
            costs.append(once(peer, workload, turn, mails, beside))
    for road, which in zip(roads, NAMES.values(), strict=True):
        what = f"mix, SMTP in to letter out, {which}"
        yield road.figure(what)
        for peer, costs in theirs.items():
            yield Figure(what, [cost.rate for cost in costs], cpu=[cost.spent for cost in costs], who=peer.name)


def _latency(road: Road, runs: int, mails: int, rate: float) -> Iterator[Figure]:
    """Of new mails, so many a second: from the dot of a mail to the dot of its letter."""
    waits: list[float] = []
    for run in range(runs):
        sent = send(road.port, new_mails(FIRST + 100_000 + 1000 * run, min(mails, 200)), 1 / rate)
        road.sink.wait_for(list(sent))
        waits += [(road.sink.came[mail] - sent[mail]) * 1000 for mail in sent]
    waits.sort()
    for share, goal in ((50, "≤ 40 ms"), (99, "≤ 250 ms")):
        middle = waits[min(len(waits) - 1, len(waits) * share // 100)]
        yield Figure(f"mail to letter at half load, p{share}", [middle], "ms", goal=goal)


class Road:
    """Gateways at work; of each run so far: mails a second, milliseconds of processor a mail, megabytes of the first
    process's tree.
    """

    def __init__(self, sink: Sink, folder: Path, port: int, pids: Sequence[int]) -> None:
        self.sink, self.port, self.pids = sink, port, pids
        self.rates, self.spent, self.peaks = list[float](), list[float](), list[float]()
        self._folder = folder

    def warm_up(self) -> None:
        """Its templates and its reader."""
        answered(self.sink, self.port, new_mails(FIRST, 40))
        answered(self.sink, self.port, replies(self._folder, 20))

    def run(self, turn: int, mails: int) -> None:
        """Of ten mails seven new, then three replies, as in ``tests.bench.work``."""
        opening, before = new_mails(FIRST + 1000 * (turn + 1), mails * 7 // 10), self._processor()
        with machine.Peak(self.pids[0]) as peak:
            seconds = answered(self.sink, self.port, opening)
            answers = replies(self._folder, mails * 3 // 10)
            seconds += answered(self.sink, self.port, answers)
        count = len(opening) + len(answers)
        self.rates.append(count / seconds)
        self.spent.append((self._processor() - before) * 1000 / count)
        self.peaks.append(peak.megabytes)

    def figure(self, what: str) -> Figure:
        return Figure(what, self.rates, cpu=self.spent, goal=GOAL)

    def _processor(self) -> float:
        return sum(machine.processor(machine.tree(pid)) for pid in self.pids)


@contextlib.contextmanager
def open_road(roles: Sequence[Sequence[str]], agents: int) -> Iterator[Road]:
    """Gateways over a new store, with a sink of their own; warm."""
    with tempfile.TemporaryDirectory() as name, Sink() as sink:
        folder = Path(name)
        with gateways(folder, sink, roles, agents) as (port, *pids):
            road = Road(sink, folder, port, pids)
            road.warm_up()
            yield road


def answered(sink: Sink, port: int, mails: Sequence[Mail]) -> float:
    """Seconds until the letter of every one of them has come."""
    began = time.monotonic()
    sink.wait_for(list(send(port, mails)))
    return time.monotonic() - began
