"""The container files name what exists, are pinned, and keep to what a careful reader of them would ask."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import mailgate
from mailgate.settings import ENVIRONMENT, every_key
from tests.docker.dockerfile import instructions, is_sent

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
DOCKERFILES = (DOCKER / "Dockerfile", DOCKER / "postfix" / "Dockerfile")
COMPOSE = ("compose.yaml", "compose.many.yaml")
LOCKS = ("requirements.lock", "build.lock")


def services(name: str) -> dict[str, dict[str, object]]:
    found = yaml.safe_load((DOCKER / name).read_text())["services"]
    assert isinstance(found, dict)
    return found


def locked(name: str) -> dict[str, str]:
    """Package and version, as the lock has them for this Python."""
    found: dict[str, str] = {}
    for entry in re.findall(r"^([A-Za-z0-9].*?) \\$", (DOCKER / name).read_text(), re.MULTILINE):
        requirement = Requirement(entry)
        if requirement.marker is None or requirement.marker.evaluate():
            found[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


def test_every_setting_named_is_one() -> None:
    known = {f"{ENVIRONMENT}{section}_{key}".upper() for section, key, _ in every_key()}
    text = "".join((DOCKER / name).read_text() for name in ("Dockerfile", *COMPOSE))
    named = set(re.findall(r"^\s*(?:ENV )?(MAILGATE_\w+)[:=]", text, re.MULTILINE))
    assert len(named) > 8
    assert named <= known


def test_every_variable_of_compose_has_its_example() -> None:
    wanted = {name for file in COMPOSE for name in re.findall(r"\$\{(\w+)", (DOCKER / file).read_text())}
    given = set(re.findall(r"^(\w+)=", (DOCKER / ".env.example").read_text(), re.MULTILINE))
    assert wanted == given


def test_what_is_copied_is_there_and_sent() -> None:
    for word, rest in instructions((DOCKER / "Dockerfile").read_text()):
        if word == "COPY" and "--from" not in rest:
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert is_sent(ROOT, source), source
    for secret in ("docker/.env", "docker/postgres_password.txt", ".git", ".venv", "mailgate/__pycache__"):
        assert not is_sent(ROOT, secret), secret


def test_what_is_built_on_is_pinned() -> None:
    """By a digest, or by a tag that names a release and not only its series."""
    images = [rest for file in DOCKERFILES for word, rest in instructions(file.read_text()) if word in ("FROM", "ARG")]
    images += [str(one["image"]) for name in COMPOSE for one in services(name).values() if "image" in one]
    named = [image.partition("=")[2] or image for image in images if not image.startswith("${")]
    assert len(named) >= 5
    for image in named:
        assert re.search(r"@sha256:[0-9a-f]{64}$|:[a-z-]*\d+(\.\d+)+[\w.-]*$|-\d{8}-", image), image
    assert any(image == f"mailgate:{mailgate.__version__}" for image in named)


def test_the_image_has_no_root_and_says_how_it_is() -> None:
    told = list(instructions((DOCKER / "Dockerfile").read_text()))
    users = [rest for word, rest in told if word == "USER"]
    assert users[-1].isdigit()
    assert users[-1] != "0"
    assert [word for word, _ in told].count("FROM") == 2
    assert any(word == "HEALTHCHECK" and "/healthz" in rest for word, rest in told)
    desk = services("compose.yaml")["mailgate"]
    assert desk["read_only"] is True
    assert desk["cap_drop"] == ["ALL"]
    assert desk["security_opt"] == ["no-new-privileges:true"]


def test_every_role_of_many_is_the_one_of_one_machine() -> None:
    from mailgate.cli.serve import ROLES

    many = services("compose.many.yaml")
    named = {str(one["command"][-1]): one for one in many.values() if "command" in one}  # type: ignore[index]
    assert set(named) == set(ROLES)
    for one in named.values():
        assert one["extends"] == {"file": "compose.yaml", "service": "mailgate"}


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_has_a_hash_for_everything_and_tells_nobody_s_hosts(name: str) -> None:
    text = (DOCKER / name).read_text()
    assert not re.search(r"https?:|file:|\s/\w|--(?:extra-)?index|--find-links", text)
    entries = [entry for entry in re.split(r"\n(?=[A-Za-z0-9])", text) if "==" in entry]
    assert len(entries) >= 5
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_lock_is_what_pyproject_asks_for() -> None:
    """Everything that the image's extras name is in it, in a version allowed: else `make lock` was forgotten."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = re.search(r"^LOCKED := (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert extras is not None
    asked = [
        *project["dependencies"],
        *(one for extra in extras[1].split() for one in project["optional-dependencies"][extra]),
    ]
    have = locked("requirements.lock")
    for requirement in map(Requirement, asked):
        version = have[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} and {version}: make lock"
    assert "hatchling" in locked("build.lock")


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.parent.name)
def test_hadolint_finds_nothing(file: Path) -> None:
    if not (hadolint := shutil.which("hadolint")):
        pytest.skip("hadolint is not installed")
    done = subprocess.run([hadolint, "--no-color", file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_start_script_is_a_shell_script() -> None:
    subprocess.run(["sh", "-n", DOCKER / "postfix" / "start"], check=True)
