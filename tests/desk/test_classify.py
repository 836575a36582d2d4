"""A new ticket's category: what the person says, what the operator says, what past tickets teach; else none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.desk.classify import Learned, classify, name_of, words_of
from mailgate.errors import ConfigError
from mailgate.settings import Categories, load

RULES = Categories(
    names=("Nómina", "Facturación electrónica", "Impresión", "Otros"),
    rules={"Nómina": ("nómina", "cesantías", "prima de servicios"), "Impresión": ("impresora", "tóner", "imprime")},
    learned_from=4,
)
PAST = [
    ("Nómina", "La liquidación de un empleado sale en cero"),
    ("Nómina", "Vacaciones de los empleados mal calculadas en la liquidación"),
    ("Nómina", "Error en el aporte a salud de un empleado"),
    ("Facturación electrónica", "La DIAN rechaza el documento con regla 90"),
    ("Facturación electrónica", "El CUFE del documento no aparece en la DIAN"),
    ("Facturación electrónica", "Rechazo de la DIAN en el documento soporte"),
]


def taught(past: list[tuple[str, str]] = PAST) -> Learned:
    tickets: dict[str, int] = {}
    words: dict[str, dict[str, int]] = {}
    for category, text in past:
        tickets[category] = tickets.get(category, 0) + 1
        for word in words_of("", text):
            words.setdefault(word, {})
            words[word][category] = words[word].get(category, 0) + 1
    return Learned(tickets, words)


@pytest.mark.parametrize(
    ("subject", "text", "detail", "category", "why"),
    [
        ("Ayuda", "Hola", "nomina", "Nómina", "the address +nomina"),
        ("Ayuda", "Hola", "facturacion-electronica", "Facturación electrónica", "the address"),
        ("Ayuda", "Hola\nCategoría: nomina\nNo cierra", "", "Nómina", "a line of the mail"),
        ("Ayuda", "CATEGORIA = Facturacion Electronica", "", "Facturación electrónica", "a line"),
        ("Ayuda", "Category: Nomína", "", "Nómina", "a line"),
        ("[Nómina] No cierra", "Hola", "", "Nómina", "the subject"),
        ("[URGENTE] [impresion] hojas en blanco", "", "", "Impresión", "the subject"),
        ("No cierra la nómina", "Hola", "", "Nómina", "the words of the settings: nómina"),
        ("Las impresoras", "no sacan nada", "", "Impresión", "impresora"),
        ("Pago", "¿Cómo liquido la prima de servicios?", "", "Nómina", "prima de servicios"),
        ("Liquidaciones", "de tres empleados en cero", "", "Nómina", "learned words"),
        ("Documentos", "rechazados por la dian", "", "Facturación electrónica", "learned words"),
        # what is said comes before what is guessed
        ("[Impresión] nómina", "nómina, cesantías", "", "Impresión", "the subject"),
        ("[Impresión] x", "Categoría: Nómina", "", "Nómina", "a line"),
        ("[Impresión] x", "Categoría: Nómina", "otros", "Otros", "the address"),
    ],
)
def test_a_ticket_is_filed_and_it_is_told_why(subject: str, text: str, detail: str, category: str, why: str) -> None:
    found = classify(subject, text, detail, RULES, taught())
    assert found is not None
    assert found.category == category
    assert why in found.why


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Una pregunta", "¿A qué hora atienden?"),
        ("[#1042] hola", "buenas"),
        ("Impresora de la nómina", ""),  # one word for each of two
        ("La categoría", "Categoría: Marte"),
        ("", ""),
    ],
)
def test_in_doubt_a_ticket_has_no_category(subject: str, text: str) -> None:
    assert classify(subject, text, "pqrs", RULES, Learned()) is None


def test_learned_words_decide_only_when_enough_was_learned_and_they_are_sure() -> None:
    few = taught(PAST[:3])
    assert classify("Empleados", "en la liquidación", "", RULES, few) is None  # one category alone teaches nothing
    assert classify("Empleado", "documento", "", RULES, taught()) is None  # one word for each
    assert classify("Empleado", "", "", RULES, taught()) is None  # one word is not enough
    unlearned = RULES.model_copy(update={"learn": False})
    assert classify("Liquidaciones", "de los empleados", "", unlearned, taught()) is None
    many = RULES.model_copy(update={"learned_from": 30})
    assert classify("Liquidaciones", "de los empleados", "", many, taught()) is None


def test_without_categories_nothing_is_filed() -> None:
    assert classify("[Nómina] x", "Categoría: Nómina", "nomina", Categories(), taught()) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [("nomina", "Nómina"), ("NÓMINA ", "Nómina"), ("nomnia", ""), ("nominas", "Nómina"), ("facturacion electronica",
     "Facturación electrónica"), ("Facturación-electrónica", "Facturación electrónica"), ("", ""), ("x", "")],
)  # fmt: skip
def test_a_category_is_known_by_its_name_as_people_write_it(written: str, meant: str) -> None:
    assert name_of(written, RULES) == meant


@given(st.text(), st.text(), st.text())
def test_it_is_total_and_names_only_categories_of_the_settings(subject: str, text: str, detail: str) -> None:
    found = classify(subject, text, detail, RULES, taught())
    assert found is None or found.category in RULES.names


def test_rules_for_a_category_that_is_none_are_refused() -> None:
    with pytest.raises(ConfigError, match="Ventas"):
        load(None, {"MAILGATE_CATEGORIES_NAMES": '["Nómina"]', "MAILGATE_CATEGORIES_RULES": '{Ventas = ["venta"]}'})
    with pytest.raises(ConfigError, match="twice"):
        load(None, {"MAILGATE_CATEGORIES_NAMES": '["Nómina", "nómina"]'})
