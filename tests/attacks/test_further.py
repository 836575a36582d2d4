"""The further set of attacks, made afresh: each mail by SMTP, by IMAP too in the long form; and that it is a set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.attacks.further import all_cases, write_set
from tests.attacks.test_attacks import run_all
from tests.servers import dovecot

SHARDS = ("A,B", "C,D", "E,F")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("further")
    write_set(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("shard", SHARDS)
def test_every_further_attack_by_smtp_leaves_what_it_should(folder: Path, shard: str) -> None:
    run_all(folder, "smtp", shard)


@pytest.mark.slow
@pytest.mark.skipif(bool(dovecot.missing()), reason=dovecot.missing() or "there is one")
@pytest.mark.parametrize("shard", SHARDS)
def test_every_further_attack_by_imap_leaves_what_it_should(
    folder: Path, shard: str, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("the same mails go by SMTP; --long delivers them by IMAP, too")
    run_all(folder, "imap", shard)


def test_codes_are_told_once_and_every_case_is_in_a_shard() -> None:
    codes = [case.name[:3] for case in all_cases()]
    assert len(codes) == len(set(codes))
    assert not [code for code in codes if code[0] not in ",".join(SHARDS).split(",")]


def test_a_case_comes_out_the_same_each_time(tmp_path: Path) -> None:
    """What is made and not kept must not change by chance."""
    first = {case.name: case.raw for case in all_cases()}
    assert first == {case.name: case.raw for case in all_cases()}
    write_set(tmp_path)
    rows = json.loads((tmp_path / "attacks.json").read_text(encoding="utf-8"))
    assert {row["file"] for row in rows} == {path.name for path in (tmp_path / "mails").iterdir()}
