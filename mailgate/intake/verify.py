"""SPF, DKIM and DMARC of a mail that comes straight from the internet, where no MX of ours has looked before.

    check(raw, peer, helo, sender)  ->  "here; spf=pass smtp.mailfrom=…; dkim=pass header.d=…; dmarc=pass header.from=…"

The answer is the value that our own MX would have written into Authentication-Results, so that one reader weighs both
(``mail.authentication``). What cannot be found out in time, or not safely, is "none": nothing is proven, nothing fails
for it. A DKIM signature counts only when it covers the mail as it will be read (RFC 6376, and what attackers made of
it): all of the body, author, date and subject, each of these headers there once, a key that is no test, an age of days.

The libraries are the extra ``firsthop``. pyspf is asked through our own look-ups; DMARC's record and its organisational
domain come from authheaders, its judgement is made here, because a mail may have several signatures.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable
from email.message import Message as Tree
from email.parser import BytesHeaderParser
from typing import Any

import structlog

from mailgate.errors import ConfigError
from mailgate.intake.names import Names, NoAnswer, resolver
from mailgate.mail.headers import header_addresses, split_header_block
from mailgate.mail.limits import find_broken_limit
from mailgate.settings import Limits, Settings

log = structlog.get_logger(__name__)

Check = Callable[[bytes, str, str, str], str]  # (octets, IP address, greeting, MAIL FROM); never raises

HERE = "here"  # the authserv-id of what was found out here
OLDEST_SIGNATURE = 5 * 24 * 3600  # seconds: what is older was sent again by somebody (THREATS 11)
MOST_SIGNATURES = 5
LONGEST_KEY_RECORD = 1500  # octets: RSA of 8192 bits; a key of millions would cost minutes
MUST_BE_SIGNED = {"from", "date", "subject"}
ONCE = ("from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id", "in-reply-to", "references",
        "content-type", "content-transfer-encoding", "mime-version")  # fmt: skip
MOST_BLANKS = 50_000_000  # steps that dkimpy's expressions may take over runs of blanks, which they are quadratic in
_BLANKS = re.compile(rb"[ \t]{32,}")
_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,30}")
_TESTING = re.compile(rb"(?:^|;)\s*t\s*=\s*[^;]*\by\b")
_STRICT = re.compile(rb"(?:^|;)\s*t\s*=\s*[^;]*\bs\b")
_WORDS = {"pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"}


def checker(settings: Settings) -> Check | None:
    """What checks senders as the settings say; None when they say not to. Raises ConfigError without its libraries."""
    if not settings.verify.enabled:
        return None
    try:
        import authheaders.dmarc_lookup  # noqa: F401
        import dkim  # noqa: F401
        import spf  # noqa: F401
    except ImportError:
        raise ConfigError("verify.enabled needs more packages: pip install 'mailgate[firsthop]'") from None
    asking = resolver(settings.verify.nameservers)

    def check(raw: bytes, peer: str, helo: str, sender: str) -> str:
        names = Names(asking, settings.verify.seconds)
        try:
            return find_out(raw, peer, helo, sender, names, settings.limits)
        except Exception as error:  # three libraries on hostile bytes: what they trip over proves nothing
            log.warning("verify.failed", error=f"{type(error).__name__}: {error}"[:300])
            return ""

    return check


def find_out(raw: bytes, peer: str, helo: str, sender: str, names: Names, limits: Limits) -> str:
    """The verdict as RFC 8601 writes it; "" for a mail that has not one author, or will not be read anyhow."""
    if find_broken_limit(raw, limits):
        return ""
    head = BytesHeaderParser().parsebytes(split_header_block(raw)[0] + b"\r\n\r\n")
    authors = header_addresses(head, "from")
    domain = authors[0].address.rpartition("@")[2] if len(authors) == 1 and len(head.get_all("from", [])) == 1 else ""
    if not _DOMAIN.fullmatch(domain):
        return ""
    envelope = sender.rpartition("@")[2].casefold() if sender else helo.casefold()
    spf = _spf(peer, helo, sender, names) if _DOMAIN.fullmatch(envelope) else "none"
    signers = _dkim(raw, head, names)
    said = [f"{HERE}; spf={spf} smtp.mailfrom={envelope if _DOMAIN.fullmatch(envelope) else 'none'}"]
    said += [f"dkim={word} header.d={signer}" for signer, word in signers] or ["dkim=none"]
    signed = [signer for signer, word in signers if word == "pass"]
    late = "temperror" in {spf, *(word for _, word in signers)}
    word = _dmarc(domain, envelope if spf == "pass" else "", signed, late, names)
    said.append(f"dmarc={word} header.from={domain}")
    return "; ".join(said)


# SPF (RFC 7208)


def _spf(peer: str, helo: str, sender: str, names: Names) -> str:
    import spf

    class Query(spf.query):
        """pyspf, but every question goes through ``names``."""

        def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
            try:
                found = names.ask(str(name), qtype)
            except NoAnswer as error:
                raise spf.TempError(str(error)) from error
            if not found and not ignore_void:
                self.void_lookups += 1
                if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                    raise spf.PermError("too many names that are nothing")
            return [(record,) for record in found] if qtype in ("TXT", "SPF") else list(found)

        def get_explanation(self, spec: str) -> str:
            return ""  # a text for bounces that nobody reads here

    word = str(Query(i=peer, s=sender, h=helo).check()[0])
    return word if word in _WORDS else "none"


# DKIM (RFC 6376)


def _dkim(raw: bytes, head: Tree, names: Names) -> list[tuple[str, str]]:
    """(signing domain, result word) of each signature, the topmost first; a domain that is none is left out."""
    if "dkim-signature" not in head or sum(len(run) ** 2 for run in _BLANKS.findall(raw)) > MOST_BLANKS:
        return []
    import dkim

    mail = dkim.DKIM(raw)
    results: list[tuple[str, str]] = []
    for index in range(min(len(head.get_all("dkim-signature", [])), MOST_SIGNATURES)):
        mail.signature_fields = {}
        keys: list[bytes] = []
        try:
            verified = mail.verify(idx=index, dnsfunc=functools.partial(_key, names, keys))
            word = ("policy" if _why_it_does_not_count(mail, keys, head) else "pass") if verified else "fail"
        except NoAnswer:
            word = "temperror"
        except Exception:  # dkimpy's own, and what hostile tags make of int() and base64
            word = "permerror"
        signer = mail.signature_fields.get(b"d", b"").decode("ascii", "replace").casefold().rstrip(".")
        if _DOMAIN.fullmatch(signer):
            results.append((signer, word))
    return results


def _key(names: Names, seen: list[bytes], name: bytes, timeout: float = 0) -> bytes | None:
    """A key's record; None when there is none, or several, or one that is too large to be used."""
    found = names.ask(name.decode("ascii", "replace"), "TXT")
    if len(found) != 1 or len(found[0]) > LONGEST_KEY_RECORD:
        return None
    seen.append(found[0])
    return bytes(found[0])


def _why_it_does_not_count(mail: Any, keys: list[bytes], head: Tree) -> str:
    """Why a signature that verifies says nothing of the mail as people will read it; "" when it does."""
    tags = mail.signature_fields
    signed = {name.decode("ascii", "replace") for name in mail.include_headers}
    signed_at = int(tags.get(b"t", b"0") or 0)
    identity = tags.get(b"i", b"").rpartition(b"@")[2]
    if b"l" in tags:
        return "it covers the beginning of the body only"
    if tags.get(b"a") == b"rsa-sha1":
        return "SHA-1"
    if not signed >= MUST_BE_SIGNED:
        return "it does not cover author, date and subject"
    if any(len(head.get_all(name, [])) > 1 for name in ONCE):
        return "a header stands there twice"
    if signed_at and time.time() - signed_at > OLDEST_SIGNATURE:
        return "it is too old"
    if any(_TESTING.search(key) for key in keys):
        return "its key is a test"
    if identity and any(_STRICT.search(key) for key in keys) and identity.lower() != tags.get(b"d", b"").lower():
        return "its key is for the very domain"
    return ""


# DMARC (RFC 7489)


def _dmarc(domain: str, envelope: str, signers: list[str], late: bool, names: Names) -> str:
    """The result: pass when something that passed is aligned; fail when a policy is there and nothing is."""
    from authheaders.dmarc_lookup import DMARCException, lookup_receiver_record

    def record_of(name: str) -> str | None:
        found = [text for text in names.ask(name, "TXT") if text.startswith(b"v=DMARC1")]
        return found[0].decode("ascii", "replace") if len(found) == 1 else None  # several are none (6.6.3)

    try:
        organisation = organisation_of(domain)
        record = lookup_receiver_record(domain, record_of)
        if not record and organisation != domain:
            record = lookup_receiver_record(organisation, record_of)
    except NoAnswer:
        return "temperror"
    except DMARCException:
        return "permerror"
    if not record or "p" not in record:
        return "none"
    aligned = (envelope and _aligned(envelope, domain, record.get("aspf", "r"))) or any(
        _aligned(signer, domain, record.get("adkim", "r")) for signer in signers
    )
    if aligned:
        return "pass"
    return "temperror" if late else "fail"


def _aligned(name: str, domain: str, mode: str) -> bool:
    return name == domain if mode == "s" else organisation_of(name) == organisation_of(domain)


@functools.lru_cache(maxsize=4096)
def organisation_of(domain: str) -> str:
    """The domain that somebody registered: empresa.com.co of correo.empresa.com.co. By the public suffix list."""
    return str(_suffixes().get_public_suffix(domain))


@functools.cache
def _suffixes() -> Any:
    import importlib.resources

    from publicsuffix2 import PublicSuffixList

    source = importlib.resources.files("authheaders") / "public_suffix_list.txt"
    with source.open(encoding="utf-8") as suffixes:
        return PublicSuffixList(suffixes)
