"""What a stranger may use of the machine through the SMTP port, and that others are served meanwhile."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from mailgate.intake import smtp_line
from mailgate.intake.smtp_limits import Doors, Logins, Memory, peer_address
from mailgate.settings import Limits, Smtp
from tests.servers.listener import DESK, Listening

MAIL = b"Subject: x\r\n\r\nhola"


# Connections


def test_one_address_has_so_many_connections_and_no_more(tmp_path):
    with Listening(tmp_path, max_connections_per_peer=3) as port, contextlib.ExitStack() as open_lines:
        first = open_lines.enter_context(port.line())
        for _ in range(2):
            open_lines.enter_context(port.line())
        refused = open_lines.enter_context(port.calls())
        assert refused.hears().startswith("421 4.7.0")
        assert refused.is_over()
        assert first.mails(MAIL).startswith("250 ")
        first.says("QUIT")
        assert first.is_over()
        with port.line() as another:
            assert another.mails(MAIL + b"2").startswith("250 ")


def test_all_together_have_so_many_connections(tmp_path):
    with Listening(tmp_path, max_connections=2) as port, port.line(), port.line(), port.calls() as third:
        assert third.hears().startswith("421 ")


def test_our_own_mx_is_not_counted(tmp_path):
    trusted = {"trusted_peers": ["127.0.0.0/8"], "max_connections": 1, "max_errors": 2, "max_commands": 10}
    with Listening(tmp_path, **trusted) as port, port.line() as one, port.line() as two:
        for line in (one, two):
            assert [line.says("RCPT TO:<nadie@acme.co>")[:3] for _ in range(30)] == ["503"] * 30
            assert line.mails(MAIL).startswith("250 ")


def test_doors_count_a_network_of_ipv6_as_one():
    doors = Doors(Smtp(max_connections_per_peer=2, trusted_peers=("10.0.0.0/8", "2001:db8:1::/48")))
    assert doors.enter("2001:db8::1")
    assert doors.enter("2001:db8::2")
    assert not doors.enter("2001:db8::3")
    assert doors.enter("2001:db8:0:1::1")
    doors.leave("2001:db8::1")
    assert doors.enter("2001:db8::3")
    assert all(doors.enter("10.1.2.3") and doors.enter("2001:db8:1::5") for _ in range(10))


def test_an_ipv4_address_is_one_however_it_is_written():
    assert peer_address("::ffff:192.0.2.1") == peer_address("192.0.2.1") == "192.0.2.1"
    assert peer_address("fe80::1%eth0") == "fe80::1"


# Talk


def test_after_so_many_errors_the_connection_ends(tmp_path):
    with Listening(tmp_path, max_errors=10) as port, port.line() as client:
        client.says("MAIL FROM:<ana@cliente.co>")
        replies = [client.says(f"RCPT TO:<nombre{n}@acme.co>")[:3] for n in range(11)]
        assert replies == ["550"] * 10 + ["421"]
        assert client.is_over()


def test_unknown_commands_are_errors_too(tmp_path):
    with Listening(tmp_path, max_errors=10) as port, port.line() as client:
        assert [client.says("HOLA")[:3] for _ in range(11)] == ["500"] * 10 + ["421"]


@pytest.mark.parametrize("command", ["NOOP", "RSET", "VRFY ana", "EHLO x", "HELP"])
def test_after_so_many_commands_the_connection_ends(tmp_path, command):
    with Listening(tmp_path, max_commands=50) as port, port.line() as client:
        replies = [client.says(command)[:3] for _ in range(50)]
        assert set(replies[:49]) <= {"250", "252", "214"}
        assert replies[49] == "421"
        assert client.is_over()


def test_a_client_with_much_mail_is_not_idle_talk(tmp_path):
    with Listening(tmp_path, max_commands=10) as port, port.line() as mta:
        for number in range(12):
            assert mta.mails(MAIL + b"%d" % number).startswith("250 ")


# Time


def test_silence_ends_the_connection(tmp_path):
    with Listening(tmp_path, idle_seconds=0.2) as port, port.line() as client:
        assert client.hears() == "421 4.4.2 Timeout"
        assert client.is_over()


def test_a_command_that_dribbles_is_silence(tmp_path):
    with Listening(tmp_path, idle_seconds=0.3) as port, port.line() as client:
        client.socket.settimeout(0.05)
        start = time.monotonic()
        told = b""
        while b"421 " not in told and time.monotonic() < start + 10:
            client.sends(b"E")
            with contextlib.suppress(TimeoutError):
                told += client.socket.recv(100)
        assert b"421 4.4.2" in told


def test_silence_in_a_mail_ends_it(tmp_path):
    with Listening(tmp_path, idle_seconds=0.2) as port, port.line() as client:
        client.begins()
        client.sends(b"Subject: x\r\n")
        assert client.hears() == "421 4.4.2 Timeout"
        assert client.is_over()
        assert port.raws() == []


def test_a_slow_mail_is_honest_as_long_as_it_moves(tmp_path):
    with Listening(tmp_path, idle_seconds=1.5) as port, port.line() as client:
        client.begins()
        quiet = client.socket.dup()
        quiet.settimeout(0.25)
        for number in range(8):  # two seconds in all, never one and a half without a word, on a busy machine either
            client.sends(b"linea %d\r\n" % number)
            with pytest.raises(TimeoutError):
                quiet.recv(1)
        quiet.close()
        client.socket.settimeout(20)
        client.sends(b".\r\n")
        assert client.hears().startswith("250 ")


def test_a_mail_may_not_take_for_ever(tmp_path):
    with Listening(tmp_path, data_seconds=0.4, idle_seconds=0.2) as port, port.line() as client:
        client.begins()
        client.socket.settimeout(0.05)
        start, told = time.monotonic(), b""
        while not told and time.monotonic() < start + 10:
            client.sends(b"x")
            with contextlib.suppress(TimeoutError):
                told = client.socket.recv(100)
        assert told.startswith(b"421 4.4.2")
        assert 0.3 < time.monotonic() - start < 10


def test_a_client_that_reads_nothing_stops_nobody_and_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(smtp_line, "FAREWELL_SECONDS", 0.2)
    with Listening(tmp_path, max_commands=10**6, idle_seconds=0.5, max_connections=2) as port, port.calls() as deaf:
        deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sends(b"EHLO x\r\n" * 40_000)  # 6 MB of replies, more than the network between us takes
        with port.line() as client:
            assert client.mails(MAIL).startswith("250 ")
        deadline = time.monotonic() + 60
        greeted = 0
        while greeted < 2:
            assert time.monotonic() < deadline, "the deaf client still takes a place"
            with port.calls() as one, port.calls() as two:
                greeted = one.hears().startswith("220 ") + two.hears().startswith("220 ")


# The machine


def test_when_the_disk_is_short_senders_are_told_before_they_send(tmp_path):
    with Listening(tmp_path, limits=Limits(free_disk_bytes=10**18)) as port, port.line() as client:
        assert client.says("MAIL FROM:<ana@cliente.co>").startswith("452 4.3.1")
        assert client.says(f"RCPT TO:<{DESK}>").startswith("503 ")


def test_memory_is_counted_over_all_connections():
    memory = Memory(Limits(mail_bytes=10_000))
    assert all(memory.hold(holder, 10_000) for holder in range(8))
    assert not memory.hold("one more", 1)
    memory.release(0)
    assert memory.hold("one more", 1)
    assert memory.hold("one more", 9_999)
    memory.release("unknown")


def test_wrong_logins_are_counted_in_a_quarter_of_an_hour_and_forgotten_after_an_hour():
    clock = [1000.0]
    logins = Logins(lambda: clock[0])
    for _ in range(9):
        logins.failed("192.0.2.1")
    clock[0] += 16 * 60
    logins.failed("192.0.2.1")
    assert logins.may_try("192.0.2.1"), "ten, but not within a quarter of an hour"
    for _ in range(9):
        logins.failed("192.0.2.1")
    assert not logins.may_try("192.0.2.1")
    assert logins.may_try("192.0.2.2")
    clock[0] += 60 * 60
    assert logins.may_try("192.0.2.1")


def test_wrong_logins_from_everywhere_cost_bounded_memory():
    logins = Logins()
    for number in range(20_000):
        logins.failed(f"10.{number // 65536}.{number // 256 % 256}.{number % 256}")
    assert len(logins._failures) <= 10_000
