"""The MIME tree of a mail, whatever its bytes: never raises.

mail-parser reads, being the reader of record, but for ordinary mails (``ordinary``); the standard library where it
raises; and where that raises too, its header reader alone, with the raw text for a body. The tree is the standard
library's (compat32) in every case.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message as Tree
from email.parser import BytesHeaderParser

from mailparser import MailParser

from mailgate.mail import headers
from mailgate.mail.mend import mend
from mailgate.mail.ordinary import read_ordinary

LARGEST_HEADERS_NORMALISED = 32 * 1024  # bytes; mail-parser's time for combining marks grows with their square

_WORTH_HOLLOWING = 16 * 1024  # bytes
_BASE64_RUN = re.compile(rb"(?<=\n)(?:[A-Za-z0-9+/]{76}\r?\n){32,}[A-Za-z0-9+/]{76}(?=\r?\n)")
_STAND_IN = "MailgatePutsThisLineWhereALongRunOfBase64StoodAndTakesItAwayAgain+++"  # with its number, 76 characters
_STOOD_IN = re.compile(re.escape(_STAND_IN) + r"\d{8}")


def read_tree(raw: bytes, defects: list[str]) -> Tree:
    """The mail's MIME tree, of bytes mended where they must be; what was odd is added to ``defects``."""
    raw = mend(raw, defects)
    if len(headers.header_block(raw)) > LARGEST_HEADERS_NORMALISED:
        return parse_inner(raw, defects)
    hollow, runs = _hollow(raw)
    tree = read_ordinary(hollow)
    return _filled(tree, runs) if tree is not None else read_by_record(raw, defects)


def read_by_record(raw: bytes, defects: list[str]) -> Tree:
    """The tree as mail-parser reads it."""
    try:
        hollow, runs = _hollow(raw)
        mail = _Reader.from_bytes(hollow)
        defects.extend(sorted(_DEFECTS.get(name, name) for name in mail.defects_categories))
        return _filled(mail.message, runs)
    except Exception as error:  # its own and half a dozen of others (TypeError, ValueError, AttributeError)
        defects.append(f"mail-parser could not read it ({type(error).__name__}); the standard library did.")
    return parse_inner(raw, defects)


def _hollow(raw: bytes) -> tuple[bytes, dict[str, str]]:
    """The mail with one line in the place of every long run of base64, and what each of these lines stands for.

    The parser looks at every line, and of a mail with files nearly all are such: none of them can be a header, a
    boundary or anything else that shapes the tree. The line put there is base64 as well, so that nothing looks odd.
    """
    runs: dict[str, str] = {}

    def put_away(run: re.Match[bytes]) -> bytes:
        line = f"{_STAND_IN}{len(runs):08}"
        runs[line] = run[0].decode("ascii")
        return line.encode()

    if len(raw) < _WORTH_HOLLOWING or _STAND_IN.encode() in raw:
        return raw, runs
    return _BASE64_RUN.sub(put_away, raw), runs


def _filled(tree: Tree, runs: dict[str, str]) -> Tree:
    """The tree with every run back in its place."""
    if runs:
        for part in tree.walk():
            for place in ("_payload", "preamble", "epilogue"):
                text = getattr(part, place, None)
                if isinstance(text, str) and _STAND_IN in text:
                    setattr(part, place, _STOOD_IN.sub(lambda line: runs[line[0]], text))
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
