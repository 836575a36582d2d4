"""Every mail of the shared attack set against a running desk, by SMTP and by IMAP, a control mail after each.

The set is run by the command that anybody runs it with, so that the command itself is tested. It is skipped where the
set, or a real IMAP server, is absent.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import dovecot

SET = Path(__file__).resolve().parents[2] / "../shared/attacks"
SHARDS = ("A,B", "C,D", "E,F", "Z")
PATIENCE = 600

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SET / "attacks.json").is_file(), reason="the shared attack set is absent"),
]


@pytest.mark.parametrize("shard", SHARDS)
def test_every_attack_by_smtp_leaves_what_it_should(shard: str) -> None:
    run_all(SET, "smtp", shard)


@pytest.mark.skipif(bool(dovecot.missing()), reason=dovecot.missing() or "there is one")
@pytest.mark.parametrize("shard", SHARDS)
def test_every_attack_by_imap_leaves_what_it_should(shard: str) -> None:
    run_all(SET, "imap", shard)


def test_no_attack_is_in_no_shard() -> None:
    cases = json.loads((SET / "attacks.json").read_text(encoding="utf-8"))
    prefixes = tuple(",".join(SHARDS).split(","))
    assert [case["file"] for case in cases if not case["file"].startswith(prefixes)] == []


def test_a_failing_attack_is_told_and_gives_a_status(tmp_path: Path) -> None:
    """A set that wants the impossible: the runner must not be able to only ever say ok."""
    cases = json.loads((SET / "attacks.json").read_text(encoding="utf-8"))
    case = next(case for case in cases if case["file"].startswith("Z01"))
    wrong = [{**case, "expected": "ignore", "also_ok": [], "checks": [["text_present", "nobody wrote this"]]}]
    (tmp_path / "attacks.json").write_text(json.dumps(wrong), encoding="utf-8")
    (tmp_path / "fixture.json").write_bytes((SET / "fixture.json").read_bytes())
    (tmp_path / "mails").symlink_to(SET / "mails")
    done = run_program(tmp_path, "--channel", "smtp")
    assert done.returncode == 1
    assert re.search(r"outcome ticket, wanted ignore; text_present: .* cannot be read", done.stdout)
    assert done.stdout.endswith("smtp: 0 of 1 passed\n")


def run_all(folder: Path, channel: str, shard: str) -> None:
    """Each of these attacks ends as its row says."""
    done = run_program(folder, "--channel", channel, "--only", shard)
    failed = [line for line in done.stdout.splitlines() if " FAIL " in line]
    assert not failed, "\n".join(failed)
    assert done.returncode == 0, done.stdout + done.stderr
    told = re.search(rf"^{channel}: (\d+) of (\d+) passed$", done.stdout, re.MULTILINE)
    assert told, done.stdout + done.stderr
    assert told[1] == told[2] != "0"


def run_program(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.attacks", str(folder), *options]
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=PATIENCE)
