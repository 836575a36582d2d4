"""What ``doctor`` says of our domain's records, asked of a real name server on loopback."""

from __future__ import annotations

import dns.resolver
import pytest

from mailgate.doctor import ILL, SKIPPED, WELL, _dns, _domain
from tests.servers.names import NameServer

SPF = '"v=spf1 ip4:192.0.2.10 -all"'
ZONE = {
    "desk.co": {"MX": ["10 mx.desk.co."], "TXT": ['"site-verification=1"', SPF]},
    "_dmarc.desk.co": {"TXT": ['"v=DMARC1; p=reject"']},
    "pelada.co": {"A": ["192.0.2.1"]},
    "doble.co": {"MX": ["10 a.doble.co.", "20 b.doble.co."], "TXT": [SPF, SPF.replace("10", "11")]},
}


@pytest.mark.parametrize(
    ("domain", "states"),
    [
        ("desk.co", {"MX": WELL, "SPF": WELL, "DMARC": WELL}),
        ("pelada.co", {"MX": ILL, "SPF": ILL, "DMARC": ILL}),
        ("doble.co", {"MX": WELL, "SPF": ILL, "DMARC": ILL}),  # two SPF records are none (RFC 7208, 4.5)
        ("desk.test", {"dns": SKIPPED}),
    ],
)
def test_what_our_domain_publishes(domain: str, states: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    with NameServer(ZONE) as server:
        host, _, port = server.address.partition(":")
        asks = dns.resolver.Resolver(configure=False)
        asks.nameservers, asks.port = [host], int(port)
        monkeypatch.setattr(dns.resolver, "default_resolver", asks)
        assert {one.what: one.state for one in _domain(domain, _dns)} == states
