"""What is wrong in the settings, said so that one can mend it: one line, in the language of whoever reads it.

A value that may be a secret is never shown. What our own checks say (``Value error``) they say themselves.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mailgate.tongue import language

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

SECRETS = ("password", "users", "url", "key", "keys", "token", "secret")

# By pydantic's name of the error, as far as an underscore ends it: int_parsing and int_type are both "int".
ENGLISH = {
    "int": "must be a whole number",
    "float": "must be a number",
    "bool": "must be true or false",
    "string": "must be a text in quotes",
    "path": "must be a path in quotes",
    "date": "must be a date like 2026-12-31",
    "list": 'must be a list, as in ["one", "two"]',
    "mailboxes": "is a list of mailboxes: write [[imap]] with two brackets, once for each",
    "table": "must be a section with keys, as in [{name}] or {{ key = value }}",
    "choice": "must be one of {expected}",
    "address": "must be an address like soporte@acme.co",
    "form": "must have the form {pattern}",
    "empty": "must not be empty",
    "missing": "must be set",
    "least": "must be {limit} or more",
    "above": "must be more than {limit}",
    "most": "must be {limit} or less",
    "below": "must be less than {limit}",
    "is": " (it is {value})",
    "more": " (and {count} more)",
    "unknown": "{where}: there is no setting '{name}'; ",
    "near": "did you mean {near}?",
    "known": "known here: {known}",
}
SPANISH = {
    "int": "debe ser un número entero",
    "float": "debe ser un número",
    "bool": "debe ser true o false",
    "string": "debe ser un texto entre comillas",
    "path": "debe ser una ruta entre comillas",
    "date": "debe ser una fecha como 2026-12-31",
    "list": 'debe ser una lista, como ["uno", "dos"]',
    "mailboxes": "es una lista de buzones: escribe [[imap]] con dos corchetes, uno por cada buzón",
    "table": "debe ser una sección con claves, como [{name}] o {{ clave = valor }}",
    "choice": "debe ser uno de {expected}",
    "address": "debe ser una dirección como soporte@acme.co",
    "form": "debe tener la forma {pattern}",
    "empty": "no puede estar vacío",
    "missing": "es obligatorio",
    "least": "debe ser {limit} o más",
    "above": "debe ser más de {limit}",
    "most": "debe ser {limit} o menos",
    "below": "debe ser menos de {limit}",
    "is": " (es {value})",
    "more": " (y {count} más)",
    "unknown": "{where}: no hay un ajuste '{name}'; ",
    "near": "¿quisiste decir {near}?",
    "known": "aquí hay: {known}",
}
BOUNDS = {"greater_than_equal": "least", "greater_than": "above", "less_than_equal": "most", "less_than": "below"}
KINDS = {
    "missing": "missing",
    "string_too_short": "empty",
    "too_short": "empty",
    "tuple_type": "list",
    "list_type": "list",
    "set_type": "list",
    "dict_type": "table",
    "model_type": "table",
    "model_attributes_type": "table",
}


def explain(error: ValidationError, where: str, sections: Mapping[str, Sequence[str]]) -> str:
    """One line for the first thing wrong, and how many more there are. ``sections`` has the keys of each."""
    first, more = error.errors(include_url=False)[0], error.error_count() - 1
    path = [str(part) for part in first["loc"] if part != "[key]"]
    name = ".".join(path)
    if first["type"] == "extra_forbidden":
        line = _said("unknown", where=where, name=name) + _nearest(path, sections)
    else:
        line = f"{where}: {name}: {_wrong(first, name)}{_shown(first['input'], path)}"
    return line + (_said("more", count=more) if more else "")


def _wrong(error: ErrorDetails, name: str) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in BOUNDS:
        return _said(BOUNDS[kind], limit=next(iter(context.values())))
    if kind in ("literal_error", "enum"):
        return _said("choice", expected=str(context["expected"]).replace(" or ", ", "))
    if kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        return _said("address" if "@" in pattern else "form", pattern=pattern)
    key = KINDS.get(kind) or kind.partition("_")[0]
    if key == "list" and name == "imap":
        key = "mailboxes"
    if key not in ENGLISH:
        return error["msg"].removeprefix("Value error, ")
    return _said(key, name=name.partition(".")[0])


def _shown(value: Any, path: Sequence[str]) -> str:
    """The value as it was read, unless it is long, a table, or may hold a secret."""
    secret = any(word in part.split("_") for part in path for word in SECRETS)
    if secret or isinstance(value, dict) or len(repr(value)) > 100:
        return ""
    return _said("is", value=repr(value))


def _nearest(path: Sequence[str], sections: Mapping[str, Sequence[str]]) -> str:
    known = list(sections.get(path[0], ())) if len(path) > 1 else list(sections)
    near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
    if near:
        return _said("near", near=".".join([*path[:-1], near[0]]))
    return _said("known", known=", ".join(known))


def _said(key: str, **values: Any) -> str:
    return (SPANISH if language() == "es" else ENGLISH)[key].format(**values)
