"""Clients one by one and from a table: what is told before, what is written after, what happens the second time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mailgate.intake.passwords import verify_password

TABLE = """\
Licencia;NIT;Razón Social;Vence;Estado;Celular;Correo
acme01;900.373.913-4;Acmé S.A.S.;31/12/2030;activo;300 123 4567;ana@acme.co, luis@acme.co
sol;52123456;Sol & Cía;31/12/2020;;;sol@sol.co
"""


@pytest.fixture
def table(folder: Path) -> Path:
    path = folder / "clientes.csv"
    path.write_bytes(TABLE.encode("cp1252"))
    return path


def test_a_client_typed_in(mailgate) -> None:
    told = mailgate(
        "client", "add", "acme01", "900.373.913-4", "Acme", "--contact", "Ana@Acme.co", "--domain", "acme.co"
    )
    assert told.out == "Added: ACME01 Acme\n"
    assert mailgate("client", "add", "ACME01", "900373913", "Acme SAS").out == "Up to date: ACME01 Acme SAS\n"
    (client,) = mailgate("client", "list", "--json").json
    assert client["contacts"] == ["ana@acme.co"]
    assert (client["licence"], client["nit"], client["name"], client["state"]) == (
        "ACME01",
        "900373913",
        "Acme SAS",
        "active",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("A", "900.373.913-5", "Wrong digit"),
        ("A", "900373913", "Bad address", "--contact", "ana"),
        ("A", "900373913", "Bad date", "--valid-to", "tomorrow"),
        ("A", "900373913", "Bad mobile", "--mobile", "12"),
        ("A", "900373913", "Everybody's domain", "--domain", "gmail.com"),
    ],
    ids=lambda arguments: arguments[2],
)
def test_a_client_typed_wrong(mailgate, arguments: tuple[str, ...]) -> None:
    assert mailgate("client", "add", *arguments, status=64).err.count("\n") == 1
    assert mailgate("client", "list", "--json").json == []


def test_an_accountants_table(mailgate, table: Path) -> None:
    told = mailgate("client", "import", table)
    assert "Added: 2, changed: 0, as they were: 0." in told.out
    acme, sol = mailgate("client", "list", "--json").json
    assert acme["name"] == "Acmé S.A.S."
    assert acme["mobile"] == "+573001234567"
    assert acme["contacts"] == ["ana@acme.co", "luis@acme.co"]
    assert (acme["state"], sol["state"]) == ("active", "expired")


def test_a_dry_run_tells_and_writes_nothing(mailgate, table: Path) -> None:
    told = mailgate("client", "import", table, "--dry-run").out
    assert "ACME01" in told
    assert "ana@acme.co" in told
    assert "Nothing was written. Would be added: 2" in told
    assert mailgate("client", "list", "--json").json == []


def test_the_second_import_changes_nothing(mailgate, table: Path) -> None:
    mailgate("client", "import", table)
    before = mailgate("client", "list", "--json").json
    assert mailgate("client", "import", table).out == "Added: 0, changed: 0, as they were: 2.\n"
    assert mailgate("client", "list", "--json").json == before


def test_a_change_is_told_field_by_field(mailgate, table: Path) -> None:
    mailgate("client", "import", table)
    table.write_text(TABLE.replace("31/12/2020", "31/12/2031").replace("sol@sol.co", "eva@sol.co"))
    told = mailgate("client", "import", table, "--json").json
    assert told["written"] is True
    assert told["clients"][1] == {
        "licence": "SOL",
        "name": "Sol & Cía",
        "new": False,
        "changes": [
            {"field": "valid_to", "before": "2020-12-31", "after": "2031-12-31"},
            {"field": "contact", "before": "", "after": "eva@sol.co"},
        ],
    }
    sol = mailgate("client", "list", "--json").json[1]
    assert sol["contacts"] == ["eva@sol.co", "sol@sol.co"]


def test_a_contact_that_changes_its_client_is_told(mailgate, table: Path) -> None:
    mailgate("client", "import", table)
    table.write_text("licencia;nit;nombre;correo\nLUNA;52123457;Luna;sol@sol.co\n")
    assert "sol@sol.co" in mailgate("client", "import", table, "--dry-run").out
    changes = mailgate("client", "import", table, "--dry-run", "--json").json["clients"][0]["changes"]
    assert {"field": "contact", "before": "sol@sol.co (SOL)", "after": "sol@sol.co"} in changes


def test_a_table_without_states_leaves_them(mailgate, folder: Path) -> None:
    mailgate("client", "add", "SOL", "52123456", "Sol", "--suspended")
    (folder / "c.csv").write_text("licencia,nit,nombre\nsol,52123456,Sol Ltda\n")
    mailgate("client", "import", "c.csv")
    (client,) = mailgate("client", "list", "--json").json
    assert (client["name"], client["state"]) == ("Sol Ltda", "suspended")


def test_one_bad_row_stops_all_unless_told_otherwise(mailgate, table: Path) -> None:
    table.write_text(TABLE.replace("913-4", "913-5"))
    told = mailgate("client", "import", table, status=65)
    assert "row 2, column NIT (B): the check digit of '900.373.913-5' is wrong: it would be 4, not 5" in told.err
    assert "--skip-bad" in told.err
    assert mailgate("client", "list", "--json").json == []
    mailgate("client", "import", table, "--skip-bad")
    assert [client["licence"] for client in mailgate("client", "list", "--json").json] == ["SOL"]


def test_a_warning_stops_nothing(mailgate, table: Path) -> None:
    table.write_text(TABLE.replace("300 123 4567", "no tiene"))
    assert "warning: row 2, column Celular (F)" in mailgate("client", "import", table).err
    assert len(mailgate("client", "list", "--json").json) == 2


def test_files_that_are_no_table(mailgate, folder: Path) -> None:
    assert mailgate("client", "import", "nowhere.csv", status=66).err.count("\n") == 1
    (folder / "notes.txt").write_text("buy milk\n")
    assert "headings" in mailgate("client", "import", "notes.txt", status=65).err


def test_excel_without_its_reader(mailgate, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (folder / "c.xlsx").write_bytes(b"PK\x03\x04")
    assert "mailgate[xlsx]" in mailgate("client", "import", "c.xlsx", status=65).err


def test_agents(mailgate) -> None:
    assert mailgate("agent", "add", "Luis@Mesa.co", "Luis Rojas").out == "Added: luis@mesa.co, agent\n"
    mailgate("agent", "add", "gil@mesa.co", "Marta Gil", "--role", "management", "--language", "es")
    assert "Up to date" in mailgate("agent", "add", "luis@mesa.co", "Luis R.", "--role", "supervisor").out
    marta, luis = mailgate("agent", "list", "--json").json
    assert (luis["name"], luis["role"]) == ("Luis R.", "supervisor")
    assert (marta["role"], marta["language"]) == ("management", "es")


def test_an_agent_who_has_left(mailgate) -> None:
    mailgate("agent", "add", "luis@mesa.co", "Luis Rojas")
    assert "Removed: luis@mesa.co" in mailgate("agent", "remove", "Luis@mesa.co", "--yes").out
    assert mailgate("agent", "list", "--json").json == []
    assert "agent list" in mailgate("agent", "remove", "luis@mesa.co", "--yes", status=66).err
    mailgate("agent", "add", "luis@mesa.co", "Luis Rojas")  # is back
    assert [agent["name"] for agent in mailgate("agent", "list", "--json").json] == ["Luis Rojas"]


def test_names_are_shown_as_they_are(mailgate) -> None:
    """No markup, no terminal sequences: a name is only text."""
    mailgate("agent", "add", "luis@mesa.co", "[red]Luis[/] \x1b[31mRojas")
    told = mailgate("agent", "list").out
    assert "[red]Luis[/]" in told
    assert "\x1b" not in told


def test_a_password_becomes_a_hash_that_verifies(shell) -> None:
    """Read from stdin, never an argument: arguments are seen by every user of the machine."""
    made = shell("agent", "password", stdin="contraseña larga\n".encode()).out.strip()
    assert "contraseña" not in made
    assert verify_password("contraseña larga", made)
    assert not verify_password("contraseña corta", made)
    assert "10 characters" in shell("agent", "password", stdin=b"short\n", status=64).err
    assert shell("agent", "password", "secret", status=64).err.count("\n") == 1
