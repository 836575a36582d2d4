"""Two hundred command mails with the slips that fingers make: each text is obeyed, or comes back whole."""

from __future__ import annotations

import email
import email.policy
import random
import re
from collections.abc import Callable

import pytest

from mailgate.desk.commands.plan import BY_NAME
from mailgate.desk.folding import folded
from mailgate.store import outbox
from mailgate.store.models import Canned, Comment, Intake, News, Outgoing, Service, Solution
from tests.leaks import find_leaks
from tests.stories import Direct, Person

MAILS = 200
COMMANDS = (
    "#asignar yo", "#asignar Luis", "#esperar", "#abrir", "#categoria nómina", "#prioridad alta", "#urgente",
    "#servicio 1h30 Copia de seguridad", "#cc contador@firma.co", "#cliente ABC123", "#seguir", "#nota Llamó dos veces",
    "#solucion Papel atascado", "#plantilla saludo =", "#mudo", "#assign me", "#wait", "#note He called", "#cerrar",
    "#noticia Cerramos", "#unir 99", "#dividir", "#ayuda", "#reunion 2026-12-01 10:00 60m Cierre",
)  # fmt: skip
WORDS = (
    "Hola, Juan: ya quedó corregido el cálculo.",
    "Por favor confirma que imprime bien la factura.",
    "Un saludo de parte de toda la mesa.",
    "# Pasos que seguimos",
    "Quedo atenta a lo que nos cuentes.",
)


def test_each_text_is_obeyed_or_comes_back_whole(road: Direct, juan: Person, ana: Person) -> None:
    juan.writes("Factura", "No imprime.")
    notice = ana.receives()
    chance = random.Random(20261123)
    outcomes = set()
    for serial in range(MAILS):
        text = mutated(chance, serial)
        ana.writes(f"Re: {notice.subject}", text, to=notice.reply_to)
        intake = Intake.select().order_by(Intake.id.desc()).get()
        outcomes.add(intake.outcome)
        letters = {row.recipient: row for row in Outgoing.select().where(Outgoing.cause == intake.id)}
        client = [said(row.id) for address, row in letters.items() if not address.endswith("@desk.co")]
        if intake.outcome == "returned":
            assert not client, text
            kept = said(letters["ana@desk.co"].id)
        else:
            kept = "\n".join([*everything_kept(intake.id), intake.reason])
        for line in filter(str.strip, text.split("\n")):
            assert whole(line) in whole(kept) or is_command(line), f"{line!r} of {text!r} is lost: {intake.outcome}"
        for letter in client:
            assert not [line for line in letter.split("\n") if is_command(line)], letter
            assert "Llamó dos veces" not in letter
            assert "Copia de seguridad" not in letter
    assert {"returned", "answer", "note"} <= outcomes


@pytest.mark.parametrize(
    "leak",
    [
        "#cerrar",
        "Escríbele a ana@desk.co.",
        "El cliente está muy molesto con todos.",
        "La nómina secreta de la otra empresa.",
        "Paga tarde.",
        "También lo tiene otra@otra.co.",
        "Ficha\nTicket: [#1]",
    ],
)
def test_a_leak_would_be_seen(juan: Person, ana: Person, person: Callable[..., Person], leak: str) -> None:
    """The watch over all stories is awake: each sort of leak, put into a letter, is found."""
    juan.writes("Factura", "No imprime.")
    ana.replies(ana.receives(), "#nota El cliente está muy molesto con todos.\nPaga tarde.")
    person("otra@otra.co").writes("Nómina", "La nómina secreta de la otra empresa.")
    assert find_leaks() == []
    letter = Outgoing.select().where(Outgoing.recipient == juan.address).get()
    Outgoing.update(raw=plain(leak)).where(Outgoing.id == letter.id).execute()
    assert find_leaks()
    Outgoing.update(raw=plain("nada")).where(Outgoing.id == letter.id).execute()


def plain(text: str) -> bytes:
    return f"Subject: x\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n".encode()


def mutated(chance: random.Random, serial: int) -> str:
    """Some commands, some words; then one slip, or none."""
    commands = chance.sample(COMMANDS, chance.randint(1, 3))
    words = [f"{line} ({serial})" for line in chance.sample(WORDS, chance.randint(1, 3))]
    lines = [*commands, *[""] * chance.randint(0, 1), *words]
    slip, at = chance.randrange(8), chance.randrange(len(commands))
    line = lines[at]
    place = chance.randrange(1, len(line))
    if slip == 0:
        lines[at] = line[:place] + line[place + 1 :]
    elif slip == 1:
        lines[at] = line[:place] + chance.choice("aeiourst") + line[place:]
    elif slip == 2:
        lines[at] = line[: place - 1] + line[place] + line[place - 1] + line[place + 1 :]
    elif slip == 3:
        lines.append(lines.pop(at))  # a command below the words
    elif slip == 4:
        lines[at] = line.upper()
    elif slip == 5:
        lines[at] = f"  {line} "
    elif slip == 6:
        lines[at] = line.partition(" ")[0]  # its argument is forgotten
    return "\n".join(lines)


def is_command(line: str) -> bool:
    found = re.match(r"\s*#([^\W_][\w-]*)", line)
    return bool(found and folded(found[1]) in BY_NAME)


def everything_kept(intake_id: int) -> list[str]:
    comments = [row.text for row in Comment.select().where(Comment.intake == intake_id)]
    published = [row.body for table in (Solution, News, Canned) for row in table.select()]
    return [*comments, *published, *(row.text for row in Service.select())]


def said(outgoing_id: int) -> str:
    mail = email.message_from_bytes(outbox.raw_of(outgoing_id) or b"", policy=email.policy.default)
    return str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def whole(text: str) -> str:
    return " ".join(text.split())
