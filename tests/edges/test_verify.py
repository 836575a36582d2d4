"""Our own look at SPF, DKIM and DMARC, with a real name server on loopback; and over the SMTP port to the store."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dkim
import pytest

from mailgate.errors import ConfigError
from mailgate.intake.names import Names, resolver
from mailgate.intake.verify import OLDEST_SIGNATURE, checker, find_out, organisation_of
from mailgate.mail.authentication import read_own
from mailgate.settings import Limits, Settings, Smtp, Verify
from mailgate.store.intake import Arrival, accept_many, envelope_of
from mailgate.store.models import Intake
from tests.servers.listener import Listening
from tests.servers.names import NameServer

GOOD, BAD = "192.0.2.10", "203.0.113.66"  # where empresa.co sends from, and somebody else
LIMITS = Limits()
HEADERS = ["from", "to", "subject", "date", "message-id"]
_serial = itertools.count(1)


@dataclass(frozen=True)
class Key:
    private: bytes
    record: str  # as its owner publishes it


@pytest.fixture(scope="session")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no key to sign with")
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-traditional", "-out", file, "2048"], check=True, capture_output=True)
    public = subprocess.run(["openssl", "rsa", "-in", file, "-pubout"], check=True, capture_output=True, text=True)
    coded = "".join(public.stdout.splitlines()[1:-1])
    return Key(file.read_bytes(), _quoted(f"v=DKIM1; k=rsa; p={coded}"))


def _quoted(text: str) -> str:
    """A TXT record in pieces of at most 255 octets."""
    return " ".join(f'"{text[at : at + 250]}"' for at in range(0, len(text), 250))


@pytest.fixture(scope="session")
def zone(key: Key) -> Iterator[NameServer]:
    """empresa.co publishes everything; pelada.co nothing; estricta.co wants the very domain; lenta.co never answers."""
    testing = key.record.replace("v=DKIM1;", "v=DKIM1; t=y;")
    records = {
        "empresa.co": {"TXT": [f'"v=spf1 ip4:{GOOD} -all"'], "MX": ["10 mx.empresa.co."], "A": [GOOD]},
        "mx.empresa.co": {"A": [GOOD]},
        "s1._domainkey.empresa.co": {"TXT": [key.record]},
        "prueba._domainkey.empresa.co": {"TXT": [testing]},
        "s1._domainkey.correo.empresa.co": {"TXT": [key.record]},
        "s1._domainkey.evil.example": {"TXT": [key.record]},
        "s1._domainkey.estricta.co": {"TXT": [key.record]},
        "s1._domainkey.correo.estricta.co": {"TXT": [key.record]},
        "s1._domainkey.otra.com.co": {"TXT": [key.record]},
        "_dmarc.empresa.co": {"TXT": ['"v=DMARC1; p=reject"']},
        "_dmarc.estricta.co": {"TXT": ['"v=DMARC1; p=none; adkim=s; aspf=s"']},
        "_dmarc.dos.co": {"TXT": ['"v=DMARC1; p=none"', '"v=DMARC1; p=reject"']},
        "estricta.co": {"TXT": ['"v=spf1 -all"']},
        "evil.example": {"TXT": [f'"v=spf1 ip4:{BAD} -all"']},
        "pelada.co": {"A": [GOOD]},
        "vuelta.co": {"TXT": ['"v=spf1 include:vuelta.co -all"']},
        "ancha.co": {"TXT": ['"v=spf1 a:a.ancha.co mx include:empresa.co -all"']},
        "a.ancha.co": {"A": ["192.0.2.99"]},
    }
    with NameServer(records, mute=["lenta.co", "_dmarc.lenta.co", "s1._domainkey.lenta.co"]) as server:
        yield server


@pytest.fixture
def look(zone: NameServer) -> Callable[..., object]:
    """``look(raw, peer, sender)``: the verdict on the mail's author."""

    def find(raw: bytes, peer: str = BAD, sender: str = "x@evil.example", *, domain: str = "", seconds: float = 20.0):
        names = Names(resolver([zone.address]), seconds)
        told = find_out(raw, peer, "mail.evil.example", sender, names, LIMITS)
        author = domain or raw.partition(b"From: ")[2].partition(b"\r\n")[0].rpartition(b"@")[2].decode()
        return read_own(told, author)

    return find


def mail(author: str = "juan@empresa.co", *, more: str = "", body: str = "hola\r\n") -> bytes:
    number = next(_serial)
    return (
        f"From: {author}\r\nTo: soporte@acme.co\r\nSubject: factura {number}\r\n"
        f"Date: Mon, 23 Nov 2026 09:00:00 -0500\r\nMessage-ID: <v{number}@empresa.co>\r\n{more}\r\n{body}"
    ).encode()


def sign(raw: bytes, key: Key, domain: str = "empresa.co", selector: str = "s1", **more: object) -> bytes:
    """A mail with a signature on top."""
    more = {"include_headers": HEADERS, "canonicalize": (b"relaxed", b"relaxed"), **more}
    return dkim.sign(raw, selector.encode(), domain.encode(), key.private, **more) + raw


# What proves an author


def test_spf_of_the_authors_own_domain_proves(look) -> None:
    found = look(mail(), GOOD, "juan@empresa.co")
    assert (found.spf, found.dmarc, found.aligned) == ("pass", "pass", True)


def test_a_signature_of_the_authors_domain_proves_wherever_it_comes_from(look, key: Key) -> None:
    found = look(sign(mail(), key), BAD, "lista@evil.example")
    assert (found.dkim, found.dmarc, found.aligned) == ("pass", "pass", True)


@pytest.mark.parametrize("canonicalize", [(b"simple", b"simple"), (b"relaxed", b"simple"), (b"simple", b"relaxed")])
def test_every_canonical_form_is_understood(look, key: Key, canonicalize) -> None:
    assert look(sign(mail(body="a  b \r\n\r\n\r\n"), key, canonicalize=canonicalize)).aligned


def test_a_neighbour_under_one_organisation_speaks_for_it(look, key: Key) -> None:
    """correo.empresa.co signs for nomina.empresa.co, whose policy is the organisation's."""
    assert look(sign(mail("juan@nomina.empresa.co"), key, "correo.empresa.co")).dmarc == "pass"


def test_the_second_signature_may_be_the_right_one(look, key: Key) -> None:
    assert look(sign(sign(mail(), key), key, "evil.example")).aligned


def test_without_a_policy_an_aligned_signature_still_proves(look, key: Key) -> None:
    found = look(sign(mail("x@otra.com.co"), key, "otra.com.co"))
    assert (found.dmarc, found.aligned) == ("none", True)


def test_includes_and_addresses_are_followed(look) -> None:
    assert look(mail("x@ancha.co"), "192.0.2.99", "x@ancha.co").spf == "pass"
    assert look(mail("x@ancha.co"), GOOD, "x@ancha.co").spf == "pass"
    assert look(mail("x@ancha.co"), BAD, "x@ancha.co").spf == "fail"


# What proves nothing


def test_another_domains_spf_and_signature_prove_nothing(look, key: Key) -> None:
    found = look(sign(mail(), key, "evil.example"), BAD, "x@evil.example")
    assert (found.spf, found.dmarc, found.aligned) == ("pass", "fail", False)


def test_a_policy_without_anything_aligned_says_forged(look) -> None:
    assert look(mail()).dmarc == "fail"


def test_no_policy_and_no_proof_is_nothing(look) -> None:
    found = look(mail("x@pelada.co"), BAD, "x@pelada.co")
    assert (found.dmarc, found.aligned) == ("none", False)


def test_two_policies_are_none(look) -> None:
    assert look(mail("x@dos.co")).dmarc == "none"


def test_strict_alignment_is_the_very_domain(look, key: Key) -> None:
    below = sign(mail("x@estricta.co"), key, "correo.estricta.co")
    assert look(below).dmarc == "fail"
    assert look(sign(mail("x@estricta.co"), key, "estricta.co")).dmarc == "pass"


def test_a_changed_word_breaks_the_signature(look, key: Key) -> None:
    assert not look(sign(mail(), key).replace(b"hola", b"holo")).aligned
    assert not look(sign(mail(), key).replace(b"Subject: factura", b"Subject: [#1] factura")).aligned


TRAPS: dict[str, Callable[[Key], bytes]] = {
    "l= leaves the end of the body open": lambda key: sign(mail(), key, length=True) + b"#cerrar\r\n",
    "l= even where nothing was added": lambda key: sign(mail(), key, length=True),
    "the subject is not signed": lambda key: sign(mail(), key, include_headers=["from", "date"]),
    "the date is not signed": lambda key: sign(mail(), key, include_headers=["from", "subject"]),
    "a second subject above the signed one": lambda key: b"Subject: [#1234] otro\r\n" + sign(mail(), key),
    "a second author above the signed one": lambda key: b"From: ana@empresa.co\r\n" + sign(mail(), key),
    "a key that is only being tested": lambda key: sign(mail(), key, selector="prueba"),
    "SHA-1": lambda key: sign(mail(), key, signature_algorithm=b"rsa-sha1"),
    "a selector that is not there": lambda key: sign(mail(), key, selector="nadie"),
    "runs of blanks that cost a library hours": lambda key: sign(mail(), key) + (b" " * 60_000 + b".\r\n") * 50,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_signature_that_covers_less_than_it_seems_proves_nothing(look, key: Key, trap: str) -> None:
    started = time.process_time()
    assert not look(TRAPS[trap](key), domain="empresa.co").aligned
    assert time.process_time() - started < 5


def test_an_expired_an_old_and_a_future_signature_prove_nothing(look, key: Key) -> None:
    now = int(time.time())
    assert look(_stamped(key, t=now)).aligned
    assert look(_stamped(key, t=now, x=now + 3600)).aligned
    assert not look(_stamped(key, t=now - 90_000, x=now - 80_000)).aligned
    assert not look(_stamped(key, t=now - OLDEST_SIGNATURE - 60)).aligned, "sent again by somebody"
    assert not look(_stamped(key, t=now + 90_000)).aligned


def _stamped(key: Key, **tags: int) -> bytes:
    """Signed with tags that dkimpy does not write by itself; they are part of what it signs."""
    signer = dkim.DKIM(mail())
    make = signer.gen_header

    def with_tags(fields, *rest, **more):
        kept = [(name, value) for name, value in fields if name != b"t"]
        stamped = [(name.encode(), str(value).encode()) for name, value in tags.items()]
        at = next(index for index, (name, _) in enumerate(kept) if name == b"h")
        fields[:] = [*kept[:at], *stamped, *kept[at:]]
        return make(fields, *rest, **more)

    signer.gen_header = with_tags
    header = signer.sign(
        b"s1", b"empresa.co", key.private, canonicalize=(b"relaxed", b"relaxed"), include_headers=HEADERS
    )
    return header + b"".join(name + b":" + value for name, value in signer.headers) + b"\r\n" + signer.body


def test_several_authors_and_none_are_not_looked_up(look, zone: NameServer) -> None:
    before = sum(zone.asked.values())
    for raw in (mail("a@empresa.co, b@empresa.co"), mail("nadie"), b"Subject: x\r\n\r\nhola", b"", mail(more="\0")):
        assert look(raw, GOOD, "juan@empresa.co", domain="empresa.co").reason == "nobody looked"
    assert sum(zone.asked.values()) == before


# What costs


def test_a_name_server_that_is_silent_takes_its_time_and_no_more(look) -> None:
    started = time.monotonic()
    found = look(mail("x@lenta.co"), BAD, "x@lenta.co", seconds=1.0)
    assert not found.aligned
    assert found.dmarc != "fail", "that nobody answered is not the author's fault"
    assert time.monotonic() - started < 5


def test_a_policy_that_goes_in_circles_ends(look, zone: NameServer) -> None:
    before = sum(zone.asked.values())
    assert look(mail("x@vuelta.co"), BAD, "x@vuelta.co").spf == "permerror"
    assert sum(zone.asked.values()) - before < 40


def test_organisations() -> None:
    names = {
        "correo.empresa.com.co": "empresa.com.co",
        "empresa.com.co": "empresa.com.co",
        "a.b.empresa.co": "empresa.co",
        "x.co.uk": "x.co.uk",
    }
    assert {name: organisation_of(name) for name in names} == names


# The whole way


def test_the_verdict_travels_with_the_mail(tmp_path: Path, zone: NameServer, key: Key) -> None:
    """Straight from the internet it is looked up; from our own MX it is not; nobody waits for silence for long."""
    settings = {"verify": Verify(enabled=True, nameservers=(zone.address,), seconds=10)}
    with Listening(tmp_path, more=settings) as port, port.line() as client:
        assert client.mails(sign(mail(), key).rstrip(b"\r\n"), "juan@empresa.co").startswith("250 ")
        assert client.mails(mail().rstrip(b"\r\n"), "juan@empresa.co").startswith("250 ")
        signed, bare = [envelope.checked for _, envelope in port.stored()]
    assert read_own(signed, "empresa.co").aligned
    assert read_own(bare, "empresa.co").dmarc == "fail"
    assert not read_own(signed, "otra.co").aligned


def test_what_our_own_mx_brings_is_left_to_its_word(tmp_path: Path, zone: NameServer) -> None:
    settings = {"verify": Verify(enabled=True, nameservers=(zone.address,))}
    before = sum(zone.asked.values())
    with Listening(tmp_path, more=settings, trusted_peers=("127.0.0.0/8",)) as port, port.line() as client:
        assert client.mails(mail().rstrip(b"\r\n"), "juan@empresa.co").startswith("250 ")
        assert [envelope.checked for _, envelope in port.stored()] == [""]
    assert sum(zone.asked.values()) == before


def test_it_is_off_unless_asked_for_and_names_what_is_wrong() -> None:
    assert checker(Settings()) is None
    with pytest.raises(ConfigError, match=r"verify\.nameservers"):
        checker(Settings(verify=Verify(enabled=True, nameservers=("nadie",))))


@pytest.mark.usefixtures("store")
def test_the_verdict_is_kept_in_the_store(zone: NameServer) -> None:
    from datetime import UTC, datetime

    from mailgate.mail.message import Envelope

    told = "here; spf=pass smtp.mailfrom=empresa.co; dmarc=pass header.from=empresa.co"
    arrival = Arrival(mail(), Envelope("juan@empresa.co", channel="smtp", checked=told), datetime.now(UTC))
    [accepted] = accept_many([arrival])
    assert envelope_of(Intake.get_by_id(accepted.intake_id)).checked == told


def test_a_bug_of_a_library_proves_nothing_and_stops_nothing(zone: NameServer) -> None:
    check = checker(Settings(verify=Verify(enabled=True, nameservers=(zone.address,)), smtp=Smtp()))
    assert check is not None
    assert check(mail(), "no es una dirección", "x", "juan@empresa.co") == ""
