"""``python -m tests.bench.understand``: what understanding one mail costs, beside the bare parsers it stands on.

Processor milliseconds a mail, the best of several rounds (the machine may be busy), and the peak of memory in use.
"""

from __future__ import annotations

import base64
import email
import time
import tracemalloc
from collections.abc import Callable
from email.message import EmailMessage

import mailparser

from mailgate.mail.parse import understand

ROUNDS = 7
SECONDS_A_ROUND = 0.15


def small_text() -> bytes:
    mail = _mail()
    mail.set_content("Buenos días:\n\nNo puedo imprimir la nómina de noviembre.\n\nGracias,\nAna Ruiz\n")
    return mail.as_bytes()


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


def attachment_200_kb() -> bytes:
    mail = _mail()
    mail.set_content("Adjunto el informe.\n")
    mail.add_attachment(bytes(range(256)) * 800, maintype="application", subtype="pdf", filename="informe.pdf")
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


READERS: dict[str, Callable[[bytes], object]] = {
    "understand": understand,
    "mail-parser": mailparser.parse_from_bytes,
    "stdlib": _stdlib,
}


def _milliseconds(read: Callable[[bytes], object], raw: bytes) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        times, start = 0, time.process_time()
        while (spent := time.process_time() - start) < SECONDS_A_ROUND:
            read(raw)
            times += 1
        best = min(best, spent / times)
    return best * 1000


def _peak_megabytes(read: Callable[[bytes], object], raw: bytes) -> float:
    tracemalloc.start()
    read(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


def main() -> None:
    print(f"{'mail':<20}{'bytes':>12}" + "".join(f"{name:>22}" for name in READERS))
    for make in (small_text, html_13_kb, attachment_200_kb, attachment_13_mb):
        raw = make()
        cells = [
            f"{_milliseconds(read, raw):9.2f} ms {_peak_megabytes(read, raw):6.1f} MB" for read in READERS.values()
        ]
        print(f"{make.__name__:<20}{len(raw):>12}" + "".join(f"{cell:>22}" for cell in cells))


if __name__ == "__main__":
    main()
