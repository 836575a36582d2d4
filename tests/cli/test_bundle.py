"""A ZIP of somebody's data: its owner alone reads it, no other file is written over, and half of one is none."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from mailgate.cli.bundle import write_bundle
from mailgate.errors import UsageError


def test_what_was_given_is_in_it_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "juan.zip"
    write_bundle(path, {"persona.json": "{}", "1/correo.eml": b"Subject: Hola\r\n\r\n"})
    assert path.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(path) as bundle:
        assert bundle.read("persona.json") == b"{}"
        assert bundle.read("1/correo.eml") == b"Subject: Hola\r\n\r\n"


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "juan.zip"
    path.write_text("de ayer")
    with pytest.raises(UsageError):
        write_bundle(path, {"persona.json": "{}"})
    assert path.read_text() == "de ayer"


def test_one_that_cannot_be_written_to_its_end_leaves_nothing(tmp_path: Path) -> None:
    """As on a full disk: half of a person's data looks whole."""

    class Failing(dict[str, bytes]):
        def items(self):
            yield "1.eml", b"..."
            raise OSError(28, "No space left on device")

    path = tmp_path / "juan.zip"
    with pytest.raises(OSError, match="No space"):
        write_bundle(path, Failing())
    assert not path.exists()
