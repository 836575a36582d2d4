"""A template of ours with all that it includes and extends becomes one: a part of a letter is compiled as a whole, and
what is known beforehand (the catalogue, the language) is in it already.

Jinja would look up, copy and enter a context for every file, a dozen times a letter. Each file is still read for
itself, so that blanks and line ends are what they were, and keeps its own escaping, by its name. Only constant names
are followed, and ``super()`` means nothing here: a test holds every letter beside what Jinja makes of its files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from jinja2 import Environment, Template, nodes
from jinja2.visitor import NodeTransformer


class Flat(NamedTuple):
    template: Template
    files: frozenset[str]  # that it was made of


def flat_template(environment: Environment, name: str, constants: Mapping[str, Any]) -> Flat:
    """The template of this name, in one piece. ``constants`` are values that are the same in every letter.

    Raises TemplateError as ``get_template`` does.
    """
    flattening = _Flattening(environment, constants)
    code = environment.compile(flattening.tree(name), name, name)
    template = Template.from_code(environment, code, environment.make_globals(None))
    return Flat(template, frozenset(flattening.files))


class _Flattening(NodeTransformer):
    def __init__(self, environment: Environment, constants: Mapping[str, Any]) -> None:
        self.files: set[str] = set()
        self._environment = environment
        self._constants = constants
        self._escaping = False  # whether the file that is being put in escapes
        self._blocks: dict[str, nodes.Block] = {}  # of the children, which go over the parents'

    def tree(self, name: str) -> nodes.Template:
        read: nodes.Template = self._read(name)
        parent = next(read.find_all(nodes.Extends), None)
        if parent is not None:
            self._blocks = {block.name: block for block in read.find_all(nodes.Block)} | self._blocks
            return self.tree(_named(parent.template))
        self._escaping = self._escapes(name)
        done: nodes.Template = self.visit(read)
        return done

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802  # Jinja's name
        name = _named(node.template)
        around, self._escaping = self._escaping, self._escapes(name)
        body, inside = self.visit(self._read(name)).body, self._escaping
        self._escaping = around
        if inside is around:
            return nodes.Scope(body, lineno=node.lineno)
        modified = nodes.Keyword("autoescape", nodes.Const(inside))
        return nodes.ScopedEvalContextModifier([modified], body, lineno=node.lineno)

    def visit_Block(self, node: nodes.Block) -> nodes.Node:  # noqa: N802
        body = self._blocks.get(node.name, node).body
        return nodes.Scope([self.visit(child) for child in body], lineno=node.lineno)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802
        return self._known(node)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        return self._known(node)

    def _known(self, node: nodes.Expr) -> nodes.Node:
        """A word of the catalogue is put in; a table of it is left for the letter to look into."""
        value = self._value(node)
        if isinstance(value, str):
            return nodes.Const(value, lineno=node.lineno)
        return self.generic_visit(node)

    def _value(self, node: nodes.Node) -> Any:
        if isinstance(node, nodes.Name):
            return self._constants.get(node.name)
        if isinstance(node, nodes.Getattr) and isinstance(table := self._value(node.node), dict):
            return table.get(node.attr)
        return None

    def _read(self, name: str) -> nodes.Template:
        assert self._environment.loader is not None
        self.files.add(name)
        source, filename, _ = self._environment.loader.get_source(self._environment, name)
        return self._environment.parse(source, name, filename)

    def _escapes(self, name: str) -> bool:
        autoescape = self._environment.autoescape
        return autoescape(name) if callable(autoescape) else autoescape


def _named(template: nodes.Expr) -> str:
    assert isinstance(template, nodes.Const)
    return str(template.value)
