"""The container files name settings that exist, and programs that can be read."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from mailgate.settings import ENVIRONMENT, every_key

DOCKER = Path(__file__).resolve().parents[2] / "docker"


def test_every_setting_named_is_one() -> None:
    known = {f"{ENVIRONMENT}{section}_{key}".upper() for section, key, _ in every_key()}
    text = "".join((DOCKER / name).read_text() for name in ("Dockerfile", "compose.yaml"))
    named = set(re.findall(r"^\s*(?:ENV )?(MAILGATE_\w+)[:=]", text, re.MULTILINE))
    assert len(named) > 8
    assert named <= known


def test_every_variable_of_compose_has_its_example() -> None:
    wanted = set(re.findall(r"\$\{(\w+)", (DOCKER / "compose.yaml").read_text()))
    given = set(re.findall(r"^(\w+)=", (DOCKER / ".env.example").read_text(), re.MULTILINE))
    assert wanted == given


def test_what_is_copied_is_there() -> None:
    for line in (DOCKER / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (DOCKER.parent / source).exists(), source


def test_the_start_script_is_a_shell_script() -> None:
    subprocess.run(["sh", "-n", DOCKER / "postfix" / "start"], check=True)
