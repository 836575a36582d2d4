"""Bombs are recognised by counting: each limit has a mail that just breaks it, and an honest mail breaks none."""

from __future__ import annotations

import time

import pytest

from mailgate.mail.limits import find_broken_limit, find_excess
from mailgate.mail.message import Attachment, Message
from mailgate.mail.parse import understand
from mailgate.settings import Limits

LIMITS = Limits()
HEAD = b"From: Ana <ana@cliente.example>\r\nSubject: Consulta\r\n"
HONEST = HEAD + b"\r\nBuenos dias.\r\n"


def _nested(depth: int) -> bytes:
    parts = [b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(depth)]
    return HEAD + b"".join(parts) + b"Content-Type: text/plain\r\n\r\nfondo\r\n"


def _many_parts(count: int) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


BROKEN = {
    "bytes; the most": HONEST + b"x" * LIMITS.mail_bytes,
    "lines; the most": HONEST + b"\r\n" * (LIMITS.lines + 1),
    "a line of more than": HONEST + b"x" * (LIMITS.line_bytes + 1),
    "header block has": HEAD + b"X-A: 1\r\n" * 40_000 + b"\r\n",
    "headers; the most": HEAD + b"X: 1\r\n" * 1001 + b"\r\n",
    "A header has": HEAD + b"X-A: 1" + b"\r\n  fold" * 9_000 + b"\r\n\r\n",
    "parameters": HEAD + b"Content-Type: text/plain" + b"; a=b" * 300 + b"\r\n\r\nx",
    "Received headers": HEAD + b"Received: by a\r\n" * 51 + b"\r\n",
    "deep": _nested(31),
    "deep.": _nested(400),
    "parts.": _many_parts(501),
    "parts": _many_parts(60_000),
    "carriage return": HEAD + b"X-Pad: 1\rFrom: jefe@mesa.example\r\n\r\nx",
    "NUL": HEAD + b"X-Pad: \0\r\n\r\nx",
    "mbox": b"From ana@cliente.example Mon Nov 23 09:00:00 2026\r\n" + HONEST,
}


@pytest.mark.parametrize("words", BROKEN)
def test_broken_limit_is_named_and_the_mail_is_read_all_the_same_without_harm(words: str) -> None:
    start = time.process_time()
    assert words in find_broken_limit(BROKEN[words], LIMITS)
    message = understand(BROKEN[words])
    assert time.process_time() - start < 2
    assert message.defects
    assert [sender.address for sender in message.senders] == ["ana@cliente.example"]


@pytest.mark.parametrize(
    "raw",
    [
        HONEST,
        HEAD + b"Content-Type: text/plain\r\n\r\n" + b"palabra " * 200 + b"\r\n",
        _nested(20),
        _many_parts(80),
        HEAD + b"\r\n" + b"-- \r\n--x\r\n" * 2000,  # dashes are no boundaries
        HEAD + b"\r\n" + b'> Content-Type: multipart/mixed; boundary="%d"\r\n' * 400,  # a pasted log is no structure
        b"",
    ],
    ids=range(7),
)
def test_honest_mail_breaks_no_limit(raw: bytes) -> None:
    assert find_broken_limit(raw, LIMITS) == ""


def test_what_just_fits_is_understood() -> None:
    assert understand(HONEST + b"x" * LIMITS.line_bytes).defects == ()
    assert understand(_nested(30)).text == "fondo"


def _lines(count: int) -> bytes:
    return HONEST + b"\r\n" * (count - HONEST.count(b"\n"))


# limit: (a mail that has so much of it, a small limit)
EXACT = {
    "mail_bytes": (lambda most: HONEST + b"x" * (most - len(HONEST)), 1000),
    "lines": (_lines, 20),
    "line_bytes": (lambda most: HONEST + b"x" * most + b"\nz", 1000),
    "header_bytes": (lambda most: HEAD + b"X-A: " + b"x" * (most - len(HEAD) - 5) + b"\r\n\r\n", 1000),
    "headers": (lambda most: HEAD + b"X: 1\r\n" * (most - 2) + b"\r\nx", 20),
    "one_header_bytes": (lambda most: HEAD + b"X-A: " + b"x" * (most - 6) + b"\r\nX-B: 1\r\n\r\n", 300),
    "received": (lambda most: b"Received: by a\r\n" + HEAD + b"RECEIVED : by b\r\n" * (most - 1) + b"\r\n", 5),
    "parts": (_many_parts, 10),
    "depth": (_nested, 5),
}


@pytest.mark.parametrize("name", EXACT)
def test_a_limit_is_the_most_that_may_be(name: str) -> None:
    mail, most = EXACT[name]
    limits = LIMITS.model_copy(update={name: most})
    assert find_broken_limit(mail(most), limits) == ""
    broken = find_broken_limit(mail(most + 1), limits)
    assert str(most) in broken
    assert broken.endswith(".")


def test_two_hundred_parameters_are_read_and_one_more_is_not_whatever_other_headers_have() -> None:
    assert find_broken_limit(HEAD + b"Content-Type: text/plain" + b"; a=b" * 200 + b"\r\n\r\nx", LIMITS) == ""
    assert find_broken_limit(HEAD + b"CONTENT-Type: text/plain" + b"; a=b" * 201 + b"\r\n\r\nx", LIMITS)
    assert find_broken_limit(HEAD + b"X-Spam: yes" + b"; a=b" * 300 + b"\r\n\r\nx", LIMITS) == ""


def test_attachments_are_counted_when_they_are_known() -> None:
    def files(count: int) -> Message:
        return Message(attachments=(Attachment("a.txt", "text/plain", b"", "0" * 64),) * count)

    limits = LIMITS.model_copy(update={"attachments": 3})
    assert find_excess(files(3), limits) == ""
    assert find_excess(files(4), limits) == "The mail has 4 attachments; the most is 3."
