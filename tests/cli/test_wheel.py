"""The wheel is whole: built, installed elsewhere, it plays the demo with its own templates."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def pip(*arguments: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", *map(str, arguments)], capture_output=True, text=True, timeout=300
    )
    if "No matching distribution found for hatchling" in done.stderr:
        pytest.skip("hatchling, which builds wheels, cannot be had here")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_installed_wheel_plays_the_demo(folder: Path) -> None:
    pip("wheel", "--no-deps", "--wheel-dir", folder / "dist", ROOT)
    (wheel,) = (folder / "dist").glob("mailgate-*.whl")
    installed = folder / "installed"
    pip("install", "--no-deps", "--target", installed, wheel)
    environment = {**os.environ, "PYTHONPATH": str(installed), "LANGUAGE": "es"}
    where = [sys.executable, "-c", "import mailgate; print(mailgate.__file__)"]
    found = subprocess.run(where, env=environment, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(installed)
    demo = [sys.executable, "-m", "mailgate", "demo", "--once"]
    played = subprocess.run(demo, env=environment, cwd=folder, capture_output=True, text=True, timeout=120)
    assert played.returncode == 0, played.stderr
    assert "[#1]" in played.stdout
