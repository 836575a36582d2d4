"""Which first lines of a mail are commands, and what is left of its text (``mail/commands.py``)."""

from __future__ import annotations

import pytest

from mailgate.mail.commands import MOST_LINES, Line, find_commands


def read(text: str) -> list[tuple[int, str, str]]:
    return [(line.number, line.word, line.rest) for line in find_commands(text).lines]


@pytest.mark.parametrize(
    "line",
    [
        "#cerrar", "  #cerrar", "\u200b#cerrar", "＃cerrar", "#cerrar:", "#cerrar.", "#cerrar   ", "\xa0#cerrar\r",
        "#cerrar!", "¡#cerrar!", "#cerrar…", "- #cerrar", "  *   #cerrar", "·\u2003#cerrar", "1. #cerrar", "«#cerrar»",
        "“#cerrar”", "**#cerrar**", "_#cerrar_", "##cerrar", "#\ufe0f\u20e3cerrar", "\u202f#cerrar",
        "\u200e#cer\u00adrar\u200b", "(#cerrar)",
    ],
)  # fmt: skip
def test_a_command_is_read_whatever_programs_put_around_it(line: str) -> None:
    assert read(f"{line}\n\nHola") == [(1, "cerrar", "")]


def test_blank_lines_count_and_text_ends_the_commands() -> None:
    found = find_commands("\n#cerrar\n\n#nota Está molesto\n\nHola, Juan:\n#abrir\nAdiós\n")
    assert found.lines == (Line(2, "cerrar", "", 2), Line(4, "nota", "Está molesto", 4))
    assert found.text == "Hola, Juan:\n#abrir\nAdiós"
    assert found.below == (Line(7, "abrir", "", 7),)
    assert found.heading is None
    assert found
    assert not find_commands("Hola")


def test_a_heading_is_text_and_is_named_because_it_may_be_a_slip() -> None:
    slip = find_commands("#cerrar\n# abrir: ya\nHola")
    assert slip.heading == Line(2, "abrir", "ya", 2)
    assert slip.text == "# abrir: ya\nHola"
    assert find_commands("Hola\n# abrir").heading is None  # only where commands could still stand
    assert find_commands("").heading is None


@pytest.mark.parametrize(
    ("line", "word", "rest"),
    [
        ("#nota:está molesto", "nota", "está molesto"),
        ("#nota—está molesto", "nota", "está molesto"),
        ("#nota\u202festá molesto", "nota", "está molesto"),
        ("“#nota está molesto”", "nota", "está molesto"),
        ("**#nota** está molesto", "nota", "está molesto"),
        ("#nota“molesto”", "nota", "“molesto”"),
        ("#nota (molesto)", "nota", "(molesto)"),
        ("#asignar=Luis", "asignar", "Luis"),
        ("#cerrar;#mudo", "cerrar", "#mudo"),
        ("#respuesta\u2011pqrs", "respuesta-pqrs", ""),
        ("#respuesta–pqrs.", "respuesta-pqrs", ""),
        ("#1 en ventas", "1", "en ventas"),
    ],
)
def test_an_argument_is_read_whatever_binds_it_to_its_command(line: str, word: str, rest: str) -> None:
    assert read(line) == [(1, word, rest)]


def test_what_looks_like_a_command_within_a_line_is_named() -> None:
    found = find_commands("Listo. #cerrar.\nEl #cliente llamó\nmira\\#nota y a#nota")
    assert found.inside == (Line(1, "cerrar", "", 1), Line(2, "cliente", "llamó", 2))
    assert not found.below


def test_an_escaped_sign_is_text() -> None:
    found = find_commands("#cerrar\n  \\#1 en ventas\n\\#2")
    assert (len(found.lines), found.text) == (1, "  #1 en ventas\n#2")


def broken_at(width: int, following: str, word: str = "#servicio") -> list[tuple[int, str, str]]:
    line = f"{word} 1h {'x' * (width - len(word) - 4)}"
    assert len(line) == width
    return read(f"{line}\n{following}")


def test_a_line_that_was_broken_at_the_usual_width_goes_on() -> None:
    for width in (60, 72, 80):
        assert broken_at(width, "y" * 20)[0][2].endswith(f"x {'y' * 20}")
    for width in (59, 81):
        assert not broken_at(width, "y" * 20)[0][2].endswith("y")
    assert broken_at(60, "y" * 12)[0][2].endswith("y")  # the word did not fit into 72
    assert not broken_at(60, "y" * 11)[0][2].endswith("y")
    assert not broken_at(72, "")[0][2].endswith(" ")
    for following in ("#cerrar", "\\#cerrar"):
        assert following not in broken_at(72, following)[0][2]
    several = find_commands(f"#nota {'x' * 66}\n{'y' * 72}\nz")
    assert several.lines[0].rest.endswith("y z")
    assert several.lines[0].last == 3
    assert several.text == ""


def test_no_more_than_forty_lines_are_commands() -> None:
    found = find_commands("#cerrar\n" * (MOST_LINES + 2))
    assert len(found.lines) == MOST_LINES
    assert len(found.below) == 2
    assert found.text == "#cerrar\n#cerrar"
