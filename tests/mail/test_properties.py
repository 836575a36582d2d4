"""Whatever bytes come, one Message comes out: no exception, nothing unstorable, the same each time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from email.message import Message as Tree

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailgate.mail import charset, headers, html
from mailgate.mail.files import LONGEST_NAME, LONGEST_NAME_BYTES, safe_name
from mailgate.mail.limits import find_broken_limit
from mailgate.mail.message import Message
from mailgate.mail.params import parse_params
from mailgate.mail.parse import understand
from mailgate.mail.smime import signed_content
from mailgate.settings import Limits

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

WORDS = st.sampled_from(
    ["hola", "ñandú", "=?utf-8?q?=C3=A1?=", "=?x?b?%%?=", "<a@b.co>", '"', "\0", "\ud800", ">", "From "]
)
VALUE = st.lists(WORDS | st.text(max_size=20), max_size=6).map(" ".join)
HEADERS = """
    From To Cc Subject Date Message-ID References In-Reply-To Content-Type Content-Transfer-Encoding Received
    Content-Disposition Content-ID Auto-Submitted List-Id Return-Path Reply-To X-Mailgate-Secret
"""
NAMES = st.sampled_from(HEADERS.split())
TYPES = st.sampled_from(
    [
        "text/plain",
        "text/html; charset=utf-8",
        "text/plain; charset=punycode",
        "text/plain; charset=utf-16; format=flowed",
        'text/html; charset="\0"',
        "multipart/mixed; boundary=b",
        "multipart/alternative; boundary=c",
        "multipart/report; boundary=b",
        "multipart/mixed",
        "message/rfc822",
        "message/delivery-status",
        "application/ms-tnef; name=winmail.dat",
        "image/png; name*0*=utf-8''a%; name*1=b",
        "text/calendar; method=REPLY",
        "application/pkcs7-mime",
    ]
)
ENCODINGS = st.sampled_from(["7bit", "8bit", "base64", "quoted-printable", "x-uuencode", "nonsense", ""])
BODY = st.sampled_from(
    [
        b"Buenos dias\r\n> cita\r\n-- \r\nAna\r\n",
        "El lun, 23 nov 2026, Ana escribió:\r\n> hola\r\n".encode(),
        b"<div class=gmail_quote><blockquote><table><tr><td>x",
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>a</p>\r\n--b--\r\n",
        b"--c\r\n\r\n--b\r\n\r\n--c--\r\n--b--\r\n",
        b"\x78\x9f\x3e\x22\x00\x01" + b"\x02" * 40,
        b"begin 644 a\n#!!!\nend\n",
        b"Final-Recipient: rfc822; a@b.co\r\nAction: failed\r\nStatus: 5.1.1\r\n",
        b"-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n",
        b"\xff\xfe\x00\x80\r\r\n\0",
    ]
)


@st.composite
def part(draw: st.DrawFn) -> bytes:
    head = f"Content-Type: {draw(TYPES)}\r\nContent-Transfer-Encoding: {draw(ENCODINGS)}\r\n"
    return head.encode("utf-8", "surrogatepass") + b"\r\n" + draw(BODY | st.binary(max_size=60))


@st.composite
def mail(draw: st.DrawFn) -> bytes:
    lines = [f"{draw(NAMES)}: {draw(VALUE)}\r\n" for _ in range(draw(st.integers(0, 6)))]
    head = "".join(lines).encode("utf-8", "surrogatepass")
    parts = draw(st.lists(part(), max_size=4))
    if len(parts) == 1:
        return head + parts[0]
    kind = draw(st.sampled_from([b"mixed", b"alternative", b"related", b"report", b"signed"]))
    body = b"".join(b"--b\r\n" + one + b"\r\n" for one in parts)
    end = draw(st.sampled_from([b"--b--\r\n", b"", b"--b"]))
    return head + b"Content-Type: multipart/" + kind + b'; boundary="b"\r\n\r\n' + body + end


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)


def _check(message: Message) -> None:
    for text in _strings(message):
        assert "\0" not in text
        text.encode("utf-8")
    for line in (message.subject, message.message_id, *(value for _, value in message.headers)):
        assert not set(line) & set("\r\n\u2028\u2029")
    assert not any(name.lower().startswith("x-mailgate-") for name, _ in message.headers)
    assert len(message.content_digest) == 64
    assert not any("mistake of mailgate" in defect for defect in message.defects)


@FEW
@given(st.binary(max_size=400) | mail())
def test_any_bytes_are_understood_the_same_each_time(raw: bytes) -> None:
    message = understand(raw)
    _check(message)
    assert understand(raw) == message
    assert isinstance(find_broken_limit(raw, Limits()), str)


@FEW
@given(mail(), st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_a_mail_damaged_anywhere_is_understood(raw: bytes, at: int, damage: bytes) -> None:
    at %= len(raw) + 1
    _check(understand(raw[:at] + damage + raw[at + 1 :]))


@FEW
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=200))
def test_plain_words_are_never_lost(words: str) -> None:
    """What a person types arrives whole in own text, quote or signature, whatever the words are."""
    raw = b"From: a@b.co\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + words.encode() + b"\r\n"
    message = understand(raw)
    told = message.parts.own + message.parts.quote + message.parts.signature
    assert set(charset.clean(words).split()) <= set(message.text.split())
    assert sorted("".join(told.split())) == sorted("".join(message.text.split()))


@FEW
@given(st.text(max_size=300))
def test_any_html_is_shown_safely(markup: str) -> None:
    safe = html.sanitize(html.visible(markup))
    assert "<script" not in safe.lower()
    assert html.sanitize(safe) == safe
    html.to_text(markup).encode("utf-8")


@FEW
@given(st.text(max_size=400))
def test_any_file_name_is_made_safe_once_and_for_all(wanted: str) -> None:
    name = safe_name(wanted)
    assert name
    assert safe_name(name) == name
    assert len(name) <= LONGEST_NAME
    assert len(name.encode()) <= LONGEST_NAME_BYTES
    assert not set(name) & set("/\\\0\r\n\u202e\u200b")
    assert name[0] not in ".-"


@FEW
@given(st.text(max_size=300))
def test_any_header_value_is_one_clean_line(value: str) -> None:
    tree = Tree()
    tree._headers.append(("Subject", value))  # type: ignore[attr-defined]
    line = headers.get_header(tree, "subject")
    assert not set(line) & set("\0\r\n\u2028")
    line.encode("utf-8")
    for address in headers.parse_addresses(value):
        assert address.address.count("@") >= 1
        str(address).encode("utf-8")
    headers.parse_date(value)
    assert all(one.startswith("<") and one.endswith(">") for one in headers.parse_ids(value))
    for text in parse_params(value).values():
        text.encode("utf-8")


@FEW
@given(
    st.binary(max_size=200), st.sampled_from(["utf-8", "iso-8859-1", "utf-16", "utf-7", "gb2312", "punycode", "\0", ""])
)
def test_any_octets_are_text_in_any_charset(octets: bytes, declared: str) -> None:
    charset.clean(charset.decode(octets, declared)).encode("utf-8")


@given(st.binary(max_size=120))
def test_any_octets_may_call_themselves_signed(octets: bytes) -> None:
    head = bytes.fromhex("308006092a864886f70d010702a0803080020101310006092a864886f70d010701")
    for cms in (octets, head + octets, head + b"\xa0\x80\x24\x80" + octets, head + b"\xa0\x10\x04" + octets):
        content = signed_content(cms)
        assert content is None or content in cms or len(content) <= len(cms)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=100))
def test_honest_utf8_is_kept_letter_by_letter(text: str) -> None:
    octets = text.removeprefix("\ufeff").encode()
    assert charset.decode(octets, "utf-8") == text.removeprefix("\ufeff") or octets.startswith(b"\xef\xbb\xbf")
