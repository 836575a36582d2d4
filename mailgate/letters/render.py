"""Templates and plain values become the subject, text and HTML of a letter.

Ours come with the program; an operator's folder replaces single files. A replaced file that fails, however it fails, is
reported and ours is used: a typo never stops mail. Operators' templates run in Jinja's sandbox; all of them get plain
values only, so that no text of a mail is ever compiled and no row can be touched. A value that ours need and did not
get raises LetterError: a mistake of the program, seen before anything is committed.
"""

from __future__ import annotations

import functools
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import TemplateError, TemplateSyntaxError

from mailgate.errors import MailgateError
from mailgate.letters.environments import OPTIONAL, STYLE, our_environment, source_of, their_environment
from mailgate.letters.environments import built_in as built_in
from mailgate.letters.filters import tidy_text
from mailgate.letters.flat import Flat, flat_template
from mailgate.letters.lines import sanitize_line
from mailgate.letters.told import told_by
from mailgate.settings import LANGUAGES as LANGUAGES

COMMANDS = "commands.toml"  # what each command of an agent is called and says, in every language

PARTS = (".subject.txt", ".txt", ".html")  # of a letter
Report = Callable[[str, str], None]  # (file of the operator's, what is wrong with it)


class LetterError(MailgateError):
    """A template of ours failed, or does not exist."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter's words. ``subject`` is one line; ``text`` and ``html`` say the same."""

    subject: str
    text: str
    html: str

    @property
    def said(self) -> str:
        """Everything the recipient may read, whichever part their program shows: to know it again when quoted."""
        return f"{self.text}\n{told_by(self.html)}" if self.html else self.text


class Renderer:
    """Renders letters of one desk. Safe to share between threads."""

    def __init__(self, *, zone: ZoneInfo, directory: Path | None = None, report: Report | None = None) -> None:
        self._directory = directory
        self._zone = zone
        self._ours = our_environment(zone)
        self._theirs = their_environment(directory, zone) if directory else None
        self._report = report or (lambda name, problem: None)
        self._reported: set[tuple[str, str]] = set()

    def render(self, name: str, language: str, values: Mapping[str, Any]) -> Rendered:
        """One letter. ``values`` are plain (str, int, bool, date, datetime, list, dict), named in templates/README.md.

        Raises LetterError when our own template has no such letter or lacks a value.
        """
        language = language if language in LANGUAGES else LANGUAGES[0]
        given = {**OPTIONAL, **values, "language": language, "words": self.words(language)}
        subject, text, html = (self._part(f"{language}/{name}{part}", given) for part in PARTS)
        return Rendered(sanitize_line(subject), tidy_text(text), html.strip() + "\n")

    def warm_up(self, names: Iterable[str], language: str) -> None:
        """Have these letters of ours compiled: whoever needs the first of a kind would wait for it (30 to 90 ms)."""
        for name in names:
            for part in PARTS:
                _flat(self._zone, f"{language}/{name}{part}", words=self._directory is None)

    def broken(self) -> list[tuple[str, str]]:
        """(file, what is wrong with it) of the operator's files that cannot even be read; ours are used instead."""
        wrong: list[tuple[str, str]] = []
        if self._theirs is None or self._directory is None:
            return wrong
        for path in sorted(self._directory.rglob("*")):
            name = path.relative_to(self._directory).as_posix()
            try:
                if path.suffix in (".txt", ".html"):
                    self._theirs.get_template(name)
                elif path.suffix == ".toml":
                    _parsed(path.read_text(encoding="utf-8"))
            except Exception as error:
                wrong.append((name, _told(error)))
        return wrong

    def words(self, language: str) -> dict[str, Any]:
        """The catalogue of short words: states, roles, buttons, and what agents' commands are called and say."""
        language = language if language in LANGUAGES else LANGUAGES[0]
        return _catalogue(language, self._their_words(COMMANDS), self._their_words(f"{language}/words.toml"))

    def _their_words(self, name: str) -> str:
        """The operator's file, which may change while we run; "" where ours must do."""
        if self._theirs is None:
            return ""
        try:
            source = source_of(self._theirs, name)
            _words_over_ours(name, source)
        except Exception as error:
            self._complain(name, _told(error))
            return ""
        self._is_well(name)
        return source

    def _part(self, name: str, values: dict[str, Any]) -> str:
        """``values`` hold all that a template of ours may use, and are not copied for each part of a letter."""
        if self._directory is not None and self._is_changed(name):
            return self._their_part(name, values)
        with _ours_must_do(name):
            template = _flat(self._zone, name, words=self._directory is None).template
            return "".join(template.root_render_func(template.new_context(values, shared=True)))

    def _is_changed(self, name: str) -> bool:
        """Whether the operator has any file that this part of a letter is made of: they may put one there any time."""
        try:
            files = _flat(self._zone, name, words=False).files
        except TemplateError:
            return True  # we have no such letter
        # Asked three times a letter; a Path takes as long as the disk does.
        return any(os.path.isfile(f"{self._directory}/{file}") for file in files)  # noqa: PTH113

    def _their_part(self, name: str, values: dict[str, Any]) -> str:
        """By the operator's templates, where they can be used."""
        assert self._theirs is not None
        try:
            rendered = self._theirs.get_template(name).render(values)
        except Exception as error:  # an operator's template can fail in every way there is
            problem = _told(error)
        else:
            self._is_well(name)
            return rendered
        with _ours_must_do(name):
            rendered = self._ours.get_template(name).render(values)
        self._complain(name, problem)
        return rendered

    def stood_in(self) -> list[str]:
        """The operator's files that letters could not be written with; ours stand in until they are mended or gone."""
        told = {name for name, _ in list(self._reported)}  # a copy: others may report meanwhile
        return sorted(name for name in told if name.endswith(".toml") or self._is_changed(name))

    def _is_well(self, name: str) -> None:
        """It could be used: what was reported of it is over."""
        for one in list(self._reported):
            if one[0] == name:
                self._reported.discard(one)

    def _complain(self, name: str, problem: str) -> None:
        """Each mistake once, not with each letter."""
        if (name, problem) not in self._reported:
            self._reported.add((name, problem))
            self._report(name, problem)


@functools.cache
def _flat(zone: ZoneInfo, name: str, *, words: bool) -> Flat:
    """A template of ours as nobody has changed it, in one piece: made once. ``words``: with those of our catalogue."""
    language = name.partition("/")[0]
    constants = {"language": language} | ({"words": _catalogue(language)} if words else {})
    made = flat_template(our_environment(zone), name, constants)
    return made._replace(files=made.files | {STYLE}) if name.endswith(".html") else made


@contextmanager
def _ours_must_do(name: str) -> Iterator[None]:
    try:
        yield
    except TemplateError as error:
        raise LetterError(f"the letter {name} cannot be written: {_told(error)}") from error


@functools.cache
def _our_words(name: str) -> dict[str, Any]:
    """Read once: ours do not change while we run."""
    return _parsed((built_in() / name).read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=16)
def _catalogue(language: str, commands: str = "", words: str = "") -> dict[str, Any]:
    """Ours under what stands in the operator's two files."""
    told = _of_commands(_words_over_ours(COMMANDS, commands), language)
    return _merged(told, _words_over_ours(f"{language}/words.toml", words))


@functools.lru_cache(maxsize=16)
def _words_over_ours(name: str, source: str) -> dict[str, Any]:
    return _merged(_our_words(name), _parsed(source))


@functools.lru_cache(maxsize=16)
def _parsed(source: str) -> dict[str, Any]:
    return tomllib.loads(source)


def _of_commands(catalogue: dict[str, Any], language: str) -> dict[str, Any]:
    """The tables ``commands``, ``done`` and ``problems`` out of what stands by command."""
    told = {name: table[language] for name, table in catalogue.items() if language in table}
    tables: dict[str, Any] = {"commands": told, "done": {}, "problems": {}}
    for one in told.values():
        tables["done"] |= one.get("done", {})
        tables["problems"] |= one.get("problems", {})
    return tables


def _merged(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Theirs over ours, table by table; a word they left out is ours."""
    merged = dict(ours)
    for key, value in theirs.items():
        both = isinstance(value, dict) and isinstance(ours.get(key), dict)
        merged[key] = _merged(ours[key], value) if both else value
    return merged


def _told(error: Exception) -> str:
    where = f" (line {error.lineno})" if isinstance(error, TemplateSyntaxError) else ""
    return f"{type(error).__name__}: {sanitize_line(str(error), 300)}{where}"
