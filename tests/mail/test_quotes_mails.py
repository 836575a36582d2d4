"""Every mail of ``tests/mails/replies``: what its author wrote is found, whole and alone, in both of its bodies."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mailgate.mail.message import Parts
from mailgate.mail.parse import understand
from mailgate.mail.quotes import split_text

MAILS = sorted((Path(__file__).resolve().parents[1] / "mails" / "replies").glob("*.eml"))


_ADDED = re.compile(
    r"\[cid:[^\]]*\]|\[Logo\]|[\[(]?<?https?://[^>)\s]*>?[)\]]?|[\ufeff\u200b\[\]]|^\s*[*•]\s", re.MULTILINE
)


def squeezed(text: str) -> str:
    """Without what re-wrapping and HTML change: runs of blanks, pictures, links behind words, invisible marks."""
    text = _ADDED.sub(" ", text)
    return re.sub(r"\s+([.,])", r"\1", re.sub(r"\s+", " ", text)).strip()


def check(parts: Parts, told: dict[str, Any]) -> None:
    assert squeezed(parts.own) == squeezed(told["own"])
    for words in told["quote_contains"]:
        assert squeezed(words) in re.sub(r"(^|\s)>+\s?", " ", squeezed(parts.quote)), words
    assert squeezed(parts.signature) == squeezed(told["signature"])


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_author_is_heard(path: Path) -> None:
    told = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    message = understand(path.read_bytes())
    check(split_text(message.text), told)
    check(message.parts, told)
    assert bool(message.forwarded) == ("_forward_" in path.stem)
    assert bool(message.own_html) == bool(message.html)
    assert not any(squeezed(words) in squeezed(message.own_html) for words in told["quote_contains"])


def test_there_are_enough_mails() -> None:
    """A hundred and fifty in Spanish and forty in Portuguese, from everywhere."""
    assert sum(path.name.startswith("es-") for path in MAILS) >= 150
    assert sum(path.name.startswith("pt-") for path in MAILS) >= 40
