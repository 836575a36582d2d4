"""Reads what our own MX found out about a mail's author: SPF, DKIM, DMARC, and whether they speak for the From domain.

A sender can write any header, our authserv-id included. So a verdict counts only when the mail came over a trusted
path, bears a configured authserv-id, and stands where a sender cannot write: above the Received header of our own MX
(RFC 8601 section 5). Everything else is ignored; what cannot be read proves nothing. Pure, never raises.

Values must be given unfolded but *not* RFC 2047-decoded: an envelope address such as
``=?utf-8?q?x=3B_dmarc=3Dpass?=@evil.example`` is one harmless word in our MX's header until somebody decodes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from authres import AuthenticationResultsHeader

_LONGEST = 8192  # characters of a verdict of an honest MX
_NO_ID = "protection.outlook.com"  # Microsoft 365 leaves its authserv-id out: configure this word to mean it
_FIRST_IS_RESULT = re.compile(r"\s*(?:spf|dkim|dmarc|arc|compauth|auth|iprev)\s*=", re.IGNORECASE)
_CLAIMED_ID = re.compile(r"(?:\s|\([^()]*\))*\"?([^\s;\"()]{1,255})")
_SIGNER = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]{1,255})")
_STAMP = re.compile(r"(?:^|;)\s*t\s*=\s*([0-9]{1,10})\s*(?:;|$)")
_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,30}")
# Second levels under which a country's registry sells names: com.co is nobody's domain.
_REGISTRY = frozenset(
    {"com", "co", "org", "net", "edu", "gov", "gob", "gouv", "mil", "nom", "ac", "or", "ne", "go", "info", "web", "ind"}
    | {"adm", "art", "blog", "eco", "emp", "tv", "ltd", "plc"}
)
_WORST_FIRST = ("fail", "policy", "softfail", "permerror", "temperror", "neutral", "none", "bestguesspass", "pass")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, in RFC 8601's result words; "" where nothing was said."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    header_from: str = ""  # the From domain that DMARC looked at
    aligned: bool = False  # something that passed speaks for the From domain that we use
    source: str = ""  # the authserv-id that said it
    reason: str = ""  # why it is aligned, or why it is not


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    result: str
    properties: dict[str, str]


def find_verdict(
    headers: tuple[tuple[str, str], ...],
    authserv_ids: frozenset[str],
    peer_is_trusted: bool,
    from_domain: str,
    hops: int = 0,
) -> Verdict:
    """The verdict of our own MX on the author ``@from_domain``; an empty one, with its reason, when there is none.

    ``headers``: (name, value) topmost first. ``hops``: how many Received headers our side writes above the verdict; 0
    for an MX that puts the verdict on top, 2 for a Gmail mailbox, up to 5 for Microsoft 365.
    """
    if not peer_is_trusted:
        return Verdict(reason="came over no trusted path")
    ids = frozenset(name.casefold() for name in authserv_ids)
    values = _select(headers, ids, hops)
    if not values:
        return Verdict(reason="no verdict of ours above our own Received header")
    source, results = "", []
    for value in values:
        read = _parse(value)
        if read is None:
            return Verdict(reason="the verdict cannot be read")
        source, found = read
        results += found
    return _judge(results, source, from_domain.casefold().rstrip("."))


def read_own(value: str, from_domain: str) -> Verdict:
    """The verdict that we found ourselves and kept with the mail; "" is none."""
    read = _parse(value) if value else None
    if read is None:
        return Verdict(reason="nobody looked")
    return _judge(read[1], read[0], from_domain.casefold().rstrip("."))


def _select(headers: tuple[tuple[str, str], ...], ids: frozenset[str], hops: int) -> list[str]:
    """The values that count. Above every Received all of ours do (SPF, DKIM and DMARC filters add one each); below, the
    first alone, because the next may be the sender's."""
    ours: list[tuple[int, str]] = []
    received = 0
    for name, value in headers:
        lowered = name.lower()
        if lowered == "received":
            received += 1
        elif lowered == "authentication-results" and received <= hops and _claimed_id(value) in ids:
            ours.append((received, value))
    if not ours or received <= ours[0][0]:
        return []  # without a Received below it, nothing shows that our MX wrote it
    above = ours[0][0]
    return [value for count, value in ours if count == 0] if above == 0 else [ours[0][1]]


def _claimed_id(value: str) -> str:
    if _FIRST_IS_RESULT.match(value):
        return _NO_ID
    found = _CLAIMED_ID.match(value[:_LONGEST])
    return found[1].casefold().rstrip(".") if found else ""


def _parse(value: str) -> tuple[str, list[_Result]] | None:
    """(authserv-id, results) of one header, None when it is not RFC 8601."""
    if len(value) > _LONGEST:
        return None
    if _FIRST_IS_RESULT.match(value):
        value = f"{_NO_ID}; {value}"
    try:
        header = AuthenticationResultsHeader.parse(f"Authentication-Results: {' '.join(value.split())}")
    except Exception:  # the library's SyntaxError, and what its regular expressions let through
        return None
    results = []
    for found in header.results:
        named = {f"{one.type}.{one.name}".lower(): str(one.value).strip().casefold() for one in found.properties}
        results.append(_Result(str(found.method).lower(), str(found.result).lower(), named))
    return str(header.authserv_id).casefold(), results


def _judge(results: list[_Result], source: str, from_domain: str) -> Verdict:
    dmarc = [one for one in results if one.method == "dmarc"]
    dkim = [one for one in results if one.method == "dkim"]
    spf = [one for one in results if one.method == "spf"]
    word = _worst(dmarc)
    looked_at = [domain for one in dmarc if (domain := one.properties.get("header.from", "").rpartition("@")[2])]
    aligned, reason = _align(word, looked_at, dkim, spf, from_domain)
    signed = any(one.result == "pass" and _signs_for(one, from_domain) for one in dkim)
    return Verdict(
        spf=_worst(spf),
        dkim="pass" if signed else _worst(dkim),
        dmarc=word,
        header_from=looked_at[0] if looked_at else "",
        aligned=aligned,
        source=source,
        reason=reason,
    )


def _align(
    dmarc: str, looked_at: list[str], dkim: list[_Result], spf: list[_Result], from_domain: str
) -> tuple[bool, str]:
    if not _DOMAIN.fullmatch(from_domain):
        return False, "the From domain is no domain"
    if any(domain.rstrip(".") != from_domain for domain in looked_at):
        return False, f"another From was checked: {', '.join(looked_at)[:200]}"
    if dmarc == "fail":
        return False, "dmarc=fail"
    if dmarc == "pass" and looked_at:
        return True, f"dmarc=pass header.from={from_domain}"
    if any(one.result == "pass" and _signs_for(one, from_domain) for one in dkim):
        return True, "dkim=pass for the From domain"
    if spf and _worst(spf) == "pass" and all(is_aligned(_envelope_domain(one), from_domain) for one in spf):
        return True, "spf=pass for the From domain"
    return False, "nothing that passed speaks for the From domain"


def _signs_for(dkim: _Result, from_domain: str) -> bool:
    """header.d is the signer; Gmail shows header.i alone, whose domain is the signer's or below it."""
    signer = dkim.properties.get("header.d", "") or dkim.properties.get("header.i", "").rpartition("@")[2]
    return is_aligned(signer, from_domain)


def _envelope_domain(spf: _Result) -> str:
    return spf.properties.get("smtp.mailfrom", "").rpartition("@")[2]


def signed_at(headers: tuple[tuple[str, str], ...], from_domain: str) -> datetime | None:
    """When the author's domain signed the mail (t= of RFC 6376), the last time; None when no signature tells."""
    times = []
    for name, value in headers:
        if name.lower() != "dkim-signature":
            continue
        domain, stamp = _SIGNER.search(value[:_LONGEST]), _STAMP.search(value[:_LONGEST])
        if domain and stamp and is_aligned(domain[1], from_domain):
            times.append(int(stamp[1]))
    return datetime.fromtimestamp(max(times), UTC) if times else None


def is_aligned(domain: str, from_domain: str) -> bool:
    """Relaxed alignment (RFC 7489 section 3.1): the same domain, or one below the other.

    Two names side by side under one organisation are not taken for aligned: that would need the public suffix list,
    and the wrong way out of not having it would let one customer of a shared domain speak for another.
    """
    domain, from_domain = domain.casefold().rstrip("."), from_domain.casefold().rstrip(".")
    if not _DOMAIN.fullmatch(domain) or not _DOMAIN.fullmatch(from_domain):
        return False
    shorter, longer = sorted((domain, from_domain), key=len)
    return domain == from_domain or (longer.endswith("." + shorter) and not _is_registry(shorter))


def _is_registry(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _REGISTRY


def _worst(results: Iterable[_Result]) -> str:
    words = {one.result for one in results}
    return next((word for word in _WORST_FIRST if word in words), next(iter(sorted(words)), ""))
