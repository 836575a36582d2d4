"""Every command explains itself, with an example, at once, in the person's language."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from mailgate.cli import app

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("peewee", "pydantic", "rich", "jinja2", "aiosmtpd", "imapclient", "phonenumbers", "selectolax")


def every_command() -> Iterator[tuple[str, ...]]:
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        if hasattr(command, "commands"):
            yield from ((name, inner) for inner in command.commands)
        else:
            yield (name,)


@pytest.mark.parametrize("command", list(every_command()), ids=" ".join)
def test_help_tells_what_it_does_and_shows_an_example(mailgate, command: tuple[str, ...]) -> None:
    told = mailgate(*command, "--help").out
    assert f"Usage: mailgate {' '.join(command)}" in told
    examples = told.partition("Examples:")[2] or told.partition("Ejemplos:")[2]
    assert f"mailgate {' '.join(command)}" in examples


def test_help_in_spanish(shell) -> None:
    told = shell("ticket", "list", "--help", LANGUAGE="es").out
    assert "Listar los tickets" in told
    assert "Ejemplos:" in told


def test_without_a_command_it_shows_help(mailgate) -> None:
    assert "quarantine" in mailgate(status=64).out


def test_version(mailgate) -> None:
    assert mailgate("--version").out.startswith("mailgate ")


def test_help_needs_nothing_heavy() -> None:
    """--help is there within 0.4 s because it imports next to nothing."""
    code = f"import sys, mailgate.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT).strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("tiket",), "'ticket'"),
        (("ticket", "list", "--jsn"), "--json"),
        (("ticket", "show", "abc"), "ticket show --help"),
        (("ticket", "list", "--status", "shut"), "new, open, waiting"),
        (("outbox", "list", "--state", "lost"), "queued, sent, dead"),
        (("outbox", "retry"), "--dead"),
        (("agent", "add", "luis@mesa.co", "Luis", "--role", "boss"), "supervisor"),
        (("demo", "--language", "fr"), "es or en"),
    ],
)
def test_a_mistyped_command_is_one_line_with_a_hint(mailgate, arguments: tuple[str, ...], hint: str) -> None:
    err = mailgate(*arguments, status=64).err
    assert err.startswith("mailgate: ")
    assert err.count("\n") == 1
    assert hint in err
