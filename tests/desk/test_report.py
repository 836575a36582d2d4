"""The figures of a month: each PQRS in one state, as it stood when the month ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from mailgate.desk.pqrs import Type, rules_of, term_of
from mailgate.desk.report import Case, Extension, Month, Report, Stars, State, TicketCase, lines_of, make_report, window
from mailgate.settings import load

BOGOTA = ZoneInfo("America/Bogota")
RULES = rules_of(load(None, {}))
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)
LATER = datetime(2027, 6, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def case(number: int, filed: str, answered: str = "", kind: Type = Type.COMPLAINT, **changes: object) -> Case:
    moment, radicado = at(filed), f"PQRS-2026-{number:06d}"
    term = term_of(kind, moment, RULES)
    values: dict[str, object] = {
        "subject": f"{radicado} · Mala atención", "category": "", "client": "Empresa S.A.", "filed_at": moment,
        "counts_from": term.counts_from, "days": term.days, "due_on": term.due_on,
        "answered_at": at(answered) if answered else None,
    }  # fmt: skip
    return Case(radicado, kind, **(values | changes))  # type: ignore[arg-type]


def report(
    month: Month, cases: Sequence[Case], tickets: Sequence[TicketCase] = (), now: datetime = LATER, **more: object
) -> Report:
    return make_report(month, cases, tickets, more.get("ratings", ()), RULES.calendar, now)  # type: ignore[arg-type]


def states(month: Month, *cases: Case, now: datetime = LATER) -> list[tuple[str, int]]:
    return [(line.state.value, line.days) for line in lines_of(month, cases, RULES.calendar, now)]


def test_months_go_over_the_years_end() -> None:
    assert (Month(2026, 1).shifted(-1), Month(2026, 12).shifted(1), str(OCTOBER)) == ((2025, 12), (2027, 1), "2026-10")
    assert window(Month(2026, 3), RULES.calendar)[0] == at("2025-10-01 00:00")


def test_an_answer_on_the_last_day_is_on_time_and_on_the_next_one_late() -> None:
    """Filed on 1 October, a Thursday; 15 business days, over Monday 12, end on Friday 23."""
    assert states(OCTOBER, case(1, "2026-10-01 09:00", "2026-10-23 23:59")) == [("on-time", 15)]
    assert states(OCTOBER, case(1, "2026-10-01 09:00", "2026-10-24 00:01")) == [("late", 15)]
    assert states(OCTOBER, case(1, "2026-10-01 09:00", "2026-10-26 09:00")) == [("late", 16)]


def test_what_is_answered_later_was_open_then_and_is_found_open_in_the_next_month() -> None:
    known = case(1, "2026-10-20 09:00", "2026-11-09 09:00")
    assert states(OCTOBER, known) == [("open", 8)]
    assert states(NOVEMBER, known) == [("on-time", 13)]
    assert states(Month(2026, 12), known) == []
    assert report(NOVEMBER, [known]).all.found_open == 1


def test_who_fell_due_on_the_months_last_day_without_an_answer_is_overdue_and_not_a_day_earlier() -> None:
    due_on_the_31st = case(1, "2026-07-08 09:00", kind=Type.PETITION)
    assert due_on_the_31st.due_on == date(2026, 7, 31)
    assert states(Month(2026, 7), due_on_the_31st) == [("overdue", 15)]
    assert states(Month(2026, 7), case(1, "2026-07-09 09:00", kind=Type.PETITION))[0][0] == "open"


def test_an_extension_of_later_changes_nothing_of_before() -> None:
    """The month's report is the same whenever it is asked for."""
    known = case(1, "2026-07-08 09:00", due_on=date(2026, 8, 10), extended_at=at("2026-08-01 09:00"))
    assert states(Month(2026, 7), known)[0][0] == "overdue"
    assert states(Month(2026, 8), known)[0][0] == "overdue"
    in_time = case(1, "2026-07-08 09:00", due_on=date(2026, 8, 10), extended_at=at("2026-07-30 09:00"))
    assert states(Month(2026, 7), in_time)[0][0] == "open"


def test_a_month_that_still_runs_is_told_until_now() -> None:
    now = at("2026-11-10 12:00")
    found = report(NOVEMBER, [case(1, "2026-11-03 09:00"), case(2, "2026-11-20 09:00")], now=now)
    assert (found.until, found.all.filed, found.all.open) == (now, 1, 1)


def test_a_month_without_any_says_so_and_compares_with_the_one_before() -> None:
    found = report(NOVEMBER, [case(1, "2026-10-01 09:00", "2026-10-05 09:00")])
    assert found.empty
    assert (found.before.filed, found.all.average_days, found.all.punctuality) == (1, None, None)


def test_a_month_in_figures_all_of_them() -> None:
    """Three of October by two clients: in time, late, and overdue; one of September that October found open."""
    cases = [
        case(1, "2026-09-28 09:00", "2026-10-02 09:00", client=""),
        case(2, "2026-10-01 09:00", "2026-10-05 09:00", category="Nómina"),
        case(3, "2026-10-01 09:00", "2026-10-27 09:00", Type.CLAIM),
        case(4, "2026-10-02 09:00"),
    ]
    told = report(OCTOBER, cases).all
    assert (told.found_open, told.filed, told.total) == (1, 3, 4)
    assert (told.on_time, told.late, told.answered) == (2, 1, 3)
    assert (told.open, told.overdue, told.unanswered) == (0, 1, 1)
    assert told.days == (4, 2, 17)
    assert told.average_days == 23 / 3
    assert told.punctuality == 2 / 4  # what fell due without an answer counts against it
    found = report(OCTOBER, cases)
    assert {name: one.total for name, one in found.by_client.items()} == {"Empresa S.A.": 3, "": 1}
    assert list(found.by_client) == ["Empresa S.A.", ""]  # the largest first
    assert {name: one.total for name, one in found.by_category.items()} == {"": 3, "Nómina": 1}
    assert [line.filed_now for line in found.lines] == [False, True, True, True]
    assert (found.before.filed, found.before.open, found.trend[-1][0], len(found.trend)) == (1, 1, OCTOBER, 6)
    assert not found.empty


def test_extensions_are_told_in_the_month_in_which_they_were_given() -> None:
    given = case(
        1, "2026-10-01 09:00", due_on=date(2026, 11, 4), extended_at=at("2026-10-20 09:00"), extension_reason="Banco"
    )
    assert report(OCTOBER, [given]).extensions == ((Extension("PQRS-2026-000001", date(2026, 11, 4), "Banco")),)
    assert report(NOVEMBER, [given]).extensions == ()
    assert report(OCTOBER, [given], now=at("2026-10-20 09:00")).extensions == ()


def test_matters_are_counted_whatever_their_accents_and_told_as_they_were_written() -> None:
    subjects = ["Queja: Doble cobró", "RE: doble cobro", "Otra cosa"]
    found = report(OCTOBER, [case(n, "2026-10-01 09:00", subject=f"x · {text}") for n, text in enumerate(subjects)])
    assert found.matters == (("Queja: Doble cobró", 2), ("Otra cosa", 1))


def test_tickets_and_satisfaction_stand_beside() -> None:
    tickets = [
        TicketCase(at("2026-10-01 16:00"), at("2026-10-02 09:00"), at("2026-10-05 09:00")),  # two opening hours
        TicketCase(at("2026-10-30 16:00"), None, None),
        TicketCase(at("2026-09-01 16:00"), at("2026-10-01 08:00"), at("2026-11-05 09:00")),
    ]
    ratings = [Stars(at("2026-10-31 23:59"), 5), Stars(at("2026-10-02 09:00"), 2), Stars(at("2026-11-01 00:00"), 1)]
    desk = report(OCTOBER, [], tickets, ratings=ratings).desk
    assert (desk.opened, desk.answered, desk.closed, desk.open, desk.satisfaction) == (2, 2, 1, 2, 3.5)
    assert report(OCTOBER, [], tickets[:2]).desk.hours == 2.0
    empty = report(OCTOBER, []).desk
    assert (empty.opened, empty.open, empty.hours, empty.satisfaction) == (0, 0, None, None)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@settings(max_examples=50)
@given(st.lists(st.tuples(MOMENTS, st.none() | st.timedeltas(timedelta(0), timedelta(days=80)), st.sampled_from(Type))))
def test_every_pqrs_ends_a_month_in_one_state_and_is_found_open_in_the_next(
    filed: list[tuple[datetime, timedelta | None, Type]],
) -> None:
    cases = []
    for n, (moment, took, kind) in enumerate(filed):
        answered = moment + took if took is not None else None
        cases.append(case(n, moment.replace(tzinfo=None).isoformat(), kind=kind, answered_at=answered))
    found = report(Month(2026, 12), cases)
    for before, (_, tally) in zip([None, *(tally for _, tally in found.trend)], found.trend, strict=False):
        assert tally.found_open + tally.filed == tally.on_time + tally.late + tally.open + tally.overdue
        assert before is None or before.open + before.overdue == tally.found_open
        assert len(tally.days) == tally.answered
    for groups in (found.by_type, found.by_category, found.by_client):
        assert sum(tally.total for tally in groups.values()) == len(found.lines)
    assert all(line.days >= 0 for line in found.lines)
    assert {line.state for line in found.lines} <= set(State)
