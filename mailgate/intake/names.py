"""DNS for one mail: so many questions, so much time, and no more. Needs the extra ``firsthop`` (dnspython).

``Names.ask`` gives what a name has, nothing when it has none, and raises NoAnswer when nobody said in time. Whoever
sends a mail chooses which names are asked, and how slowly their servers answer: so everything is bounded here.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Sequence
from typing import Any

from mailgate.errors import ConfigError

MOST_QUESTIONS = 40  # for one mail: ten of SPF, their addresses, five keys, two policies
ONE_ANSWER = 4.0  # seconds
_MISSING = "verify.enabled needs more packages: pip install 'mailgate[firsthop]'"


class NoAnswer(Exception):
    """Nobody answered in time, or too much was asked: nothing is known."""


def resolver(nameservers: Sequence[str]) -> Any:
    """What asks: the machine's own name servers, or those given as ADDRESS or ADDRESS:PORT. Raises ConfigError."""
    try:
        import dns.nameserver
        import dns.resolver
    except ImportError:
        raise ConfigError(_MISSING) from None
    try:
        found = dns.resolver.Resolver(configure=not nameservers)
        servers = [_split(one) for one in nameservers]
        if servers:
            found.nameservers = [dns.nameserver.Do53Nameserver(address, port) for address, port in servers]
    except (ValueError, dns.exception.DNSException) as error:
        raise ConfigError(f"verify.nameservers: {error}; write them as 192.0.2.53 or 192.0.2.53:5353") from None
    return found


def _split(server: str) -> tuple[str, int]:
    """ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT. Raises ValueError."""
    address, colon, port = server.rpartition(":")
    if not colon or (":" in address and not address.startswith("[")):
        address, port = server, "53"
    return str(ipaddress.ip_address(address.strip("[]"))), int(port)


class Names:
    """The questions of one mail."""

    def __init__(self, asking: Any, seconds: float) -> None:
        self._asking = asking
        self._until = time.monotonic() + seconds
        self._asked: dict[tuple[str, str], tuple[Any, ...]] = {}

    def ask(self, name: str, kind: str) -> tuple[Any, ...]:
        """The records of a name: A, AAAA and PTR as text, MX as (preference, name), TXT as octets. Raises NoAnswer."""
        key = (name.casefold().rstrip("."), kind)
        if key not in self._asked:
            if len(self._asked) >= MOST_QUESTIONS:
                raise NoAnswer("too many questions for one mail")
            self._asked[key] = self._find(*key)
        return self._asked[key]

    def _find(self, name: str, kind: str) -> tuple[Any, ...]:
        import dns.exception
        import dns.resolver

        left = self._until - time.monotonic()
        if left <= 0:
            raise NoAnswer("no time left")
        try:
            answer = self._asking.resolve(
                name, kind, lifetime=min(left, ONE_ANSWER), raise_on_no_answer=False, search=False
            )
        except (dns.resolver.NXDOMAIN, dns.resolver.YXDOMAIN, dns.exception.SyntaxError, dns.name.LabelTooLong):
            return ()
        except dns.name.NameTooLong:
            return ()
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise NoAnswer(f"{kind} of {name}: {error}") from error
        return tuple(_value(record, kind) for record in answer.rrset or ())


def _value(record: Any, kind: str) -> Any:
    match kind:
        case "TXT":
            return b"".join(record.strings)
        case "MX":
            return record.preference, record.exchange.to_text(omit_final_dot=True)
        case "PTR":
            return record.target.to_text(omit_final_dot=True)
    return str(record.address)
