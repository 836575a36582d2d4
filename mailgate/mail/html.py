"""People's HTML: made visible-only, made safe, made readable text. Never raises; what is too big or too deep is cut.

Order matters: ``visible`` (a DOM without what no reader would see) feeds the quote cutter and ``to_text``; ``sanitize``
is always the last step before anything is stored for showing, because a DOM cut after it could undo it.
Depth and size are capped first: nh3 needs minutes for 200 000 nested elements, and lxml drops text nested deeper
than 250.
"""

from __future__ import annotations

import html as entities
import re
from collections import Counter
from functools import lru_cache

import nh3
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement
from lxml.html import document_fromstring
from selectolax.lexbor import LexborHTMLParser, LexborNode

from mailgate.mail import charset
from mailgate.mail.plain_html import text_of_plain

DEEPEST_SHOWN = 2000
DEEPEST_FOR_TABLES = 200  # lxml's own limit is 256
LARGEST_FOR_TABLES = 512 * 1024
LARGEST_READ = 4 * 1024 * 1024

DEEPEST_FORMATTING = 50
MOST_REOPENED = 300_000  # elements made of misnested formatting
MOST_ATTRIBUTES = 500  # in one tag; the parser's time grows with their square

_FAT_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:]{0,30})([\s/][^<>]{1000,})")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)")
# Elements whose end tag is optional or absent say nothing about depth.
_NO_DEPTH_NAMES = """
    area base br col embed hr img input link meta param source track wbr p li dd dt tr td th thead tbody tfoot
    option optgroup colgroup html head body
"""
_NO_DEPTH = frozenset(_NO_DEPTH_NAMES.split())
_FORMATTING_NAMES = "a b big code em font i nobr s small strike strong tt u"
_FORMATTING = frozenset(_FORMATTING_NAMES.split())
_HIDDEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all)(?![\w-])"
    r"|opacity\s*:\s*0(?:\.0{0,9})?\s*(?:;|!|$)|text-indent\s*:\s*-\d{3}|(?:left|top)\s*:\s*-\d{3}",
    re.IGNORECASE,
)
# Whether it is worth looking at every style; most mails have none of this. For lower case: a pattern that begins with
# fixed letters is searched for many times faster.
_MAY_HIDE = tuple(map(re.compile, (r"display\s*:\s*none", r":\s*-\d{3}", r"font(?:-size)?\s*:\s*0")))
_MAY_HIDE_WORDS = ("visibility", "mso-hide", "opacity", "overflow", "&#", "/*")
_NO_ROOM = re.compile(r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?:px|pt|em)?\s*(?:;|!|$)", re.IGNORECASE)
_CLIPPED = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
_TINY = re.compile(
    r"font-size\s*:\s*0(?:\.0{0,9})?(?:px|pt|em|rem|%)?\s*(?:;|!|$)|(?<![-\w])font\s*:\s*0", re.IGNORECASE
)
_SIZED = re.compile(r"font-size\s*:\s*0{0,9}\.?0{0,9}[1-9]", re.IGNORECASE)
_HIDING_RULE = re.compile(
    r"(?:^|[};])\s*([.#][\w-]{1,60})\s*\{[^{}]{0,400}(?:display\s*:\s*none|visibility\s*:\s*hidden)(?![\w-])",
    re.IGNORECASE,
)
_NEVER_READ_NAMES = "script style title template noscript object embed applet iframe frame svg math"
_NEVER_READ = ", ".join((*_NEVER_READ_NAMES.split(), "[hidden]"))
_MAY_NEVER_BE_READ = ("hidden", *(f"<{name}" for name in _NEVER_READ_NAMES.split()))


def depth(html: str) -> int:
    """How deep the elements may be nested; an upper bound, found in one pass without building anything."""
    level = deepest = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() in _NO_DEPTH:
            continue
        level = max(0, level - 1) if tag[1] else level + 1
        deepest = max(deepest, level)
    return deepest


def deeper_than(html: str, most: int) -> bool:
    """Whether ``depth`` passes ``most``; cheap for the many documents that have not even so many tags."""
    return html.count("<") > most and depth(html) > most


def bursts(html: str) -> bool:
    """Whether parsing it would take memory or time out of all proportion to its length."""
    return deeper_than(html, DEEPEST_SHOWN) or _multiplies(html)


def _multiplies(html: str) -> bool:
    """Formatting that is never closed is opened again in every paragraph (a rule of HTML): 14 kB can fill a gigabyte.

    Three equal ones at most are, so the many <font> of careless programs are harmless; counted in one pass.
    """
    if html.count("<") ** 2 < 4 * MOST_REOPENED:
        return False
    opened: Counter[str] = Counter()
    level = peak = others = 0
    for tag in _TAG.finditer(html):
        if tag[2].lower() not in _FORMATTING:
            others += 1
        elif tag[1]:
            level = max(0, level - 1)
        else:
            opened[html[tag.start() : tag.start() + 80]] += 1
            level += opened[html[tag.start() : tag.start() + 80]] <= 3
            peak = max(peak, level)
    return peak > DEEPEST_FORMATTING and peak * others > MOST_REOPENED


def visible(html: str) -> str:
    """The same HTML without head, scripts, comments and what its own styles hide; classes and ids are kept.

    This is what may be read as a person's words: text that no reader would see is not theirs (and may be a trap).
    """
    if len(html) > LARGEST_READ or bursts(html):
        return from_text(_without_tables(html))
    html = _FAT_TAG.sub(_slim, html)
    tree = LexborHTMLParser(html)
    lower = html.lower()
    hiding = _hiding_selectors(tree) if "<style" in lower else []
    if any(map(lower.__contains__, _MAY_NEVER_BE_READ)):
        for node in tree.css(_NEVER_READ):
            node.decompose()
    if _may_hide(lower):
        for node in tree.css("[style]"):
            if _is_hidden(node):
                node.decompose()
    for selector in hiding:
        for node in tree.css(selector):
            node.decompose()
    body = tree.body
    return (body.inner_html or "") if body is not None else ""


def _may_hide(html: str) -> bool:
    return any(word in html for word in _MAY_HIDE_WORDS) or any(style.search(html) for style in _MAY_HIDE)


def _slim(tag: re.Match[str]) -> str:
    """A tag with more attributes than any program writes keeps its name alone."""
    names = _QUOTED.sub("", tag[2])
    return tag[0] if max(names.count("="), len(re.findall(r"[\s/]+", names))) <= MOST_ATTRIBUTES else f"<{tag[1]}"


def _is_hidden(node: LexborNode) -> bool:
    hides, tiny = _hiding((node.attributes.get("style") or "")[:2000])
    return hides or (tiny and not _resized(node))


@lru_cache(maxsize=1024)
def _hiding(style: str) -> tuple[bool, bool]:
    """(whether a style hides what it is put on, whether it only makes the letters too small to be seen)."""
    if ":" not in style:
        return False, False
    hides = _HIDDEN.search(style) or (_NO_ROOM.search(style) and _CLIPPED.search(style))
    return bool(hides), _TINY.search(style) is not None


def _hiding_selectors(tree: LexborHTMLParser) -> list[str]:
    """Classes and ids that a style sheet of the mail hides everywhere (not only on small screens: no @media)."""
    sheets = [node.text() for node in tree.css("style")]
    return [name for sheet in sheets for name in _HIDING_RULE.findall(_without_media(sheet))][:50]


def _without_media(sheet: str) -> str:
    kept, at = [], 0
    while (start := sheet.find("@media", at)) >= 0:
        kept.append(sheet[at:start])
        level, at = 0, len(sheet)
        for brace in re.finditer("[{}]", sheet[start:]):
            level += 1 if brace[0] == "{" else -1
            if level == 0:
                at = start + brace.end()
                break
    return "".join([*kept, sheet[at:]])


def _resized(node: LexborNode) -> bool:
    """Newsletters set font-size:0 on rows against gaps and set it again on what they hold."""
    return any(_SIZED.search(inner.attributes.get("style") or "") for inner in node.css("[style]"))


_TAG_NAMES = """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn
    div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q
    s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var
"""
_TAGS = set(_TAG_NAMES.split())
_GENERAL = {"style", "dir", "lang", "title", "align"}
_CELL = {"colspan", "rowspan", "width", "height", "valign", "bgcolor", "nowrap"}
_ATTRIBUTES = {
    "*": _GENERAL,
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "table": {"border", "cellpadding", "cellspacing", "width", "bgcolor"},
    **dict.fromkeys(("td", "th", "tr", "col", "colgroup"), _CELL),
    "font": {"color", "face", "size"},
    "ol": {"start", "type"},
    "li": {"value"},
    "blockquote": {"type"},
    "time": {"datetime"},
}
_PROPERTIES = re.compile(
    r"color|background-color|font(?:-family|-size|-style|-weight|-variant)?|line-height|letter-spacing|word-spacing"
    r"|text-align|text-decoration|text-transform|text-indent|vertical-align|white-space|direction|list-style-type"
    r"|(?:padding|margin|border)(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))?|border-collapse"
    r"|border-spacing|border-radius|width|height|max-width|min-width"
)
# No url(), expression(), escapes or comments, and nothing negative: a negative margin lays one thing over another.
_VALUE = re.compile(r"(?:[\w#%.,\s'\"!]|(?<=\w)-(?=\w)|(?:rgb|rgba|hsl|hsla)\([\d\s.,%/]*\))*", re.IGNORECASE)


@lru_cache(maxsize=2048)  # Outlook repeats the same style a thousand times
def _safe_style(style: str) -> str | None:
    kept = []
    for declaration in entities.unescape(style[:4000]).split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if value and _PROPERTIES.fullmatch(name) and _VALUE.fullmatch(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept) or None


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "style":
        return _safe_style(value)
    if attribute == "src":
        return value if _CID.fullmatch(value.strip()) else None
    return value


_CID = re.compile(r"cid:[^\s\"'<>\\]{1,250}", re.IGNORECASE)
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math"},
    attributes=_ATTRIBUTES,
    attribute_filter=_filter_attribute,
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    link_rel="noopener noreferrer nofollow",
    strip_comments=True,
)
# Older nh3 leaves < and > in attributes as they are, as HTML was written once: only quotes tell where one ends.
_IMAGE = re.compile(r"<img\b(?:[^\">]|\"[^\"]*\")*>")
_SRC = re.compile(r"\ssrc=\"cid:([^\"]*)\"", re.IGNORECASE)


def sanitize(html: str, content_ids: frozenset[str] = frozenset(), largest: int = LARGEST_FOR_TABLES) -> str:
    """HTML that may be shown to anybody: an allow-list, nothing loads by itself, images only of this very mail.

    ``content_ids`` are the Content-IDs of the mail's own files, without <>. "" when the HTML is too large or deep.
    """
    if not html or len(html) > largest or bursts(html):
        return ""
    safe = charset.clean(_CLEANER.clean(html)).strip()
    return _IMAGE.sub(lambda image: _own_image(image[0], content_ids), safe) if "<img" in safe else safe


def _own_image(image: str, content_ids: frozenset[str]) -> str:
    source = _SRC.search(image)
    if source and _unquoted(source[1]) in content_ids:
        return image
    alt = re.search(r"\salt=\"([^\"]*)\"", image)
    # What a remote or foreign image wanted to say, without fetching it.
    return alt[1].replace("<", "&lt;").replace(">", "&gt;") if alt else ""


def _unquoted(cid: str) -> str:
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda match: chr(int(match[1], 16)), entities.unescape(cid))


_TEXT_CSS = {
    **CSS_PROFILES["strict"],
    "ul": HtmlElement(display=Display.block, padding_inline=2),
    "ol": HtmlElement(display=Display.block, padding_inline=2),
}
_TEXT_CONFIG = ParserConfig(css=_TEXT_CSS, table_cell_separator="  ")
_SPACES = (("\u00a0", " "), ("\u00ad", ""), ("\u200b", ""), ("\u2060", ""))  # the last three are for setting type
_MANY_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_BLOCKS = re.compile(r"<(?:br|/?p|/div|/?tr|/?li|/h[1-6]|/blockquote|/table|hr)\b[^>]{0,200}>", re.IGNORECASE)
_CELLS = re.compile(r"<t[dh]\b[^>]{0,200}>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[^<>]*>")


def to_text(html: str) -> str:
    """Readable text of (visible) HTML: tables and lists keep their shape, one blank line at most between paragraphs."""
    if not html.strip():
        return ""
    text = ""
    if len(html) <= LARGEST_FOR_TABLES and not deeper_than(html, DEEPEST_FOR_TABLES) and not _multiplies(html):
        safe = charset.clean(html)
        plain = text_of_plain(safe)
        text = _with_tables(safe) if plain is None else plain
    if not text.strip():
        text = _without_tables(html)
    text = with_plain_spaces(charset.clean(text))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _MANY_BLANK_LINES.sub("\n\n", text).strip("\n")


def with_plain_spaces(text: str) -> str:
    """No-break spaces as spaces, soft hyphens and joiners left out."""
    for char, shown in _SPACES:  # hardly any text has them, and each of these is found out at once
        text = text.replace(char, shown)
    return text


def _with_tables(html: str) -> str:
    try:
        # lxml takes the charset of a <meta> for the string's: it must not see one, and wants a root.
        return str(Inscriptis(document_fromstring(f"<div>{html}</div>"), _TEXT_CONFIG).get_text())
    except Exception:  # lxml's and inscriptis' own on broken tables and styles; the plain way reads everything
        return ""


def _without_tables(html: str) -> str:
    marked = _CELLS.sub("  ", _BLOCKS.sub("\n", html))
    small = len(html) <= LARGEST_READ and not bursts(html)
    body = LexborHTMLParser(marked).body if small else None
    return body.text() if body is not None else entities.unescape(_ANY_TAG.sub("", marked))


def from_text(text: str) -> str:
    """Plain text as HTML that looks the same."""
    return f'<div style="white-space:pre-wrap">{entities.escape(text, quote=False)}</div>'
