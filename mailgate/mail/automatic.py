"""Recognises answers that nobody wrote (absence, receipt, challenge) by their words in Spanish, English, Portuguese.

Words are borne out by a second sign, because a person may write the same ones: the subject's prefix by the text or by
the way of sending, the text by the way of sending. Returns the reason, "" when it is a person's. Pure, never raises.
"""

from __future__ import annotations

import re
from email.message import Message as Tree

from mailgate.mail.automatic_words import (
    ABSENCE,
    ANNOUNCED,
    ASKS,
    CHALLENGE,
    CHALLENGE_SUBJECT,
    DECLARES,
    HINTED,
    RECEIVED,
)
from mailgate.mail.headers import get_header

_OPENING = 2500  # characters of the mail's own text in which an automatic answer says what it is

_DECLARING = (
    "autom",
    "autor",
    "auto-",
    "auto ",
    "generad",
    "respond",
    "contest",
    "reply",
)  # one of them is in every DECLARES
_TAGGED = re.compile(r"#\d|\[[^\]\n]{0,12}\d\]|\bre ?:", re.IGNORECASE)  # the subject of a letter that a desk sent
_QUOTE = re.compile(
    r"\n(?:[ \t]{0,3}>|-{3,}|_{10,}|[ \t]{0,3}\*{0,2}(?:de|from|von)\*{0,2} ?:|(?:on|el|em|le"
    r"|am)\b[^\n]{0,200}(?:wrote|escribi[oó]|escreveu):)",
    re.IGNORECASE,
)


def find_vacation(tree: Tree, subject: str, text: str) -> str:
    """The words and signs by which this is an automatic answer, "" when it is a person's mail.

    A person taken for a machine is not answered; a machine taken for a person is answered once. So a mail that asks
    for something is a person's, unless the way it was sent says otherwise.
    """
    own = _own_opening(text)
    announced, hinted = ANNOUNCED.match(subject), HINTED.match(subject)
    sign = _machine_sign(tree)
    folded = own.casefold()
    declared = DECLARES.search(own) if any(word in folded for word in _DECLARING) else None
    if not (announced or hinted or sign or declared):
        return ""  # nearly every mail: the long patterns are not tried on it
    absent, received = ABSENCE.search(own), RECEIVED.search(own)
    answers = bool(get_header(tree, "in-reply-to") or get_header(tree, "references") or _TAGGED.search(subject))
    words = _first_words(declared, absent, received)
    asks = ASKS.search(own) is not None
    if sign and (announced or declared or ((absent or received) and not asks)):
        return f"{sign} and {words or f'subject {subject[:60]!r}'}"
    if asks:
        return ""
    if announced and (words or answers or not own.strip()):
        return f"subject {announced[0].strip()!r} and {words or 'an answer to our mail'}"
    if declared and (absent or received or answers or hinted or len(DECLARES.findall(own)) > 1):
        return f"text {words}"
    return f"subject {hinted[0].strip()!r} and {words}" if hinted and absent else ""


def find_challenge(tree: Tree, subject: str, text: str) -> str:
    """The words of a system that asks the sender to prove to be a person before it delivers, else ""."""
    if get_header(tree, "x-delivery-agent").lower().startswith("tmda") or get_header(tree, "x-spamarrest-noauth"):
        return "challenge header"
    if CHALLENGE_SUBJECT.search(subject) is None:
        return ""
    own = _own_opening(text)
    words = CHALLENGE.search(own)
    link = "http://" in own or "https://" in own or "mailto:" in own
    if words and link and (_machine_sign(tree) or DECLARES.search(own)):
        return f"challenge {_first_words(words)}"
    return ""


def _machine_sign(tree: Tree) -> str:
    """How automatic answers are sent by those who do not declare them; it counts only beside words."""
    if get_header(tree, "return-path").strip() == "<>":
        return "null return path"
    # Any other value is put by CRMs, ticketing systems and Exchange rules on what people write.
    if get_header(tree, "x-auto-response-suppress").strip().lower() == "all":
        return "X-Auto-Response-Suppress: All"
    if get_header(tree, "precedence").strip().lower() in ("bulk", "junk"):
        return "Precedence of a program"
    if get_header(tree, "x-ms-exchange-inbox-rules-loop"):
        return "X-MS-Exchange-Inbox-Rules-Loop"
    if re.search(r"-vac(?:ation)?@|autoreply|autoresp", get_header(tree, "message-id"), re.IGNORECASE):
        return "Message-ID of an autoresponder"
    return ""


def _own_opening(text: str) -> str:
    """The mail's own first words, before what it quotes."""
    opening = text[:_OPENING]
    quote = _QUOTE.search(f"\n{opening}")  # a pattern that begins with a fixed letter is searched for many times faster
    return opening[: quote.start()] if quote and opening[: quote.start()].strip() else opening


def _first_words(*found: re.Match[str] | None) -> str:
    return next((repr(" ".join(match[0].split())[:60]) for match in found if match), "")
