"""A name server on loopback with the zone that a test gives it; names can be made slow, or not to answer at all."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Mapping, Sequence

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

Zone = Mapping[str, Mapping[str, Sequence[str]]]  # name: {type: records as zone files write them}


class NameServer:
    """``with NameServer(zone) as server``: server.address for ``verify.nameservers``; ``mute`` names get no answer."""

    def __init__(self, zone: Zone, mute: Sequence[str] = ()) -> None:
        self.zone = {name: dict(records) for name, records in zone.items()}
        self.mute = set(mute)
        self.asked: Counter[str] = Counter()

    def __enter__(self) -> NameServer:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        port = self._socket.getsockname()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", port)
        self._thread.join(10)
        self._socket.close()

    def _serve(self) -> None:
        while True:
            octets, peer = self._socket.recvfrom(4096)
            if not octets:
                return
            question = dns.message.from_wire(octets)
            name = question.question[0].name.to_text(omit_final_dot=True).lower()
            self.asked[name] += 1
            if name not in self.mute:
                self._socket.sendto(self._answer(question, name).to_wire(max_size=4096), peer)

    def _answer(self, question: dns.message.Message, name: str) -> dns.message.Message:
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.AA | dns.flags.RA
        kind = question.question[0].rdtype
        records = self.zone.get(name)
        if records is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif found := records.get(kind.name):
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind.name, *found))
        return answer
