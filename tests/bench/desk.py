"""A desk to be measured: its settings, which cap nothing, its clients, and the shared workload."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from mailgate.settings import Store
from mailgate.store import people
from mailgate.store.base import close_store, connection, open_store

ADDRESS = "soporte@bench.example"
GENERATOR = Path(__file__).resolve().parents[2] / "../shared/bench/gen.py"
NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
_MANY = "100000000"


def workload() -> ModuleType | None:
    """The shared generator of mails; None where it is absent."""
    spec = importlib.util.spec_from_file_location("workload", GENERATOR) if GENERATOR.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def environment(folder: Path, port: int, url: str = "", **more: str) -> dict[str, str]:
    """Settings of a gateway in a folder, its SMTP port on ``port``, as environment variables."""
    wanted = {
        "desk_address": ADDRESS,
        "store_url": url or f"sqlite:///{folder}/mailgate.db",
        "smtp_port": str(port),
        "smtp_max_connections_per_peer": "100",
        "relay_maildir": f"{folder}/letters",
        "limits_free_disk_bytes": "0",
        "limits_letters_per_hour": _MANY,
        "limits_letters_per_address_hour": _MANY,
        "limits_letters_per_address_day": _MANY,
        "limits_tickets_per_sender_hour": _MANY,
        "limits_mails_per_unknown_hour": _MANY,
        "limits_mails_per_contact_hour": _MANY,
        "limits_mails_per_company_hour": _MANY,
        "limits_waiting_mails": _MANY,
        **more,
    }
    return {f"MAILGATE_{name.upper()}": value for name, value in wanted.items()}


def found(environment: Mapping[str, str], agents: int = 1) -> None:
    """One client a domain of the workload, and agents, who are told of each mail, in a new store."""
    open_store(Store(url=environment["MAILGATE_STORE_URL"]))
    with connection():
        for n in range(37):
            domains = [f"correo{n:02d}.example"]
            entry = people.ClientEntry(f"BENCH{n}", str(900_000_000 + n), f"Empresa {n}", domains=domains)
            people.save_client(entry, NOW)
        for n in range(agents):
            people.save_agent(f"ana{n}@bench.example", "Ana Peña", NOW)
    close_store()
