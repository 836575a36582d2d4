"""What each command of agents does exactly: names, numbers, moments and titles as people write them, at the bounds."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime

import pytest

from mailgate.desk import effects as do
from mailgate.desk.commands.plan import MOST_PROBLEMS, mentioned, plan, proposals
from mailgate.desk.decision import To
from mailgate.desk.lifecycle import Happening
from mailgate.desk.lists import Asked
from mailgate.mail.commands import find_commands
from tests.desk.test_every_command import ANA, BOGOTA, DESK, LUIS, MARTA, TICKET, planned


def test_a_publication_keeps_its_title_and_words_and_needs_both() -> None:
    assert planned("#solución Papel").effects == (do.Publish("solution", "Papel", "Hola, Juan."),)
    assert planned("#noticia Cerramos").effects == (do.Publish("news", "Cerramos", "Hola, Juan."),)
    assert not planned("#noticia " + "a" * 200).problems
    assert [one.key for one in planned("#noticia " + "a" * 201).problems] == ["needs-title"]
    bare = plan(find_commands("#noticia Cerramos"), MARTA, DESK, None)
    assert [(one.key, one.value) for one in bare.problems] == [("needs-text", "Cerramos")]


def test_a_canned_answer_has_a_name_of_sixty_letters_at_most_and_words() -> None:
    def kept(line: str, text: str = "Hola, {nombre}.") -> list[str]:
        return [one.key for one in plan(find_commands(f"{line}\n\n{text}"), ANA, DESK, None).problems]

    assert kept(f"#plantilla {'a' * 60} =") == []
    assert kept(f"#plantilla {'a' * 61} =") == kept("#plantilla =") == ["needs-name"]
    assert kept("#plantilla saludo =", "") == ["needs-text"]
    assert kept(f"#plantilla borrar {'a' * 61}") == ["needs-name"]
    assert kept("#plantilla borrar") == ["needs-name"]
    assert kept("#plantilla reinicio") == ["no-ticket"]  # it says something: to whom?


def test_a_canned_answer_named_like_a_word_of_ours_is_still_said() -> None:
    desk = replace(DESK, canned={"borrar cuenta": "Para borrar la cuenta, {nombre}, escribe."})
    assert planned("#plantilla borrar cuenta", desk=desk).words == "Para borrar la cuenta, Juan Peña, escribe."
    near = planned("#plantilla renicio")
    assert [(one.value, one.likely) for one in near.problems] == [("reinicio", "#plantilla reinicio")]


def test_variables_of_a_canned_answer_are_filled_in_both_languages_and_other_braces_stay() -> None:
    text = "{nombre}/{name} {agente}/{agent} {tiquete}/{ticket} {asunto}/{subject} {hoy}/{today} {json}"
    desk = replace(DESK, canned={"todo": text})
    assert planned("#plantilla todo", ANA, desk=desk).words == (
        "Juan Peña/Juan Peña Ana María Peña/Ana María Peña 1042/1042 Factura/Factura 2026-11-23/2026-11-23 {json}"
    )


@pytest.mark.parametrize(
    ("other", "problem"),
    [
        ({}, []),
        ({"requester": "luisa@empresa.co"}, []),  # a colleague's
        ({"requester": "otra@otra.co", "client_id": 8}, ["other-client"]),
        ({"requester": "otra@otra.co", "client_id": None}, ["other-client"]),
        ({"client_id": None}, []),  # the same person, before we knew whose
    ],
)
def test_only_tickets_of_the_same_people_become_one(other: dict[str, object], problem: list[str]) -> None:
    desk = replace(DESK, tickets={1040: replace(TICKET, number=1040, **other)})  # type: ignore[arg-type]
    merged = planned("#unir 1040", desk=desk)
    assert [one.key for one in merged.problems] == problem
    assert merged.effects == (() if problem else (do.Merge(1040),))
    assert [one.to for one in merged.letters] == ([] if problem else [To.REQUESTER])


def test_two_tickets_of_nobodys_people_are_not_the_same_peoples() -> None:
    strangers = replace(TICKET, client_id=None, requester="uno@gratis.co")
    desk = replace(DESK, tickets={1040: replace(strangers, number=1040, requester="otro@gratis.co")})
    assert [one.key for one in planned("#unir 1040", desk=desk, ticket=strangers).problems] == ["other-client"]


def test_a_ticket_is_not_joined_to_itself_nor_by_a_word() -> None:
    desk = replace(DESK, tickets={1042: TICKET})
    assert [one.key for one in planned("#unir 1042", desk=desk).problems] == ["same-ticket"]
    assert [one.key for one in planned("#unir el otro").problems] == ["no-number"]


def test_a_divided_ticket_is_told_to_both_sides_on_the_new_one() -> None:
    divided = planned("#dividir")
    assert [(one.letter, one.to, one.on_new) for one in divided.letters] == [
        ("linked", To.REQUESTER, True),
        ("notice-new", To.AGENTS, True),
    ]


MEETINGS = {
    "#reunion mover 2026-11-25 10:00": [do.Meet(3, datetime(2026, 11, 25, 10, 0, tzinfo=BOGOTA), 0, "", True)],
    "#reunion 2026-11-25 10:00": [do.Meet(3, datetime(2026, 11, 25, 10, 0, tzinfo=BOGOTA), 60, "", False)],
    "#reunion cancelar": [do.CancelMeeting()],
}


@pytest.mark.parametrize("line", MEETINGS)
def test_meetings_are_called_moved_and_cancelled(line: str) -> None:
    done = planned(line)
    assert list(done.effects) == MEETINGS[line]
    assert [one.to for one in done.letters] == [To.PARTICIPANTS, To.SENDER]  # who calls it gets the invitation, too
    none = planned(line, ticket=replace(TICKET, meets=False))
    assert [one.key for one in none.problems] == ([] if line == "#reunion 2026-11-25 10:00" else ["no-meeting"])
    assert planned("#reunion cancelar el contrato").problems[0].key == "no-moment"  # it says what it is about


def test_a_meeting_begins_after_now() -> None:
    assert planned("#reunion 2026-11-23 10:00 60m Ya").problems[0].key == "past"  # 15:00 UTC is 10:00 in Bogotá
    assert planned("#reunion 9999-12-31 23:00 Ya").problems[0].key == "no-moment"  # no clock goes so far
    leap = planned("#reunion 29/02/2024 10:00 60m Cierre").problems[0]
    assert (leap.key, leap.likely) == ("past", "#reunion 2025-02-28 10:00 60m Cierre")
    assert not planned("#reunion 2026-11-23 10:01 60m Ya").problems
    assert planned("#reunion hoy").problems[0].likely == ""  # nobody is invited to an hour that we made up


def test_a_service_without_its_unit_is_likely_meant_in_minutes() -> None:
    assert planned("#servicio 90 Copia").problems[0].likely == "#servicio 90 min Copia"
    assert planned("#servicio Copia").problems[0].likely == "#servicio 1h Copia"
    assert planned("#servicio 1h30 Copia", ANA).effects == (do.RecordService(1, 90, "Copia"),)


def test_who_is_on_call_is_told_once_each_and_nobody_leaves_it_to_the_settings() -> None:
    assert planned("#turno Ana, Luis y Ana").effects == (do.SetOnCall((1, 2)),)
    assert planned("#turno nadie").effects == (do.SetOnCall(()),)
    assert [(one.key, one.likely) for one in planned("#turno").problems] == [("needs-person", "#turno yo")]
    assert not planned("#turno yo", ticket=None).problems


def test_commands_are_found_again_by_what_the_store_has_to_look_up() -> None:
    lines = find_commands("#cliente abc123.\n#unir [#1040] o 1041\n#enviar s12\n#enviar [#1039]\n#cerrar")
    assert mentioned(lines) == (frozenset({"ABC123"}), frozenset({1040}))
    assert proposals(lines) == frozenset({"S12", "1039"})


def test_what_was_likely_meant_is_said_in_the_language_it_was_meant_in() -> None:
    def likely(text: str) -> list[tuple[str, int, str]]:
        return [(one.key, one.line, one.likely) for one in plan(find_commands(text), ANA, DESK, TICKET).problems]

    assert likely("#asign Luis") == [("unknown", 1, "#assign Luis")]
    assert likely("#asinar Luis") == [("unknown", 1, "#asignar Luis")]
    assert likely("#zzzz") == [("unknown", 1, "")]
    assert likely("# cerrar\n\nYa quedó.") == [("spaced", 1, "#cerrar")]
    assert likely("Ya quedó.\n#cerrar") == [("below", 2, "")]
    assert likely("Ya quedó.\n#1 en ventas") == []
    assert likely("#cerar\n\nYa quedó.\n#abrir") == [("unknown", 1, "#cerrar"), ("below", 4, "")]


def test_a_pasted_file_whose_lines_begin_with_the_sign_costs_little_and_is_told_in_few_words() -> None:
    def problems(line: str) -> int:
        return len(plan(find_commands("Este es el archivo.\n" + f"{line}\n" * 20_000), ANA, DESK, TICKET).problems)

    began = time.process_time()
    assert problems("#nota12_x = 1") == 0
    assert problems("#nota") == MOST_PROBLEMS
    assert time.process_time() - began < 6  # it was forty


def test_a_ticket_is_not_left_in_two_states() -> None:
    two = plan(find_commands("#cerrar\n#abrir"), ANA, DESK, TICKET)
    assert [one.key for one in two.problems] == ["contradict"]
    assert not plan(find_commands("#cerrar\n#cerrar"), ANA, DESK, TICKET).problems
    assert plan(find_commands("#asignar Luis\n#esperar"), ANA, DESK, TICKET).happening is Happening.AGENT_WAITS
    assert plan(find_commands("#asignar Luis"), ANA, DESK, TICKET).happening is Happening.ASSIGNED


def test_what_is_about_a_held_mail_is_said_there_and_nothing_else_is() -> None:
    def problem(line: str, held: int) -> list[str]:
        return [one.key for one in plan(find_commands(line), ANA, DESK, None if held else TICKET, held=held).problems]

    assert problem("#aceptar", 0) == ["only-held"]
    assert problem("#cerrar", 77) == ["held-first"]
    assert problem("#ayuda", 77) == problem("#ayuda", 0) == problem("#aceptar", 77) == []
    assert plan(find_commands("#aceptar"), ANA, DESK, None, held=77).effects == (do.Release(77, ANA.address),)
    assert plan(find_commands("#rechazar"), ANA, DESK, None, held=77).effects == (do.Reject(77, ANA.address),)


@pytest.mark.parametrize(
    ("line", "effect"),
    [
        ("#asignar yo", do.Assign(3, "Marta Solano")),
        ("#asignar nadie", do.Assign(None, "")),
        ("#asignar luis@desk.co", do.Assign(2, "Luis Gómez")),
        ("#asignar luis", do.Assign(2, "Luis Gómez")),
        ("#asignar gom", do.Assign(2, "Luis Gómez")),  # three letters of a name
        ("#asignar Peña María", do.Assign(1, "Ana María Peña")),
        ("#seguir", do.Follow(3)),
        ("#seguir no", do.Follow(3, stop=True)),
        ("#cc Otro <OTRO@firma.co>", do.AddParticipant("otro@firma.co")),
        ("#cc mailto:otro@firma.co", do.AddParticipant("otro@firma.co")),
        ("#cc (luisa@Ñandú.co).", do.AddParticipant("luisa@xn--and-6ma2c.co")),  # as her mails will name her
        ("#cc no contador@firma.co", do.RemoveParticipant("contador@firma.co")),
        ("#cliente abc123.", do.SetClient(7, "ABC123")),
        ("#ausente no", do.Away(3, None)),
        ("#ausente Luis no", do.Away(2, None)),
    ],
)
def test_people_as_they_are_named(line: str, effect: do.Effect) -> None:
    assert planned(line).effects[:1] == (effect,)


@pytest.mark.parametrize(
    ("line", "problem", "likely"),
    [
        ("#asignar", "needs-person", "#asignar yo"),
        ("#asignar ma", "no-person", "#asignar Marta Solano"),  # two letters are not enough
        ("#asignar Luiz", "no-person", "#asignar Luis Gómez"),
        ("#asignar xyz", "no-person", ""),
        ("#cc soporte+nota@desk.co", "our-address", ""),
        ("#cc luis@desk.co", "agents-follow", ""),
        (f"#cc a@{'b.' * 200}co", "no-address", ""),
        ("#cc no juan@empresa.co", "no-participant", ""),
        ("#ausente", "no-day", "#ausente hasta 2026-11-23"),
        ("#ausente hasta 2026-11-22", "past", ""),
        ("#ausente hasta 2026-12-01 a Marta", "away-too", ""),
    ],
)
def test_people_as_they_are_not(line: str, problem: str, likely: str) -> None:
    assert [(one.key, one.likely) for one in planned(line).problems] == [(problem, likely)]


def test_two_who_bear_the_name_are_both_named() -> None:
    two = replace(DESK, agents=(ANA, replace(LUIS, name="Luis Peña")))
    [asked] = planned("#asignar Peña", desk=two).problems
    assert (asked.key, asked.value) == ("several-people", "Ana María Peña (ana@desk.co), Luis Peña (luis@desk.co)")


def test_nobody_takes_over_who_is_away_that_day() -> None:
    for until, problem in ((date(2026, 11, 23), ["away-too"]), (date(2026, 11, 22), [])):
        away = replace(DESK, agents=(ANA, replace(LUIS, away_until=until)))
        assert [one.key for one in planned("#ausente hasta 2026-12-01 a Luis", ANA, desk=away).problems] == problem


def test_what_an_absence_does_is_said_whole() -> None:
    own = planned("#ausente hasta 2026-12-01", ANA)
    assert [(one.key, one.value) for one in own.done] == [("away", "2026-12-01")]
    others = planned("#ausente Luis hasta 2026-11-23 a Ana")
    assert [(one.key, one.value) for one in others.done] == [("away-to", "2026-11-23 · Luis Gómez · Ana María Peña")]


def test_files_are_fetched_all_or_by_their_numbers() -> None:
    assert planned("#archivos").asked == Asked("files")
    assert planned("#archivos #88, 89.").asked == Asked("files", "88 89")
    assert [one.key for one in planned("#archivos 1234567890").problems] == ["no-file-number"]


def test_a_canned_answer_of_the_longest_name_is_said() -> None:
    desk = replace(DESK, canned={"a" * 60: "Reinicia."})
    assert planned(f"#plantilla {'a' * 60}", desk=desk).words == "Reinicia."
