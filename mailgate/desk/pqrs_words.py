"""The words by which people say that they file a PQRS, and of which type. Data tables and total functions, pure.

The subject tells before the text, and a line ``Tipo: queja`` before both. What several types or none claim is doubtful,
and counts as a petition. A consultation, whose term is the longest, is believed only where it is said outright: the
word is in every second mail.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from mailgate.desk.folding import folded
from mailgate.desk.pqrs import Type
from mailgate.desk.same_matter import compare
from mailgate.mail.subject import strip_prefixes

LOOKED_AT = 3000  # characters of a text

# The first word of a subject that files. «Consulta», «Felicitaciones» begin everyday mails, and do not.
FILING_WORDS = frozenset({
    "pqrs", "pqr", "pqrd", "pqrsd", "pqrsf", "pqrsdf", "peticion", "peticiones", "queja", "quejas", "reclamo",
    "reclamos", "reclamacion", "sugerencia", "sugerencias", "complaint", "complaints", "petition", "claim",
    "suggestion",
})  # fmt: skip
_DENUNCIA = frozenset({"denuncia", "denuncias"})

NAMES: dict[str, Type] = {
    "peticion": Type.PETITION, "p": Type.PETITION, "derecho de peticion": Type.PETITION, "petition": Type.PETITION,
    "solicitud": Type.PETITION, "request": Type.PETITION,
    "informacion": Type.INFORMATION, "peticion de informacion": Type.INFORMATION, "information": Type.INFORMATION,
    "copias": Type.INFORMATION, "documentos": Type.INFORMATION, "request for information": Type.INFORMATION,
    "consulta": Type.CONSULTATION, "consultation": Type.CONSULTATION, "enquiry": Type.CONSULTATION,
    "queja": Type.COMPLAINT, "q": Type.COMPLAINT, "complaint": Type.COMPLAINT,
    "reclamo": Type.CLAIM, "r": Type.CLAIM, "reclamacion": Type.CLAIM, "claim": Type.CLAIM,
    "sugerencia": Type.SUGGESTION, "s": Type.SUGGESTION, "suggestion": Type.SUGGESTION,
    "felicitacion": Type.PRAISE, "f": Type.PRAISE, "felicitaciones": Type.PRAISE, "praise": Type.PRAISE,
    "denuncia": Type.REPORT, "d": Type.REPORT, "report": Type.REPORT,
}  # fmt: skip

_SAID: dict[Type, str] = {  # over folded text: no accents, no case
    Type.PETITION: r"derecho de peticion|peticion(?:es)?\b(?! de (?:informacion|copias|documentos))|petition",
    Type.INFORMATION: (
        r"peticion de (?:informacion|copias|documentos)|solicit\w+ (?:de )?(?:informacion|copia|documentos|certificad)"
        r"|expedir(?:me)? copia|request(?:ing)? (?:for )?(?:information|a copy|copies)"
    ),
    Type.COMPLAINT: (
        r"quejas?\b|quejarme|me quejo|inconform(?:e|idad)|mal ?trato|groser\w+|pesim[ao] (?:atencion|trato|servicio)"
        r"|complain(?:t|ts|ing)?\b|rude\b"
    ),
    Type.CLAIM: (
        r"reclam(?:o|os|ar|acion)\b|cobro (?:indebido|doble|errado)|doble cobro|reembols\w+"
        r"|devolucion (?:de|del) dinero|(?:hacer|haga)\w* (?:efectiva|valer) la garantia|\bclaims?\b|refund|overcharged"
    ),
    Type.SUGGESTION: r"sugerencias?\b|sugiero|sugerir|seria bueno que|suggest(?:ion|ions)?\b",
    Type.PRAISE: r"felicitacion(?:es)?\b|felicito|felicitar(?:los)?\b|congratulat\w+|well done\b",
    Type.REPORT: r"denuncias?\b|denunci(?:o|ar)\b|corrupcion|whistle-?blow",
    Type.CONSULTATION: r"\bconsulta\b|consultation",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _SAID.items()}
_ONLY_OUTRIGHT = {Type.CONSULTATION}
_LINE = re.compile(r"^[ \t>*]*(?:tipo|type)\b[^:\n]{0,60}:[ \t]*(.+?)[ \t.!]*$", re.IGNORECASE | re.MULTILINE)


class Guess(NamedTuple):
    type: Type
    doubtful: bool


def asks_by_subject(subject: str, types: Collection[Type]) -> bool:
    """Whether a subject begins, under its prefixes and our tag, with a word that files."""
    plain = folded(strip_prefixes(subject))
    words = re.findall(r"\w+", plain)[:3]
    filing = FILING_WORDS | _DENUNCIA if Type.REPORT in types else FILING_WORDS
    return bool(words) and (words[0] in filing or words == ["derecho", "de", "peticion"])


def find_name(text: str, types: Collection[Type]) -> Type | None:
    """The type that a word names outright: ``queja``, ``petición de información``, ``complaint``."""
    found = NAMES.get(folded(text).strip(" .!"))
    return found if found in types else None


def find_line(text: str, types: Collection[Type]) -> Type | None:
    """The type that a line ``Tipo: queja`` names."""
    return next((kind for told in _LINE.findall(text[:LOOKED_AT]) if (kind := find_name(told, types))), None)


def only_a_type(text: str, types: Collection[Type]) -> Type | None:
    """The type, when a mail's own words are one line ``Tipo: queja`` and nothing else: the button."""
    lines = [line for line in text.splitlines() if line.strip()]
    return find_line(lines[0], types) if len(lines) == 1 else None


def guess_type(subject: str, text: str, types: Collection[Type]) -> Guess:
    """The type that somebody means."""
    if named := find_line(text, types):
        return Guess(named, doubtful=False)
    for words, outright in ((subject, True), (text, False)):
        said = _said(words, types, outright)
        if len(said) == 1:
            return Guess(said.pop(), doubtful=False)
        if said:
            break  # a subject that says two things is not made clear by the text
    return Guess(Type.PETITION, doubtful=True)


def _said(words: str, types: Collection[Type], outright: bool) -> set[Type]:
    plain = folded(words[:LOOKED_AT])
    said = {kind for kind, pattern in _PATTERNS.items() if kind in types and pattern.search(plain)}
    if not outright:
        said -= _ONLY_OUTRIGHT
    return said - {Type.PETITION} if Type.INFORMATION in said else said


# What angry people put into a subject: it names no matter.
_ANGER = frozenset({
    "aun", "contesta", "contestan", "conteste", "contesten", "cuando", "espera", "esperando", "espero", "exijo",
    "increible", "inaceptable", "insisto", "indignado", "indignada", "nadie", "nunca", "pesima", "pesimo", "por", "que",
    "responda", "respondan", "responde", "responden", "respuesta", "segunda", "servicio", "sigo", "sin", "tercera",
    "todavia", "ultima", "urgente", "verguenza", "vez", "ya", "answer", "anybody", "nobody", "reply", "still", "urgent",
    "waiting",
})  # fmt: skip


def same_matter(before: str, said: str, subject: str, text: str) -> bool:
    """Whether a second filing within the hour is about the first: ``before`` and ``said`` are its subject and words.

    The same subject is the same matter. One that names none, as angry ones do, goes on about the first unless its text
    tells of something else. Whoever names a matter of its own has a radicado of its own: to join two is worse.
    """
    matter = matter_of(subject)
    if matter == matter_of(before):
        return True
    return _ANGER.issuperset(matter.split()) and compare(f"{before}\n{said}", text).same


def matter_of(subject: str) -> str:
    """What a subject is about, for comparing: without prefixes, tags, radicados and the words that file."""
    plain = re.sub(r"pqrs\s?-\s?\d{4}\s?-\s?\d+", " ", folded(strip_prefixes(subject)))
    words = [word for word in re.findall(r"\w+", plain) if word not in FILING_WORDS]
    return " ".join(words)
