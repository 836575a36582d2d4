"""Every mail of ``tests/mails/structure``: one quirk of MIME, headers or charsets each, read as its file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailgate.mail.message import Message
from mailgate.mail.parse import understand

FOLDER = Path(__file__).resolve().parents[1] / "mails" / "structure"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def _facts(message: Message) -> dict[str, Any]:
    """The message in the words of expected.json, as far as they are compared for equality."""
    return {
        "text": message.text.strip("\n"),
        "own": message.parts.own,
        "subject": message.subject,
        "senders": [list(sender) for sender in message.senders],
        "message_id": message.message_id,
        "references": list(message.references),
        "date": message.date.isoformat() if message.date else None,
        "kind": message.kind.value,
        "secured": message.secured,
        "attachments": [[file.name, file.type] for file in message.attachments],
        "true_types": [file.true_type for file in message.attachments],
        "contents": [file.content.decode(errors="replace") for file in message.attachments],
        "dangerous": any(file.dangerous for file in message.attachments),
        "defects": list(message.defects),
        "forwarded": [[one.sender.address, one.subject, one.message] for one in message.forwarded],
    }


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_quirk_is_read_as_it_was_meant(name: str) -> None:
    message = understand((FOLDER / f"{name}.eml").read_bytes())
    facts, expected = _facts(message), EXPECTED[name]
    where = {"text": message.text, "html": message.html, "own": message.parts.own, "calendar": message.calendar}
    for key, wanted in expected.items():
        place, _, relation = key.partition("_")
        if key == "no_header":
            assert not message.header(wanted)
        elif relation == "contains":
            assert all(words in where[place] for words in ([wanted] if isinstance(wanted, str) else wanted)), where[
                place
            ]
        elif relation == "absent":
            assert not any(words in where[place] for words in wanted), where[place]
        elif key == "defects":
            assert set(wanted) <= set(message.defects)
        else:
            assert facts[key] == wanted


def test_every_mail_has_an_expectation() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(EXPECTED)
