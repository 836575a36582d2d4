"""winmail.dat unpacked (MS-OXTNEF), as far as tnefparse can. Never raises: junk gives None and stays a file."""

from __future__ import annotations

from dataclasses import dataclass

from tnefparse.tnef import TNEF, TNEFAttachment

from mailgate.mail import charset, files
from mailgate.mail.message import Attachment

_DEEPEST = 3
_SIGNATURE = b"\x78\x9f\x3e\x22"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """What was inside: files, and the body when Outlook put it there."""

    attachments: tuple[Attachment, ...] = ()
    text: str = ""
    html: str = ""


def is_tnef(attachment: Attachment) -> bool:
    """By its first bytes; a name or type alone says nothing."""
    return attachment.content.startswith(_SIGNATURE)


def unpack(content: bytes, number: int = 1, depth: int = 0) -> Unpacked | None:
    """The files and text inside; None when nothing could be taken out. ``number`` names nameless files."""
    try:
        inside = TNEF(content, do_checksum=False)
        found: list[Attachment] = []
        for item in inside.attachments:
            found.extend(_files(item, number + len(found), depth))
        unpacked = Unpacked(tuple(found), _text(inside.body), _text(inside.htmlbody))
    except Exception:  # tnefparse raises whatever half a file provokes, cp1252 names included
        return None
    return unpacked if found or unpacked.text or unpacked.html else None


def _files(item: TNEFAttachment, number: int, depth: int) -> list[Attachment]:
    """One file; or, of a message that was attached in Outlook, its text and files."""
    content = bytes(item.data or b"")
    if content.startswith(_SIGNATURE) and depth < _DEEPEST and (inner := unpack(content, number, depth + 1)):
        said = inner.html or inner.text
        kind = "text/html" if inner.html else "text/plain"
        text = [files.make("", kind, said.encode(), number=number)] if said.strip() else []
        return [*text, *inner.attachments]
    return [files.make(_name(item), "application/octet-stream", content, number=number)] if content else []


def _name(item: object) -> str:
    for attempt in ("long_filename", "name", "_name"):
        try:
            value = getattr(item, attempt)
            value = value() if callable(value) else value
        except Exception:  # noqa: S112 - a name in an unknown code page must not lose the file
            continue
        if value:
            return _text(value)
    return ""


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = charset.decode(value.rstrip(b"\0"))
    return charset.clean(value) if isinstance(value, str) else ""
