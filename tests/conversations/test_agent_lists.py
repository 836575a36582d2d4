"""Lists, searches and the morning digest, by mail."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from mailgate.desk.stems import terms
from mailgate.duties.digests import send_digests
from mailgate.judgement import Desk
from mailgate.store import desk_lists, desk_work, suggestions, tickets
from mailgate.store.base import is_sqlite
from mailgate.store.models import Comment, database
from tests.stories import Direct, OwnMx, Person


@pytest.fixture
def road(desk: Desk) -> Direct:
    return OwnMx(desk)


@pytest.fixture
def three(juan: Person, ana: Person, person: Callable[..., Person]) -> None:
    """Two tickets of Juan's, one of Olga's; Ana has answered the first."""
    juan.writes("Factura", "La impresora de facturación no imprime.")
    ana.replies(ana.receives(), "¿Qué impresora es?")
    juan.writes("Nómina", "La NÓMINA no cierra.")
    person("otra@otra.co", "Olga").writes("Saludos", "Una pregunta de contabilidad.")
    ana.receives()
    ana.receives()


@pytest.mark.parametrize(
    ("subject", "text", "there", "missing"),
    [
        ("COLA", "", ("[#2]", "[#3]", "Empresa S.A."), ("[#1]",)),
        ("cola", "", ("[#2]",), ("[#1]",)),
        ("hola", "COLA", ("[#2]",), ("[#1]",)),
        ("My tickets", "", ("[#1]", "Ana María Peña"), ("[#2]",)),
        ("MIS TIQUETES", "", ("[#1]",), ("[#2]",)),
        ("VENCEN HOY", "", ("Nada por aquí",), ("[#1]", "[#2]")),
        ("BUSCAR nomina", "", ("[#2]",), ("[#1]", "[#3]")),
        ("BUSCAR facturación imprime", "", ("[#1]",), ("[#2]", "[#3]")),
        ("BUSCAR cuál impresora", "", ("Nada por aquí",), ("[#1]",)),
        ("RE: search olga", "", ("[#3]",), ("[#1]",)),
        ("CLIENTE abc123", "", ("[#1]", "[#2]", "juan@empresa.co", "900123456"), ("[#3]",)),
        ("CLIENTE nada99", "", ("Nada por aquí",), ("[#1]",)),
    ],
)
def test_lists(
    three: None, ana: Person, subject: str, text: str, there: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    ana.writes(subject, text)
    letter = ana.receives(*there)
    for number in there:
        assert number in letter.html
    assert not [number for number in missing if number in letter.text + letter.html]
    assert tickets.count()[0] == 3  # a question opens no ticket


def test_a_clients_question_gets_no_list(three: None, juan: Person, ana: Person) -> None:
    juan.writes("COLA", "")
    assert tickets.count()[0] == 4
    ana.receives()


def test_an_answer_that_begins_like_a_list_is_an_answer(juan: Person, ana: Person) -> None:
    juan.writes("Factura", "No imprime.")
    juan.receives()
    ana.replies(ana.receives(), "Cliente ABC123: ya quedó.\n\nSaludos.")
    juan.receives("Cliente ABC123: ya quedó.")
    ana.writes("Cliente molesto con la cola", "Hay que llamarlo.")
    assert tickets.count()[0] == 2


def test_the_digest_comes_once_each_working_morning(three: None, ana: Person, luis: Person, road: Direct) -> None:
    while luis._inbox()[luis.read :]:
        luis.receives()
    early = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 6:00 in Bogotá, a Tuesday
    assert send_digests(road.desk, early) == 0
    morning = early + timedelta(hours=2, minutes=5)
    assert send_digests(road.desk, morning) == 2
    assert send_digests(road.desk, morning + timedelta(minutes=1)) == 0
    ana.receives("Mis tickets (1)", "[#1]", "Esperan respuesta desde antes de hoy (2)", "[#3]")
    assert "Mis tickets" not in luis.receives("Cola").text
    assert send_digests(road.desk, datetime(2026, 11, 28, 15, 0, tzinfo=UTC)) == 0  # a Saturday
    assert send_digests(road.desk, datetime(2026, 12, 8, 15, 0, tzinfo=UTC)) == 0  # a holiday
    desk_work.set_away(1, date(2026, 12, 10))
    assert send_digests(road.desk, datetime(2026, 12, 9, 15, 0, tzinfo=UTC)) == 1


@pytest.mark.slow
def test_a_search_over_a_hundred_thousand_tickets_is_soon_done(desk: Desk, road: Direct) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
    moment = "'2026-11-23 15:00:00.000000+00:00'"
    ticket = (
        "INSERT INTO ticket (id, requester, requester_name, desk_address, subject, language, status, category, urgent,"
        f" priority, mobile, opened_at, updated_at, reopened, learned_as) {many} SELECT i, 'juan@empresa.co', 'Juan',"
        f" 's@desk.co', 'Caso ' || i, 'es', 'closed', '', false, 'normal', '', {moment}, {moment}, 0, '' FROM n"
    )
    words = "Buenos días, la impresora del área de facturación dejó de funcionar y sale el error cincuenta. " * 3
    comment = (
        "INSERT INTO comment (ticket_id, at, author, author_name, role, public, text, html, quote, signature, remark,"
        f" message_id) {many} SELECT i, {moment}, 'juan@empresa.co', '', 'client', true, '{words}' || i, '', '', '',"
        " '', '' FROM n"
    )
    key = "rowid" if is_sqlite() else "id"
    index = (
        f"INSERT INTO ticket_terms ({key}, title, body) {many} SELECT i, 'caso ' || i || ' {' '.join(terms(words))}',"
        " 'juan empresa co' FROM n"
    )
    with database.atomic():
        for statement in (ticket, comment, index):
            database.execute_sql(statement)
        said = {"at": road.now, "author": "juan@empresa.co", "role": "client", "public": True}
        Comment.insert(said | {"ticket": 77_777, "text": "Se dañó el rodillo."}).execute()
        suggestions.index_comment(77_777, "Se dañó el rodillo.")
    taken = []
    for _ in range(3):  # the machine may be busy with something else
        started = time.perf_counter()
        found = desk_lists.search("rodillo dano")
        taken.append(time.perf_counter() - started)
        assert [row["number"] for row in found.rows] == [77_777]
    assert min(taken) < 1.0, taken
    started = time.perf_counter()
    assert suggestions.answers_like(1, "la impresora de facturación saca error y se dañó el rodillo") == []
    assert time.perf_counter() - started < 3.0  # a tenth of it, but for busy machines


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_list_is_answered_with_commands_and_words_have_nowhere_to_go(three: None, juan: Person, ana: Person) -> None:
    ana.writes("COLA")
    listed = ana.receives("[#2]")
    ana.replies(listed, "Hola: ya quedó.")
    ana.receives("no es de ningún ticket", "Hola: ya quedó.")
    ana.replies(listed, "#ausente hasta 2026-12-01")
    ana.receives("ausente hasta 2026-12-01")
    assert tickets.count()[0] == 3
