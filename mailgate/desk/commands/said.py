"""What is said, and to whom: ``#nota`` ``#mudo`` ``#plantilla`` ``#enviar`` ``#solucion`` ``#noticia`` ``#ayuda``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping

from mailgate.desk import effects
from mailgate.desk.commands.meaning import EVERYBODY, LONGEST_NAME, Command, Context, Meaning, Wrong, fixed
from mailgate.desk.decision import Done
from mailgate.desk.folding import folded

LONGEST_TITLE = 200
NONE = "—"  # where names are listed and there are none
NEAR = 0.75  # how like a variable's name a word in braces is that was meant as one

_DELETE = ("borrar", "delete", "eliminar")
_VARIABLE = re.compile(r"\{(\w{1,20})\}")


def read_text(rest: str, context: Context) -> Meaning:
    """A note: the line's words and the mail's, all of them inside."""
    if not rest.strip() and not context.text.strip():
        raise Wrong("empty-note")
    return Meaning(note=True, words=rest, done=Done("noted"))


def read_publication(what: str) -> Callable[[str, Context], Meaning]:
    """``#solucion título``: the mail's words are published under it; of a solution, they are the answer too."""

    def read(rest: str, context: Context) -> Meaning:
        title = rest.strip()
        if not title or len(title) > LONGEST_TITLE:
            raise Wrong("needs-title", rest[:LONGEST_TITLE])
        if not context.text.strip():
            raise Wrong("needs-text", title)
        return Meaning(
            effects=(effects.Publish(what, title, context.text),),
            takes_text=what == "news",
            done=Done(what, title),
        )

    return read


def read_canned(rest: str, context: Context) -> Meaning:
    """``#plantilla nombre`` says it; ``nombre =`` keeps the mail's words under that name, ``borrar nombre`` forgets."""
    word, _, after = rest.strip().partition(" ")
    known = context.desk.canned
    if folded(word) in _DELETE and folded(rest.strip()) not in known:
        name = _known(after, context)
        return Meaning(effects=(effects.SaveCanned(name, ""),), done=Done("forgotten", name))
    name, saves, _ = rest.strip().partition("=")
    if saves:
        return _saved(folded(name).strip(), context)
    if context.ticket is None:
        raise Wrong("no-ticket", "#plantilla")
    name = _known(name, context)
    return Meaning(words=_filled(known[name], context), done=Done("used", name))


def name_of_proposal(rest: str) -> str:
    """``S12`` for a published solution, ``1040`` for a ticket."""
    return rest.strip(" .[]#").upper()


def read_proposal(rest: str, context: Context) -> Meaning:
    """``#enviar S12`` says a published solution; ``#enviar 1040`` what was answered last on a ticket."""
    name = name_of_proposal(rest)
    if not name or name not in context.desk.proposals:
        raise Wrong("no-proposal", rest.strip() or "—")
    return Meaning(words=context.desk.proposals[name], done=Done("sent", name))


def _saved(name: str, context: Context) -> Meaning:
    if not name or len(name) > LONGEST_NAME:
        raise Wrong("needs-name", ", ".join(sorted(context.desk.canned)) or NONE)
    if not context.text.strip():
        raise Wrong("needs-text", name)
    for variable in _VARIABLE.findall(context.text):
        near = difflib.get_close_matches(folded(variable), VARIABLES, n=1, cutoff=NEAR)
        if near and folded(variable) not in VARIABLES:  # the client would read the braces
            raise Wrong("no-variable", f"{{{variable}}} → {{{near[0]}}}")
    return Meaning(effects=(effects.SaveCanned(name, context.text),), takes_text=True, done=Done("canned", name))


def _known(name: str, context: Context) -> str:
    name, known = folded(name.strip(" .")), context.desk.canned
    if not name or len(name) > LONGEST_NAME:
        raise Wrong("needs-name", ", ".join(sorted(known)) or NONE)
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
        raise Wrong("no-canned", ", ".join(sorted(known)) or NONE, near[0] if near else "")
    return name


_FILLED: Mapping[str, Callable[[Context], str]] = {
    "nombre": lambda context: context.ticket.requester_name if context.ticket else "",
    "agente": lambda context: context.agent.name,
    "tiquete": lambda context: str(context.ticket.number) if context.ticket else "",
    "asunto": lambda context: context.ticket.subject if context.ticket else "",
    "hoy": lambda context: context.desk.today.isoformat(),
}
_ENGLISH = {"name": "nombre", "agent": "agente", "ticket": "tiquete", "subject": "asunto", "today": "hoy"}
VARIABLES = {**_FILLED, **{english: _FILLED[spanish] for english, spanish in _ENGLISH.items()}}


def _filled(body: str, context: Context) -> str:
    """The variables of a canned answer, by plain replacement: nobody's text is ever run."""

    def value(found: re.Match[str]) -> str:
        fill = VARIABLES.get(folded(found[1]))
        return fill(context) if fill else found[0]

    return _VARIABLE.sub(value, body)


COMMANDS = (
    Command("nota", ("note", "interno", "internal"), read_text, may=EVERYBODY),
    Command("mudo", ("mute", "silent", "silencio"), fixed(Meaning(silent=True, done=Done("silent")))),
    Command("plantilla", ("template", "canned"), read_canned, on_ticket=False),
    Command("enviar", ("send", "envia"), read_proposal, names="proposal"),
    Command("solucion", ("solución", "solution"), read_publication("solution")),
    Command("noticia", ("news",), read_publication("news"), on_ticket=False),
    Command("ayuda", ("help", "comandos", "commands"), fixed(Meaning(help=True)), on_ticket=False, may=EVERYBODY),
)
