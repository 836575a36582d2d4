"""The bytes of a letter: exactly the headers that were meant, whatever the words in them, and MIME that others read."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.letters.compose import LOOP_HEADER, Enclosure, Letter, UnsafeLetter, compose
from mailgate.letters.lines import sanitize_line
from mailgate.mail.charset import clean
from mailgate.mail.message import Address
from mailgate.mail.parse import understand

PLAIN = Letter(
    from_=Address("Soporte", "soporte@desk.example"),
    to=Address("Ana María Muñoz", "ana@cliente.example"),
    subject="Re: [#1042] No imprime",
    text="Hola, Ana:\n\nYa quedó.\n",
    html="<p>Hola, Ana:</p><p>Ya quedó.</p>",
    message_id="<t1042.abcdefgh.abcdefghijklmnop@desk.example>",
    date=datetime(2026, 11, 24, 20, 30, tzinfo=UTC),
)
USUAL = ["From", "To", "Subject", "Date", "Message-ID", "Content-Language", "MIME-Version", "Content-Type"]
# What has broken writers: line ends of every kind, encoded ones, controls, directions, surrogates.
PIECES = [
    *'\r\n\t\x00\x0b\x0c\x1c\x85\u2028\u2029\u202e\u200f\ud800=?_"\\<>@,;:() ',
    "\r\nBcc: x@y.example",
    "=?utf-8?Q?=0D=0ABcc:_x=40y?=",
    "=?utf-8?b?DQpCY2M6IHhAeQ==?=",
    "a" * 90,
    "ñ" * 90,
    "😀",
]
NASTY = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=40).map("".join)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def head(raw: bytes) -> bytes:
    return raw.partition(b"\r\n\r\n")[0]


def fields(raw: bytes) -> list[str]:
    """Names of the header fields as a reader of lines sees them, not as a library does."""
    lines = head(raw).split(b"\r\n")
    assert all(line and b"\r" not in line and b"\n" not in line and b"\0" not in line for line in lines)
    return [line.partition(b":")[0].decode() for line in lines if line[:1] not in b" \t"]


def test_a_letter_reads_back_as_it_was_written() -> None:
    message = read(compose(PLAIN))
    assert message["Subject"] == "Re: [#1042] No imprime"
    assert message["To"] == "Ana María Muñoz <ana@cliente.example>"
    assert message["Date"].datetime == PLAIN.date
    assert message.get_content_type() == "multipart/alternative"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == PLAIN.text
    assert "Ya quedó" in message.get_body(("html",)).get_content()


def test_our_own_reader_understands_our_own_letter() -> None:
    message = understand(compose(PLAIN))
    assert message.subject == PLAIN.subject
    assert message.senders == (PLAIN.from_,)
    assert message.to == (PLAIN.to,)
    assert message.text.strip() == PLAIN.text.strip()
    assert message.defects == ()


@given(NASTY, NASTY, NASTY)
def test_no_word_of_anybody_becomes_a_header(subject: str, name: str, file: str) -> None:
    """Subjects, names and file names are strangers' words: the header block has the fields we meant and no other."""
    letter = replace(
        PLAIN,
        subject=subject,
        from_=Address(name, PLAIN.from_.address),
        to=Address(name, PLAIN.to.address),
        attachments=(Enclosure(file, "text/plain", b"x", content_id=file),),
    )
    raw = compose(letter)
    assert fields(raw) == USUAL
    message = read(raw)
    assert [address.addr_spec for address in message["To"].addresses] == [PLAIN.to.address]
    part = next(iter(message.iter_attachments()))
    assert {name.lower() for name in part} <= {
        "content-type", "content-transfer-encoding", "content-disposition", "content-id",
    }  # fmt: skip
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@given(st.text(max_size=300))
def test_any_subject_arrives_as_the_one_line_it_is(subject: str) -> None:
    told = email.header.decode_header(read_header(compose(replace(PLAIN, subject=subject)), "Subject"))
    assert "".join(text if isinstance(text, str) else text.decode(charset or "ascii") for text, charset in told) == (
        sanitize_line(subject)
    )


def read_header(raw: bytes, name: str) -> str:
    value = email.message_from_bytes(raw)[name]
    return "".join(value.splitlines())


@given(st.text(max_size=2000), st.text(max_size=2000))
def test_any_text_arrives_whole(text: str, html: str) -> None:
    message = read(compose(replace(PLAIN, text=text, html="<p>" + html)))
    bodies = [part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in message.iter_parts()]
    assert bodies == [clean(text), clean("<p>" + html)]


@pytest.mark.parametrize("before", [0, 1, 38, 77])
def test_a_line_that_no_relay_takes_does_not_leave(before: int) -> None:
    """998 octets are the most, wherever the line stands (RFC 5321 4.5.3.1.6)."""
    longest = "😀" * 246 + "@c.example"  # with its field's name
    letter = replace(PLAIN, from_=Address("a" * before, PLAIN.from_.address))
    compose(replace(letter, to=Address("", longest)))
    with pytest.raises(UnsafeLetter, match="998"):
        compose(replace(letter, to=Address("", "a" + longest)))


@given(st.binary(max_size=3000), st.sampled_from(["message/rfc822", "image/png", "text/plain", "x", "multipart/mixed"]))
def test_any_file_arrives_whole(content: bytes, kind: str) -> None:
    raw = compose(replace(PLAIN, attachments=(Enclosure("a.bin", kind, content),)))
    part = next(iter(read(raw).iter_attachments()))
    if part.get_content_type() != "message/rfc822":
        assert part.get_payload(decode=True) == content
    assert fields(raw) == USUAL


def test_a_mail_in_a_letter_is_a_mail_or_else_a_file() -> None:
    """RFC 2046 forbids base64 here; what needs it goes as a file."""
    original = b"From: a@b.example\r\nSubject: x\r\n\r\n--=_trap\r\nhola\r\n"
    parts = read(
        compose(
            replace(
                PLAIN,
                attachments=(
                    Enclosure("a.eml", "message/rfc822", original),
                    Enclosure("b.eml", "message/rfc822", original + "ñ".encode()),
                ),
            )
        )
    ).iter_attachments()
    whole, file = parts
    assert whole.get_content_type() == "message/rfc822"
    assert whole.get_payload(0)["Subject"] == "x"
    assert file.get_content_type() == "application/octet-stream"
    assert file.get_filename() == "b.eml"


def test_images_of_the_text_are_shown_in_it_and_the_rest_is_attached() -> None:
    letter = replace(
        PLAIN,
        html='<p><img src="cid:foto1@x"></p>',
        attachments=(
            Enclosure("foto.png", "image/png", b"\x89PNG", content_id="foto1@x", inline=True),
            Enclosure("otra.png", "image/png", b"\x89PNG", content_id="nobody@x", inline=True),
            Enclosure("año 2026.pdf", "application/pdf", b"%PDF"),
        ),
    )
    message = read(compose(letter))
    assert message.get_content_type() == "multipart/mixed"
    related, *files = message.iter_parts()
    assert related.get_content_type() == "multipart/related"
    assert [part.get_content_type() for part in related.iter_parts()] == ["multipart/alternative", "image/png"]
    assert list(related.iter_parts())[1]["Content-ID"] == "<foto1@x>"
    assert [part.get_filename() for part in files] == ["otra.png", "año 2026.pdf"]


def test_an_automatic_letter_says_so() -> None:
    """RFC 3834, and what Exchange and old programs look at instead."""
    message = read(compose(replace(PLAIN, automatic="auto-replied", bulk=True, loop_mark="abc123")))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Precedence"] == "bulk"
    assert message[LOOP_HEADER] == "abc123"
    assert read(compose(PLAIN))["Auto-Submitted"] is None


def test_a_thread_is_named_by_its_first_and_its_newest_letters() -> None:
    ids = tuple(f"<{n}@x.example>" for n in range(100))
    others = ("not an id", "<" + "y" * 900 + "@z>")
    message = read(compose(replace(PLAIN, in_reply_to=ids[-1], references=(*ids, *others))))
    kept = message["References"].split()
    assert len(kept) == 20
    assert kept[0] == ids[0]
    assert kept[-1] == ids[-1]
    assert message["In-Reply-To"] == ids[-1]


@pytest.mark.parametrize(
    "change",
    [
        {"to": Address("", "a@b.example\r\nBcc: c@d.example")},
        {"to": Address("", "no address")},
        {"to": Address("", "a@b.example, c@d.example")},
        {"to": Address("", "a\u202eb@c.example")},
        {"reply_to": "a@b.example>"},
        {"message_id": "<a b@c>"},
        {"message_id": "<a@b>\r\nBcc: c@d.example"},
        {"automatic": "yes"},
        {"language": "es\r\nX: y"},
        {"loop_mark": "a b"},
    ],
)
def test_what_cannot_stand_in_a_header_stops_the_letter(change: dict[str, object]) -> None:
    with pytest.raises(UnsafeLetter):
        compose(replace(PLAIN, **change))


@pytest.mark.parametrize("address", ['"a b"@c.example', "o'neil+x@c.example", "josé@correo.example", "a@[192.0.2.1]"])
def test_odd_but_right_addresses_are_taken(address: str) -> None:
    assert address.encode() in head(compose(replace(PLAIN, to=Address("", address))))


def test_equal_letters_are_equal_bytes() -> None:
    """A retry is the same mail."""
    assert compose(PLAIN) == compose(replace(PLAIN))


def test_other_alphabets_are_not_blown_up() -> None:
    long = "你好世界" * 1000
    assert len(compose(replace(PLAIN, text=long, html=""))) < len(long.encode()) * 1.5


@pytest.mark.parametrize("text", ["ñ" * 300, "a" * 300, "=?utf-8?q?x?=" * 30])
def test_long_subjects_are_folded(text: str) -> None:
    raw = compose(replace(PLAIN, subject=text))
    subject = raw.partition(b"Subject: ")[2].partition(b"\r\nDate")[0]
    assert all(len(line) <= 78 for line in subject.split(b"\r\n "))
