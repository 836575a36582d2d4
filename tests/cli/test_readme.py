"""What the READMEs tell to type works: each block of the README is run, each command named anywhere exists."""

from __future__ import annotations

import io
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from mailgate.cli import app, run

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PAGES = ("README.md", "docker/README.md", "templates/README.md")
STAYS_UP = {"serve", "demo"}  # not run here: their options are checked
MAY_BE_ILL = {"doctor"}  # a desk of a minute's age may lack something
ABOUT_SOMEBODY = {"ticket", "mail", "pqrs", "person"}
NOT_THERE = os.EX_NOINPUT  # a ticket, a mail, a radicado or a person that the README takes for an example


def lines_of_blocks(page: str) -> Iterator[str]:
    """Each line of the indented blocks that is typed at a shell, without its remark."""
    for line in page.splitlines():
        if re.match(r"    (?:mailgate|make|docker|cp|printf) ", line):
            yield re.sub(r"\s{2,}#.*", "", line).strip()


def commands() -> list[str]:
    return [line for line in lines_of_blocks(README) if line.startswith("mailgate ")]


def named_anywhere() -> list[str]:
    """Every ``mailgate …`` in running text and in blocks, of every page."""
    found: dict[str, None] = {}
    for name in PAGES:
        text = (ROOT / name).read_text()
        found |= dict.fromkeys(" ".join(code.split()) for code in re.findall(r"`(mailgate\s[a-z-][^`]*)`", text))
        found |= dict.fromkeys(line for line in lines_of_blocks(text) if line.startswith("mailgate "))
    return list(found)


@pytest.fixture
def desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that the README speaks of, in an otherwise empty folder."""
    (folder / "clientes.csv").write_text("Licencia;NIT;Nombre\nfer02;800.197.268-4;Ferretería El Tornillo\n")
    (folder / "agentes.csv").write_text("Correo;Nombre\nluis@mesa.co;Luis Rojas\n")
    for name in ("soluciones", "noticias"):
        (folder / name).mkdir()
        (folder / name / "una.md").write_text("# Período cerrado\n\nÁbrelo en Nómina > Períodos.\n")
    (folder / "app-password.txt").write_text("abcd efgh ijkl mnop\n")
    return folder


def test_every_command_of_the_readme_runs(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From top to bottom, as a newcomer would type them; what stays up is left out."""
    ran = []
    for command in commands():
        words = shlex.split(command)[1:]
        if words[0] in STAYS_UP:
            continue
        if "<" in words:
            file = words.pop()
            words.remove("<")
            monkeypatch.setattr("sys.stdin", io.StringIO((desk / file).read_text()))
        if words[0] == "init" and len(words) > 1:  # another desk than the one above
            words = ["--config", "other/mailgate.toml", *words]
        if words[0] == "restore":
            monkeypatch.setenv("MAILGATE_STORE_URL", "sqlite:///restored.db")
        ended = run(words)
        fine = {0, 1} if words[0] in MAY_BE_ILL else {0, NOT_THERE} if words[0] in ABOUT_SOMEBODY else {0}
        assert ended in fine, f"{command}: {ended}, {capsys.readouterr().err}"
        ran.append(command)
    assert len(ran) >= 15
    assert (desk / "mailgate.toml").is_file()
    assert (desk / "restored.db").is_file()


@pytest.mark.parametrize("command", named_anywhere())
def test_every_command_named_exists_with_its_options(command: str) -> None:
    known = typer.main.get_command(app)
    options = {option for parameter in known.params for option in parameter.opts}
    for word in command.split()[1:]:
        word = word.strip(".,;:)")
        if hasattr(known, "commands") and word in known.commands:
            known = known.commands[word]
            options |= {o for parameter in known.params for o in (*parameter.opts, *parameter.secondary_opts)}
        elif word.startswith("--"):
            assert word.partition("=")[0] in options, f"{command}: no option {word}"
        elif hasattr(known, "commands"):
            assert "|" in word or not word[:1].islower(), f"{command}: no command {word}"
            return


def test_every_make_target_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", README))
    named |= {line.split()[1] for line in lines_of_blocks(README) if line.startswith("make ")}
    assert {"demo", "test", "lint"} <= named
    assert named <= targets


@pytest.mark.parametrize("name", [*PAGES, "tests/README.md", "tests/mails/README.md", "CHANGELOG.md"])
def test_every_link_inside_leads_somewhere(name: str) -> None:
    text = (ROOT / name).read_text()
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text) + re.findall(r'src="([^"]+)"', text)
    for target in targets:
        if not target.startswith(("http:", "https:", "mailto:")):
            assert ((ROOT / name).parent / target).exists(), target


def test_every_setting_named_in_the_pages_is_one() -> None:
    from mailgate.settings import every_key

    keys = {f"{section}.{key}" for section, key, _ in every_key()}
    sections = {key.partition(".")[0] for key in keys}
    for name in PAGES:
        for section, key in re.findall(r"`([a-z]+)\.([a-z_]+)(?: = [^`]*)?`", (ROOT / name).read_text()):
            if section in sections and name != "templates/README.md":
                assert f"{section}.{key}" in keys, name


def test_the_picture_is_small() -> None:
    (picture,) = re.findall(r'src="([^"]+\.png)"', README)
    assert (ROOT / picture).stat().st_size < 150_000
