"""What an operator does in the first hour: settings told, guides sent, agents, solutions and news brought in."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mailgate.settings import every_key


def test_every_setting_is_told_with_its_meaning(mailgate) -> None:
    """The reference is made from the code: no setting can be missing, or be without a meaning."""
    told = {row["key"]: row for row in mailgate("settings", "--json").json}
    assert list(told) == [f"{section}.{key}" for section, key, _ in every_key()]
    page = mailgate("settings", "--markdown").out
    for key, row in told.items():
        assert len(row["meaning"]) > 5, key
        assert row["meaning"].endswith((".", ")", "?")), key
        assert f"| `{key.partition('.')[2]}` |" in page


def test_what_is_changed_here_and_no_secret(mailgate, folder: Path) -> None:
    (folder / "mailgate.toml").write_text(
        '[desk]\naddress = "soporte@acme.co"\n[relay]\nkind = "smtp"\npassword = "hunter22"\n'
        '[store]\nurl = "postgresql://desk:hunter22@db/desk"\n'
    )
    told = mailgate("settings", "--changed").out
    assert "soporte@acme.co" in told
    assert "relay.port" not in told
    assert "hunter22" not in told + mailgate("settings", "--json").out
    assert "did you mean relay" in mailgate("settings", "relai", status=64).err


@pytest.mark.parametrize(
    ("whose", "language", "words"),
    [
        (
            "client",
            "es",
            ["Para pedir ayuda basta un correo a soporte@localhost.localdomain", "[#1042]", "MIS TICKETS"],
        ),
        ("client", "en", ["a mail to soporte@localhost.localdomain is enough", "MY TICKETS"]),
        ("agent", "es", ["#nota", "#servicio", "#aceptar", "BUSCAR"]),
        ("agent", "en", ["#note", "#service", "#accept", "SEARCH"]),
    ],
)
def test_a_guide_is_a_page(mailgate, folder: Path, whose: str, language: str, words: list[str]) -> None:
    told = mailgate("guide", whose, "--language", language).out
    assert all(word in told for word in words)
    assert len(told.split()) < 450, "one page"
    mailgate("guide", whose, "-l", language, "--html", "guide.html")
    page = (folder / "guide.html").read_text()
    assert all(word in page for word in words)


def test_a_guide_is_sent(mailgate) -> None:
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme S.A.S.", "--contact", "ana@acme.co")
    mailgate("agent", "add", "luis@mesa.co", "Luis Rojas", "--language", "en")
    mailgate("guide", "client", "--to", "ana@acme.co", "--to", "otra@acme.co")
    mailgate("guide", "agent", "--to", "luis@mesa.co")
    letters = {letter["envelope"]["recipient"]: letter for letter in mailgate("outbox", "list", "--json").json}
    assert set(letters) == {"ana@acme.co", "otra@acme.co", "luis@mesa.co"}
    told = mailgate("outbox", "show", letters["luis@mesa.co"]["id"]).out
    assert "Hello Luis Rojas," in told
    assert "Auto-Submitted" not in mailgate("outbox", "show", letters["ana@acme.co"]["id"], "--raw").out


def test_how_agents_work_is_told_to_agents_only(mailgate) -> None:
    assert "agent add" in mailgate("guide", "agent", "--to", "nadie@acme.co", status=66).err
    assert mailgate("outbox", "list", "--json").json == []


AGENTS = (
    "Correo;Nombre;Papel;Grupos;Idioma\n"
    "ana@mesa.co;Ana Peña;;Nómina, Impresión;\n"
    "gerencia@mesa.co;Marta Núñez;Gerencia;;en\n"
)


def test_agents_come_from_a_table(mailgate, folder: Path) -> None:
    (folder / "agents.csv").write_bytes(AGENTS.encode("cp1252"))
    assert "ana@mesa.co" in mailgate("agent", "import", "agents.csv", "--dry-run").out
    assert mailgate("agent", "list", "--json").json == []
    assert "Added: 2" in mailgate("agent", "import", "agents.csv").out
    ana, marta = mailgate("agent", "list", "--json").json
    assert (ana["name"], ana["role"], ana["groups"]) == ("Ana Peña", "agent", ["Nómina", "Impresión"])
    assert (marta["role"], marta["language"]) == ("management", "en")
    again = mailgate("agent", "import", "agents.csv", "--json").json
    assert [row["changes"] for row in again["agents"]] == [[], []]


def test_a_table_with_mistakes_changes_nothing(mailgate, folder: Path) -> None:
    (folder / "agents.csv").write_text(
        "Correo,Nombre,Papel\nana@mesa.co,Ana,\nluis,Luis,\nlia@mesa.co,,jefa\nana@mesa.co,Ana Otra,\n"
    )
    err = mailgate("agent", "import", "agents.csv", status=65).err
    assert "row 3, column address" in err
    assert "row 4, column name" in err
    assert "row 4, column role" in err
    assert "row 5, column address" in err
    assert mailgate("agent", "list", "--json").json == []


@pytest.fixture
def pages(folder: Path) -> Path:
    place = folder / "soluciones"
    place.mkdir()
    (place / "papel.md").write_text("# Papel atascado\n\nCategoría: Impresión\n\nApaga la impresora.\n\n1. Espera.\n")
    (place / "cierre-de-periodo.md").write_text("Abre Nómina > Períodos y elige el mes.\n")
    return place


@pytest.mark.parametrize("what", ["solution", "news"])
def test_a_folder_of_texts_is_kept_up_to_date(mailgate, pages: Path, what: str) -> None:
    assert "Papel atascado" in mailgate(what, "import", pages, "--dry-run").out
    assert mailgate(what, "list", "--json").json == []
    assert "Added: 2, changed: 0" in mailgate(what, "import", pages).out
    (pages / "papel.md").write_text("# Papel atascado\n\nApágala y espera.\n")
    assert "Added: 0, changed: 1, as they were: 1" in mailgate(what, "import", pages).out
    assert "Added: 0, changed: 0, as they were: 2" in mailgate(what, "import", pages).out
    told = {page["title"]: page for page in mailgate(what, "list", "--json").json}
    assert told["Papel atascado"]["text"] == "Apágala y espera."
    assert "cierre de periodo" in told
    mailgate(what, "hide", told["Papel atascado"]["id"])
    assert [page["published"] for page in mailgate(what, "list", "--json").json].count(False) == 1
    assert "solution list" in mailgate(what, "hide", 99, status=66).err if what == "solution" else True


def test_texts_with_mistakes_change_nothing(mailgate, pages: Path) -> None:
    (pages / "otra.md").write_text("# PAPEL ATASCADO\n\nOtra cosa.\n")
    (pages / "vacia.md").write_text("# Vacía\n")
    err = mailgate("solution", "import", pages, status=65).err
    assert "papel.md" in err
    assert "vacia.md: it has no text" in err
    assert mailgate("solution", "list", "--json").json == []


def test_a_solution_from_a_file_is_proposed(mailgate, pages: Path, folder: Path) -> None:
    """What was brought in is what a client's acknowledgement proposes."""
    (pages / "papel.md").write_text(
        "# Papel atascado en la impresora\n\nApaga la impresora y saca el papel atascado.\n"
    )
    mailgate("solution", "import", pages)
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme S.A.S.", "--contact", "ana@acme.co")
    (folder / "mail.eml").write_text(
        "From: ana@acme.co\nTo: soporte@localhost.localdomain\nSubject: Papel atascado en la impresora\n"
        "Message-ID: <1@x>\n\nHay un papel atascado en la impresora.\n"
    )
    mailgate("ingest", "mail.eml")
    (letter,) = [one for one in mailgate("outbox", "list", "--json").json if one["letter"] == "acknowledgement"]
    assert "saca el papel atascado" in mailgate("outbox", "show", letter["id"]).out


def test_a_preset_fills_in_the_provider(mailgate, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gmail by flags alone: the password from stdin into a file of its own, which only its owner may read."""
    import io

    from mailgate.settings import load

    monkeypatch.setattr("sys.stdin", io.StringIO("abcd efgh ijkl mnop\n"))
    mailgate("init", "--for", "gmail", "--set", "desk.address=soporte@acme.co", "--password-stdin")
    settings = load(folder / "mailgate.toml", environment={})
    (box,) = settings.imap
    assert (box.host, box.user, box.trusted_hops) == ("imap.gmail.com", "soporte@acme.co", 2)
    assert (settings.relay.kind, settings.relay.host, settings.relay.user) == (
        "smtp",
        "smtp.gmail.com",
        "soporte@acme.co",
    )
    assert box.secret() == settings.relay.secret() == "abcd efgh ijkl mnop"
    secret = folder / "secrets" / "imap-password"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert "abcd" not in (folder / "mailgate.toml").read_text()
    assert "choose one of gmail" in mailgate("init", "--force", "--for", "hotmail", status=64).err


def test_init_tries_each_login_before_it_goes_on(folder: Path) -> None:
    """A mailbox and a relay where nobody answers: each is told at once, and asked for again."""
    import typer
    from typer.testing import CliRunner

    from mailgate.cli.init_questions import Answers, ask

    app, found = typer.Typer(), list[Answers]()
    app.command()(lambda: found.append(ask(folder, try_logins=True)))
    desk = ["Soporte Acme", "Acme S.A.S.", "soporte@acme.co", ""]
    mailbox, relay = ["127.0.0.1", "", "", "", "clave secreta", "n"], ["127.0.0.1", "1", "none", "", "n"]
    typed = "\n".join([*desk, "imap", *mailbox, *relay]) + "\n"
    told = CliRunner().invoke(app, input=typed)
    assert told.exit_code == 0, told.output
    assert told.output.count("It does not work: ") == 2
    assert "cannot reach the IMAP server 127.0.0.1:993" in told.output
    assert "clave secreta" not in told.output
    (answers,) = found
    assert answers.values["imap.user"] == answers.values["relay.user"] == "soporte@acme.co"
    assert answers.values["imap.password_file"] == answers.values["relay.password_file"]
    assert list(answers.secrets.values()) == ["clave secreta"]
