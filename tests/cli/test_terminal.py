"""On a real terminal: bars, questions, colours, tables that fit; and none of that where there is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mailgate import cli
from tests.cli.terminal import CTRL_C, ROOT, on_terminal

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def mails(mailgate, folder: Path) -> Path:
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme " * 12, "--contact", "ana@acme.co")
    path = folder / "mail.eml"
    path.write_text(
        f"From: ana@acme.co\nTo: soporte@localhost.localdomain\nSubject: {'largo ' * 30}\nMessage-ID: <1@x>\n\nHola.\n"
    )
    return path


def test_a_bar_while_it_works(mails: Path) -> None:
    status, shown = on_terminal("ingest", str(mails))
    assert status == 0
    assert "Accepting" in shown
    assert "100%" in shown


def test_no_bar_and_no_colour_where_nobody_looks(shell, mails: Path) -> None:
    told = shell("ingest", mails)
    assert told.err == ""
    assert "\x1b" not in told.out + shell("client", "list").out


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_tables_fit(mails: Path, columns: int) -> None:
    _, shown = on_terminal("client", "list", columns=columns)
    lines = COLOUR.sub("", shown).splitlines()
    assert any("ACME01" in line for line in lines)
    assert max(len(line) for line in lines) <= columns


def test_no_color_is_respected(mails: Path) -> None:
    assert "\x1b[3" not in on_terminal("client", "list", NO_COLOR="1")[1]


def test_a_question_before_something_is_lost(mailgate, mails: Path) -> None:
    mails.write_text("From: nadie@otra.co\nTo: soporte@localhost.localdomain\nSubject: x\nMessage-ID: <2@x>\n\nHola.\n")
    mailgate("ingest", mails)
    assert mailgate("stats", "--json").json["held"] == 1
    status, shown = on_terminal("held", "reject", "--all", typed="n\n")
    assert "Reject 1 of the held mails?" in shown
    assert status != 0
    assert mailgate("stats", "--json").json["held"] == 1
    status, shown = on_terminal("held", "reject", "--all", typed="quizás\nsí\n", LANGUAGE="es")
    assert status == 0
    assert shown.count("[s/N]") == 2, "what is neither yes nor no is asked again"
    assert mailgate("stats", "--json").json["held"] == 0


def test_a_bar_for_whatever_takes_long(mailgate, mails: Path, folder: Path) -> None:
    (folder / "agentes.csv").write_text("Correo;Nombre\nluis@mesa.co;Luis Rojas\n")
    (folder / "soluciones").mkdir()
    (folder / "soluciones" / "una.md").write_text("# Período cerrado\n\nÁbrelo.\n")
    mailgate("ingest", mails, "--no-process")
    for command, word in (
        ("agent import agentes.csv", "Importing"),
        ("solution import soluciones", "Importing"),
        ("backup desk.backup", "Copying"),
        ("doctor --deep", "Reading everything"),
    ):
        _, shown = on_terminal(*command.split())
        assert word in shown, command
        assert "100%" in shown, command


def test_the_demo_has_colours_where_somebody_looks_and_ends_with_a_word() -> None:
    """Ctrl-C is how it ends: a word of goodbye, status 0, nothing of Python."""
    words = tomllib.loads((Path(cli.__file__).parent / "demo_words" / "es.toml").read_text())
    status, shown = on_terminal("demo", replies=[(words["live"][:30], CTRL_C)], LANGUAGE="es")
    assert status == 0, shown[-500:]
    assert "\x1b[36m" in shown, "a client's mail is framed in cyan"
    assert "Traceback" not in shown
    assert shown.rstrip().endswith(words["bye"]), shown[-300:]


def test_the_shell_completes_commands_and_options(tmp_path: Path) -> None:
    """What `mailgate --install-completion` puts into ~/.bashrc, in a real bash."""
    if not (bash := shutil.which("bash")):
        pytest.skip("there is no bash")
    program = tmp_path / "mailgate"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m mailgate "$@"\n')
    program.chmod(0o755)
    script = """
        eval "$(mailgate --show-completion bash)"
        ask() { COMP_WORDS=(mailgate "$@"); COMP_CWORD=$#; _mailgate_completion mailgate; echo "${COMPREPLY[@]}"; }
        complete -p mailgate
        ask cli
        ask client im
        ask purge --dr
    """
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, env=environment)
    told, *completed = done.stdout.splitlines()
    assert "-F _mailgate_completion mailgate" in told, done.stderr
    assert completed == ["client", "import", "--dry-run"], done.stderr


def test_init_asks_for_what_every_desk_needs(folder: Path) -> None:
    answers = ["Soporte Acme", "Acme S.A.S.", "soporte@acme.co", "", "mta", ""]
    status, shown = on_terminal("init", "--no-check", typed="\n".join(answers) + "\n", LANGUAGE="es")
    assert status == 0, shown
    text = (folder / "mailgate.toml").read_text()
    assert 'name = "Soporte Acme"' in text
    assert 'address = "soporte@acme.co"' in text
    assert '# language = "es"' in text, "what is the default stays a comment"
