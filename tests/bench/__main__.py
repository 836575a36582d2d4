"""``python -m tests.bench [NAME …]``: every figure, one table. ``make bench ARGS=--peers`` with the others beside us.

Runs alternate between ours and the peers', so that a busy machine is busy for all of them; each figure is the median.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
import time
from collections.abc import Callable, Iterator

import structlog

from tests.bench.figures import Absent, Figure, table

MEASURES = ("accept", "understand", "mix", "whole", "start", "imap", "two_workers")
Measure = Callable[[int, bool], Iterator[Figure | Absent]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(MEASURES)}; all when none is named")
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--peers", action="store_true", help="others beside us: installed when first asked for")
    asked = parser.parse_args()
    if wrong := set(asked.names) - set(MEASURES):
        parser.error(f"there is no {', '.join(sorted(wrong))}; there are {', '.join(MEASURES)}")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    found: list[Figure | Absent] = []
    for name in asked.names or MEASURES:
        measure: Measure = importlib.import_module(f"tests.bench.{name}").measure
        began = time.monotonic()
        found += measure(asked.runs, asked.peers)
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(table(found))


if __name__ == "__main__":
    main()
