"""Roles of the service in processes of their own, to be killed: at random, at named points, all at the same time."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mailgate.crash import POINTS

ROLE_OF = {"smtp": "smtp", "accept": "smtp", "imap": "imap", "worker": "worker", "sender": "sender"}


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Gang:
    """One process a name: a role, several ("worker+sender"), or that with a number behind. Each is killed at will.

    Thread-safe as long as each name is used by one thread.
    """

    def __init__(self, environment: dict[str, str], log: Path, *, alarm_seconds: float = 60.0) -> None:
        self.environment, self._log, self._alarm_seconds = environment, log.open("ab"), alarm_seconds
        self._folder = Path(tempfile.mkdtemp(prefix="mailgate-gang-"))
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MAILGATE_")}
        command = [sys.executable, "-m", "tests.faults.forge", str(self._folder)]
        self._forge = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, env=clean, text=True
        )
        self._lock = threading.Lock()
        self.running: dict[str, int] = {}  # by name
        self.killed: Counter[str] = Counter()  # by point, or "random ROLE", or "starting ROLE"
        self.ended: Counter[str] = Counter()  # by themselves
        self.died_at: dict[str, list[float]] = defaultdict(list)

    @property
    def deaths(self) -> list[float]:
        """When any of them died."""
        return [moment for times in self.died_at.values() for moment in times]

    def start(self, name: str, crash: str = "", **environment: str) -> None:
        roles = name.rstrip("0123456789").split("+")
        order = {
            "roles": roles,
            "environment": self.environment | environment,
            "crash": crash,
            "alarm_seconds": self._alarm_seconds,
        }
        assert self._forge.stdin is not None
        assert self._forge.stdout is not None
        with self._lock:
            self._forge.stdin.write(json.dumps(order) + "\n")
            self._forge.stdin.flush()
            self.running[name] = int(self._forge.stdout.readline())

    def kill(self, name: str) -> None:
        """At whatever it is doing. What had ended before is no kill."""
        doing = "random" if self._left(name, "ready") else "starting"
        try:
            os.kill(self.running[name], 9)
        except ProcessLookupError:
            self.ended[name] += 1
            return
        self._wait(name, 60)
        self._count(f"{doing} {name.rstrip('0123456789')}", name)

    def crash(self, name: str, point: str, times: int, patience: float) -> None:
        """Start it so that it dies at a point; it is killed at random when nothing came that way in time."""
        self.start(name, f"{point}:{times}")
        if not self._wait(name, patience):
            self.kill(name)
        elif self._left(name, "ended"):
            self.ended[name] += 1
        else:
            self._count(point, name)

    def _count(self, how: str, name: str) -> None:
        with self._lock:
            self.killed[how] += 1
        self.died_at[name].append(time.time())

    def await_ready(self, name: str, patience: float) -> bool:
        """Until it serves; False when it ended before, or takes too long."""
        deadline = time.monotonic() + patience
        while not self._left(name, "ready"):
            if time.monotonic() > deadline or not is_alive(self.running[name]):
                return False
            time.sleep(0.005)
        return True

    def _left(self, name: str, mark: str) -> bool:
        return (self._folder / f"{self.running[name]}.{mark}").exists()

    def _wait(self, name: str, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while is_alive(self.running[name]):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.005)
        return True

    def revive(self) -> None:
        """Start again what ended by itself, as systemd would."""
        for name, pid in list(self.running.items()):
            if not is_alive(pid):
                self.ended[name] += 1
                self.start(name)

    def close(self) -> None:
        for name, pid in self.running.items():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, 15)
            if not self._wait(name, 40):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
        assert self._forge.stdin is not None
        assert self._forge.stdout is not None
        self._forge.stdin.close()
        self._forge.stdout.close()
        self._forge.wait(20)
        self._log.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def kill_many(gang: Gang, kills: int, names: Sequence[str], *, seconds: float, patience: float = 5.0) -> None:
    """Every one of them again and again and all at the same time, so many kills in all or what the time allows."""
    until = time.monotonic() + seconds
    shares = [kills // len(names) + (place < kills % len(names)) for place in range(len(names))]
    with ThreadPoolExecutor(len(names)) as pool:
        jobs = [
            pool.submit(_kill_one, gang, name, share, random.Random(name), until, patience)
            for name, share in zip(names, shares, strict=True)
        ]
        for job in jobs:
            job.result()


def _kill_one(gang: Gang, name: str, kills: int, chance: random.Random, until: float, patience: float) -> None:
    """Every other time at a named point, else at random: mostly at work, sometimes while it starts."""
    role = name.rstrip("0123456789")
    points = itertools.cycle([point for point in POINTS if ROLE_OF[point.partition("-")[0]] == role])
    for serial in range(kills):
        if time.monotonic() > until:
            break
        if serial % 2 == 0:
            gang.crash(name, next(points), chance.randint(1, 2), patience)
            continue
        gang.start(name)
        if chance.random() < 0.9:
            gang.await_ready(name, 60)
        time.sleep(chance.uniform(0.0, 0.8))
        gang.kill(name)
    gang.start(name)
