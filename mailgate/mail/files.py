"""A mail's files: safe names, what they really are, why one must be withheld. Never raises, opens no archive.

The name shown, stored and offered is one and the same, made by ``safe_name`` from whatever the sender wrote.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Sequence
from email.message import Message as Tree

import puremagic

from mailgate.mail import body, charset
from mailgate.mail.headers import get_header
from mailgate.mail.message import Attachment

LONGEST_NAME = 150  # characters
LONGEST_NAME_BYTES = 240

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufff9-\ufffb]"
)
_FORBIDDEN = re.compile(r'[<>:"|?*/\\\u2044\u2215\u29f5\u29f8\uff0f\uff3c]')  # look-alike slashes fold to slashes
_DOT_LIKE = str.maketrans("\u2024\uff0e\ufe52", "...")
_PATH = re.compile(r"^(?:[a-zA-Z]:)?[\\/]|^\.{1,2}[\\/]|[\\/]\.{1,2}[\\/]|\\")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE)

_RUNS_NAMES = """
    ade adp apk app application appref-ms appx appxbundle bas bat bgi chm cmd com command cpl crt csh dll dmg
    docm dotm elf exe gadget hlp hta htc img inf ins iso isp jar jnlp job js jse ksh lnk mad maf mda mde mdt mdw mdz
    mht mhtml msc msh msi msix msp mst ocx osd pif pl plg potm ppam ppsm pptm prf prg ps1 ps1xml ps2 psc1 psd1 psm1 pst
    py pyc pyo pyw pyz reg scf scr sct settingcontent-ms sh shb shs sldm sys theme tmp url vb vbe vbs vbscript vhd vhdx
    vxd wim ws wsc wsf wsh xbap xlam xll xlsm xltm xnk workflow
"""
_RUNS = frozenset(_RUNS_NAMES.split()) - {"pst", "tmp", "crt"}  # data that people do send
_ACTIVE = frozenset(("htm", "html", "xhtml", "shtml", "svg", "svgz", "xht", "xml", "xsl", "xslt"))

# First bytes that mean a program, whatever the name says.
_PROGRAMS = (
    (b"MZ", "application/x-msdownload", "it is a Windows program"),
    (b"\x7fELF", "application/x-executable", "it is a Linux program"),
    (b"\xca\xfe\xba\xbe", "application/java-vm", "it is a Java or macOS program"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-binary", "it is a macOS program"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-binary", "it is a macOS program"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary", "it is a macOS program"),
    (b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut", "it is a Windows shortcut"),
    (b"#!", "text/x-script", "it is a script"),
)
# The few kinds that make up almost all of real mail, known without asking a library for each.
_KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"{\\rtf", "text/rtf"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
)
_OFFICE = (  # a file name inside the first entries of a zip tells which document it is
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)


def safe_name(wanted: str, fallback: str = "file") -> str:
    """A file name safe to show, store and offer on any system; never empty, its real extension kept in sight."""
    name = charset.clean_line(_INVISIBLE.sub("", wanted)).translate(_DOT_LIKE)
    if _PATH.search(name):  # a path: only its last step; "Informe 1/2.pdf" is none
        name = re.split(r"[\\/]", name.rstrip("\\/. "))[-1]
    name = _FORBIDDEN.sub("_", name).rstrip(". ").lstrip(" ")
    if not name.strip("._- ~"):
        return fallback
    if name[0] in ".-~" or _RESERVED.fullmatch(name):
        name = "_" + name
    return _shortened(name)


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > 20:
        stem, dot, extension = name, "", ""
    stem = stem[: LONGEST_NAME - len(dot + extension)]
    while len(f"{stem}{dot}{extension}".encode()) > LONGEST_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip()}{dot}{extension}"


def true_type(content: bytes) -> str:
    """The media type that the first bytes show; "" when they show none."""
    for magic, kind, _ in _PROGRAMS:
        if content.startswith(magic):
            return kind
    for magic, kind in _KINDS:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _OFFICE if mark in content[:4096]), "application/zip")
    if not content:
        return ""
    try:
        return str(puremagic.from_string(content[:2048], mime=True) or "")
    except Exception:  # puremagic's own PureError, and what its readers raise on half a file
        return ""


def danger(name: str, content: bytes) -> str:
    """Why a file must be withheld, "" when it need not: words that the catalogues know, and what they end in."""
    for magic, _, reason in _PROGRAMS:
        if content.startswith(magic):
            return reason
    extension = name.rpartition(".")[2].lower().strip()
    if extension in _RUNS:
        return f"it can run as a program: .{extension}"
    if extension in _ACTIVE and re.search(rb"<script|\bon\w+\s*=|javascript:", content[:200_000], re.IGNORECASE):
        return f"it holds a script: .{extension}"
    return ""


def make(
    name: str,
    media_type: str,
    content: bytes,
    *,
    content_id: str = "",
    inline: bool = False,
    number: int = 1,
    named: bool = True,
) -> Attachment:
    """An attachment out of what was read; ``number`` tells the nameless apart, ``named``: the sender gave the name."""
    shown = safe_name(name, fallback=f"file-{number}{mimetypes.guess_extension(media_type) or ''}")
    return Attachment(
        name=shown,
        type=media_type or "application/octet-stream",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        content_id=content_id,
        inline=inline,
        true_type=true_type(content),
        dangerous=danger(shown, content),
        named=bool(name) and named,
    )


def given_name(part: Tree) -> str:
    """The name the sender gave: of the disposition, else of the type; "" for none."""
    return body.param(part, "filename", "content-disposition") or body.param(part, "name")


def from_part(part: Tree, number: int) -> Attachment:
    """One leaf of the MIME tree as a file."""
    content_id = get_header(part, "content-id").strip().strip("<>").strip()
    inline = body.disposition(part) == "inline" or (bool(content_id) and body.disposition(part) != "attachment")
    return make(
        given_name(part),
        body.content_type(part),
        body.payload(part),
        content_id=content_id[:250],
        inline=inline,
        number=number,
    )


def from_message(part: Tree, inside: Sequence[Tree], content: bytes, number: int) -> Attachment:
    """An attached message as a file: its own bytes, named by the sender or by its subject."""
    given = given_name(part)
    subject = get_header(inside[0], "subject")[:80].strip().replace("/", "-") if inside else ""
    name = given or (f"{subject}.eml" if subject else f"message-{number}.eml")
    return make(name, body.content_type(part), content, number=number, named=bool(given))
