"""Every command of agents: its Spanish and its English form obeyed, a wrong form refused, and who may give it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mailgate.desk import effects as do
from mailgate.desk.commands.plan import COMMANDS, Plan, plan
from mailgate.desk.decision import To
from mailgate.desk.facts import AgentFacts, ClientFacts, DeskFacts, Role, Status, TicketFacts
from mailgate.desk.lifecycle import Happening
from mailgate.desk.pqrs import rules_of
from mailgate.mail.commands import find_commands
from mailgate.settings import load

BOGOTA = ZoneInfo("America/Bogota")
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ANA = AgentFacts(1, "ana@desk.co", "Ana María Peña", Role.AGENT)
LUIS = AgentFacts(2, "luis@desk.co", "Luis Gómez", Role.AGENT)
MARTA = AgentFacts(3, "marta@desk.co", "Marta Solano", Role.SUPERVISOR)
BOSS = AgentFacts(4, "gerencia@desk.co", "Gerencia", Role.MANAGEMENT)
TICKET = TicketFacts(
    1042, Status.OPEN, "Factura", "juan@empresa.co", "Juan Peña", 7, None,
    frozenset({"juan@empresa.co", "contador@firma.co"}), "es", "soporte@desk.co", meets=True,
)  # fmt: skip
DESK = DeskFacts(
    NOW,
    BOGOTA,
    agents=(ANA, LUIS, MARTA),
    categories=("Facturación", "Nómina"),
    clients={"ABC123": ClientFacts(7, "ABC123", "900123456", "Empresa S.A.", "Oro", "active")},
    tickets={1040: replace(TICKET, number=1040)},
    canned={"reinicio": "Hola, {nombre}: reinicia."},
    proposals={"S12": "Apágala y espera."},
    divisible=True,
    ours=("soporte@desk.co",),
    rules=rules_of(load(None, {})),
)

# name: (Spanish, English, refused, the problem, what it does)
FORMS: dict[str, tuple[str, str, str, str, type | Happening | str]] = {
    "nota": ("#nota Está molesto", "#note He is upset", "#nota", "empty-note", "note"),
    "mudo": ("#mudo", "#mute", "#mudo del todo", "no-argument", "silent"),
    "plantilla": ("#plantilla reinicio", "#template reinicio", "#plantilla renicio", "no-canned", "Hola, Juan Peña"),
    "enviar": ("#enviar S12", "#send S12", "#enviar S99", "no-proposal", "Apágala y espera."),
    "solucion": ("#solución Papel", "#solution Paper", "#solucion", "needs-title", do.Publish),
    "noticia": ("#noticia Cerramos", "#news Closed", "#noticia", "needs-title", do.Publish),
    "ayuda": ("#ayuda", "#help", "#ayuda por favor", "no-argument", "help"),
    "asignar": ("#asignar a Luis", "#assign to Luis", "#asignar Pedro", "no-person", do.Assign),
    "cc": ("#cc <otro@firma.co>", "#cc otro@firma.co", "#cc otro", "no-address", do.AddParticipant),
    "cliente": ("#cliente abc123", "#client ABC123", "#cliente NADA", "no-client", do.SetClient),
    "seguir": ("#seguir", "#follow", "#seguir esto", "no-argument", do.Follow),
    "ausente": ("#ausente hasta 1/12/2026", "#away until 2026-12-01", "#ausente", "no-day", do.HandOver),
    "turno": ("#turno Ana y Luis", "#on-call Ana, Luis", "#turno Pedro", "no-person", do.SetOnCall),
    "cerrar": ("#cerrar", "#close", "#cerrar ya", "no-argument", Happening.AGENT_CLOSED),
    "esperar": ("#esperar", "#wait", "#esperar mucho", "no-argument", Happening.AGENT_WAITS),
    "abrir": ("#abrir", "#open", "#abrir todo", "no-argument", Happening.AGENT_OPENED),
    "categoria": ("#clasificar nomina", "#category Nómina", "#categoria", "needs-category", do.SetCategory),
    "prioridad": ("#prioridad alta", "#priority high", "#prioridad ya", "no-priority", do.SetPriority),
    "urgente": ("#urgente", "#urgent", "#urgente mucho", "no-argument", do.SetUrgent),
    "servicio": ("#servicio 1,5 h Copia", "#service 90 min Backup", "#servicio largo", "no-duration", do.RecordService),
    "reunion": (
        "#reunión 2026-11-25 10:00 60m Cierre",
        "#meeting 25/11/2026 3 pm 1h Closing",
        "#reunion pronto",
        "no-moment",
        do.Meet,
    ),
    "archivos": ("#archivos", "#files 88 89", "#archivos todos", "no-file-number", "files"),
    "unir": ("#unir [#1040]", "#merge 1040", "#unir 7", "no-such-ticket", do.Merge),
    "dividir": ("#otro-tema", "#split", "#dividir en dos", "no-argument", do.Divide),
    "pqrs": ("#pqrs queja", "#pqrs reclamo", "#pqrs cosa", "no-pqrs-type", do.FilePqrs),
    "prorroga": ("", "", "#prorroga 2026-12-18 motivo", "no-pqrs", do.ExtendPqrs),  # tests/desk/test_pqrs_terms.py
    "respuesta-pqrs": ("", "", "#respuesta-pqrs", "no-pqrs", do.AnswerPqrs),  # tests/conversations/test_pqrs.py
    "aceptar": ("#aceptar", "#accept", "#aceptar todo", "no-argument", do.Release),
    "rechazar": ("#rechazar", "#reject", "#rechazar todo", "no-argument", do.Reject),
}


def planned(
    line: str, agent: AgentFacts = MARTA, *, desk: DeskFacts = DESK, ticket: TicketFacts | None = TICKET
) -> Plan:
    word = line.split()[0].lstrip("#")
    held = 77 if word in {"aceptar", "accept", "rechazar", "reject"} else 0
    text = "\n\nHola, Juan." if word in {"solución", "solucion", "solution", "noticia", "news"} else ""
    return plan(find_commands(line + text), agent, desk, None if held else ticket, held=held)


def test_the_table_is_whole() -> None:
    assert set(FORMS) == {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", FORMS)
def test_both_languages_are_obeyed_and_a_wrong_form_is_told(name: str) -> None:
    spanish, english, refused, problem, does = FORMS[name]
    for line in filter(None, (spanish, english)):
        done = planned(line)
        assert not done.problems, line
        if isinstance(does, type):
            assert any(isinstance(effect, does) for effect in done.effects), line
        elif isinstance(does, Happening):
            assert done.happening is does
        else:
            assert does in {
                "note": "note" * done.note,
                "silent": "silent" * done.silent,
                "help": "help" * done.help,
            }.get(does, f"{done.words} {done.asked.kind if done.asked else ''}")
    assert [one.key for one in planned(refused).problems] == [problem]


MAY = {
    Role.AGENT: set(FORMS) - {"turno"},
    Role.SUPERVISOR: set(FORMS),
    Role.MANAGEMENT: {"nota", "ayuda", "asignar", "prioridad", "urgente", "archivos"},
}


@pytest.mark.parametrize("agent", [ANA, MARTA, BOSS], ids=lambda agent: str(agent.role))
def test_what_each_role_may_command(agent: AgentFacts) -> None:
    """Management's words never come before a client, so neither do its commands; a supervisor decides for others."""
    for name, (spanish, *_) in FORMS.items():
        if spanish:
            refused = any(one.key == "may-not" for one in planned(spanish, agent).problems)
            assert refused is (name not in MAY[agent.role]), name


@pytest.mark.parametrize(
    ("agent", "line", "problem"),
    [
        (ANA, "#ausente Luis hasta 2026-12-01", "may-not"),
        (MARTA, "#ausente Luis hasta 2026-12-01", None),
        (MARTA, "#ausente Luis no", None),
        (ANA, "#ausente no", None),
        (ANA, "#ausente hasta el 1/12/2026 a Luis", None),
        (ANA, "#ausente hasta 2026-12-01 a yo", "away-too"),
        (ANA, "#ausente hasta 2026-12-01 a Pedro", "no-person"),
        (ANA, "#ausente hasta 2026-11-01", "past"),
        (BOSS, "#asignar yo", "no-person"),
        (ANA, "#cc no contador@firma.co", None),
        (ANA, "#cc no juan@empresa.co", "no-participant"),
        (ANA, "#seguir no", None),
        (ANA, "#plantilla borrar reinicio", None),
        (ANA, "#plantilla borrar nada", "no-canned"),
        (MARTA, "#turno nadie", None),
    ],
)
def test_further_forms(agent: AgentFacts, line: str, problem: str | None) -> None:
    assert [one.key for one in planned(line, agent).problems] == ([problem] if problem else [])


def test_a_misspelt_variable_of_a_canned_answer_is_asked_about_and_other_braces_are_text() -> None:
    wrong = plan(find_commands("#plantilla saludo =\n\nHola, {nonbre}."), ANA, DESK, None)
    assert [(one.key, one.value) for one in wrong.problems] == [("no-variable", "{nonbre} → {nombre}")]
    right = plan(find_commands("#plantilla saludo =\n\nHola, {nombre}: usa {json}."), ANA, DESK, None)
    assert right.effects == (do.SaveCanned("saludo", "Hola, {nombre}: usa {json}."),)


def test_nothing_is_divided_where_nothing_can_be() -> None:
    assert [one.key for one in planned("#dividir", desk=replace(DESK, divisible=False)).problems] == [
        "nothing-to-divide"
    ]


def test_who_goes_away_names_who_takes_over_or_leaves_it_to_the_group() -> None:
    named = planned("#ausente hasta 2026-12-01 a Luis", ANA)
    assert named.effects == (do.Away(1, date(2026, 12, 1)), do.HandOver(1, 2))
    assert planned("#ausente hasta 2026-12-01", ANA).effects[1] == do.HandOver(1, None)
    assert {order.to for order in named.letters} == {To.SUBSTITUTES}


def test_what_is_done_to_a_ticket_needs_one() -> None:
    assert [one.key for one in planned("#cerrar", ticket=None).problems] == ["no-ticket"]


def test_a_meeting_in_the_past_is_likely_meant_for_next_year() -> None:
    past = planned("#reunión 2026-01-25 10:00 60m Cierre")
    assert [(one.key, one.likely) for one in past.problems] == [("past", "#reunión 2027-01-25 10:00 60m Cierre")]


def test_the_words_of_a_piece_of_news_are_news_and_those_of_a_solution_an_answer_too() -> None:
    assert planned("#noticia Cerramos").words == ""
    assert planned("#solución Papel").words == "Hola, Juan."
