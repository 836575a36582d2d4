"""What an agent's mail does on a ticket: answer, note, commands alone, all three; and what it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailgate.desk.decision import Decision, Done, Outcome, Reason, To
from mailgate.desk.facts import Facts, Status, TicketFacts
from mailgate.desk.standing import Rank
from mailgate.desk.tokens import Issued
from mailgate.mail.message import Address, Forwarded
from tests.desk.deciding import ANA, BOSS, DESK, JUAN, NOTICE, TICKET, picture, row, written

HELD = Issued("h", 0, ANA.address, "agent", held=77)


def ana(text: str, ticket: TicketFacts | None = TICKET, **more: object) -> Decision:
    """Ana writes, with proof; the facts and the mail may have more."""
    facts = {name: more.pop(name) for name in list(more) if name in Facts.__slots__}
    known = Facts(agent=ANA, ticket=ticket, desk=DESK, **facts)  # type: ignore[arg-type]
    return written(text, ANA.address, Rank.AGENT, known, **more)  # type: ignore[arg-type]


def boss(text: str, ticket: TicketFacts | None = TICKET, **more: object) -> Decision:
    return written(text, BOSS.address, Rank.MANAGEMENT, Facts(agent=BOSS, ticket=ticket, desk=DESK), **more)  # type: ignore[arg-type]


ON_TICKET = {
    "Ya quedó.": "answer agent-answered: answer notice-answer",
    "#cerrar\n\nYa quedó.": "answer agent-closed: answer notice-answer receipt",
    "#asignar Luis\n\nYa quedó.": "answer agent-answered: answer notice-answer assigned receipt",
    "#asignar Luis\n#nota Está molesto": "note assigned: notice-comment assigned receipt",
    "#nota Está molesto": "note noted: notice-comment receipt",
    "#mudo\n\nYa quedó.": "note noted: notice-comment receipt",
    "#mudo\n#cerrar\n\nYa quedó.": "note agent-closed: notice-comment receipt",
    "#cerrar": "commands agent-closed: closed receipt",
    "#mudo\n#cerrar": "commands agent-closed: receipt",
    "#esperar": "commands agent-waits: receipt",
    "#prioridad alta": "commands noted: receipt",
    "#ayuda": "commands noted: help",
    "#ayuda\n\nYa quedó.": "answer agent-answered: answer notice-answer help receipt",
    "#reunion 2026-11-25 10:00 60m Cierre": "commands noted: meeting meeting receipt",
    "#mudo\n#reunion 2026-11-25 10:00 60m Cierre": "commands noted: meeting receipt",  # Ana alone is invited
    "#cerar\n\nYa quedó.": "returned noted: commands-returned",
    "": "ignored noted: commands-returned",
}


@pytest.mark.parametrize("text", ON_TICKET)
def test_words_and_commands_on_a_ticket(text: str) -> None:
    assert row(ana(text)) == ON_TICKET[text]


def test_a_ticket_that_is_closed_is_not_told_to_be_closed_again() -> None:
    assert row(ana("#cerrar", replace(TICKET, status=Status.CLOSED))) == "commands agent-closed: receipt"


def test_the_receipt_says_whether_the_words_went_out_or_stayed_inside() -> None:
    assert Done("answered") in ana("#cerrar\n\nYa quedó.").done
    assert Done("kept-inside") in ana("#mudo\n\nYa quedó.").done
    assert [one.key for one in ana("#nota Está molesto").done] == ["noted"]  # says so itself
    assert ana("Ya quedó.").done == ()


def test_a_mail_to_the_address_for_notes_stays_inside() -> None:
    for detail in ("nota", "note"):
        inside = ana("Está molesto.", at=f"soporte+{detail}@desk.co")
        assert (inside.outcome, inside.reason) == (Outcome.NOTE, Reason.NOTE)
        assert not {order.to for order in inside.letters} & {To.PARTICIPANTS, To.REQUESTER}
    assert ana("Ya quedó.", at="soporte+nomina@desk.co").outcome is Outcome.ANSWER


def test_words_are_kept_as_written_unless_commands_are_taken_out_of_them() -> None:
    assert ana("Ya quedó.").words is None
    assert ana("#cerrar\n\nYa quedó.").words == "Ya quedó."


def test_files_without_words_are_an_answer_and_a_signatures_picture_is_none() -> None:
    assert ana("", attachments=(picture("factura.png"),)).outcome is Outcome.ANSWER
    logo = ana("", attachments=(picture("logo.png", "1@x"),), own_html="<p>Ana</p>")
    assert [(logo.outcome, one.key) for one in logo.problems] == [(Outcome.IGNORED, "empty")]
    shown = ana("", attachments=(picture("pantalla.png", "1@x"),), own_html='<img src="cid:1@x">')
    assert [(shown.outcome, one.key) for one in shown.problems] == [(Outcome.IGNORED, "only-picture")]
    beside = ana("", attachments=(replace(picture("x.png", "1@x"), inline=False),), own_html='<img src="cid:1@x">')
    assert beside.outcome is Outcome.ANSWER


def test_an_agent_hears_that_their_own_program_sent_the_mail_to_clients_too() -> None:
    copied = {"to": (Address("", JUAN), Address("", ANA.address)), "cc": (Address("", "contador@firma.co"),)}
    told = ana("Ya quedó.", **copied)
    assert told.done == (Done("client-in-copy", f"contador@firma.co, {JUAN}"),)
    assert row(told) == "answer agent-answered: answer notice-answer receipt"
    assert Done("client-saw-note", JUAN) in ana("#nota Está molesto", cc=(Address("", JUAN),)).done
    assert ana("Ya quedó.", cc=(Address("", "luis@desk.co"),)).done == ()


def test_an_answer_after_another_agents_waits_for_a_word_but_a_note_does_not() -> None:
    late = ana("Ya quedó.", answered_since="Luis Gómez")
    assert (late.outcome, late.reason, late.detail) == (Outcome.HELD, Reason.LATE, "Luis Gómez")
    assert row(late) == "held noted: late-answer"
    assert ana("#nota Está molesto", answered_since="Luis Gómez").outcome is Outcome.NOTE
    assert ana("#mudo\n\nYa quedó.", answered_since="Luis Gómez").outcome is Outcome.NOTE
    assert ana("Ya quedó.", answered_since="Luis Gómez", released_by=ANA.address).outcome is Outcome.ANSWER


@pytest.mark.parametrize("letter", ["notice-held", "late-answer"])
@pytest.mark.parametrize(
    ("text", "done"),
    [("#aceptar", "released"), ("aceptar", "released"), (" Acepto. ", "released"), ("RECHAZAR!", "rejected"),
     ("#rechazar", "rejected"), ("reject", "rejected")],
)  # fmt: skip
def test_one_word_decides_on_a_held_mail_with_or_without_its_mark(letter: str, text: str, done: str) -> None:
    decided = ana(text, None, reply_to_letter=HELD, replying_to=letter)
    assert (decided.outcome, [one.key for one in decided.done]) == (Outcome.COMMANDS, [done])
    assert [effect.intake_id for effect in decided.effects] == [77]


def test_other_words_about_a_held_mail_are_asked_about_and_answer_nobody() -> None:
    for text in ("Hola, Juan.", "", "aceptar mañana"):
        asked = ana(text, None, reply_to_letter=HELD, replying_to="notice-held")
        assert [(asked.outcome, one.key) for one in asked.problems] == [(Outcome.RETURNED, "held-needs-word")]
    assert row(ana("#ayuda", None, reply_to_letter=HELD, replying_to="notice-held")) == "commands noted: help"


def test_the_same_words_are_an_answer_where_nothing_is_held() -> None:
    for letter in ("notice-new", "notice-held"):
        answer = ana("Acepto.", reply_to_letter=NOTICE, replying_to=letter)
        assert (answer.outcome, answer.words) == (Outcome.ANSWER, None)
    other = ana("Acepto.", reply_to_letter=replace(HELD, ticket=1042), replying_to="notice-new")
    assert other.outcome is Outcome.ANSWER


NEW = {
    "La impresora de recepción no imprime.": "ticket opened: acknowledgement notice-new",
    "#prioridad alta\n\nNo imprime.": "ticket opened: acknowledgement notice-new receipt",
    "#mudo\n\nNo imprime.": "ticket opened: notice-new receipt",
    "#ayuda": "commands noted: help",
    "#prioridad alta": "returned noted: commands-returned",  # on which ticket?
    "#ausente hasta 2026-12-01": "commands noted: handed-over receipt",
    "#nota Está molesto": "returned noted: commands-returned",
    "COLA": "commands noted: list",
    "PLANTILLAS": "commands noted: canned",
    "": "ignored noted: commands-returned",
}


@pytest.mark.parametrize("text", NEW)
def test_words_and_commands_without_a_ticket(text: str) -> None:
    assert row(ana(text, None)) == NEW[text]


def test_a_forwarded_mail_opens_a_ticket_with_or_without_words() -> None:
    original = (Forwarded(Address("Juan", JUAN), body="No imprime."),)
    for text in ("", "#prioridad alta", "Les reenvío.", "#nota Está molesto"):
        assert ana(text, None, forwarded=original).outcome is Outcome.TICKET
    # In reply to a list, too, where bare words have nowhere to go.
    assert ana("Les reenvío.", None, forwarded=original, replying_to="list").outcome is Outcome.TICKET
    assert [one.key for one in ana("Gracias", None, replying_to="list").problems] == ["of-no-ticket"]


def test_a_list_is_asked_for_by_a_subject_alone_but_never_by_a_tickets() -> None:
    asked = ana("", None, subject="Buscar impresora")
    assert (row(asked), asked.detail) == ("commands noted: list", "search impresora")
    called_so = replace(TICKET, subject="Cola")
    assert ana("", called_so, subject="Re: Cola").outcome is Outcome.IGNORED
    assert row(ana("COLA", called_so)) == "commands noted: list"
    assert ana("COLA", None, reply_to_letter=HELD, replying_to="notice-held").outcome is Outcome.RETURNED


def test_a_number_that_leads_nowhere_waits_whatever_it_says() -> None:
    for text in ("Ya quedó.", "#cerrar"):
        lost = ana(text, None, subject="Re: [#999] Factura")
        assert (lost.outcome, lost.reason) == (Outcome.HELD, Reason.NO_SUCH_TICKET)


MANAGEMENT = {
    "¿Qué pasó aquí?": "note noted: notice-comment",
    "#urgente": "commands noted: receipt",
    "#urgente\n\nLlámenlo ya.": "note noted: notice-comment receipt",
    "#asignar Luis\n\nLlámalo ya.": "note assigned: notice-comment assigned receipt",
    "#cerrar": "returned noted: commands-returned",
    "COLA": "commands noted: list",
    "#ayuda\n\nLlámenlo ya.": "note noted: notice-comment help receipt",
}


@pytest.mark.parametrize("text", MANAGEMENT)
def test_managements_words_stay_inside_and_its_commands_are_obeyed(text: str) -> None:
    assert row(boss(text)) == MANAGEMENT[text]


def test_management_without_a_ticket() -> None:
    assert boss("La impresora de gerencia no imprime.", None).outcome is Outcome.TICKET
    assert row(boss("#ayuda", None)) == "commands noted: help"
    assert boss("#urgente\n\nLlámenlo ya.").words == "Llámenlo ya."
    assert boss("#urgente", None, subject="Re: [#999] Factura").reason is Reason.NO_SUCH_TICKET


def test_managements_words_in_reply_to_a_list_have_nowhere_to_go() -> None:
    facts = Facts(agent=BOSS, desk=DESK, replying_to="digest")
    lost = written("Gracias", BOSS.address, Rank.MANAGEMENT, facts)
    assert [one.key for one in lost.problems] == ["of-no-ticket"]
    facts = replace(facts, ticket=TICKET, replying_to="digest")
    assert written("Gracias", BOSS.address, Rank.MANAGEMENT, facts).outcome is Outcome.NOTE


def test_a_returned_mail_says_why_in_the_audit_trail() -> None:
    wrong = ana("#cerar\n#prioridad ya\n\nYa quedó.")
    assert (wrong.reason, wrong.detail, wrong.ticket) == (Reason.WRONG_COMMAND, "unknown, no-priority", 1042)
    assert wrong.effects == ()
