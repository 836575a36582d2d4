"""Threads share two heaps: what one gave back, another can use (``running.share_memory``)."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

# Eight threads that hold memory at the same time; then glibc tells its heaps (malloc_stats(3), on standard error).
EIGHT_AT_ONCE = """
import ctypes, sys, threading
if "shared" in sys.argv:
    from mailgate.running import share_memory
    share_memory()
together, libc = threading.Barrier(8), ctypes.CDLL(None)

def hold():
    together.wait()
    libc.malloc(2000)
    if together.wait() == 0:
        libc.malloc_stats()
    together.wait()

threads = [threading.Thread(target=hold) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def heaps(*words: str) -> int:
    told = subprocess.run(
        [sys.executable, "-c", EIGHT_AT_ONCE, *words], check=True, capture_output=True, text=True, timeout=120
    )
    return told.stderr.count("Arena ")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_stats"), reason="no glibc")
def test_eight_threads_share_two_heaps() -> None:
    assert heaps("shared") == 2
    assert heaps() > 2  # or the line above shows nothing
