"""Which solutions fit a text, when silence is better, and how people's answers move that border."""

from __future__ import annotations

import pytest

from mailgate.desk.stems import terms
from mailgate.desk.suggestions import START, Text, learned_threshold, rank, telling, weights, worth_telling

SOLUTIONS = {
    1: ("La impresora saca hojas en blanco", "Revise el papel en Configuración."),
    2: ("Crear un usuario nuevo", "Seguridad, Usuarios, Nuevo."),
    3: ("Copia de seguridad automática", "Programe la tarea de cada noche."),
}
TEXTS = [Text(n, f" {' '.join(terms(title))} ", f" {' '.join(terms(body))} ") for n, (title, body) in SOLUTIONS.items()]


def found(text: str, threshold: float = START) -> list[int]:
    wanted = telling(text)
    frequency = {term: sum(f" {term} " in text.title + text.body for text in TEXTS) for term in wanted}
    weight = weights(wanted, frequency, len(TEXTS))
    return [one.id for one in worth_telling(rank(weight, TEXTS), threshold, 3)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("impresoras", "impresora"), ("facturación", "FACTURAR"), ("nomina", "Nómina"), ("electronica", "electrónicas"),
        ("computador", "PC"), ("clave", "contraseñas"), ("backups", "respaldo"), ("tickets", "ticket"),
    ],
)  # fmt: skip
def test_accents_endings_and_other_names_are_one_word(one: str, other: str) -> None:
    assert set(terms(one)) & set(terms(other))


@pytest.mark.parametrize(
    "text",
    ["mis impresoras botan las hojas blancas", "LA IMPRESION SALE EN HOJAS BLANCAS", "impresora: hoja en blanco"],
)
def test_the_solution_that_fits_is_first(text: str) -> None:
    assert found(text)[0] == 1


@pytest.mark.parametrize("text", ["", "hola", "no funciona", "la reunión del viernes es a las tres", "un usuario"])
def test_what_fits_badly_is_not_told(text: str) -> None:
    assert found(text) == []


def test_nothing_known_is_the_first_belief() -> None:
    assert learned_threshold([]) == pytest.approx(START)


def test_what_helps_lowers_the_border_and_what_never_helps_raises_it() -> None:
    assert learned_threshold([(0.5, True)] * 40) < START
    assert learned_threshold([(0.5, False)] * 400) > START
    # What is told beyond doubt stays told, though weak ones never help.
    mixed = [(0.36, False)] * 300 + [(0.6, True)] * 60
    assert START < learned_threshold(mixed) <= 0.6


def test_rare_words_tell_most_and_what_every_solution_says_tells_hardly_anything() -> None:
    weight = weights(["rara", "usual", "siempre"], {"rara": 1, "usual": 30, "siempre": 100}, 100)
    assert weight["rara"] > weight["usual"] > weight["siempre"]
    assert 0 < weight["siempre"] < 0.01


def test_of_a_long_mail_the_rarest_words_count_and_unknown_ones_weigh_against_all() -> None:
    words = [f"w{n}" for n in range(20)]
    long = weights(words, {word: n + 1 for n, word in enumerate(words)}, 100)
    assert list(long) == words[:12]
    short = weights(["papel", *words], {"papel": 2}, 100)
    assert list(short) == ["papel", "?0", "?1", "?2"]  # three of them count
    assert short["?0"] == pytest.approx(0.8 * short["papel"])
    assert weights(["nada"], {}, 100) == {"?0": pytest.approx(0.8)}


def test_a_word_in_the_title_tells_more_than_one_in_the_text_and_one_in_common_is_chance() -> None:
    texts = [Text(1, " papel hoja tinta ", "  "), Text(2, "  ", " papel hoja ")]
    ranked = rank({"papel": 2.0, "hoja": 2.0}, [*reversed(texts), Text(3, " nube papeles ", "  ")])
    assert [(one.id, one.common) for one in ranked] == [(1, 2), (2, 2)]
    assert [one.score for one in ranked] == [1.0, pytest.approx(0.55 * 0.9)]
    assert [one.id for one in worth_telling(ranked, 0.495, 3)] == [1, 2]
    assert [one.id for one in worth_telling(ranked, 0.5, 3)] == [1]
    assert worth_telling(rank({"papel": 2.0}, texts), 0.1, 3) == []
