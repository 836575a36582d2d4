"""Plain HTML is drawn as text without inscriptis, as if it had drawn it: held side by side here."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from mailgate.mail import charset, html
from mailgate.mail.collect import collect
from mailgate.mail.plain_html import text_of_plain
from mailgate.mail.quotes_html import split_html
from mailgate.mail.tree import read_tree

MAILS = Path(__file__).resolve().parents[1] / "mails"
ELEMENTS = ["p", "div", "b", "span", "h1", "blockquote", "a", "u", "font", "em", "body"]
BLOCKS = {"p", "div", "h1", "blockquote", "body"}
WORDS = [" ", "\n", "hola", "a &amp; b", "&amp;lt;", "&nbsp;", "x ", "  y", "<br>", '<img src="x">', "\u00a0 z", "<br>"]


def documents() -> list[str]:
    """What is made text of our mails: what is seen of them, and what is their sender's own."""
    found = {""}
    for path in sorted(MAILS.rglob("*.eml")):
        for block in collect(read_tree(path.read_bytes(), [])).blocks:
            seen = html.visible(block.html) if block.html else ""
            found |= {seen, split_html(seen).own_html}
    return sorted(map(charset.clean, found))


def invented(chance: random.Random, depth: int = 0, block: bool = True) -> str:
    written = []
    for _ in range(chance.randrange(5)):
        if chance.random() < 0.4:
            written.append(chance.choice(WORDS))
        elif depth < 4:
            tag = chance.choice(ELEMENTS)
            inner = invented(chance, depth + 1, block and tag in ("div", "blockquote"))
            written.append(f"<{tag}>{inner}</{tag}>" if block or tag not in BLOCKS else inner)
    return "".join(written)


def test_our_mails_have_the_same_text() -> None:
    drawn = {one: text for one in documents() if (text := text_of_plain(one)) is not None}
    assert len(drawn) > 60
    assert drawn == {one: html._with_tables(one) for one in drawn}


def test_invented_documents_have_the_same_text() -> None:
    chance = random.Random(1042)
    written = [invented(chance) for _ in range(1500)]
    parsed = [(body.inner_html or "") for one in written if (body := LexborHTMLParser(one).body)]
    drawn = {one: text for one in written + parsed if (text := text_of_plain(one)) is not None}
    assert len(drawn) > 500
    assert drawn == {one: html._with_tables(one) for one in drawn}


@pytest.mark.parametrize(
    "document",
    [
        "<ul><li>uno</li></ul>", "<table><tr><td>1</td></tr></table>", '<p style="display:none">x</p>', "a < b",
        "&copy; Andina", "<p><div>x</div></p>", "<div>abierto", "cerrado</div>", "<pre>x</pre>", "<!-- x -->",
        '<div style="white-space:pre-wrap">x\ny</div>', "<div>" * 120 + "x" + "</div>" * 120,
    ],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_inscriptis(document: str) -> None:
    assert text_of_plain(document) is None
