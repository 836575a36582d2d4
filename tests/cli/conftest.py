"""Running commands in an empty folder of their own, as a person at a shell would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mailgate import cli

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended: its status, what it printed, what it complained about."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, an environment without settings, English."""
    for name in [name for name in os.environ if name.startswith("MAILGATE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mailgate(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; the status expected is checked."""

    def run(*arguments: object, status: int = 0) -> Ended:
        capsys.readouterr()
        ended = cli.run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert ended == status, f"status {ended}, stderr: {err}"
        return Ended(ended, out, err)

    return run


@pytest.fixture
def shell(folder: Path) -> Run:
    """Run a command in a process of its own, with bytes on its stdin."""

    def run(*arguments: object, stdin: bytes = b"", status: int = 0, **environment: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "mailgate", *(str(argument) for argument in arguments)],
            input=stdin,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            timeout=120,
        )
        out, err = ended.stdout.decode(), ended.stderr.decode()
        assert ended.returncode == status, f"status {ended.returncode}, stderr: {err}"
        return Ended(ended.returncode, out, err)

    return run
