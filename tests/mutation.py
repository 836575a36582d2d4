"""Are the tests of a room able to fail? Small changes are made to its code, one at a time, and its tests are run.

    make mutate                                              # a sample of desk/, some minutes
    make mutate ARGS="mail --tests tests/mail --minutes 30"

A change that no test notices is printed: ``file:line what → what``. Look at each: a missing assertion, code that nobody
needs, or a change that means the same. Only the room's own tests are asked, the quick ones without a store; what only a
conversation would notice counts as not noticed. The same ``--seed`` gives the same sample.

Each change is tried in a child of this process, which has loaded the heavy libraries once and none of our modules.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.util
import os
import random
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
HEAVY = ("pytest", "hypothesis", "peewee", "pydantic_settings", "phonenumbers", "holidays", "babel.dates", "structlog")
OTHER = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change to one module."""

    path: Path
    line: int
    told: str  # what → what
    code: ast.Module


def changes_of(node: Any) -> Iterator[Callable[[Any], ast.AST]]:
    """What can be changed in a node, as functions of its copy."""
    match node:
        case ast.Compare(ops=[one]) if type(one) in OTHER:
            yield lambda n: ast.Compare(n.left, [OTHER[type(one)]()], n.comparators)
        case ast.BoolOp(op=op):
            yield lambda n: ast.BoolOp(OTHER[type(op)](), n.values)
        case ast.BinOp(op=op) if type(op) in OTHER:
            yield lambda n: ast.BinOp(n.left, OTHER[type(op)](), n.right)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda n: n.operand
        case ast.Constant(value=bool(value)):
            yield lambda _: ast.Constant(not value)
        case ast.Constant(value=int(number)):
            yield lambda _: ast.Constant(number + 1)
        case ast.If() | ast.IfExp():
            yield lambda n: n.__class__(**{**_fields(n), "test": ast.Constant(True)})
        case ast.Return(value=ast.expr()):
            yield lambda _: ast.Return(ast.Constant(None))


def _fields(node: ast.AST) -> dict[str, object]:
    return {name: getattr(node, name) for name in node._fields}


def mutants_of(path: Path) -> list[Mutant]:
    """Every change of a module."""
    tree, found = ast.parse(path.read_text()), list[Mutant]()
    # How a class is made (frozen, slots) is no behaviour that a test would see.
    made = {
        id(part) for node in ast.walk(tree) for one in getattr(node, "decorator_list", ()) for part in ast.walk(one)
    }
    left_alone = {place for place, node in enumerate(ast.walk(tree)) if id(node) in made}
    for place, node in enumerate(ast.walk(tree)):
        if place in left_alone:
            continue
        for change in changes_of(node):
            mutated = copy.deepcopy(tree)
            old = list(ast.walk(mutated))[place]
            new = ast.copy_location(change(old), old)
            _replace(mutated, old, new)
            told = f"{_short(node)} → {_short(new)}"
            found.append(Mutant(path, node.lineno, told, ast.fix_missing_locations(mutated)))
    return found


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:60]


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(one is old for one in value):
                value[[one is old for one in value].index(True)] = new


class Stand(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the changed module in the place of the one on disk."""

    def __init__(self, mutant: Mutant) -> None:
        self._code = compile(mutant.code, str(mutant.path), "exec")
        self._path = mutant.path
        self._name = ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts)

    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> object:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(name, self._path, loader=self)  # type: ignore[arg-type]

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def noticed(mutant: Mutant | None, tests: list[str], seconds: int) -> bool:
    """Whether the tests fail, or do not end, when this is changed."""
    child = os.fork()
    if child == 0:
        signal.alarm(seconds)
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        if mutant is not None:
            sys.meta_path.insert(0, Stand(mutant))
        import pytest

        with contextlib.suppress(BaseException):
            os._exit(int(pytest.main(["-x", "-q", "-n", "0", "-p", "no:warnings", *tests])))
        os._exit(1)
    return os.waitpid(child, 0)[1] != 0


def nearest(mutant: Mutant, tests: list[str]) -> list[str]:
    """The files of these tests that name the module: they are asked first, and mostly notice."""
    files = [
        file for test in tests for file in ([Path(test)] if test.endswith(".py") else Path(test).rglob("test_*.py"))
    ]
    name = re.compile(rf"\b{mutant.path.stem}\b")
    return [str(file) for file in files if name.search(file.read_text())]


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("room", nargs="?", default="desk", help="a folder or a module below mailgate/")
    told.add_argument("--tests", nargs="+", default=["tests/desk"])
    told.add_argument("--minutes", type=float, default=6)
    told.add_argument("--seed", type=int, default=1)
    chosen = told.parse_args()
    os.chdir(ROOT)
    for name in HEAVY:
        __import__(name)
    place = ROOT / "mailgate" / chosen.room
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    mutants = [one for file in files for one in mutants_of(file)]
    random.Random(chosen.seed).shuffle(mutants)
    began = time.monotonic()
    if noticed(None, chosen.tests, 600):
        print("the tests fail as it is")
        return 1
    seconds = int(30 + 10 * (time.monotonic() - began))
    until, tried, survivors = time.monotonic() + chosen.minutes * 60, 0, list[Mutant]()
    for mutant in mutants:
        if time.monotonic() > until:
            break
        tried += 1
        first = nearest(mutant, chosen.tests)
        if not (first and noticed(mutant, first, seconds)) and not noticed(mutant, chosen.tests, seconds):
            survivors.append(mutant)
            print(f"{mutant.path.relative_to(ROOT)}:{mutant.line}  {mutant.told}", flush=True)
    print(f"{tried - len(survivors)} of {tried} noticed ({len(mutants)} could be tried)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
