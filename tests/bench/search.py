"""How soon an agent's ``BUSCAR`` is answered over many tickets: from the claimed mail to the finished letter.

    python -m tests.bench.search [--tickets 100000] [--url postgresql://…]

Tickets, comments and their index are written in bulk; one of the tickets holds words that no other has. The time is
that of the whole mail: read, judged, searched, the letter rendered and queued.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from mailgate.desk.stems import terms
from mailgate.judgement import Desk
from mailgate.letters.orders import Office
from mailgate.letters.render import Renderer
from mailgate.mail.message import Envelope
from mailgate.process import run_due
from mailgate.reader import Reader
from mailgate.settings import load
from mailgate.store import intake, keys, outbox, people
from mailgate.store.base import close_store, connection, is_sqlite, open_store
from mailgate.store.models import Comment, Ticket, database

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BATCH = 5000
MATTERS = (
    "La impresora del área de facturación dejó de funcionar y sale el error {0}.",
    "El módulo de nómina se cierra al liquidar las horas extras del empleado {0}.",
    "No cuadra el inventario de la bodega {0} con el conteo físico de este mes.",
    "Al exportar el balance a Excel se pierden las columnas de la cuenta {0}.",
    "La copia de seguridad de la noche no terminó en el servidor {0}.",
)
ASKED = {
    "one ticket of all": "BUSCAR rodillo dañado",
    "a fifth of them": "BUSCAR nómina",
    "two common words": "BUSCAR inventario bodega",
    "none": "BUSCAR helicóptero",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--url", default="")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.url or f"sqlite:///{folder}/mailgate.db"
        measure(url, options.tickets, options.times)


def measure(url: str, many: int, times: int) -> None:
    environment = {
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
        "MAILGATE_STORE_URL": url,
        "MAILGATE_SMTP_TRUSTED_PEERS": '["198.51.100.0/24"]',
        "MAILGATE_SMTP_AUTHSERV_IDS": '["mx.desk.co"]',
    }
    settings = load(None, environment)
    open_store(settings.store)
    with connection(), Reader(own_addresses=["soporte@desk.co"]) as reader:
        people.save_agent("ana@desk.co", "Ana María Peña", NOW)
        started = time.perf_counter()
        fill(many)
        print(f"{many} tickets written in {time.perf_counter() - started:.0f} s")
        renderer = Renderer(zone=ZoneInfo(settings.desk.timezone))
        desk = Desk(settings, reader.read, Office(settings, renderer, keys.key_ring(None, NOW), secrets.token_bytes))
        ask(desk, "BUSCAR calentamiento", 0)
        for serial, (what, subject) in enumerate(ASKED.items()):
            taken = sorted(ask(desk, subject, 1 + serial * times + turn) for turn in range(times))
            print(f"{what:20} {statistics.median(taken):6.3f} s  (slowest {taken[-1]:.3f} s)  {subject}")
    close_store()


def fill(many: int) -> None:
    """Write the tickets, each with one comment and its terms."""
    key = "rowid" if is_sqlite() else "id"
    mark = "?" if is_sqlite() else "%s"
    insert = f"INSERT INTO ticket_terms ({key}, title, body) VALUES ({mark}, {mark}, {mark})"
    for first in range(1, many + 1, BATCH):
        numbers = range(first, min(first + BATCH, many + 1))
        with database.atomic():
            for rows in chunked([ticket(number) for number in numbers], 500):
                Ticket.insert_many(rows).execute()
            for rows in chunked([comment(number) for number in numbers], 500):
                Comment.insert_many(rows).execute()
            told = [(n, " ".join(terms(f"{subject(n)} {words(n, many)} juan@empresa.co")), "") for n in numbers]
            database.cursor().executemany(insert, told)
    if not is_sqlite():
        database.execute_sql("SELECT setval(pg_get_serial_sequence('ticket', 'id'), (SELECT max(id) FROM ticket))")
        database.execute_sql("ANALYZE")


def subject(number: int) -> str:
    return f"Solicitud {number}"


def words(number: int, many: int) -> str:
    told = MATTERS[number % len(MATTERS)].format(number)
    return f"{told} Además se dañó el rodillo." if number == many * 3 // 4 else told


def ticket(number: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=number)
    return {
        "id": number, "requester": "juan@empresa.co", "requester_name": "Juan", "desk_address": "soporte@desk.co",
        "subject": subject(number), "language": "es", "status": "closed", "opened_at": at, "updated_at": at,
    }  # fmt: skip


def comment(number: int) -> dict[str, Any]:
    return {
        "ticket": number, "at": NOW, "author": "juan@empresa.co", "role": "client", "public": True,
        "text": words(number, number + 1),
    }  # fmt: skip


def chunked(rows: list[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    return (rows[at : at + size] for at in range(0, len(rows), size))


def ask(desk: Desk, question: str, serial: int) -> float:
    """Seconds from the claimed mail to its letter."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "ana@desk.co", "soporte@desk.co", question
    mail["Date"], mail["Message-ID"] = format_datetime(NOW), f"<b{serial}@desk.co>"
    mail.set_content("")
    verdict = (
        b"Authentication-Results: mx.desk.co; dmarc=pass header.from=desk.co\r\n"
        b"Received: from mail.desk.co by mx.desk.co with ESMTPS; Mon, 23 Nov 2026 15:00:00 +0000\r\n"
    )
    envelope = Envelope("ana@desk.co", ("soporte@desk.co",), "smtp", "198.51.100.7")
    intake.accept_many([intake.Arrival(verdict + mail.as_bytes(), envelope, NOW)])
    started = time.perf_counter()
    assert run_due(desk, lambda: NOW) == 1
    taken = time.perf_counter() - started
    letter = outbox.rows(most=1)[0]
    assert letter.letter == "list", letter
    return taken


if __name__ == "__main__":
    main()
