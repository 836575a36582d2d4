"""Whatever is wrong is one line that says what to do, with the status of sysexits.h; what was accepted stays."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mailgate import cli
from tests.servers import pymap_server

ROOT = Path(__file__).resolve().parents[2]

MAIL = b"From: ana@acme.co\nTo: soporte@localhost.localdomain\nSubject: Hola\nMessage-ID: <1@acme.co>\n\nHola.\n"


def one_line(err: str) -> str:
    """The complaint, if it is one line."""
    assert err.startswith("mailgate: ")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[smtp]\nprot = 3\n", "did you mean smtp.port"),
        ("[stmp]\nport = 3\n", "did you mean smtp"),
        ("[smtp]\nport = 99999\n", "smtp.port"),
        ("[desk\n", "not valid TOML"),
        ("[store]\nurl = 'mysql://x'\n", "sqlite:///"),
    ],
)
def test_settings_that_are_wrong(mailgate, folder: Path, toml: str, told: str) -> None:
    (folder / "mailgate.toml").write_text(toml)
    assert told in one_line(mailgate("stats", status=78).err)


def test_a_variable_that_is_no_setting(mailgate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILGATE_SMTP_PROT", "3")
    assert "smtp.port" in one_line(mailgate("stats", status=78).err)


def test_a_settings_file_that_is_not_there(mailgate) -> None:
    assert "mailgate init" in one_line(mailgate("--config", "nowhere.toml", "stats", status=78).err)


def test_where_settings_come_from(mailgate, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--config before MAILGATE_CONFIG before ./mailgate.toml."""
    for name in ("mailgate", "second", "first"):
        (folder / f"{name}.toml").write_text(f"[{name}]\n")
    assert "mailgate.toml" in mailgate("stats", status=78).err
    monkeypatch.setenv("MAILGATE_CONFIG", "second.toml")
    assert "second.toml" in mailgate("stats", status=78).err
    assert "first.toml" in mailgate("--config", "first.toml", "stats", status=78).err


@pytest.mark.parametrize(
    "command", [("stats",), ("ticket", "list"), ("migrate",), ("migrate", "--check")], ids=" ".join
)
def test_a_database_that_is_none(shell, folder: Path, command: tuple[str, ...]) -> None:
    (folder / "mailgate-data").mkdir()
    (folder / "mailgate-data" / "mailgate.db").write_bytes(b"surely not a database" * 100)
    assert "store.url" in one_line(shell(*command, status=75).err)


def test_a_server_that_does_not_answer(mailgate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILGATE_STORE_URL", "postgresql://mailgate:secret@127.0.0.1:1/mailgate")
    told = one_line(mailgate("stats", status=75).err)
    assert "127.0.0.1" in told
    assert "secret" not in told


def test_a_port_in_use(shell) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = shell("serve", status=69, MAILGATE_SMTP_PORT=str(taken.getsockname()[1])).err
    assert "smtp.port" in told.splitlines()[-1]
    assert "Traceback" not in told


def test_a_mailbox_that_refuses_the_password(folder: Path) -> None:
    """One line says which mailbox, what it answered and what to do; all else goes on serving."""
    with pymap_server.Pymap() as server:
        account = f'[{{host="127.0.0.1", port={server.port}, tls="none", user="soporte", password="hunter2"}}]'
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "MAILGATE_IMAP": account, "MAILGATE_SMTP_PORT": "0"}
        program = [sys.executable, "-m", "mailgate", "serve"]
        with subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True) as desk:
            assert desk.stderr is not None
            told = next(line for line in desk.stderr if "refuse" in line)
            assert desk.poll() is None
            desk.terminate()
            rest = desk.stderr.read()
    assert desk.returncode == 0
    assert "soporte@127.0.0.1" in told
    assert "imap.password" in told
    assert "hunter2" not in told + rest
    assert "Traceback" not in told + rest


def test_a_template_with_a_typo(mailgate, folder: Path) -> None:
    """Ours is used, mail goes on, and the operator is told which file and why."""
    (folder / "own" / "es").mkdir(parents=True)
    (folder / "own" / "es" / "acknowledgement.txt").write_text("Hola {{ nombr")
    (folder / "mailgate.toml").write_text("[letters]\ndirectory = 'own'\n")
    (folder / "mail.eml").write_bytes(MAIL)
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme", "--contact", "ana@acme.co")
    assert "es/acknowledgement.txt" in one_line(mailgate("ingest", "mail.eml").err)
    assert mailgate("stats", "--json").json["outbox"]["queued"] > 0


@pytest.mark.parametrize("command", [("ticket", "show"), ("outbox", "retry"), ("ticket", "list", "--limit")])
def test_a_number_that_no_column_holds(mailgate, command: tuple[str, ...]) -> None:
    assert "is larger than any" in one_line(mailgate(*command, "9" * 20, status=64).err)


def test_a_mistake_of_our_own(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line and 70; the traceback only when asked for."""

    def stumble(context: object) -> None:
        raise ZeroDivisionError("stumbled")

    monkeypatch.setattr("mailgate.cli.tickets.open_desk", stumble)
    assert cli.run(["ticket", "list"]) == 70
    told = one_line(capsys.readouterr().err)
    assert "stumbled" in told
    assert "--debug" in told
    assert cli.run(["--debug", "ticket", "list"]) == 70
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("unbuffered", ["1", ""])
def test_a_full_disk_behind_stdout(folder: Path, unbuffered: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told once, with its own status; Python keeps what is written until the very end, if it is not told otherwise."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with Path("/dev/full").open("w") as full:
        ended = run_python("stats", "--json", stdout=full)
    assert ended.returncode == 74
    assert "No space left" in one_line(ended.stderr.decode())


def test_a_reader_that_leaves(folder: Path) -> None:
    """mailgate … | head: silence, and the status of a broken pipe."""
    read, write = os.pipe()
    os.close(read)
    ended = run_python("stats", stdout=write)
    os.close(write)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_ctrl_c(folder: Path) -> None:
    """Waiting for a mail on stdin, interrupted: status 130 without a word."""
    process = subprocess.Popen(
        [sys.executable, "-m", "mailgate", "ingest", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        # A test run that a shell has put into the background ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin is not None
    process.stdin.write(b"x" * 300_000)  # more than a pipe holds: it returns when the command reads
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, b"")


def run_python(*arguments: str, stdout: object) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "mailgate", *arguments]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, env=environment, timeout=60)  # type: ignore[call-overload]
