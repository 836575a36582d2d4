"""A Dockerfile done without a container engine: each stage is a copy of a base system, RUN happens in it by chroot.

It knows what ours uses, and says so when it meets anything else. The base stands in for the official image of Python:
Debian 12 with a ``python`` and a ``pip`` in /usr/local.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.docker import debian

TOLD = {"CMD", "ENTRYPOINT", "HEALTHCHECK", "VOLUME", "EXPOSE", "STOPSIGNAL"}  # for whoever starts the image


@dataclass
class Stage:
    """A root file system, and what is set in it."""

    root: Path
    name: str = ""
    workdir: str = "/"
    user: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    def words(self, instruction: str) -> list[str]:
        """The exec form of CMD, ENTRYPOINT or HEALTHCHECK."""
        return [str(word) for word in json.loads(re.sub(r"^.*?(?=\[)", "", self.told[instruction], flags=re.DOTALL))]


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """(word, arguments), with lines joined and remarks left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).split("\n"):
        word, _, rest = line.strip().partition(" ")
        yield word.upper(), rest.strip()


def build(file: Path, context: Path, base: Path, scratch: Path) -> Stage:
    """Do the whole file; gives its last stage. Raises CalledProcessError when a RUN fails."""
    arguments: dict[str, str] = {}
    stages: list[Stage] = []
    for word, rest in instructions(file.read_text()):
        if word == "ARG":
            name, _, value = rest.partition("=")
            arguments[name] = value
        elif word == "FROM":
            stages.append(_begin(rest, base, scratch / str(len(stages))))
        elif word == "RUN":
            _run(stages[-1], rest)
        elif word == "COPY":
            _copy(stages, rest, context)
        elif word == "ENV":
            _set(stages[-1], rest)
        elif word == "WORKDIR":
            stages[-1].workdir = rest
            (stages[-1].root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "USER":
            stages[-1].user = rest
        elif word in TOLD:
            stages[-1].told[word] = rest
        else:
            raise ValueError(f"an instruction that is not known here: {word} {rest}")
    return stages[-1]


def _begin(rest: str, base: Path, root: Path) -> Stage:
    subprocess.run(["cp", "-a", "--reflink=auto", base, root], check=True)
    _, _, name = rest.partition(" AS ")
    return Stage(root, name, environment=debian.environment())


def _run(stage: Stage, command: str) -> None:
    there = [*debian.enter(stage.root), "sh", "-ec", f"cd {shlex.quote(stage.workdir)} && {command}"]
    done = subprocess.run(there, env=stage.environment, capture_output=True, text=True)
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr[-2000:])


def _set(stage: Stage, rest: str) -> None:
    for pair in shlex.split(rest):
        name, _, value = pair.partition("=")
        stage.environment[name] = value.replace("$PATH", stage.environment["PATH"])


def _copy(stages: list[Stage], rest: str, context: Path) -> None:
    *options, last = rest.split()
    came = [word.removeprefix("--from=") for word in options if word.startswith("--from=")]
    sources = [word for word in options if not word.startswith("--")]
    outer = next(stage.root for stage in stages if stage.name == came[0]) if came else context
    target = stages[-1].root / os.path.normpath(f"{stages[-1].workdir}/{last}" if last[0] != "/" else last).lstrip("/")
    for source in sources:
        found = outer / source.lstrip("/")
        if not came and not is_sent(context, source):
            raise FileNotFoundError(f"{source}: .dockerignore keeps it back")
        if found.is_dir():
            ignored = None if came else shutil.ignore_patterns("__pycache__")
            shutil.copytree(found, target, symlinks=True, dirs_exist_ok=True, ignore=ignored)
        else:
            into = target / found.name if last.endswith("/") else target
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(found, into)


def is_sent(context: Path, path: str) -> bool:
    """Whether .dockerignore lets a path into the build: the last line that fits it, or a folder above, decides."""
    sent = True
    above = [path, *(str(parent) for parent in Path(path).parents if str(parent) != ".")]
    for line in (context / ".dockerignore").read_text().splitlines():
        pattern = line.strip()
        if pattern and not pattern.startswith("#"):
            bare = pattern.removeprefix("!").removeprefix("**/")
            names = [*above, *(Path(one).name for one in above)] if "**/" in pattern else above
            if any(fnmatch.fnmatchcase(name, bare) for name in names):
                sent = pattern.startswith("!")
    return sent
