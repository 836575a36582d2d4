"""The same commands on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import new_database

MAIL = "From: {0}\nTo: soporte@localhost.localdomain\nSubject: Hola\nMessage-ID: <{0}>\n\nHola.\n"


@pytest.mark.postgresql
def test_a_desk_on_postgresql(mailgate, folder: Path, postgresql_url: str) -> None:
    (folder / "mailgate.toml").write_text(f"[store]\nurl = '{new_database(postgresql_url)}'\n")
    for sender in ("ana@acme.co", "nadie@otra.co"):
        (folder / f"{sender}.eml").write_text(MAIL.format(sender))
    (folder / "clientes.csv").write_text("licencia;nit;nombre;correo\nacme;900.373.913-4;Acme;ana@acme.co\n")

    assert "0001_the_desk" in mailgate("migrate", "--check", status=1).out
    told = mailgate("explain", "--json", "ana@acme.co.eml")
    assert "mailgate migrate" in told.err
    mailgate("migrate")
    assert mailgate("migrate", "--check").out == "The tables are up to date.\n"

    mailgate("client", "import", "clientes.csv")
    assert "Added: 0, changed: 0, as they were: 1." in mailgate("client", "import", "clientes.csv").out
    assert mailgate("explain", "--json", "ana@acme.co.eml").json["decision"] == "ticket"
    assert mailgate("stats", "--json").json["seen"] == 0

    mailgate("ingest", "ana@acme.co.eml", "nadie@otra.co.eml")
    (held,) = mailgate("held", "list", "--json").json
    assert held["from"] == "nadie@otra.co"
    mailgate("held", "reject", "--all", "--yes")
    counted = mailgate("stats", "--json").json
    assert (counted["seen"], counted["outcomes"]["refused"], counted["tickets"]) == (2, 1, 1)
    assert mailgate("ticket", "show", 1, "--json").json["client"] == "ACME"
    assert mailgate("outbox", "list", "--json").json
    assert mailgate("quarantine", "list").out == "Nothing in quarantine.\n"
