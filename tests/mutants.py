"""Small changes to a module, as values: where, what becomes what, and the code with it (for ``tests/mutation.py``)."""

from __future__ import annotations

import ast
import collections
import hashlib
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path.cwd()
OTHER: dict[type[ast.AST], type[Any]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
}  # fmt: skip
BeginsAt = tuple[str, int]  # a function's qualified name, and its first line


class Mutant(NamedTuple):
    """One change to one module: the how-manieth node becomes another."""

    path: Path
    line: int
    told: str  # what → what
    place: int
    change: Callable[[Any], ast.AST]
    lines: range  # of the statement, or of its head
    function: BeginsAt | None  # the outermost one around it; None where a module is loaded

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}  {self.told}"

    def code(self) -> types.CodeType:
        """The module with the change."""
        tree = ast.parse(self.path.read_text())
        old = list(ast.walk(tree))[self.place]
        _replace(tree, old, ast.copy_location(self.change(old), old))
        return compile(ast.fix_missing_locations(tree), str(self.path), "exec")


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
        case ast.If() | ast.IfExp() if ast.unparse(node.test) != "TYPE_CHECKING":
            yield lambda n: n.__class__(**{**_fields(n), "test": ast.Constant(True)})
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield lambda _: ast.Return(ast.Constant(None))


def _fields(node: ast.AST) -> dict[str, object]:
    return {name: getattr(node, name) for name in node._fields}


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:60]


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(one is old for one in value):
                value[[one is old for one in value].index(True)] = new


class Where(NamedTuple):
    """What stands around a node."""

    lines: range
    function: BeginsAt | None
    names: tuple[str, ...]  # of the classes and functions


def _around(node: ast.AST, at: Where) -> Iterator[tuple[ast.AST, Where]]:
    """Every node whose change a test could see, with what stands around it."""
    for name, value in ast.iter_fields(node):
        # How a class is made (frozen, slots), and what types are called, is no behaviour that a test would see.
        if name in ("decorator_list", "annotation", "returns"):
            continue
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, ast.AST):
                continue
            inner = at
            if isinstance(node, ast.FunctionDef) and name == "body" and at.function is None:
                first = min(part.lineno for part in (node, *node.decorator_list))
                inner = inner._replace(function=(".".join(at.names), first))
            if isinstance(one, ast.stmt):
                body = getattr(one, "body", None) or getattr(one, "cases", None)
                last = _first_line(body[0]) - 1 if body else one.end_lineno or one.lineno
                inner = inner._replace(lines=range(one.lineno, max(last, one.lineno) + 1))
            if isinstance(one, ast.match_case):
                inner = inner._replace(lines=range(one.pattern.lineno, max(one.body[0].lineno, one.pattern.lineno + 1)))
            if isinstance(one, ast.FunctionDef | ast.ClassDef):
                inner = inner._replace(names=(*at.names, one.name))
            yield one, inner
            yield from _around(one, inner)


def _first_line(node: Any) -> int:
    return node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno


def mutants_of(path: Path) -> list[Mutant]:
    """Every change of a module."""
    tree = ast.parse(path.read_text())
    places = {id(node): place for place, node in enumerate(ast.walk(tree))}
    found = []
    for node, at in _around(tree, Where(range(0), None, ())):
        for change in changes_of(node):
            told = f"{_short(node)} → {_short(change(node))}"
            line = getattr(node, "lineno", 0)
            found.append(Mutant(path, line, told, places[id(node)], change, at.lines, at.function))
    return found


def sample(mutants: list[Mutant], seed: int, many: int) -> list[Mutant]:
    """As many of them. Whether one is taken hangs on what it is, not on its line or on the others."""
    seen = collections.Counter[str]()
    ranked = []
    for one in mutants:
        name = f"{seed} {one.path.name} {one.function and one.function[0]} {one.told}"
        seen[name] += 1
        ranked.append((hashlib.sha256(f"{name} {seen[name]}".encode()).hexdigest(), one))
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])[:many]]
