"""The MIME tree of a mail, whatever its bytes: never raises.

mail-parser reads, being the reader of record, but for ordinary mails (``ordinary``); the standard library where it
raises; and where that raises too, its header reader alone, with the raw text for a body. The tree is the standard
library's (compat32) in every case.
"""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message as Tree
from email.parser import BytesHeaderParser

from mailparser import MailParser

from mailgate.mail import body, headers
from mailgate.mail.hollow import Hollow, hollow_out
from mailgate.mail.mend import mend
from mailgate.mail.ordinary import read_ordinary

LARGEST_HEADERS_NORMALISED = 32 * 1024  # bytes; mail-parser's time for combining marks grows with their square


def read_tree(raw: bytes, defects: list[str]) -> Tree:
    """The mail's MIME tree, of bytes mended where they must be; what was odd is added to ``defects``."""
    mail = hollow_out(mend(raw, defects))
    return _filled(_read(mail, defects), mail)


def read_hollow(mail: Hollow, defects: list[str]) -> Tree:
    """The same of a mail that is hollow already. A file's octets stay in the mail: ``body.payload`` knows where."""
    mended = mend(mail.raw, defects)
    mail = mail if mended is mail.raw else hollow_out(mended)
    tree = _read(mail, defects)
    if mail.runs:
        for part in body.walk(tree):
            text = getattr(part, "_payload", None)
            if isinstance(text, str) and mail.is_hollow(text) and (octets := mail.view(text)) is not None:
                body.leave_in_mail(part, octets)
    return _filled(tree, mail)


def _read(mail: Hollow, defects: list[str]) -> Tree:
    if len(headers.header_block(mail.raw)) > LARGEST_HEADERS_NORMALISED:
        return parse_inner(mail.octets, defects)
    tree = read_ordinary(mail.octets)
    return tree if tree is not None else _read_by_record(mail, defects)


def read_by_record(raw: bytes, defects: list[str]) -> Tree:
    """The tree as mail-parser reads it."""
    mail = hollow_out(raw)
    return _filled(_read_by_record(mail, defects), mail)


def _read_by_record(mail: Hollow, defects: list[str]) -> Tree:
    try:
        read = _Reader.from_bytes(mail.octets)
        defects.extend(sorted(_DEFECTS.get(name, name) for name in read.defects_categories))
        return read.message
    except Exception as error:  # its own and half a dozen of others (TypeError, ValueError, AttributeError)
        defects.append(f"mail-parser could not read it ({type(error).__name__}); the standard library did.")
    return parse_inner(mail.octets, defects)


def _filled(tree: Tree, mail: Hollow) -> Tree:
    """The tree with every run back in its place, but those left in the mail."""
    for part in tree.walk() if mail.runs else ():
        for place in ("_payload", "preamble", "epilogue"):
            text = getattr(part, place, None)
            if isinstance(text, str) and mail.is_hollow(text) and not (place == "_payload" and body.is_in_mail(part)):
                setattr(part, place, mail.filled(text))
    return tree


def parse_inner(raw: bytes, defects: list[str]) -> Tree:
    """A message or part found inside a mail, by the standard library alone."""
    try:
        return message_from_bytes(raw)
    except Exception as error:
        defects.append(f"Its structure could not be read ({type(error).__name__}); the body is its raw text.")
        return BytesHeaderParser().parsebytes(raw)


class _Reader(MailParser):
    """mail-parser without its reading of bodies, which are read from the tree, and without its summary of the mail.

    It would decode bodies by whatever codec the sender names (punycode: 10 s for 400 kB), normalise them (20 s for
    800 kB of combining marks) and write all headers into two dictionaries, and we would throw its result away.
    """

    def _decode_body_payload(self, part: Tree, charset: str, part_index: int) -> str:
        return ""

    def _make_mail(self, complete: bool = True) -> dict[str, object]:
        return {}


_DEFECTS = {
    "NoBoundaryInMultipartDefect": "A multipart names no boundary.",
    "StartBoundaryNotFoundDefect": "A multipart's boundary does not appear.",
    "CloseBoundaryNotFoundDefect": "A multipart is not closed.",
    "MissingHeaderBodySeparatorDefect": "A line among the headers is no header.",
    "FirstHeaderLineIsContinuationDefect": "The first header line is a continuation.",
    "MultipartInvariantViolationDefect": "A multipart has no parts.",
    "MisplacedEnvelopeHeaderDefect": "An mbox separator stands among the headers.",
    "InvalidMultipartContentTransferEncodingDefect": "A multipart is encoded as a whole.",
    "InvalidBase64PaddingDefect": "Base64 without its padding.",
    "InvalidBase64CharactersDefect": "Base64 with other characters in it.",
    "InvalidBase64LengthDefect": "Base64 of a wrong length.",
    "CharsetDecodeDefect": "A text is not in the charset it names.",
    "AddressHeaderDefect": "An address header is malformed.",
    "ReceivedHeaderDefect": "A Received header is malformed.",
    "DateHeaderDefect": "A date is malformed.",
    "MimeHeaderDefect": "A MIME header is malformed.",
}
