"""What is wrong in the settings is said in the reader's language, so that one can mend it, and without any secret."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("toml", "english", "spanish"),
    [
        ("[smtp]\nport = 'abc'", "smtp.port: must be a whole number (it is 'abc')", "debe ser un número entero"),
        ("[smtp]\nport = 99999", "must be 65535 or less", "debe ser 65535 o menos"),
        ("[desk]\naddress = 'soporte'", "must be an address like soporte@acme.co", "debe ser una dirección como"),
        ("[desk]\nlanguage = 'fr'", "must be one of 'es', 'en'", "debe ser uno de 'es', 'en'"),
        ("[desk]\nmanagement = 'jefe@acme.co'", 'must be a list, as in ["one", "two"]', "debe ser una lista"),
        ("[imap]\nhost = 'mail.acme.co'", "write [[imap]] with two brackets", "escribe [[imap]] con dos corchetes"),
        ("[[imap]]\nhost = 'mail.acme.co'", "imap.0.user: must be set", "imap.0.user: es obligatorio"),
        ("smtp = 3", "as in [smtp]", "como [smtp]"),
        ("[smtp]\nprot = 3", "did you mean smtp.port?", "¿quisiste decir smtp.port?"),
    ],
)
def test_in_both_languages(
    mailgate, folder: Path, monkeypatch: pytest.MonkeyPatch, toml: str, english: str, spanish: str
) -> None:
    (folder / "mailgate.toml").write_text(toml + "\n")
    assert english in mailgate("settings", status=78).err
    monkeypatch.setenv("LANGUAGE", "es_CO")
    assert spanish in mailgate("settings", status=78).err


@pytest.mark.parametrize(
    "toml",
    [
        "[relay]\npassword = 31415926",
        "[smtp]\nusers = ['ana', '31415926']",
        "[store]\nurl = ['postgresql://desk:31415926@db/desk']",
        "[[imap]]\nhost = 'a'\nuser = 'b'\npassword = 31415926",
    ],
)
def test_a_secret_of_a_wrong_type_is_not_shown(mailgate, folder: Path, toml: str) -> None:
    """An app password of digits alone, its quotes forgotten, would stand in a log for ever."""
    (folder / "mailgate.toml").write_text(toml + "\n")
    assert "31415926" not in mailgate("settings", status=78).err


def test_what_is_changed_is_what_somebody_changed(mailgate, folder: Path) -> None:
    assert mailgate("settings", "--changed", "--json").json == []
    (folder / "mailgate.toml").write_text("[smtp]\nidle_seconds = 30\n")
    (row,) = mailgate("settings", "--changed", "--json").json
    assert (row["key"], row["default"], row["value"]) == ("smtp.idle_seconds", "60", "30")
