"""How a ticket stands: ``#cerrar`` ``#esperar`` ``#abrir`` ``#categoria`` ``#prioridad`` ``#urgente``."""

from __future__ import annotations

import difflib

from mailgate.desk import effects
from mailgate.desk.commands.meaning import (
    EVERYBODY,
    LONGEST_NAME,
    Command,
    Context,
    Meaning,
    Wrong,
    fixed,
    read_nothing,
)
from mailgate.desk.decision import Done
from mailgate.desk.folding import folded
from mailgate.desk.lifecycle import Happening

_PRIORITIES = {
    "baja": "low", "low": "low", "normal": "normal", "media": "normal", "medium": "normal", "alta": "high",
    "high": "high",
}  # fmt: skip


def read_category(rest: str, context: Context) -> Meaning:
    wanted = rest.strip(" .")
    if not wanted or len(wanted) > LONGEST_NAME:
        raise Wrong("needs-category", likely=context.desk.categories[0] if context.desk.categories else "")
    known = {folded(name): name for name in context.desk.categories}
    if known and folded(wanted) not in known:
        near = difflib.get_close_matches(folded(wanted), known, n=1, cutoff=0.4)
        raise Wrong("no-category", ", ".join(sorted(known.values())), known[near[0]] if near else "")
    name = known.get(folded(wanted), wanted)
    return Meaning(effects=(effects.SetCategory(name),), done=Done("category", name))


def read_priority(rest: str, context: Context) -> Meaning:
    wanted = folded(rest.strip(" .!"))
    if wanted not in _PRIORITIES:
        near = difflib.get_close_matches(wanted, _PRIORITIES, n=1, cutoff=0.4)
        raise Wrong("no-priority", rest, near[0] if near else "alta")
    return Meaning(effects=(effects.SetPriority(_PRIORITIES[wanted]),), done=Done("priority", wanted))


def read_urgent(rest: str, context: Context) -> Meaning:
    said = folded(rest.strip(" .!"))
    calm = said in ("no", "off")
    if not calm and said not in ("si", "yes"):
        read_nothing(rest)
    return Meaning(effects=(effects.SetUrgent(not calm),), done=Done("calm" if calm else "urgent"))


def _moves(happening: Happening, done: str) -> Meaning:
    return Meaning(happening=happening, done=Done(done))


COMMANDS = (
    Command("cerrar", ("close", "cierra", "cerrado"), fixed(_moves(Happening.AGENT_CLOSED, "closed"))),
    Command("esperar", ("wait", "espera", "pending"), fixed(_moves(Happening.AGENT_WAITS, "waiting"))),
    Command("abrir", ("open", "reabrir", "reopen"), fixed(_moves(Happening.AGENT_OPENED, "opened"))),
    Command("categoria", ("categoría", "clasificar", "category", "classify"), read_category),
    Command("prioridad", ("priority",), read_priority, may=EVERYBODY),
    Command("urgente", ("urgent", "sos"), read_urgent, may=EVERYBODY),
)
