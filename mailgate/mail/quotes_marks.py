"""What mail programs write into HTML to mark quotes and signatures: classes, ids, attributes, as tables.

``mark_of(tag, attributes)`` tells what an element means for the text inside it (the marks of ``quotes.Line``), "" for
nothing. Pure and total.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

QUOTE, SIGNATURE, START, RULE, CITE, ANNOUNCE = "quote", "signature", "start", "rule", "cite", "announce"

# Substrings of a class or an id: programs put random letters around theirs ("ydp1f2e3d4yahoo_quoted").
_BY_NAME: tuple[tuple[str, str], ...] = (
    ("gmail_attr", ANNOUNCE),  # Gmail, and all that imitate it
    ("moz-cite-prefix", ANNOUNCE),  # Thunderbird
    ("reply-intro", ANNOUNCE),  # Roundcube
    ("yahoo-quoted-begin", ANNOUNCE),  # Yahoo for Android and iOS
    ("gmail_signature", SIGNATURE),
    ("yahoo_quoted", QUOTE),
    ("yahoo-signature", SIGNATURE),
    ("ymail_android_signature", SIGNATURE),
    ("protonmail_quote", QUOTE),
    ("protonmail_signature_block", SIGNATURE),
    ("tutanota_quote", QUOTE),
    ("zmail_extra", QUOTE),  # Zoho
    ("moz-forward-container", QUOTE),
    ("moz-signature", SIGNATURE),
    ("k9mail-signature", SIGNATURE),
    ("ms-outlook-mobile-signature", SIGNATURE),
    ("divrplyfwdmsg", START),  # Outlook web and mobile: the header block
    ("mail-editor-reference-message-container", START),  # the new Outlook
    ("olk_src_body_section", START),  # Outlook for Mac
    ("outlookmessageheader", START),
    ("stopspelling", START),  # Hotmail's rule above the header block
    ("_rc_sig", SIGNATURE),  # Roundcube
    ("edo-original", QUOTE),
    ("edo-signature", SIGNATURE),
    ("front-blockquote", QUOTE),
    ("bloop_sign", SIGNATURE),  # Airmail
    ("cm_replymail_content_wrap", QUOTE),  # Newton
    ("cm_signature", SIGNATURE),
    ("x-evo-signature", SIGNATURE),  # Evolution
    ("composer_signature", SIGNATURE),  # Samsung
    ("mailbird-signature", SIGNATURE),
)
_BY_ATTRIBUTE: dict[tuple[str, str], str] = {
    ("data-marker", "__headers__"): ANNOUNCE,  # Zimbra
    ("data-marker", "__quoted_text__"): QUOTE,
    ("data-marker", "__divider__"): RULE,
    ("data-marker", "__sig_pre__"): SIGNATURE,
    ("data-marker", "__sig_post__"): SIGNATURE,
    ("data-smartmail", "gmail_signature"): SIGNATURE,
    ("name", "quote"): QUOTE,  # GMX, mail.com
    ("name", "messagereplysection"): QUOTE,  # Spark
    ("name", "messagesignaturesection"): SIGNATURE,
    ("name", "_mailoriginal"): RULE,  # Outlook desktop: people type behind it too, so headers must follow
    ("name", "_mailautosig"): SIGNATURE,
    ("fairemail", "signature"): SIGNATURE,
    ("fairemail", "reference"): QUOTE,
    ("id", "signature"): SIGNATURE,  # Outlook web
}
_NAMES = ("class", "id")
_ATTRIBUTES = ("data-marker", "data-smartmail", "name", "fairemail", "id")
_BORDER_ON_TOP = re.compile(
    r"border(?:-top)?:\s*(?:none;\s*border-top:\s*)?(?:solid\s+#?\w+\s+\d|\d(?:\.\d+)?(?:pt|px)\s+solid)"
)
_QUOTING_NAME = re.compile(r"\w_quote\b|-blockquote\b|\bcite2?\b|quoted")  # gmail_quote, freshdesk_quote, cite2
_SIDE_BORDER = re.compile(r"border-(?:left|right)\s*:\s*(?!none|0|medium none)[^;]*\b(?:solid|#|rgb)")


def mark_of(tag: str, attributes: Mapping[str, str | None]) -> str:
    """The mark that an element puts on its text. ``tag`` in lower case; ``rule`` stands for a line above it."""
    if not attributes:
        return _WITHOUT_ATTRIBUTES.get(tag, "")
    return _mark_of(tag, tuple(attributes.items()))


_WITHOUT_ATTRIBUTES = {"hr": RULE, "blockquote": CITE}


@lru_cache(maxsize=1024)  # tables repeat their cells
def _mark_of(tag: str, pairs: tuple[tuple[str, str | None], ...]) -> str:
    attributes = dict(pairs)
    if tag == "hr":
        return START if attributes.get("id") == "stopSpelling" else RULE
    named = " ".join((attributes.get(name) or "")[:300] for name in _NAMES).lower()
    if tag == "blockquote":
        cited = (attributes.get("type") or "").lower() == "cite" or attributes.get("cite")
        return QUOTE if cited or _QUOTING_NAME.search(named) else CITE
    if named.strip():
        for part, mark in _BY_NAME:
            if part in named:
                return mark
    for name in _ATTRIBUTES:
        mark = _BY_ATTRIBUTE.get((name, (attributes.get(name) or "")[:60].lower()), "")
        if mark:
            return mark
    return _mark_of_style(tag, (attributes.get("style") or "")[:500].lower())


def _mark_of_style(tag: str, style: str) -> str:
    if "mso-bookmark:_mailautosig" in style.replace(" ", ""):
        return SIGNATURE
    if tag == "div" and "border" in style and _BORDER_ON_TOP.search(style) and not _SIDE_BORDER.search(style):
        return RULE
    return ""
