"""Memory that nobody uses is given back: heaps are shared (``running.share_memory``), circles taken apart."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
import threading
import time
import weakref
from typing import Any

import pytest

from mailgate import running

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


class Connection:
    """Which holds who holds it, as an old one of SMTP does."""

    def __init__(self) -> None:
        self.session = self


def test_an_old_circle_does_not_wait_for_millions_of_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "TIDY_SECONDS", 0.01)
    monkeypatch.delenv("WATCHDOG_USEC", raising=False)
    connection, stop, nobody = Connection(), threading.Event(), object()
    left = weakref.ref(connection)
    gc.collect()  # it lived long enough to count as old
    del connection
    assert left() is not None
    service: Any = nobody  # systemd does not watch, so it is asked nothing
    main = threading.Thread(target=running.live_until, args=(stop, service, threading.Event()))
    main.start()
    try:
        end = time.monotonic() + 60
        while left() is not None and time.monotonic() < end:
            time.sleep(0.01)
    finally:
        stop.set()
        main.join()
    assert left() is None
