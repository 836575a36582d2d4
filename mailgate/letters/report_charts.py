"""What the charts of the report show, as plain values for the drawing, each with the words that say the same. Pure."""

from __future__ import annotations

from typing import Any

from mailgate.desk.report import Line, Report, Tally
from mailgate.letters.report_tables import Tongue

BESIDE = {"states": "types", "days": "types", "trend": "trend"}  # the table whose figures a chart shows
MOST_BARS = 20  # of the chart of days: the slowest against their term


def charts(report: Report, tongue: Tongue) -> list[dict[str, Any]]:
    """``key``, ``title``, ``alt`` and the values of each chart that has something to show."""
    words = tongue.words
    drawn = [_trend(report, tongue)] if any(tally.total for _, tally in report.trend) else []
    if report.empty:
        return [_finished(chart, words) for chart in drawn]
    drawn.insert(0, _states(report, tongue))
    answered = [line for line in report.lines if line.answered]
    if answered:
        drawn.insert(1, _days(answered, tongue))
    return [_finished(chart, words) for chart in drawn]


def _finished(chart: dict[str, Any], words: Any) -> dict[str, Any]:
    key, told = chart["key"], words["charts"]
    return chart | {"table": BESIDE[key]} | {"title": told[key], "alt": told[f"{key}_alt"].format(rows=chart["alt"])}


def _states(report: Report, tongue: Tongue) -> dict[str, Any]:
    names = list(tongue.words["states"].values())
    rows = [(tongue.types[name], _ends(tally)) for name, tally in report.by_type.items()]
    told = "; ".join(
        f"{label}: " + ", ".join(f"{count} {name}" for name, count in zip(names, counts, strict=True) if count)
        for label, counts in rows
    )
    return {"key": "states", "alt": told, "legend": names, "rows": rows, "most": max(sum(c) for _, c in rows)}


def _ends(tally: Tally) -> list[int]:
    """In the order of the states' words."""
    return [tally.on_time, tally.late, tally.open, tally.overdue]


def _days(answered: list[Line], tongue: Tongue) -> dict[str, Any]:
    slowest = sorted(answered, key=lambda line: (-(line.days / max(1, line.term)), line.case.radicado))[:MOST_BARS]
    rows = [
        {
            "label": f"{line.case.radicado} · {tongue.types[line.case.type.value]}",
            "days": line.days,
            "term": line.term,
            "state": line.state.value,
        }
        for line in slowest
    ]
    told = "; ".join(f"{row['label']}: {row['days']} / {row['term']}" for row in rows)
    legend = [tongue.words["states"]["on-time"], tongue.words["states"]["late"], tongue.words["term_mark"]]
    most = max(max(row["days"], row["term"]) for row in rows)
    return {"key": "days", "alt": told, "rows": rows, "legend": legend, "most": most}


def _trend(report: Report, tongue: Tongue) -> dict[str, Any]:
    rows = [
        (tongue.short_month(month), [tally.filed, tally.answered, tally.late + tally.overdue])
        for month, tally in report.trend
    ]
    names = [tongue.words["columns"]["filed"], tongue.words["columns"]["answered"], tongue.words["charts"]["bad"]]
    told = "; ".join(
        f"{label}: " + ", ".join(f"{name} {n}" for name, n in zip(names, counts, strict=True)) for label, counts in rows
    )
    return {"key": "trend", "alt": told, "legend": names, "rows": rows, "most": max(max(c) for _, c in rows) or 1}
