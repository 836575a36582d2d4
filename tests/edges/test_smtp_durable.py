"""250 is said only after the disk has the mail: seen in the system calls of a real listener."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from tests.servers.listener import Line

MAILS = 5


@pytest.fixture
def traced(tmp_path):
    """(port, path of the trace) of a listener under strace."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,sendto,write,sendmsg"
    command = ["strace", "-f", "-o", trace, "-s", "40", "-e", calls, sys.executable, "-m", "tests.servers.accepting"]
    with subprocess.Popen([*command, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        port = process.stdout.readline()
        if not port:
            pytest.skip("strace may not trace here")
        yield int(port), trace
        process.stdin.close()


def test_the_disk_is_synced_between_a_mail_and_its_250(traced):
    port, trace = traced
    with Line(port) as client:
        client.hears()
        client.says("EHLO ana")
        for number in range(MAILS):
            assert client.mails(b"Subject: %d\r\n\r\nhola" % number).startswith("250 ")
    answered, synced = 0, False
    for call in trace.read_text().splitlines():
        if "354 End" in call:
            synced = False
        elif re.search(r"f(data)?sync\(\d+\)\s*= 0|f(data)?sync resumed>\)\s*= 0", call):
            synced = True
        elif "250 2.6.0" in call:
            assert synced, "a mail was answered before the disk had it"
            answered += 1
    assert answered == MAILS
