"""Many clients at once: what an import would change, told before it does, and the import itself, all or nothing.

Both expect an open connection of their thread and raise StoreUnavailable when the engine cannot serve.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailgate.store.base import transaction, translated
from mailgate.store.models import Client, ClientDomain, Contact
from mailgate.store.people import ClientEntry, save_client

FIELDS = ("nit", "name", "plan", "valid_from", "valid_to", "suspended", "mobile")


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry does to the store: ``differences`` are (field, before, after); none of a client that stays."""

    licence: str
    name: str
    new: bool
    differences: tuple[tuple[str, str, str], ...]


def changes(entries: Sequence[ClientEntry]) -> list[Change]:
    """What ``save_all`` would do, without doing it."""
    with translated():
        return [_change(entry) for entry in entries]


def save_all(entries: Sequence[ClientEntry], now: datetime, on_each: Callable[[], object]) -> None:
    """Every client or none."""
    with transaction():
        for entry in entries:
            save_client(entry, now)
            on_each()


def suspended_now(licences: Sequence[str]) -> frozenset[str]:
    """Which of these licences are suspended: a file that says nothing of it leaves it."""
    with translated():
        rows = Client.select(Client.licence).where(Client.licence.in_(list(licences)), Client.suspended).tuples()
        return frozenset(licence for (licence,) in rows)


def _change(entry: ClientEntry) -> Change:
    row = Client.get_or_none(Client.licence == entry.licence)
    differences: list[tuple[str, str, str]] = []
    for name in FIELDS:
        before, after = getattr(row, name) if row else None, getattr(entry, name)
        if after not in (None, "") and after != before and (row is not None or after is not False):
            differences.append((name, _told(before), _told(after)))
    client_id = row.id if row else None
    differences += [d for address, name in entry.contacts if (d := _contact_change(address, name, client_id))]
    differences += [d for domain in entry.domains if (d := _domain_change(domain, client_id))]
    return Change(entry.licence, entry.name, row is None, tuple(differences))


def _contact_change(address: str, name: str, client_id: int | None) -> tuple[str, str, str] | None:
    known = Contact.get_or_none(Contact.address == address)
    if known is None:
        return "contact", "", address
    if known.client_id != client_id or client_id is None:
        return "contact", f"{address} ({known.client.licence if known.client else '-'})", address
    return ("contact", known.name, name) if name and name != known.name else None


def _domain_change(domain: str, client_id: int | None) -> tuple[str, str, str] | None:
    """A domain stays with the client that has it."""
    known = ClientDomain.get_or_none(ClientDomain.domain == domain)
    return None if known is not None else ("domain", "", domain)


def _told(value: Any) -> str:
    return "" if value is None else str(value)
