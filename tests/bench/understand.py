"""What understanding a mail costs, beside the bare parsers it stands on: processor milliseconds a mail.

The mix's new mails, replies and mails with a file; and what is harder: a long quoted table, 13 MB of file.
"""

from __future__ import annotations

import base64
import email
import time
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage

import mailparser

from mailgate.mail.parse import understand
from tests.bench import desk
from tests.bench.figures import OURS, Absent, Figure

SECONDS_A_ROUND = 0.15

Read = Callable[[bytes], object]


def measure(runs: int, peers: bool) -> Iterator[Figure | Absent]:
    workload = desk.workload()
    kinds: dict[str, Sequence[bytes]] = {"a long quoted table": [html_13_kb()], "a file of 13 MB": [attachment_13_mb()]}
    if workload is None:
        yield Absent("understanding the mix", "the shared workload (bench/gen.py) is absent")
    else:
        kinds = {
            "a new mail": [workload.make_new(i, desk.ADDRESS) for i in range(40)],
            "a reply": [workload.make_reply(i, f"[#{i + 1}]", i, desk.ADDRESS) for i in range(40)],
            "a file of 200 KB": [workload.make_new(i, desk.ADDRESS, True) for i in range(10)],
            **kinds,
        }
    readers: dict[str, Read] = {OURS: understand, "mail-parser": mailparser.parse_from_bytes, "stdlib": _stdlib}
    for kind, mails in kinds.items():
        spent: dict[str, list[float]] = {who: [] for who in readers}
        for _ in range(runs):
            for who, read in readers.items():
                spent[who].append(_milliseconds(read, mails))
        for who, milliseconds in spent.items():
            goal = "≤ 1 ms" if who == OURS and kind in ("a new mail", "a reply") else ""
            yield Figure(f"understanding {kind}", milliseconds, "ms", goal=goal, who=who)


def html_13_kb() -> bytes:
    mail = _mail()
    own = "<div>Buenos días, la impresora sigue igual &#128533;. Adjunto la pantalla.</div>"
    cell = '<td style="padding:4px 8px;border:1px solid #ccc;color:#333">Factura de noviembre</td>'
    table = "<table>" + f"<tr>{cell * 3}</tr>" * 40 + "</table>"
    said = (
        '<div class="gmail_attr">El lun, 23 nov 2026 a las 9:00, Soporte (<a href="mailto:s@x.co">s@x.co</a>) escribió:'
    )
    quote = f'<div class="gmail_quote">{said}<br></div><blockquote class="gmail_quote">{table}</blockquote></div>'
    mail.set_content("Buenos días, la impresora sigue igual. Adjunto la pantalla.\n\n> Factura de noviembre\n" * 5)
    mail.add_alternative(f"<html><body>{own}{quote}</body></html>", subtype="html")
    return mail.as_bytes()


def attachment_13_mb() -> bytes:
    mail = _mail()
    body = base64.encodebytes(bytes(range(256)) * 40_000)
    head = mail.as_bytes().rstrip(b"\n") + b'\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    part = b"--b\nContent-Type: application/zip; name=a.zip\nContent-Transfer-Encoding: base64\n\n"
    return head + part + body + b"--b--\n"


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Received"] = "from mx.cliente.example ([192.0.2.10]) by mx.desk.example; Mon, 23 Nov 2026 09:00:00 -0500"
    mail["From"] = "Ana Ruiz <ana@cliente.example>"
    mail["To"] = "Soporte <soporte@desk.example>"
    mail["Subject"] = "RE: [#1042] Impresión de la nómina"
    mail["Message-ID"] = "<a1@cliente.example>"
    mail["In-Reply-To"] = "<t1042@desk.example>"
    mail["Date"] = "Mon, 23 Nov 2026 09:00:00 -0500"
    return mail


def _stdlib(raw: bytes) -> None:
    for part in email.message_from_bytes(raw).walk():
        part.get_payload(decode=True)


def _milliseconds(read: Read, mails: Sequence[bytes]) -> float:
    times, start = 0, time.process_time()
    while (spent := time.process_time() - start) < SECONDS_A_ROUND or times < len(mails):
        read(mails[times % len(mails)])
        times += 1
    return spent / times * 1000
