"""The walk through the house leads somewhere: each file, module, function and class that it names is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import mailgate

HOUSE = Path(mailgate.__file__).parent
ROOT = Path(__file__).resolve().parents[2]
WALK = (HOUSE / "README.md").read_text()
NAMES = sorted(set(re.findall(r"`([^`\n]+)`", WALK)))
ROOMS = {path.stem for path in HOUSE.iterdir() if path.suffix == ".py" or path.is_dir()}
FILES = [name for name in NAMES if re.fullmatch(r"[\w<>./-]+(?:\.(?:py|md|toml|txt|html)|/)", name) and "<" not in name]
DOTTED = [
    name
    for name in NAMES
    if re.fullmatch(r"[a-z_]\w*(?:\.\w+)+", name) and name.split(".")[0] in ROOMS and name not in FILES
]


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_there(name: str) -> None:
    assert (HOUSE / name).exists() or (ROOT / name).exists()


@pytest.mark.parametrize("name", DOTTED)
def test_each_function_and_class_is_there(name: str) -> None:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(f"mailgate.{'.'.join(parts[:cut])}")
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part)
        return
    pytest.fail(f"there is no mailgate.{name}")


def test_it_names_enough_to_be_a_walk() -> None:
    assert len(DOTTED) > 40
    assert len(FILES) > 15


def test_the_layers_it_tells_are_those_that_are_kept() -> None:
    """Every room of the ground floor in the picture of the layers stands in pyproject.toml, in that order."""
    told = WALK.split("    cli → ")[1].split("\n\n")[0]
    kept = (ROOT / "pyproject.toml").read_text()
    rooms = [name.strip("/ ") for name in re.split(r"[→,\s]+", f"cli → {told}") if name.strip("/ ")]
    layers = re.search(r"layers = \[(.*?)\n\]", kept, re.DOTALL)
    assert layers is not None
    floors = [re.findall(r"mailgate\.(\w+)", line) for line in layers[1].splitlines()]
    places = [next(n for n, floor in enumerate(floors) if room in floor) for room in rooms]
    assert places == sorted(places)
