"""Files looked at by clamd: what it finds waits for the operator; while it is down files wait, and words do not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailgate.judgement import Desk
from mailgate.scan import LEFT_ALONE, NotScanned, Scanner
from mailgate.settings import Clamav
from mailgate.store.models import File, Intake, Ticket
from tests.servers.clamd import EICAR, Clamd, UnixClamd
from tests.stories import Direct, Person

PDF = ("captura.pdf", "application/pdf", b"%PDF-1.4 limpio")
BAD = ("factura.txt", "text/plain", EICAR)


@pytest.fixture
def clamd() -> Iterator[Clamd]:
    with Clamd() as server:
        yield server


@pytest.fixture
def scanned(road: Direct, clamd: Clamd) -> Direct:
    """The desk with that clamd."""
    road.desk = _with(road.desk, clamd.address)
    return road


def _with(desk: Desk, address: str) -> Desk:
    return replace(desk, scan=Scanner(Clamav(address=address, seconds=5)))


def outcomes() -> list[str]:
    return [row.outcome or row.state for row in Intake.select().order_by(Intake.id)]


def test_a_clean_file_arrives(scanned: Direct, clamd: Clamd, juan: Person, ana: Person) -> None:
    juan.writes("Impresora", "Mire la captura.", files=[PDF])
    juan.receives("[#1]")
    assert ana.receives().files["captura.pdf"] == PDF[2]
    assert len(clamd.asked) == 1


def test_an_infected_mail_waits_for_the_operator_and_nobody_gets_it(scanned: Direct, juan: Person, ana: Person) -> None:
    juan.writes("Factura", "Adjunto.", files=[BAD])
    assert outcomes() == ["quarantined"]
    assert "EICAR" in Intake.get().reason
    juan.receives_nothing()
    ana.receives_nothing()


def test_words_alone_are_not_scanned(scanned: Direct, clamd: Clamd, juan: Person) -> None:
    juan.writes("Impresora", "No imprime.")
    assert clamd.asked == []
    assert outcomes() == ["ticket"]


def test_when_clamd_is_down_files_wait_four_hours_and_then_go_in_withheld(
    road: Direct, juan: Person, ana: Person
) -> None:
    road.desk = _with(road.desk, "127.0.0.1:1")
    juan.writes("Impresora", "Mire la captura.", files=[PDF])
    juan.writes("Otra cosa", "Sin archivos: esto no espera.")
    assert outcomes() == ["pending", "ticket"]
    for _ in range(47):
        road.now += timedelta(minutes=5)
        road.works()
    assert outcomes() == ["pending", "ticket"], "nobody counts these as tries"
    road.now += timedelta(minutes=10)
    road.works()
    assert outcomes() == ["ticket", "ticket"]
    [file] = File.select()
    assert "not scanned" in file.withheld
    ana.receives()
    notice = ana.receives("captura.pdf")
    assert "captura.pdf" not in notice.files


def test_when_it_comes_back_in_time_the_file_is_scanned_and_delivered(road: Direct, juan: Person, ana: Person) -> None:
    with Clamd() as first:
        address, port = first.address, first.server_address[1]
    road.desk = _with(road.desk, address)
    juan.writes("Impresora", "Mire la captura.", files=[PDF])
    assert outcomes() == ["pending"]
    with Clamd(port=port):
        road.desk = _with(road.desk, address)  # a minute later it is asked again
        road.now += timedelta(minutes=6)
        road.works()
    assert outcomes() == ["ticket"]
    assert ana.receives().files["captura.pdf"] == PDF[2]


def test_a_released_mail_is_not_held_a_second_time(road: Direct, juan: Person) -> None:
    road.desk = replace(_with(road.desk, "127.0.0.1:1"), settings=_no_hold(road.desk))
    juan.writes("Impresora", "Mire la captura.", files=[PDF])
    assert outcomes() == ["ticket"], "hold_hours = 0 delivers at once, withheld"
    assert Ticket.select().count() == 1


def _no_hold(desk: Desk):  # type: ignore[no-untyped-def]
    return desk.settings.model_copy(update={"clamav": Clamav(address="127.0.0.1:1", hold_hours=0)})


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"\xff\xfe\0", b"stream: OK but\0"])
def test_an_odd_answer_is_none(says: bytes) -> None:
    with Clamd(says=says or b"\0") as server, pytest.raises(NotScanned):
        Scanner(Clamav(address=server.address))(b"x")


def test_a_clamd_that_is_silent_is_asked_once_a_minute() -> None:
    now = [0.0]
    with Clamd(is_mute=True) as server:
        scan = Scanner(Clamav(address=server.address, seconds=0.2), lambda: now[0])
        for _ in range(5):
            with pytest.raises(NotScanned):
                scan(b"x")
        assert len(server.asked) == 1
        server.is_mute = False
        now[0] += LEFT_ALONE + 1
        assert scan(b"x" * 1_000_000) == ""
        assert scan(EICAR) == "Win.Test.EICAR_HDB-1"


def test_a_unix_socket_is_as_good(tmp_path: Path) -> None:
    with UnixClamd(tmp_path / "clamd.sock") as server:
        assert Scanner(Clamav(address=server.address))(EICAR).startswith("Win.Test")


@pytest.mark.skipif(shutil.which("clamd") is None, reason="clamav-daemon is not installed")
def test_the_real_one_says_the_same() -> None:
    """Only where it runs on its usual socket: its database takes minutes to load."""
    socket = Path("/var/run/clamav/clamd.ctl")
    if not socket.exists():
        pytest.skip("no clamd is running")
    scan = Scanner(Clamav(address=str(socket)))
    assert scan(b"hola") == ""
    assert "Eicar" in scan(EICAR).title()
