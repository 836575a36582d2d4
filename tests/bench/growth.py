"""How the cost of a mail, memory and the lists grow with the number of tickets: flat is what is wanted.

    python -m tests.bench.growth [--sizes 1000 100000] [--turns 200] [--mails 4] [--postgresql] [--keep FOLDER]

Each size has a store and a process of its own, filled in bulk (tickets, comments, mails, letters, the trail, the words
for searching) as years of a desk would have left it. Then they work by turns, one at a time, on a few small mails each,
new cases and answers, mail by mail as a worker does: a slow minute of the host is slow for all of them. ``×`` is the
median of the ratios to the first size turn by turn; in brackets what it lies between, 19 times of 20. Two sizes nearly
alike show what the machine adds. Processor time counts the worker and its reader, not the server of PostgreSQL.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import logging
import math
import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import structlog
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
from tests.bench import machine
from tests.bench.figures import by_turns
from tests.servers import postgresql

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PEOPLE = 2000
ADDRESS = "soporte@desk.co"


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


class Bench:
    """A desk of so many tickets in a process of its own, which works when it is told to."""

    def __init__(self, url: str, size: int) -> None:
        self.size, self.spent = size, list[float]()  # milliseconds of processor a mail, of each turn
        spawn = get_context("spawn")
        self._line, far = spawn.Pipe()
        self._process = spawn.Process(target=_work, args=(far, url, size))
        self._process.start()
        far.close()
        self.seeded = float(self._line.recv())

    def turn(self, mails: int) -> None:
        self._line.send(mails)
        self.spent.append(self._line.recv())

    def rest(self) -> str:
        """Memory and lists, in words."""
        self._line.send(0)
        return str(self._line.recv())

    def close(self) -> None:
        self._line.close()  # it ends when nobody is there to tell it anything
        self._process.join()


def _work(line: Connection, url: str, size: int) -> None:
    """A process of ``Bench``: for each number that comes so many mails, for 0 the lists."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with contextlib.suppress(EOFError), contextlib.ExitStack() as stack, Reader(own_addresses=[ADDRESS]) as reader:
        open_store(Store(url=url))
        stack.callback(close_store)
        limits = {"MAILGATE_LIMITS_LETTERS_PER_HOUR": "100000"}
        settings = load(None, {"MAILGATE_DESK_ADDRESS": ADDRESS, "MAILGATE_STORE_URL": url, **limits})
        with connection():
            renderer, key_ring = Renderer(zone=ZoneInfo("America/Bogota")), keys.key_ring(None, NOW)
            desk = Desk(settings, reader.read, Office(settings, renderer, key_ring, secrets.token_bytes))
            began = time.perf_counter()
            if not Ticket.select().exists():
                found()
                seed(1, size)
            line.send(time.perf_counter() - began)
            letters = mails_of(size)
            while True:
                count = line.recv()
                line.send(milliseconds(desk, letters, count) if count else lists(desk, size))


Arriving = tuple[datetime, str, bytes]  # when, from whom, the mail


def mails_of(size: int) -> Iterator[Arriving]:
    """Mails without end, ten minutes apart, new cases and answers by turns; alike for each size, all over its tickets.

    Of the answers each tenth is to an open ticket, as of the tickets; the store may have been worked on before.
    """
    mark = secrets.token_hex(4)
    for serial in itertools.count():
        place, last_digit = divmod(serial // 2, 10)
        number = (place * 7919 + last_digit * 7) % (size // 10) * 10 + last_digit or 10  # no ticket twice
        subject = f"Re: [#{number}] Caso" if serial % 2 else f"Nuevo caso {mark}.{serial}"
        author = f"p{number % PEOPLE}@empresa.co"
        headers = f"From: {author}\r\nSubject: {subject}\r\nMessage-ID: <{mark}.{serial}@e.co>\r\n"
        yield NOW + timedelta(minutes=10 * serial), author, f"{headers}\r\nNo imprime.\r\n".encode()


def milliseconds(desk: Desk, mails: Iterator[Arriving], count: int) -> float:
    """Of processor a mail, for the next so many."""
    before = machine.processor(machine.tree(os.getpid()))
    for at, author, raw in itertools.islice(mails, count):
        intake.accept_many([intake.Arrival(raw, Envelope(author, (ADDRESS,), "smtp", "127.0.0.1"), at)])
        (claim,) = intake.claim(at, LEASE)
        process(desk, claim, at)
    return (machine.processor(machine.tree(os.getpid())) - before) * 1000 / count


def lists(desk: Desk, size: int) -> str:
    """How large we are, and how long an agent waits for each list, in words."""
    memory = machine.memory([os.getpid()])
    taken = {
        "queue": timed(desk_lists.queue),
        "search": timed(lambda: desk_lists.search("impresora facturación")),
        "one": timed(lambda: desk_lists.search(str(size // 2))),
        "digest": timed(lambda: digest_values(desk.office, ana_of(desk), people.active_agents()[0], NOW)),
        "listing": timed(tickets.listing),
        "figures": timed(lambda: figures.gather(NOW, NOW.date())),
        "outbox": timed(outbox.counts),
    }
    return f"memory {memory:.0f} MB; " + "  ".join(f"{name} {waited:.0f} ms" for name, waited in taken.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000], help="the first one is compared with")
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--mails", type=int, default=4, help="of each turn")
    parser.add_argument("--postgresql", action="store_true", help="a private one instead of SQLite")
    parser.add_argument("--keep", default="", help="a folder for the SQLite files, which are taken up again next time")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(options.keep or stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgresql.running()) if options.postgresql else ""
        benches = []
        for size in options.sizes:
            bench = Bench(new_database(server, size) if server else f"sqlite:///{folder}/{size}.db", size)
            stack.callback(bench.close)
            benches.append(bench)
            print(f"{size:>9,} tickets: seeded in {bench.seeded:.0f} s", flush=True)
        for _ in range(1 + options.turns):  # the first one warms up
            for bench in benches:
                bench.turn(options.mails)
        for bench in benches:
            told = f"CPU {statistics.median(bench.spent[1:]):.2f} ms a mail"
            if bench is not benches[0]:
                told += compared(bench.spent[1:], benches[0].spent[1:])
            print(f"{bench.size:>9,} tickets: {told}; {bench.rest()}", flush=True)


def new_database(server: str, size: int) -> str:
    name = f"growth_{size}_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    return f"{server}/{name}"


def compared(spent: list[float], first: list[float]) -> str:
    """The median of the ratios turn by turn, and between which two of them the true one lies, 19 times of 20."""
    ratios = sorted(one / other for one, other in zip(spent, first, strict=True))
    middle, away = len(ratios) / 2, math.sqrt(len(ratios))
    low, high = ratios[max(0, int(middle - away))], ratios[min(len(ratios) - 1, int(middle + away))]
    return f", {by_turns(spent, first):.3f} × ({low:.3f} … {high:.3f})"


if __name__ == "__main__":
    main()
