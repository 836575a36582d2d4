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
# What files without being the first word: «Interpongo derecho de petición», «ENVIAR P.Q.R.S.», «Ref.: queja».
_WHAT = (
    r"(?:pqrs?d?f?|queja|reclamo|reclamacion|peticion|derecho (?:fundamental )?de peticion|sugerencia|complaint"
    r"|petition)"
)
_FORGET = r"(?:borr|elimin|suprim)\w* (?:todos )?(?:mis|nuestros) datos(?: personales)?"  # Ley 1581 de 2012, art. 15
_FILES = re.compile(
    r"(?:(?:asunto|ref|referencia|subject) )?"
    r"(?:(?:presento|presentamos|presentacion de|interpongo|interponemos|radico|radicamos|radicacion de|formulo|elevo"
    r"|instauro|enviar|envio de|tramitar|filing|file|formal|official|nueva?|nuevo|segund[oa]|tercera?)"
    rf"(?: (?:el|la|un|una|esta?e?|formal|formalmente|respetuosamente|an?|my))* {_WHAT}"
    r"|(?:queja|reclamo|reclamacion|peticion|derecho (?:fundamental )?de peticion)|habeas data"
    r"|(?:solicitud de |solicito )?(?:la )?(?:supresion|eliminacion|borrado|rectificacion|revocatoria)"
    r" de (?:todos )?(?:mis |los |nuestros )?(?:mis datos|datos personales|autorizacion de datos)"
    rf"|{_FORGET})\b"
)
# What files in the text, whatever the subject says (Constitución, art. 23; Ley 1755 de 2015; Ley 1581 de 2012).
_IN_TEXT = re.compile(
    r"\b(?:en ejercicio (?:de mi|de nuestro|del|de el) derecho (?:fundamental |constitucional )?de peticion"
    r"|derecho (?:fundamental |constitucional )?de peticion,? (?:consagrado|establecido|contemplado|previsto|contenido"
    r"|que (?:me|nos) (?:asiste|otorga|confiere)|de que trata)"
    r"|(?:presento|interpongo|elevo|formulo|radico|instauro)(?: (?:ante ustedes|el|este|un|presente|respetuoso"
    r"|respetuosamente|formalmente),?){0,5} derecho (?:fundamental |constitucional )?de peticion)\b"
    rf"|\b{_FORGET}\b|\b(?:supresion|eliminacion|borrado) de (?:todos )?mis datos\b"
    r"|^(?:(?:asunto|ref|referencia)\W{1,4})?derecho (?:fundamental )?de peticion\W*$",
    re.MULTILINE,
)
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
        rf"habeas data|{_FORGET}|(?:supresion|eliminacion|borrado|rectificacion) de (?:todos )?"
        r"(?:mis datos|(?:mis |los )?datos personales)"
        r"|reclam(?:o|os|ar|acion)\b|cobro (?:indebido|doble|errado)|doble cobro|reembols\w+"
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
    plain = re.sub(r"\bp\.\s?q\.\s?r\.?(?:\s?s\b\.?)?", "pqrs", folded(strip_prefixes(subject)[:200]))
    words = re.findall(r"\w+", plain)
    filing = FILING_WORDS | _DENUNCIA if Type.REPORT in types else FILING_WORDS
    return bool(words) and (words[0] in filing or _FILES.match(" ".join(words)) is not None)


def asks_in_text(text: str) -> bool:
    """Whether a text says outright that it is a *derecho de petición*, or asks to be forgotten: it binds whatever the
    subject says.
    """
    looked_at = text[:LOOKED_AT]
    plain = looked_at.casefold()
    if not any(word in plain for word in ("petici", "mis datos", "nuestros datos")):
        return False
    return _IN_TEXT.search("\n".join(map(folded, looked_at.splitlines()))) is not None


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
