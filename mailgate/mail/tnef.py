"""winmail.dat unpacked (MS-OXTNEF), as far as tnefparse can. Never raises: junk gives None and stays a file."""

from __future__ import annotations

from dataclasses import dataclass

from tnefparse import TNEF

from mailgate.mail import charset, files
from mailgate.mail.message import Attachment

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


def unpack(content: bytes, number: int = 1) -> Unpacked | None:
    """The files and text inside; None when nothing could be taken out. ``number`` names nameless files."""
    try:
        inside = TNEF(content, do_checksum=False)
        attachments = tuple(
            files.make(_name(item), "application/octet-stream", bytes(item.data), number=number + place)
            for place, item in enumerate(inside.attachments)
            if item.data
        )
        unpacked = Unpacked(attachments, _text(inside.body), _text(inside.htmlbody))
    except Exception:  # tnefparse raises whatever half a file provokes, cp1252 names included
        return None
    return unpacked if attachments or unpacked.text or unpacked.html else None


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
