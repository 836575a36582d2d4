"""One walk over the MIME tree: what is body, what is a file, what is a letter inside the letter. Never raises.

A part is body when a mail program would show it as the sender's words. Everything else becomes a file, so nothing is
lost; only what a machine wrote for machines in a report (RFC 3462) is left to its own reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message as Tree

from mailgate.mail import body, charset, files, tnef
from mailgate.mail.message import Attachment
from mailgate.mail.smime import signed_content
from mailgate.mail.tree import parse_inner

DEEPEST = 60

_SIGNATURES = frozenset(("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"))
_SMIME = frozenset(("application/pkcs7-mime", "application/x-pkcs7-mime"))
_FOR_MACHINES = frozenset(
    ("message/delivery-status", "message/disposition-notification", "message/feedback-report", "text/rfc822-headers")
)
_REACTION = "text/vnd.google.email-reaction+json"  # an emoji that somebody tapped; the text says the same
_LOST_BOUNDARY = re.compile(rb"(?:^|\n)--([^\s\"]{1,200})[ \t]*\r?\n(?=content-|mime-version)", re.IGNORECASE)


@dataclass(slots=True)
class Block:
    """A stretch of body: its plain text, its HTML, or both when they are alternatives of each other."""

    text: str = ""
    html: str = ""


@dataclass(slots=True)
class Found:
    """What the walk found."""

    blocks: list[Block] = field(default_factory=list)
    spare: list[Block] = field(
        default_factory=list
    )  # bodies that Outlook put into a winmail.dat, often for the second time
    attachments: list[Attachment] = field(default_factory=list)
    messages: list[Tree] = field(default_factory=list)  # attached ones, message/rfc822
    calendar: str = ""
    secured: str = ""
    defects: list[str] = field(default_factory=list)


def collect(tree: Tree) -> Found:
    """Everything in a mail, in its order."""
    found = Found()
    _gather(tree, found, parent="", depth=0)
    if not _says_anything(found.blocks):
        found.blocks.extend(found.spare)
    if not _says_anything(found.blocks):
        _promote(tree, found)
    return found


def _says_anything(blocks: list[Block]) -> bool:
    return any(block.text.strip() or block.html.strip() for block in blocks)


def _gather(part: Tree, found: Found, parent: str, depth: int) -> None:
    kind = body.content_type(part)
    inside = body.children(part)
    if kind.startswith("multipart/"):
        if depth and (leaf := _as_last_said(part)) is not None:
            _gather(leaf, found, parent, depth + 1)
        elif not inside:
            _mend(part, found, depth)
        elif depth < DEEPEST:
            _gather_multipart(kind, inside, found, depth)
    elif kind in _SMIME:
        _take_smime(part, found, depth)
    elif kind == "message/rfc822" or kind == "message/global":
        _take_message(part, inside, found)
    elif kind == _REACTION or (kind in _FOR_MACHINES and parent == "multipart/report"):
        return
    elif _is_body(part, kind, parent):
        text = body.text(part)
        found.blocks.append(Block(html=text) if kind == "text/html" else Block(text=text))
    else:
        _take_file(part, kind, found)


def _as_last_said(part: Tree) -> Tree | None:
    """A part whose header block ran into that of its own first part: two Content-Types, and words right below.

    As a multipart it would lose these words: what stands above the first delimiter is shown to nobody. (At the top of
    a mail they are a notice for readers without MIME.)
    """
    last = body.last_content_type(part)
    if last is None or last.startswith("multipart/") or not (part.preamble or "").strip():
        return None
    return body.read_again(part, last)


def _gather_multipart(kind: str, inside: list[Tree], found: Found, depth: int) -> None:
    if kind == "multipart/signed":
        found.secured = found.secured or "signed"
    elif kind == "multipart/encrypted":
        found.secured = "encrypted"
    before = len(found.blocks)
    for child in inside:
        _gather(child, found, kind, depth + 1)
    if kind == "multipart/alternative":
        said_twice = found.blocks[before:]
        texts = [block.text for block in said_twice if block.text]
        htmls = [block.html for block in said_twice if block.html]
        found.blocks[before:] = [Block("\n".join(texts), "\n".join(htmls))] if said_twice else []


def _is_body(part: Tree, kind: str, parent: str) -> bool:
    if kind not in ("text/plain", "text/html", "text/enriched"):
        return False
    disposition = body.disposition(part)
    if disposition == "attachment":
        return False
    # Some programs name the alternatives of their body; elsewhere a name makes a file, whatever the disposition says.
    return parent == "multipart/alternative" or not files.given_name(part)


def _take_file(part: Tree, kind: str, found: Found) -> None:
    if kind in _SIGNATURES:
        found.secured = found.secured or "signed"
    attachment = files.from_part(part, len(found.attachments) + 1)
    if kind == "text/calendar" and not found.calendar:
        found.calendar = body.text(part)
    if tnef.is_tnef(attachment):
        unpacked = tnef.unpack(attachment.content, len(found.attachments) + 1)
        if unpacked is not None:
            found.attachments.extend(unpacked.attachments)
            found.spare.append(Block(unpacked.text, unpacked.html))
            return
        found.defects.append("The winmail.dat file could not be unpacked.")
    found.attachments.append(attachment)


def _take_smime(part: Tree, found: Found, depth: int) -> None:
    """Opaque-signed mail is read; of encrypted mail it is said that it is. The headers inside are not trusted."""
    content = signed_content(body.payload(part)) if depth < DEEPEST else None
    if content:
        found.secured = found.secured or "signed"
        _gather(parse_inner(content, found.defects), found, "", depth + 1)
        return
    signed = body.param(part, "smime-type").lower() in ("signed-data", "certs-only")
    found.secured = "signed" if signed else "encrypted"
    _take_file(part, body.content_type(part), found)


def _take_message(part: Tree, inside: list[Tree], found: Found) -> None:
    content = body.payload(part)
    if inside and body.is_encoded(part):  # RFC 2046 section 5.2.1 forbids it; Yandex and others do it
        inside = [parse_inner(content, found.defects)]
    found.attachments.append(files.from_message(part, inside, content, len(found.attachments) + 1))
    found.messages.extend(inside)


def _mend(part: Tree, found: Found, depth: int) -> None:
    """A multipart whose boundary never came: find the one that was used, else take all of it as text."""
    octets = body.payload(part)
    used = _LOST_BOUNDARY.search(octets)
    if used and depth < DEEPEST:
        found.defects.append("A multipart names a boundary that it does not use; the one it uses was taken.")
        head = b'Content-Type: multipart/mixed; boundary="' + used[1] + b'"\n\n'
        mended = parse_inner(head + octets, found.defects)
        if body.children(mended):
            _gather(mended, found, "", depth + 1)
            return
    if octets.strip():
        found.defects.append("A multipart has no parts; its content was taken as text.")
        found.blocks.append(Block(text=charset.clean(charset.decode(octets))))


def _promote(tree: Tree, found: Found) -> None:
    """A mail whose only words came as a named part, in the preamble or after the end still says something.

    Not as an attachment: what stands in a file is nobody's order, unless the mail is nothing but that file.
    """
    for part in body.walk(tree):
        kind = body.content_type(part)
        if part is not tree and body.disposition(part) == "attachment":
            continue
        if kind in ("text/plain", "text/html") and not body.children(part):
            text = body.text(part)
            if text.strip():
                found.blocks.append(Block(html=text) if kind == "text/html" else Block(text=text))
                return
    for part in body.walk(tree):  # a report whose words to people are in the part for machines
        if body.content_type(part) in _FOR_MACHINES and (octets := body.payload(part)).strip():
            found.blocks.append(Block(text=charset.clean(charset.decode(octets))))
            return
    for place, stray in (("before the first part", tree.preamble), ("after the last part", tree.epilogue)):
        if stray and stray.strip() and not found.attachments:
            found.defects.append(f"The only text stood {place}.")
            found.blocks.append(Block(text=charset.clean(charset.decode(stray.encode("utf-8", "surrogateescape")))))
            return
