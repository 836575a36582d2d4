"""Several whole gateways on one PostgreSQL and one mailbox, thousands of mails at once, one killed each second.

Long form only (``make faults``): ``--mails`` says how many, 5,000 when it does not; ``-k 2`` or ``-k 4`` how many
gateways. How far it is stands on the screen every ten seconds; after ``LONGEST`` it ends, done or not.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mailgate.settings import Store
from mailgate.store import intake
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Intake
from tests.conftest import new_database
from tests.faults.gang import Gang
from tests.faults.pour import drop, found_people, free_port, judge, make_maildir, relay, settings_for, settle
from tests.servers import dovecot

LONGEST = 1500.0  # seconds of killing; what is left then is worked on by gateways that live
TELL_SECONDS = 10.0


@dataclass
class Waiting:
    """Mails that all lie in the mailbox before anybody looks."""

    dropped: set[int]
    acknowledged: set[int] = field(default_factory=set)


@pytest.mark.parametrize("gateways", [2, 4])
def test_of_many_gateways_on_one_mailbox_each_mail_is_a_comment_once(
    gateways: int, postgresql_url: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture
) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("the long form only: --long")
    if why := dovecot.missing():
        pytest.skip(why)
    mails = Waiting(set(range(int(request.config.getoption("--mails") or 5000))))
    url, chance = new_database(postgresql_url), random.Random(gateways)
    open_store(Store(url=url))
    with connection():
        found_people()
    with relay() as counting, dovecot.Dovecot() as server:
        maildir = server.mailbox_folder("desk")
        make_maildir(maildir)
        for number in mails.dropped:
            drop(maildir, number)
        box = f'[{{host="127.0.0.1", port={server.port}, tls="none", user="desk", password="{dovecot.PASSWORD}"}}]'
        gang = Gang(settings_for(url, counting.port, free_port(), MAILGATE_IMAP=box), tmp_path / "log")
        names = [f"imap+worker+sender+clock{number}" for number in range(gateways)]
        progress = Progress(len(mails.dropped))
        began = time.monotonic()
        try:
            for name in names:
                gang.start(name)
            while time.monotonic() - began < LONGEST and not progress.all_done():
                time.sleep(1)
                with capsys.disabled():
                    progress.tell(gang)
                gang.revive()
                victim = chance.choice(names)
                if gang.await_ready(victim, 10):  # or on a busy machine nobody would ever begin
                    gang.kill(victim)
                    gang.start(victim)
            took = time.monotonic() - began
            quiet = settle(gang, mails, 300)
        finally:
            gang.close()
        with connection():
            verdict = judge(mails, counting, gang.deaths)
    with capsys.disabled():
        print(f"{gateways} gateways, {gang.killed.total()} kills in {took:.0f} s: {verdict}")
        print(f"{dict(gang.killed)}, ended by themselves: {dict(gang.ended)}")
    close_store()
    assert quiet
    assert not verdict.faults


@dataclass
class Progress:
    """How far it is, told now and then."""

    mails: int
    began: float = field(default_factory=time.monotonic)
    told: float = float("-inf")
    before: int = 0

    def all_done(self) -> bool:
        return self._counts()[1] >= self.mails

    def tell(self, gang: Gang) -> None:
        if (passed := time.monotonic() - self.told) < TELL_SECONDS:
            return
        came, done, tried = self._counts()
        rate = (done - self.before) / passed
        print(
            f"{time.monotonic() - self.began:5.0f} s: {came} fetched, {done} of {self.mails} done, {rate:.1f} a second,"
            f" {tried} tried and not done, {gang.killed.total()} kills, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )
        self.told, self.before = time.monotonic(), done

    def _counts(self) -> tuple[int, int, int]:
        with connection():
            waiting = Intake.state == intake.PENDING
            came, waits = Intake.select().count(), Intake.select().where(waiting).count()
            return came, came - waits, Intake.select().where(waiting, Intake.attempts > 0).count()
