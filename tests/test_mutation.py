"""The tool that asks whether tests can fail, on a room of two functions and one test (``tests/mutation.py``)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.mutants import mutants_of, sample

VOTING = """
ADULT = 18

def may_vote(age: int, citizen: bool) -> bool:
    return age >= ADULT and citizen

def next_year(age: int) -> int:
    return age + 1
"""
TEST = """
from mailgate.voting.ages import may_vote

def test_who_may_vote():
    assert may_vote(30, True)
    assert not may_vote(30, False)
    assert not may_vote(3, True)
"""


def house(folder: Path, code: str = VOTING) -> Path:
    """A room with its tests; the path of its code."""
    files = {"mailgate/__init__.py": "", "mailgate/voting/ages.py": code, "tests/voting/test_ages.py": TEST}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder / "mailgate/voting/ages.py"


def test_it_tells_what_no_test_notices_and_what_none_reaches(tmp_path: Path) -> None:
    house(tmp_path)
    ours = os.environ | {"PYTHONPATH": str(Path.cwd())}
    run = [sys.executable, "-m", "tests.mutation", "voting", "--noticed"]
    told = subprocess.run(run, cwd=tmp_path, env=ours, capture_output=True, text=True, timeout=300, check=True).stdout
    *changes, figure = told.splitlines()
    assert sorted(changes) == [
        "mailgate/voting/ages.py:2  18 → 19",  # read when the module is loaded
        "mailgate/voting/ages.py:5  age >= ADULT and citizen → age >= ADULT or citizen: noticed",
        "mailgate/voting/ages.py:5  age >= ADULT → age > ADULT",
        "mailgate/voting/ages.py:5  return age >= ADULT and citizen → return None: noticed",
        "mailgate/voting/ages.py:8  1 → 2: no quick test passes here",
        "mailgate/voting/ages.py:8  age + 1 → age - 1: no quick test passes here",
        "mailgate/voting/ages.py:8  return age + 1 → return None: no quick test passes here",
    ]
    assert figure == "2 of 7 noticed, 2 survived, 3 where no quick test passes (7 could be tried)"


def test_a_sample_stays_the_same_when_code_is_added_elsewhere(tmp_path: Path) -> None:
    def told(code: str, seed: int) -> list[str]:
        return [one.told for one in sample(mutants_of(house(tmp_path, code)), seed, 3)]

    before = told(VOTING, 1)
    assert told("\n\n" + VOTING, 1) == before
    more = "def older(age: int) -> int:\n    return age + 9\n" + VOTING
    assert [one for one in told(more, 1) if "9" not in one] == before[: 3 - sum("9" in one for one in told(more, 1))]
    assert any(told(VOTING, seed) != before for seed in range(2, 9))
