"""The machine's clock jumps a year ahead and a day back under a running service, far from UTC: work goes on, and
nothing bursts or expires. libfaketime lies to it; the monotonic clock stays honest, as a kernel's does.
"""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailgate.settings import Store
from mailgate.store import intake, outbox
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Intake, Outgoing, Ticket
from tests.faults.pour import author, found_people, free_port, mail, settings_for

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
PATIENCE = 90.0


class Liar:
    """``mailgate serve`` whose clock we set while it runs."""

    def __init__(self, folder: Path, store: str, offset: str = "+0") -> None:
        self._offset, self.port = folder / "offset", free_port()
        self.set(offset)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAILGATE_")}
        environment |= settings_for(store, 1, self.port, MAILGATE_RELAY_KIND="maildir")
        environment |= {
            "MAILGATE_RELAY_MAILDIR": str(folder / "letters"),
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._offset),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "TZ": "Pacific/Kiritimati",  # fourteen hours ahead: another date than the desk's for most of the day
        }
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self._process = subprocess.Popen([sys.executable, "-m", "mailgate", "serve"], env=environment, stderr=log)

    def set(self, offset: str) -> None:
        """Any new file is read whole or not at all."""
        new = self._offset.with_suffix(".new")
        new.write_text(offset + "\n")
        new.rename(self._offset)

    def takes(self, number: int) -> None:
        """A mail, and waits for its outcome and its letters."""
        deadline = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            assert self._process.poll() is None, self.log.read_text()[-3000:]
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as session:
                    session.sendmail(author(number), ["soporte@desk.co"], mail(number))
                break
            except OSError:
                time.sleep(0.05)
        while intake.outcomes().get("pending", 0) or outbox.counts()["queued"]:
            assert time.monotonic() < deadline, self.log.read_text()[-3000:]
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            assert self._process.wait(30) == 0
        finally:
            self._process.kill()
            self._process.wait()


def test_a_year_ahead_and_a_day_back_nothing_bursts_expires_or_stalls(
    migrated_sqlite: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("the long form only: --long")
    if not LIBRARIES:
        pytest.skip("libfaketime is not installed (apt install faketime)")
    shutil.copyfile(migrated_sqlite, tmp_path / "mailgate.db")
    store = f"sqlite:///{tmp_path}/mailgate.db"
    open_store(Store(url=store))
    with connection():
        found_people()
        now = datetime.now(UTC)
        waiting = {"requester": author(1), "desk_address": "soporte@desk.co", "language": "es", "status": "waiting"}
        for number in range(20):
            Ticket.create(subject=f"espera {number}", opened_at=now, updated_at=now - timedelta(minutes=1), **waiting)
        liar = Liar(tmp_path, store)
        try:
            liar.takes(1)
            for number, offset in ((2, "+365d"), (3, "-1d"), (4, "+0")):
                liar.set(offset)
                liar.takes(number)
        finally:
            liar.stop()
        late = Liar(tmp_path, store, "+365d")  # started in the wrong year
        try:
            late.takes(5)
        finally:
            late.stop()
        assert Ticket.select().where(Ticket.status == "waiting").count() == 20, "tickets expired"
        assert intake.outcomes() == {"ticket": 5}
        letters = Counter(row.letter for row in Outgoing.select())
        assert letters.pop("digest", 0) <= 1  # today's
        assert letters == {"acknowledgement": 5, "notice-new": 5}
        years = [row.received_at.year - now.year for row in Intake.select().order_by(Intake.id)]
        assert years == [0, 1, 0, 0, 1], "the clock was not turned; the test showed nothing"
    close_store()
