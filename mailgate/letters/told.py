"""What an HTML letter says, without its marks: to know it again when quoted. Total."""

from __future__ import annotations

import html

from selectolax.lexbor import LexborHTMLParser

_NOT_SAID = ("<!--", "<style", "<script", "<title", "<textarea", "<template")


def told_by(letter: str) -> str:
    """Each piece of its text on a line.

    Where every ``<`` and ``>`` is plainly a tag's, as in ours, the letter is cut at them; else it is parsed.
    """
    body = letter[max(letter.find("<body"), 0) :]
    if body.count("<") != body.count(">") or any(mark in body for mark in _NOT_SAID):
        return _parsed(letter)
    pieces = [piece[piece.find(">") + 1 :].strip() for piece in body.split("<")]
    return html.unescape("\n".join([piece for piece in pieces if piece]))


def _parsed(letter: str) -> str:
    body = LexborHTMLParser(letter).body
    return body.text(separator="\n", strip=True) if body else ""
