"""Raw bytes to one ``Message``. ``understand`` never raises, never hangs on what ``limits`` lets pass, loses no text.

The way of a mail: structural limits; mail-parser, the reader of record (and the stdlib where it raises, and the bare
bytes where that raises too); one walk over the tree for body and files; the body taken apart; forwards, kind, bounce.
Whatever had to be mended stands in ``defects``, as sentences.
"""

from __future__ import annotations

import hashlib
import html as entities
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from email.message import Message as Tree
from email.parser import BytesHeaderParser
from typing import Any

from mailgate.mail import charset, files, headers, html, limits
from mailgate.mail.bounce import find_bounce
from mailgate.mail.collect import Block, Found, collect
from mailgate.mail.forwarded import find_forwarded
from mailgate.mail.hollow import Hollow, hollow_out
from mailgate.mail.kind import judge
from mailgate.mail.message import Address, Attachment, Forwarded, Kind, Message, Parts
from mailgate.mail.quotes import find_answers, split_text
from mailgate.mail.quotes_html import split_html
from mailgate.mail.tree import read_hollow
from mailgate.settings import Limits

AS_SENT = {
    "authentication-results", "arc-authentication-results", "arc-message-signature", "arc-seal", "delivered-to",
    "dkim-signature", "received", "received-spf", "return-path",
}  # fmt: skip
PRIVATE_PREFIX = "x-mailgate-"  # our own headers, which a stranger may not bring

_MOST = Limits()
_PIECE = 2**20  # bytes
_DEEPEST_FORWARD = 6
_REPORTS = frozenset((Kind.BOUNCE, Kind.DELAY, Kind.RECEIPT))  # what these carry came back and was not forwarded
_MOST_SIGNED_TEXTS = 20  # in one mail; each costs a search through all of it
_PGP_SIGNED = re.compile(
    r"-----BEGIN PGP SIGNED MESSAGE-----\n(?:[\w-]+:[^\n]*\n)*\n(.*?)\n?-----BEGIN PGP SIGNATURE-----"
    r".*?(?:-----END PGP SIGNATURE-----|\Z)",
    re.DOTALL,
)


def understand(
    raw: bytes,
    *,
    own_addresses: Iterable[str] = (),
    known: Sequence[str] = (),
    is_own: bool = False,
    most: Limits | None = None,
    checked: Hollow | None = None,
) -> Message:
    """What ``raw`` says.

    ``own_addresses`` are the desk's; ``known`` the texts of letters we sent, which are quotes wherever they stand;
    ``is_own`` that the caller found our mark on it; ``most`` what may be read (else a message with the reason alone);
    ``checked`` the mail made hollow, by a caller that has looked for bombs in it.
    """
    most = most or _MOST
    mail = checked or hollow_out(raw)
    if checked is None and (reason := limits.find_bomb(raw, most, mail.octets)):
        return _unread(raw, reason)
    defects: list[str] = []
    tree = read_hollow(mail, defects)
    found = collect(tree)
    text, shown = _join_blocks(found.blocks, most)
    text = _shorten(_open_pgp(text, found), found, most)
    message = _read_headers(
        tree,
        text=text,
        attachments=tuple(found.attachments),
        calendar=found.calendar,
        secured=found.secured,
        content_digest=digest(raw, tree),
        defects=tuple(dict.fromkeys([*defects, *found.defects])),
    )
    message = _or_as_it_was(message, lambda: _take_apart(message, shown, known), "taken apart")
    if message.attachments:
        message = replace(message, attachments=_with_shown(message))
    own = frozenset(address.lower() for address in own_addresses)
    return _or_as_it_was(message, lambda: _judge(message, tree, found, own, is_own), "judged")


def _or_as_it_was(message: Message, step: Callable[[], Message], done: str) -> Message:
    """A mistake of ours in a finer step must not keep a person's words from who should read them."""
    try:
        return step()
    except Exception as error:
        parts = message.parts if message.parts.own else Parts(message.text)
        told = f"It could not be {done} ({type(error).__name__}), which is a mistake of mailgate."
        return replace(message, parts=parts, defects=(*message.defects, told))


def _judge(message: Message, tree: Tree, found: Found, own_addresses: frozenset[str], is_own: bool) -> Message:
    """The message with its kind, and with the bounce or the forwards that go with it."""
    kind, reason = judge(tree, subject=message.subject, text=message.text, is_own=is_own, own_addresses=own_addresses)
    bounce = find_bounce(tree, message.text) if kind in _REPORTS or kind is Kind.BULK else None
    forwards = () if kind in _REPORTS else _find_forwards(message, found)
    return replace(message, kind=kind, kind_reason=charset.clean_line(reason), bounce=bounce, forwarded=forwards)


def unquote_known(message: Message, known: Sequence[str]) -> Message:
    """The message with whatever equals the ``known`` letters moved from its own text to the quote, and what was typed
    between their lines moved from the quote to its own text."""
    old, inside = message.parts, find_answers(message.parts.quote, known)
    if message.own_html:
        split = split_html(message.own_html, known, _author(message))
        own_html, parts = html.sanitize(split.own_html, _content_ids(message)), split.parts
    else:
        own_html, parts = "", split_text(old.own, known, _author(message))
    if inside.own and message.html:
        own_html = html.sanitize(
            (own_html or html.from_text(parts.own)) + html.from_text(inside.own), _content_ids(message)
        )
    merged = Parts(
        _joined(parts.own, inside.own), _joined(parts.quote, inside.quote), _joined(parts.signature, old.signature)
    )
    return replace(message, parts=merged, own_html=own_html)


def digest(raw: bytes, tree: Tree) -> str:
    """The same for a mail that came by two roads: of Message-ID, From and body, not of line ends and trace headers."""
    named = "\n".join((*headers.all_headers(tree, "message-id"), *headers.all_headers(tree, "from")))
    hashed = hashlib.sha256(named.encode() + b"\0")
    for piece in _content(raw):
        hashed.update(piece)
    return hashed.hexdigest()


def _content(raw: bytes) -> Iterator[bytes]:
    """The body, its lines ended by LF, without the blanks at its end; piece by piece, for a mail may be large."""
    at, blanks = headers.body_start(raw), b""
    while at < len(raw):
        end = raw.rfind(b"\n", at, at + _PIECE) + 1 or raw.find(b"\n", at + _PIECE) + 1 or len(raw)
        piece = blanks + raw[at:end].replace(b"\r\n", b"\n")
        words = piece.rstrip()
        yield words
        blanks, at = piece[len(words) :], end


def _unread(raw: bytes, reason: str) -> Message:
    """A mail that breaks a limit: who and what by its first headers, its first text as it stands, and the reason."""
    block, rest = headers.split_header_block(raw[:65536])
    tree = BytesHeaderParser().parsebytes(re.sub(rb"\r(?!\n)|\0", b" ", block[:32768]))
    text = charset.clean(charset.decode(rest[:32768]))
    return _read_headers(tree, text=text, parts=Parts(text), content_digest=digest(raw, tree), defects=(reason,))


def _read_headers(tree: Tree, **rest: Any) -> Message:
    """The message of these headers, and of what was found out otherwise."""
    every = [(charset.clean_line(name), _value(name, value)) for name, value in headers.raw_headers(tree)]
    return Message(
        subject=headers.get_header(tree, "subject"),
        senders=headers.header_addresses(tree, "from"),
        reply_to=headers.header_addresses(tree, "reply-to"),
        to=headers.header_addresses(tree, "to"),
        cc=headers.header_addresses(tree, "cc"),
        date=headers.parse_date(headers.get_header(tree, "date")),
        message_id=next(iter(headers.parse_ids(headers.get_header(tree, "message-id"))), ""),
        in_reply_to=headers.parse_ids(" ".join(headers.all_headers(tree, "in-reply-to"))),
        references=headers.parse_ids(" ".join(headers.all_headers(tree, "references"))),
        headers=tuple((name, value) for name, value in every if not name.lower().startswith(PRIVATE_PREFIX)),
        **rest,
    )


def _value(name: str, value: str) -> str:
    """A header as people read it. What servers write has no encoded words: decoding them would let a sender's address
    become a verdict of our own MX (``smtp.mailfrom==?utf-8?q?a=3B_dmarc=3Dpass?=@…``)."""
    return charset.clean_line(value) if name.strip().lower() in AS_SENT else headers.decode_value(value)


def _join_blocks(blocks: Sequence[Block], most: Limits) -> tuple[str, str]:
    """(text, visible HTML) of a body; the HTML is "" when no block has any or all of it is too large to show."""
    seen = _paired([Block(block.text, html.visible(block.html) if block.html else "") for block in blocks])
    texts = [html.to_text(block.html) if _is_stub(block.text, block.html) else block.text for block in seen]
    text = "\n\n".join(part.strip("\n") for part in texts if part.strip())
    if not any(block.html for block in seen):
        return text, ""
    whole = "\n".join(block.html or html.from_text(block.text) for block in seen if block.html or block.text.strip())
    return text, whole if len(whole) <= most.html_bytes else ""


def _paired(blocks: list[Block]) -> list[Block]:
    """Programs that send a text and then its HTML without calling them alternatives mean one body all the same."""
    paired: list[Block] = []
    for block in blocks:
        before = paired[-1] if paired else None
        if before and not before.html and block.html and not block.text and _same_words(before.text, block.html):
            paired[-1] = Block(before.text, block.html)
        else:
            paired.append(block)
    return paired


def _same_words(text: str, visible: str) -> bool:
    return len(text) < 100_000 and _letters(text) == _letters(entities.unescape(_MARKUP.sub(" ", visible[:400_000])))


_WORDS = re.compile(r"\w+")
_SIXTY_WORDS = re.compile(r"\W*+(?:\w++\W++){59}\w")
_MARKUP = re.compile(r"<[^<>]*>")


def _is_stub(text: str, visible: str) -> bool:
    """Whether the plain alternative only says that there is HTML: a handful of words against many."""
    if not visible:
        return False
    if _SIXTY_WORDS.match(text):
        return False
    return len(_WORDS.findall(text)) * 3 < len(_WORDS.findall(_MARKUP.sub(" ", visible[:400_000])))


def _take_apart(message: Message, shown: str, known: Sequence[str]) -> Message:
    """Own words, quote and signature: by the DOM where there is one, because it says what plain text only hints at."""
    if not shown:
        return replace(message, parts=split_text(message.text, known, _author(message)))
    split = split_html(shown, known, _author(message))
    parts = Parts(charset.clean(split.own), charset.clean(split.quote), charset.clean(split.signature))
    if not parts.own.strip() and message.text.strip():
        parts = _own_by_text(message, parts, known)
    content_ids = _content_ids(message)
    safe = html.sanitize(shown, content_ids)
    own_html = safe if split.is_all_of(shown) else html.sanitize(split.own_html, content_ids)
    return replace(message, parts=parts, own_html=own_html, html=safe)


def _own_by_text(message: Message, parts: Parts, known: Sequence[str]) -> Parts:
    """Where the HTML has no own words: those of the plain text, when it marks its quotes or says more than the HTML.

    Without marks the DOM is the better judge of a reply in which nothing was written.
    """
    by_text = split_text(message.text, known, _author(message))
    told = _letters(parts.quote + parts.signature)
    return by_text if "\n>" in by_text.quote or _letters(by_text.own) not in told else parts


def _letters(text: str) -> str:
    return "".join(_WORDS.findall(text))


def _author(message: Message) -> str:
    return message.senders[0].name if message.senders else ""


def _open_pgp(text: str, found: Found) -> str:
    """Clear-signed text without its armour (RFC 4880 section 7); an encrypted one is named and left as it is."""
    if "-----BEGIN PGP " not in text:
        return text
    if text.lstrip().startswith("-----BEGIN PGP MESSAGE-----"):
        found.secured = "encrypted"
        return text
    if text.count("-----BEGIN PGP SIGNED ") > _MOST_SIGNED_TEXTS:
        return text
    opened = _PGP_SIGNED.sub(lambda armour: re.sub(r"(?m)^- ", "", armour[1]), text)
    if opened != text:
        found.secured = found.secured or "signed"
    return opened


def _shorten(text: str, found: Found, most: Limits) -> str:
    """A text too long for a comment ends at a line's end, and is kept whole as a file."""
    if len(text) <= most.text_bytes:
        return text
    found.defects.append("The text is too long to be shown whole; all of it is in a file.")
    found.attachments.append(files.make("text.txt", "text/plain", text.encode(), named=False))
    return text[: most.text_bytes].rpartition("\n")[0] or text[: most.text_bytes]


def _find_forwards(message: Message, found: Found) -> tuple[Forwarded, ...]:
    inline = find_forwarded(message.text, message.subject)
    attached = [_read_attached(tree, message.parts.own, 1) for tree in found.messages]
    return tuple(forward for forward in (inline, *attached) if forward is not None)


def _read_attached(tree: Tree, above: str, depth: int) -> Forwarded:
    """An attached message as the original of a forward, with the first one attached to it, and so on."""
    found = collect(tree)
    text, _ = _join_blocks(found.blocks, _MOST)
    subject = headers.get_header(tree, "subject")
    nested = find_forwarded(text, subject)
    if nested is None and found.messages and depth < _DEEPEST_FORWARD:
        nested = _read_attached(found.messages[0], text, depth + 1)
    return Forwarded(
        sender=next(iter(headers.header_addresses(tree, "from")), Address("", "")),
        subject=subject,
        date=headers.parse_date(headers.get_header(tree, "date")),
        date_text=headers.get_header(tree, "date"),
        to=headers.header_addresses(tree, "to"),
        cc=headers.header_addresses(tree, "cc"),
        body=text,
        message=above,
        attached=True,
        nested=nested,
        attachments=tuple(found.attachments),
    )


def _with_shown(message: Message) -> tuple[Attachment, ...]:
    """The files, those that the HTML shows marked so: many programs call a signature's logo an attachment."""
    return tuple(
        replace(file, inline=file.inline or (bool(file.content_id) and f"cid:{file.content_id}" in message.html))
        for file in message.attachments
    )


def _content_ids(message: Message) -> frozenset[str]:
    return frozenset(file.content_id for file in message.attachments if file.content_id)


def _joined(first: str, second: str) -> str:
    return "\n\n".join(part for part in (first, second) if part.strip())
