"""The house itself: what stands at its door, what the Makefile tells, what runs before a commit."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
AT_THE_DOOR = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "docker",
    "mailgate",
    "pyproject.toml",
    "templates",
    "tests",
}


def targets() -> dict[str, str]:
    """Every target of the Makefile and its word of help."""
    told = re.findall(r"^([a-z]+):(?:.*## (.*))?$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return dict(told)


def test_nothing_lies_about_at_the_top() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    kept = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {name.partition("/")[0] for name in kept if not name.startswith(".")} == AT_THE_DOOR


def test_each_target_has_one_line_of_help() -> None:
    assert {name for name, told in targets().items() if not told} == set()
    assert {"lint", "test", "scores", "bench", "faults", "fuzz", "lock", "floor", "fresh"} <= set(targets())
    listed = subprocess.run(["make", "-s", "-C", ROOT], capture_output=True, text=True, check=True).stdout
    assert [line.split()[0] for line in listed.splitlines() if not line.startswith("make")] == list(targets())


def test_before_a_commit_runs_what_make_runs() -> None:
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local", "nothing is fetched from elsewhere, in versions of its own"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].split()[0] == "make"
        assert hook["entry"].split()[-1] in targets()
