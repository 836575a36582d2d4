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
