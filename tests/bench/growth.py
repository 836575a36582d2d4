"""How the cost of a mail, memory and the lists grow with the number of tickets: flat is what is wanted.

    python -m tests.bench.growth [--sizes 1000 100000] [--mails 60] [--postgresql URL] [--keep FOLDER]

The store is filled in bulk (tickets, comments, mails, letters, the trail, the words for searching), as years of a desk
would have left it; then new mails and follow-ups are accepted and worked on one by one, as a worker does.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import secrets
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from peewee import Model

from mailgate.ahead import LEASE
from mailgate.judgement import Desk
from mailgate.letters.lists import digest_values
from mailgate.letters.orders import Office
from mailgate.letters.recipients import Recipient, staff
from mailgate.letters.render import Renderer
from mailgate.mail.message import Envelope
from mailgate.process import process
from mailgate.reader import Reader
from mailgate.settings import Store, load
from mailgate.store import desk_lists, figures, intake, keys, outbox, people, tickets
from mailgate.store.base import close_store, connection, is_sqlite, open_store
from mailgate.store.models import Blob, Comment, Event, Intake, Outgoing, Ticket, database

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PEOPLE = 2000


def fill(model: type[Model], first: int, last: int, **columns: str) -> None:
    """Rows ``first`` to ``last`` of a table, by SQL in ``i``; columns not named have their defaults."""
    values = {}
    for field in model._meta.sorted_fields:
        if field.name in columns:
            values[field.column_name] = columns[field.name]
        elif not field.null and field.name != "id":
            default = field.default() if callable(field.default) else field.default
            values[field.column_name] = literal(default)
    many = f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
    names = ", ".join(values)
    table = model._meta.table_name
    chosen = ", ".join(values.values())
    if not is_sqlite():
        chosen = chosen.replace("%", "%%")  # else the driver looks for a parameter there
    database.execute_sql(f"INSERT INTO {table} ({names}) {many} SELECT {chosen} FROM n")


def literal(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else f"'{json.dumps(value)}'" if value in ([], {}) else "''"


def seed(first: int, last: int) -> None:
    """Tickets ``first`` to ``last`` with a comment, a mail, a letter and a line each. Nine in ten are closed."""
    now, who = "'2026-10-01 15:00:00.000000+00:00'", f"'p' || (i % {PEOPLE}) || '@empresa.co'"
    digest = "printf('%064d', i)" if is_sqlite() else "lpad(i::text, 64, '0')"
    nothing = "zeroblob(200)" if is_sqlite() else "decode(repeat('00', 200), 'hex')"
    words = "'la impresora del área de facturación no imprime y sale el error cincuenta ' || i"
    with database.atomic():
        fill(
            Ticket, first, last, id="i", requester=who, desk_address="'soporte@desk.co'", subject="'Caso ' || i",
            language="'es'", status="CASE WHEN i % 10 = 0 THEN 'open' ELSE 'closed' END", opened_at=now, updated_at=now,
            priority="'normal'",
        )  # fmt: skip
        fill(Blob, first, last, digest=digest, size="200", data=nothing)
        fill(
            Intake, first, last, id="i", digest=digest, channel="'smtp'", sender=who, received_at=now, state="'done'",
            outcome="'ticket'", next_attempt_at=now, author=who, message_id="'<m' || i || '@empresa.co>'", ticket="i",
            processed_at=now, kind="'human'",
        )  # fmt: skip
        fill(
            Comment, first, last, ticket="i", intake="i", at=now, author=who, role="'client'", public="true",
            text=words, message_id="'<m' || i || '@empresa.co>'",
        )  # fmt: skip
        fill(Event, first, last, ticket="i", intake="i", at=now, actor=who, what="'ticket'", hash=digest)
        fill(
            Outgoing, first, last, ticket="i", cause="i", letter="'acknowledgement'", role="'client'", automatic="true",
            sender="''", recipient=who, message_id="'<l' || i || '@desk.co>'", nonce="'s' || i", subject="'Caso'",
            text=words, raw=nothing, state="'sent'", next_attempt_at=now, created_at=now, done_at=now,
        )  # fmt: skip
        key = "rowid" if is_sqlite() else "id"
        database.execute_sql(
            f"INSERT INTO ticket_terms ({key}, title, body) WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL"
            f" SELECT i + 1 FROM n WHERE i < {last}) SELECT i, 'caso ' || i || ' impresora factur imprim', 'x' FROM n"
        )
    if not is_sqlite():
        for table in ("ticket", "intake"):
            database.execute_sql(f"SELECT setval('{table}_id_seq', {last})")
    database.execute_sql("ANALYZE")


def found() -> None:
    contacts = [(f"p{n}@empresa.co", f"Persona {n}") for n in range(PEOPLE)]
    people.save_client(people.ClientEntry("ABC123", "900123456", "Empresa", contacts=contacts), NOW)
    people.save_agent("ana@desk.co", "Ana María Peña", NOW)


def timed(what: Callable[[], object]) -> float:
    """The best of three, in milliseconds: the machine may be busy with something else."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        what()
        taken.append(time.perf_counter() - started)
    return min(taken) * 1000


def ana_of(desk: Desk) -> Recipient:
    return staff(desk.office, people.active_agents()[0])


def measure(desk: Desk, size: int, mails: int) -> None:
    cpu: list[float] = []
    wall: list[float] = []
    for serial in range(mails):
        number = serial * (size // mails) + 10
        subject = f"Re: [#{number}] Caso" if serial % 2 else f"Nuevo caso {size}.{serial}"
        author = f"p{number % PEOPLE}@empresa.co"
        headers = f"From: {author}\r\nSubject: {subject}\r\nMessage-ID: <{size}.{serial}@e.co>\r\n"
        raw = f"{headers}\r\nNo imprime.\r\n".encode()
        at = NOW + timedelta(minutes=10 * serial)
        started, spent = time.perf_counter(), time.process_time()
        intake.accept_many([intake.Arrival(raw, Envelope(author, ("soporte@desk.co",), "smtp", "127.0.0.1"), at)])
        (claim,) = intake.claim(at, LEASE)
        process(desk, claim, at)
        cpu.append(time.process_time() - spent)
        wall.append(time.perf_counter() - started)
    cpu.sort()
    wall.sort()
    lists = {
        "queue": timed(desk_lists.queue),
        "search": timed(lambda: desk_lists.search("impresora facturación")),
        "one": timed(lambda: desk_lists.search(str(size // 2))),
        "digest": timed(lambda: digest_values(desk.office, ana_of(desk), people.active_agents()[0], NOW)),
        "listing": timed(tickets.listing),
        "figures": timed(lambda: figures.gather(NOW, NOW.date())),
        "outbox": timed(outbox.counts),
    }
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = "  ".join(f"{name} {taken:.0f} ms" for name, taken in lists.items())
    middle = len(cpu) // 2
    print(
        f"{size:>9,} tickets: CPU {cpu[middle] * 1000:.1f} ms a mail (median), wall {wall[middle] * 1000:.1f} ms,",
        end=" ",
    )
    print(f"memory {memory} MB; {told}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000])
    parser.add_argument("--mails", type=int, default=60)
    parser.add_argument("--postgresql", default="", help="URL of an empty database")
    parser.add_argument("--keep", default="", help="a folder to leave the SQLite file in")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack, Reader(own_addresses=["soporte@desk.co"]) as reader:
        folder = options.keep or stack.enter_context(tempfile.TemporaryDirectory())
        url = options.postgresql or f"sqlite:///{folder}/mailgate.db"
        open_store(Store(url=url))
        limits = {"MAILGATE_LIMITS_LETTERS_PER_HOUR": "100000"}
        settings = load(None, {"MAILGATE_DESK_ADDRESS": "soporte@desk.co", "MAILGATE_STORE_URL": url, **limits})
        with connection():
            found()
            office = Office(
                settings, Renderer(zone=ZoneInfo("America/Bogota")), keys.key_ring(None, NOW), secrets.token_bytes
            )
            desk, last = Desk(settings, reader.read, office), 0
            for size in options.sizes:
                began = time.perf_counter()
                seed(max(last + 1, _next_ticket()), size)
                last = size
                print(f"{'':>9}  seeded in {time.perf_counter() - began:.0f} s", flush=True)
                measure(desk, size, options.mails)
        close_store()


def _next_ticket() -> int:
    (last,) = database.execute_sql("SELECT COALESCE(MAX(id), 0) FROM ticket").fetchone()
    (mail,) = database.execute_sql("SELECT COALESCE(MAX(id), 0) FROM intake").fetchone()
    return max(int(last), int(mail)) + 1


if __name__ == "__main__":
    main()
