"""Mail in to ticket, comment and rendered letter committed: ours in one process, and other help desks, by turns.

All acknowledge each mail to who wrote it, and write nothing else; ours once more with an agent, who gets each mail in
full. In each turn ``tests.bench.work`` has a new desk and the peers go on with theirs, which are set up before the
first one: a turn is short, and a slow minute of the host is slow for all.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from tests.bench import desk
from tests.bench.figures import OURS, Absent, Figure
from tests.bench.peers import Cost, Helpdesk, Peer, Roundup, Unable, once, warm_up
from tests.bench.request_tracker import RequestTracker

WHAT, AND_TOLD = "mix, accepted to letters committed", "the same, and an agent told of each mail"
PEERS: tuple[type[Peer], ...] = (Roundup, Helpdesk, RequestTracker)
_MIX = re.compile(r"^mix\s+\d+ mails\s+([\d.]+) a second\s+([\d.]+) ms", re.MULTILINE)


def measure(runs: int, peers: bool, mails: int = 300) -> Iterator[Figure | Absent]:
    workload = desk.workload()
    if workload is None:
        yield Absent("mix", "the shared workload (bench/gen.py) is absent")
        return
    ours, told = list[Cost](), list[Cost]()
    theirs: dict[Peer, list[Cost]] = {}
    with contextlib.ExitStack() as ending:
        for kind in PEERS if peers else ():
            peer = kind()
            try:
                _set_up(peer, workload, ending)
            except Unable as why:
                yield Absent(peer.name, str(why))
            else:
                theirs[peer] = []
        for turn in range(runs):
            ours.append(_ours(mails, agents=0))
            told.append(_ours(mails, agents=1))
            for peer in list(theirs):
                try:
                    theirs[peer].append(once(peer, workload, turn, mails))
                except Unable as why:
                    yield Absent(peer.name, str(why))
                    del theirs[peer]
    yield _figure(OURS, ours, "≥ 5 × the best peer, ≤ 3 ms")
    yield from (_figure(peer.name, costs) for peer, costs in theirs.items())
    yield Figure(AND_TOLD, [cost.rate for cost in told], cpu=[cost.spent for cost in told])


def _set_up(peer: Peer, workload: ModuleType, ending: contextlib.ExitStack) -> None:
    peer.set_up(Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="peer-"))), ending)
    warm_up(peer, workload)


def _figure(who: str, costs: list[Cost], goal: str = "") -> Figure:
    return Figure(WHAT, [cost.rate for cost in costs], cpu=[cost.spent for cost in costs], goal=goal, who=who)


def _ours(mails: int, agents: int) -> Cost:
    command = [sys.executable, "-m", "tests.bench.work", "--mails", str(mails), "--agents", str(agents)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = _MIX.search(told)
    assert found is not None, told
    return Cost(float(found[1]), float(found[2]))
