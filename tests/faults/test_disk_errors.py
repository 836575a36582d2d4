"""A disk that answers EIO now and then, to reads, writes and syncs of the store: libfiu fails the very system calls.

Long form only (``make faults``).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mailgate.settings import Store
from mailgate.store.base import close_store, connection, open_store
from tests.faults.pour import Pour, found_people, free_port, judge, quiet_within, relay, settings_for

MAILS = 70
CALLS = ("posix/io/rw/pwrite", "posix/io/rw/pread", "posix/io/sync/fsync", "posix/io/sync/fdatasync")
CHANCE, EIO = 0.004, 5


def test_a_disk_that_fails_now_and_then_loses_and_doubles_nothing(
    migrated_sqlite: Path, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("the long form only: --long")
    if shutil.which("fiu-run") is None:
        pytest.skip("libfiu is not installed (apt install fiu-utils)")
    shutil.copyfile(migrated_sqlite, tmp_path / "mailgate.db")
    store, port, control = f"sqlite:///{tmp_path}/mailgate.db", free_port(), str(tmp_path / "fiu")
    open_store(Store(url=store))
    with connection():
        found_people()
    with relay() as counting, (tmp_path / "log").open("wb") as log:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MAILGATE_")}
        environment = clean | settings_for(store, counting.port, port)
        words = ["fiu-run", "-x", "-f", control, sys.executable, "-m", "mailgate", "serve"]
        process = subprocess.Popen(words, env=environment, stderr=log)

        def fiu(command: str) -> None:
            for call in CALLS:
                order = ["fiu-ctrl", "-f", control, "-c", command.format(call), str(process.pid)]
                subprocess.run(order, check=True, capture_output=True, timeout=60)

        try:
            pour = Pour(port, None, senders=3)
            pour.wait_for(5)
            fiu(f"enable_random name={{}},probability={CHANCE},failinfo={EIO}")
            pour.wait_for(MAILS)
            fiu("disable name={}")
            pour.stop()
            quiet = quiet_within(pour, 300)
            assert process.poll() is None, "the service ended"
            process.send_signal(signal.SIGTERM)
            status = process.wait(40)
        finally:
            process.kill()
            process.wait()
    told = (tmp_path / "log").read_text(errors="replace")
    with connection():
        verdict = judge(pour, counting, [])
    close_store()
    failures = told.count("disk I/O error") + told.count("malformed")  # SQLite's word for pages it could not read
    with capsys.disabled():
        print(f"\n{failures} times EIO was told of: {verdict}; refusals {dict(pour.refusals)}")
    assert failures > 5, "nothing failed; the test showed nothing"
    assert quiet
    assert (verdict.lost, verdict.doubled, verdict.unsent) == (set(), {}, 0)
    assert all(code < 500 for code in pour.refusals), pour.refusals
    assert "quarantined" not in told
    assert status == 0
