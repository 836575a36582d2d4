"""An operator looks at the letters, changes one, and is told what is wrong with the change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest


@pytest.fixture
def own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for templates of one's own."""
    monkeypatch.setenv("MAILGATE_LETTERS_DIRECTORY", str(folder / "own"))
    return folder / "own"


def test_the_list_names_every_letter_and_what_was_changed(mailgate, own: Path) -> None:
    mailgate("templates", "override", "acknowledgement", "--language", "es", "--part", "text")
    found = {row["letter"]: row["own"] for row in mailgate("templates", "list", "--json").json}
    assert found["acknowledgement"] == ["es/acknowledgement.txt"]
    assert found["answer"] == []


def test_a_letter_is_shown_as_its_template_and_as_it_reads(mailgate, folder: Path) -> None:
    assert "{{ words.phrases.hello }}" in mailgate("templates", "show", "acknowledgement").out
    told = mailgate("templates", "show", "acknowledgement", "--rendered").out
    assert "Hola, Ana María Muñoz:" in told
    assert "[#1042] No imprime la factura" in told


def test_a_copy_is_changed_and_never_written_over(mailgate, own: Path) -> None:
    mailgate("templates", "override", "answer", "-l", "es")
    assert sorted(path.name for path in (own / "es").iterdir()) == ["answer.html", "answer.subject.txt", "answer.txt"]
    (own / "es/answer.txt").write_text("¡Hola! {{ text }}\n")
    mailgate("templates", "override", "answer", "-l", "es")
    assert mailgate("templates", "show", "answer", "--rendered").out.startswith("¡Hola! ")
    assert "0 problem" in mailgate("templates", "check").err


def test_check_names_the_file_and_what_is_wrong_with_it(mailgate, own: Path) -> None:
    (own / "es").mkdir(parents=True)
    (own / "es/answer.txt").write_text("{{ nombre }}")
    (own / "es/aknowledgement.txt").write_text("Hola")
    told = mailgate("templates", "check", status=65).out
    assert "es/answer.txt: UndefinedError: 'nombre' is undefined" in told
    assert "es/aknowledgement.txt: replaces nothing; did you mean es/acknowledgement.txt?" in told
    assert told.count("\n") == 2


def test_the_gallery_holds_every_letter_in_every_state(mailgate, folder: Path) -> None:
    mailgate("templates", "preview", "--to", "letters.html")
    page = (folder / "letters.html").read_text()
    for key in ("es/acknowledgement/full", "en/answer/formatted", "es/policy-inactive/suspended", "es/digest/bare"):
        assert f'data-key="{key}"' in page
    assert "cid:" not in page
    assert not re.search(r"""(?:src|href)=[\\"']*https?:""", page)  # nothing is fetched from anywhere
    assert len(page) < 8_000_000


@pytest.mark.parametrize(
    ("arguments", "status", "hint"),
    [
        (("show", "acknowledgment"), 66, "acknowledgement"),
        (("show", "answer", "--part", "body"), 64, "subject, text, html"),
        (("show", "answer", "--language", "fr"), 64, "es, en"),
        (("override", "answer"), 78, "letters.directory"),
    ],
)
def test_what_cannot_be_shown_is_said_in_a_line(mailgate, arguments: tuple[str, ...], status: int, hint: str) -> None:
    assert hint in mailgate("templates", *arguments, status=status).err
