"""Mail in to ticket, comment and rendered letter committed, in one process: ``tests.bench.work``, once a run."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

from tests.bench import desk
from tests.bench import peers as others
from tests.bench.figures import Absent, Figure

_MIX = re.compile(r"^mix\s+\d+ mails\s+([\d.]+) a second\s+([\d.]+) ms", re.MULTILINE)


def measure(runs: int, peers: bool, mails: int = 300) -> Iterator[Figure | Absent]:
    workload = desk.workload()
    if workload is None:
        yield Absent("mix", "the shared workload (bench/gen.py) is absent")
        return
    command = [sys.executable, "-m", "tests.bench.work", "--mails", str(mails)]
    rates, spent = [], []
    for _ in range(runs):
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = _MIX.search(told)
        assert found is not None, told
        rates.append(float(found[1]))
        spent.append(float(found[2]))
    yield Figure(others.WHAT, rates, cpu=spent, goal="≥ 5 × the best peer, ≤ 3 ms")
    if peers:
        yield from others.measure(workload, runs, mails)
