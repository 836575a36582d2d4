"""The wheel is whole: built, installed elsewhere, it plays the demo with its own templates."""

from __future__ import annotations

import os
import shutil
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


def wheel_of(source: Path, target: Path) -> Path:
    pip("wheel", "--no-deps", "--wheel-dir", target, source)
    (wheel,) = target.glob("mailgate-*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.mark.slow
def test_the_same_files_give_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    """Copied elsewhere, touched at another time, readable by others: who builds it can tell that ours is theirs."""
    copy = tmp_path / "elsewhere"
    copy.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "mailgate", "templates"):
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(ROOT / name, copy / name)
    for path in copy.rglob("*.py"):
        os.utime(path, (10**9, 10**9))
        path.chmod(0o600)
    again = wheel_of(copy, tmp_path / "again")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_the_installed_wheel_plays_the_demo(wheel: Path, folder: Path) -> None:
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
    assert "\x1b" not in played.stdout, "no colours where nobody looks"
