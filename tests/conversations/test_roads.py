"""The same conversation over every road: SMTP, a Postfix handing over by LMTP, Dovecot with IDLE, pymap by polling."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from mailgate.service import Service
from mailgate.settings import load
from mailgate.store import intake, people, tickets
from mailgate.store.base import connection
from tests.servers import dovecot, postfix, pymap_server
from tests.stories import Person, Received, Smtp

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass
class Mailbox(Smtp):
    """Mails are put into an IMAP mailbox, as an MTA would; letters come from the Maildir."""

    password: str = ""
    user: str = ""

    def post(self, raw: bytes, sender: str, recipients: Sequence[str]) -> None:
        with IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=10) as session:
            session.plain_login(self.user, self.password)
            trace = f"Return-Path: <{sender}>\r\nDelivered-To: {recipients[0]}\r\n".encode()
            session.append("INBOX", trace + raw)


class Agent(Person):
    """An agent of a desk whose clock is the machine's: in opening hours the morning's digest may come in between."""

    def _inbox(self) -> list[Received]:
        return [letter for letter in super()._inbox() if not letter.subject.startswith("Tu día")]


@contextlib.contextmanager
def desk_at_work(tmp_path: Path, **changed: str) -> Iterator[Service]:
    environment = {
        "MAILGATE_DESK_NAME": "Soporte",
        "MAILGATE_DESK_COMPANY": "Apolosoft",
        "MAILGATE_DESK_ADDRESS": "soporte@desk.co",
        "MAILGATE_STORE_URL": f"sqlite:///{tmp_path}/mailgate.db",
        "MAILGATE_RELAY_MAILDIR": str(tmp_path / "letters"),
        "MAILGATE_SMTP_PORT": "0",
        "MAILGATE_LIMITS_FREE_DISK_BYTES": "0",
        **{f"MAILGATE_{name.upper()}": value for name, value in changed.items()},
    }
    with Service(load(None, environment)) as service, connection():
        contacts = [("juan@empresa.co", "Juan Peña")]
        people.save_client(people.ClientEntry("ABC123", "900123456", "Empresa S.A.", contacts=contacts), NOW)
        people.save_agent("ana@desk.co", "Ana María Peña", NOW)
        yield service


@contextlib.contextmanager
def by_smtp(tmp_path: Path) -> Iterator[Smtp]:
    with desk_at_work(tmp_path) as service:
        yield Smtp(service.smtp_port or 0, tmp_path / "letters")


@contextlib.contextmanager
def by_postfix_and_lmtp(tmp_path: Path) -> Iterator[Smtp]:
    if why := postfix.why_not():
        pytest.skip(why)
    with desk_at_work(tmp_path, smtp_protocol="lmtp") as service, postfix.relaying_to(service.smtp_port or 0) as port:
        yield Smtp(port, tmp_path / "letters")


@contextlib.contextmanager
def by_dovecot_idle(tmp_path: Path) -> Iterator[Smtp]:
    if why := dovecot.missing():
        pytest.skip(why)
    with dovecot.Dovecot() as server:
        account = _account(server.port, "soporte", dovecot.PASSWORD, idle="true", poll_seconds="600")
        with desk_at_work(tmp_path, smtp_enabled="false", imap=account):
            yield Mailbox(server.port, tmp_path / "letters", dovecot.PASSWORD, "soporte")


@contextlib.contextmanager
def by_pymap_polling(tmp_path: Path) -> Iterator[Smtp]:
    with pymap_server.Pymap() as server:
        account = _account(server.port, pymap_server.USER, pymap_server.PASSWORD, idle="false", poll_seconds="0.2")
        with desk_at_work(tmp_path, smtp_enabled="false", imap=account):
            yield Mailbox(server.port, tmp_path / "letters", pymap_server.PASSWORD, pymap_server.USER)


def _account(port: int, user: str, password: str, **more: str) -> str:
    rest = "".join(f", {key} = {value}" for key, value in more.items())
    return f'[{{host="127.0.0.1", port={port}, tls="none", user="{user}", password="{password}"{rest}}}]'


ROADS = [by_smtp, by_postfix_and_lmtp, by_dovecot_idle, by_pymap_polling]


@pytest.mark.parametrize("open_road", ROADS, ids=lambda road: road.__name__)
def test_the_same_conversation_over_every_road(open_road: object, tmp_path: Path) -> None:
    with open_road(tmp_path) as road:  # type: ignore[operator]
        juan = Person(road, "juan@empresa.co", "Juan Peña")
        ana = Agent(road, "ana@desk.co", "Ana María Peña")
        juan.writes(
            "La nómina no cierra", "Buenos días: sale «error 512».", files=[("pago.pdf", "application/pdf", PDF)]
        )
        acknowledged = juan.receives("[#1] La nómina no cierra")
        notice = ana.receives("sale «error 512»", "Empresa S.A.")
        assert notice.files == {"pago.pdf": PDF}
        juan.replies(acknowledged, "Solo pasa con los nuevos.")
        ana.receives("Solo pasa con los nuevos.")
        juan.receives("ya está en tu ticket [#1]")
        ana.replies(notice, "Hola, Juan: ya quedó corregido.")
        answer = juan.receives("Hola, Juan: ya quedó corregido.")
        juan.replies(answer, "¡Mil gracias!")
        ana.receives("¡Mil gracias!")
        assert tickets.count() == (1, 4)
        assert intake.outcomes() == {"ticket": 1, "comment": 2, "answer": 1}


@pytest.mark.skipif(not shutil.which("swaks"), reason="swaks is not installed")
def test_a_ticket_by_swaks(tmp_path: Path) -> None:
    with by_smtp(tmp_path) as road:
        subprocess.run(
            ["swaks", "--server", f"127.0.0.1:{road.port}", "--from", "juan@empresa.co", "--to", "soporte@desk.co",
             "--header", "Subject: No abre", "--body", "Se queda en blanco.", "--silent", "2"],
            check=True, timeout=60,
        )  # fmt: skip
        Person(road, "juan@empresa.co").receives("No abre")
        Agent(road, "ana@desk.co").receives("Se queda en blanco.")


def at_a_terminal(command: list[str], environment: dict[str, str]) -> None:
    """Run a program that wants a screen, until it ends by itself."""
    screen, terminal = pty.openpty()
    process = subprocess.Popen(command, env=environment, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError):  # the screen is gone when the program has ended
        while select.select([screen], [], [], 30)[0]:
            shown += os.read(screen, 4096)
    os.close(screen)
    process.kill()
    assert process.wait(10) == 0, shown.decode(errors="replace")[-2000:]


def replies_with_neomutt(letter: bytes, text: str, port: int, folder: Path, who: Person) -> None:
    """Answer a letter with a real mail program: its own quoting, attribution line, headers, signature and encoding."""
    for name in ("cur", "new", "tmp"):
        (folder / "inbox" / name).mkdir(parents=True)
    (folder / "inbox" / "new" / "1.x.y").write_bytes(letter)
    (folder / "text").write_text(f"{text}\n\n")
    (folder / "signature").write_text(f"{who.name}\nTel. (601) 555 01 23\n")
    (folder / "editor").write_text(f'#!/bin/sh\ncat "{folder}/text" "$1" >"$1.n"; mv "$1.n" "$1"\n')
    (folder / "editor").chmod(0o755)
    (folder / "muttrc").write_text(
        f'set folder="{folder}"\nset spoolfile="{folder}/inbox"\nset mbox_type=Maildir\nset charset=utf-8\n'
        f'set from="{who.address}"\nset realname="{who.name}"\nset use_from=yes\nset include=yes\nset copy=no\n'
        'set attribution="El %d, %n escribió:"\nset fast_reply=yes\nset autoedit=yes\nset record=""\n'
        f'set smtp_url="smtp://127.0.0.1:{port}"\nset ssl_starttls=no\nset ssl_force_tls=no\n'
        "set sleep_time=0\nset abort_unmodified=no\nset quit=yes\nset wait_key=no\nset reply_to=yes\n"
        f'set header=no\nset signature="{folder}/signature"\n'
        f'set editor="{folder}/editor"\nset header_cache=""\n'
        'push "<first-entry><reply><send-message><quit>"\n'
    )
    environment = {"HOME": str(folder), "TERM": "xterm", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    at_a_terminal(["neomutt", "-n", "-F", f"{folder}/muttrc", "-f", f"{folder}/inbox"], environment)


@pytest.mark.skipif(not shutil.which("neomutt"), reason="neomutt is not installed")
def test_a_conversation_from_neomutt(tmp_path: Path) -> None:
    """A client and an agent, each before a real mail program."""
    with by_smtp(tmp_path) as road:
        juan, ana = Person(road, "juan@empresa.co", "Juan Peña"), Agent(road, "ana@desk.co", "Ana María Peña")
        juan.writes("La nómina no cierra", "Sale «error 512».")
        acknowledged = juan.receives("La nómina no cierra")
        ana.receives()
        replies_with_neomutt(acknowledged.raw, "Y también en Cúcuta.", road.port, tmp_path / "juan", juan)
        notice = ana.receives("Y también en Cúcuta.")
        juan.receives("ya está en tu ticket [#1]")
        ticket = tickets.full(1)
        assert ticket is not None
        assert ticket["comments"][1]["text"].strip() == "Y también en Cúcuta."
        assert "ya tiene número" in ticket["comments"][1]["quote"]
        words = "#servicio 1h30 Revisión del cierre\n#esperar\n\nHola, Juan:\n\nprueba ahora, por favor."
        replies_with_neomutt(notice.raw, words, road.port, tmp_path / "ana", ana)
        answer = juan.receives("Hola, Juan:", "prueba ahora, por favor.")
        for inside in ("#servicio", "Revisión del cierre", "555 01 23", "Ficha", "ana@desk.co", "Sale «error"):
            assert inside not in answer.text + answer.html
        ana.receives("servicio de 1 h 30 min", "Así lo lee el cliente (juan@empresa.co)", "prueba ahora, por favor.")


@pytest.mark.skipif(not shutil.which("swaks"), reason="swaks is not installed")
def test_an_agents_answer_by_swaks(tmp_path: Path) -> None:
    """A bare mail without quote, thread or HTML: the signed address alone says whose it is and about what."""
    with by_smtp(tmp_path) as road:
        juan, ana = Person(road, "juan@empresa.co", "Juan Peña"), Agent(road, "ana@desk.co", "Ana María Peña")
        juan.writes("No abre", "Se queda en blanco.")
        juan.receives()
        notice = ana.receives("Se queda en blanco.")
        subprocess.run(
            ["swaks", "--server", f"127.0.0.1:{road.port}", "--from", "ana@desk.co", "--to", notice.reply_to,
             "--header", "Subject: Re: [#1] No abre", "--body", "#cerar\n\nHola, Juan.", "--silent", "2"],
            check=True, timeout=60,
        )  # fmt: skip
        ana.receives("#cerar no es una orden", "¿Quisiste decir #cerrar", "Hola, Juan.")
        subprocess.run(
            ["swaks", "--server", f"127.0.0.1:{road.port}", "--from", "ana@desk.co", "--to", notice.reply_to,
             "--header", "Subject: Re: [#1] No abre", "--body", "#cerrar\n\nHola, Juan.", "--silent", "2"],
            check=True, timeout=60,
        )  # fmt: skip
        juan.receives("Hola, Juan.")
        ana.receives("cerrado")
        juan.receives_nothing()
