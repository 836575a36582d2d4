"""A real browser for letters: Chromium without a screen, spoken to over a pipe (Chrome DevTools Protocol).

One browser, one page for all letters. It resolves no name, so that what a letter would fetch fails, and is told.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from typing import Any

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--disable-default-apps", "--disable-domain-reliability", "--no-pings",
    "--disable-features=OptimizationHints,MediaRouter,Translate", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--hide-scrollbars", "--force-color-profile=srgb",
)  # fmt: skip


class NoChromium(Exception):
    """There is none on this machine, or it does not start."""


class Page:
    """The one page. ``requests``: everything that it wanted to fetch since the last letter was shown."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._ids = itertools.count(1)
        self._buffer = bytearray()
        self.requests: list[str] = []
        self._session = ""
        target = self._say("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._say("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            self._say(f"{domain}.enable")
        self._frame = self._say("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def show(self, html: str) -> None:
        self.requests.clear()
        self._say("Page.setDocumentContent", frameId=self._frame, html=html)

    def look(self, *, width: int, dark: bool, height: int = 900) -> None:
        """How the reader's screen is."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._say("Emulation.setEmulatedMedia", features=[scheme])
        screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._say("Emulation.setDeviceMetricsOverride", **screen)

    def find(self, script: str) -> Any:
        """What an expression of JavaScript gives, as plain values."""
        told = self._say("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def picture(self) -> bytes:
        """The whole letter as a PNG."""
        told = self._say("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return base64.b64decode(told["data"])

    def _say(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            heard = self._hear()
            if heard.get("method") == "Network.requestWillBeSent":
                self.requests.append(heard["params"]["request"]["url"])
            if heard.get("id") == number:
                if "error" in heard:
                    raise RuntimeError(f"{method}: {heard['error']}")
                return heard["result"]

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = os.read(self._reading, 1 << 20)
            if not chunk:
                raise NoChromium("the browser has gone")
            self._buffer += chunk
        raw, _, rest = bytes(self._buffer).partition(b"\0")
        self._buffer = bytearray(rest)
        return json.loads(raw)


@contextlib.contextmanager
def running() -> Iterator[Page]:
    """A browser with its page. Raises NoChromium."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise NoChromium("there is no chromium on this machine")
    to_it, from_it = os.pipe(), os.pipe()
    ends = fcntl.fcntl(to_it[0], fcntl.F_DUPFD, 20), fcntl.fcntl(from_it[1], fcntl.F_DUPFD, 20)

    def its_ends() -> None:
        os.dup2(ends[0], 3)
        os.dup2(ends[1], 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = subprocess.Popen(
            [program, *OPTIONS, f"--user-data-dir={home}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": home}, preexec_fn=its_ends, pass_fds=(3, 4, *ends),
        )  # fmt: skip
        for end in (to_it[0], from_it[1], *ends):
            os.close(end)
        try:
            yield Page(from_it[0], to_it[1])
        finally:
            browser.terminate()
            browser.wait(timeout=30)
            os.close(to_it[1])
            os.close(from_it[0])
