"""The MIME tree: walking it, and a part's type, parameters, octets and text. Never raises; what is odd stays readable.

Works on the stdlib's compat32 ``email.message.Message``. A message inside (message/rfc822) belongs to somebody else, so
``walk`` stops at its door.
"""

from __future__ import annotations

import binascii
import contextlib
import re
from collections.abc import Iterator, Mapping
from email.errors import CloseBoundaryNotFoundDefect, MissingHeaderBodySeparatorDefect
from email.message import Message as Tree
from functools import lru_cache

from mailgate.mail import charset
from mailgate.mail.headers import decode_base64, is_clean_base64, raw_headers, raw_value, unfold
from mailgate.mail.params import parse_params

_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]+)\s*/\s*([a-z0-9!#$&^_.+-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s{0,3}=\s{0,3}[\"']?([\w.:-]{2,40})", re.IGNORECASE)


def content_type(part: Tree) -> str:
    """The media type, lower case; text/plain when none or an unusable one is declared (RFC 2045 section 5.2)."""
    declared = raw_value(part, "content-type")
    return _media_type(declared) if declared else part.get_default_type()


@lru_cache(maxsize=256)  # every rule asks for that of every part
def _media_type(declared: str) -> str:
    match = _TYPE.match(unfold(declared))
    if match:
        return f"{match[1]}/{match[2]}".lower()
    bare = unfold(declared).partition(";")[0].strip().lower()
    return {"text": "text/plain", "html": "text/html"}.get(bare, "text/plain")


def last_content_type(part: Tree) -> str | None:
    """The last of several Content-Type headers, lower case; None when there is one at most."""
    declared = [value for name, value in raw_headers(part) if name.lower() == "content-type"]
    return unfold(declared[-1]).strip().lower() if len(declared) > 1 else None


def disposition(part: Tree) -> str:
    """The disposition's word, lower case; "" when absent."""
    return unfold(raw_value(part, "content-disposition")).partition(";")[0].strip().lower()


def param(part: Tree, name: str, header: str = "content-type") -> str:
    """A parameter of Content-Type (or another header), RFC 2231 and RFC 2047 undone; "" when absent."""
    value = raw_value(part, header)
    return _params(value).get(name, "") if ";" in value else ""


@lru_cache(maxsize=256)
def _params(value: str) -> Mapping[str, str]:
    return parse_params(unfold(value))


def children(part: Tree) -> list[Tree]:
    """The parts inside: of a multipart, or the message inside a message/rfc822; [] when there are none."""
    inside = part.get_payload() if part.is_multipart() else None
    return [child for child in inside if isinstance(child, Tree)] if isinstance(inside, list) else []


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and every part in it, in order, containers included, not descending into message/* parts."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        yield part
        if not content_type(part).startswith("message/"):
            waiting.extend(reversed(children(part)))


def payload(part: Tree) -> bytes:
    """The part's octets, its transfer encoding undone as far as it can be; b"" of a multipart that was taken apart."""
    if (octets := getattr(part, "_octets", None)) is not None:
        return _undo_in_mail(octets, part)
    inside = getattr(part, "_payload", "")  # get_payload() would decode 8-bit text by its charset and lose octets
    if isinstance(inside, list):
        return undo(b"".join(as_sent(child) for child in children(part)), _encoding(part)) if is_message(part) else b""
    return undo(inside.encode("utf-8", "surrogateescape"), _encoding(part)) if isinstance(inside, str) else b""


def leave_in_mail(part: Tree, octets: memoryview) -> None:
    """Tell a part that holds a file where its octets stand in the mail; a stand-in is its payload (``hollow``)."""
    part._octets = octets  # type: ignore[attr-defined]


def is_in_mail(part: Tree) -> bool:
    return getattr(part, "_octets", None) is not None


def fetch(part: Tree) -> Tree:
    """The part with what was left in the mail copied into it, for readers that know nothing of that."""
    for inner in part.walk():
        if (octets := getattr(inner, "_octets", None)) is not None:
            inner.set_payload(bytes(octets).decode("ascii", "surrogateescape"))
            del inner._octets  # type: ignore[attr-defined]
    return part


def _undo_in_mail(octets: memoryview, part: Tree) -> bytes:
    stand_in = getattr(part, "_payload", "")
    if _encoding(part) == "base64" and is_clean_base64(stand_in.encode("utf-8", "surrogateescape")):
        with contextlib.suppress(binascii.Error):  # half a group at its end
            return binascii.a2b_base64(octets)
    return undo(bytes(octets), _encoding(part))


def is_message(part: Tree) -> bool:
    return content_type(part).startswith("message/")


def is_encoded(part: Tree) -> bool:
    """Whether a transfer encoding changes the octets."""
    return _encoding(part) in ("base64", "quoted-printable")


def _encoding(part: Tree) -> str:
    return unfold(raw_value(part, "content-transfer-encoding")).strip().strip("\"'").lower()


def undo(octets: bytes, encoding: str) -> bytes:
    """``octets`` with a content transfer encoding undone; as they are when it is unknown or does not fit."""
    try:
        if encoding == "base64":
            return decode_base64(octets)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(octets)
        if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
            return _undo_uuencode(octets)
    except (binascii.Error, ValueError):
        pass
    return octets


def _undo_uuencode(octets: bytes) -> bytes:
    lines = iter(octets.splitlines())
    for line in lines:
        if line.startswith(b"begin "):
            break
    out = []
    for line in lines:
        if line.strip() == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:  # trailing blanks were cut or added: take as many characters as the length octet says
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            out.append(binascii.a2b_uu(line[:length]) if length else b"")
    return b"".join(out) or octets


def as_sent(message: Tree) -> bytes:
    """A message found inside another, byte by byte as it came (the stdlib's generator folds headers anew).

    What the tree does not tell is guessed: a blank after the colon of every header but an empty one, and one line end.
    """
    end = "\r\n" if _has_crlf(message) else "\n"
    return "".join(_write(message, end)).encode("utf-8", "surrogateescape")


def _write(part: Tree, end: str) -> Iterator[str]:
    for name, value in raw_headers(part):
        yield f"{name}: {value}{end}" if value else f"{name}:{end}"
    if not any(isinstance(defect, MissingHeaderBodySeparatorDefect) for defect in part.defects):
        yield end
    inside = getattr(part, "_payload", None)
    if not isinstance(inside, list):
        yield inside if isinstance(inside, str) else ""
    elif part.get_content_maintype() == "multipart":
        yield from _write_multipart(part, children(part), end)
    else:  # one message, or the groups of fields of a delivery report
        for child in children(part):
            yield from _write(child, end)


def _write_multipart(part: Tree, inside: list[Tree], end: str) -> Iterator[str]:
    boundary = part.get_boundary() or ""
    if part.preamble is not None:
        yield f"{part.preamble}{end}"
    for child in inside:
        yield f"--{boundary}{end}"
        yield from _write(child, end)
        yield end
    if not any(isinstance(defect, CloseBoundaryNotFoundDefect) for defect in part.defects):
        yield f"--{boundary}--"
        yield f"{end}{part.epilogue}" if part.epilogue is not None else end


def read_again(part: Tree, declared: str) -> Tree:
    """A multipart as one leaf of the type that is declared, with the octets that stood below its header block."""
    leaf = Tree()
    for name, value in raw_headers(part):
        if name.lower() != "content-type":
            leaf[name] = value
    leaf["Content-Type"] = declared
    leaf.set_payload("".join(_write_multipart(part, children(fetch(part)), "\r\n" if _has_crlf(part) else "\n")))
    return leaf


def _has_crlf(message: Tree) -> bool:
    if any("\r\n" in value for _, value in raw_headers(message)):
        return True
    while inside := children(message):
        message = inside[0]
    content = getattr(message, "_payload", None)
    return isinstance(content, str) and "\r\n" in content[:2000]


def text(part: Tree) -> str:
    """A text part as a person reads it: decoded, clean, LF line ends, format=flowed joined (RFC 3676)."""
    octets, kind = payload(part), content_type(part)
    declared = param(part, "charset")
    if kind == "text/html" and not declared and (meta := _META_CHARSET.search(octets[:2048])):
        declared = meta[1].decode("ascii")
    plain = charset.clean(charset.decode(octets, declared))
    if kind == "text/plain" and param(part, "format").lower() == "flowed":
        return join_flowed(plain, delsp=param(part, "delsp").lower() == "yes")
    return plain


def join_flowed(plain: str, delsp: bool = False) -> str:
    """RFC 3676 section 4: a line that ends in a space goes on in the next one of the same quote depth."""
    out: list[str] = []
    paragraph: list[str] = []  # pieces of the line that goes on
    open_depth = -1  # its quote depth, -1 when none goes on
    for line in plain.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        if content.startswith(" "):
            content = content[1:]  # stuffed
        signature = content == "-- "
        if depth != open_depth or signature:
            out.append("".join(paragraph))
            paragraph = [f"{'>' * depth} " if depth else ""]
        flows = content.endswith(" ") and not signature
        paragraph.append(content[:-1] if flows and delsp else content)
        open_depth = depth if flows else -1
    out.append("".join(paragraph))
    return "\n".join(line.rstrip(" ") if line.strip() != "--" else line for line in out[1:])
