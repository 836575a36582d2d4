"""``explain`` says what mailgate understands of a mail and would do with it, and does nothing."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

KEYS = """
file from subject kind number text html quote signature forwarded bounce attachments defects standing decision
""".strip().split(" ")

REPLY = """\
From: Ana =?utf-8?q?Pe=C3=B1a?= <ana@acme.co>
To: soporte@localhost.localdomain
Subject: Re: [#1042] Factura
Message-ID: <1@acme.co>
Date: Mon, 23 Nov 2026 10:00:00 -0500
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Sigue igual.

--
Ana Peña
Acme

El lun, 23 de nov de 2026 a la(s) 09:00, Soporte (soporte@localhost.localdomain) escribió:

> ¿Ya quedó?
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="factura.pdf"

%PDF-1.4
--b--
"""


@pytest.fixture
def reply(folder: Path) -> Path:
    path = folder / "reply.eml"
    path.write_bytes(REPLY.encode())
    return path


def explained(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_without_any_store(mailgate, reply: Path, folder: Path) -> None:
    """What it understands, one JSON object a line; that it knows nobody is said; nothing is made."""
    told = mailgate("explain", "--json", reply)
    (mail,) = explained(told.out)
    assert set(KEYS) <= set(mail)
    assert mail["file"] == str(reply)
    assert (mail["from"], mail["subject"]) == ("ana@acme.co", "Re: [#1042] Factura")
    assert (mail["kind"], mail["number"]) == ("human", 1042)
    assert mail["text"].strip() == "Sigue igual."
    assert "¿Ya quedó?" in mail["quote"]
    assert "Ana Peña" in mail["signature"]
    content = b"%PDF-1.4"
    assert mail["attachments"] == [
        {"name": "factura.pdf", "type": "application/pdf", "size": 8, "sha256": hashlib.sha256(content).hexdigest()}
    ]
    assert (mail["forwarded"], mail["bounce"]) == (None, None)
    assert (mail["standing"], mail["decision"]) == ("stranger", "held")
    assert "nothing is known about senders" in told.err
    assert [path.name for path in folder.iterdir()] == ["reply.eml"]


def test_with_a_store_it_knows_people_and_writes_nothing(mailgate, reply: Path, folder: Path) -> None:
    mailgate("client", "add", "ACME01", "900.373.913-4", "Acme", "--contact", "ana@acme.co")
    reply.write_bytes(REPLY.replace("Re: [#1042] ", "").encode())
    before = (folder / "mailgate-data" / "mailgate.db").read_bytes()
    told = mailgate("explain", "--json", reply)
    (mail,) = explained(told.out)
    assert told.err == ""
    assert (mail["standing"], mail["decision"]) == ("contact", "ticket")
    assert (folder / "mailgate-data" / "mailgate.db").read_bytes() == before
    assert mailgate("stats", "--json").json["seen"] == 0


def test_a_store_that_cannot_be_read_is_said(mailgate, reply: Path, folder: Path) -> None:
    (folder / "mailgate-data").mkdir()
    (folder / "mailgate-data" / "mailgate.db").write_bytes(b"not a database, only a text" * 100)
    told = mailgate("explain", "--json", reply)
    assert told.err.count("\n") == 1
    assert explained(told.out)[0]["from"] == "ana@acme.co"


def test_for_a_person(mailgate, reply: Path) -> None:
    told = mailgate("explain", reply).out
    for word in ("Ana Peña <ana@acme.co>", "#1042", "Sigue igual.", "factura.pdf", "stranger", "held"):
        assert word in told
    assert "¿Ya quedó?" not in told, "the quote is folded"


def test_from_stdin(shell, reply: Path) -> None:
    (mail,) = explained(shell("explain", "--json", "-", stdin=reply.read_bytes()).out)
    assert (mail["file"], mail["from"]) == ("-", "ana@acme.co")


def test_several_mails_and_one_that_is_not_there(mailgate, reply: Path) -> None:
    told = mailgate("explain", "--json", reply, "nowhere.eml", reply, status=66)
    assert len(explained(told.out)) == 2
    assert "nowhere.eml" in told.err


def test_a_mail_over_the_limits(mailgate, reply: Path, folder: Path) -> None:
    (folder / "mailgate.toml").write_text("[limits]\nmail_bytes = 10000\n")
    reply.write_bytes(REPLY.encode() + b"x" * 20_000)
    (mail,) = explained(mailgate("explain", "--json", reply).out)
    assert set(KEYS) <= set(mail)
    assert mail["decision"] == "quarantined"
    assert mail["reason"]


def test_a_forward_and_a_bounce(mailgate, folder: Path) -> None:
    (folder / "forward.eml").write_text(
        "From: luis@acme.co\nTo: soporte@localhost.localdomain\nSubject: RV: Precio\n\nPor favor, ayuden.\n\n"
        "________________________________\nDe: Eva Gil <eva@sol.co>\nEnviado: lunes, 23 de noviembre de 2026 9:00\n"
        "Para: Luis <luis@acme.co>\nAsunto: Precio\n\n¿Cuánto vale?\n"
    )
    (folder / "bounce.eml").write_text(
        "From: MAILER-DAEMON@mx.co\nTo: soporte@localhost.localdomain\nSubject: Undelivered\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.co\n\nFinal-Recipient: rfc822; x@y.co\n"
        "Action: failed\nStatus: 5.1.1\n\n--b--\n"
    )
    forward, bounce = explained(mailgate("explain", "--json", "forward.eml", "bounce.eml").out)
    assert set(forward["forwarded"]) == {"from_address", "from_name", "subject", "body", "message"}
    assert (forward["forwarded"]["from_address"], forward["forwarded"]["from_name"]) == ("eva@sol.co", "Eva Gil")
    assert "¿Cuánto vale?" in forward["forwarded"]["body"]
    assert "ayuden" in forward["forwarded"]["message"]
    assert bounce["bounce"] == {"recipients": ["x@y.co"], "status": "5.1.1", "action": "failed"}
    assert bounce["decision"] == "ignored"
