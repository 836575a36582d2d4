"""The other half of the attack set: a mail of our own for every threat that the shared half has no file for.

``python -m tests.attacks.further FOLDER`` writes a folder in the format of the shared set (mails, attacks.json,
fixture.json), which ``python -m tests.attacks FOLDER`` runs. The large mails are made and not kept. A case is named by
its code in the threat model; its checks are the words of ``tests/attacks/checks.py``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OURS, PQRS = "soporte@apolosoft.example", "pqrs@apolosoft.example"
ANA, CLIENT, OTHER = "ana@apolosoft.example", "cliente@empresa.example", "otra@otra.example"
EVIL, CURIOUS = "evil@evil.example", "curioso@gratis.example"
CLOSE = "#cerrar\r\nCerrado por el agente.\r\n"
DATE = "Mon, 12 Jan 2026 09:00:00 -0500"

FIXTURE = {
    "now": "2026-01-12T09:05:00-05:00",
    "authserv_id": "mx.apolosoft.example",
    "addresses": {"gateway": OURS, "pqrs": PQRS, "management": "gerencia@apolosoft.example"},
    "agents": [ANA, "luis@apolosoft.example"],
    "companies": [
        {"name": "Empresa S.A.", "licence": "LIC-0001", "nit": "900123456-7", "addresses": [CLIENT]},
        {"name": "Otra S.A.S.", "licence": "LIC-0002", "nit": "900765432-1", "addresses": [OTHER]},
    ],
    "tickets": [
        {"number": 1234, "company": "Empresa S.A.", "status": "open", "agent": ANA, "title": "Falla al facturar"},
        {
            "number": 1235,
            "company": "Otra S.A.S.",
            "status": "open",
            "agent": "luis@apolosoft.example",
            "title": "Error de nomina",
            "comment": "SECRETO-OTRA-5578",
        },
        {"number": 1236, "company": "Empresa S.A.", "status": "closed", "agent": ANA, "title": "Instalacion"},
    ],
}


@dataclass(frozen=True)
class Case:
    """One attack: its mail, who brings it, and what must be so afterwards."""

    name: str  # its code first
    threat: str
    raw: bytes = field(repr=False)
    checks: Sequence[Sequence[Any]]
    expected: str  # accept, quarantine, ignore, reject
    also_ok: Sequence[str] = ()
    sender: str = EVIL  # of the envelope
    peer: str = "trusted-mta"
    rcpt: Sequence[str] = (OURS,)
    after: str = ""  # the code of the case that comes first

    @property
    def file(self) -> str:
        return f"{self.name}.eml"


def verdict(domain: str, word: str = "pass", *, spf: str = "", dkim: str = "", dmarc: str = "") -> str:
    """What our own MX writes on top of a mail from ``domain``."""
    return (
        f"Authentication-Results: mx.apolosoft.example;\r\n"
        f"\tspf={spf or word} smtp.mailfrom={domain};\r\n\tdkim={dkim or word} header.d={domain};\r\n"
        f"\tdmarc={dmarc or word} header.from={domain}\r\n"
        f"Received: from mail.{domain} (mail.{domain} [192.0.2.10])\r\n"
        "\tby mx.apolosoft.example with ESMTPS id 4Q1a2b; Mon, 12 Jan 2026 09:00:00 -0500\r\n"
    )


def mail(
    author: str,
    subject: str,
    body: str | bytes = "Hola\r\n",
    *,
    top: str | None = None,
    more: str = "",
    date: str = DATE,
    mime: str = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n",
    message_id: str = "",
    to: str = OURS,
) -> bytes:
    """A mail as octets: ``top`` is what our MX put above it (its word on the author's domain unless given)."""
    top = verdict(author.rpartition("@")[2].strip("<> ")) if top is None else top
    named = f"{author}{subject}{len(body)}{more}{top}".encode("utf-8", "surrogateescape")
    name = message_id or hashlib.sha256(named).hexdigest()[:12]
    head = (
        f"{top}From: {author}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {date}\r\n"
        f"Message-ID: <{name}@mail.example>\r\n{more}{mime}\r\n"
    )
    return head.encode("utf-8", "surrogateescape") + (body if isinstance(body, bytes) else body.encode())


def parts(*pieces: str | bytes, kind: str = "multipart/mixed", boundary: str = "=_b1") -> tuple[str, bytes]:
    """(MIME header lines, body) of a multipart; each piece is a part with its own header block."""
    octets = [piece if isinstance(piece, bytes) else piece.encode() for piece in pieces]
    body = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), piece) for piece in octets)
    head = f'MIME-Version: 1.0\r\nContent-Type: {kind}; boundary="{boundary}"\r\n'
    return head, body + b"--%s--\r\n" % boundary.encode()


def text_part(text: str, kind: str = "text/plain") -> str:
    return f"Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"


def all_cases() -> list[Case]:
    """Every case, in the order of their codes."""
    from tests.attacks.further import automatic, files, identity, numbers, output, structure

    rooms = (identity, numbers, automatic, output, files, structure)
    return [case for room in rooms for case in room.CASES()]


def write_set(folder: Path) -> None:
    """Write the whole set into a folder."""
    cases = all_cases()
    files = {case.name[:3]: case.file for case in cases}
    (folder / "mails").mkdir(parents=True, exist_ok=True)
    rows = []
    for case in cases:
        (folder / "mails" / case.file).write_bytes(case.raw)
        row = {
            "file": case.file,
            "threat": case.threat,
            "peer": case.peer,
            "envelope_from": case.sender,
            "rcpt": list(case.rcpt),
            "expected": case.expected,
            "also_ok": list(case.also_ok),
            "must": [],
            "checks": [list(check) for check in case.checks],
        }
        rows.append(row | ({"after": files[case.after]} if case.after else {}))
    (folder / "attacks.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")
    (folder / "fixture.json").write_text(json.dumps(FIXTURE, indent=1, ensure_ascii=False), encoding="utf-8")
