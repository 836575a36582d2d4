"""A line of the log is one line of ours, whatever people put into what it tells."""

from __future__ import annotations

import io
import json

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from mailgate import logs

NASTY = "x\r\n2026-01-01 [error] forged\x1b[2J\x9b31m\u2028\u202eoiro\x07\0"


def _logged(value: str, *, json: bool) -> str:
    logs.configure(json=json)
    out = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=out))
    structlog.get_logger().info("smtp.put_off", peer=value)
    return out.getvalue()


@pytest.mark.parametrize("json", [True, False], ids=["json", "terminal"])
def test_an_address_cannot_write_a_line_nor_repaint_a_terminal(json: bool) -> None:
    told = _logged(NASTY, json=json)
    assert told.count("\n") == 1
    assert told.endswith("\n")
    shown = told if json else told.replace("\x1b[", "").rstrip("\n")  # our own colours
    assert not set(shown.rstrip("\n")) & set("\r\x9b\u2028\u202e\x07\0")
    assert "forged" in told, "it is told all the same"


@given(st.text(max_size=60))
def test_any_value_is_one_line(value: str) -> None:
    told = _logged(value, json=True)
    assert len(told.splitlines()) == 1
    assert json.loads(told)["peer"] == logs.visible(value)
