"""Are the tests of a room able to fail? Small changes are made to its code, one at a time, and its tests are run.

    make mutate                                        # 150 changes to desk/, some minutes
    make mutate ARGS="mail --sample 300 --seed 2"

A change that no test notices is printed: ``file:line what → what``. Look at each: a missing assertion, code that nobody
needs, or a change that means the same. Only the room's own tests are asked, or those of ``--tests``; what another
room's would notice counts as not noticed. A seed gives the same sample, whatever else changes in the code.

It is quick because little is run. The tests run once under coverage.py, which tells whose steps pass which line, and
what each test costs; those that take seconds are left out. A change is then tried in a fork of a process that has
collected the tests: the function is exchanged, and the tests that pass there run, cheapest first, up to the first that
fails or ``--budget`` seconds of processor. What none of them passes is not tried. What acts when a module is loaded (a
table, a default) is asked of all tests, in a fork of a process that has loaded none of ours.
"""

from __future__ import annotations

import argparse
import functools
import gc
import importlib.abc
import importlib.util
import itertools
import json
import os
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, NamedTuple

import hypothesis
import pytest

from tests.mutants import ROOT, BeginsAt, Mutant, mutants_of, sample

HEAVY = ("peewee", "pydantic_settings", "phonenumbers", "holidays", "babel.dates", "structlog")
LONGEST = 3  # seconds of processor for a test, while it is recorded


class Recorded(NamedTuple):
    """What one run of the tests showed."""

    costs: dict[str, float]  # seconds of processor, by test
    passing: dict[str, dict[str, list[str]]]  # file, line: who passes there; "" is the loading of modules

    def tests_of(self, mutant: Mutant) -> tuple[bool, list[str]]:
        """Whether it acts when modules are loaded; and the tests to be asked, cheapest first."""
        lines = self.passing.get(str(mutant.path), {})
        who = {test for line in mutant.lines for test in lines.get(str(line), [])}
        loading = mutant.function is None or "" in who
        asked = self.costs if loading else who & self.costs.keys()
        return loading, sorted(asked, key=lambda test: self.costs[test])


class TooLong(BaseException):
    """No exception that a test would catch."""


class Recorder:
    """A plugin of pytest: whose steps pass which line? A test that takes too long is left, and not asked later on."""

    def __init__(self, coverage: Any) -> None:
        self.costs, self._coverage = dict[str, float](), coverage
        signal.signal(signal.SIGPROF, self._stop)

    def pytest_runtest_protocol(self, item: Any) -> None:
        forget()
        self._coverage.switch_context(item.nodeid)
        self._began = time.process_time()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Any) -> Iterator[None]:
        signal.setitimer(signal.ITIMER_PROF, LONGEST)
        try:
            yield
            self.costs[item.nodeid] = time.process_time() - self._began
        except TooLong:
            pytest.skip("too long")
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _stop(self, *_: object) -> None:
        raise TooLong


def record(files: list[Path], arguments: list[str]) -> str:
    import coverage

    watched = coverage.Coverage(data_file=None, config_file=False, include=[str(file) for file in files])
    recorder = Recorder(watched)
    watched.start()
    failed = pytest_main(arguments, recorder)
    watched.stop()
    data = watched.get_data()
    passing = {str(file): data.contexts_by_lineno(str(file)) for file in files}
    return json.dumps([int(failed), recorder.costs, passing])


def pytest_main(arguments: list[str], plugin: object) -> int:
    found_at_once = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # nobody reads the smallest example
    hypothesis.settings.register_profile(
        "mutation", deadline=None, database=None, derandomize=True, phases=found_at_once
    )
    options = ["-q", "-n", "0", "-p", "no:warnings", "-m", "not postgresql", "--hypothesis-profile", "mutation"]
    return int(pytest.main([*options, *arguments], plugins=[plugin]))


def forget() -> None:
    """What functions of ours remember is of the time before the change."""
    for one in _remembering():
        one.cache_clear()


@functools.cache
def _remembering() -> list[Any]:
    caches = [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]
    return [one for one in caches if one.__module__.startswith("mailgate")]


Asked = tuple[int, Mutant | None, list[str]]  # its number, the change (None: none), the tests to be asked


class Trials:
    """A plugin of pytest: instead of all tests, those of each change, in a fork with its function exchanged."""

    def __init__(self, asked: list[Asked], costs: dict[str, float], say: Callable[[str], None]) -> None:
        self._asked, self._costs, self._say = asked, costs, say

    def pytest_runtestloop(self, session: Any) -> bool:
        items = {item.nodeid: item for item in session.items}
        for number, mutant, tests in self._asked:
            chosen = [items[test] for test in tests]
            failed = fails(functools.partial(_tried, session, mutant, chosen), sum(self._costs[test] for test in tests))
            self._say(f"{number} {int(failed)}")
        return True


def _tried(session: Any, mutant: Mutant | None, items: list[Any]) -> bool:
    if mutant:
        exchange(mutant)
    for item, following in itertools.zip_longest(items, items[1:]):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


def exchange(mutant: Mutant) -> None:
    """The function as it is loaded gets the changed one's code."""
    if not any(getattr(module, "__file__", None) == str(mutant.path) for module in list(sys.modules.values())):
        sys.meta_path.insert(0, Stand(mutant))
        return
    [new] = [code for code in _codes(mutant.code()) if _begins_at(code) == mutant.function]
    inside = {_begins_at(code): code for code in _codes(new)}  # functions that it has made already, too
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename == new.co_filename:
            one.__code__ = inside.get(_begins_at(one.__code__), one.__code__)
    forget()


def _begins_at(code: types.CodeType) -> BeginsAt:
    return code.co_qualname, code.co_firstlineno


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from _codes(one)


class Stand(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the changed module in the place of the one on disk."""

    def __init__(self, mutant: Mutant) -> None:
        self._code, self._path = mutant.code(), mutant.path
        self._name = ".".join(mutant.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(name, self._path, loader=self)

    def exec_module(self, module: types.ModuleType) -> None:
        exec(self._code, module.__dict__)


class Chosen:
    """A plugin of pytest: these tests, in this order."""

    def __init__(self, tests: list[str]) -> None:
        self._ranks = {test: rank for rank, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = sorted((one for one in items if one.nodeid in self._ranks), key=lambda one: self._ranks[one.nodeid])


def loaded_anew(mutant: Mutant, tests: list[str], arguments: list[str]) -> bool:
    sys.meta_path.insert(0, Stand(mutant))
    return bool(pytest_main(["-x", *arguments], Chosen(tests)))


def fails(work: Callable[[], bool], seconds: float) -> bool:
    """Whether the tests fail, or do not end, in a child that has a multiple of their time."""
    child = os.fork()
    if child == 0:
        _silent()
        signal.setitimer(signal.ITIMER_PROF, 10 + 4 * seconds)
        signal.alarm(int(120 + 40 * seconds))
        try:
            os._exit(int(work()))
        finally:
            os._exit(1)
    return os.waitpid(child, 0)[1] != 0


def told_by(work: Callable[[Callable[[str], None]], object]) -> Iterator[str]:
    """The lines that a child says."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        _silent()
        with os.fdopen(write, "w") as out:
            work(lambda line: print(line, file=out, flush=True))
            out.flush()
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as lines:
        yield from lines
    os.waitpid(child, 0)


def _silent() -> None:
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)


def within(tests: list[str], costs: dict[str, float], budget: float) -> list[str]:
    spent = itertools.accumulate(costs[test] for test in tests)
    return [test for test, total in zip(tests, spent, strict=True) if total <= budget]


def tried(
    exchanged: list[Asked], anew: list[Asked], costs: dict[str, float], tests: list[str]
) -> Iterator[tuple[int, bool]]:
    """The number of each, and whether it is noticed."""
    for line in told_by(lambda say: pytest_main(tests, Trials(exchanged, costs, say))):
        number, noticed = map(int, line.split())
        yield number, bool(noticed)
    for number, mutant, who in anew:
        assert mutant is not None
        seconds = 20 + sum(costs[test] for test in who)
        yield number, fails(functools.partial(loaded_anew, mutant, who, tests), seconds)


def main() -> int:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("room", nargs="?", default="desk", help="a folder or a module below mailgate/")
    told.add_argument("--tests", nargs="+", help="instead of the room's own below tests/")
    told.add_argument("--sample", type=int, default=150)
    told.add_argument("--seed", type=int, default=1)
    told.add_argument("--budget", type=float, default=15, help="seconds of processor for the tests of one change")
    told.add_argument("--noticed", action="store_true", help="print what is noticed, too")
    chosen = told.parse_args()
    for name in HEAVY:
        __import__(name)
    place = ROOT / "mailgate" / chosen.room
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    tests = chosen.tests or [f"tests/{Path(chosen.room).parts[0]}"]
    written = [file.read_bytes() for file in files]
    everything = [one for file in files for one in mutants_of(file)]
    mutants = sample(everything, chosen.seed, chosen.sample)
    failed, *recorded = json.loads(next(told_by(lambda say: say(record(files, tests)))))
    if failed:
        print("the tests fail as it is")
        return 1
    known = Recorded(*recorded)
    untouched, survivors = list[Mutant](), list[Mutant]()
    anew, unchanged = list[Asked](), within(sorted(known.costs, key=known.costs.__getitem__), known.costs, 60)
    exchanged: list[Asked] = [(-1, None, unchanged)]
    for number, mutant in enumerate(mutants):
        loading, who = known.tests_of(mutant)
        who = within(who, known.costs, chosen.budget)
        if not who:
            untouched.append(mutant)
            print(f"{mutant}: no quick test passes here", flush=True)
        else:
            (anew if loading else exchanged).append((number, mutant, who))
    for number, noticed in tried(exchanged, anew, known.costs, tests):
        if number < 0 and noticed:
            print("the tests fail as it is, cheapest first")
            return 1
        if number >= 0 and not noticed:
            survivors.append(mutants[number])
        if number >= 0 and (chosen.noticed or not noticed):
            print(f"{mutants[number]}{': noticed' if noticed else ''}", flush=True)
    if written != [file.read_bytes() for file in files]:
        print("somebody wrote in these files meanwhile: their changes cannot be told from ours, run it again")
        return 1
    rest = len(mutants) - len(survivors) - len(untouched)
    print(
        f"{rest} of {len(mutants)} noticed, {len(survivors)} survived, {len(untouched)} where no quick test passes"
        f" ({len(everything)} could be tried)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
