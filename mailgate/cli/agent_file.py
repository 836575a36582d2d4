"""A table of agents read into rows: pure, no store, no screen. What is wrong names its row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from mailgate.cli import client_cells as cells
from mailgate.cli.client_file import HEADER_WITHIN, Cell, Problem, Rows, fold
from mailgate.cli.words import say
from mailgate.errors import InputError

HEADINGS: dict[str, tuple[str, ...]] = {
    "address": ("correo", "correo electronico", "direccion", "email", "e mail", "mail", "address"),
    "name": ("nombre", "agente", "nombre completo", "name", "agent", "full name"),
    "role": ("papel", "rol", "cargo", "role"),
    "groups": ("grupo", "grupos", "categoria", "categorias", "group", "groups", "categories"),
    "language": ("idioma", "lengua", "language"),
}
NEEDED = ("address", "name")
ROLES = {
    "agent": ("agente", "agent", "asesor", "asesora", "soporte", ""),
    "supervisor": ("supervisor", "supervisora", "lider", "coordinador", "coordinadora"),
    "management": ("gerencia", "gerente", "management", "manager", "direccion"),
}
LANGUAGES = {"es": ("es", "espanol", "spanish", "castellano"), "en": ("en", "ingles", "english"), "": ("",)}


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent as the file has it."""

    address: str
    name: str
    role: str = "agent"
    groups: tuple[str, ...] = ()
    language: str = ""


def find_agents(rows: Rows, name: str) -> tuple[list[AgentRow], list[Problem]]:
    """Every agent of the table, and what is wrong. Raises InputError when no row has the headings needed."""
    top = next((i for i, row in enumerate(islice(rows, HEADER_WITHIN)) if set(NEEDED) <= _columns(row).keys()), None)
    if top is None:
        raise InputError(say("import.agents.no-header", file=name))
    columns = _columns(rows[top])
    found: dict[str, tuple[int, AgentRow]] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows[top + 1 :], top + 2):
        told = {field: cells.text(row[i]) for field, i in columns.items() if i < len(row) and row[i] is not None}
        if not any(told.values()):
            continue
        agent = _agent(told, number, problems)
        if agent is None:
            continue
        if agent.address in found:
            before = found[agent.address][0]
            problems.append(Problem(number, say("column.address"), say("import.agents.twice", row=before)))
        else:
            found[agent.address] = (number, agent)
    return [agent for _, agent in found.values()], problems


def _columns(row: Sequence[Cell]) -> dict[str, int]:
    titles = [fold(cell) if cell is not None else "" for cell in row]
    return {field: titles.index(t) for field, known in HEADINGS.items() for t in reversed(known) if t in titles}


def _agent(told: dict[str, str], number: int, problems: list[Problem]) -> AgentRow | None:
    before = len(problems)

    def wrong(field: str, text: str) -> None:
        problems.append(Problem(number, say(f"column.{field}"), text))

    addresses: list[str] = []
    try:
        addresses = cells.addresses(told["address"]) if told.get("address") else []
    except cells.BadCell as bad:
        wrong("address", str(bad))
    else:
        if len(addresses) != 1:
            wrong("address", say("agent.one-address"))
    if not told.get("name"):
        wrong("name", say("import.empty"))
    role = _word(told.get("role", ""), ROLES)
    if role is None:
        wrong("role", say("agent.no-such-role", role=told["role"], roles=", ".join(ROLES)))
    language = _word(told.get("language", ""), LANGUAGES)
    if language is None:
        wrong("language", say("demo.which-language", language=told["language"]))
    if len(problems) > before or role is None or language is None:
        return None
    groups = tuple(part.strip() for part in told.get("groups", "").replace(";", ",").split(",") if part.strip())
    return AgentRow(addresses[0], told["name"], role, groups, language)


def _word(text: str, table: dict[str, tuple[str, ...]]) -> str | None:
    wanted = fold(text)
    return next((meaning for meaning, words in table.items() if wanted in words), None)
