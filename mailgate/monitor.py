"""What a machine asks about the service: ``/healthz``, ``/readyz`` and Prometheus ``/metrics`` on a small HTTP port.

``/healthz`` is 200 while every part runs (else start us anew), ``/readyz`` while the store serves as well (else send us
nothing). Off unless ``monitor.port`` is set; meant for loopback or an inner network: it tells figures and no words.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector

from mailgate import logs
from mailgate.errors import MailgateError, ServiceUnavailable
from mailgate.settings import Monitor, Settings
from mailgate.store import figures
from mailgate.store.base import answers, connection

FRESH_SECONDS = 5.0  # a scraper that asks more often gets the same figures

log = structlog.get_logger(__name__)


class Monitoring:
    """The HTTP port. ``faults`` names the parts that should run and do not. Raises ServiceUnavailable (port in use)."""

    def __init__(self, settings: Settings, faults: Callable[[], list[str]]) -> None:
        self._settings, self._faults, self._registry = settings.monitor, faults, metrics_of(settings)
        self._stopping = False
        self._server: ThreadingHTTPServer | None = None
        self._thread = threading.Thread(target=self._run, name="monitor", daemon=True)
        self.port = 0

    def start(self) -> None:
        one: Monitor = self._settings
        answering = type("Answering", (_Answering,), {"monitoring": self})
        try:
            self._server = ThreadingHTTPServer((one.host, one.port), answering)
        except OSError as error:
            told = error.strerror or error
            raise ServiceUnavailable(f"cannot listen on {one.host}:{one.port} (monitor): {told}") from error
        self.port = int(self._server.server_address[1])
        self._thread.start()

    def leave(self) -> None:
        """Not ready any more: whoever balances the load looks elsewhere."""
        self._stopping = True

    def stop(self) -> None:
        self.leave()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        assert self._server is not None
        self._server.serve_forever(poll_interval=0.2)

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """(status, type, body) of a GET."""
        if path == "/metrics":
            return 200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(self._registry)
        faults = self._faults()
        if path == "/readyz" and not faults:
            faults = ["stopping"] if self._stopping else _store_faults()
        if path not in ("/healthz", "/readyz"):
            return 404, "text/plain", b"/healthz /readyz /metrics\n"
        return (503 if faults else 200), "text/plain; charset=utf-8", ("; ".join(faults) or "ok").encode() + b"\n"


def _store_faults() -> list[str]:
    try:
        with connection():
            answers()
    except MailgateError as error:
        return [str(error)]
    return []


class _Answering(BaseHTTPRequestHandler):
    monitoring: Monitoring
    timeout = 5.0  # of a client that says nothing
    server_version, sys_version = "mailgate", ""

    def do_GET(self) -> None:  # http.server's word
        status, kind, body = self.monitoring.answer(self.path.partition("?")[0])
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Scrapes are no news."""


def metrics_of(settings: Settings) -> CollectorRegistry:
    """The metrics of this process, and those of the whole desk that it can read from the store."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(_Desk(settings))
    registry.register(_Events())
    return registry


class _Events:
    """What this process has done, counted from its log."""

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        family = CounterMetricFamily("mailgate_events", "Events of this process.", labels=["event", "outcome"])
        for (event, outcome), number in sorted(logs.counted().items()):
            family.add_metric([event, outcome], number)
        yield family


class _Desk:
    """Figures of the store, asked when a scraper asks."""

    def __init__(self, settings: Settings) -> None:
        self._zone = ZoneInfo(settings.desk.timezone)
        self._lock = threading.Lock()
        self._last: tuple[float, list[Metric]] = (float("-inf"), [])

    def describe(self) -> list[Metric]:
        return []  # so that registering asks nothing

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if time.monotonic() - self._last[0] > FRESH_SECONDS:
                self._last = (time.monotonic(), self._ask())
            yield from self._last[1]

    def _ask(self) -> list[Metric]:
        now = datetime.now(UTC)
        try:
            with connection():
                seen = figures.gather(now, now.astimezone(self._zone).date())
        except MailgateError as error:
            log.info("no figures", error=str(error))
            return [_gauge("mailgate_store_up", "Whether the store serves.", 0)]
        return [
            _gauge("mailgate_store_up", "Whether the store serves.", 1),
            _by("mailgate_mails", "Mails seen, by what became of them.", "outcome", seen.outcomes),
            _by("mailgate_letters", "Letters, by state.", "state", seen.letters),
            _by("mailgate_tickets", "Tickets, by status.", "status", seen.tickets),
            _gauge("mailgate_oldest_mail_seconds", "How long the oldest due mail waits.", seen.oldest_mail),
            _gauge("mailgate_oldest_letter_seconds", "How long the oldest due letter waits.", seen.oldest_letter),
            _gauge("mailgate_quarantined", "Mails in quarantine.", seen.quarantined),
            _gauge("mailgate_quarantined_bytes", "Their size.", seen.quarantined_bytes),
            _gauge("mailgate_unexplained", "Mails without an outcome that do not wait: must be 0.", seen.unexplained),
            _gauge("mailgate_pqrs_open", "PQRS without their answer.", seen.pqrs_open),
            _gauge("mailgate_pqrs_overdue", "Those whose term is over.", seen.pqrs_overdue),
        ]


def _gauge(name: str, help: str, value: Any) -> Metric:  # noqa: A002  # prometheus's word
    number = value.total_seconds() if hasattr(value, "total_seconds") else float(value)
    return GaugeMetricFamily(name, help, value=number)


def _by(name: str, help: str, label: str, values: dict[str, int]) -> Metric:  # noqa: A002
    family = GaugeMetricFamily(name, help, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
