"""The survey answered in somebody's own words: «5, excelente servicio», «les doy un 4», «1 muy demorado». Pure.

A number counts as stars when the text says so («calificación», «estrellas»), or when it stands first and what follows
judges the service. What counts other things («5 facturas no salen», a list of points) is left to a person.
"""

from __future__ import annotations

import re

from mailgate.desk.requests import folded

LONGEST = 400  # characters: who writes more tells of a matter
_WORDS = {"uno": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3, "cuatro": 4, "four": 4, "cinco": 5,
          "five": 5}  # fmt: skip
_N = rf"(?P<n>[1-5]|{'|'.join(_WORDS)})"
_SCALE = r"(?: ?/ ?5| (?:estrellas?|stars?|puntos|points)| (?:de|sobre|out of) (?:5|cinco|five))"
_OUTRIGHT = re.compile(
    r"\b(?:calificacion|califico|calificamos|puntuacion|puntaje|rating|score"
    r"|(?:les|le|te|lo|los|se lo) (?:doy|damos|pongo|ponemos)|i (?:would )?(?:give|rate) (?:you|it|this|the service))"
    rf"(?: (?:es|de|del servicio|con|seria|para ustedes|is|of|un|una|an?))* {_N}(?=$| (?:estrellas?|stars?|puntos"
    r"|sobre|por|porque|gracias|y|and|for|but|pero|muy|excelente|buen\w*|mal\w*|thanks?|thank you)\b)"
    rf"|\b{_N.replace('<n>', '<stars>')} (?:estrellas?|stars?)\b"
)
_FIRST = re.compile(rf"(?:un |una |an? )?{_N}(?:{_SCALE})?(?=\s|$)(?P<rest>.*)", re.DOTALL)
_JUDGES = re.compile(
    r"\b(?:excelentes?|buen|buen[oa]s?|bien|mal[oa]?|regular|pesim[oa]s?|demor\w+|tard\w+|lent[oa]s?|rapid\w+|agil\w*"
    r"|amabl\w+|atencion|atendi\w+|servicio|eficien\w+|oportun\w+|satisf\w+|insatisf\w+|content[oa]s?|feliz|felic\w+"
    r"|perfect[oa]|genial|gracias|mejor\w*|contest\w+|respond\w+|recomend\w+"
    r"|great|good|bad|poor|slow|fast|quick|excellent|service|terrible|awful|helpful|kind|thanks|thank)\b"
)
_COUNTS = re.compile(r" (?:vez|veces|times?|dias?|horas?|days?|hours?|(?!estrellas|stars)[a-z]{4,}s)\b")  # «5 facturas»
_FAILS = re.compile(
    r"\b(?:sigue[n]?|seguimos|continua|persiste|volvio|volvieron|vuelve|todavia|aun|falla|fallando|still|keeps|fails"
    r"|no (?:me |nos |se |lo |la |ha |han |he |quedo )*(?:funcion|sirv|abr|carg|entr|dej|soluc|resolv|resuel|arregl"
    r"|bien|imprim|cuadr|pud|pued)\w*|(?:not|n't|isn't|doesn't) (?:work|fixed|solved)\w*)"
)


def find_stars(text: str) -> int | None:
    """The stars that a text gives; None when it gives none."""
    text = text.strip()
    words = folded(text) if len(text) <= LONGEST else ""
    if not words or re.search(r"[?¿]", words) or re.search(r"(?m)^\s*2\s*[.)-]", text):
        return None
    if outright := _OUTRIGHT.search(words):
        return _value(outright["n"] or outright["stars"])
    first = _FIRST.match(words)
    if first is None or re.match(r"\d+[.,]\d", text) or first["rest"].startswith(" de "):
        return None
    rest = first["rest"]
    if not rest.strip():
        return _value(first["n"])
    counts = _COUNTS.match(rest) and not _JUDGES.match(rest.strip())
    apart = re.match(r"\S+?\s*(?:/\s*5|estrellas?|stars?)?\s*[.,;:!\n-]", text) is not None
    return _value(first["n"]) if _JUDGES.search(rest) and (apart or not counts) else None


def tells_of_failing(text: str) -> bool:
    """Whether who judges the service says as well that the matter goes on."""
    return _FAILS.search(folded(text)) is not None


def _value(said: str) -> int:
    return _WORDS.get(said) or int(said)
