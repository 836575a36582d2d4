"""The month's report as management reads it, recounted from the store by other means, and the command that makes it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import openpyxl
import pytest
from selectolax.lexbor import LexborHTMLParser

from mailgate import cli, clock
from mailgate.desk.report import Month
from mailgate.judgement import Desk
from mailgate.letters import drawing, report, report_xlsx
from mailgate.letters.drawing import Drawn, draw
from mailgate.letters.render import built_in
from mailgate.settings import Settings, load
from mailgate.settings import Store as StoreSettings
from mailgate.store.base import open_store
from mailgate.store.models import Client, Pqrs, Rating, Ticket, database
from tests.conversations.conftest import DESK
from tests.stories import Direct, Person, Received

BOGOTA = ZoneInfo("America/Bogota")
FREE = holidays.country_holidays("CO", years=[2026, 2027])


@pytest.fixture
def settings(store: StoreSettings) -> Settings:
    """Two managers are copied on everything, one of them reads English; a third one on complaints only."""
    addresses = {
        "MAILGATE_DESK_PQRS_ADDRESS": "pqrs@desk.co",
        "MAILGATE_DESK_MANAGEMENT": '["gerencia@desk.co"]',
        "MAILGATE_PQRS_MANAGERS": '{queja = ["juridica@desk.co"]}',
    }
    return load(None, {**DESK, "MAILGATE_STORE_URL": store.url, **addresses})


@pytest.fixture
def gerencia(road: Direct) -> Person:
    return Person(road, "gerencia@desk.co", "Gerencia")


# What no engine does differently is played on one.
on_sqlite = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def tick(desk: Desk, road: Direct, text: str) -> int:
    road.now = at(text)
    return clock.tick(desk, road.now, (clock.send_report,))


def autumn(road: Direct, juan: Person, ana: Person, otra: Person) -> None:
    """September to November 2026: six PQRS, one of them late, one extended, one open; and an ordinary ticket."""

    def filed(who: Person, day: str, subject: str) -> Received:
        road.now = at(f"{day} 09:00")
        who.writes(subject, "Lo que pasó.", to="pqrs@desk.co")
        ana.read = len(ana._inbox()) - 1
        return ana.receives(subject.split(":")[-1].strip())

    def answered(notice: Received, day: str, text: str = "#respuesta-pqrs\n\nDisculpe.") -> None:
        road.now = at(f"{day} 15:00")
        ana.replies(notice, text)

    first = filed(juan, "2026-09-14", "Queja: mala atención")
    second = filed(otra, "2026-09-29", "Reclamo: doble cobro")
    answered(first, "2026-09-18")
    third = filed(juan, "2026-10-02", "PQRS: =SUMA(1;2) petición de información")
    fourth = filed(juan, "2026-10-13", "Queja: demora")
    answered(third, "2026-10-19")  # 5-9 five, over 12, 13-16 nine, 19 ten: the last day
    answered(second, "2026-10-23")  # due on the 21st
    answered(fourth, "2026-10-27", "#prorroga 2026-11-10 Falta el concepto del <banco>.")
    filed(otra, "2026-10-29", "Sugerencia: horario")
    road.now = at("2026-10-30 10:00")
    juan.writes("No imprime", "La factura se queda a medias.")
    answered(fourth, "2026-11-03")


def numbers(letter: Received, title: str) -> list[list[str]]:
    """The rows of one table of the letter."""
    tree = LexborHTMLParser(letter.html)
    heading = next(one for one in tree.css("h2") if one.text() == title)
    place = heading.next
    while place is not None and not (place.tag == "div" and place.css("table")):
        place = place.next
    assert place is not None
    return [[cell.text() for cell in row.css("td")] for row in place.css("tr") if row.css("td")]


def recount(first: date, after: date) -> dict[str, Counter[str]]:
    """The month by type and by client, by other means than the program's: rows and a calendar, nothing else."""
    found: dict[str, Counter[str]] = {}
    for row in Pqrs.select():
        day = row.filed_at.astimezone(BOGOTA).date()
        answered = row.answered_at.astimezone(BOGOTA).date() if row.answered_at else None
        if day >= after or (answered and answered < first):
            continue
        in_time = answered if answered and answered < after else None
        said = ("on time" if in_time <= row.due_on else "late") if in_time else "open"
        said = "overdue" if said == "open" and row.due_on < after else said
        ticket = Ticket.get_by_id(row.ticket_id)
        client = Client.get_by_id(ticket.client_id).name if ticket.client_id else ""
        for key in ("all", row.type, client):
            counts = found.setdefault(key, Counter())
            counts.update([said, "filed" if day >= first else "found open"])
            if in_time:
                counts["days"] += sum(
                    one.weekday() < 5 and one not in FREE
                    for one in (row.counts_from + timedelta(n) for n in range(1, (in_time - row.counts_from).days + 1))
                )
    return found


def row_of(counts: Counter[str]) -> list[str]:
    told = [str(counts[key]) for key in ("found open", "filed", "on time", "late", "open", "overdue")]
    answered = counts["on time"] + counts["late"]
    return [*told, f"{counts['days'] / answered:.1f}".replace(".", ",") if answered else "–"]


def test_management_reads_the_month_on_its_first_business_morning_once(
    desk: Desk, road: Direct, juan: Person, ana: Person, gerencia: Person, person
) -> None:
    """1 November 2026 is a Sunday, Monday 2 a holiday: the report of October comes on Tuesday 3, at eight."""
    otra = person("otra@otra.co", "Olga")
    autumn(road, juan, ana, otra)
    juridica = person("juridica@desk.co")
    gerencia.read, juridica.read = len(gerencia._inbox()), len(juridica._inbox())
    assert [tick(desk, road, day) for day in ("2026-11-01 10:00", "2026-11-02 10:00", "2026-11-03 07:59")] == [0, 0, 0]
    assert tick(desk, road, "2026-11-03 08:00") == 1
    assert [tick(desk, road, day) for day in ("2026-11-03 08:01", "2026-11-04 10:00", "2026-11-30 23:00")] == [0] * 3
    letter = gerencia.receives("Informe de PQRS de octubre de 2026", "PQRS radicadas en octubre de 2026: 3")
    gerencia.receives_nothing()
    juridica.receives_nothing()  # is copied on complaints only, and reads of nothing else
    assert letter.automatic
    assert letter.message["To"].count("@") == 1

    counted = recount(date(2026, 10, 1), date(2026, 11, 1))
    assert counted["all"] == Counter(
        {"found open": 1, "filed": 3, "on time": 1, "late": 1, "open": 2, "days": 10 + 17}
    )  # and by hand
    types = {"queja": "queja", "reclamo": "reclamo", "informacion": "petición de información"}
    rows = {row[0]: row[1:] for row in numbers(letter, "Por tipo")}
    assert rows["Total"][:7] == row_of(counted["all"])
    for key, name in (types | {"sugerencia": "sugerencia"}).items():
        assert rows[name][:7] == row_of(counted[key]), name
    clients = {row[0]: row[1:] for row in numbers(letter, "Por cliente")}
    assert clients == {name: row_of(counted[name]) for name in ("Empresa S.A.", "Otra S.A.S.")}
    summary = {row[0]: row[1:] for row in numbers(letter, "El mes frente al anterior")}
    assert summary["PQRS radicadas"] == ["3", "2", "+1"]
    assert summary["A tiempo, de las respondidas y vencidas (%)"] == ["50,0", "100,0", "−50,0"]
    tickets = {row[0]: row[1:] for row in numbers(letter, "Los tickets y la satisfacción, al lado")}
    assert tickets["Tickets abiertos en el mes"] == ["4", "2", "+2"]
    assert numbers(letter, "Prórrogas y su motivo") == [
        ["PQRS-2026-000004", "10 nov 2026", "Falta el concepto del <banco>."]
    ]
    assert [row[1:] for row in numbers(letter, "Los últimos meses")][-2:] == [
        ["2", "1", "1", "0", "0"],
        ["3", "2", "1", "1", "0"],
    ]
    _files_agree(letter, counted)


def _files_agree(letter: Received, counted: dict[str, Counter[str]]) -> None:
    """Pictures in the letter, a PDF, and a spreadsheet whose numbers are numbers, and whose formulas are words."""
    parts = {str(part.get_filename()): part for part in letter.message.walk() if part.get_filename()}
    pdf, xlsx = (next(parts[name] for name in parts if name.endswith(ending)) for ending in (".pdf", ".xlsx"))
    assert pdf.get_content().startswith(b"%PDF")
    for key in ("states", "days", "trend"):
        assert parts[f"{key}.png"].get_content().startswith(b"\x89PNG")
        assert f"cid:{parts[f'{key}.png']['Content-ID'].strip('<>')}" in letter.html
    book = openpyxl.load_workbook(io.BytesIO(xlsx.get_content()))
    total = [cell.value for cell in list(book["Por tipo"].rows)[-1]]
    assert [str(value) for value in total[1:7]] == row_of(counted["all"])[:6]
    every = list(book["Todas las PQRS del mes"].rows)[1:]
    assert [row[0].value for row in every] == [f"PQRS-2026-00000{n}" for n in (2, 3, 4, 5)]
    formula = next(cell for row in every for cell in row if "SUMA" in str(cell.value))
    assert formula.data_type == "s"


@on_sqlite
def test_a_month_without_pqrs_says_so_and_a_desk_without_a_past_says_nothing(
    desk: Desk, road: Direct, juan: Person, gerencia: Person
) -> None:
    assert tick(desk, road, "2026-11-23 10:00") == 0  # there was no desk in October
    juan.writes("No imprime", "La factura se queda a medias.")
    assert tick(desk, road, "2026-12-01 09:00") == 1
    letter = gerencia.receives("En noviembre de 2026 no se radicó ninguna PQRS")
    assert "Por tipo" not in letter.text
    assert "Tickets abiertos en el mes | 1 | 0 | +1" in letter.text


@on_sqlite
def test_after_a_standstill_only_the_latest_month_is_told(
    desk: Desk, road: Direct, juan: Person, gerencia: Person
) -> None:
    road.now = at("2026-09-14 09:00")
    juan.writes("Queja", "x", to="pqrs@desk.co")
    gerencia.receives("Se radicó")
    assert tick(desk, road, "2027-01-20 10:00") == 1
    gerencia.receives("Informe de PQRS de diciembre de 2026", "vencidas 1")
    gerencia.receives_nothing()


@on_sqlite
def test_what_management_replies_to_a_report_is_lost_on_nobody(
    desk: Desk, road: Direct, juan: Person, ana: Person, gerencia: Person
) -> None:
    juan.writes("No imprime", "x")
    ana.read = len(ana._inbox())
    tick(desk, road, "2026-12-01 09:00")
    gerencia.replies(gerencia.receives("Informe"), "¿Por qué hubo tantos tickets?")
    ana.receives("¿Por qué hubo tantos tickets?")


@on_sqlite
def test_without_the_extra_the_letter_goes_with_its_tables_and_says_what_is_missing(
    desk: Desk, road: Direct, juan: Person, gerencia: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "draw", lambda *_: Drawn(problem="typst is not installed"))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    juan.writes("Queja", "x", to="pqrs@desk.co")
    gerencia.receives("Se radicó")
    assert tick(desk, road, "2026-12-01 09:00") == 1
    letter = gerencia.receives("Informe de PQRS", "mailgate[report]", "queja | 0 | 1 | 0 | 0 | 1 | 0")
    assert letter.files == {}
    assert "<img" not in letter.html


def test_a_drawing_that_fails_or_hangs_is_a_word_and_no_exception(tmp_path: Path) -> None:
    (tmp_path / "broken.typ").write_text("#let x = ")
    assert "expected expression" in draw(tmp_path / "broken.typ", ["pdf"], {}).problem
    (tmp_path / "endless.typ").write_text("#let f(n) = range(100000000).map(x => x * n).sum()\n#f(2)")
    assert "longer than 0.5 s" in draw(tmp_path / "endless.typ", ["pdf"], {}, seconds=0.5).problem
    missing = [sys.executable, "-c", "import sys; sys.modules['typst'] = None\nfrom mailgate.letters import drawing\n"]
    missing[-1] += "sys.exit(drawing.main())"
    done = subprocess.run(missing, input=b"{}", capture_output=True)
    assert (done.returncode, b"mailgate[report]" in done.stderr) == (drawing.MISSING, True)


def test_the_drawing_shows_words_as_they_are(tmp_path: Path) -> None:
    """What people wrote is never markup."""
    hostile = '#panic("x") $1$ *a* \\ <b> "quoted" Запрос'
    chart = {"key": "states", "table": "types", "title": hostile, "alt": hostile, "legend": ["a", "b", "c", hostile],
             "rows": [[hostile, [1, 0, 2, 3]]], "most": 6}  # fmt: skip
    table = {"key": "types", "title": hostile, "columns": [[hostile, False]], "rows": [[hostile]], "total": None}
    data = {"title": hostile, "company": hostile, "language": "es", "lead": [hostile], "charts": [chart]} | {
        "words": {"page": "p", "nothing": "n", "how": hostile}, "tables": [table | {"wide": 0, "more": hostile}],
    }  # fmt: skip
    drawn = draw(built_in() / report.SOURCE, ["pdf", "states"], data)
    assert drawn.problem == ""
    assert sorted(drawn.files) == ["pdf", "states"]


@on_sqlite
def test_the_command_tells_writes_and_counts(
    desk: Desk, road: Direct, juan: Person, ana: Person, person, settings: Settings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    autumn(road, juan, ana, person("otra@otra.co", "Olga"))
    Rating.create(ticket=1, address="juan@empresa.co", stars=4, at=at("2026-10-05 10:00"))
    counted = recount(date(2026, 10, 1), date(2026, 11, 1))["all"]
    database.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "es")
    monkeypatch.setattr("mailgate.cli.pqrs_report.now", lambda: at("2026-11-24 10:00"))
    for name, value in {**DESK, "MAILGATE_STORE_URL": settings.store.url}.items():
        monkeypatch.setenv(name, value)
    assert cli.run(["pqrs", "report", "--month", "2026-10", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {key: told["all"][key] for key in ("found_open", "filed", "on_time", "late", "open", "overdue")} == {
        key.replace(" ", "_"): counted[key] for key in ("found open", "filed", "on time", "late", "open", "overdue")
    }
    assert (told["satisfaction"], told["tickets"]["opened"]) == (4.0, 4)
    assert cli.run(["pqrs", "report"]) == 0  # the last whole month
    assert "Informe de PQRS de octubre de 2026" in capsys.readouterr().out
    assert cli.run(["pqrs", "report", "--month", "2026-10", "--out", "informes", "--language", "en"]) == 0
    name = "PQRS-report-of-October-2026"
    assert sorted(path.name for path in Path("informes").iterdir()) == [
        f"{name}.{kind}" for kind in ("html", "pdf", "xlsx")
    ]
    page = Path(f"informes/{name}.html").read_text()
    assert page.count("data:image/png;base64,") == 3
    assert "cid:" not in page
    for wrong, why in (("octubre", "2026-10"), ("2026-13", "2026-10"), ("2027-01", "no ha empezado")):
        assert cli.run(["pqrs", "report", "--month", wrong]) == 64
        assert why in capsys.readouterr().err
    open_store(settings.store)  # the commands closed it
    database.connect()


def test_control_characters_break_no_spreadsheet() -> None:
    table = report_xlsx.Table("x", "a/b:c" * 10, (("Qué\x07", False),), (("a\x00b\ud800",), ("x" * 40_000,)))
    sheet = report_xlsx.spreadsheet([table], "x")
    assert sheet is not None
    assert openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0]["A2"].value == "ab"
    assert str(Month(2026, 1)) == "2026-01"
