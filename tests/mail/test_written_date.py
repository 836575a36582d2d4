"""Dates as mail programs write them above what is quoted or forwarded (``mail/written_date.py``)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailgate.mail.written_date import parse_written_date


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment whose zone nobody wrote."""
    return datetime(year, month, day, hour, minute, second)


def utc(*parts: int) -> datetime:
    return at(*parts).replace(tzinfo=UTC)


WRITTEN = {
    # Spanish, English, Portuguese, and others, as programs write them.
    "jueves, 28 de octubre de 2021 12:46": at(2021, 10, 28, 12, 46),
    "mar., 2 nov 2021 a las 8:05": at(2021, 11, 2, 8, 5),
    "El 3 de marzo de 2026": at(2026, 3, 3),
    "Thursday, October 28, 2021 12:46 PM": at(2021, 10, 28, 12, 46),
    "Thu, Oct 28, 2021 at 12:05 AM": at(2021, 10, 28, 0, 5),
    "28 Oct 2021 at 1:05 p. m.": at(2021, 10, 28, 13, 5),
    "quinta-feira, 28 de outubro de 2021 às 18h30": at(2021, 10, 28, 18, 30),
    "Donnerstag, 28. Oktober 2021 12:46:31": at(2021, 10, 28, 12, 46, 31),
    "28 juin 2021 10:00": at(2021, 6, 28, 10),
    "28 juil. 2021 10:00": at(2021, 7, 28, 10),
    "28 ДЕК 2021 10:00": at(2021, 12, 28, 10),
    # In figures: the day first, unless that cannot be, or the program is American.
    "28/10/2021 12:46": at(2021, 10, 28, 12, 46),
    "10/28/2021 12:46": at(2021, 10, 28, 12, 46),
    "5/6/2021": at(2021, 6, 5),
    "5.6.21 7:00": at(2021, 6, 5, 7),
    "2021-10-28 12:46": at(2021, 10, 28, 12, 46),
    "12.11.2026 08:15": at(2026, 11, 12, 8, 15),
    "12:46, 28/10/2021": at(2021, 10, 28, 12, 46),
    "28\u202foct\xa02021 12:46": at(2021, 10, 28, 12, 46),
    # With a zone: in UTC.
    "Thu, 28 Oct 2021 12:46:31 -0500": utc(2021, 10, 28, 17, 46, 31),
    "28 Oct 2021 12:46 +0200": utc(2021, 10, 28, 10, 46),
    "28/10/2021 12:46 GMT-5": utc(2021, 10, 28, 17, 46),
    "28/10/2021 12:46 UTC+05:30": utc(2021, 10, 28, 7, 16),
    "28/10/2021 12:46 COT": utc(2021, 10, 28, 17, 46),
    "Oct 28, 2021 12:46 PM EST": utc(2021, 10, 28, 17, 46),
    "28 Oct 2021 12:46 CEST": utc(2021, 10, 28, 10, 46),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_date_is_read_as_it_was_meant(text: str) -> None:
    assert parse_written_date(text) == WRITTEN[text]


def test_an_american_program_puts_the_month_first_where_both_can_be() -> None:
    for text, moment in {
        "5/6/2021": at(2021, 5, 6),
        "12/6/2021": at(2021, 12, 6),
        "13/6/2021": at(2021, 6, 13),
    }.items():
        assert parse_written_date(text, month_first=True) == moment


@pytest.mark.parametrize(
    "text",
    ["", "ayer", "12:46", "octubre 2021", "28 de octubre", "31/2/2021", "28/13/2021 0:00", "28 Oct 2021 25:00",
     "28 de octubre de 1969", "0 de octubre de 2021", "32 de octubre de 2021",
     "octubre", "el 28", "en 2021 y 2022", "lunes 28 de 2021"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_written_date(text) is None


def test_an_offset_that_no_place_has_is_not_believed() -> None:
    assert parse_written_date("28/10/2021 12:46 +1400") == utc(2021, 10, 27, 22, 46)
    assert parse_written_date("28/10/2021 12:46 +1430") == at(2021, 10, 28, 12, 46)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)))
def test_figures_are_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    for form in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d.%m.%Y, %H.%M.%S", "%d %b %Y at %I:%M:%S %p"):
        assert parse_written_date(moment.strftime(form)) == moment


@given(st.text(max_size=300))
def test_nothing_raises(text: str) -> None:
    parse_written_date(text)
