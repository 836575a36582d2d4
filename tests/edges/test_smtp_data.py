"""The octets of a mail on the wire: where it ends, what is kept of it, how much of it is taken."""

from __future__ import annotations

import asyncio
import resource
import threading

import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.intake.smtp_data import Content
from mailgate.settings import Limits
from tests.servers.listener import DESK, Line, Listening

HEAD = b"From: ana@cliente.co\r\nSubject: x\r\n\r\n"
SECOND = f"MAIL FROM:<jefe@acme.co>\r\nRCPT TO:<{DESK}>\r\nDATA\r\nSubject: [#1] x\r\n\r\n#cerrar\r\n.\r\n".encode()


@pytest.fixture
def port(tmp_path):
    with Listening(tmp_path, limits=Limits(free_disk_bytes=0, mail_bytes=100_000)) as listening:
        yield listening


# Where it ends


@pytest.mark.parametrize(
    "end",
    [
        b"\n.\n",
        b"\n.\r\n",
        b"\r\n.\n",
        b"\r.\r",
        b"\r\n.\r",
        b"\r.\r\n",
        b"\r\n\x00.\r\n",
        b"\r\n.\x00\r\n",
        b"\r\n. \r\n",
    ],
)
def test_only_crlf_dot_crlf_ends_a_mail(port, end):
    """SMTP smuggling: what looks like an end to another server stays inside the one mail."""
    with port.line() as client:
        client.begins()
        client.sends(HEAD + b"hola %r" % end + end + SECOND)
        assert client.hears().startswith("250 2.6.0")
        assert client.says("NOOP").startswith("250 ")
    [raw] = port.raws()
    assert raw == (HEAD + b"hola %r" % end + end + SECOND[:-3]).replace(b"\r\n.", b"\r\n")


@pytest.mark.parametrize(
    ("wire", "kept"),
    [
        (b".\r\n", b""),
        (b"\r\n.\r\n", b"\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b".x\r\n.\r\n", b"x\r\n"),
        (b"a\r\n...\r\n.\r\n", b"a\r\n..\r\n"),
        (b"a\n.b\r\n.\r\n", b"a\n.b\r\n"),
        (b"a\r.b\r\n.\r\n", b"a\r.b\r\n"),
        (b"\xff\x00\x1a\x80\r\n.\r\n", b"\xff\x00\x1a\x80\r\n"),
        (b"\r\n\r\r\n.\r\n", b"\r\n\r\r\n"),
    ],
)
def test_dots_are_unstuffed_and_nothing_else_is_touched(wire, kept):
    content = Content(Limits())
    assert content.feed(wire + b"QUIT\r\n") == b"QUIT\r\n"
    assert content.octets() == kept


PIECES = st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"..", b"a", b"\r\n.", b"\x00", b"\xe1", b" ", b"hola " * 30])
BODIES = st.lists(PIECES, max_size=40).map(b"".join)


@settings(deadline=None, max_examples=300)
@given(BODIES, st.lists(st.integers(1, 40), max_size=30))
def test_however_the_network_cuts_it_the_mail_is_the_same(body, cuts):
    wire = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in body.split(b"\r\n")) + b"\r\n.\r\n"
    content, sent = Content(Limits()), wire + b"QUIT\r\n"
    rest = None
    for cut in [*cuts, len(sent)]:
        chunk, sent = sent[:cut], sent[cut:]
        rest = content.feed(chunk)
        if rest is not None:
            break
    assert content.octets() == body + b"\r\n"
    assert (rest or b"") + sent == b"QUIT\r\n"


class Keeping:
    """A handler for aiosmtpd's own SMTP that keeps what it was given."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        self.taken.append(envelope.content)  # type: ignore[attr-defined]
        return "250 OK"


@pytest.fixture(scope="module")
def stock():
    """(port, handler) of an unchanged aiosmtpd."""
    loop, handler = asyncio.new_event_loop(), Keeping()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    making = loop.create_server(lambda: SMTP(handler, hostname="stock", loop=loop), "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(making, loop).result()
    yield server.sockets[0].getsockname()[1], handler
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_what_we_take_is_what_aiosmtpd_would_take(port, stock):
    """The same octets on the wire, to both; ours may differ in speed and bounds, never in the mail."""
    stock_port, handler = stock
    number = iter(range(10**6))

    @settings(deadline=None, max_examples=150)
    @given(BODIES.filter(lambda body: max(map(len, body.split(b"\r\n"))) < 990))  # longer lines aiosmtpd refuses
    def compare(body: bytes) -> None:
        wire = b"%d\r\n" % next(number) + body + b"\r\n.\r\n"
        for where in (port.port, stock_port):
            with Line(where) as line:
                line.hears()
                line.says("EHLO x")
                line.begins()
                line.sends(wire)  # what follows the first end, if the body has one, is commands to both
                assert line.hears().startswith("250 ")
        assert port.raws()[-1] == handler.taken[-1]

    compare()


# How much of it is taken


@pytest.mark.parametrize(
    ("content", "reply"),
    [
        (b"x" * 900 + b"\r\n", "250 "),
        ((b"x" * 998 + b"\r\n") * 100, "250 "),
        ((b"x" * 998 + b"\r\n") * 101, "552 5.3.4"),
        (b"\r\n" * 1999, "250 "),
        (b"\r\n" * 2001, "554 5.6.0"),
        (b"\n" * 2001, "554 5.6.0"),
        (b"a" * 2000, "250 "),
        (b"a" * 2001, "554 5.6.0"),
        (b"corta\r\n" + b"a" * 2001 + b"\r\ncorta", "554 5.6.0"),
        (b"b" * 1000 + b"\r\n" + b"a" * 1000, "250 "),
    ],
    ids=range(10),
)
def test_size_lines_and_length_of_lines_have_limits(tmp_path, content, reply):
    few = Limits(free_disk_bytes=0, mail_bytes=100_000, lines=2000, line_bytes=2000)
    with Listening(tmp_path, limits=few) as port, port.line() as client:
        client.begins()
        client.sends(content.removesuffix(b"\r\n") + b"\r\n.\r\n")
        assert client.hears().startswith(reply)
        assert len(port.raws()) == (reply == "250 ")
        assert client.mails(b"Subject: el siguiente\r\n\r\nhola").startswith("250 ")


def test_a_size_announced_is_refused_before_it_is_sent(port):
    with port.line() as client:
        assert client.says("MAIL FROM:<ana@cliente.co> SIZE=100001").startswith("552 5.3.4")
        assert client.says("MAIL FROM:<ana@cliente.co> SIZE=100000").startswith("250 ")


def test_who_sends_far_more_than_allowed_is_cut_off(port):
    with port.line() as client:
        client.begins()
        with pytest.raises(ConnectionError):
            client.sends(b"A" * 100_000_000)


FLOODS = {"one line": b"A" * 65_536, "empty lines": b"\r\n" * 32_768, "bare line feeds": b"\n" * 65_536}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_costs_no_more_memory_than_a_mail(tmp_path, flood):
    """aiosmtpd's own DATA takes 2.9 GB for 33 MB of empty lines."""
    with Listening(tmp_path, limits=Limits(free_disk_bytes=0)) as port, port.line() as client:
        client.begins()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(33 * 16):
            client.sends(flood)
        client.sends(b"\r\n.\r\n")
        assert client.hears()[:1] == "5"
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        assert grown < 100, f"{grown:.0f} MB"


def test_a_big_mail_is_kept_whole(tmp_path):
    big = HEAD + (b"." + b"x" * 75 + b"\r\n") * 320_000
    stuffed = big.replace(b"\r\n.", b"\r\n..")
    with Listening(tmp_path) as port, port.line() as client:
        client.begins()
        client.sends(stuffed + b".\r\n")
        assert client.hears().startswith("250 ")
        assert port.raws() == [big]


def test_many_big_mails_at_once_are_put_off_when_memory_would_not_do(tmp_path):
    few = Limits(free_disk_bytes=0, mail_bytes=100_000)
    with Listening(tmp_path, limits=few) as port:
        lines = [port.line() for _ in range(10)]
        for line in lines:
            line.begins()
            line.sends(HEAD + (b"x" * 70 + b"\r\n") * 1380)
        replies = []
        for line in lines:
            line.sends(b"%d\r\n.\r\n" % id(line))
            replies.append(line.hears()[:9])
            line.hang_up()
        assert set(replies) == {"250 2.6.0", "452 4.3.1"}
        assert replies.count("250 2.6.0") >= 7
        with port.line() as later:
            assert later.mails(HEAD).startswith("250 ")


# Who leaves early


@pytest.mark.parametrize("sent", [b"", b"From: ana", HEAD + b"hola\r\n", HEAD + b"hola\r\n.", HEAD + b"hola\r\n.\r"])
def test_half_a_mail_is_no_mail(port, sent):
    with port.line() as client:
        client.begins()
        client.sends(sent)
        client.socket.shutdown(1)
        assert client.is_over()
    assert port.raws() == []


def test_who_leaves_after_the_dot_may_come_again_and_it_is_one_mail(port):
    mail = HEAD + b"se corta la luz"
    gone = port.line()
    gone.begins()
    gone.sends(mail + b"\r\n.\r\n")
    gone.hang_up()
    with port.line() as back:
        assert back.mails(mail).startswith("250 ")
    assert len(port.raws()) == 1
