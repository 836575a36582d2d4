"""The mobile that somebody gives in a mail («Celular: 300 123 4567»), and how numbers are written. Pure.

Only a labelled number counts: invoices, licences and NITs are numbers too. Without a country it is Colombia's. What is
labelled as a mobile and is none (too short, a landline) is found all the same, so that its writer can be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

REGION = "CO"
LOOKED_AT = 20_000  # characters
_LABEL = (
    r"(?:(?:n[uú]mero|n[uú]m\.?|no\.?|tel[eé]fono|tel\.?) (?:de )?)?"
    r"(?:celular|cel|m[oó]vil|whats ?app|wsp|mobile|cell ?phone|cell)"
    r"(?: (?:phone|number|no\.?|n[uú]mero|nuevo|actual|cambi[oó],?|ahora|es(?: el)?|is|now))*"
)
# «Llámenme al 300…»: a mobile when it is one; a landline is as good to be called at.
_CALL = (
    r"(?:ll[aá]m[ae](?:r|n)?(?:me|nos)?|marcar(?:me|nos)?|comunicarse(?: conmigo)?|contact[ae](?:r|n)?(?:me|nos)?"
    r"|nuevo n[uú]mero|call (?:me|us)|reach (?:me|us))"
    r"(?: al?| a mi| en el| es(?: el)?| on| at)?(?: n[uú]mero| tel[eé]fono)?"
)
_LABELS = ("cel", "movil", "móvil", "whats", "wsp", "mobile")  # each label has one of them
# Blanks are never given back ("*+"): two runs of them with a sign between that may be missing were quadratic.
_LABELLED = re.compile(
    rf"(?i)(?<![\w@]){_LABEL}[ \t]*+(?:[:.#=-][ \t]*+)?(?P<said>\(?\+?\(?\d[\d ().\t-]{{2,22}})(?![\w@])"
)
_CALLS = ("llam", "llám", "marcar", "comunic", "contact", "nuevo n", "call ", "reach ")
_TO_CALL = re.compile(
    rf"(?i)(?<![\w@])(?<!no )(?<!no me )(?<!no nos ){_CALL}[ \t]*:?[ \t]*(?P<said>\(?\+?\d[\d ().-]{{8,18}})(?![\w@])"
)
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True, slots=True)
class Mobile:
    """A number that was given as a mobile: in E.164, "" when it is none; and as it was written."""

    number: str
    said: str


def find_mobile(text: str) -> Mobile | None:
    """The mobile in a text: the first that is one, else the first that is given as one, None when there is none."""
    given = [Mobile(normalised(said), said) for said in _said(text)]
    sure = next((one for one in given if one.number), None)
    return sure or _to_be_called(text) or (given[0] if given else None)


def _to_be_called(text: str) -> Mobile | None:
    """The first mobile that somebody wants to be called at; no landline, and no mere number."""
    if not any(map(text[:LOOKED_AT].casefold().__contains__, _CALLS)):
        return None
    said = [match["said"].strip(" .-\t") for match in _TO_CALL.finditer(text[:LOOKED_AT])]
    return next((Mobile(number, one) for one in said if (number := normalised(one))), None)


def _said(text: str) -> list[str]:
    text = text[:LOOKED_AT]
    folded = text.casefold().replace("\u0307", "").replace("ı", "i")  # as the pattern takes Turkish letters
    if not any(map(folded.__contains__, _LABELS)):
        return []  # nearly always, and the pattern takes its time to say so
    return [match["said"].strip(" .-\t") for match in _LABELLED.finditer(text)]


def normalised(written: str) -> str:
    """A mobile in E.164 (+573001234567); "" for what is no mobile number."""
    try:
        number = phonenumbers.parse(written, REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in _MOBILE:
        return ""
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def shown(number: str) -> str:
    """A stored number as people read it: +57 300 1234567; as it is when it is no number."""
    try:
        return str(phonenumbers.format_number(phonenumbers.parse(number, REGION), PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        return number
