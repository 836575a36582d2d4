"""The disk of the store fills up while mail comes in: 4xx outside, nothing lost, and it goes on by itself."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailgate.settings import Limits
from mailgate.store.base import connection
from mailgate.store.models import Intake
from tests.servers.listener import Line, Listening

MEGABYTES, MAIL = 6, b"hola\r\n" * 20_000  # 120 kB


@pytest.fixture(params=["size", "inodes"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    options = f"size={MEGABYTES}m" + (",nr_inodes=24" if request.param == "inodes" else "")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no tmpfs here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path, *, inodes: bool) -> list[Path]:
    """Until nothing more fits."""
    files = []
    for number in range(1000):
        path = folder / f"filler{number}"
        try:
            path.write_bytes(b"" if inodes else b"x" * 100_000)
        except OSError:
            files.append(path)
            break
        files.append(path)
    return files


def test_a_full_disk_puts_senders_off_and_loses_nothing(small_disk: Path, request: pytest.FixtureRequest) -> None:
    taken: set[int] = set()

    def send(client: Line, number: int) -> str:
        reply = client.says("MAIL FROM:<ana@cliente.co>")
        client.says("RSET")
        if not reply.startswith("250 "):
            return reply
        reply = client.mails(b"Subject: %d\r\n\r\n" % number + MAIL)
        if reply.startswith("250 "):
            taken.add(number)
        return reply

    with Listening(small_disk, limits=Limits(free_disk_bytes=0, mail_bytes=200_000)) as port, Line(port.port) as client:
        client.hears()
        client.says("EHLO mta")
        assert send(client, 1).startswith("250 ")
        inodes = "inodes" in request.node.name
        fillers = fill(small_disk, inodes=inodes)
        replies = [send(client, number) for number in range(2, 8)]
        assert all(reply[:4] in ("250 ", "451 ", "452 ") for reply in replies), replies
        assert inodes or not replies[-1].startswith("250 "), "the disk was not full; the test showed nothing"
        for filler in fillers:
            filler.unlink(missing_ok=True)
        assert send(client, 8).startswith("250 "), "it goes on by itself"
        with connection():
            assert Intake.select().count() == len(taken)
