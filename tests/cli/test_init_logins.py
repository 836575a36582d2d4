"""`mailgate init` against servers that let it in, Dovecot and a relay: each try is told, the doctor ends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailgate.settings import load
from tests.cli.terminal import on_terminal
from tests.edges.sink import listening
from tests.servers.dovecot import PASSWORD, Dovecot, missing


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_mailbox_and_a_relay_that_let_it_in(folder: Path) -> None:
    """The first password is mistyped: that is told, asked again, and nothing of it is kept."""
    with Dovecot() as mailbox, listening(password=PASSWORD) as relay:
        typed = [  # the blank after a hidden question comes once nothing typed is shown any more
            ("Nombre de la mesa", "Soporte Acme"),
            ("Nombre de la empresa", "Acme S.A.S."),
            ("Dirección principal", "soporte@acme.co"),
            ("Idioma", ""),
            ("llega el correo", "imap"),
            ("Servidor IMAP", "127.0.0.1"),
            ("Su puerto", str(mailbox.port)),
            ("Cómo se protege", "none"),
            ("Usuario del buzón", ""),
            ("ninguna): ", "equivocada"),
            ("No funciona", ""),
            ("Servidor IMAP", ""),
            ("Su puerto", ""),
            ("Cómo se protege", ""),
            ("Usuario del buzón", ""),
            ("ninguna): ", PASSWORD),
            ("Servidor SMTP", "127.0.0.1"),
            ("Su puerto", str(relay.port)),
            ("Cómo se protege", "none"),
            ("Usuario para enviar", ""),
        ]
        replies = [(question, f"{answer}\n") for question, answer in typed]
        status, shown = on_terminal("init", replies=replies, LANGUAGE="es", columns=160)
    assert status == 0, shown
    assert shown.count("Funciona.") == 2, "the mailbox and the relay"
    assert relay.logged_in == ["soporte@acme.co"] * len(relay.logged_in) != []
    assert PASSWORD not in shown
    assert "equivocada" not in shown
    settings = load(folder / "mailgate.toml", environment={})
    (box,) = settings.imap
    assert box.secret() == settings.relay.secret() == PASSWORD
    doctor = shown[shown.rindex("mailgate.toml") :]
    assert "imap soporte@acme.co@127.0.0.1" in doctor, "the check of everything comes last"
    assert "relay" in doctor
