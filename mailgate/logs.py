"""How the service logs: one line an event on stderr, for people at a terminal, as JSON elsewhere.

A traceback is told without the values of variables: they would be people's mails and passwords.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections import Counter
from collections.abc import MutableMapping
from json import JSONEncoder
from typing import Any

import structlog

from mailgate.visible import visible

__all__ = ["configure", "counted", "harmless_values", "visible"]

_counts: Counter[tuple[str, str]] = Counter()
_counting = threading.Lock()


def counted() -> dict[tuple[str, str], int]:
    """How often each event was logged since the start, by (event, outcome): for metrics."""
    with _counting:
        return dict(_counts)


def _count(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    with _counting:
        _counts[(str(event.get("event", "")), str(event.get("outcome") or event.get("level") or ""))] += 1
    return event


def configure(*, level: str = "info", json: bool | None = None) -> None:
    """Set up structlog for this process; ``json`` None: JSON unless stderr is a terminal."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _count,
        harmless_values,
    ]
    if not sys.stderr.isatty() if json is None else json:
        last: list[structlog.typing.Processor] = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_written),
        ]
    else:
        last = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    # aiosmtpd logs every command at INFO, imapclient what it sends at DEBUG: neither is for our log.
    for noisy in ("mail.log", "mail.debug", "imapclient"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # These tell of every odd mail that they read; what matters of it stands in the message's defects.
    for reader in ("mailparser", "flufl.bounce"):
        logging.getLogger(reader).setLevel(logging.CRITICAL)


_ENCODER = JSONEncoder(ensure_ascii=False, default=repr)  # made once: one a line costs as much as the line


def _written(event: structlog.typing.EventDict, **_: object) -> str:
    return _ENCODER.encode(event)


def harmless_values(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Addresses, names and replies in the log are others' words; a traceback (``exc_info``) is ours and comes later."""
    return {key: visible(value) if isinstance(value, str) else value for key, value in event.items()}
