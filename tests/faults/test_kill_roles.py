"""Every role killed, at random and at each named point, while mail pours in by SMTP and IMAP: nothing lost or doubled.

The short form kills some of each on both engines; ``--long`` (``make faults``) a thousand.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mailgate.settings import Store
from tests.faults.gang import Gang, kill_many
from tests.faults.pour import Pour, found_people, free_port, judge, relay, settings_for, settle
from tests.servers import dovecot

ROLES = ("smtp", "imap", "sender", "worker")


@pytest.mark.slow
def test_whatever_is_killed_each_mail_is_a_comment_once(
    store: Store, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    long = request.config.getoption("--long")
    kills = int(request.config.getoption("--kills") or (520 if long else 16))
    if why := dovecot.missing():
        pytest.skip(why)
    found_people()
    with relay() as counting, dovecot.Dovecot() as mailbox:
        port = free_port()
        box = f'[{{host="127.0.0.1", port={mailbox.port}, tls="none", user="desk", password="{dovecot.PASSWORD}"}}]'
        environment = settings_for(store.url, counting.port, port, MAILGATE_IMAP=box)
        gang = Gang(environment, tmp_path / "log")
        try:
            pour = Pour(port, mailbox.mailbox_folder("desk"), senders=2, pace=0.1)
            kill_many(gang, kills, ROLES, seconds=1500 if long else 60)
            pour.stop()
            quiet = settle(gang, pour, 300)
        finally:
            gang.close()
        verdict = judge(pour, counting, gang.died_at["sender"])
    if long:
        with capsys.disabled():
            print(f"\n{store.url.partition(':')[0]}: {gang.killed.total()} kills, {verdict}")
            print(f"{dict(gang.killed)}, ended by themselves: {dict(gang.ended)}")
    log = (tmp_path / "log").read_text(errors="replace")
    assert quiet, log[-4000:]
    assert verdict.mails > 10
    assert gang.killed.total() >= 4
    assert not verdict.faults
    assert "quarantined" not in log
