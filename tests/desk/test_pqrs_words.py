"""The words by which people file, and of which type: said outright, doubtful, and what no desk has to take."""

from __future__ import annotations

import pytest

from mailgate.desk.pqrs import Type, rules_of
from mailgate.desk.pqrs_words import Guess, asks_by_subject, asks_in_text, guess_type
from mailgate.settings import load

USUAL = rules_of(load(None, {})).types
WITH_REPORTS = rules_of(load(None, {"MAILGATE_PQRS_TYPES": '["peticion", "queja", "denuncia"]'})).types


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Derecho de petición", "Solicito que me respondan.", Type.PETITION),
        ("Petición de información", "Solicito copia del contrato.", Type.INFORMATION),
        ("PQRS", "Solicito copia de mi historia clínica.", Type.INFORMATION),
        ("PQRS consulta", "¿Qué norma se aplica?", Type.CONSULTATION),
        ("PQRS", "Quiero quejarme de la atención.", Type.COMPLAINT),
        ("PQRS", "Exijo el reembolso de lo pagado.", Type.CLAIM),
        ("Buzón", "Sería bueno que abrieran los sábados.", Type.SUGGESTION),
        ("PQRSF", "Felicito a Ana por su trabajo.", Type.PRAISE),
        ("PQRS", "Tipo: queja\n\nQuiero el reembolso.", Type.COMPLAINT),
        ("Complaint", "Your agent was rude.", Type.COMPLAINT),
        ("Hábeas data", "Pido la supresión de mis datos.", Type.CLAIM),
    ],
)
def test_a_type_that_is_said_is_believed(subject: str, text: str, kind: Type) -> None:
    assert guess_type(subject, text, USUAL) == Guess(kind, doubtful=False)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("PQRS", ""),
        ("PQRS", "Buenas tardes."),
        ("Queja y reclamo", "Ambas cosas."),
        ("PQRS", "Tengo una consulta."),  # the longest term is not given for a word of every day
        ("PQRS", "Запрос по поводу счёта"),
    ],
)
def test_what_is_doubtful_counts_as_a_petition(subject: str, text: str) -> None:
    assert guess_type(subject, text, USUAL) == Guess(Type.PETITION, doubtful=True)


def test_a_denuncia_is_taken_where_the_settings_say_so() -> None:
    assert not asks_by_subject("Denuncia por corrupción", USUAL)
    assert asks_by_subject("Denuncia por corrupción", WITH_REPORTS)
    assert guess_type("Denuncia", "Hay corrupción.", USUAL) == Guess(Type.PETITION, doubtful=True)
    assert guess_type("Denuncia", "Hay corrupción.", WITH_REPORTS) == Guess(Type.REPORT, doubtful=False)


@pytest.mark.parametrize(
    ("subject", "files"),
    [
        ("Derecho de petición por un cobro", True), ("RE: [#1042] Queja", True), ("Reclamo", True), ("", False),
        ("Derecho de admisión", False), ("Sobre el derecho de petición", False), ("Mi queja", False),
        ("P.Q.R.S.", True), ("ENVIAR P.Q.R.S.", True), ("Interpongo derecho de petición", True),
        ("Asunto: derecho de petición de interés particular", True), ("DERECHO FUNDAMENTAL DE PETICIÓN", True),
        ("Presento queja formal", True), ("Segunda queja sin respuesta", True), ("Formal complaint", True),
        ("HABEAS DATA", True), ("Solicitud de supresión de mis datos", True), ("Tengo una queja", False),
        ("Eliminación de datos de prueba", False), ("Enviar nómina electrónica", False), ("Nueva sucursal", False),
    ],
)  # fmt: skip
def test_a_subject_files_by_its_first_words(subject: str, files: bool) -> None:
    assert asks_by_subject(subject, USUAL) is files


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Yo, Juan, en ejercicio del derecho de petición consagrado en el artículo 23 de la C.P., solicito", True),
        ("Quiero que borren todos mis datos de sus bases.", True),
        ("En virtud de la Ley 1581 solicito la supresión de mis datos personales", True),
        ("Para pedir la supresión de sus datos, escriba a datos@empresa.example", False),
        ("Se borraron los datos de la nómina", False),
        ("Bogotá, 23 de noviembre\n\nAsunto: Derecho de Petición\n\nSeñores", True),
        ("Presento ante ustedes, respetuosamente, derecho de petición.", True),
        ("¿Cómo redacto un derecho de petición en el programa?", False),
        ("¿Qué pasó con la petición de ayer?", False),
    ],
)
def test_a_lawyers_words_file_whatever_the_subject_says(text: str, files: bool) -> None:
    assert asks_in_text(text) is files
