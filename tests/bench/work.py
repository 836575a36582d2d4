"""What a mail costs from accepted to done: ticket or comment, letters rendered, all committed; one process, one reader.

    python -m tests.bench.work [--mails 1000] [--engine sqlite] [--profile]

The mix is the shared one (60 % new mails with text and HTML, 30 % replies with the ticket's number, 10 % with a 200 KB
attachment), every sender a known contact, automatic acknowledgement on. Processor time counts the reader's process too.
"""

from __future__ import annotations

import argparse
import cProfile
import importlib.util
import logging
import os
import pstats
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import structlog

from mailgate.judgement import Desk
from mailgate.letters.orders import Office
from mailgate.letters.render import Renderer
from mailgate.mail.message import Envelope
from mailgate.process import run_due
from mailgate.reader import Reader
from mailgate.running import settle
from mailgate.settings import Settings, load
from mailgate.store import intake, keys, people
from mailgate.store.base import close_store, connection, open_store
from mailgate.store.models import Ticket
from mailgate.worker import USUAL_LETTERS

DESK = "soporte@bench.example"
GENERATOR = Path(__file__).resolve().parents[2] / "../shared/bench/gen.py"
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


def generator() -> ModuleType:
    """The shared workload. Ends the program with a word where it is absent."""
    if not GENERATOR.is_file():
        sys.exit("the shared workload (bench/gen.py) is absent")
    spec = importlib.util.spec_from_file_location("workload", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settings_for(url: str) -> Settings:
    """A desk that nothing caps: what is measured is the work, not the waiting."""
    environment = {
        "MAILGATE_DESK_ADDRESS": DESK,
        "MAILGATE_STORE_URL": url,
        "MAILGATE_LIMITS_LETTERS_PER_HOUR": "1000000",
        "MAILGATE_LIMITS_LETTERS_PER_ADDRESS_HOUR": "1000",
        "MAILGATE_LIMITS_LETTERS_PER_ADDRESS_DAY": "1000",
        "MAILGATE_LIMITS_TICKETS_PER_SENDER_HOUR": "1000",
    }
    return load(None, environment)


def seed(now: datetime, agents: int) -> None:
    """One client a domain of the workload, and agents, who are told of each mail."""
    for n in range(37):
        domains = [f"correo{n:02d}.example"]
        people.save_client(people.ClientEntry(f"BENCH{n}", str(900_000_000 + n), f"Empresa {n}", domains=domains), now)
    for n in range(agents):
        people.save_agent(f"ana{n}@bench.example", "Ana Peña", now)


def new_mails(workload: ModuleType, count: int) -> Iterator[bytes]:
    for i in range(count):
        yield workload.make_new(i, DESK, i % 7 == 6)


def replies(workload: ModuleType, count: int) -> Iterator[bytes]:
    opened = list(Ticket.select(Ticket.id, Ticket.subject).order_by(Ticket.id).tuples())
    chance = workload.rnd("replies", 0)
    for k in range(count):
        number, subject = opened[chance.randrange(len(opened))]
        yield workload.make_reply(int(subject.split("ref. ")[1][:6]), f"[#{number}]", k, DESK)


def accept(mails: Iterator[bytes]) -> int:
    arrivals = [intake.Arrival(raw, Envelope(_sender(raw), (DESK,), "smtp", "192.0.2.1"), NOW) for raw in mails]
    for start in range(0, len(arrivals), 64):
        intake.accept_many(arrivals[start : start + 64])
    return len(arrivals)


def _sender(raw: bytes) -> str:
    return raw.partition(b"Return-Path: <")[2].partition(b">")[0].decode()


def processor() -> float:
    """Seconds of processor of this process and of its readers, those that ended and those that live."""
    spent = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    living = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in living]
    return sum(one.ru_utime + one.ru_stime for one in spent) + sum(int(one[11]) + int(one[12]) for one in ticks) / 100


def measure(desk: Desk, count: int) -> tuple[float, float]:
    """Work on what waits: (mails a second, milliseconds of processor a mail)."""
    used, began = processor(), time.monotonic()
    done = run_due(desk, lambda: NOW)
    assert done == count, f"{done} of {count} mails were done"
    seconds = time.monotonic() - began
    return count / seconds, (processor() - used) * 1000 / count


def warm_up(desk: Desk, workload: ModuleType) -> None:
    """As a worker that starts does (``worker.py``), and then a few mails of each sort."""
    desk.office.renderer.warm_up(USUAL_LETTERS, desk.settings.desk.language)
    accept(workload.make_new(i, DESK) for i in range(900_000, 900_020))
    run_due(desk, lambda: NOW)
    accept(replies(workload, 20))
    run_due(desk, lambda: NOW)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--url", default="", help="a PostgreSQL instead of a throw-away SQLite")
    parser.add_argument("--agents", type=int, default=1, help="who are told of each mail")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--sort", default="cumtime", help="of the profile: cumtime, tottime")
    asked = parser.parse_args()
    workload = generator()
    logging.getLogger().setLevel(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder, Reader(own_addresses=[DESK]) as reader:
        settings = settings_for(asked.url or f"sqlite:///{folder}/mailgate.db")
        open_store(settings.store)
        with connection():
            seed(NOW, asked.agents)
            office = Office(
                settings, Renderer(zone=ZoneInfo("America/Bogota")), keys.key_ring(None, NOW), secrets.token_bytes
            )
            desk = Desk(settings, reader.read, office)
            warm_up(desk, workload)
            settle()
            profile = cProfile.Profile()
            rows = []
            for name, mails in (("new", new_mails), ("replies", replies)):
                count = accept(mails(workload, asked.mails * (7 if name == "new" else 3) // 10))
                if asked.profile:
                    profile.enable()
                rows.append((name, count, *measure(desk, count)))
                profile.disable()
        close_store()
    for name, count, rate, milliseconds in rows:
        print(f"{name:8} {count:6} mails {rate:8.1f} a second {milliseconds:7.2f} ms of processor each")
    total = sum(count for _, count, _, _ in rows)
    seconds = sum(count / rate for _, count, rate, _ in rows)
    spent = sum(count * milliseconds for _, count, _, milliseconds in rows) / total
    print(f"{'mix':8} {total:6} mails {total / seconds:8.1f} a second {spent:7.2f} ms of processor each")
    if asked.profile:
        pstats.Stats(profile).sort_stats(asked.sort).print_stats(90)


if __name__ == "__main__":
    main()
