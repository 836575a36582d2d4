"""Commands as lines, arguments as people write them, and what may stand where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from mailgate.desk.commands.plan import BY_NAME, COMMANDS, plan
from mailgate.desk.days import find_day
from mailgate.desk.durations import find_duration, find_moment, find_span, find_time, told
from mailgate.desk.facts import AgentFacts, DeskFacts, Role, Status, TicketFacts
from mailgate.desk.lists import Asked, find_list
from mailgate.desk.pqrs import PqrsFacts, Type, rules_of, term_of
from mailgate.mail.calendar import find_reply
from mailgate.mail.commands import find_commands
from mailgate.settings import load

BOGOTA = ZoneInfo("America/Bogota")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ANA = AgentFacts(1, "ana@desk.co", "Ana María Peña", Role.AGENT)
LUIS = AgentFacts(2, "luis@desk.co", "Luis Gómez", Role.AGENT)
LUISA = AgentFacts(3, "luisa@desk.co", "Luisa Díaz", Role.AGENT)
DESK = DeskFacts(NOW, BOGOTA, agents=(ANA, LUIS, LUISA), categories=("Facturación", "Nómina"))


def test_only_the_first_lines_are_commands() -> None:
    found = find_commands("\n#cerrar\n\n  #Asignar: yo\nHola.\n#abrir")
    assert [(line.number, line.word, line.rest) for line in found.lines] == [(2, "cerrar", ""), (4, "Asignar", "yo")]
    assert found.text == "Hola.\n#abrir"
    assert [line.word for line in found.below] == ["abrir"]


@pytest.mark.parametrize(
    "text", ["# Título", "## Título", "\\#cerrar", "Hola #cerrar", "> #cerrar", "- #1 ya", "#1/2", "#", "", "#!x"]
)
def test_what_is_no_command_line(text: str) -> None:
    assert not find_commands(text)


def test_an_escaped_line_loses_its_mark_only() -> None:
    assert find_commands("\\#1 en ventas").text == "#1 en ventas"


def test_a_line_that_a_mail_program_broke_is_one() -> None:
    long = "#servicio 1h30 Se revisó la base de datos y se encontró que el usuario"
    found = find_commands(f"{long}\nhabía borrado los índices.\n\nHola, Juan.")
    assert found.lines[0].rest.endswith("el usuario había borrado los índices.")
    assert found.text == "Hola, Juan."


def test_a_short_command_never_swallows_the_next_line() -> None:
    assert find_commands("#servicio 1h30 Copia\nHola, Juan.").text == "Hola, Juan."


@pytest.mark.parametrize(
    ("text", "minutes", "rest"),
    [
        ("1h30 copia", 90, "copia"),
        ("1 h 30 min copia", 90, "copia"),
        ("90 min", 90, ""),
        ("90m: copia", 90, "copia"),
        ("1,5 h revisar", 90, "revisar"),
        ("1.5h", 90, ""),
        ("2h", 120, ""),
        ("2 horas y 15 minutos", 135, ""),
        ("1:30 algo", 90, "algo"),
        ("hora y media copia", 90, "copia"),
        ("1 hora y media copia", 90, "copia"),
        ("2 y media horas", 150, ""),
        ("1½ h copia", 90, "copia"),
        ("45' copia", 45, "copia"),
        ("(1h) copia (parcial)", 60, "copia (parcial)"),
        ("an hour and a half: backup", 90, "backup"),
        ("1h 5 equipos", 60, "5 equipos"),
    ],
)
def test_durations(text: str, minutes: int, rest: str) -> None:
    assert find_duration(text) == (minutes, rest)


@pytest.mark.parametrize("text", ["", "rato", "90", "0h", "30h", "1x", "h"])
def test_no_durations(text: str) -> None:
    assert find_duration(text) is None


def test_durations_are_told() -> None:
    assert [told(minutes) for minutes in (5, 60, 90, 120)] == ["5 min", "1 h", "1 h 30 min", "2 h"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("1/12/2026", date(2026, 12, 1)),
        ("01-12-2026", date(2026, 12, 1)),
        ("hoy", date(2026, 11, 23)),
        ("mañana", date(2026, 11, 24)),
        ("pasado mañana", date(2026, 11, 25)),
        ("25/11", date(2026, 11, 25)),
        ("22/11", date(2027, 11, 22)),
        ("25/11/26", date(2026, 11, 25)),
        ("el 25 de noviembre", date(2026, 11, 25)),
        ("2 de enero de 2027", date(2027, 1, 2)),
        ("25 nov.", date(2026, 11, 25)),
        ("Nov 25th, 2026", date(2026, 11, 25)),
        ("viernes", date(2026, 11, 27)),
        ("el próximo lunes", date(2026, 11, 30)),
        ("miércoles, 25 de noviembre", date(2026, 11, 25)),
        ("next Friday", date(2026, 11, 27)),
        ("27/11:", date(2026, 11, 27)),
    ],
)
def test_days(text: str, day: date) -> None:
    assert find_day(text, date(2026, 11, 23)) == (day, "")


@pytest.mark.parametrize("text", ["", "31/02/2026", "2026-13-01", "pronto", "12/2026", "jueves 25/11", "29/02/2027"])
def test_no_days(text: str) -> None:
    assert find_day(text, date(2026, 11, 23)) is None


def test_the_29th_of_february_is_next_years_where_this_year_has_none() -> None:
    assert find_day("29 de febrero", date(2027, 12, 1)) == (date(2028, 2, 29), "")
    assert find_day("29/2", date(2028, 1, 31)) == (date(2028, 2, 29), "")
    assert find_day("29/2", date(2028, 3, 1)) is None  # four years away: nobody means that


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("10:00", time(10)),
        ("10h", time(10)),
        ("3:30 pm", time(15, 30)),
        ("3 p. m.", time(15)),
        ("12 am", time(0)),
        ("a las 8:15", time(8, 15)),
        ("a las 3 de la tarde", time(15)),
        ("8 de la noche", time(20)),
        ("T10:00", time(10)),
        ("mediodía", time(12)),
        ("9 in the morning", time(9)),
    ],
)
def test_times(text: str, clock: time) -> None:
    assert find_time(text) == (clock, "")


def test_a_moment_is_in_the_desks_zone() -> None:
    found = find_moment("2026-11-25 10:00 60m Cierre", date(2026, 11, 23), BOGOTA)
    assert found == (datetime(2026, 11, 25, 15, 0, tzinfo=UTC), "60m Cierre")


@pytest.mark.parametrize(
    ("text", "starts", "minutes"),
    [
        ("2026-11-25 10:00 60m Cierre", (25, 10, 0), 60),
        ("25/11 10:00 a 11:30 Cierre", (25, 10, 0), 90),
        ("miércoles de 8 a 10 am: Cierre", (25, 8, 0), 120),
        ("25 de noviembre 3 a 4 pm Cierre", (25, 15, 0), 60),
        ("2026-11-25T10:00 por 1 hora Cierre", (25, 10, 0), 60),
        ("viernes 2 pm (1h30) Cierre", (27, 14, 0), 90),
        ("mañana 10:30 Cierre", (24, 10, 30), 0),
        ("mañana 10:30 - Cierre", (24, 10, 30), 0),
    ],
)
def test_spans(text: str, starts: tuple[int, int, int], minutes: int) -> None:
    found = find_span(text, date(2026, 11, 23), BOGOTA)
    assert found is not None
    day, hour, minute = starts
    assert found[:2] == (datetime(2026, 11, day, hour, minute, tzinfo=BOGOTA), minutes)
    assert found[2].strip(" -") == "Cierre"


@pytest.mark.parametrize(
    ("words", "problem", "likely"),
    [
        ("#asignar Luis", None, ""),
        ("#asignar luis gomez", None, ""),
        ("#asignar ana", None, ""),
        ("#asignar lui", "several-people", "#asignar luis@desk.co"),
        ("#asignar Gomes", "no-person", "#asignar Luis Gómez"),
        ("#categoria nonima", "no-category", "#categoria Nómina"),
        ("#prioridad ata", "no-priority", "#prioridad alta"),
        ("#servicio 90 copia", "no-duration", "#servicio 90 min copia"),
        ("#cerar", "unknown", "#cerrar"),
        ("#asing Luis", "unknown", "#assign Luis"),
        ("#xyzzy", "unknown", ""),
    ],
)
def test_what_was_probably_meant(words: str, problem: str | None, likely: str) -> None:
    found = plan(find_commands(words), ANA, DESK, None, opens=True).problems
    assert [(one.key, one.likely) for one in found] == ([(problem, likely)] if problem else [])


def test_every_name_is_one_commands_and_every_command_has_a_help() -> None:
    from mailgate.letters.render import LANGUAGES, Renderer

    assert len(BY_NAME) <= sum(1 + len(command.others) for command in COMMANDS)
    assert all(BY_NAME[name] in COMMANDS for name in BY_NAME)
    for language in LANGUAGES:
        helped = Renderer(zone=BOGOTA).words(language)["commands"]
        assert {command.name for command in COMMANDS} <= set(helped)
        for command in COMMANDS:
            first = find_commands(helped[command.name]["example"]).lines[0]
            assert BY_NAME[first.word.casefold()] is command, f"{command.name} in {language}"


@pytest.mark.parametrize(
    ("subject", "text", "asked"),
    [
        ("COLA", "", Asked("queue")),
        ("mis tickets", "", Asked("mine")),
        ("x", "VENCEN HOY", Asked("due")),
        ("Buscar factura de Juan", "", Asked("search", "factura de Juan")),
        ("cliente abc123", "", Asked("client", "ABC123")),
        ("Cliente muy molesto", "", None),
        ("Cola", "Hay que mirar esto", None),
        ("x", "cola", None),
        ("x", "CLIENTE ABC123\ny más", None),
        ("buscar", "", None),
    ],
)
def test_what_asks_for_a_list(subject: str, text: str, asked: Asked | None) -> None:
    assert find_list(subject, text) == asked


@pytest.mark.parametrize(
    "text", ["", "x", "BEGIN:VCALENDAR\nEND:VCALENDAR", "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT"]
)
def test_what_is_no_answer_to_an_invitation(text: str) -> None:
    assert find_reply(text) is None


@pytest.mark.parametrize(
    ("commands", "problems"),
    [
        ("#cerrar", ["pqrs-unanswered"]),
        ("#unir 1041", ["pqrs-stays"]),
        ("#respuesta-pqrs\n#silencio\nAceptamos su reclamo.", ["pqrs-in-silence"]),
        ("#respuesta-pqrs\n#cerrar\nAceptamos su reclamo.", []),
        ("#urgente", []),
    ],
)
def test_an_unanswered_pqrs_stays_in_sight_until_it_is_answered_aloud(commands: str, problems: list[str]) -> None:
    rules = rules_of(load(None, {}))
    filed = PqrsFacts(
        1, "PQRS-2026-000001", Type.CLAIM, 1042, "juan@empresa.co", NOW, NOW, term_of(Type.CLAIM, NOW, rules)
    )
    people = frozenset({"juan@empresa.co"})
    ticket = TicketFacts(1042, Status.OPEN, "Cobro", "juan@empresa.co", "Juan", 1, 1, people, "es", "a@desk.co")
    other = replace(ticket, number=1041)
    desk = replace(DESK, tickets={1041: other}, rules=rules)
    made = plan(find_commands(commands), ANA, desk, replace(ticket, pqrs=filed))
    assert [problem.key for problem in made.problems] == problems
