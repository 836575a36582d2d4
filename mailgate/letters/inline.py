"""Moves the style sheet into the elements of a template, once, before the template is compiled: mail programs ignore
``<style>``, and a letter costs nothing more.

Jinja's own marks are put aside meanwhile: as comments between tags (an HTML parser moves loose text out of a table), as
plain marks inside a tag. So a template must be whole HTML whatever its ``{% if %}`` say: no tag opened in one branch
only, no table row in a file without its table.
"""

from __future__ import annotations

import functools
import re

import css_inline

_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_MARK = re.compile("\ue000([0-9]+)\ue001")
_SET_ASIDE = re.compile("(?:<!--|&lt;!--)?\ue000([0-9]+)\ue001(?:--&gt;|-->)?")


@functools.lru_cache(maxsize=512)
def inline_styles(source: str, css: str) -> str:
    """The template with ``css`` in its elements' ``style``. A sheet marked data-css-inline="keep" stays as it is.
    Remembered: many letters include the same files.

    Raises css_inline.InlineError when the sheet cannot be read.
    """
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\ue000{len(kept) - 1}\ue001"

    marked = _comments_outside_tags(_JINJA.sub(put_aside, source))
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, extra_css=css if "<html" in source else None)
    done = inliner.inline(marked) if "<html" in source else inliner.inline_fragment(marked, css)
    return _SET_ASIDE.sub(lambda match: kept[int(match[1])], done)


def _comments_outside_tags(marked: str) -> str:
    pieces, end = [], 0
    for tag in _TAG.finditer(marked):
        pieces += [_MARK.sub(r"<!--\g<0>-->", marked[end : tag.start()]), tag[0]]
        end = tag.end()
    return "".join([*pieces, _MARK.sub(r"<!--\g<0>-->", marked[end:])])
