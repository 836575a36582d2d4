"""Words of letters that we sent are known again, whatever a mail program did to them (``mail/known.py``)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailgate.mail.known import Letters, words

LETTER = """Hola, Juan:

Recibimos tu mensaje y abrimos el ticket [#1042] con lo que nos cuentas.
Puedes ver su estado aquí: https://desk.co/t/1042?clave=abc
Una persona de nuestro equipo te contestará antes del martes a las diez.

Quedamos atentos.
Soporte"""
LINES = LETTER.splitlines()


def ours(text: str, *letters: str) -> list[int]:
    return Letters(letters or (LETTER,)).find(text.splitlines())[0]


def test_words_are_bare_of_marks_case_entities_and_links() -> None:
    assert words("¡Hola, JUAN! &iquest;Cómo estás? &#39;bien&#39;") == ["hola", "juan", "cómo", "estás", "bien"]
    assert words("ver https://desk.co/x?y o mailto:a@b.co (cid:1@x) ya") == ["ver", "o", "ya"]
    assert words("ﬁn de año") == ["fin", "de", "año"]
    assert words("") == []


def test_every_line_of_a_letter_is_known_as_it_was_sent_and_quoted_wrapped_and_shouted() -> None:
    whole = [index for index, line in enumerate(LINES) if line]
    assert ours(LETTER) == whole
    assert ours("\n".join(f"> {line}" for line in LINES)) == list(range(len(LINES)))
    assert ours(LETTER.replace("Recibimos tu mensaje", "RECIBIMOS TU MENSAJE")) == whole
    wrapped = LETTER.replace(" con lo que", "\ncon lo que").splitlines()
    assert len(ours("\n".join(wrapped))) == len(whole) + 1


def test_a_persons_own_words_around_it_stay_theirs() -> None:
    text = f"Gracias, ya miré.\n\n{LETTER}\n\nOtra cosa: falta la factura."
    found = ours(text)
    lines = text.splitlines()
    assert "Gracias, ya miré." not in [lines[index] for index in found]
    assert "Otra cosa: falta la factura." not in [lines[index] for index in found]
    assert len(found) == len([line for line in LINES if line])


def test_few_words_in_common_are_anybodys() -> None:
    seven, eight = "una persona de nuestro equipo te contestará", "una persona de nuestro equipo te contestará antes"
    assert ours(seven) == []
    assert ours(eight) == [0]


def test_a_paragraph_that_cites_us_in_passing_stays_whole() -> None:
    cites = "Ustedes dicen: una persona de nuestro equipo te contestará antes del martes a las diez.\ny es jueves ya"
    assert ours(cites) == []
    below = f"{cites}\n\nuna persona de nuestro equipo te contestará antes del martes"
    assert ours(below) == [3]


def test_a_short_letter_is_known_whole_or_not_at_all() -> None:
    short = "Tu ticket está cerrado"
    assert ours(short, short) == [0]
    assert ours("tu ticket está cerrado, gracias", short) == []
    assert ours("Tu ticket está", short) == []
    assert not Letters(["dos palabras"])
    assert not Letters([])
    assert Letters([short])


def test_the_end_of_a_letter_is_known_and_what_stands_below_it() -> None:
    letters = Letters([LETTER])
    assert letters.find([*LINES, "", "y una cosa más"])[2] == len(LINES)
    assert letters.find(LINES[:5])[2] == 0
    # Its last words below others of it, though they are few.
    assert letters.find([LINES[2], "", "Quedamos atentos.", "Soporte"])[0] == [0]
    assert letters.find([LINES[4], "", "a las diez. Quedamos atentos.", "Soporte"])[0] == [0, 2, 3]


def test_what_is_typed_between_our_lines_is_a_gap() -> None:
    typed = [LINES[2], "¡Gracias por abrirlo!", *LINES[3:5]]
    found, gaps, _ = Letters([LETTER]).find(typed)
    assert found == [0, 2, 3]
    assert gaps == [range(1, 2)]
    far = [LINES[2], "¿y esto?", LINES[4]]  # not neighbours in the letter: somebody put them together
    assert Letters([LETTER]).find(far)[1] == []


@given(st.lists(st.text("ab cñ>&\n", max_size=30), max_size=8), st.lists(st.text("ab c", max_size=60), max_size=3))
def test_only_lines_that_there_are_are_named_in_order(lines: list[str], letters: list[str]) -> None:
    found, gaps, ended = Letters(letters).find(lines)
    assert found == sorted(set(found))
    assert all(lines[index].strip() for index in found)
    assert all(0 <= gap.start <= gap.stop <= len(lines) for gap in gaps)
    assert 0 <= ended <= len(lines)
