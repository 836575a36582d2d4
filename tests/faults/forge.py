"""``python -m tests.faults.forge``: starts roles of the service quickly, so that a test can kill a thousand of them.

Everything is imported once; each line of JSON on stdin is answered by a fork that serves some roles until it is killed:
``{"roles": ["smtp"], "environment": {…}, "crash": "smtp-stored:3"}`` → its pid. Leases are short, so that what a killed
process held is back within seconds.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from datetime import timedelta
from typing import Any

from mailgate import crash, logs, outbox, process
from mailgate.service import Service
from mailgate.settings import load

LEASE = timedelta(seconds=8)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps them
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            serve(order)
        print(pid, flush=True)


def serve(order: dict[str, Any]) -> None:
    """A service in this fresh process, until SIGTERM."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(0)
    os.open(os.devnull, os.O_RDONLY)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    process.LEASE = outbox.LEASE = LEASE
    outbox.RENEW = LEASE / 3
    logs.configure(json=True)
    name, _, times = order.get("crash", "").partition(":")
    crash.arm(name, int(times or 1))
    try:
        with Service(load(None, order["environment"]), order["roles"]):
            stop.wait()
    finally:
        sys.stderr.flush()
        os._exit(0 if stop.is_set() else 1)


if __name__ == "__main__":
    main()
